"""Published figures: what the two source documents print, which is not synthetic."""

from ui import nav
from ui.parts import frame, published

page = nav.framed()
published.standing(page)
published.verdict(page)

published.document(page, "sheet")
published.headline(page, "sheet")
published.sections(page, "sheet")

published.document(page, "deck")
published.headline(page, "deck")
published.countries(page)
published.named(page)

published.files(page)
frame.foot(page)

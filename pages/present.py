"""Present: the view of the map for a room, in large type and without filters."""

from ui import nav, shared
from ui.parts import frame, present, view

page = nav.framed(several=True, stage=True)
found = shared.shown(page.source, page.choice)

present.heading(page, found.measure)
view.notice(page, found)
present.steps(page)
present.stage(page, found)

frame.banner(page)
frame.foot(page)

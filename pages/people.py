"""People and methods: who is reported, how they were recruited and held, who called."""

from ui import nav, profiles
from ui.parts import downloads, frame, people

page = nav.framed()
found = profiles.found(page.source, page.choice)

people.heading(page)
people.controls(page)
people.totals(page, found)
people.section(page, found, "who")
people.section(page, found, "how")
people.section(page, found, "where")
people.callers(page, found)
downloads.link(page)

frame.foot(page)

"""Trends: how many cases were reported by year or quarter, with gaps drawn as gaps."""

from ui import nav
from ui.parts import downloads, frame, trends

page = nav.framed()
trends.heading(page)
trends.filters(page)

with trends.body():
    trends.asked(page)
    trends.notice(page)
    trends.chart(page)
    trends.breaks(page)
    trends.table(page)
    trends.files(page)
    downloads.link(page)

frame.foot(page)

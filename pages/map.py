"""Map: where cases were reported, by layer, place and filter."""

import streamlit as st

from ui import nav, shared
from ui.parts import downloads, frame, present, view

page = nav.framed(several=True)
found = shared.shown(page.source, page.choice)
with st.container(horizontal=True, key="title-row"):
    view.heading(page, found.measure)
    view.find(page, found)
view.filters(page)
view.notice(page, found)

map_side, table_side = st.columns([0.68, 0.32], gap="medium")
with map_side:
    view.map_and_legend(page, found)
with table_side:
    view.place(page)
    view.totals(page, found)
    view.ranking(page)
    view.downloads(page, found)
    downloads.link(page)
    present.link(page)

frame.foot(page)

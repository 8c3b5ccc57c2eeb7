"""Map: where cases were reported, by layer, place and filter."""

import streamlit as st

from ui import lookup, nav, parts

page = nav.framed()
parts.heading(page)
parts.filters(page)

found = lookup.shown(page.source, page.choice)
parts.notice(page, found)

map_side, table_side = st.columns([0.68, 0.32], gap="medium")
with map_side:
    parts.map_and_legend(page, found)
with table_side:
    parts.place(page)
    parts.totals(page, found)
    parts.ranking(page, found)
    parts.downloads(page, found)

parts.foot(page)

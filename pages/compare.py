"""Compare: three layers, two periods, or where two layers overlap, side by side."""

import streamlit as st

from ui import compare as lookup
from ui import nav
from ui.parts import compare, downloads, frame

page = nav.framed()
seen = lookup.compared(page.source, page.choice)

compare.heading(page)
compare.controls(page, seen)
compare.notice(page, seen)
compare.map_and_legend(page, seen)

numbers_side, table_side = st.columns([0.5, 0.5], gap="large")
with numbers_side:
    compare.place(page, seen)
    compare.totals(page, seen)
    compare.crosstab(page, seen)
with table_side:
    compare.table(page, seen)
    compare.download(page, seen)
    downloads.link(page)

frame.foot(page)

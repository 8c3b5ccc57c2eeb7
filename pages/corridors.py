"""Corridors: from the state of recruitment to the state of exploitation."""

import streamlit as st

from ui import corridors as lookup
from ui import nav
from ui.parts import corridors, downloads, frame

page = nav.framed()
found = lookup.found(page.source, page.choice)

corridors.heading(page)
corridors.controls(page, found)
corridors.absent(page, found)

drawing_side, table_side = st.columns([0.62, 0.38], gap="medium")
with drawing_side:
    corridors.drawing(page, found)
with table_side:
    corridors.ranking(page, found)
    corridors.files(page, found)
    downloads.link(page)
corridors.entries(page)

frame.foot(page)

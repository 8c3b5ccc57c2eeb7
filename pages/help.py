"""Help and about: help numbers, how to read, what Mosaico is, what becomes of data."""

import streamlit as st

from ui import nav
from ui.parts import frame, help

page = nav.framed()
help.heading(page)

reading_side, about_side, data_side = st.columns(3, gap="large")
with reading_side:
    help.prose(page, "reading")
with about_side:
    help.prose(page, "about")
with data_side:
    help.prose(page, "data")

frame.foot(page)

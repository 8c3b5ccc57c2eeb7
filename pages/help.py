"""Help and about: help numbers, how to read, what Mosaico is, what becomes of data."""

import streamlit as st

from ui import nav
from ui.parts import frame, help

page = nav.framed()
help.heading(page)

reading_side, about_side = st.columns(2, gap="large")
with reading_side:
    help.prose(page, "reading")
    help.prose(page, "data")
with about_side:
    help.prose(page, "about")

frame.foot(page)

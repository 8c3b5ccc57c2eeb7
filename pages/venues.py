"""Venue profiles: how each mission layer works, and its numbers in the release."""

import streamlit as st

from ui import nav, profile
from ui.parts import downloads, frame, venues

page = nav.framed()
venues.heading(page)

found = profile.profile(page.source, page.choice)
text_side, number_side = st.columns([0.52, 0.48], gap="large")
with text_side:
    venues.model(page, found)
with number_side:
    venues.numbers(page, found)
    venues.files(page, found)
    downloads.link(page)

frame.foot(page)

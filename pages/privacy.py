"""Privacy: the promise, the receipt of the release, its columns and its files."""

import streamlit as st

from ui import nav
from ui.parts import frame, privacy

page = nav.framed()
text_side, receipt_side = st.columns([0.5, 0.5], gap="large")
with text_side:
    privacy.promise(page)
    privacy.dictionary(page)
    privacy.denominators(page)
    privacy.release_files(page)
with receipt_side:
    privacy.receipt(page)

frame.foot(page)

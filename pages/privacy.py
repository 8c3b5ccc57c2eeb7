"""Privacy: the promise, the receipt of the release, its columns and its files."""

import streamlit as st

from ui import nav, parts

page = nav.framed()
text_side, receipt_side = st.columns([0.5, 0.5], gap="large")
with text_side:
    parts.promise(page)
    parts.dictionary(page)
    parts.release_files(page)
with receipt_side:
    parts.receipt(page)

parts.foot(page)

"""Mosaico's dashboard: page configuration and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from ui import nav

st.set_page_config(
    page_title="Mosaico",
    page_icon=str(Path(__file__).parent / "ui" / "assets" / "icon.png"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.navigation(nav.pages(), position="hidden").run()

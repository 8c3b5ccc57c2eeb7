"""Mosaico's dashboard: navigation and page configuration, nothing else."""

from pathlib import Path

import streamlit as st

from ui import nav

page = st.navigation(nav.pages(), position="hidden")
st.set_page_config(
    page_title=f"{page.title} · Mosaico",
    page_icon=str(Path(__file__).parent / "ui" / "assets" / "icon.png"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
page.run()

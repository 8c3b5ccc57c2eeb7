"""The frame of every page: which pages there are, the top row, the banner."""

from __future__ import annotations

import streamlit as st

from geo.model import ReleaseError
from ui import load, state
from ui.i18n import texts
from ui.parts import frame

PAGES = {
    "map": "pages/map.py",
    "compare": "pages/compare.py",
    "trends": "pages/trends.py",
    "corridors": "pages/corridors.py",
    "people": "pages/people.py",
    "venues": "pages/venues.py",
    "published": "pages/published.py",
    "present": "pages/present.py",
    "privacy": "pages/privacy.py",
    "help": "pages/help.py",
}
UNLISTED = ("present",)  # opened from the map, whose view it shows


def pages() -> list:
    """Pages of the application, titled in the language of the address."""
    t = texts(state.language())
    return [
        st.Page(path, title=t(f"page.{name}"), url_path=name, default=name == "map")
        for name, path in PAGES.items()
    ]


def framed(several: bool = False, stage: bool = False) -> state.Page:
    """Draw what every page begins with, and return what it shows from.

    A page that adds up `several` periods says so; to another the block's total is shown. A
    `stage` is for a room: it has no links, and says its own banner where it has room.

    Where no release may be shown, say why and stop.
    """
    frame.style()
    try:
        if not load.listings():
            frame.no_release(state.language())
            st.stop()
        page = state.current(several)
    except ReleaseError:
        frame.no_release(state.language())
        st.stop()
    if not stage:
        _top(page)
        frame.banner(page)
    return page


def _top(page: state.Page) -> None:
    kept = state.kept(page)
    with st.container(key="top"):
        with st.container(horizontal=True, key="masthead", vertical_alignment="center"):
            frame.quick_exit(page.t)  # the first to be reached by key; drawn at the right
            frame.brand(page)
            st.space("stretch")
            frame.release_switch(page)
            frame.language_switch(page)
            frame.account(page.t)
        with st.container(horizontal=True, key="nav"):
            for name, path in PAGES.items():
                if name not in UNLISTED:
                    st.page_link(path, label=page.t(f"page.{name}"), query_params=kept)

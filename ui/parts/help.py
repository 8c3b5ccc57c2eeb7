"""Help and about page: prose, with the numbers and names that the release and settings give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui import export, load

if TYPE_CHECKING:
    from ui.state import Page


def heading(page: Page) -> None:
    """Title of the page."""
    st.title(page.t("page.help"), anchor=False)


def prose(page: Page, name: str) -> None:
    """One part of the page, of ``texts/<lang>/help_<name>.md``."""
    manifest, t = page.source.release.manifest, page.t
    values = {
        "k": page.source.k,
        "keys": t("map.keys"),
        "citation": manifest["citation"][t.lang],
        "release": manifest["id"],
        "licence": manifest["licence"],
        **export.numbers(load.settings()["help"]),
    }
    with st.container(key=f"prose-{name}"):
        st.markdown(t.page(f"help_{name}").format(**values))

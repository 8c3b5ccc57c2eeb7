"""Files of what a page shows, and the address that opens it again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from ui import export, state
from ui.parts import frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ui.export.sheets import Sheet
    from ui.state import Page

MIMES = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "png": "image/png",
    "svg": "image/svg+xml",
}
PICTURES = ("png", "svg")


def files(
    page: Page, stem: str, makers: Mapping[str, Callable], name: str = "", *, disabled: bool = False
) -> None:
    """Buttons of files that are made when asked for.

    Parameters
    ----------
    stem : str
        Name of the files without an ending.
    makers : mapping of str to callable
        What makes the content, by ending.
    name : str
        Of one chart among several.
    """
    key = f"downloads-{name}" if name else "downloads"
    with st.container(horizontal=True, key=key):
        for ending, make in makers.items():
            st.download_button(
                page.t(f"download.{ending}"),
                make,
                file_name=f"{stem}.{ending}",
                mime=MIMES[ending],
                key=f"download-{ending}-{name}" if name else f"download-{ending}",
                on_click="ignore",
                disabled=disabled,
            )


def charts(page: Page, sheet: Callable[[], Sheet]) -> dict[str, Callable[[], bytes]]:
    """What makes the pictures of a sheet, by ending: the sheet too only when asked for."""
    return {ending: partial(_drawn, sheet, ending, page) for ending in PICTURES}


def _drawn(sheet: Callable[[], Sheet], ending: str, page: Page) -> bytes:
    return export.as_charts(sheet(), ending, page.t)


def link(page: Page) -> None:
    """Full address of the view, to be copied and passed on."""
    draw = frame.component(
        "link",
        '<div class="link"><label for="mosaico-link"></label>'
        '<input id="mosaico-link" type="text" readonly>'
        '<button type="button"></button><p class="told" role="status"></p></div>',
    )
    texts = {name: page.t(f"link.{name}") for name in ("label", "copy", "copied", "by_hand")}
    address = state.link(st.context.url or "", page.choice, page.source.offered)
    draw(data={**texts, "address": address}, key="link")

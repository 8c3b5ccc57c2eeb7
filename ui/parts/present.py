"""Present: one view of the map for a room, without filters; the keys step through the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit_folium import st_folium

from ui import load, maps, present, shared, state, words
from ui.parts import frame, view

if TYPE_CHECKING:
    from ui.lookup import Shown
    from ui.state import Page

STAGE = "present"
MAP_PAGE, PRESENT_PAGE = "pages/map.py", "pages/present.py"


def link(page: Page) -> None:
    """Link from the map to its view for a room."""
    with st.container(key="present-open"):
        st.page_link(PRESENT_PAGE, label=page.t("present.open"), query_params=state.kept(page))


def heading(page: Page, measure: str) -> None:
    """Question, the view in one line, the way back, and the quick exit."""
    st.html(load.ASSETS / "present.css")
    with st.container(horizontal=True, key="present-top", vertical_alignment="center"):
        frame.quick_exit(page.t)
        st.title(page.t("map.question"), anchor=False, width="content")
        st.markdown(words.described(page.source, page.choice, page.t, measure), width="content")
        st.space("stretch")
        with st.container(key="present-back", width="content"):
            kept = state.kept(page)
            st.page_link(MAP_PAGE, label=page.t("present.back"), query_params=kept)


def stage(page: Page, found: Shown) -> None:
    """Map with its legend, as large as the window lets it be; nothing on it needs a pointer."""
    painted = shared.values(page.source, page.choice, view.hexes(page), page.t)
    legend = maps.legend(page.choice.layers, page.source, page.t, found.measure, found.clustered)
    told = {"unplaced": present.unplaced(found, page.t)}
    alone = maps.alone(maps.marked(legend, found.measure), told, page.t)
    painted |= {"legend": alone, "still": True}
    st_folium(
        maps.base(load.served()),
        key="present-map",
        feature_group_to_add=maps.painted(painted),
        returned_objects=[],
        use_container_width=True,
        height=view.MAP_HEIGHT,
    )
    view.shapes(page)
    view.method(page, found)


def steps(page: Page) -> None:
    """Which layer this is, the buttons before and after it, and the keys that do the same."""
    t, offered = page.t, page.source.offered
    at = present.position(page.choice, offered)
    draw = frame.component(
        STAGE,
        '<nav class="present"><button type="button" data-step="previous"></button>'
        '<p role="status"></p><button type="button" data-step="next"></button>'
        '<p class="keys"></p></nav>',
    )
    data = {name: _layer(page, name) for name in present.STEPS}
    shown = words.layers(page.choice, t)
    if at is not None:
        shown = t("present.at", layer=shown, number=at + 1, of=len(offered.layers))
    data |= {"shown": shown, "keys": t("present.keys"), "label": t("present.label")}
    draw(data=data, key=STAGE, on_stepped_change=lambda: state.step(page, STAGE))


def _layer(page: Page, step: str) -> str:
    """Words of the button that leads a step on."""
    near = present.stepped(page.choice, page.source.offered, step)
    return page.t(f"present.{step}", layer=words.layers(near, page.t))

"""Corridors page: arcs between states, their table, and what is said where there are none."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from geo import release
from geo.model import ALL
from ui import corridors, load, state, tables, words
from ui.choice import address
from ui.export import sheets
from ui.figures import corridors as charts
from ui.parts import downloads, frame, people

if TYPE_CHECKING:
    from ui.corridors import Corridors
    from ui.state import Page

DRAWING, STATE = "corridors", "corridor-state"
ANY = "corridors.all_states"
BESIDE = ("map", "people")  # pages that tell what is nearest to a corridor


def heading(page: Page) -> None:
    """Question that the page answers, and what it shows in one line."""
    period = words.value(page.source, "period", ALL, page.t)
    shown = [page.t("corridors.line"), words.unit(page.source, page.t), period]
    with st.container(horizontal=True, key="heading"):
        st.title(page.t("corridors.question"), anchor=False, width="content")
        st.markdown(" · ".join(shown), width="content")


def controls(page: Page, found: Corridors) -> None:
    """Country of exploitation, and one state whose corridors alone are shown."""
    if found.nothing:
        return
    with st.container(horizontal=True, key="filters"):
        people.country(page)
        at = corridors.chosen(page.choice)
        named = sorted(found.states, key=lambda code: words.place(page.source, code, page.t))
        st.selectbox(
            page.t("corridors.state"),
            ["", *named],
            format_func=lambda code: page.t.code("origin", code) if code else page.t(ANY),
            key=state.seed(STATE, at if at in found.states else ""),
            on_change=lambda: state.pick(page, st.session_state[STATE]),
            disabled=not named,
            width=260,
        )


def drawing(page: Page, found: Corridors) -> None:
    """Arcs over the outlines of the states, or that no corridor from state to state is shown."""
    if found.nothing:
        return
    if found.arcs.empty:
        st.info(page.t("corridors.no_arcs", k=page.source.k))
    draw = frame.component("corridors")
    draw(
        data=charts.drawn(page.source, page.choice, found, page.t),
        key=DRAWING,
        on_picked_change=lambda: state.row(page, DRAWING),
    )


def ranking(page: Page, found: Corridors) -> None:
    """Tables: from state to state, and from state to country."""
    if found.nothing:
        return
    if not found.arcs.empty:
        _table(page, "pairs", charts.ranking(page.source, page.choice, found, page.t))
    _table(page, "origins", charts.by_country(page.source, page.choice, found, page.t))
    st.caption(page.t("corridors.several"))


def files(page: Page, found: Corridors) -> None:
    """The corridors shown, and their drawing, as files."""
    if found.nothing:
        return
    asked = page.source, page.choice, found, page.t
    makers = {"csv": partial(tables.corridors_csv, *asked)}
    makers |= downloads.charts(page, partial(sheets.of_corridors, *asked))
    downloads.files(page, tables.corridors_file(page.source, page.choice, found), makers)


def _table(page: Page, key: str, data: dict) -> None:
    draw = frame.component("ranking")
    draw(data=data, key=key, on_picked_change=lambda: state.row(page, key))


def absent(page: Page, found: Corridors) -> None:
    """Why a release has no corridors, what it would need, and where there are some."""
    if not found.nothing:
        return
    with st.container(border=True, key="notice"):
        key = "corridors.nothing" if found.released else "corridors.not_released"
        st.markdown(page.t(key, k=page.source.k))
        st.markdown(page.t("corridors.needed", k=page.source.k))
        others = [one for one in load.listings() if _has(one) and one.title]
        st.markdown(page.t("corridors.elsewhere" if others else "corridors.nowhere"))
        for one in others:
            chosen = replace(page.choice, release=one.folder.name, place="")
            st.button(
                one.title[page.t.lang],
                key=f"other-{one.folder.name}",
                on_click=state.go,
                args=(chosen, page.source.offered),
            )
        kept = address(page.choice, page.source.offered)
        with st.container(horizontal=True):
            for name in BESIDE:
                st.page_link(f"pages/{name}.py", label=page.t(f"page.{name}"), query_params=kept)


def _has(one: release.Listing) -> bool:
    return all((one.folder / name).is_file() for name in release.DETAIL_FILES["corridors"])


def entries(page: Page) -> None:
    """That points of entry are in no release yet, and what they would need."""
    st.header(page.t("corridors.entries"), anchor=False)
    st.markdown(page.t("corridors.entries_none"))

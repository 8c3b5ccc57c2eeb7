"""Venue profiles page: how a layer works, in words, beside its own numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from geo import vocab
from geo.model import ALL, COUNTRIES
from ui import figures, profile, state, tables, words
from ui.choice import address
from ui.export import sheets
from ui.figures import venues as drawn
from ui.parts import downloads
from ui.parts.view import chart

if TYPE_CHECKING:
    import pandas as pd

    from ui.profile import Profile
    from ui.state import Page

SHOWN = "profile"
MAP_PAGE = "pages/map.py"


def heading(page: Page) -> None:
    """Title, and which of the three layers."""
    t = page.t
    with st.container(key="title"):
        st.title(t("venues.title"), anchor=False)
    st.markdown(t("venues.intro"))
    st.segmented_control(
        t("filter.layers"),
        vocab.load().layers,
        format_func=lambda code: t.code("venue", code),
        key=state.seed(SHOWN, profile.code(page.choice)),
        on_change=state.one_layer,
        args=(page, SHOWN),
        label_visibility="collapsed",
    )


def model(page: Page, found: Profile) -> None:
    """Operational model as the deck describes it, with its source."""
    venue = found.layer.venue
    st.header(page.t.code("venue", venue), anchor=False)
    with st.container(key="model"):
        st.markdown(page.t.page(f"venue_{venue}"))
    st.caption(page.t("venues.source"))


def numbers(page: Page, found: Profile) -> None:
    """Layer's totals by country, overlap, states and years; a link to its map."""
    t = page.t
    with st.container(border=True, key="numbers"):
        st.subheader(t("venues.numbers"), anchor=False)
        st.caption(
            t("venues.release", title=page.source.title[t.lang], period=page.source.blocks[ALL])
        )
        _totals(page, found)
        _overlap(page, found)
        st.page_link(
            MAP_PAGE,
            label=t("venues.map", layer=t.code("venue", found.layer.venue)),
            query_params=address(found.choice, page.source.offered),
        )
        _states(page, found)
        _years(page, found)
        st.caption(t("mark.hidden", k=page.source.k))


def files(page: Page, found: Profile) -> None:
    """Numbers of the layer, and their charts, as files."""
    asked = page.source, found, page.t
    makers = {"csv": partial(tables.venue_csv, *asked)}
    makers |= downloads.charts(page, partial(sheets.of_venue, *asked))
    stem = tables.file_name(page.source, found.choice, f"profile_{found.layer.venue}")
    downloads.files(page, stem, makers)


def _totals(page: Page, found: Profile) -> None:
    with st.container(key="totals"):
        for column, place in zip(st.columns(3), (ALL, *COUNTRIES), strict=True):
            count = _count(page, found.layer.totals, place)
            column.markdown(page.t("venues.total", count=count, place=page.t(f"place.{place}")))


def _count(page: Page, counts: pd.Series, place: str) -> str:
    """Published count of a place, or the one mark; a country that is not covered says so."""
    t = page.t
    if place in COUNTRIES and place not in page.source.covered:
        return t("mark.uncovered")
    if place not in counts.index:
        return t("rank.hidden")
    return t("venues.count", count=int(counts[place]), unit=words.unit(page.source, t))


def _overlap(page: Page, found: Profile) -> None:
    t = page.t
    if found.both is None:
        return
    st.markdown(t("venues.both", count=_count(page, found.both, ALL)))
    st.caption(t("venues.both.note"))


def _states(page: Page, found: Profile) -> None:
    t = page.t
    st.markdown(t("venues.states", unit=words.unit(page.source, t)))
    if found.states.empty:
        st.caption(t("venues.no_states", k=page.source.k))
        return
    chart(drawn.states(page.source, found.states, t), "profile-states")
    with st.expander(t("venues.table")):
        twin = drawn.rows(page.source, found.states, "place", t)
        st.table(twin, border="horizontal", hide_index=True)
    st.caption(t("venues.states.note"))


def _years(page: Page, found: Profile) -> None:
    t = page.t
    st.markdown(f"**{t('place.over_time')}**")
    if found.years.columns.empty or found.years.isna().all(axis=None):
        st.caption(t("venues.no_years"))
        return
    chart(figures.over_time(found.years, t), "profile-years")
    with st.expander(t("venues.table")):
        twin = drawn.rows(page.source, found.years, "period", t)
        st.table(twin, border="horizontal", hide_index=True)
    st.caption(t("place.gap"))

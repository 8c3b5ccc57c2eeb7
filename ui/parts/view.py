"""One view of a release: its filters, map, numbers, opened place and files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
from streamlit_folium import st_folium

from geo.model import ALL
from ui import export, figures, load, lookup, maps, state, words
from ui.choice import FILTERS, LEVELS
from ui.parts.frame import asset

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from ui.lookup import Shown
    from ui.state import Page

VIEW_FILES = {
    "csv": (export.as_csv, "text/csv"),
    "geojson": (export.as_geojson, "application/geo+json"),
    "png": (export.as_png, "image/png"),
    "svg": (export.as_svg, "image/svg+xml"),
}
MAP_HEIGHT = 640  # before the style sheet knows the window


def heading(page: Page) -> None:
    """Question that the page answers, and the view in one line."""
    with st.container(horizontal=True, key="heading"):
        st.title(page.t("map.question"), anchor=False, width="content")
        st.markdown(words.described(page.source, page.choice, page.t), width="content")


def filters(page: Page) -> None:
    """Layers, level, period, nationality and type: only what the release has published."""
    with st.container(horizontal=True, key="filters"):
        st.pills(
            page.t("filter.layers"),
            page.source.offered.layers,
            selection_mode="multi",
            format_func=lambda code: page.t.code("venue", code),
            key=state.seed("layers", list(page.choice.layers)),
            on_change=state.change,
            args=(page, "layers"),
        )
        st.selectbox(
            page.t("filter.level"),
            LEVELS,
            format_func=lambda level: page.t(f"level.{level}"),
            key=state.seed("level", page.choice.level),
            on_change=state.change,
            args=(page, "level"),
            width=175,
        )
        for name in FILTERS:
            _filter(page, name)


def _filter(page: Page, name: str) -> None:
    options = sorted(
        page.source.offered.filters[name],
        key=lambda code: (code == "unknown", words.value(page.source, name, code, page.t)),
    )
    st.selectbox(
        page.t(f"filter.{name}").capitalize(),
        [ALL, *options],
        format_func=lambda code: words.value(page.source, name, code, page.t),
        key=state.seed(name, getattr(page.choice, name)),
        on_change=state.change,
        args=(page, name),
        disabled=not options,
        width=175,
    )


def notice(page: Page, found: Shown) -> None:
    """Why a combination shows nothing, or not everything, and the nearest that does."""
    with st.container():  # always there: see banner
        _notice(page, found)


def _notice(page: Page, found: Shown) -> None:
    t = page.t
    values = {
        "levels": words.listed([words.level(level, t) for level in found.refused], t),
        "dims": words.broken_down(page.choice, t),
        "k": page.source.k,
    }
    if found.levels and not found.nothing:
        if found.refused:
            st.caption(t("notice.partly", **values))
        return
    with st.container(border=True, key="notice"):
        st.markdown(t("notice.nothing" if found.levels else "notice.refused", **values))
        with st.container(horizontal=True):
            for number, near in enumerate(lookup.nearest(page.source, page.choice)):
                st.button(
                    words.step(page.choice, near, t),
                    key=f"near-{number}",
                    on_click=state.go,
                    args=(near, page.source.offered),
                )


def map_and_legend(page: Page, found: Shown) -> None:
    """Map: a constant base, and values painted on it."""
    values = maps.values(page.source, page.choice, found, load.hexes(page.source), page.t)
    st_folium(
        maps.base(load.served()),
        key=state.MAP,
        feature_group_to_add=maps.painted(values),
        returned_objects=["last_clicked"],
        use_container_width=True,
        height=MAP_HEIGHT,
        on_change=lambda: state.click(page, found),
    )
    with st.container(key=f"panels-{len(found.layers)}"):
        st.caption(page.t("map.alternative"))


def totals(page: Page, found: Shown) -> None:
    """Totals of the view for each layer, or that its total is not published."""
    t = page.t
    with st.container(key="totals"):
        for layer in found.layers if found.levels else ():
            name = t.code("venue", layer.venue)
            if ALL not in layer.totals.index:
                st.markdown(t("totals.hidden", layer=name, mark=t("rank.hidden")))
                continue
            parts = [
                t("totals.part", place=t(f"place.{code}"), count=int(layer.totals[code]))
                for code in ("US", "MX")
                if code in layer.totals.index
            ]
            st.markdown(
                t(
                    "totals.line",
                    count=int(layer.totals[ALL]),
                    layer=name,
                    parts=" · ".join(parts),
                )
            )


def ranking(page: Page, found: Shown) -> None:
    """Ranked table, with bars for places not known; a row opens its place."""
    draw = st.components.v2.component(
        "mosaico.ranking",
        html='<div class="ranking"></div>',
        css=asset("ranking.css"),
        js=asset("ranking.js"),
    )
    draw(
        data=figures.ranking(page.source, page.choice, found, page.t),
        key="ranking",
        on_picked_change=lambda: state.row(page, "ranking"),
    )


def place(page: Page) -> None:
    """Place that was opened: its numbers for this view, over time, and by venue."""
    source, choice, t = page.source, page.choice, page.t
    if not choice.place:
        return
    with st.container(key="place"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(words.place(source, choice.place, t), anchor=False)
            st.button(t("place.close"), key="close", on_click=state.pick, args=(page, ""))
        for venue in choice.layers:
            count = lookup.total(source, choice, venue, choice.place)
            text = t("rank.hidden") if count is None else _counted(page, count)
            st.markdown(f"{t.code('venue', venue)}: **{text}**")
        _over_time(page)
        _by_venue(page)


def _counted(page: Page, count: int) -> str:
    return page.t("place.count", count=count, unit=words.unit(page.source, page.t))


def _over_time(page: Page) -> None:
    table = lookup.over_time(page.source, page.choice, page.choice.place)
    st.markdown(f"**{page.t('place.over_time')}**")
    if table.columns.empty:
        st.caption(page.t("place.years_refused"))
        return
    if table.isna().all(axis=None):
        st.caption(page.t("place.no_years"))
        return
    chart(figures.over_time(table, page.t), "over-time")
    st.caption(page.t("place.gap"))


def _by_venue(page: Page) -> None:
    counts = lookup.by_venue(page.source, page.choice, page.choice.place)
    st.markdown(f"**{page.t('place.by_venue')}**")
    if counts is None or counts.empty:
        st.caption(page.t("place.venues_refused" if counts is None else "place.no_venues"))
        return
    chart(figures.by_venue(counts, page.t), "by-venue")
    st.caption(page.t("place.several"))


def chart(figure: go.Figure, key: str) -> None:
    """Chart without its tool bar."""
    st.plotly_chart(figure, theme=None, config=figures.CONFIG, key=key)


def downloads(page: Page, found: Shown) -> None:
    """Files of the view, made when asked for."""
    with st.container(horizontal=True, key="downloads"):
        for ending, (make, mime) in VIEW_FILES.items():
            st.download_button(
                page.t(f"download.{ending}"),
                partial(make, page.source, page.choice, found, page.t),
                file_name=export.file_name(page.source, page.choice, ending),
                mime=mime,
                key=f"download-{ending}",
                on_click="ignore",
            )


def link(page: Page) -> None:
    """Full address of the view, to be copied and passed on."""
    st.caption(page.t("download.link"))
    st.code(
        state.link(st.context.url or "", page.choice, page.source.offered),
        language=None,
        wrap_lines=True,
    )

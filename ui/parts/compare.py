"""The page that compares: its controls, maps, tables, changes and files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
from streamlit_folium import st_folium

from geo.model import ALL
from ui import compare, load, maps, state, words
from ui.choice import COMPARED, FILTERS, LEVELS
from ui.figures import compare as figures
from ui.parts import downloads, frame, view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.compare import Compared
    from ui.state import Page

CONTROLS = {
    "layers": ("level", *FILTERS),
    "periods": ("level", "nationality", "trafficking_type"),
    "overlap": FILTERS,
}
WIDTH = 150  # pixels of a list: seven controls in one row of a laptop


def heading(page: Page) -> None:
    """Question that the page answers."""
    with st.container(horizontal=True, key="heading"):
        st.title(page.t("compare.question"), anchor=False, width="content")


def controls(page: Page, seen: Compared) -> None:
    """What is compared, and the filters that this way of comparing leaves open."""
    with st.container(horizontal=True, key="filters"):
        st.segmented_control(
            page.t("compare.mode"),
            COMPARED,
            format_func=lambda code: page.t(f"compare.mode.{code}"),
            key=state.seed("compare", page.choice.compare),
            on_change=state.change,
            args=(page, "compare"),
        )
        if seen.pair:
            _layer(page, seen)
            _pair(page, seen)
        for name in CONTROLS[page.choice.compare]:
            _filter(page, name)


def _layer(page: Page, seen: Compared) -> None:
    st.selectbox(
        page.t("compare.layer"),
        page.source.offered.layers,
        format_func=lambda code: page.t.code("venue", code),
        key=state.seed("layer", seen.choice.layers[0]),
        on_change=state.only,
        args=(page, "layer"),
        width=180,
    )


def _pair(page: Page, seen: Compared) -> None:
    offered = [ALL, *page.source.offered.filters["period"]]
    for name, code in zip(("earlier", "later"), seen.pair, strict=True):
        _list(
            page,
            name,
            page.t(f"compare.{name}"),
            offered,
            code,
            lambda period: figures.period(page.source, period, page.t),
            (state.between, (page, "earlier", "later")),
        )


def _filter(page: Page, name: str) -> None:
    if name == "level":
        shown, options = partial(words.level, t=page.t), LEVELS
    else:
        shown = partial(words.value, page.source, name, t=page.t)
        codes = page.source.offered.filters[name]
        options = [ALL, *sorted(codes, key=lambda code: (code == "unknown", shown(code)))]
    label = words.capitalised(page.t(f"filter.{name}"))
    value = getattr(page.choice, name)
    _list(page, name, label, options, value, shown, (state.change, (page, name)))


def _list(
    page: Page,
    name: str,
    label: str,
    options: Sequence[str],
    value: str,
    shown: Callable[[str], str],
    change: tuple[Callable, tuple],
) -> None:
    st.selectbox(
        label,
        options,
        format_func=shown,
        key=state.seed(name, value),
        on_change=change[0],
        args=change[1],
        disabled=len(options) < 2,
        width=WIDTH,
    )


def notice(page: Page, seen: Compared) -> None:
    """Why two periods are refused, or a combination shows nothing, and what does."""
    with st.container():  # always there: the map keeps its place on the page, and so its view
        if seen.refused:
            first, second = (figures.period(page.source, code, page.t) for code in seen.pair)
            with st.container(border=True, key="notice"):
                st.markdown(page.t(f"compare.refused.{seen.refused}", first=first, second=second))
        elif not seen.found.levels or seen.found.nothing:
            _nothing(page, seen)
        else:
            _partly(page, seen)


def _values(page: Page, seen: Compared) -> dict[str, object]:
    refused = [words.level(level, page.t) for level in seen.found.refused]
    return {
        "levels": words.listed(refused, page.t),
        "dims": words.broken_down(seen.choice, page.t),
        "k": page.source.k,
    }


def _nothing(page: Page, seen: Compared) -> None:
    key = "notice.nothing" if seen.found.levels else "notice.refused"
    with st.container(border=True, key="notice"):
        st.markdown(page.t(key, **_values(page, seen)))
        near = compare.nearest(page.source, page.choice, seen)
        view.ways_on(page, {words.step(page.choice, one, page.t): one for one in near})


def _partly(page: Page, seen: Compared) -> None:
    if seen.found.refused:
        st.caption(page.t("notice.partly", **_values(page, seen)))
    lengths = [compare.months(page.source, code) for code in seen.pair]
    if len(set(lengths)) > 1:
        first, second = (figures.period(page.source, code, page.t) for code in seen.pair)
        some, others = lengths
        values = {"first": first, "second": second, "some": some, "others": others}
        st.warning(page.t("compare.lengths", **values))


def map_and_legend(page: Page, seen: Compared) -> None:
    """Panels that move together, on a constant base, with one legend."""
    painted = figures.values(page.source, seen, view.hexes(page), page.t)
    st_folium(
        maps.base(load.served()),
        key=state.MAP,
        feature_group_to_add=maps.painted(painted),
        returned_objects=["last_clicked"],
        use_container_width=True,
        height=view.MAP_HEIGHT,
        on_change=lambda: state.click(page, seen.found),
    )
    view.shapes(page)
    with st.container(key=f"compare-{page.choice.compare}"):
        st.caption(page.t(f"compare.note.{page.choice.compare}", k=page.source.k))


def place(page: Page, seen: Compared) -> None:
    """Place that was opened: its numbers as they are compared."""
    if not seen.pair:
        view.place(replace(page, choice=seen.choice))
        return
    opened = page.choice.place
    if not opened or seen.refused:
        return
    with st.container(key="place"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(words.place(page.source, opened, page.t), anchor=False)
            st.button(page.t("place.close"), key="close", on_click=state.pick, args=(page, ""))
        row = compare.at(page.source, seen, opened)
        st.markdown(words.capitalised(figures.sentence(page.source, seen, row, page.t)))


def totals(page: Page, seen: Compared) -> None:
    """Totals of what is compared; of two periods, what became of them."""
    if not seen.pair:
        view.totals(page, seen.found)
        return
    if seen.refused or not seen.found.levels:
        return
    with st.container(key="changes"):
        for code, row in compare.totals(seen.found).iterrows():
            said = figures.sentence(page.source, seen, row, page.t)
            st.markdown(page.t("compare.total", place=page.t(f"place.{code}"), said=said))
        st.caption(page.t("compare.note.read"))


def table(page: Page, seen: Compared) -> None:
    """Table twin of the maps; a row opens its place."""
    view.ranked(page, figures.table(page.source, seen, page.t))


def crosstab(page: Page, seen: Compared) -> None:
    """Crosstab of the two layers, and what their low visibility means."""
    if page.choice.compare != "overlap":
        return
    st.markdown(page.t("compare.visibility"))
    if not seen.found.levels:
        return
    draw = frame.component("crosstab")
    draw(data=figures.crosstab(page.source, seen, page.t), key="crosstab")


def download(page: Page, seen: Compared) -> None:
    """Files of what is compared, made when asked for."""
    asked = page.source, seen
    makers = {"csv": partial(figures.as_csv, *asked, page.t)}
    makers |= {
        ending: partial(figures.as_picture, *asked, ending, page.t) for ending in downloads.PICTURES
    }
    downloads.files(page, figures.file_name(*asked), makers, disabled=bool(seen.refused))

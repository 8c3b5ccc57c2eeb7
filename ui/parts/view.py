"""One view of a release: its filters, map, numbers, opened place and files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st
from streamlit_folium import st_folium

from geo.model import ALL
from ui import (
    clusters,
    coverage,
    export,
    figures,
    load,
    lookup,
    maps,
    rating,
    search,
    shared,
    state,
    themes,
    words,
)
from ui.choice import AUTO, COUNT, FILTERS, LEVELS, MEASURES
from ui.parts import downloads as parts
from ui.parts import frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.release import Listing
    from ui.choice import Choice
    from ui.lookup import Layer, Shown
    from ui.state import Page

VIEW_FILES = {
    "csv": export.as_csv,
    "geojson": export.as_geojson,
    "png": export.as_png,
    "svg": export.as_svg,
}
TRENDS_PAGE = "pages/trends.py"
PERIOD_WIDTHS = (175, 175, 210, 270)  # by the number of periods chosen
MAP_HEIGHT = 640  # before the style sheet knows the window


def heading(page: Page, measure: str) -> None:
    """Question that the page answers, and the view in one line."""
    with st.container(horizontal=True, key="heading"):
        st.title(page.t("map.question"), anchor=False, width="content")
        st.markdown(words.described(page.source, page.choice, page.t, measure), width="content")


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
        counted = _measure(page)
        for name in FILTERS:
            _filter(page, name)
        st.toggle(
            page.t("filter.clusters"),
            key=state.seed("clusters", bool(page.choice.clusters)),
            on_change=state.turn,
            args=(page, "clusters"),
        )
        if counted:
            with st.container(key="measure-note"):
                st.caption(page.t(counted))


def _measure(page: Page) -> str:
    """Count or rate; what opens is said. Hexagons and several periods are always counted.

    Returns
    -------
    str
        Key of the words why only counts are shown; "" where there is a choice.
    """
    t = page.t
    shown = shared.shown(page.source, page.choice).measure
    hexagons = page.choice.level not in (AUTO, "state")
    counted = "measure.hexagons" if hexagons else "measure.periods" if page.choice.periods else ""
    st.selectbox(
        t("filter.measure"),
        [COUNT] if counted else MEASURES[1:],
        format_func=lambda code: t(f"measure.{code}"),
        key=state.seed("measure", shown),
        on_change=state.change,
        args=(page, "measure"),
        disabled=bool(counted),
        width=175,
    )
    return counted


def _filter(page: Page, name: str) -> None:
    options = sorted(
        page.source.offered.filters[name],
        key=lambda code: (code == "unknown", words.value(page.source, name, code, page.t)),
    )
    common = {
        "label": page.t(f"filter.{name}").capitalize(),
        "options": [ALL, *options],
        "format_func": lambda code: words.value(page.source, name, code, page.t),
        "on_change": state.change,
        "args": (page, name),
        "disabled": not options,
    }
    if name == "period" and page.several:
        _periods(page, common)
    else:
        st.selectbox(key=state.seed(name, getattr(page.choice, name)), width=175, **common)


def _periods(page: Page, common: dict) -> None:
    """Several periods; none chosen is the block's total, which stands in the empty field."""
    chosen = [code for code in page.choice.times() if code != ALL]
    st.multiselect(
        key=state.seed("period", chosen),
        placeholder=words.value(page.source, "period", ALL, page.t),
        width=PERIOD_WIDTHS[min(len(chosen), len(PERIOD_WIDTHS) - 1)],
        **common,
    )


def find(page: Page, found: Shown) -> None:
    """Field in which a state or a city is found by name; only areas open."""
    draw = frame.component("find")
    texts = {name: page.t(f"find.{name}") for name in ("label", "hint", "none")}
    draw(
        data={**texts, "options": search.options(page.t)},
        key="find",
        on_picked_change=lambda: state.find(page, found, "find"),
    )


def notice(page: Page, found: Shown) -> None:
    """Why a combination shows nothing, or not everything, and the nearest that does."""
    with st.container(key="notes"):  # always there: see banner
        if any(layer.lack for layer in found.layers):
            with st.container(border=True, key="notice"):
                _lacks(page, found)
        _left_out(page, found)
        _summed(page, found)
        for line in clusters.sentences(found, page.t):
            st.caption(line)


def _lacks(page: Page, found: Shown) -> None:
    """What was asked for, why it does not show, and the ways on."""
    asked = words.asked(page.source, page.choice, page.t)
    st.markdown(page.t("notice.asked", view=asked))
    for lack in ("refused", "nothing"):
        venues = tuple(layer.venue for layer in found.layers if layer.lack == lack)
        if venues:
            st.markdown(_reason(page, found, venues, f"notice.{lack}"))
    near = lookup.nearest(page.source, page.choice)
    steps = {words.step(page.choice, one, page.t): one for one in near}
    ways_on(page, steps)
    changed(page, "notice-change")


def ways_on(page: Page, steps: Mapping[str, Choice]) -> None:
    """Views near one that shows nothing, by what they are called; without any, other releases."""
    others = () if steps else [one for one in load.listings() if not _is_open(page, one)]
    more = "notice.elsewhere" if others else "notice.alone"
    st.markdown(page.t("notice.nearest" if steps else more))
    with st.container(horizontal=True):
        for number, (label, one) in enumerate(steps.items()):
            args = (one, page.source.offered)
            st.button(label, key=f"near-{number}", on_click=state.go, args=args)
        for number, one in enumerate(others):
            args = (page, one.folder.name)
            label = one.title[page.t.lang]
            st.button(label, key=f"other-{number}", on_click=state.other, args=args)


def _is_open(page: Page, listing: Listing) -> bool:
    return listing.folder.name == page.choice.release


def _reason(page: Page, found: Shown, venues: tuple[str, ...], key: str) -> str:
    """Why some layers do not show: named, where others do."""
    t = page.t
    some = replace(page.choice, layers=venues)
    levels = words.listed([words.level(level, t) for level in found.refused], t)
    text = t(key, levels=levels, dims=words.broken_down(some, t), k=page.source.k)
    if len(venues) == len(found.layers):
        return text
    return t("notice.of_layers", layers=words.layers(some, t), reason=text)


def _left_out(page: Page, found: Shown) -> None:
    """Levels that are not released for layers that show others."""
    t = page.t
    for levels, venues in lookup.left_out(found).items():
        some = replace(page.choice, layers=venues)
        values = {
            "levels": words.listed([words.level(level, t) for level in levels], t),
            "dims": words.broken_down(some, t),
        }
        if len(venues) == len(found.layers):
            st.caption(t("notice.partly", **values))
        else:
            st.caption(t("notice.partly_of", layers=words.layers(some, t), **values))


def _summed(page: Page, found: Shown) -> None:
    """What adding up several periods means."""
    if len(page.choice.times()) > 1 and not found.nothing:
        periods = words.periods(page.source, page.choice, page.t)
        lines = [page.t("notice.summed", periods=periods)]
        lines += [page.t("notice.least")] if found.partly else []
        st.caption(" ".join(lines))


def map_and_legend(page: Page, found: Shown) -> None:
    """Map: a constant base, and values painted on it."""
    values = shared.values(page.source, page.choice, hexes(page), page.t, sought=state.sought())
    st_folium(
        maps.base(load.served()),
        key=state.MAP,
        feature_group_to_add=maps.painted(values),
        returned_objects=["last_clicked"],
        use_container_width=True,
        height=MAP_HEIGHT,
        on_change=lambda: state.click(page, found),
    )
    shapes(page)
    with st.container(key=f"panels-{len(found.layers)}"):
        st.caption(page.t("map.alternative"))
        method(page, found)


def method(page: Page, found: Shown) -> None:
    """How the clusters on the map were found, in small print below it."""
    told = clusters.method(found, page.t)
    if told:
        st.caption(told)


def hexes(page: Page) -> dict:
    """Where the map finds the hex parts of a release: in a file, or by its name on the page."""
    return {name: part for name, part in load.hexes(page.source).items() if name != "packed"}


def shapes(page: Page) -> None:
    """Hex parts that no file may hold, for the map before them: a browser is sent them once."""
    held = load.hexes(page.source)
    if "packed" in held:
        frame.unseen("shapes", held)


def totals(page: Page, found: Shown) -> None:
    """Totals of the view for each layer, or that its total is not published."""
    t = page.t
    with st.container(key="totals"):
        for layer in found.layers if found.levels else ():
            name = t.code("venue", layer.venue)
            total = _total(page, layer, ALL)
            if not total:
                st.markdown(t("totals.hidden", layer=name, mark=t("rank.hidden")))
                continue
            known = {code: _total(page, layer, code) for code in ("US", "MX")}
            parts = [
                t("totals.part", place=t(f"place.{code}"), count=count)
                for code, count in known.items()
                if count
            ]
            st.markdown(t("totals.line", count=total, layer=name, parts=" · ".join(parts)))
    if not found.nothing:
        changed(page, "view-change")


def changed(page: Page, key: str, place: str = "") -> None:
    """Link to the trends of the same filters, of all places or of one."""
    t = page.t
    label = t("view.changed", place=words.place(page.source, place, t) if place else "")
    with st.container(key=key):
        kept = state.changed_over_time(page, place)
        st.page_link(TRENDS_PAGE, label=label if place else t("view.change"), query_params=kept)


def _total(page: Page, layer: Layer, code: str) -> str:
    """Total of a country or of both, "at least" so many where some periods are not published."""
    if code in layer.totals.index:
        return page.t.number(int(layer.totals[code]))
    if layer.least and code in layer.least.totals.index:
        return page.t("count.least", count=int(layer.least.totals[code]))
    return ""


def ranking(page: Page) -> None:
    """Ranked table, with bars for places not known; a row opens its place."""
    ranked(page, shared.ranking(page.source, page.choice, page.t))


def ranked(page: Page, table: dict | bytes) -> None:
    """Draw a ranked table, as of :func:`ui.figures.ranking` or :func:`ui.shared.ranking`."""
    draw = frame.component("ranking")
    draw(data=table, key="ranking", on_picked_change=lambda: state.row(page, "ranking"))


def place(page: Page) -> None:
    """Place that was opened: its numbers for this view, over time, and by venue."""
    source, choice, t = page.source, page.choice, page.t
    if not choice.place:
        return
    with st.container(key="place"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(words.place(source, choice.place, t), anchor=False)
            st.button(t("place.close"), key="close", on_click=state.pick, args=(page, ""))
        for venue in choice.layers:
            st.markdown(f"{t.code('venue', venue)}: {_counted(page, venue)}")
            _rate(page, venue)
        _over_time(page)
        changed(page, "place-change", choice.place)
        _by_venue(page)


def _rate(page: Page, venue: str) -> None:
    """Rate of a published count of one period with its limits, where its place has residents."""
    choice = page.choice
    count = lookup.total(page.source, choice, venue, choice.place)
    if count is None or choice.periods:
        return
    measure = lookup.measure(choice, page.source.levels[choice.place])
    row = rating.of_place(page.source, choice, choice.place, count, measure)
    if row is not None:
        st.caption(rating.sentence(row, measure, page.t))


def _counted(page: Page, venue: str) -> str:
    """Count of the opened place; of several periods also which are published."""
    source, choice, t = page.source, page.choice, page.t
    unit = words.unit(source, t)
    if not source.released(source.levels[choice.place], choice.cells(venue)[0]):
        return f"**{t('place.refused')}**"
    count = lookup.total(source, choice, venue, choice.place)
    if count is not None:
        return f"**{t('place.count', count=count, unit=unit)}**"
    least = lookup.at_least(source, choice, venue, choice.place)
    if least is None:
        return f"**{t('rank.hidden')}**"
    periods = lookup.by_period(source, choice, venue, choice.place)
    named = {
        published: words.listed(
            [
                words.value(source, "period", code, t)
                for code, known in periods.items()
                if (known is not None) is published
            ],
            t,
        )
        for published in (True, False)
    }
    some = t("place.some", known=named[True], hidden=named[False])
    return f"**{t('place.least', count=least, unit=unit)}**  \n{some}"


def _over_time(page: Page) -> None:
    table = lookup.over_time(page.source, page.choice, page.choice.place)
    st.markdown(f"**{page.t('place.over_time')}**")
    if table.columns.empty:
        st.caption(page.t("place.years_refused"))
        return
    if table.isna().all(axis=None):
        st.caption(page.t("place.no_years"))
        return
    breaks = coverage.breaks(page.source.release.manifest, coverage.YEAR)
    chart(figures.over_time(table, page.t, breaks), "over-time")
    st.caption(page.t("place.gap"))


def _by_venue(page: Page) -> None:
    asked = page.source, page.choice, page.choice.place
    counts, least = lookup.by_venue(*asked), lookup.by_venue_least(*asked)
    st.markdown(f"**{page.t('place.by_venue')}**")
    if counts is None or (counts.empty and least.empty):
        st.caption(page.t("place.venues_refused" if counts is None else "place.no_venues"))
        return
    chart(figures.by_venue(counts, page.t, least=least), "by-venue")
    st.caption(page.t("place.several"))


def chart(figure: go.Figure, key: str, alt: str | None = None) -> None:
    """Chart without its tool bar, in the theme of the page; `alt` says in words what it shows."""
    if state.dark():
        figure = go.Figure(themes.dark(figure.to_dict()))
    st.plotly_chart(figure, theme=None, config=figures.CONFIG, key=key, alt=alt)


def downloads(page: Page, found: Shown) -> None:
    """Files of the view, made when asked for."""
    asked = page.source, page.choice, found, page.t
    makers = {ending: partial(make, *asked) for ending, make in VIEW_FILES.items()}
    parts.files(page, export.file_stem(page.source, page.choice), makers)

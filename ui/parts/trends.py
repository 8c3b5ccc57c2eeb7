"""Trends page: choices, chart, what breaks the lines, and the table that holds the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from geo.model import ALL
from ui import coverage, export, state, trends, words
from ui.choice import BY, GRAINS, SERIES
from ui.export import sheets
from ui.figures import trends as figures
from ui.parts import downloads, view

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from ui.choice import Choice
    from ui.state import Page

SMALL = 330  # pixels: width of one small multiple


def heading(page: Page) -> None:
    """Question that the page answers, and the view in one line."""
    with st.container(horizontal=True, key="heading"):
        st.title(page.t("trends.question"), anchor=False, width="content")
        st.markdown(export.trend_view(page.source, page.choice, page.t), width="content")


def filters(page: Page) -> None:
    """Grain, dimension, place, and how many series."""
    t = page.t
    with st.container(horizontal=True, key="filters"):
        _buttons(page, "by", BY, lambda code: t(f"trends.by.{code}"))
        _buttons(page, "grain", GRAINS, lambda code: t(f"trends.grain.{code}"))
        st.selectbox(
            t("trends.where"),
            sorted(
                trends.places(page.source),
                key=lambda code: (trends.level(code) == "state", words.place(page.source, code, t)),
            ),
            format_func=lambda code: words.place(page.source, code, t),
            key=state.seed("where", page.choice.where),
            on_change=state.change,
            args=(page, "where"),
            width=230,
        )
        if _many(page):
            _buttons(page, "series", SERIES, lambda code: t(f"trends.series.{code}"))


def _buttons(page: Page, name: str, codes: tuple[str, ...], said: Callable[[str], str]) -> None:
    st.segmented_control(
        page.t(f"trends.{name}"),
        codes,
        format_func=said,
        key=state.seed(name, getattr(page.choice, name)),
        on_change=state.change,
        args=(page, name),
    )


def _many(page: Page) -> bool:
    """Whether there are more series than the few main ones."""
    if not trends.released(page.source, page.choice):
        return False
    counts = trends.table(page.source, page.choice)
    return len(trends.few(counts, page.choice).columns) < len(counts.columns)


def body() -> DeltaGenerator:
    """Frame of what the page shows."""
    return st.container(key="trends")


def asked(page: Page) -> None:
    """What the reader asked the map for, what the lines show of it, and why not all."""
    t, choice = page.t, page.choice
    if choice.nationality == ALL and choice.trafficking_type == ALL:
        return
    wanted, missing = words.asked(page.source, state.whole(page), t), trends.left_out(choice)
    lines = [t("trends.asked", view=wanted, shown=t(f"trends.view.{choice.by}"))]
    if missing:
        dims = words.listed([t(f"trends.of.{name}") for name in missing], t)
        reason = "alone" if trends.released_together(page.source, choice) else "apart"
        lines.append(t(f"trends.asked.{reason}", dims=dims))
    counts = _counts(page)
    hidden = [code for code in trends.asked(choice) if code not in counts.columns]
    if hidden and not counts.empty:
        named = words.listed([words.series(choice.by, code, t) for code in hidden], t)
        lines.append(t("trends.asked.hidden", names=named, k=page.source.k))
    st.markdown(" ".join(lines))


def notice(page: Page) -> None:
    """Why a combination shows nothing, and the nearest that does."""
    t, source, choice = page.t, page.source, page.choice
    if not _counts(page).empty:
        return
    refused = not trends.released(source, choice)
    values = {"grain": t(f"trends.grain.{choice.grain}").lower(), "by": t(f"trends.of.{choice.by}")}
    values["level"] = t(f"trends.level.{trends.level(choice.where)}")
    with st.container(border=True, key="notice"):
        st.markdown(t("trends.refused" if refused else "trends.nothing", **values, k=source.k))
        view.ways_on(page, {_step(page, near): near for near in trends.nearest(source, choice)})


def _step(page: Page, near: Choice) -> str:
    """Words for what must change to get to a view that is released."""
    t, old = page.t, page.choice
    names = []
    if near.grain != old.grain:
        names.append(t("trends.step.grain"))
    if near.by != old.by:
        names.append(t("trends.step.by"))
    if near.where != old.where:
        names.append(words.place(page.source, near.where, t))
    return words.capitalised(words.listed(names, t))


def _counts(page: Page) -> pd.DataFrame:
    """Series of the choice; empty where the view is not released."""
    counts = trends.table(page.source, page.choice)
    return counts if trends.released(page.source, page.choice) else counts.iloc[:, :0]


def _breaks(page: Page) -> tuple[coverage.Break, ...]:
    return coverage.breaks(page.source.release.manifest, page.choice.grain)


def chart(page: Page) -> None:
    """Lines, bars or small multiples, after words that say what they show."""
    counts, t = _counts(page), page.t
    if counts.empty:
        return
    name = partial(words.series, page.choice.by, t=t)
    shown = trends.charted(counts, page.choice)
    if len(shown.columns) > trends.FEW:
        _multiples(page, counts, shown)
        return
    told = figures.described(shown, name, t)
    st.caption(told)
    if len(shown.columns) == 1:
        drawn = figures.single(shown, _breaks(page), name(shown.columns[0]), t)
    else:
        drawn = figures.lines(shown, _breaks(page), name, t)
    view.chart(drawn, "trend", told)
    _notes(page)


def _multiples(page: Page, counts: pd.DataFrame, shown: pd.DataFrame) -> None:
    t = page.t
    name = partial(words.series, page.choice.by, t=t)
    st.caption(t("trends.multiples", shown=len(shown.columns), of=len(counts.columns)))
    with st.container(horizontal=True, key="multiples"):
        for code, drawn in figures.multiples(shown, _breaks(page), name, t).items():
            with st.container(width=SMALL):
                view.chart(drawn, f"trend-{code}", figures.described(counts[[code]], name, t))
    _notes(page)


def _notes(page: Page) -> None:
    t = page.t
    st.caption(t("trends.gap", k=page.source.k))
    if page.choice.by != ALL:
        st.caption(t(f"trends.note.{page.choice.by}"))


def breaks(page: Page) -> None:
    """What breaks the lines, in sentences."""
    told = [coverage.told(one, page.t) for one in _breaks(page)]
    if told and not _counts(page).empty:
        st.markdown("\n".join(f"- {text}" for text in told))


def table(page: Page) -> None:
    """Table with every series: what the chart shows, and the way to read it by keyboard."""
    counts = _counts(page)
    if counts.empty:
        return
    name = partial(words.series, page.choice.by, t=page.t)
    st.header(page.t("trends.table"), anchor=False)
    with st.container(key="trend-table"):
        shown = figures.tabled(counts, _breaks(page), name, page.t)
        st.table(shown, width="content", alt=page.t("trends.table"))
    if page.choice.by != ALL:
        st.caption(page.t("trends.unlisted", k=page.source.k))


def files(page: Page) -> None:
    """The table, and its chart, as files."""
    counts = _counts(page)
    if counts.empty:
        return
    asked = page.source, page.choice
    shown = figures.tabled(
        counts, _breaks(page), partial(words.series, page.choice.by, t=page.t), page.t
    )
    makers = {"csv": partial(export.trend_csv, *asked, shown, page.t)}
    makers |= downloads.charts(page, partial(sheets.of_trends, *asked, page.t))
    downloads.files(page, export.trend_file(*asked), makers)

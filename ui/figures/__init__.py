"""Charts and tables as values: tables and texts in, figures out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

from geo import rates
from ui import clusters, lookup, palette, rating, words
from ui.figures import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.choice import Choice
    from ui.coverage import Break
    from ui.i18n import Texts
    from ui.lookup import Opened, Shown

FONT = "Source Sans, system-ui, sans-serif"
SYMBOLS = {"residential_brothel": "square", "cantina": "triangle-up", "escort": "diamond"}
LINED = {"fillmode": "overlay", "fgcolor": "#ffffff", "size": 5, "solidity": 0.35}
# Of the charts; of plotly's own look what they have no use for is left out.
KINDS = ("bar", "scatter")
LOOK = ("xaxis", "yaxis", "hoverlabel", "hovermode", "annotationdefaults", "shapedefaults")
PARTS = {"data": KINDS, "layout": LOOK}
CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True, "scrollZoom": False}


def ranking(source: Opened, choice: Choice, found: Shown, t: Texts) -> dict:
    """Ranked table of the finest level asked for: states, where finer cells lie before them.

    Returns
    -------
    dict
        ``columns`` (title, colour, words for no count), ``rows`` and ``unplaced`` (id, name, and a value or None
        a column, as number and as text, and whether it is "at least" so many), ``most`` (what
        a full bar is), and the words. With clusters, ``extra`` names their column, and tells
        them in each row.
    """
    if rating.is_rate(found.measure):
        return _ranking_of_rates(source, choice, found, t)
    level = found.tabled
    table = lookup.ranked(found, level)
    partly = [frozenset(layer.partly(level).index) for layer in found.layers]
    rows = [
        row(place, words.place(source, place, t), values, [place in some for some in partly], t)
        for place, values in zip(table.index, _values(table), strict=True)
    ]
    caption = t("rank.caption", level=words.level(level, t))
    lost = _unplaced(found, t)
    return _ranked(source, choice, found, rows, lost, {"caption": caption}, t)


def _ranked(
    source: Opened,
    choice: Choice,
    found: Shown,
    rows: list[dict],
    lost: list[dict],
    said: dict,
    t: Texts,
) -> dict:
    """Ranked table of rows, and its words."""
    level = found.tabled
    if found.clustered:
        rows = [{**row, "extra": clusters.of_row(found, row["id"], t)} for row in rows]
        lost = [{**row, "extra": clusters.NO_CLUSTER} for row in lost]
        said = {**said, "extra": t("clusters.column")}
    every = [value for row in (*rows, *lost) for value in row["values"] if value is not None]
    return {
        "place": t("rank.place"),
        "columns": [
            {
                "title": t.code("venue", layer.venue),
                "colour": palette.hue(layer.venue),
                "hidden": t("rank.hidden" if level in layer.cells else "rank.refused"),
                "hidden_long": t(
                    "mark.hidden" if level in layer.cells else "tip.refused", k=source.k
                ),
            }
            for layer in found.layers
        ],
        "rows": rows,
        "unplaced": lost,
        "most": max(every, default=1),
        "selected": choice.place,
        "unplaced_colour": palette.UNPLACED,
        "note": t("rank.note" if found.levels else "rank.refused_note", k=source.k),
        **said,
    }


def _ranking_of_rates(source: Opened, choice: Choice, found: Shown, t: Texts) -> dict:
    """Ranked table of rates; places with too few for one follow with their counts."""
    tables = {
        layer.venue: rating.rated(
            source, choice, layer.cells.get("state", lookup.EMPTY), found.measure
        )
        for layer in found.layers
    }
    first = next(iter(tables))
    places = {place for table in tables.values() for place in table.index}

    def key(place: str) -> tuple:
        row = tables[first].loc[place] if place in tables[first].index else None
        if row is None:
            return (2, 0.0, place)
        rated = row["state"] == rates.RATED
        return (0, -row["rate"], place) if rated else (1, -row["count"], place)

    rows = [
        _rated_row(place, words.place(source, place, t), list(tables.values()), t)
        for place in sorted(places, key=key)
    ]
    lost = [_counted_row(row, t) for row in _unplaced(found, t)]
    said = {
        "caption": t("rank.rates", level=words.level("state", t), unit=_unit(found, t)),
        "note": f"{t('rank.rate_note')} {t('rank.note', k=source.k)}",
    }
    return _ranked(source, choice, found, rows, lost, said, t)


def _unit(found: Shown, t: Texts) -> str:
    return t(f"unit.{rating.kind(found.measure)}")


def _rated_row(place: str, name: str, tables: list[pd.DataFrame], t: Texts) -> dict:
    """Row of rates, each with its interval and count beside it."""
    cells = [_rated_cell(table, place, t) for table in tables]
    values, texts, beside = zip(*cells, strict=True)
    row = {"id": place, "name": name, "values": list(values), "texts": list(texts)}
    return {**row, "beside": list(beside), "partly": [False] * len(values)}


def _rated_cell(
    table: pd.DataFrame, place: str, t: Texts
) -> tuple[float | None, str | None, str | None]:
    """Length of a bar, what it says, and what stands beside it; None where not published."""
    if place not in table.index:
        return None, None, None
    row = table.loc[place]
    if row["state"] != rates.RATED:
        return None, t("rank.no_rate", count=int(row["count"])), t(f"rate.{row['state']}")
    beside = t("rank.beside", interval=rating.interval(row, t), count=int(row["count"]))
    return round(float(row["rate"]), 4), rating.shown(row["rate"]), beside


def _counted_row(row: dict, t: Texts) -> dict:
    """Row of cases whose place is not known: a count, for they have no residents."""
    counts = row["values"]
    texts = [None if count is None else t("rank.no_rate", count=count) for count in counts]
    return {**row, "values": [None] * len(counts), "texts": texts}


def _unplaced(found: Shown, t: Texts) -> list[dict]:
    """Rows of the cases whose place is not known, a country a row."""
    whole = [layer.unplaced.to_dict() for layer in found.layers]
    least = [layer.least.unplaced.to_dict() if layer.least else {} for layer in found.layers]
    known = [{**one, **other} for one, other in zip(whole, least, strict=True)]
    return [
        row(
            code,
            t("rank.unplaced", country=words.unplaced(code, t)),
            [counts.get(code) for counts in known],
            [code in some for some in least],
            t,
        )
        for code in sorted({code for counts in known for code in counts})
    ]


def _values(table: pd.DataFrame) -> list[list[int | None]]:
    """Rows of a table as plain numbers, None where nothing is published."""
    return [list(row) for row in zip(*(timeline.known(table[name]) for name in table), strict=True)]


def row(
    code: str, name: str, values: list[int | None], partly: list[bool], t: Texts
) -> dict[str, object]:
    """Row of a ranked table: a count or None a column, and whether it is "at least" so many."""
    return {
        "id": code,
        "name": name,
        "values": values,
        "texts": [_told(value, least, t) for value, least in zip(values, partly, strict=True)],
        "partly": partly,
    }


def _told(value: int | None, least: bool, t: Texts) -> str | None:
    if value is None:
        return None
    return t("count.least", count=value) if least else t.number(value)


def over_time(table: pd.DataFrame, t: Texts, breaks: Sequence[Break] = ()) -> go.Figure:
    """Chart by year: bars for one layer, lines for several; what is not published is a gap.

    Parameters
    ----------
    table : pandas.DataFrame
        Index year; a column of counts a layer, NA where not published.
    breaks : sequence of ui.coverage.Break
        Partial years, and what else breaks the line.
    """
    alone = len(table.columns) == 1
    figure = go.Figure([_years(table[venue], venue, alone, t) for venue in table])
    timeline.mark(figure, table, breaks, t)
    figure.update_yaxes(visible=not alone, rangemode="tozero", nticks=4)
    figure.update_layout(showlegend=not alone, height=210)
    return styled(figure)


def _years(counts: pd.Series, venue: str, alone: bool, t: Texts) -> go.Bar | go.Scatter:
    """Bars with their numbers for one layer; lines, broken at gaps, for several."""
    name = t.code("venue", venue)
    if alone:
        return bars(counts, palette.hue(venue), name, t)
    return go.Scatter(
        **timeline.points(counts, name, t),
        mode="lines+markers",
        connectgaps=False,
        line={"color": palette.hue(venue), "width": 2.5},
        marker={"size": 8, "symbol": SYMBOLS.get(venue, "circle")},
    )


def bars(counts: pd.Series, colour: str, name: str, t: Texts) -> go.Bar:
    """Bars over time with their numbers; no bar where nothing is published."""
    return go.Bar(
        **timeline.points(counts, name, t),
        marker_color=colour,
        textposition="outside",
        cliponaxis=False,
    )


def by_venue(
    counts: pd.Series, t: Texts, most: int = 8, least: pd.Series | None = None
) -> go.Figure:
    """Chart by venue: published counts, most at the top; at most `most` bars.

    Venues of `least` show the sum of some of their periods only: lined, and in words.
    """
    partly = frozenset(()) if least is None else frozenset(least.index)
    both = counts if least is None else pd.concat([counts, least])
    top = both.sort_values(ascending=False, kind="stable").iloc[:most][::-1]
    figure = go.Figure(
        go.Bar(
            x=top.tolist(),
            y=[t.code("venue", code) for code in top.index],
            orientation="h",
            marker_color=[palette.hue(code) for code in top.index],
            marker_pattern={
                **LINED,
                "shape": ["-" if code in partly else "" for code in top.index],
            },
            text=[_told(int(value), code in partly, t) for code, value in top.items()],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False, rangemode="tozero")
    if partly:  # room for the longer words at the end of a bar
        figure.update_xaxes(range=[0, 1.35 * top.max()])
    figure.update_yaxes(ticklabelposition="outside", tickfont_size=13)
    figure.update_layout(showlegend=False, height=60 + 27 * len(top))
    return styled(figure)


def styled(figure: go.Figure) -> go.Figure:
    """Chart in the look that all charts share: no grid, no zoom, its own margins."""
    figure.layout.template = _template()
    figure.update_layout(
        font={"family": FONT, "size": 13, "color": palette.INK},
        margin={"l": 4, "r": 34, "t": 18, "b": 24},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        bargap=0.28,
        legend={"orientation": "h", "y": -0.22, "x": 0},
        dragmode=False,
        hoverlabel={"font_family": FONT},
    )
    figure.update_xaxes(showgrid=False, fixedrange=True, linecolor=palette.RULE)
    figure.update_yaxes(showgrid=False, fixedrange=True, automargin=True)
    return figure


@cache
def _template() -> dict:
    """Part of plotly's look that our charts use: the whole is larger than a chart's numbers."""
    whole = pio.templates["plotly"].to_plotly_json()
    return {part: {name: whole[part][name] for name in names} for part, names in PARTS.items()}

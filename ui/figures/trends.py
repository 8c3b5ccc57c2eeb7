"""Charts of the trends as values: lines with their names at the end, or small multiples."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from ui import coverage, palette
from ui.figures import FONT, SYMBOLS, bars, styled, timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from ui.coverage import Break
    from ui.i18n import Texts

MARKS = ("circle", "square", "triangle-up", "diamond", "x")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
HEIGHT, ROW, FOOT = 430, 30, 48  # pixels: of the lines, a row of the strip, the axis
_WRAP, _LETTER, _NEAR = 16, 7.4, 0.05  # letters a line, pixels a letter, share of the axis
_GRID = {"nticks": 6, "tickformat": ",d", "showgrid": True, "gridcolor": palette.BAND}
_TOP = 1.1  # headroom of the axis of counts


def single(counts: pd.DataFrame, breaks: Sequence[Break], label: str, t: Texts) -> go.Figure:
    """One series: bars with their numbers, or a line where there are many periods."""
    code = counts.columns[0]
    if len(counts) > timeline.MOST_TICKS:
        figure = go.Figure([_line(counts[code], code, 0, label, t)])
    else:
        figure = go.Figure([bars(counts[code], palette.line(code, 0), label, t)])
        figure.update_yaxes(visible=False)
    timeline.mark(figure, counts, breaks, t)
    figure.update_layout(showlegend=False, height=HEIGHT, separators=_separators(t))
    styled(figure)
    figure.update_yaxes(range=[0, _top(counts)], **_GRID)
    return _spaced(figure)


def lines(
    counts: pd.DataFrame, breaks: Sequence[Break], name: Callable[[str], str], t: Texts
) -> go.Figure:
    """Lines of up to five series, named at their ends, broken where not published.

    Below them a strip has a mark for each period in which one series is not published
    and another is; where none is, a band crosses the chart.

    Parameters
    ----------
    counts : pandas.DataFrame
        Index period; a column of counts a series, NA where not published.
    name : callable
        Words for a code.
    """
    figure = go.Figure(
        [_line(counts[code], code, n, name(code), t) for n, code in enumerate(counts)]
    )
    rows = _strip(figure, counts, name, t)
    height = HEIGHT + ROW * rows
    timeline.mark(figure, counts, breaks, t)
    _labels(figure, counts, name)
    styled(figure)
    figure.update_layout(
        showlegend=False, height=height + FOOT, separators=_separators(t),
        yaxis={
            "domain": [(ROW * rows + 24 * bool(rows)) / height, 1], "range": [0, _top(counts)],
            **_GRID,
        },
    )  # fmt: skip
    figure.update_layout(margin={"r": _margin(counts, name)})
    if rows:
        figure.update_xaxes(anchor="y2")
    return _spaced(figure)


def multiples(
    counts: pd.DataFrame, breaks: Sequence[Break], name: Callable[[str], str], t: Texts
) -> dict[str, go.Figure]:
    """A small chart a series, all on one scale from zero."""
    made = {}
    for code in counts:
        one = counts[[code]]
        if len(one) > timeline.MOST_TICKS:
            figure = go.Figure([_line(one[code], code, 0, name(code), t)])
        else:
            figure = go.Figure([bars(one[code], palette.line(code, 0), name(code), t)])
        timeline.mark(figure, one, breaks, t, wide=False)
        styled(figure)
        figure.update_yaxes(visible=False, range=[0, _top(counts) * _TOP])
        figure.update_layout(
            showlegend=False, height=210, margin={"l": 4, "r": 4, "t": 40, "b": 40},
            title={"text": name(code), "x": 0.02, "y": 0.98, "yanchor": "top", "font_size": 14},
        )  # fmt: skip
        figure.update_xaxes(tickfont_size=11)
        made[code] = figure
    return made


def described(counts: pd.DataFrame, name: Callable[[str], str], t: Texts) -> str:
    """First and last published count of each series, and how many periods are not, in words."""
    parts = []
    for code in counts:
        shown = counts[code].dropna()
        whole = len(shown) == len(counts)
        parts.append(
            t(
                "trends.described_whole" if whole else "trends.described",
                name=name(code),
                first=int(shown.iloc[0]),
                start=shown.index[0],
                last=int(shown.iloc[-1]),
                end=shown.index[-1],
                hidden=len(counts) - len(shown),
            )
        )
    return " ".join(parts)


def tabled(
    counts: pd.DataFrame, breaks: Sequence[Break], name: Callable[[str], str], t: Texts
) -> pd.DataFrame:
    """Table twin of the chart: periods as rows, series as columns, one mark where not published."""
    words = {}
    for one in breaks:
        words.setdefault(one.period, []).append(coverage.short(one, t))
    index = [
        f"{code} ({', '.join(words[code])})" if code in words else code for code in counts.index
    ]
    shown = counts.astype("object").map(lambda value: t.number(int(value)), na_action="ignore")
    named = shown.fillna(t("rank.hidden")).rename(columns=name).set_axis(index)
    return named.rename_axis(t("trends.period"))


def _line(counts: pd.Series, code: str, number: int, label: str, t: Texts) -> go.Scatter:
    return go.Scatter(
        **timeline.points(counts, label, t),
        mode="lines+markers",
        connectgaps=False,
        line={"color": palette.line(code, number), "width": 3, "dash": DASHES[number]},
        marker={
            "size": 10,
            "symbol": SYMBOLS.get(code, MARKS[number]),
            "line": {"width": 2, "color": palette.line(code, number)},
        },
    )


def _strip(figure: go.Figure, counts: pd.DataFrame, name: Callable[[str], str], t: Texts) -> int:
    """Rows of marks under the lines, one a series with a gap that no band shows."""
    some = counts.notna().any(axis=1)
    hidden = {code: (counts[code].isna() & some) for code in counts}
    rows = [code for code in reversed(list(counts)) if hidden[code].any()]
    for row, code in enumerate(rows):
        number = list(counts).index(code)
        at = [n for n, gap in enumerate(hidden[code]) if gap]
        figure.add_scatter(
            x=at, y=[row] * len(at), yaxis="y2", name=name(code), mode="markers",
            marker={
                "symbol": "x-thin", "size": 8,
                "line": {"color": palette.line(code, number), "width": 2},
            },
            customdata=[counts.index[n] for n in at], meta=timeline.GAP,
            hovertemplate=f"%{{customdata}}: {t('rank.hidden')}<extra>%{{fullData.name}}</extra>",
        )  # fmt: skip
    if rows:
        _rows(figure, counts, rows, name, t)
    return len(rows)


def _rows(
    figure: go.Figure, counts: pd.DataFrame, rows: list[str], name: Callable[[str], str], t: Texts
) -> None:
    """Axis of the strip: the names of its rows, at the right as those of the lines are."""
    share = ROW * len(rows) / (HEIGHT + ROW * len(rows))
    figure.update_layout(
        yaxis2={
            "domain": [0, share], "range": [-0.5, len(rows) - 0.5], "side": "right",
            "tickvals": list(range(len(rows))), "ticktext": [_wrapped(name(c)) for c in rows],
            "tickfont": {"size": 11}, "zeroline": False, "anchor": "x", "ticks": "",
        }
    )  # fmt: skip
    figure.add_shape(
        type="rect", x0=-0.5, x1=len(counts) - 0.5, y0=0, y1=1, yref="y2 domain",
        fillcolor=palette.BAND, line_width=0, layer="below", name="strip",
    )  # fmt: skip
    figure.add_annotation(
        x=0, xref="paper", xanchor="left", y=1, yref="y2 domain", yanchor="bottom", name="strip",
        text=t("trends.strip"), showarrow=False, font={"color": palette.MUTED, "size": 12},
    )  # fmt: skip


def _labels(figure: go.Figure, counts: pd.DataFrame, name: Callable[[str], str]) -> None:
    """Names at the last published points, pushed apart where they would lie on each other."""
    last = {code: int(counts[code].dropna().iloc[-1]) for code in counts}
    rows = {code: _wrapped(name(code)).count("<br>") + 1 for code in counts}
    for code, y in apart(last, rows, _top(counts) * _NEAR).items():
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=y, yref="y", showarrow=False,
            align="left", text=_wrapped(name(code)), name="label",
            font={
                "color": palette.line(code, list(counts).index(code)), "size": 14, "family": FONT,
            },
        )  # fmt: skip


def apart(values: dict[str, int], rows: dict[str, int], row: float) -> dict[str, float]:
    """Heights in the order of the values, with room between them for rows of letters.

    >>> apart({"a": 10, "b": 11, "c": 30}, {"a": 1, "b": 3, "c": 1}, 5)
    {'a': 10, 'b': 20.0, 'c': 30}
    """
    placed: dict[str, float] = {}
    below = None
    for code in sorted(values, key=values.get):
        free = placed[below] + row * (rows[below] + rows[code]) / 2 if below else values[code]
        placed[code] = max(values[code], free)
        below = code
    return placed


def _margin(counts: pd.DataFrame, name: Callable[[str], str]) -> int:
    longest = max(len(part) for code in counts for part in _wrapped(name(code)).split("<br>"))
    return int(longest * _LETTER) + 16


def _wrapped(text: str) -> str:
    return "<br>".join(textwrap.wrap(text.replace("/", "/ "), _WRAP)).replace("/ ", "/")


def _top(counts: pd.DataFrame) -> float:
    return float(counts.max().max()) * _TOP


def _separators(t: Texts) -> str:
    return f".{t('number.group')}"


def _spaced(figure: go.Figure) -> go.Figure:
    """Room for the words under the ticks, and letters that a back row reads."""
    figure.update_layout(margin={"t": 30, "b": FOOT}, font_size=14)
    return figure

"""What charts over time share: the axis, bands and marks where nothing is published, breaks.

The horizontal axis counts periods from 0; ticks and hover name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import coverage, palette
from ui.coverage import Break

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import plotly.graph_objects as go

    from ui.i18n import Texts

MOST_TICKS = 12
GAP = "gap"
_PALE = 0.5
_PARTIAL = ("starts", "ends")
_EDGES = (*_PARTIAL, "uncovered")


def known(counts: pd.Series) -> list[int | None]:
    """Plain numbers of counts, None where nothing is published."""
    shown = counts.notna()
    return [int(value) if is_known else None for value, is_known in zip(counts, shown, strict=True)]


def points(counts: pd.Series, name: str, t: Texts) -> dict:
    """Part of a trace that all charts over time have: a None is a gap."""
    values = known(counts)
    return {
        "x": list(range(len(counts))),
        "y": values,
        "name": name,
        "customdata": counts.index.tolist(),
        "text": ["" if value is None else t.number(value) for value in values],
        "hovertemplate": "%{customdata}: %{text}<extra>%{fullData.name}</extra>",
    }


def gaps(table: pd.DataFrame) -> list[tuple[int, int]]:
    """First and last position of each run of periods in which no series is published."""
    runs: list[tuple[int, int]] = []
    for position in (n for n, empty in enumerate(table.isna().all(axis=1)) if empty):
        if runs and runs[-1][1] == position - 1:
            runs[-1] = (runs[-1][0], position)
        else:
            runs.append((position, position))
    return runs


def mark(
    figure: go.Figure, table: pd.DataFrame, breaks: Sequence[Break], t: Texts, *, wide: bool = True
) -> None:
    """Draw the axis, the bands of gaps and the breaks into a chart over time.

    `wide` charts have words in their bands; small ones have the band alone.
    """
    _axis(figure, table.index.tolist())
    _hollow(figure, {one.period for one in breaks if one.kind in _PARTIAL})
    for first, last in gaps(table):
        figure.add_shape(
            type="rect", x0=first - 0.5, x1=last + 0.5, y0=0, y1=1, yref="y domain",
            fillcolor=palette.BAND, line_width=0, layer="below", name=GAP,
        )  # fmt: skip
        if wide:
            _upright(figure, (first + last) / 2, t("rank.hidden"), first == last)
    positions = {code: n for n, code in enumerate(table.index)}
    for one in breaks:
        if one.period in positions:
            _broken(figure, one, positions[one.period], coverage.short(one, t) if wide else "")


def _broken(figure: go.Figure, one: Break, position: int, words: str) -> None:
    """Words for a break above its period, and a dashed line where counts stop being alike."""
    before = one.kind not in ("ends", "source_ends")
    x = position - 0.5 if before else position + 0.5
    if one.kind not in _EDGES:
        figure.add_shape(
            type="line", x0=x, x1=x, y0=0, y1=1, yref="y domain", name="break",
            line={"color": palette.MUTED, "width": 1.5, "dash": "dash"},
        )  # fmt: skip
    if words:
        figure.add_annotation(
            x=x, y=1, yref="y domain", text=words, showarrow=False, name="break",
            xanchor="left" if before else "right", yanchor="bottom",
            font={"color": palette.MUTED, "size": 12},
        )  # fmt: skip


def _hollow(figure: go.Figure, partial: set[str]) -> None:
    """Draw the points of partial periods hollow, and their bars pale."""
    for trace in figure.data if partial else ():
        within = [code in partial for code in trace.customdata]
        if trace.type == "bar":
            trace.marker.opacity = [_PALE if part else 1 for part in within]
        elif trace.meta != GAP:
            plain = trace.marker.symbol
            trace.marker.symbol = [f"{plain}-open" if part else plain for part in within]


def _upright(figure: go.Figure, x: float, text: str, narrow: bool) -> None:
    figure.add_annotation(
        x=x, y=0.5, yref="y domain", text=text, showarrow=False, name=GAP,
        textangle=-90 if narrow else 0, font={"color": palette.MUTED, "size": 12},
    )  # fmt: skip


def _axis(figure: go.Figure, codes: list[str]) -> None:
    """Ticks that say the period; where there are many quarters, one a year."""
    many = len(codes) > MOST_TICKS
    ticked = [n for n, code in enumerate(codes) if not many or "-Q" not in code or "-Q1" in code]
    figure.update_xaxes(
        tickvals=ticked,
        ticktext=[codes[n].removesuffix("-Q1") if many else codes[n] for n in ticked],
        range=[-0.5, len(codes) - 0.5],
        zeroline=False,
        automargin=True,
    )

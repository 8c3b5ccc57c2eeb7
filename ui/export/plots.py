"""Charts as pictures, in the frame of all pictures: bars, lines, and ranked rows.

As :mod:`ui.export.paper` says of all pictures. Imported only when a picture is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from ui import palette
from ui.export import arcs, paper, sheets
from ui.export.sheets import BAR, LINE, RANKED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ui.export.paper import Box
    from ui.export.sheets import Panel, Sheet
    from ui.i18n import Texts

LEFT, LOW, RIGHT, TOP = 0.03, 0.225, 0.97, 0.855  # of the charts, parts of the figure
COLUMNS, GAP = 4, 0.03  # small multiples in a row, room between panels
MOST_ROWS = 24  # ranked rows that the paper holds legibly
MOST_TICKS = 12
MARKS = ("o", "s", "^", "D", "X")
DASHES = ("-", "--", ":", "-.", (0, (8, 3)))


def of_sheet(sheet: Sheet, t: Texts, ending: str) -> bytes:
    """Picture of the charts of a sheet.

    Parameters
    ----------
    ending : {'png', 'svg'}
    """
    with paper.LOCK:
        figure = paper.framed(sheet.frame)
        room = boxes(len(sheet.panels) + bool(sheet.drawing))
        if sheet.drawing:
            arcs.draw(figure, sheet.drawing, room.pop(0), t)
        for panel, box in zip(sheet.panels, room, strict=True):
            _panel(figure, panel, box, t)
        note = paper.wrapped(sheet.note, 15.2, 10)
        look = {"fontproperties": paper.font(10), "color": palette.INK, "linespacing": 1.3}
        figure.text(0.025, 0.162, note, va="bottom", **look)
        return paper.written(figure, sheet.frame, sheets.told(sheet, t), {}, ending)


def boxes(count: int) -> list[Box]:
    """Boxes of so many panels: one, two side by side, more in rows of four."""
    columns = count if count <= 2 else COLUMNS
    rows = -(-count // max(columns, 1))
    wide = (RIGHT - LEFT + GAP) / max(columns, 1)
    high = (TOP - LOW + GAP) / max(rows, 1)
    return [
        (LEFT + wide * (i % columns), TOP - high * (i // columns) - (high - GAP),
         wide - GAP, high - GAP)
        for i in range(count)
    ]  # fmt: skip


def _panel(figure: Figure, panel: Panel, box: Box, t: Texts) -> None:
    left, low, wide, high = box
    if panel.title:
        say = {"fontproperties": paper.font(13, True), "color": palette.INK, "va": "top"}
        figure.text(left, low + high, paper.wrapped(panel.title, wide * paper.WIDE, 14), **say)
        high -= 0.042
    if panel.kind == RANKED:
        _ranked(figure, panel, (left, low, wide, high), t)
    else:
        _over_time(figure, panel, (left, low, wide, high), t)


# Ranked rows


def _ranked(figure: Figure, panel: Panel, box: Box, t: Texts) -> None:
    """Rows with their names at the left and a column of bars for each series."""
    table = panel.table
    kept, lost = len(table) - panel.lost, table.index[len(table) - panel.lost :]
    shown = list(range(min(kept, MOST_ROWS))) + list(range(kept, len(table)))
    wide, high = box[2] * paper.WIDE, box[3] * paper.HIGH
    axes = paper.empty(figure, box, (wide, high))
    step = min(0.36, (high - 0.55) / max(len(shown), 1))
    size = min(12, step * 46)
    names = 0.34 * wide if len(table.columns) == 1 else 0.28 * wide
    each = (wide - names) / len(table.columns)
    for row, at in enumerate(shown):
        y = high - 0.42 - step * (row + 0.5)
        _row_name(axes, str(table.index[at]), names, y, size)
        for column in range(len(table.columns)):
            grey = table.index[at] in lost
            _bar(axes, panel, (at, column), (names + each * column, y, each, step), grey, size, t)
    for column, name in enumerate(table.columns):
        title = paper.wrapped(str(name), each, 12)
        look = {"fontproperties": paper.font(11, True), "color": palette.INK, "va": "top"}
        axes.text(names + each * column, high, title, **look)
    if kept > MOST_ROWS:
        said = t("export.rows", shown=MOST_ROWS, of=kept)
        axes.text(0, 0, said, fontproperties=paper.font(10), color=palette.MUTED, va="bottom")


def _row_name(axes: Axes, name: str, wide: float, y: float, size: float) -> None:
    fits = paper.wrapped(name, wide - 0.1, size).count("\n") == 0
    small = size if fits else size * 0.78
    look = {"fontproperties": paper.font(small), "color": palette.INK, "linespacing": 1.0}
    axes.text(0, y, paper.wrapped(name, wide - 0.1, small), va="center", **look)


def _bar(
    axes: Axes, panel: Panel, at: tuple[int, int], box: Box, grey: bool, size: float, t: Texts
) -> None:
    """Bar with its number and share; the mark in words where nothing is published."""
    x, y, wide, step = box
    value = sheets.plain(panel.table.iloc[:, at[1]])[at[0]]
    if value is None:
        look = {"fontproperties": paper.font(size * 0.9), "color": palette.MUTED}
        axes.text(x, y, t("rank.hidden"), va="center", **look)
        return
    kept = len(panel.table) - panel.lost
    scaled = panel.table.iloc[:kept, [at[1]]] if panel.own else panel.table
    most = panel.most or int(scaled.max().max())
    room = wide - (2.0 if panel.shares is not None else 0.9)
    long = 0 if grey and panel.own else room * value / most  # as on the screen: a number alone
    colour = palette.UNPLACED if grey else panel.colours[at[1]]
    axes.add_artist(Rectangle((x, y - 0.36 * step), long, 0.72 * step, color=colour, linewidth=0))
    share = panel.shares.iloc[at] if panel.shares is not None else ""
    said = f"{t.number(value)}  ·  {share}" if share else t.number(value)
    look = {"fontproperties": paper.font(size), "color": palette.INK, "va": "center"}
    axes.text(x + long + 0.06, y, said, **look)


# Over time


def _over_time(figure: Figure, panel: Panel, box: Box, t: Texts) -> None:
    """Axes in a box, with room for ticks, rows of crosses and the names of several series."""
    left, low, wide, high = box
    several = len(panel.table.columns) > 1
    gaps = [name for name in panel.table if panel.table[name].isna().any()] if several else []
    under = 0.035 + 0.026 * len(gaps)
    right, over = 0.17 if gaps else 0.0, 0.08 if several else 0.03
    side = 0.045 if several else 0.0
    axes = figure.add_axes((left + side, low + under, wide - side - right, high - under - over))
    if panel.kind == LINE:
        _lines(axes, panel, gaps, t)
    else:
        _bars(axes, panel, t)
    _axes(axes, panel, t)


def _bars(axes: Axes, panel: Panel, t: Texts) -> None:
    """Bars of one series with their numbers."""
    size = 12 if not panel.most else 9
    for i, value in enumerate(sheets.plain(panel.table.iloc[:, 0])):
        if value is None:
            _gap(axes, i, palette.MUTED)
            continue
        axes.bar(i, value, 0.7, color=panel.colours[0])
        look = {"fontproperties": paper.font(size), "color": palette.INK}
        axes.text(i, value, t.number(value), ha="center", va="bottom", **look)


def _lines(axes: Axes, panel: Panel, gaps: list[str], t: Texts) -> None:
    """Lines broken where nothing is published; below the periods a named row of crosses each."""
    for number, name in enumerate(panel.table):
        values = sheets.plain(panel.table[name])
        hue = panel.colours[number]
        axes.plot(
            range(len(values)), [float("nan") if one is None else one for one in values],
            color=hue, linewidth=2.6, markersize=8 if len(values) <= MOST_TICKS else 5,
            marker=MARKS[number % len(MARKS)], linestyle=DASHES[number % len(DASHES)], label=name,
        )  # fmt: skip
        at = [i for i, one in enumerate(values) if one is None]
        y = 0.02 if name not in gaps else -0.1 - 0.055 * gaps.index(name)
        for i in at:
            _gap(axes, i, hue, y)
        if name in gaps:
            look = {"fontproperties": paper.font(9.5), "color": hue, "va": "center"}
            axes.text(1.01, y, name, transform=axes.transAxes, **look)


def _gap(axes: Axes, x: float, hue: str, y: float = 0.03) -> None:
    """Mark of what is not published: a cross at the foot, or below it; never a zero."""
    axes.plot(
        [x], [y], marker="x", color=hue, markersize=7, linestyle="none",
        transform=axes.get_xaxis_transform(), clip_on=False,
    )  # fmt: skip


def _axes(axes: Axes, panel: Panel, t: Texts) -> None:
    """Periods below, whole numbers at the side, what the cross means, and the series."""
    table, small = panel.table, bool(panel.most)
    axes.set_xlim(-0.5, max(len(table), 1) - 0.5)
    most = panel.most or int(table.max(axis=None))
    axes.set_ylim(0, 1.14 * most)
    size = 9 if small else 11
    at = _ticks([str(name) for name in table.index])
    wide = axes.get_position().width * paper.WIDE / max(len(at), 1)
    labels = [paper.wrapped(str(table.index[i]), wide, size) for i in at]
    axes.set_xticks(at, labels, fontproperties=paper.font(size), color=palette.INK)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    if panel.kind == BAR or small:
        axes.set_yticks([])
    else:
        axes.yaxis.get_major_locator().set_params(integer=True, nbins=5)
        axes.yaxis.set_major_formatter(lambda value, _: t.number(int(value)))
        for label in axes.get_yticklabels():
            label.set_fontproperties(paper.font(11))
    if len(table.columns) > 1:
        look = {"frameon": False, "prop": paper.font(12), "handlelength": 3.2}
        axes.legend(loc=3, bbox_to_anchor=(0, 1.01), ncols=3, **look)
    if table.isna().any(axis=None) and not small:
        look = {"fontproperties": paper.font(11), "color": palette.MUTED, "va": "bottom"}
        axes.text(1, 1.02, f"× {t('rank.hidden')}", transform=axes.transAxes, ha="right", **look)


def _ticks(labels: list[str]) -> list[int]:
    """Positions that are named: where there are many quarters, the first of each year."""
    many = len(labels) > MOST_TICKS
    return [i for i, label in enumerate(labels) if not many or "-Q" not in label or "-Q1" in label]

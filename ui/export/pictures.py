"""The view as a picture: map or chart in one frame, drawn without a browser.

Drawn by matplotlib's objects, one picture at a time, and never by its global state: two
readers can ask at once. The same view gives the same bytes: no date, fixed names of parts,
the fonts that matplotlib brings along. Imported only when a picture is asked for.
"""

from __future__ import annotations

import html
import io
import re
import textwrap
import threading
from dataclasses import dataclass
from pathlib import Path as File
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ui import export, figures, lookup, maps, palette, words
from ui.export import marks, outlines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.lookup import Layer, Opened, Shown

    Box = tuple[float, float, float, float]  # left, low, width, height; parts of the figure

WIDE, HIGH, DPI = 16.0, 10.0, 120  # inches; a slide of 1920 × 1200
PAPER, FAR, LAKE = "#ffffff", "#eceae3", "#d3e1e8"  # as on the screen: ui/assets/map.js
LINE, BORDER, HIDDEN, HATCH = "#667079", "#3c4851", "#ececea", "#aeaca5"
NOTICE = "#fbf0cf"

_LOCK = threading.Lock()
_FONTS = File(mpl.get_data_path()) / "fonts" / "ttf"
_LETTER = 0.515  # mean width of a letter of DejaVu Sans, in sizes
_DRAWN, _LONG = re.compile(r' d="[^"]*"'), re.compile(r"(\.\d\d)\d+")
_FIXED = {
    "svg.hashsalt": "mosaico",  # names of parts: otherwise random
    "svg.fonttype": "path",  # the reader's machine needs no font
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "path.simplify": True,
}


def _settle() -> None:
    """Forget what a settings file of this machine says: the same bytes everywhere."""
    mpl.rcdefaults()
    mpl.rcParams.update(_FIXED)


_settle()


@dataclass(frozen=True)
class Frame:
    """What every picture says around its drawing.

    Attributes
    ----------
    title, view : str
        Question, and the view in words.
    standing : str
        "synthetic demonstration ..." or ``""``.
    about : mapping of str to str
        Lines of :func:`ui.export.about`.
    """

    title: str
    view: str
    standing: str
    about: Mapping[str, str]


def of_view(source: Opened, choice: Choice, found: Shown, t: Texts, ending: str) -> bytes:
    """Picture of the map view: counts or rates, as the screen shows.

    Parameters
    ----------
    ending : {'png', 'svg'}
    """
    about = export.about(source, choice, t, found)
    del about[t("export.bound")]  # a column of the table: here the legend says it
    about[t("export.help")] = about.pop(t("export.help"))  # last: the foot's largest line
    standing = t("export.synthetic") if source.release.manifest["synthetic"] else ""
    view = words.described(source, choice, t)
    frame = Frame(t("map.question"), view, standing, about)
    with _LOCK:
        figure = _framed(frame)
        names = _maps(figure, source, choice, found, t)
        return _written(figure, frame, alternative(source, choice, found, t), names, ending)


def chart(
    table: pd.DataFrame,
    about: Mapping[str, str],
    t: Texts,
    *,
    title: str,
    unit: str,
    kind: str = "bar",
    colours: Sequence[str] = (),
    standing: str = "",
    ending: str = "png",
) -> bytes:
    """Picture of a chart, in the frame of all pictures.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: words of the categories or periods; a column a series, named in words; NA
        where nothing is published, drawn as a gap with its mark.
    about : mapping of str to str
        Lines of :func:`ui.export.about`, or as many of them as hold.
    title, unit : str
        What is asked, and what is counted.
    kind : {'bar', 'line'}
    colours : sequence of str
        A colour a series; those of all venues and the layers otherwise.
    standing : str
        What a synthetic release says of itself.
    ending : {'png', 'svg'}
    """
    frame = Frame(title, unit, standing, about)
    hues = tuple(colours) or tuple(palette.hue(venue) for venue in palette.SCALES)
    with _LOCK:
        figure = _framed(frame)
        axes = figure.add_axes((0.07, 0.30, 0.88, 0.50))
        (_lines if kind == "line" else _bars)(axes, table, hues, t)
        _axes(axes, table, t)
        return _written(figure, frame, told(table, t), {}, ending)


def told(table: pd.DataFrame, t: Texts) -> str:
    """Numbers of a chart in words: each series, each category."""
    lines = []
    for name in table:
        values = [
            f"{place} {t('rank.hidden') if value is None else t.number(value)}"
            for place, value in zip(table.index, _plain(table[name]), strict=True)
        ]
        lines.append(f"{name}: {', '.join(values)}.")
    return " ".join(lines)


def alternative(source: Opened, choice: Choice, found: Shown, t: Texts) -> str:
    """Numbers of the map in words, from the table that the screen ranks places by."""
    table = figures.ranking(source, choice, found, t)
    lines = []
    for number, column in enumerate(table["columns"]):
        values = [
            f"{row['name']} {row['texts'][number]}"
            for row in (*table["rows"], *table["unplaced"])
            if row["texts"][number] is not None
        ]
        lines.append(f"{column['title']}: {', '.join(values) or column['hidden']}.")
    return " ".join([*lines, table["note"]])


def _plain(values: pd.Series) -> list[int | None]:
    known = values.notna()
    return [int(value) if shown else None for value, shown in zip(values, known, strict=True)]


# Frame


def _font(size: float, bold: bool = False) -> FontProperties:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(_FONTS / name), size=size)


def _wrapped(text: str, inches: float, size: float) -> str:
    letters = int(inches * 72 / (size * _LETTER))
    return "\n".join(textwrap.wrap(text, letters))


def _framed(frame: Frame) -> Figure:
    """Paper with the title, and below a line what the picture is and is not."""
    figure = Figure(figsize=(WIDE, HIGH), dpi=DPI, facecolor=PAPER)
    say = figure.text
    say(0.025, 0.965, frame.title, fontproperties=_font(25, True), color=palette.INK, va="top")
    size = 17 if len(frame.view) < 90 else 13
    say(0.025, 0.912, frame.view, fontproperties=_font(size), color=palette.MUTED, va="top")
    if frame.standing:
        say(
            0.975, 0.958, words.capitalised(frame.standing), fontproperties=_font(13, True),
            color=palette.INK, va="top", ha="right",
            bbox={"boxstyle": "round,pad=0.5", "facecolor": NOTICE, "edgecolor": palette.INK},
        )  # fmt: skip
    _foot(figure, frame)
    return figure


def _foot(figure: Figure, frame: Frame) -> None:
    """Lines of the export but the view, which is above; the most important last and largest."""
    (_, title), *lines, (_, last) = frame.about.items()
    kept = (f"{name}: {value}" for name, value in lines if value != frame.view)
    text = "  ·  ".join([title, *kept])
    figure.add_artist(
        Rectangle((0.025, 0.152), 0.95, 0.0008, color=palette.RULE, transform=figure.transFigure)
    )
    size = 10 if _wrapped(text, 15.2, 10).count("\n") < 5 else 9  # five lines fit above the last
    figure.text(
        0.025, 0.142, _wrapped(text, 15.2, size), fontproperties=_font(size), color=palette.MUTED,
        va="top", linespacing=1.35,
    )  # fmt: skip
    figure.text(
        0.025, 0.022, last.replace("**", ""), fontproperties=_font(11, True), color=palette.INK
    )


def _written(
    figure: Figure, frame: Frame, said: str, names: Mapping[str, str], ending: str
) -> bytes:
    """Bytes of the picture, with its title and its numbers in words."""
    title = f"{frame.title} {frame.view}"
    lines = " ".join(f"{name}: {text}" for name, text in frame.about.items()).replace("**", "")
    described = f"{said} {lines}"
    file = io.BytesIO()
    if ending == "png":
        facts = {"Title": title, "Description": described, "Software": None}
        FigureCanvasAgg(figure).print_png(file, metadata=facts)
        return file.getvalue()
    FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    text = _DRAWN.sub(_rounded, file.getvalue().decode("utf-8"))
    return _titled(text, title, described, names).encode("utf-8")


def _rounded(drawn: re.Match) -> str:
    """Path of an SVG in hundredths of a point: a third of the file."""
    return _LONG.sub(r"\1", drawn[0])


def _titled(text: str, title: str, described: str, names: Mapping[str, str]) -> str:
    """SVG with a title and a description, and a title for each place."""
    head = '\\g<0>\n <title id="title">{}</title>\n <desc id="desc">{}</desc>'.format(
        *(html.escape(part).replace("\\", "\\\\") for part in (title, described))
    )
    opened = r"<svg (?=[^>]*>)"
    text = re.sub(opened, '<svg role="img" aria-labelledby="title desc" ', text, count=1)
    text = re.sub(r"<svg [^>]*>", head, text, count=1)
    return re.sub(
        r'<g id="(place-[^"]+)">',
        lambda found: f"{found[0]}<title>{html.escape(names[found[1]])}</title>",
        text,
    )


# Maps


def _maps(figure: Figure, source: Opened, choice: Choice, found: Shown, t: Texts) -> dict[str, str]:
    """Draw the layers as small multiples, and the legend; the name of each place's part."""
    names: dict[str, str] = {}
    panels, beside = _room(len(found.layers))
    for number, (layer, box) in enumerate(zip(found.layers, panels, strict=True)):
        axes = _empty(figure, box, (outlines.WIDTH, outlines.HEIGHT))
        _ground(axes, source, layer, found)
        placed = marks.of_layer(source, choice, found, layer, t)
        names |= _cells(axes, source, layer, placed, number)
        _over(axes, source)
        _named(figure, box, layer, t, len(found.layers) > 1)
    _unplaced(figure, panels, found, t)
    legend = maps.legend(choice.layers, source, t, found.measure)
    legend["marks"] = [mark for mark in legend["marks"] if mark["kind"] in _LOOKS]
    for mark in legend["marks"]:
        if mark["kind"] == "unplaced":
            mark["text"] = t("export.unplaced")
    if beside:
        _column(figure, beside, legend)
    else:
        _below(figure, panels, legend)
    return names


def _room(count: int) -> tuple[list[Box], Box | None]:
    """Boxes of the panels, and of the legend where it is beside them (one or four panels)."""
    if count == 1:
        return [(0.025, 0.21, 0.59, 0.635)], (0.645, 0.19, 0.33, 0.655)
    shape = outlines.HEIGHT * WIDE / HIGH  # height of a panel to its width, of the figure's
    if count in (2, 3):
        step = 0.98 / count
        wide = min(step - 0.03, 0.37 / shape)
        high = wide * shape
        return [(0.025 + step * i, 0.85 - high, wide, high) for i in range(count)], None
    high = 0.27
    wide = high / shape
    boxes = [(0.025 + 0.31 * (i % 2), 0.575 - 0.34 * (i // 2), wide, high) for i in range(count)]
    return boxes, (0.665, 0.19, 0.31, 0.655)


def _empty(figure: Figure, box: Box, size: tuple[float, float]) -> Axes:
    axes = figure.add_axes(box)
    axes.set_xlim(0, size[0])
    axes.set_ylim(0, size[1])
    axes.set_aspect("equal", anchor="W")
    axes.axis("off")
    return axes


def _fill(axes: Axes, paths: Sequence[Path], order: int, **look: object) -> None:
    if paths:
        whole = Path.make_compound_path(*paths)
        axes.add_artist(PathPatch(whole, zorder=order, **{"linewidth": 0, **look}))


def _ground(axes: Axes, source: Opened, layer: Layer, found: Shown) -> None:
    """Land around, and the states that have no count: hatched, or bare where not asked for."""
    _fill(axes, outlines.around()["land"], 1, facecolor=FAR)
    covered = {code: path for code, path in outlines.states().items() if code[:2] in source.covered}
    if "state" not in found.levels:
        _fill(axes, list(covered.values()), 2, facecolor=palette.GROUND)
        return
    known = layer.known("state").index
    hidden = [path for code, path in covered.items() if code not in known]
    look = {"facecolor": HIDDEN, "edgecolor": HATCH, "hatch": "////", "hatch_linewidth": 0.7}
    _fill(axes, hidden, 2, **look)


def _cells(
    axes: Axes, source: Opened, layer: Layer, placed: Sequence[marks.Mark], number: int
) -> dict[str, str]:
    """Draw each marked place; returns what each says."""
    names = {}
    hexes = [mark.place for mark in placed if mark.level != "state"]
    shapes = outlines.states() | outlines.hexes(source.release.places, hexes)
    depth = {level: 3 + at for at, level in enumerate(layer.cells)}
    for mark in placed:
        group = f"place-{number}-{mark.place.replace('/', '.')}"
        look = {"linewidth": 0, **_look(layer.venue, mark)}
        axes.add_artist(PathPatch(shapes[mark.place], zorder=depth[mark.level], gid=group, **look))
        names[group] = mark.text
    return names


def _look(venue: str, mark: marks.Mark) -> dict:
    """Colour of a class, lined for "at least"; the mark of a count without a rate."""
    if mark.none:
        return {**_LOOKS[mark.none], "edgecolor": LINE}
    is_state, digit = mark.level == "state", mark.digit - 1
    tones = palette.pale(venue)[0 if is_state else 1] if mark.behind else palette.scale(venue)
    edge = {} if is_state else _edge(digit, mark.behind)
    lines = _lined(digit, mark.behind) if mark.least else {}
    return {"facecolor": tones[digit], **edge, **lines}


def _lined(digit: int, behind: bool) -> dict:
    """Lines of "at least", light on dark classes."""
    dark = digit >= 3 and not behind
    return {
        "hatch": "\\\\\\\\", "hatchcolor": PAPER if dark else palette.INK, "hatch_linewidth": 0.8,
    }  # fmt: skip


def _edge(digit: int, behind: bool) -> dict:
    dark = digit >= 3 and not behind
    return {"edgecolor": PAPER if dark else palette.INK, "linewidth": 0.35 if behind else 0.6}


def _over(axes: Axes, source: Opened) -> None:
    """Lakes, state and country lines, dotted where not covered, and the insets' boxes."""
    _fill(axes, outlines.around()["lake"], 7, facecolor=LAKE)
    states = outlines.states().items()
    covered = [path for code, path in states if code[:2] in source.covered]
    bare = [path for code, path in states if code[:2] not in source.covered]
    _fill(axes, covered, 8, fill=False, edgecolor=LINE, linewidth=0.5)
    _fill(axes, bare, 8, fill=False, edgecolor=LINE, linewidth=1.0, linestyle=(0, (1, 2.5)))
    _fill(axes, outlines.around()["country_line"], 9, fill=False, edgecolor=BORDER, linewidth=1.1)
    for inset in outlines.INSETS.values():
        left, low, right, high = inset.box
        axes.add_artist(
            Rectangle((left - 0.008, low - 0.01), right - left + 0.016, high - low + 0.02,
                      fill=False, edgecolor=palette.RULE, linewidth=0.8, zorder=10)
        )  # fmt: skip


def _named(figure: Figure, box: Box, layer: Layer, t: Texts, several: bool) -> None:
    """Name of a panel's layer, with the total of both countries where it is published."""
    some = layer.least.totals if layer.least else lookup.EMPTY
    if "all" in layer.totals.index:
        count = marks.told(int(layer.totals["all"]), False, t)
    elif "all" in some.index:
        count = marks.told(int(some["all"]), True, t)
    else:
        count = t("rank.refused" if layer.lack == "refused" else "rank.hidden")
    text = f"{t.code('venue', layer.venue)}: {count}"
    figure.text(
        box[0], box[1] + box[3] + 0.004, text, fontproperties=_font(14 if several else 15, True),
        color=palette.hue(layer.venue), va="bottom",
    )  # fmt: skip


def _unplaced(figure: Figure, panels: Sequence[Box], found: Shown, t: Texts) -> None:
    """Bars for places not known, a row a country below each panel, on one scale for all."""
    lost = [_lost(layer) for layer in found.layers]
    codes = sorted({code for counts in lost for code in counts}, reverse=True)
    most = max((count for counts in lost for count, _ in counts.values()), default=1)
    for counts, box in zip(lost, panels, strict=True):
        for row, code in enumerate(codes):
            count, partly = counts.get(code, (0, False))
            y = box[1] - 0.018 - 0.021 * row
            wide = 0.05 * count / most
            figure.add_artist(
                Rectangle((box[0], y), wide, 0.013, color=palette.UNPLACED,
                          linewidth=0, transform=figure.transFigure)
            )  # fmt: skip
            name = t("rank.unplaced", country=words.unplaced(code, t))
            said = marks.told(count, partly, t) if count else t("rank.hidden")
            figure.text(
                box[0] + wide + (0.004 if count else 0), y + 0.006, f"{name}: {said}",
                fontproperties=_font(10), color=palette.INK, va="center_baseline",
            )  # fmt: skip


def _lost(layer: Layer) -> dict[str, tuple[int, bool]]:
    """Counts with no place by country, and whether each is "at least"."""
    some = layer.least.unplaced if layer.least else lookup.EMPTY
    parts = ((layer.unplaced, False), (some, True))
    return {code: (int(count), partly) for part, partly in parts for code, count in part.items()}


# Legend


def _column(figure: Figure, box: Box, legend: dict) -> None:
    """Legend beside the panels, as large as the screen's: every mark, whatever is drawn."""
    wide, high = box[2] * WIDE, box[3] * HIGH
    axes = _empty(figure, box, (wide, high))
    _heading(axes, legend, 0.0, high)
    y = high - 0.62
    for layer in legend["layers"]:
        if len(legend["layers"]) > 1:
            _say(axes, 0.0, y, layer["title"])
            y -= 0.21
        y = _scale(axes, layer, 0.0, y, wide) - 0.05
    _classes(axes, legend["classes"], 0.0, y, wide)
    y -= 0.6
    for mark in legend["marks"]:
        y = _mark(axes, mark, 0.0, y, wide)


def _below(figure: Figure, panels: Sequence[Box], legend: dict) -> None:
    """Legend below the panels: the scale of each under its map, the marks in a strip."""
    low, top = 0.16, panels[0][1] - 0.064
    high = (top - low) * HIGH
    axes = _empty(figure, (0.025, low, 0.95, top - low), (0.95 * WIDE, high))
    _heading(axes, legend, 0.0, high)
    for layer, box in zip(legend["layers"], panels, strict=True):
        x, wide = (box[0] - 0.025) * WIDE, min(box[2] * WIDE, 5.0)
        y = _scale(axes, layer, x, high - 0.58, wide)
        _classes(axes, legend["classes"], x, y - 0.03, wide)
    columns, wide = 3, 0.98 * WIDE / 3
    for column in range(columns):
        y = high - 1.5
        for mark in legend["marks"][column::columns]:
            y = _mark(axes, mark, column * wide, y, wide - 0.2)


def _heading(axes: Axes, legend: dict, x: float, y: float) -> None:
    axes.text(x, y, legend["title"], fontproperties=_font(14, True), color=palette.INK, va="top")
    axes.text(x, y - 0.27, legend["unit"], fontproperties=_font(11), color=palette.MUTED, va="top")


def _scale(axes: Axes, layer: dict, x: float, y: float, wide: float) -> float:
    """Classes of a layer, its paler tones in thin rows; returns how far down it went, in inches."""
    step = wide / len(layer["colours"])
    rows = ((layer["colours"], 0.2), *((tones, 0.07) for tones in layer["pale"]))
    for colours, high in rows:
        for i, colour in enumerate(colours):
            axes.add_artist(
                Rectangle((x + i * step, y - high), step - 0.03, high, facecolor=colour,
                          edgecolor=LINE, linewidth=0.4)
            )  # fmt: skip
        y -= high + 0.03
    return y


def _classes(axes: Axes, labels: Sequence[str], x: float, y: float, wide: float) -> None:
    step = wide / len(labels)
    for i, label in enumerate(labels):
        _say(axes, x + i * step, y, _wrapped(label, step * 0.9, 10.5))


def _say(axes: Axes, x: float, y: float, text: str) -> None:
    axes.text(x, y, text, fontproperties=_font(10.5), color=palette.INK, va="top", linespacing=1.25)


_LOOKS = {
    "hidden": {"facecolor": HIDDEN, "edgecolor": HATCH, "hatch": "////"},
    "ground": {"facecolor": palette.GROUND, "edgecolor": LINE},
    "behind": {"facecolor": palette.pale("all")[0][2], "edgecolor": LINE},
    "too_few": {"facecolor": PAPER, "edgecolor": LINE, "hatch": "..", "hatchcolor": palette.INK},
    "no_denominator": {
        "facecolor": PAPER,
        "edgecolor": LINE,
        "hatch": "++",
        "hatch_linewidth": 0.5,
    },
    "uncovered": {"facecolor": PAPER, "edgecolor": LINE, "linestyle": (0, (1, 2.5))},
    "least": {"facecolor": palette.scale("all")[1], "edgecolor": LINE, **_lined(1, False)},
    "unplaced": {"facecolor": palette.UNPLACED, "edgecolor": palette.UNPLACED},
}


def _mark(axes: Axes, mark: dict, x: float, y: float, wide: float) -> float:
    """One mark and what it means; returns where the next one starts, in inches."""
    text = _wrapped(mark["text"], wide - 0.75, 10.5)
    axes.add_artist(Rectangle((x, y - 0.19), 0.34, 0.19, linewidth=0.8, **_LOOKS[mark["kind"]]))
    _say(axes, x + 0.46, y + 0.01, text)
    return y - 0.14 - 0.195 * (text.count("\n") + 1)


# Charts


def _bars(axes: Axes, table: pd.DataFrame, hues: Sequence[str], t: Texts) -> None:
    """Bars with their numbers, series beside each other."""
    wide = 0.8 / len(table.columns)
    for number, name in enumerate(table):
        for i, value in enumerate(_plain(table[name])):
            x = i - 0.4 + wide * (number + 0.5)
            hue = hues[number % len(hues)]
            if value is not None:
                axes.bar(x, value, wide * 0.92, color=hue, label=name if not i else None)
                axes.text(
                    x, value, t.number(value), ha="center", va="bottom",
                    fontproperties=_font(11), color=palette.INK,
                )  # fmt: skip
            else:
                _gap(axes, x, hue)


def _lines(axes: Axes, table: pd.DataFrame, hues: Sequence[str], t: Texts) -> None:
    """Lines broken where nothing is published, a row of crosses a series below the years."""
    marks = ("o", "s", "^", "D", "v", "P")
    for number, name in enumerate(table):
        values = _plain(table[name])
        hue = hues[number % len(hues)]
        ys = [float("nan") if value is None else value for value in values]
        axes.plot(
            range(len(ys)), ys, color=hue, linewidth=2.6, markersize=8,
            marker=marks[number % len(marks)], label=name,
        )  # fmt: skip
        for i, value in enumerate(values):
            if value is None:
                _gap(axes, i, hue, -0.1 - 0.045 * number)


def _gap(axes: Axes, x: float, hue: str, y: float = 0.02) -> None:
    """Mark of what is not published: a cross at the foot, or below it; never a zero."""
    axes.plot(
        [x], [y], marker="x", color=hue, markersize=7, linestyle="none",
        transform=axes.get_xaxis_transform(), clip_on=False,
    )  # fmt: skip


def _axes(axes: Axes, table: pd.DataFrame, t: Texts) -> None:
    """Categories below, whole numbers at the side, what the cross means, and the series."""
    axes.set_xlim(-0.5, max(len(table), 1) - 0.5)
    axes.set_ylim(bottom=0)
    axes.margins(y=0.12)
    labels = [_wrapped(str(name), 13 / max(len(table), 1), 11) for name in table.index]
    axes.set_xticks(range(len(table)), labels, fontproperties=_font(11), color=palette.INK)
    axes.tick_params(length=0)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=5)
    axes.yaxis.set_major_formatter(lambda value, _: t.number(int(value)))
    for label in axes.get_yticklabels():
        label.set_fontproperties(_font(11))
    axes.spines[["top", "right", "left"]].set_visible(False)
    if len(table.columns) > 1:
        axes.legend(loc=3, bbox_to_anchor=(0, 1.01), ncols=4, frameon=False, prop=_font(12))
    if table.isna().any(axis=None):
        axes.text(
            1, 1.02, f"× {t('rank.hidden')}", transform=axes.transAxes, ha="right", va="bottom",
            fontproperties=_font(11), color=palette.MUTED,
        )  # fmt: skip

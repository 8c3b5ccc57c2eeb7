"""Maps as pictures, drawn without a browser: the view, and what is compared.

As :mod:`ui.export.paper` says of all pictures. Imported only when a picture is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from ui import clusters, export, figures, lookup, maps, palette, words
from ui.export import marks, outlines, paper, sheets
from ui.export.paper import HIGH, PAPER, WIDE
from ui.figures import compare as compared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ui.choice import Choice
    from ui.compare import Compared
    from ui.export.paper import Box
    from ui.i18n import Texts
    from ui.lookup import Layer, Opened, Shown

FAR, LAKE = "#eceae3", "#d3e1e8"  # as on the screen: ui/assets/map.js
LINE, BORDER, HIDDEN, HATCH = "#667079", "#3c4851", "#ececea", "#aeaca5"


def of_view(source: Opened, choice: Choice, found: Shown, t: Texts, ending: str) -> bytes:
    """Picture of the map view: counts or rates, as the screen shows.

    Parameters
    ----------
    ending : {'png', 'svg'}
    """
    lines = export.about(source, choice, t, found)
    view = words.described(source, choice, t, found.measure)
    frame = sheets.frame(source, t("map.question"), view, lines, t)
    ranked = alternative(figures.ranking(source, choice, found, t))
    said = f"{ranked} {clusters.listed(source, found, t)}".strip()
    with paper.LOCK:
        figure = paper.framed(frame)
        names = _maps(figure, source, choice, found, t)
        return paper.written(figure, frame, said, names, ending)


def of_compared(source: Opened, seen: Compared, t: Texts, ending: str) -> bytes:
    """Picture of what is compared: a map a layer or a period, or two layers crossed."""
    lines = compared.about(source, seen, t)
    frame = sheets.frame(source, t("compare.question"), lines[t("export.view")], lines, t)
    said = alternative(compared.table(source, seen, t))
    with paper.LOCK:
        figure = paper.framed(frame)
        if seen.choice.compare == "overlap":
            from ui.export import crossed  # it draws with what is here

            names = crossed.draw(figure, source, seen, t)
        else:
            titles = compared.titles(source, seen, t)
            names = _maps(figure, source, seen.choice, seen.found, t, titles)
        return paper.written(figure, frame, said, names, ending)


def alternative(table: dict) -> str:
    """Numbers of the map in words, from the table that the screen ranks places by."""
    lines = []
    for number, column in enumerate(table["columns"]):
        values = [
            f"{row['name']} {row['texts'][number]}"
            for row in (*table["rows"], *table["unplaced"])
            if row["texts"][number] is not None
        ]
        lines.append(f"{column['title']}: {', '.join(values) or (column | table)['hidden']}.")
    return " ".join([*lines, table["note"]])


# Maps


def _maps(
    figure: Figure,
    source: Opened,
    choice: Choice,
    found: Shown,
    t: Texts,
    titles: Sequence[str] = (),
) -> dict[str, str]:
    """Draw the layers as small multiples, and the legend; the name of each place's part."""
    names: dict[str, str] = {}
    panels, beside = room(len(found.layers))
    titles = titles or [t.code("venue", layer.venue) for layer in found.layers]
    for number, (layer, box) in enumerate(zip(found.layers, panels, strict=True)):
        names |= panel(figure, box, source, choice, found, layer, number, t)
        named(figure, box, layer, titles[number], t, len(found.layers) > 1)
    unplaced(figure, panels, found.layers, t)
    legend = maps.legend(choice.layers, source, t, found.measure, found.clustered)
    legend = _legend(maps.marked(legend, found.measure), t)
    if beside:
        _column(figure, beside, legend)
    else:
        _below(figure, panels, legend)
    return names


def panel(
    figure: Figure,
    box: Box,
    source: Opened,
    choice: Choice,
    found: Shown,
    layer: Layer,
    number: int,
    t: Texts,
) -> dict[str, str]:
    """Map of one layer; the name of each place's part."""
    axes = paper.empty(figure, box, (outlines.WIDTH, outlines.HEIGHT))
    ground(axes, source, layer, found)
    kinds = found.clusters.layers[number].kinds if found.clusters else {}
    placed = marks.with_clusters(marks.of_layer(source, choice, found, layer, t), kinds, t)
    names = _cells(axes, source, layer, placed, number)
    over(axes, source)
    _outlined(axes, source, kinds, number)
    return names


def _legend(legend: dict, t: Texts) -> dict:
    """Legend of the screen with the marks that a picture has."""
    kept = [mark for mark in legend["marks"] if mark["kind"] in _LOOKS]
    told = {"unplaced": t("export.unplaced")}
    return maps.alone(legend | {"marks": kept}, told, t)


def room(count: int) -> tuple[list[Box], Box | None]:
    """Boxes of the panels, and of the legend where it is beside them (one or four panels)."""
    if count == 1:
        return [(0.025, 0.21, 0.59, 0.635)], (0.645, 0.19, 0.33, 0.655)
    shape = outlines.HEIGHT * WIDE / HIGH  # height of a panel to its width, of the figure's
    if count in (2, 3):
        step = 0.98 / count
        wide = min(step - 0.03, 0.34 / shape)
        high = wide * shape
        return [(0.025 + step * i, 0.85 - high, wide, high) for i in range(count)], None
    high = 0.27
    wide = high / shape
    boxes = [(0.025 + 0.31 * (i % 2), 0.575 - 0.34 * (i // 2), wide, high) for i in range(count)]
    return boxes, (0.665, 0.19, 0.31, 0.655)


def _fill(axes: Axes, paths: Sequence[Path], order: int, **look: object) -> None:
    if paths:
        whole = Path.make_compound_path(*paths)
        axes.add_artist(PathPatch(whole, zorder=order, **{"linewidth": 0, **look}))


def ground(axes: Axes, source: Opened, layer: Layer, found: Shown) -> None:
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


_CLUSTERS = {
    "many": ({"edgecolor": palette.INK, "linewidth": 2.8}, {"edgecolor": PAPER, "linewidth": 1.0}),
    "few": (
        {"edgecolor": PAPER, "linewidth": 2.6},
        {"edgecolor": palette.INK, "linewidth": 1.3, "linestyle": (0, (3.5, 2.2))},
    ),
}  # fmt: skip


def _outlined(axes: Axes, source: Opened, kinds: Mapping[str, str], number: int) -> None:
    """Outlines of clusters as on the screen: wide strokes of all places, then narrow ones."""
    hexes = [place for place in kinds if "/" in place]
    drawn = outlines.states() | outlines.hexes(source.release.places, hexes)
    shapes: dict[str, Path] = {}
    for one in _CLUSTERS:
        shapes |= outlines.apart({p: drawn[p] for p, kind in kinds.items() if kind == one})
    for stroke in (0, 1):
        for place, kind in kinds.items():
            group = f"cluster-{number}-{stroke}-{place.replace('/', '.')}"
            look = {"fill": False, "gid": group, **_CLUSTERS[kind][stroke]}
            axes.add_artist(PathPatch(shapes[place], zorder=9.3 + stroke / 10, **look))


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


def over(axes: Axes, source: Opened) -> None:
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


def named(figure: Figure, box: Box, layer: Layer, title: str, t: Texts, several: bool) -> None:
    """Name of a panel, with the total of both countries where it is published."""
    some = layer.least.totals if layer.least else lookup.EMPTY
    if "all" in layer.totals.index:
        count = marks.told(int(layer.totals["all"]), False, t)
    elif "all" in some.index:
        count = marks.told(int(some["all"]), True, t)
    else:
        count = t("rank.refused" if layer.lack == "refused" else "rank.hidden")
    text = f"{title}: {count}"
    figure.text(
        box[0], box[1] + box[3] + 0.004, text, fontproperties=paper.font(14 if several else 15, True),
        color=palette.hue(layer.venue), va="bottom",
    )  # fmt: skip


def unplaced(figure: Figure, panels: Sequence[Box], layers: Sequence[Layer], t: Texts) -> None:
    """Bars for places not known, a row a country below each panel, on one scale for all."""
    lost = [_lost(layer) for layer in layers]
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
                fontproperties=paper.font(10), color=palette.INK, va="center_baseline",
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
    axes = paper.empty(figure, box, (wide, high))
    _heading(axes, legend, 0.0, high)
    y = high - 0.62
    for layer in legend["layers"]:
        if len(legend["layers"]) > 1:
            say(axes, 0.0, y, layer["title"])
            y -= 0.21
        y = scale(axes, layer, 0.0, y, wide) - 0.05
    classes(axes, legend["classes"], 0.0, y, wide)
    y -= 0.6
    for one in legend["marks"]:
        y = mark(axes, one, 0.0, y, wide)


def _below(figure: Figure, panels: Sequence[Box], legend: dict) -> None:
    """Legend below the panels: the scale of each under its map, the marks in a strip."""
    low, top = 0.16, panels[0][1] - 0.064
    high = (top - low) * HIGH
    axes = paper.empty(figure, (0.025, low, 0.95, top - low), (0.95 * WIDE, high))
    _heading(axes, legend, 0.0, high)
    for layer, box in zip(legend["layers"], panels, strict=False):
        x, wide = (box[0] - 0.025) * WIDE, min(box[2] * WIDE, 5.0)
        y = scale(axes, layer, x, high - 0.58, wide)
        classes(axes, legend["classes"], x, y - 0.03, wide)
    columns, wide = 3, 0.98 * WIDE / 3
    for column in range(columns):
        y = high - 1.5
        for one in legend["marks"][column::columns]:
            y = mark(axes, one, column * wide, y, wide - 0.2)


def _heading(axes: Axes, legend: dict, x: float, y: float) -> None:
    axes.text(
        x, y, legend["title"], fontproperties=paper.font(14, True), color=palette.INK, va="top"
    )
    axes.text(
        x, y - 0.27, legend["unit"], fontproperties=paper.font(11), color=palette.MUTED, va="top"
    )


def scale(axes: Axes, layer: dict, x: float, y: float, wide: float) -> float:
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


def classes(axes: Axes, labels: Sequence[str], x: float, y: float, wide: float) -> None:
    """Labels under the classes of a scale."""
    step = wide / len(labels)
    for i, label in enumerate(labels):
        say(axes, x + i * step, y, paper.wrapped(label, step * 0.9, 10.5))


def say(axes: Axes, x: float, y: float, text: str) -> None:
    """Words of a legend, from a point downwards."""
    axes.text(
        x, y, text, fontproperties=paper.font(10.5), color=palette.INK, va="top", linespacing=1.25
    )


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
    "many": {
        "facecolor": "none",
        "edgecolor": PAPER,
        "linewidth": 1.2,
        "path_effects": [withStroke(linewidth=4.0, foreground=palette.INK)],
    },
    "few": {
        "facecolor": palette.GROUND,
        "edgecolor": palette.INK,
        "linewidth": 1.4,
        "linestyle": (0, (3.5, 2.2)),
    },
    "least": {"facecolor": palette.scale("all")[1], "edgecolor": LINE, **_lined(1, False)},
    "unplaced": {"facecolor": palette.UNPLACED, "edgecolor": palette.UNPLACED},
}


def mark(
    axes: Axes, told: dict, x: float, y: float, wide: float, look: Mapping | None = None
) -> float:
    """One mark and what it means; returns where the next one starts, in inches."""
    look = look or _LOOKS[told["kind"]]
    text = paper.wrapped(told["text"], wide - 0.75, 10.5)
    axes.add_artist(Rectangle((x, y - 0.19), 0.34, 0.19, **{"linewidth": 0.8, **look}))
    say(axes, x + 0.46, y + 0.01, text)
    return y - 0.14 - 0.195 * (text.count("\n") + 1)

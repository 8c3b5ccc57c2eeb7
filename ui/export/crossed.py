"""Two layers crossed, as a picture: a colour a pair of classes, stripes where one is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import PathPatch, Rectangle

from ui import palette
from ui.export import outlines, paper, pictures
from ui.figures import compare as figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ui.compare import Compared
    from ui.export.paper import Box
    from ui.i18n import Texts
    from ui.lookup import Opened

STRIPES = {figures.FIRST: "|||", figures.SECOND: "---"}  # directions as on the screen


def draw(figure: Figure, source: Opened, seen: Compared, t: Texts) -> dict[str, str]:
    """Map of both layers crossed, one of each beside it, and the legend; names of the parts."""
    boxes, _ = pictures.room(3)
    *singles, both = seen.found.layers
    axes = paper.empty(figure, boxes[0], (outlines.WIDTH, outlines.HEIGHT))
    pictures.ground(axes, source, both, seen.found)
    _cells(axes, source, figures.marks(source, seen))
    pictures.over(axes, source)
    x, y = boxes[0][0], boxes[0][1] + boxes[0][3] + 0.004
    say = {"fontproperties": paper.font(14, True), "color": palette.INK, "va": "bottom"}
    figure.text(x, y, t("compare.crossed"), **say)
    names: dict[str, str] = {}
    for number, (layer, box) in enumerate(zip(singles, boxes[1:], strict=True), 1):
        names |= pictures.panel(figure, box, source, seen.choice, seen.found, layer, number, t)
        pictures.named(figure, box, layer, t.code("venue", layer.venue), t, several=True)
    pictures.unplaced(figure, boxes[1:], singles, t)
    _legend(figure, boxes, source, seen, t)
    return names


def _cells(axes: Axes, source: Opened, marked: Mapping[str, str]) -> None:
    shapes = outlines.states()
    for state, mark in marked.items():
        if mark != figures.HIDDEN:
            axes.add_artist(PathPatch(shapes[state], zorder=3, linewidth=0, **_look(mark, source)))


def _look(mark: str, source: Opened) -> dict:
    """Colour of a pair of classes, or the stripes of the one layer that is published."""
    if mark in STRIPES:
        hue = figures.only_colours()[list(STRIPES).index(mark)]
        return {
            "facecolor": pictures.HIDDEN, "hatch": STRIPES[mark], "hatchcolor": hue,
            "hatch_linewidth": 2.2,
        }  # fmt: skip
    return {"facecolor": figures.colours(source.k)[int(mark) - 1]}


def _legend(figure: Figure, boxes: list[Box], source: Opened, seen: Compared, t: Texts) -> None:
    """Matrix under the crossed map, a scale under each single one, then the marks."""
    legend = figures.values(source, seen, {}, t)["legend"]
    low, top = 0.16, boxes[0][1] - 0.02
    axes = paper.empty(figure, (0.025, low, 0.95, top - low), (15.2, 10 * (top - low)))
    high = 10 * (top - low)
    _matrix(axes, legend["crossed"], high)
    for layer, box in zip(legend["layers"], boxes[1:], strict=True):
        x, wide = (box[0] - 0.025) * paper.WIDE, box[2] * paper.WIDE
        y = pictures.scale(axes, layer, x, high - 0.42, wide)
        pictures.classes(axes, legend["classes"], x, y - 0.03, wide)
    x, y = (boxes[1][0] - 0.025) * paper.WIDE, high - 1.32
    for mark in legend["marks"]:
        look = {}
        if mark["kind"] in ("first", "second"):
            code = figures.FIRST if mark["kind"] == "first" else figures.SECOND
            look = _look(code, source)
        text = t("export.unplaced") if mark["kind"] == "unplaced" else mark["text"]
        y = pictures.mark(axes, {**mark, "text": text}, x, y, 9.6, look)


def _matrix(axes: Axes, crossed: dict, high: float) -> None:
    """Classes of the first layer to the right, of the second upwards."""
    side, left = 0.38, 1.5
    count = len(crossed["classes"])
    for row, colours in enumerate(crossed["colours"]):
        y = high - 0.42 - side * (count - row)
        for column, colour in enumerate(colours):
            axes.add_artist(
                Rectangle((left + 1.6 * side * column, y), 1.6 * side - 0.03, side - 0.03,
                          facecolor=colour, linewidth=0)
            )  # fmt: skip
        pictures.say(axes, 0.3, y + side - 0.12, crossed["classes"][row])
    foot = high - 0.42 - side * count
    for column, label in enumerate(crossed["classes"]):
        pictures.say(
            axes, left + 1.6 * side * column, foot - 0.04, paper.wrapped(label, 0.58, 10.5)
        )
    pictures.say(axes, 0.0, high - 0.14, f"↑ {crossed['second']}")
    pictures.say(axes, left, foot - 0.42, f"{crossed['first']} →")

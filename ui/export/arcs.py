"""Corridors as a picture: the arcs of the screen over the outlines of the states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ui import palette
from ui.export import paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ui.export.paper import Box
    from ui.i18n import Texts

GROUND, BORDER = "#eceae3", "#aeaca5"
_PART = re.compile(r"([MLQAZ])([^MLQAZ]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def draw(figure: Figure, drawn: dict, box: Box, t: Texts) -> None:
    """Drawing of :func:`ui.figures.corridors.drawn` in a box, with its legend below it."""
    foot = 0.115
    axes = paper.empty(
        figure, (box[0], box[1] + foot, box[2], box[3] - foot), (drawn["width"], drawn["height"])
    )
    axes.set_ylim(drawn["height"], 0)
    for state in drawn["states"]:
        look = {"facecolor": GROUND, "edgecolor": BORDER, "linewidth": 0.5}
        axes.add_artist(PathPatch(path(state["path"]), zorder=1, **look))
    inch = axes.get_position().width * paper.WIDE / drawn["width"] * 72
    for arc in drawn["arcs"]:
        look = {"edgecolor": arc["colour"], "linewidth": arc["width"] * inch, "fill": False}
        axes.add_artist(PathPatch(path(arc["path"]), zorder=2, **look))
        if arc["head"]:
            head = {"facecolor": arc["colour"], "linewidth": 0}
            axes.add_artist(PathPatch(path(arc["head"]), zorder=2, **head))
    for name in drawn["names"]:
        look = {"fontproperties": paper.font(9, True), "color": palette.INK, "ha": "center"}
        axes.text(*name["at"], name["text"], zorder=3, **look)
    _legend(figure, drawn["legend"], (box[0], box[1], box[2], foot))


def _legend(figure: Figure, legend: dict, box: Box) -> None:
    wide, high = box[2] * paper.WIDE, box[3] * paper.HIGH
    axes = paper.empty(figure, box, (wide, high))
    say = {"fontproperties": paper.font(10.5), "color": palette.INK, "va": "center"}
    axes.text(0, high - 0.1, legend["title"], **say)
    step = wide / max(len(legend["classes"]), 1)
    for i, one in enumerate(legend["classes"]):
        thick = one["width"] / 72
        bar = Rectangle((i * step, high - 0.38 - thick / 2), 0.5, thick, color=one["colour"])
        axes.add_artist(bar)
        axes.text(i * step + 0.58, high - 0.38, one["text"], **say)
    said = " · ".join([f"→ {legend['arrow']}", f"○ {legend['ring']}", legend["schematic"]])
    small = {"fontproperties": paper.font(9), "color": palette.MUTED, "va": "top"}
    axes.text(0, high - 0.55, paper.wrapped(said, wide, 9), **small)


def path(text: str) -> Path:
    """Path of an SVG's commands M, L, Q and Z; of two half circles, a circle.

    >>> path("M0,0L2,0Z").vertices.tolist()
    [[0.0, 0.0], [2.0, 0.0], [0.0, 0.0]]
    """
    if "A" in text:
        return _circle(text)
    points, codes = [], []
    for command, numbers in _PART.findall(text):
        pairs = np.array(_NUMBER.findall(numbers), dtype=float).reshape(-1, 2).tolist()
        points += pairs or [points[0]]
        later = Path.CURVE3 if command == "Q" else Path.LINETO
        first = {"M": Path.MOVETO, "Z": Path.CLOSEPOLY}.get(command, later)
        codes += [first, *[later] * (len(pairs) - 1)]
    return Path(points, codes)


def _circle(text: str) -> Path:
    """Circle through the start of an arc and the end of its first half, which lie opposite."""
    start, half = (
        np.array(_NUMBER.findall(part), dtype=float)[-2:] for part in text.split("A")[:2]
    )
    return Path.circle(tuple((start + half) / 2), float(np.hypot(*(start - half)) / 2))

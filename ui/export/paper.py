"""Paper of all pictures: the frame around a drawing, and its bytes.

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
from pathlib import Path as File
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from ui import palette, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from ui.export.sheets import Frame

    Box = tuple[float, float, float, float]  # left, low, width, height; parts of the figure

WIDE, HIGH, DPI = 16.0, 10.0, 120  # inches; a slide of 1920 × 1200
PAPER, NOTICE = "#ffffff", "#fbf0cf"
LOCK = threading.Lock()

_FONTS = File(mpl.get_data_path()) / "fonts" / "ttf"
_LETTER = 0.515  # mean width of a letter of DejaVu Sans, in sizes
_DRAWN, _PART = re.compile(r' d="([^"]*)"'), re.compile(r"([MLQCz])([^MLQCz]*)")
_ZERO = re.compile(r"\b0\.")
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


def font(size: float, bold: bool = False) -> FontProperties:
    """Letters of a size in points, of the font that matplotlib brings along."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(_FONTS / name), size=size)


def wrapped(text: str, inches: float, size: float) -> str:
    """Text in lines of at most so many inches, with letters of `size` points."""
    letters = int(inches * 72 / (size * _LETTER))
    return "\n".join(textwrap.wrap(text, letters))


def framed(frame: Frame) -> Figure:
    """Paper with the title, and below a line what the picture is and is not."""
    figure = Figure(figsize=(WIDE, HIGH), dpi=DPI, facecolor=PAPER)
    say = figure.text
    room = 10.6 if frame.standing else 15.2  # inches; a bold letter is a fifth wider
    size = min(25, room * 72 / (1.2 * _LETTER * len(frame.title)))
    say(0.025, 0.965, frame.title, fontproperties=font(size, True), color=palette.INK, va="top")
    size = 17 if len(frame.view) < 90 else 13
    say(0.025, 0.912, frame.view, fontproperties=font(size), color=palette.MUTED, va="top")
    if frame.standing:
        say(
            0.975, 0.958, words.capitalised(frame.standing), fontproperties=font(13, True),
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
    size = 10 if wrapped(text, 15.2, 10).count("\n") < 5 else 9  # five lines fit above the last
    figure.text(
        0.025, 0.142, wrapped(text, 15.2, size), fontproperties=font(size), color=palette.MUTED,
        va="top", linespacing=1.35,
    )  # fmt: skip
    figure.text(0.025, 0.022, last, fontproperties=font(11, True), color=palette.INK)


def written(
    figure: Figure, frame: Frame, said: str, names: Mapping[str, str], ending: str
) -> bytes:
    """Bytes of the picture, with its title and its numbers in words."""
    title = f"{frame.title} {frame.view}"
    lines = " ".join(f"{name}: {text}" for name, text in frame.about.items())
    described = f"{said} {lines}"
    file = io.BytesIO()
    if ending == "png":
        facts = {"Title": title, "Description": described, "Software": None}
        FigureCanvasAgg(figure).print_png(file, metadata=facts)
        return file.getvalue()
    FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    text = _DRAWN.sub(_shortened, file.getvalue().decode("utf-8"))
    return _titled(text, title, described, names).encode("utf-8")


def _shortened(found: re.Match) -> str:
    """Path of an SVG in tenths of a point, each point told from the one before.

    A third of the file. What is rounded are the points and not the steps, so that borders
    stay where they are however long a path is.
    """
    at = start = np.zeros(2, dtype=int)
    parts = []
    for command, numbers in _PART.findall(found[1]):
        points = np.rint(np.array(numbers.split(), dtype=float).reshape(-1, 2) * 10).astype(int)
        if command == "z":
            at = start
        elif command == "L" and (points[-1] == at).all():
            continue
        parts.append(command.lower() + _steps(points - at))
        at = points[-1] if len(points) else at
        start = at if command == "M" else start
    return f' d="{"".join(parts)}"'


def _steps(steps: np.ndarray) -> str:
    """Numbers in tenths as an SVG writes them, with no sign or space that it does not need."""
    told = [_ZERO.sub(".", f"{step / 10:g}") for step in steps.ravel().tolist()]
    return "".join(text if text[0] == "-" or not n else f" {text}" for n, text in enumerate(told))


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


def empty(figure: Figure, box: Box, size: tuple[float, float]) -> Axes:
    """Ground for a drawing in units of its own, without an axis."""
    axes = figure.add_axes(box)
    axes.set_xlim(0, size[0])
    axes.set_ylim(0, size[1])
    axes.set_aspect("equal", anchor="W")
    axes.axis("off")
    return axes

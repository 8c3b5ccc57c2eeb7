"""Colours and class breaks: one hue a venue, light is few.

Neighbouring classes, and the lightest and the ground, differ by at least 10 (CIEDE2000)
also to protan, deutan and tritan eyes and in grey; a test computes it.
"""

from __future__ import annotations

from bisect import bisect_right

GROUND = "#f6f5f1"
INK = "#16242d"
MUTED = "#55626b"
RULE = "#d5d2c8"
UNPLACED = "#7d8a93"
BAND = "#ebe8df"
LINES = ("#205f93", "#8d4a1b", "#06685b", "#704a9a", "#3c4851")

SCALES = {
    "all": ("#accce3", "#73a6cd", "#4382b5", "#205f93", "#0c3a66"),
    "residential_brothel": ("#ddbde5", "#bc90cf", "#996ab9", "#704a9a", "#432c6b"),
    "cantina": ("#ebc182", "#d29446", "#b66b23", "#8d4a1b", "#5b2d12"),
    "escort": ("#9ad4be", "#59b097", "#178d78", "#06685b", "#03413b"),
}

# Two layers crossed: rows from few to many of the second, columns of the first. Tones lie
# between the hues of both layers; each darkens along both ways, so that grey tells them too.
CROSSED = (
    ("#ccbac5", "#9c79ad", "#783f9c"),
    ("#7aa299", "#646a84", "#3f2b64"),
    ("#1f8c6a", "#225559", "#02102b"),
)

PALE = (0.52, 0.74)  # share of the colour left to states, and to larger hexagons, behind finer ones

STEPS = (20, 50, 100, 250)
RATE_STEPS = {"rate": (0.1, 0.2, 0.5, 1.0), "hispanic": (1.0, 2.0, 5.0, 10.0)}


def breaks(k: int) -> tuple[int, ...]:
    """Least count of each class: the first begins at `k`, the rest are fixed.

    Fixed, so that every venue, period and small multiple has one scale, and so that no
    break is computed from a hidden count.

    >>> breaks(11)
    (11, 20, 50, 100, 250)
    >>> breaks(30)
    (30, 50, 100, 250)
    """
    return (k, *(step for step in STEPS if step > k))


def digit(value: int, k: int) -> int:
    """Class of a published count, from 1.

    >>> [digit(value, 11) for value in (11, 19, 20, 250, 4000)]
    [1, 1, 2, 5, 5]
    """
    return bisect_right(breaks(k), value)


def rate_digit(value: float, measure: str) -> int:
    """Class of a rate as it is shown, from 1.

    Classes are fixed, 1-2-5 steps, ten times as high per Hispanic or Latino resident; they
    are the same in every venue, period and release.

    >>> [rate_digit(value, "rate") for value in (0.02, 0.1, 0.49, 3.0)]
    [1, 2, 3, 5]
    """
    return bisect_right(RATE_STEPS[measure], value) + 1


def crossed_breaks(k: int) -> tuple[int, ...]:
    """Least count of each class where two layers are crossed: the first three, the last open.

    >>> crossed_breaks(11), crossed_breaks(30)
    ((11, 20, 50), (30, 50, 100))
    """
    return breaks(k)[: len(CROSSED)]


def crossed_digit(value: int, k: int) -> int:
    """Class of a published count where two layers are crossed, from 1.

    >>> [crossed_digit(value, 11) for value in (11, 19, 20, 49, 50, 4000)]
    [1, 1, 2, 2, 3, 3]
    """
    return bisect_right(crossed_breaks(k), value)


def hue(venue: str) -> str:
    """Colour of a venue in charts and tables: its fourth class."""
    return scale(venue)[3]


def line(code: str, number: int) -> str:
    """Colour of a line: a layer's own hue, else the hue of its number in the chart."""
    return hue(code) if code in SCALES else LINES[number]


def scale(venue: str) -> tuple[str, ...]:
    """Five colours of a venue, from few to many; a venue without its own takes that of all."""
    return SCALES.get(venue, SCALES["all"])


def pale(venue: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Muted classes for states, and for larger hexagons, behind finer places."""
    return tuple(tuple(mixed(GROUND, colour, share) for colour in scale(venue)) for share in PALE)


def mixed(one: str, other: str, share: float) -> str:
    """Colour between two, `share` of the way.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))

"""Two themes, light and dark: every tone of the interface twice, and the dark twin of a colour.

On light, light is few; on dark, dark is few: few is always near the ground. Python names the
light colours, and what draws them takes the twin: style sheets by ``light-dark()``, the frame of
the map by its own sheet, charts by `dark`. Files for paper stay light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import palette

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DARK_GROUND = "#151d23"
TONES = {
    "page": ("#fdfcfa", "#10181d"),
    "panel": ("#ffffff", "#172127"),
    "ink": (palette.INK, "#e9eef0"),
    "strong": ("#3c4851", "#c6d0d6"),
    "muted": (palette.MUTED, "#a9b6be"),
    "accent": ("#1d5a72", "#7cc0dc"),
    "focus": ("#b3541e", "#f0a26b"),
    "rule": (palette.RULE, "#38464e"),
    "rule-soft": ("#e4e1d8", "#2a363d"),
    "edge": ("#8b959c", "#71808a"),
    "line": ("#667079", "#84929b"),
    "wash": ("#e6eff3", "#22323b"),
    "wash-strong": ("#d5e4ea", "#2a404c"),
    "shade": ("#faf9f5", "#1b262d"),
    "warn": ("#fbf1d9", "#33290f"),
    "warn-edge": ("#c98a1b", "#d79a2c"),
    "print": ("#e6efe8", "#1a2b21"),
    "print-edge": ("#3f5f4a", "#8fb89c"),
    "ground": (palette.GROUND, DARK_GROUND),
    "water": ("#dfe9ee", "#090f13"),
    "far": ("#eceae3", "#1a2228"),
    "lake": ("#d3e1e8", "#090f13"),
    "hidden": ("#ececea", "#1d262c"),
    "hatch": ("#aeaca5", "#5d6b74"),
    "swatch": ("#c3c9ce", "#5d6b74"),
    "unplaced": (palette.UNPLACED, "#8f9ca5"),
    "tip": (palette.INK, "#2b3942"),
    "tip-ink": ("#ffffff", "#f2f5f6"),
    "shadow": (palette.INK, "#000000"),
    "all": (palette.SCALES["all"][3], "#89bcdf"),
}

DARK_SCALES = {
    "all": ("#04506f", "#06749e", "#1f96cb", "#89bcdf", "#daeefd"),
    "residential_brothel": ("#573f73", "#7d5ea2", "#a17dc8", "#c4a3e6", "#ead9fa"),
    "cantina": ("#684217", "#975f22", "#c27d32", "#eba154", "#fed9b8"),
    "escort": ("#0b5444", "#117a63", "#2e9e82", "#5fc2a6", "#bbe9da"),
}
DARK_CROSSED = (
    ("#444447", "#8f4883", "#6b79b2"),
    ("#577a75", "#6b92b9", "#b0b0b0"),
    ("#5bb67b", "#99d8b4", "#fff6f7"),
)


def _pairs() -> Iterator[tuple[str, str]]:
    yield from (TONES[name] for name in TONES if name not in ("tip", "tip-ink", "shadow"))
    yield palette.BAND, "#26323a"
    yield palette.LINES[-1], "#c6d0d6"
    for venue, colours in DARK_SCALES.items():
        yield from zip(palette.SCALES[venue], colours, strict=True)
        for light, share in zip(palette.pale(venue), palette.PALE, strict=True):
            yield from zip(light, behind(colours, share), strict=True)
    for light, colours in zip(palette.CROSSED, DARK_CROSSED, strict=True):
        yield from zip(light, colours, strict=True)


def behind(colours: tuple[str, ...], share: float) -> tuple[str, ...]:
    """Muted classes on dark: `share` of the colour is left."""
    return tuple(palette.mixed(DARK_GROUND, colour, share) for colour in colours)


TWINS = dict(_pairs())


def sheet() -> str:
    """Style sheet that names the tones; which of both shows, the theme of the page says."""
    named = "".join(f"--{name}: light-dark({a}, {b}); " for name, (a, b) in TONES.items())
    return f"<style>:root {{ {named}}}</style>"


def frame_sheet() -> str:
    """The same for the frame of the map, whose own theme has to stay light.

    A frame whose theme is not that of the page around it is painted white before it is drawn.
    """
    light, dark = (
        "".join(f"--{name}: {tones[number]}; " for name, tones in TONES.items())
        for number in (0, 1)
    )
    return f":root {{ {light}}}\n:root[data-theme=dark] {{ {dark}}}\n"


def both(value: object) -> object:
    """Data of a component with each colour as the browser chooses it by theme.

    >>> both({"colour": "#16242d", "rows": ["#1", 2]})
    {'colour': 'light-dark(#16242d, #e9eef0)', 'rows': ['#1', 2]}
    """
    return _changed(value, lambda light: f"light-dark({light}, {TWINS[light]})")


def dark(value: object) -> object:
    """The same data, or a figure as a dict, on dark.

    >>> dark([{"color": "#16242d"}])
    [{'color': '#e9eef0'}]
    """
    return _changed(value, TWINS.__getitem__)


def _changed(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, dict):
        return {name: _changed(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(one, change) for one in value]
    return change(value) if isinstance(value, str) and value in TWINS else value

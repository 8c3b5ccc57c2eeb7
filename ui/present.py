"""Steps of a meeting: from layer to layer of the map, as the arrow keys ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ui import words

if TYPE_CHECKING:
    from ui.choice import Choice, Offered
    from ui.i18n import Texts
    from ui.lookup import Layer, Shown

STEPS = {"previous": -1, "next": 1}


def position(choice: Choice, offered: Offered) -> int | None:
    """Number of the layer that is shown, from 0; None where several are shown together."""
    return offered.layers.index(choice.layers[0]) if len(choice.layers) == 1 else None


def stepped(choice: Choice, offered: Offered, step: str) -> Choice:
    """Choice one layer on or back, around the ends; the same for a step that is none.

    From several layers together the first step leads to the first of all, or to the last.

    Parameters
    ----------
    step : str
        As the browser sends it: untrusted.
    """
    if step not in STEPS:
        return choice
    at = position(choice, offered)
    start = at if at is not None else {"previous": 0, "next": -1}[step]
    layer = offered.layers[(start + STEPS[step]) % len(offered.layers)]
    return replace(choice, layers=(layer,))


def unplaced(found: Shown, t: Texts) -> str:
    """Counts without a place, by country and layer: a room has no table to look them up in."""
    told = [_unplaced(layer, t) for layer in found.layers]
    if len(told) > 1:
        names = [t.code("venue", layer.venue) for layer in found.layers]
        told = [f"{name}: {counts}" for name, counts in zip(names, told, strict=True)]
    return t("present.unplaced", counts="; ".join(told))


def _unplaced(layer: Layer, t: Texts) -> str:
    counts = {code: t.number(int(count)) for code, count in layer.unplaced.items()}
    for code, count in layer.least.unplaced.items() if layer.least else ():
        counts[code] = t("count.least", count=int(count))
    named = [f"{words.unplaced(code, t)} {count}" for code, count in sorted(counts.items())[::-1]]
    return ", ".join(named) or t("rank.hidden")

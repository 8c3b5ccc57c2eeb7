"""Steps of a meeting: from layer to layer of the map, as the arrow keys ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.choice import Choice, Offered

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

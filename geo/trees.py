"""The trees of codes: which code lies under which, for places and for every dimension.

Places form one tree (``all`` > ``US`` > ``US-TX`` > ``US-TX/83…`` > ``US-TX/84…`` >
``US-TX/85…``). A hex part is a pair of state and H3 cell, so that parts of a hex on
two sides of a border have two parents and state and hex counts nest exactly. Coarser
cells come from the finest by ``cell_to_parent`` only: binning a point anew at a
coarser resolution gives another cell for some points, as H3 does not nest exactly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geo.model import ALL, COUNTRIES, LEVELS, OUTSIDE, OVERLAP, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_RESOLUTION = {"h3_3": 3, "h3_4": 4, "h3_5": 5}


def level(place: str) -> str:
    """Name of the level a place id is at.

    >>> level("US-TX"), level("US"), level("all"), level("US-TX/83446cfffffffff")
    ('state', 'country', 'all', 'h3_3')
    """
    if place == ALL:
        return ALL
    if "/" in place:
        return f"h3_{int(place.split('/')[1][1], 16)}"
    return "state" if "-" in place else "country"


@lru_cache(maxsize=1_000_000)
def place_path(place: str) -> tuple[str, ...]:
    """Ancestors of a place and itself, one a level of ``LEVELS``; ``""`` below itself.

    A place outside the study area, or of unknown country, has no path.

    >>> place_path("US-TX")
    ('all', 'US', 'US-TX', '', '', '')
    >>> place_path("outside")
    ('', '', '', '', '', '')
    """
    if place in (OUTSIDE, UNKNOWN, ""):
        return ("",) * len(LEVELS)
    if place == ALL:
        return (ALL, *[""] * (len(LEVELS) - 1))
    state, _, cell = place.partition("/")
    country = state[:2]
    if country not in COUNTRIES:
        raise ValueError(f"not a place of the study area: {place!r}")
    path = [ALL, country, state if "-" in state else ""]
    return (*path, *_hexes(state, cell))


def _hexes(state: str, cell: str) -> list[str]:
    import h3

    if not cell:
        return [""] * len(_RESOLUTION)
    finest = h3.get_resolution(cell)
    return [
        f"{state}/{h3.cell_to_parent(cell, resolution)}" if resolution <= finest else ""
        for resolution in _RESOLUTION.values()
    ]


def place_paths(places: Iterable[str]) -> pd.DataFrame:
    """One row per place, in order: its ancestor at each level, ``""`` where it has none."""
    import pandas as pd

    return pd.DataFrame([place_path(place) for place in places], columns=list(LEVELS), dtype="str")


def parent_place(place: str) -> str:
    """Next place up, ``""`` for the study area.

    >>> parent_place("US-TX"), parent_place("all")
    ('US', '')
    """
    above = [ancestor for ancestor in place_path(place) if ancestor and ancestor != place]
    return above[-1] if above else ""


def year(period: str) -> str:
    """Year of a period code; ``unknown`` stays.

    >>> year("2015-Q3"), year("2015"), year("unknown")
    ('2015', '2015', 'unknown')
    """
    return period if period == UNKNOWN else period[:4]


def parent_period(period: str) -> str:
    """Next period up, ``""`` for all.

    >>> parent_period("2015-Q3"), parent_period("2015"), parent_period("all")
    ('2015', 'all', '')
    """
    if period == ALL:
        return ""
    return period[:4] if "-Q" in period else ALL


def parent_code(code: str, parents: dict[str, str]) -> str:
    """Next code up in a vocabulary's tree; ``all`` above its top, ``""`` above ``all``.

    >>> parent_code("HN", {"HN": "central_america"}), parent_code("unknown", {})
    ('central_america', 'all')
    """
    if code == ALL:
        return ""
    return parents.get(code) or ALL


def overlap_parts(code: str) -> tuple[str, ...]:
    """Codes an overlap is made of, a plain code alone.

    >>> overlap_parts("escort+residential_brothel"), overlap_parts("cantina")
    (('escort', 'residential_brothel'), ('cantina',))
    """
    return tuple(code.split(OVERLAP))

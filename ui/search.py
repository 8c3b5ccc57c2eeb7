"""Places found by name: states, and well-known cities that lead to an area.

A city is a door to the hexagon or state that shows it, never a place of its own: nothing
is counted there, and no point is opened.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from geo import vocab
from ui import geometry, lookup

if TYPE_CHECKING:
    from ui.i18n import Texts
    from ui.lookup import Opened, Shown

CITY = "city-"


def options(t: Texts) -> list[dict[str, str]]:
    """All that can be found, by name: its id, its name and what it lies in.

    Returns
    -------
    list of dict
        ``id`` (a state, or ``city-`` and a number), ``name``, ``within``, and ``key``: the
        name without accents and capitals.
    """
    states = [(code, _state(code, t), t(f"place.{code[:2]}")) for code in cities_and_states()[1]]
    cities = [
        (f"{CITY}{number}", city[t.lang], _state(state, t))
        for number, (city, state) in enumerate(cities_and_states()[0])
    ]
    found = [
        {"id": code, "name": name, "within": within, "key": folded(name)}
        for code, name, within in (*states, *cities)
    ]
    return sorted(found, key=lambda one: one["key"])


def _state(code: str, t: Texts) -> str:
    return vocab.load().label("states", code, t.lang)


def folded(text: str) -> str:
    """Text without accents and capitals.

    >>> folded("Ciudad Juárez")
    'ciudad juarez'
    """
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def cities_and_states() -> tuple[tuple[tuple[dict, str], ...], tuple[str, ...]]:
    """Cities of the base map, each with its state, and the codes of all states."""
    drawn = gpd.read_parquet(geometry.BOUNDARIES / "states_draw.parquet").sort_values("state")
    shapes, codes = drawn.geometry.to_numpy(), tuple(drawn["state"])
    cities = geometry.base()["cities"]
    # The nearest, as a drawn coast may leave a city in the water.
    nearest = [
        int(shapely.distance(shapes, shapely.Point(city["at"][::-1])).argmin()) for city in cities
    ]
    return tuple((city, codes[i]) for city, i in zip(cities, nearest, strict=True)), codes


def area(source: Opened, found: Shown, wanted: object) -> str:
    """Place that an option opens; ``""`` for anything that is none.

    A city opens the finest area that shows a count there, else its state.

    Parameters
    ----------
    wanted : str
        ``id`` of an option; untrusted.
    """
    cities, states = cities_and_states()
    if wanted in states:
        return wanted
    for number, (city, state) in enumerate(cities):
        if wanted == f"{CITY}{number}":
            return lookup.place_at(source, found, *city["at"]) or state
    return ""

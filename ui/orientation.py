"""Where a hexagon lies, in words: its state, and the side of a well-known city it is on.

Only the outline, which anyone can draw from the place id, is used. No distance is told:
it would read like a point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ui import geometry

if TYPE_CHECKING:
    import geopandas as gpd

    from ui.i18n import Texts

SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
FARTHEST = 4.5  # degrees of latitude, about 500 km: beyond it no city is named


class Near(NamedTuple):
    """A city and the side of it: one of ``SIDES``, ``at``, or ``far`` without a city."""

    side: str
    city: dict[str, str]


def near(places: gpd.GeoDataFrame) -> dict[str, Near]:
    """City and side of every hex part of a release's ``places``."""
    cities = geometry.base()["cities"]
    points = np.array([city["at"] for city in cities])
    parts = places[places["level"] != "state"]
    boxes = parts.geometry.bounds.to_numpy()
    return {
        place: _near(box, points, cities) for place, box in zip(parts["place"], boxes, strict=True)
    }


def _near(box: np.ndarray, points: np.ndarray, cities: list[dict]) -> Near:
    west, south, east, north = box
    lat, lon = (south + north) / 2, (west + east) / 2
    shrink = np.cos(np.radians(lat))
    up, right = lat - points[:, 0], (lon - points[:, 1]) * shrink
    far = np.hypot(up, right)
    i = int(far.argmin())
    if far[i] > FARTHEST:
        return Near("far", {})
    city_lat, city_lon = points[i]
    if south <= city_lat <= north and west <= city_lon <= east:
        return Near("at", cities[i])
    turn = round(np.degrees(np.arctan2(up[i], right[i])) / 45) % len(SIDES)
    return Near(SIDES[turn], cities[i])


def name(state: str, place: Near, t: Texts) -> str:
    """Words for a hexagon of `state`, which is named in the language of `t`."""
    return t(f"hexagon.{place.side}", state=state, city=place.city.get(t.lang, ""))

"""The two countries on a sheet of paper: an equal-area projection, and small states set nearer.

For pictures that need no zoom: arcs between states. Alaska is drawn smaller.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from ui import geometry

WIDTH = 1000  # units of the drawing
PADDING = 14
SIMPLIFIED = 1.1  # units: finer than a pixel of the largest screen needs
SPECK = 3.0  # square units: islands under it are left out, but for a state's largest part

_CENTRE = -99.0, 30.0  # degrees east and north
_PARALLELS = 20.0, 45.0  # degrees north, where the projection keeps lengths


class Inset(NamedTuple):
    """Where a far state is drawn: its middle, as parts of width and height, and its size."""

    right: float
    down: float
    size: float


INSETS = {
    "US-AK": Inset(0.125, 0.845, 0.30),
    "US-HI": Inset(0.29, 0.925, 1.0),
    "US-PR": Inset(0.94, 0.685, 1.0),
}


class Sheet(NamedTuple):
    """States as drawn.

    Attributes
    ----------
    height : int
        Of a drawing that is ``WIDTH`` wide.
    outlines : dict of str to str
        SVG path of each state.
    points : dict of str to tuple of float
        Point inside each state that arcs begin and end at: right, down.
    """

    height: int
    outlines: dict[str, str]
    points: dict[str, tuple[float, float]]


def albers(points: np.ndarray) -> np.ndarray:
    """Albers equal-area conic of points on a sphere of radius 1.

    Parameters
    ----------
    points : numpy.ndarray
        Longitude and latitude in degrees, one point a row.

    Returns
    -------
    numpy.ndarray
        Right and up, in radii. Snyder, Map Projections: A Working Manual (USGS 1987),
        equations 14-1 to 14-6.
    """
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    middle, origin = np.radians(_CENTRE)
    south, north = np.radians(_PARALLELS)
    n = (np.sin(south) + np.sin(north)) / 2
    c = np.cos(south) ** 2 + 2 * n * np.sin(south)
    radius, zero = (np.sqrt(c - 2 * n * np.sin(angle)) / n for angle in (lat, origin))
    turn = n * (lon - middle)
    return np.column_stack([radius * np.sin(turn), zero - radius * np.cos(turn)])


@cache
def sheet() -> Sheet:
    """States of both countries, projected, fitted and simplified."""
    states = gpd.read_parquet(geometry.BOUNDARIES / "states_draw.parquet").set_index("state")
    flat = states.geometry.map(lambda shape: shapely.transform(shape, albers))
    west, south, east, north = flat.drop(list(INSETS)).total_bounds
    scale = (WIDTH - 2 * PADDING) / (east - west)
    height = round((north - south) * scale + 2 * PADDING)
    ratio = np.array([scale, -scale])
    corner = np.array([west * scale - PADDING, -north * scale - PADDING])
    drawn = flat.map(lambda shape: shapely.transform(shape, lambda xy: xy * ratio - corner))
    placed = {code: _placed(code, shape, height) for code, shape in drawn.items()}
    return Sheet(
        height,
        {code: _path(shape.simplify(SIMPLIFIED)) for code, shape in placed.items()},
        {code: _inside(shape) for code, shape in placed.items()},
    )


def _placed(code: str, shape: shapely.Geometry, height: int) -> shapely.Geometry:
    """Shape where it is drawn: its own place, or an inset's."""
    if code not in INSETS:
        return shape
    inset, middle = INSETS[code], np.array(shape.envelope.centroid.coords[0])
    place = np.array([inset.right * WIDTH, inset.down * height])
    return shapely.transform(shape, lambda xy: (xy - middle) * inset.size + place)


def _inside(shape: shapely.Geometry) -> tuple[float, float]:
    """Point well inside the largest part, and the same for every release."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    point = shapely.maximum_inscribed_circle(largest).coords[0]
    return round(point[0], 1), round(point[1], 1)


def _path(shape: shapely.Geometry) -> str:
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    least = min(SPECK, max(part.area for part in parts))
    rings = [part.exterior for part in parts if part.area >= least]
    return "".join(f"M{_pairs(np.asarray(ring.coords)[:-1])}Z" for ring in rings)


def _pairs(points: np.ndarray) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)

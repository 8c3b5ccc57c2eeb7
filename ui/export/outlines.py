"""Outlines as paths on paper: equal-area, with Alaska, Hawaii and Puerto Rico in insets."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.path import Path
from pyproj import Transformer

from ui.geometry import BOUNDARIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

_WEST, _SOUTH, _EAST, _NORTH = -3_300_000, -1_990_000, 2_500_000, 2_190_000  # metres
WIDTH = 1.0  # of the drawing: its unit
HEIGHT = (_NORTH - _SOUTH) / (_EAST - _WEST)

_MAIN = "+proj=aea +lat_1=20 +lat_2=45 +lat_0=32 +lon_0=-97 +ellps=GRS80"


class Area(NamedTuple):
    """A part of the drawing: where it is projected, and where it is put.

    Attributes
    ----------
    projection : str
        PROJ string, metres.
    bounds : tuple of float
        Least x, least y, greatest x and greatest y in metres.
    box : tuple of float
        The same, in the units of the drawing.
    """

    projection: str
    bounds: tuple[float, float, float, float]
    box: tuple[float, float, float, float]


MAIN = Area(_MAIN, (_WEST, _SOUTH, _EAST, _NORTH), (0, 0, WIDTH, HEIGHT))
INSETS = {  # in the empty sea
    "US-AK": Area(
        "+proj=aea +lat_1=55 +lat_2=65 +lat_0=50 +lon_0=-154 +ellps=GRS80",
        (-2_300_000, 40_000, 1_550_000, 2_480_000),
        (0.01, 0.226, 0.18, 0.334),
    ),
    "US-HI": Area(
        "+proj=aea +lat_1=19 +lat_2=22 +lat_0=20.5 +lon_0=-157.5 +ellps=GRS80",
        (-350_000, -220_000, 320_000, 220_000),
        (0.01, 0.05, 0.21, 0.181),
    ),
    "US-PR": Area(
        "+proj=aea +lat_1=17.9 +lat_2=18.5 +lat_0=18.2 +lon_0=-66.3 +ellps=GRS80",
        (-130_000, -45_000, 130_000, 50_000),
        (0.845, 0.05, 0.985, 0.101),
    ),
}
_DETAIL = {"US-AK": 0.12, "US-HI": 0.01, "US-PR": 0.01}  # degrees: half a dot of the picture
_MAIN_DETAIL = 0.05
_STEP = 1.0  # degrees: a parallel is a curve on this paper


def area(place: str) -> Area:
    """Part of the drawing in which a place lies: its state's inset, or the main map."""
    return INSETS.get(place.partition("/")[0], MAIN)


def path(shape: shapely.Geometry, to: Area) -> Path:
    """Path of a shape's rings (degrees, WGS 84) or lines, in the units of the drawing."""
    rings = [
        np.asarray(line.coords)
        for part in shapely.get_parts(shape)
        for line in ((part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,))
    ]
    paths = [Path(_put(points, to), closed=_closed(points)) for points in rings]
    return Path.make_compound_path(*paths)


def _closed(points: np.ndarray) -> bool:
    return bool(np.array_equal(points[0], points[-1]))


def _put(points: np.ndarray, to: Area) -> np.ndarray:
    """Points in degrees, in the units of the drawing, rounded so that every machine agrees."""
    across, up = _projection(to.projection).transform(points[:, 0], points[:, 1])
    scale = (to.box[2] - to.box[0]) / (to.bounds[2] - to.bounds[0])
    x = to.box[0] + (across - to.bounds[0]) * scale
    y = to.box[1] + (up - to.bounds[1]) * scale
    return np.round(np.column_stack([x, y]), 5)


@cache
def _projection(text: str) -> Transformer:
    return Transformer.from_crs("+proj=longlat +ellps=GRS80", text, always_xy=True)


@cache
def states() -> dict[str, Path]:
    """Path of each state, simplified so that neighbours still share their border."""
    drawn = gpd.read_parquet(BOUNDARIES / "states_draw.parquet").sort_values("state")
    detail = drawn["state"].map(_DETAIL).fillna(_MAIN_DETAIL)
    found: dict[str, Path] = {}
    for tolerance, group in drawn.groupby(detail):
        shapes = shapely.coverage_simplify(group.geometry.to_numpy(), tolerance)
        for code, shape in zip(group["state"], shapes, strict=True):
            found[code] = path(shapely.segmentize(shape, _STEP), area(code))
    return dict(sorted(found.items()))


@cache
def around() -> dict[str, tuple[Path, ...]]:
    """Paths of ``land`` beside both countries, of each ``lake`` and ``country_line``."""
    content = json.loads((BOUNDARIES / "basemap.geojson").read_text(encoding="utf-8"))
    found: dict[str, list[Path]] = {"land": [], "lake": [], "country_line": []}
    for feature in content["features"]:
        kind = feature["properties"]["kind"]
        if kind in found:
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            near = shapely.clip_by_rect(shape, -150, 5, -45, 55).simplify(_MAIN_DETAIL / 2)
            if not near.is_empty:
                found[kind].append(path(shapely.segmentize(near, _STEP), MAIN))
    return {kind: tuple(paths) for kind, paths in found.items()}


def apart(paths: Mapping[str, Path]) -> dict[str, Path]:
    """Lines of each path that no other of them shares: places that touch have one outline."""
    rings = {place: [_edges(ring) for ring in _rings(path)] for place, path in paths.items()}
    often = Counter(frozenset(edge) for some in rings.values() for ring in some for edge in ring)
    found = {}
    for place, some in rings.items():
        runs = [run for ring in some for run in _runs(ring, often)]
        found[place] = Path.make_compound_path(*(Path(run) for run in runs))
    return found


def _rings(path: Path) -> list[np.ndarray]:
    starts = np.flatnonzero(path.codes == Path.MOVETO)
    return np.split(path.vertices, starts[1:])


def _edges(ring: np.ndarray) -> list[tuple[tuple, tuple]]:
    corners = [tuple(corner) for corner in ring.tolist()]
    return [pair for pair in pairwise(corners) if pair[0] != pair[1]]


def _runs(ring: Iterable[tuple[tuple, tuple]], often: Counter) -> list[list[tuple]]:
    """Corners of the ring's edges that only it has, in lines without a break."""
    runs: list[list[tuple]] = []
    for start, end in ring:
        if often[frozenset((start, end))] > 1:
            continue
        if runs and runs[-1][-1] == start:
            runs[-1].append(end)
        else:
            runs.append([start, end])
    return runs


def hexes(places: pd.DataFrame, wanted: Iterable[str]) -> dict[str, Path]:
    """Path of each wanted hex part of a release."""
    chosen = places[places["place"].isin(set(wanted))].sort_values("place")
    return {row.place: path(row.geometry, area(row.place)) for row in chosen.itertuples()}

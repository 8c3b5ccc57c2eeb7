"""TopoJSON to shapely, as far as the atlases that `boundaries.py` reads need it."""

from __future__ import annotations

import json
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely

RING_POINTS = 4
"""Quantising may leave a sliver with fewer; shapely asks for so many."""


def layer(text: bytes, name: str) -> gpd.GeoDataFrame:
    """One object of a quantised topology as a table.

    Parameters
    ----------
    text : bytes
        A TopoJSON document with a ``transform``.
    name : str
        Name of a geometry collection of polygons in it.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``id`` and ``name`` (``""`` where the atlas has none) and valid
        geometry, EPSG:4326.

    References
    ----------
    The TopoJSON format specification 1.0, sections 2.1.2 and 2.1.4.
    """
    topology = json.loads(text)
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    shapes = [shape for shape in topology["objects"][name]["geometries"] if shape.get("arcs")]
    return gpd.GeoDataFrame(
        {
            "id": [str(shape.get("id", "")) for shape in shapes],
            "name": [shape.get("properties", {}).get("name", "") for shape in shapes],
        },
        geometry=shapely.make_valid(
            [_polygons(shape, arcs) for shape in shapes], method="structure"
        ),
        crs="EPSG:4326",
    )


def _polygons(shape: dict, arcs: list[np.ndarray]) -> shapely.MultiPolygon:
    several = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    polygons = [[_ring(ring, arcs) for ring in polygon] for polygon in several]
    return shapely.MultiPolygon([(shell, holes) for shell, *holes in polygons])


def _ring(numbers: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    """Points of a ring; arc `~n` is arc `n` backwards, neighbours share an end point."""
    runs = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    joined = np.concatenate([runs[0], *(run[1:] for _, run in pairwise(runs))])
    missing = max(0, RING_POINTS - len(joined))
    return np.concatenate([joined, np.repeat(joined[:1], missing, axis=0)])

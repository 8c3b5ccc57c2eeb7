"""Outlines as the browser loads them: whole numbers, differences along each ring.

Half the size of GeoJSON, and exact to the decimals kept.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo import vocab

if TYPE_CHECKING:
    from collections.abc import Mapping

BOUNDARIES = Path(__file__).parent.parent / "data" / "boundaries"
BASE_SCALE = 1_000  # thousandths of a degree, about 100 m: what states_draw keeps
HEX_SCALE = 10_000  # about 10 m


def ring(points: np.ndarray, scale: int) -> list[int]:
    """First point and differences of a line of lon, lat in degrees, in 1/`scale` degrees.

    >>> ring(np.array([[-1.0, 2.0], [-1.5, 2.0], [-1.0, 2.5]]), 10)
    [-10, 20, -5, 0, 5, 5]
    """
    whole = np.rint(points * scale).astype(int)
    steps = np.vstack([whole[:1], np.diff(whole, axis=0)])
    return steps.ravel().tolist()


def polygons(shape: shapely.Geometry, scale: int) -> list[list[list[int]]]:
    """Polygons of a shape, each a list of rings without their repeated last point."""
    return [
        [
            ring(np.asarray(line.coords)[:-1], scale)
            for line in (polygon.exterior, *polygon.interiors)
        ]
        for polygon in shapely.get_parts(shape)
    ]


def lines(shape: shapely.Geometry, scale: int) -> list[list[int]]:
    """Lines of a shape."""
    return [ring(np.asarray(line.coords), scale) for line in shapely.get_parts(shape)]


@cache
def base() -> dict:
    """States, neighbouring land, lakes, country lines and city names: the same for all releases."""
    states = gpd.read_parquet(BOUNDARIES / "states_draw.parquet").sort_values("state")
    around = json.loads((BOUNDARIES / "basemap.geojson").read_text(encoding="utf-8"))
    kinds: dict[str, list] = {}
    for feature in around["features"]:
        kinds.setdefault(feature["properties"]["kind"], []).append(feature)
    outlines = {
        kind: [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
        for kind, features in kinds.items()
    }
    return {
        "scale": BASE_SCALE,
        "places": [_state(row.state, row.geometry) for row in states.itertuples()],
        "land": [polygons(shape, BASE_SCALE) for shape in outlines["land"]],
        "lakes": [polygons(shape, BASE_SCALE) for shape in outlines["lake"]],
        "lines": [lines(shape, BASE_SCALE) for shape in outlines["country_line"]],
        "cities": [
            _city(feature["properties"], point)
            for feature, point in zip(kinds["city"], outlines["city"], strict=True)
        ],
    }


def _state(code: str, shape: shapely.Geometry) -> dict:
    largest = max(shapely.get_parts(shape), key=shapely.area)
    inside = shapely.point_on_surface(largest)
    return {
        "id": code,
        "level": "state",
        "en": vocab.load().label("states", code, "en"),
        "es": vocab.load().label("states", code, "es"),
        "at": [round(inside.y, 2), round(inside.x, 2)],
        "shape": polygons(shape, BASE_SCALE),
    }


def _city(properties: dict, point: shapely.Point) -> dict:
    return {
        "en": properties["name_en"],
        "es": properties["name_es"],
        "rank": properties["rank"],
        "at": [point.y, point.x],
    }


def hexes(places: gpd.GeoDataFrame, names: Mapping[str, Mapping[str, str]]) -> dict:
    """Hex parts of a release's ``places``, in the order of their ids. Areas only, no points.

    Parameters
    ----------
    places : geopandas.GeoDataFrame
    names : mapping of str to mapping
        For each hex part its name by language.
    """
    parts = places[places["level"] != "state"].sort_values("place")
    return {
        "scale": HEX_SCALE,
        "places": [
            {
                "id": row.place,
                "level": row.level,
                **names[row.place],
                "shape": polygons(row.geometry, HEX_SCALE),
            }
            for row in parts.itertuples()
        ],
    }


def order(places: gpd.GeoDataFrame, level: str) -> list[str]:
    """Place ids of a level in the order the browser has them."""
    if level == "state":
        return [place["id"] for place in base()["places"]]
    return sorted(places.loc[places["level"] == level, "place"])

"""Hexagons named by the side of a city they lie on."""

import geopandas as gpd
import pytest
import shapely

from ui import orientation


def near(west: float, south: float) -> orientation.Near:
    outline = shapely.box(west, south, west + 0.4, south + 0.4)
    table = gpd.GeoDataFrame(
        {"place": ["US-TX/x"], "level": ["h3_4"]}, geometry=[outline], crs="EPSG:4326"
    )
    return orientation.near(table)["US-TX/x"]


@pytest.mark.parametrize(
    ("west", "south", "side"),
    [
        (-95.56, 29.56, "at"),
        (-95.56, 30.36, "n"),
        (-94.66, 29.56, "e"),
        (-96.46, 28.86, "sw"),
    ],
)
def test_the_side_of_houston(west, south, side, en):
    found = near(west, south)
    assert (found.side, found.city["en"]) == (side, "Houston")


def test_far_from_every_city_none_is_named(en):
    assert orientation.name("Alaska", near(-160, 70), en) == "Alaska: hexagon"


def test_a_name_tells_no_distance_and_no_number(source, t):
    for place, found in source.near.items():
        name = orientation.name("Texas", found, t)
        assert not any(char.isdigit() for char in name), place

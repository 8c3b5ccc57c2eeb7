"""Outlines as the browser loads them."""

import numpy as np
import shapely

from ui import geometry


def back(flat: list[int], scale: int) -> np.ndarray:
    return np.cumsum(np.array(flat).reshape(-1, 2), axis=0) / scale


def test_a_ring_comes_back_as_it_was():
    points = np.array([[-95.123, 29.5], [-95.0, 29.25], [-94.875, 29.75]])
    assert np.allclose(back(geometry.ring(points, 1000), 1000), points)


def test_rounding_does_not_add_up_along_a_ring():
    points = np.column_stack([np.arange(1000) * 0.00014, np.zeros(1000)])
    assert np.abs(back(geometry.ring(points, 10_000), 10_000) - points).max() <= 0.5 / 10_000


def test_holes_and_parts_are_kept():
    outer = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    shape = shapely.MultiPolygon([outer, shapely.box(8, 8, 9, 9)])
    assert [len(rings) for rings in geometry.polygons(shape, 10)] == [2, 1]


def test_the_base_has_all_states_in_the_order_of_their_codes():
    ids = [place["id"] for place in geometry.base()["places"]]
    assert len(ids) == 84
    assert ids == sorted(ids)


def test_the_point_that_a_key_opens_lies_in_its_state(source):
    outlines = source.release.places.set_index("place").geometry
    for place in geometry.base()["places"]:
        lat, lon = place["at"]
        assert outlines[place["id"]].distance(shapely.Point(lon, lat)) < 0.02, place["id"]


def test_hexagons_are_areas_without_points(source):
    names = {place: {"en": "", "es": ""} for place in source.near}
    made = geometry.hexes(source.release.places, names)
    assert [place["id"] for place in made["places"]] == sorted(source.near)
    assert all("at" not in place for place in made["places"])

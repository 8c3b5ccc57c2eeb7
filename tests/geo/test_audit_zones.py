"""Check 13: outlines laid over one another, against the ids and against the numbers."""

import geopandas as gpd
import h3
import pandas as pd
import pytest
import shapely

from geo import release
from tests.attacks.planted import TEXAS, TEXAS_PARTS, cell, found, manifest, outlines, table, view

HEX = f"US-TX/{TEXAS}"
PARTS = tuple(f"US-TX/{part}" for part in TEXAS_PARTS)
VIEWS = (view("all"), view("country"), view("state"), view("h3_3"), view("h3_4"))
CALIFORNIA = shapely.box(-124, 32, -114, 42)


def numbers(texas=300, coarse=150, fine=(60, 40)):
    rows = [cell(1000), cell(600, "country", "US"), cell(texas, "state", "US-TX")]
    rows += [cell(coarse, "h3_3", HEX)] if coarse else []
    return rows + [cell(n, "h3_4", part) for n, part in zip(fine, PARTS, strict=False)]


def drawn(folder, rows, shapes=None, **changes):
    """A release whose outlines are replaced by `shapes`."""
    cells = table(rows)
    places = outlines(cells)
    geometry = [
        (shapes or {}).get(place, shape)
        for place, shape in zip(places["place"], places["geometry"], strict=True)
    ]
    places = gpd.GeoDataFrame(
        pd.DataFrame(places.drop(columns="geometry")), geometry=geometry, crs="EPSG:4326"
    )
    release.write(folder, cells, places, manifest(VIEWS, **changes))
    return folder


def test_zones_that_nest_by_ids_and_by_outlines_pass(tmp_path):
    assert found(drawn(tmp_path / "r", numbers())) == set()


def test_two_states_drawn_over_one_another(tmp_path):
    shapes = {"US-CA": CALIFORNIA, "US-NY": shapely.box(-114.5, 32, -105, 42)}
    assert found(drawn(tmp_path / "r", numbers(), shapes)) == {(13, "apart")}


def test_two_states_that_share_a_border_are_apart(tmp_path):
    shapes = {"US-CA": CALIFORNIA, "US-NY": shapely.box(-114, 32, -105, 42)}
    assert found(drawn(tmp_path / "r", numbers(), shapes)) == set()


def test_two_hex_parts_of_one_level_drawn_over_one_another(tmp_path):
    grown = hexagon(TEXAS_PARTS[0]).buffer(0.002)
    around = {f"US-TX/{one}" for one in h3.grid_ring(TEXAS_PARTS[0], 1)}
    neighbour = min(around & set(PARTS))
    rows = [*numbers(fine=(60,)), cell(40, "h3_4", neighbour)]
    assert found(drawn(tmp_path / "r", rows, {PARTS[0]: grown})) == {(13, "apart")}


def hexagon(name):
    return shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(name)])


def test_hex_part_drawn_in_another_state_than_its_id_names(tmp_path):
    """Its ground is California's, its cases are subtracted from Texas."""
    away = {"US-TX": shapely.box(-96, 26, -94, 30), "US-CA": shapely.box(-104, 30, -97, 36)}
    assert found(drawn(tmp_path / "r", numbers(), away)) == {(13, "inside")}


@pytest.mark.parametrize(("off", "fires"), [(0.01, set()), (0.1, {(13, "inside")})])
def test_a_narrow_part_beside_a_state_that_is_simplified(tmp_path, off, fires):
    """A strip of the hex, 1.5 km wide, and a state whose outline begins `off` degrees east of it."""
    west, south, _, north = hexagon(TEXAS).bounds
    strip = shapely.intersection(
        hexagon(TEXAS), shapely.box(west + 0.4, south, west + 0.415, north)
    )
    state = shapely.box(west + 0.415 + off, 26, -94, 36)
    rows = numbers(fine=())
    assert found(drawn(tmp_path / "r", rows, {HEX: strip, "US-TX": state})) == fires


def test_state_minus_its_hex_leaves_a_sliver_with_five_cases(tmp_path):
    folder = drawn(tmp_path / "r", numbers(texas=155))
    assert (13, "slivers") in found(folder)
    assert (13, "slivers") not in found(drawn(tmp_path / "clean", numbers(texas=161)))


def test_country_is_the_union_of_its_states(tmp_path):
    rows = [cell(1000), cell(600, "country", "US"), cell(595, "state", "US-TX")]
    assert (13, "slivers") in found(drawn(tmp_path / "r", rows))


def test_hex_minus_two_finer_parts_by_cell_to_parent(tmp_path):
    """The coarse hex has 150; its two published parts have 143 of them."""
    assert (13, "slivers") in found(drawn(tmp_path / "r", numbers(fine=(90, 53))))
    assert (13, "slivers") not in found(drawn(tmp_path / "clean", numbers(fine=(90, 49))))


def test_finer_zones_with_more_than_the_zone_around_them(tmp_path):
    assert (13, "slivers") in found(drawn(tmp_path / "r", numbers(fine=(90, 80))))


def test_where_a_case_has_several_places_parts_are_cut_out_one_at_a_time(tmp_path):
    rows = numbers(fine=(90, 53))
    folder = drawn(tmp_path / "r", rows, multi_valued=["place"])
    assert (13, "slivers") not in found(folder)
    rows = numbers(fine=(145,))
    folder = drawn(tmp_path / "one", rows, multi_valued=["place"])
    assert (13, "slivers") in found(folder)


def test_outline_of_a_hex_part_without_a_published_cell(tmp_path):
    rows = numbers()
    places = outlines(table([*rows, cell(20, "h3_4", PARTS[3])]))
    release.write(tmp_path / "r", table(rows), places, manifest(VIEWS))
    assert found(tmp_path / "r") == {(17, "places")}

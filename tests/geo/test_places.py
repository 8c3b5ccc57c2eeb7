"""Places: which state a case is in, which hex part, and what is left of its coordinates."""

import csv
import hashlib
import os
from pathlib import Path

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import places, trees
from geo.model import CASES, LOCATED, Policy

FOLDER = places.FOLDER
POLICY = Policy("test", "public", 11, (), default_geocode_rows=20, default_geocode_share=0.01)

BORDER_TOWNS = {
    "El Paso": (31.7587, -106.4869, "US-TX"),
    "Ciudad Juárez": (31.7202, -106.4608, "MX-CHH"),
    "San Diego": (32.7157, -117.1611, "US-CA"),
    "San Ysidro": (32.5520, -117.0431, "US-CA"),
    "Tijuana": (32.5149, -117.0382, "MX-BCN"),
    "Laredo": (27.5064, -99.5075, "US-TX"),
    "Nuevo Laredo": (27.4763, -99.5164, "MX-TAM"),
    "Brownsville": (25.9017, -97.4975, "US-TX"),
    "Matamoros": (25.8690, -97.5027, "MX-TAM"),
    "Kansas City, Kansas": (39.1142, -94.6275, "US-KS"),
    "Kansas City, Missouri": (39.0997, -94.5786, "US-MO"),
    "Texarkana, Texas": (33.4251, -94.0477, "US-TX"),
    "Texarkana, Arkansas": (33.4418, -94.0377, "US-AR"),
    "Washington, D.C.": (38.8951, -77.0364, "US-DC"),
    "Arlington, Virginia": (38.8810, -77.1043, "US-VA"),
    "Tlaxcala": (19.3182, -98.2375, "MX-TLA"),
    "Puebla": (19.0414, -98.2063, "MX-PUE"),
    "Mexico City": (19.4326, -99.1332, "MX-CMX"),
    "Ecatepec": (19.6010, -99.0507, "MX-MEX"),
    "New York": (40.7128, -74.0060, "US-NY"),
    "Jersey City": (40.7178, -74.0431, "US-NJ"),
}


@pytest.fixture(scope="module")
def world():
    return places.world()


def _cases(rows):
    """CASES table of rows given as dicts; what a row does not give is empty or unknown."""
    table = {}
    for column in CASES.columns:
        nothing = {"text": "" if column.empty else "unknown", "int": 1, "float": np.nan}
        values = [row.get(column.name, nothing[column.kind]) for row in rows]
        dtype = {"text": "str", "int": "int64", "float": "float64"}[column.kind]
        table[column.name] = pd.Series(values, dtype=dtype)
    numbered = {"row": np.arange(1, len(rows) + 1), "case": np.arange(1, len(rows) + 1)}
    given = {name: [row.get(name, n) for row, n in zip(rows, v, strict=True)]
             for name, v in numbered.items()}  # fmt: skip
    return pd.DataFrame({**table, **{k: pd.Series(v, dtype="int64") for k, v in given.items()}})


def _place(world, **row):
    return places.locate(_cases([row]), world, POLICY).located["place"].item()


def _reason(world, **row):
    return places.locate(_cases([row]), world, POLICY).notes["reason"].item()


def _leaf(state, lat, lon):
    return f"{state}/{h3.latlng_to_cell(lat, lon, 5)}"


@pytest.mark.parametrize("town", BORDER_TOWNS)
def test_a_point_in_a_border_town_is_in_its_own_state(world, town):
    lat, lon, state = BORDER_TOWNS[town]
    assert _place(world, lat=lat, lon=lon) == _leaf(state, lat, lon)


def test_state_written_and_point_agree(world):
    place = _place(world, lat=29.76, lon=-95.37, state="US-TX", country="US")
    assert place == _leaf("US-TX", 29.76, -95.37)


def test_state_written_wins_over_a_point_elsewhere_and_gets_no_hex(world):
    row = {"lat": 29.76, "lon": -95.37, "state": "US-LA", "country": "US"}
    assert _place(world, **row) == "US-LA"
    assert _reason(world, **row) == "state_and_point_differ"


def test_a_name_does_not_rescue_a_point_that_disagrees(world):
    row = {"lat": 29.76, "lon": -95.37, "state": "US-LA", "country": "US"}
    assert _place(world, **row, place_name="New Orleans") == "US-LA"


def test_where_both_countries_claim_a_point_the_written_country_decides(world):
    us, mx = (
        shapely.union_all([
            shape for state, shape in zip(world.states, world.outlines, strict=True)
            if state in states
        ])
        for states in (("US-TX",), ("MX-CHH", "MX-COA", "MX-TAM"))
    )  # fmt: skip
    both = max(shapely.get_parts(shapely.intersection(us, mx)), key=shapely.area)
    point = shapely.point_on_surface(both)
    row = {"lat": point.y, "lon": point.x}
    assert _place(world, **row, country="MX").startswith("MX-")
    assert _place(world, **row, country="US").startswith("US-TX/")
    assert _place(world, **row).startswith("US-TX/")


def test_a_pier_just_off_the_outline_belongs_to_the_nearest_state(world):
    east = world.outlines[world.number["MX-ROO"]].bounds[2]
    shore = shapely.box(-86.9, 21.0, east + 0.1, 21.1) & world.outlines[world.number["MX-ROO"]]
    x = shore.bounds[2]
    y = next(point[1] for point in shapely.get_coordinates(shore) if point[0] == x)
    row = {"lat": y, "lon": x + 0.005, "country": "MX"}
    assert _place(world, **row).startswith("MX-ROO/")
    assert _reason(world, **row) == "point_snapped"
    assert _place(world, **{**row, "lon": x + 0.02}) == "MX-unknown"


def test_a_point_over_the_line_by_less_than_the_outline_s_error_agrees(world):
    lat, lon, _ = BORDER_TOWNS["Kansas City, Missouri"]
    line = shapely.LineString([(-94.7, lat), (lon, lat)])
    border = (line & world.outlines[world.number["US-MO"]]).bounds[0]
    row = {"lat": lat, "state": "US-MO", "country": "US"}
    assert _place(world, **row, lon=border - 0.001) == _leaf("US-MO", lat, border - 0.001)
    assert _place(world, **row, lon=border - 0.003) == "US-MO"


def test_a_point_outside_the_written_country_is_a_finding_and_counts_in_the_country(world):
    found = places.locate(_cases([{"lat": 48.85, "lon": 2.35, "country": "US"}]), world, POLICY)
    assert list(found.located["place"]) == ["US-unknown"]
    assert found.findings[["rule", "severity", "count", "share", "rows"]].to_numpy().tolist() == [
        ["point_outside_country", "warning", 1, 1.0, "1"]
    ]


def test_a_point_in_the_other_country_counts_in_the_written_country(world):
    lat, lon, _ = BORDER_TOWNS["Mexico City"]
    assert _place(world, lat=lat, lon=lon, country="US") == "US-unknown"


def test_a_point_outside_the_study_area_without_a_country_is_unknown(world):
    assert _place(world, lat=48.85, lon=2.35) == "unknown"


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ({"country": "US", "state": "US-TX"}, "US-TX", "state_only"),
        ({"country": "unknown", "state": "MX-MEX"}, "MX-MEX", "state_only"),
        ({"country": "US"}, "US-unknown", "country_only"),
        ({"country": "MX"}, "MX-unknown", "country_only"),
        ({"country": "US", "zip": "77002"}, "US-unknown", "zip_not_supported"),
        ({"country": "outside"}, "outside", "outside"),
        ({"country": "outside", "lat": 29.76, "lon": -95.37}, "outside", "outside"),
        ({}, "unknown", "country_unknown"),
        ({"lat": 29.76, "lon": np.nan, "country": "US"}, "US-unknown", "country_only"),
    ],
)
def test_what_the_record_says_without_a_point(world, row, place, reason):
    assert (_place(world, **row), _reason(world, **row)) == (place, reason)


@pytest.mark.parametrize(
    ("name", "state", "lat", "lon"),
    [
        ("Houston", "US-TX", 29.76328, -95.36327),
        ("houston, TX", "US-TX", 29.76328, -95.36327),
        ("CD. JUAREZ", "MX-CHH", 31.72024, -106.46084),
        ("St. Louis", "US-MO", 38.62727, -90.19789),
        ("Ciudad de México", "MX-CMX", 19.42847, -99.12766),
        ("New York", "US-NY", 40.71427, -74.00597),
        ("Washington", "US-DC", 38.89511, -77.03637),
    ],
)
def test_a_place_name_is_looked_up_in_its_state(world, name, state, lat, lon):
    row = {"state": state, "country": state[:2], "place_name": name}
    assert _place(world, **row) == _leaf(state, lat, lon)


def test_a_municipality_is_looked_up_when_the_place_name_says_nothing(world):
    row = {"state": "MX-MEX", "country": "MX", "place_name": "Colonia 1", "municipality": "Toluca"}
    assert _place(world, **row).startswith("MX-MEX/85")
    assert _reason(world, **row) == "municipality"


def test_an_unknown_name_falls_back_to_its_state(world):
    row = {"state": "US-TX", "country": "US", "place_name": "Nowhere at all"}
    assert (_place(world, **row), _reason(world, **row)) == ("US-TX", "place_name_not_resolved")


def test_a_name_that_several_places_of_the_state_bear_falls_back_to_the_state():
    table = _gazetteer([("san jose", "MX-JAL", 20.5, -103.3, 5000),
                        ("san jose", "MX-JAL", 20.9, -102.4, 4000)])  # fmt: skip
    assert places._resolved(table).to_dict() == {("MX-JAL", "san jose"): ""}


def test_a_name_of_one_place_far_larger_than_its_namesakes_means_that_place():
    table = _gazetteer([("san jose", "MX-JAL", 20.5, -103.3, 50_000),
                        ("san jose", "MX-JAL", 20.9, -102.4, 4000)])  # fmt: skip
    cell = h3.latlng_to_cell(20.5, -103.3, 5)
    assert places._resolved(table).to_dict() == {("MX-JAL", "san jose"): cell}


def test_a_namesake_of_unknown_size_keeps_a_name_ambiguous():
    table = _gazetteer([("san jose", "MX-JAL", 20.5, -103.3, 50_000),
                        ("san jose", "MX-JAL", 20.9, -102.4, 0)])  # fmt: skip
    assert places._resolved(table).to_dict() == {("MX-JAL", "san jose"): ""}


def _gazetteer(rows):
    return pd.DataFrame(rows, columns=["key", "state", "lat", "lon", "population"])


def test_a_name_that_one_place_of_the_country_bears_tells_its_state(world):
    assert _place(world, country="US", place_name="Albuquerque").startswith("US-NM/85")


@pytest.mark.parametrize("name", ["Springfield", "Washington", "New York"])
def test_a_name_that_may_mean_several_places_of_the_country_tells_no_state(world, name):
    assert _place(world, country="US", place_name=name) == "US-unknown"


@pytest.mark.parametrize("name", ["México", "Mexico", "Estado de México", "Puebla", "Tabasco"])
def test_the_name_of_a_state_or_the_country_is_not_taken_for_a_city(world, name):
    assert _place(world, country="MX", place_name=name) == "MX-unknown"


def test_another_name_of_a_place_is_looked_up_in_its_state_only(world):
    assert _place(world, country="MX", state="MX-GRO", place_name="Acapulco").startswith("MX-GRO/")
    assert _place(world, country="MX", place_name="Acapulco") == "MX-unknown"


def _squares():
    """A world of two square states with a strip of a hundredth of a degree between them."""
    names = _gazetteer([])
    default = pd.DataFrame({"kind": ["country"], "lat": [0.0], "lon": [0.0]})
    outlines = np.array([shapely.box(-100, 20, -99, 21), shapely.box(-98.99, 20, -98, 21)])
    empty = np.zeros((1, 1), dtype=np.uint8)
    states = ("MX-AGU", "MX-ZAC")
    return places.World(states, outlines, {}, {}, names, default, empty, (0.0, 0.0), 0.1)


@pytest.mark.parametrize(("lon", "state"), [(-98.998, "MX-AGU"), (-98.992, "MX-ZAC")])
def test_a_point_between_two_states_goes_to_the_nearer(lon, state):
    assert _place(_squares(), lat=20.5, lon=lon, country="MX").startswith(state)


def test_a_snapped_point_keeps_its_cell_where_the_cell_reaches_its_state():
    lat, lon = _west_of_the_square(reaches=True)
    assert _place(_squares(), lat=lat, lon=lon, country="MX") == _leaf("MX-AGU", lat, lon)


def test_a_snapped_point_takes_the_outline_s_cell_where_its_own_misses_the_state():
    lat, lon = _west_of_the_square(reaches=False)
    assert _place(_squares(), lat=lat, lon=lon, country="MX") == _leaf("MX-AGU", lat, -100)


def _west_of_the_square(*, reaches):
    """A point just off the western square, in another cell than the outline's next point."""
    square = _squares().outlines[0]
    for lat in np.arange(20.1, 20.9, 0.0005):
        cell = h3.latlng_to_cell(lat, -100.009, 5)
        other = cell != h3.latlng_to_cell(lat, -100, 5)
        if other and places._hexagon(cell).intersects(square) == reaches:
            return lat, -100.009
    raise AssertionError("no such point; take another square")


def test_a_point_that_many_rows_share_is_a_default_geocode(world):
    shared = [{"lat": 29.7601, "lon": -95.3701, "country": "US"}] * 20
    alone = [{"lat": 29.7602, "lon": -95.3701, "country": "US"}]
    found = places.locate(_cases(shared + alone), world, POLICY)
    assert list(found.located["place"]) == ["US-TX"] * 20 + [_leaf("US-TX", 29.7602, -95.3701)]
    assert found.findings[["rule", "count", "rows"]].to_numpy().tolist() == [
        ["default_geocode", 20, "1 2 3 4 5 6 7 8 9 10 …"]
    ]


def test_nineteen_rows_on_a_point_are_no_default_geocode(world):
    shared = [{"lat": 29.7601, "lon": -95.3701, "country": "US"}] * 19
    found = places.locate(_cases(shared), world, POLICY)
    assert set(found.located["place"]) == {_leaf("US-TX", 29.7601, -95.3701)}


def test_twenty_rows_that_are_less_than_one_percent_are_no_default_geocode(world):
    shared = [{"lat": 29.7601, "lon": -95.3701, "country": "US"}] * 20
    found = places.locate(_cases(shared + [{}] * 1981), world, POLICY)
    assert found.findings.empty
    assert found.located["place"][0] == _leaf("US-TX", 29.7601, -95.3701)


def test_the_centroid_of_a_state_tells_the_state_only(world):
    row = {"lat": 31.4347, "lon": -99.2818, "country": "US"}
    assert (_place(world, **row), _reason(world, **row)) == ("US-TX", "default_geocode")


def test_the_centroid_of_a_country_tells_no_state(world):
    row = {"lat": 39.8283, "lon": -98.5795, "country": "US"}
    assert (_place(world, **row), _reason(world, **row)) == ("US-unknown", "default_geocode")
    assert _place(world, **row, state="US-OH") == "US-OH"


def test_nothing_of_the_coordinates_survives(world):
    located = places.locate(_cases([{"lat": 29.7601, "lon": -95.3701}]), world, POLICY).located
    assert list(located.columns) == LOCATED.names
    assert not {"lat", "lon", "place_name", "municipality", "zip"} & set(located.columns)


def test_messages_hold_no_coordinate(world):
    rows = [{"lat": 48.8566, "lon": 2.3522, "country": "US"}]
    found = places.locate(_cases(rows), world, POLICY)
    said = found.findings.to_csv() + found.notes.to_csv()
    assert "48.8" not in said
    assert "2.35" not in said


def test_rows_of_one_case_stay_rows_in_order_with_their_roles(world):
    rows = [
        {"row": 4, "case": 9, "state": "MX-TLA", "country": "MX", "role": "recruitment"},
        {"row": 7, "case": 9, "state": "US-NY", "country": "US", "role": "exploitation"},
    ]
    located = places.locate(_cases(rows), world, POLICY).located
    assert located[["row", "case", "place", "role"]].to_numpy().tolist() == [
        [4, 9, "MX-TLA", "recruitment"], [7, 9, "US-NY", "exploitation"],
    ]  # fmt: skip


def test_row_order_is_irrelevant(world):
    rows = [{"row": i + 1, "lat": lat, "lon": lon, "country": state[:2]}
            for i, (lat, lon, state) in enumerate(BORDER_TOWNS.values())]  # fmt: skip
    forth = places.locate(_cases(rows), world, POLICY).located
    back = places.locate(_cases(rows[::-1]), world, POLICY).located
    pd.testing.assert_frame_equal(
        forth.drop(columns="case"),
        back.sort_values("row", ignore_index=True).drop(columns="case"),
    )


def test_a_file_without_rows_is_located(world):
    found = places.locate(_cases([]), world, POLICY)
    assert len(found.located) == len(found.findings) == len(found.notes) == 0


def test_notes_count_every_row_once(world):
    rows = [{"country": "US"}, {"country": "MX"}, {"state": "US-TX", "country": "US"}]
    notes = places.locate(_cases(rows), world, POLICY).notes
    assert notes[["changed", "reason"]].to_numpy().tolist() == [
        [2, "country_only"],
        [1, "state_only"],
    ]
    assert set(notes["rows_in"]) == set(notes["rows_out"]) == {3}


def test_the_raster_says_what_the_outlines_say(world):
    drawn = np.random.default_rng(7).uniform((15, -125), (49, -67), size=(4000, 2)).T
    by_raster = places._raster(*drawn, world)
    certain = by_raster >= 0
    inside = [
        shapely.contains_xy(world.outlines[number], lon, lat)
        for number, lat, lon in zip(by_raster[certain], *drawn[:, certain], strict=True)
    ]
    assert certain.sum() > 1000
    assert all(inside)


def test_two_parts_of_a_border_hex_share_the_border_and_do_not_overlap(world):
    cell = h3.latlng_to_cell(31.7587, -106.4869, 3)
    ids = [f"{state}/{cell}" for state in ("MX-CHH", "US-NM", "US-TX")]
    mexico, new_mexico, texas = places.parts(ids, world).geometry
    whole = places._hexagon(cell)
    assert shapely.area(mexico & texas) < 1e-12
    assert shapely.area(mexico & new_mexico) < 1e-12
    assert shapely.area(texas & new_mexico) < 1e-12
    assert shapely.area(shapely.union_all([mexico, texas, new_mexico])) == pytest.approx(whole.area)
    assert shapely.length(mexico.boundary & texas.boundary) > 0.3


def test_parts_come_in_the_order_asked_with_their_levels(world):
    ids = ["US-TX/83446cfffffffff", "US-TX", "US-TX/84446c9ffffffff"]
    table = places.parts(ids, world)
    assert list(table.columns) == ["place", "level", "geometry"]
    assert list(table["place"]) == ids
    assert list(table["level"]) == ["h3_3", "state", "h3_4"]
    assert table.crs == "EPSG:4326"


def test_a_part_at_the_coast_ends_at_the_shore(world):
    lake, shore = shapely.Point(-87.45, 41.9), shapely.Point(-87.7, 41.9)
    cell = h3.latlng_to_cell(41.9, -87.6, 3)
    part = places.parts([f"US-IL/{cell}"], world).geometry.item()
    assert world.outlines[world.number["US-IL"]].contains(lake)
    assert places._hexagon(cell).contains(lake)
    assert part.contains(shore)
    assert not part.contains(lake)


def test_a_part_whose_hex_misses_its_state_is_drawn_by_finer_cells(world):
    leaf = _child_outside_its_parent(world)
    state, cell = leaf.split("/")
    parent = f"{state}/{h3.cell_to_parent(cell, 3)}"
    part = places.parts([parent], world).geometry.item()
    assert part.area > 0
    assert world.land[state].buffer(1e-9).contains(part)


def _child_outside_its_parent(world):
    """A leaf whose res-3 hex has no land of its state, found along the Texan border."""
    land = world.land["US-TX"]
    points = shapely.get_coordinates(shapely.segmentize(land.exterior, 0.02)
                                     if land.geom_type == "Polygon" else land)  # fmt: skip
    for lon, lat in points:
        cell = h3.latlng_to_cell(lat, lon, 5)
        coarse = places._hexagon(h3.cell_to_parent(cell, 3))
        if shapely.area(coarse & land) == 0 and shapely.area(places._hexagon(cell) & land) > 0:
            return f"US-TX/{cell}"
    raise AssertionError("no such cell along the border; take another state")


def test_every_leaf_of_a_border_town_can_be_drawn_at_every_level(world):
    leaves = [_leaf(state, lat, lon) for lat, lon, state in BORDER_TOWNS.values()]
    ids = sorted({place for leaf in leaves for place in trees.place_path(leaf)[3:]})
    table = places.parts(ids, world)
    assert table.geometry.is_valid.all()
    assert not table.geometry.is_empty.any()


def test_small_parts_are_those_under_the_floor_and_never_a_state(world):
    district = "US-DC"
    cell = h3.latlng_to_cell(38.8951, -77.0364, 3)
    ids = [district, f"{district}/{cell}", f"US-VA/{cell}"]
    assert places.small_parts(ids, world, 500) == {f"{district}/{cell}"}
    assert places.small_parts(ids, world, 50) == set()


def test_areas_are_square_kilometres():
    cell = h3.latlng_to_cell(39, -98, 4)
    area = places._square_kilometres(np.array([places._hexagon(cell)]))
    assert area[0] == pytest.approx(h3.cell_area(cell, "km^2"), rel=0.005)


def test_a_cell_beyond_180_degrees_is_one_polygon():
    hexagon = places._hexagon(h3.latlng_to_cell(52.0, 179.99, 3))
    assert hexagon.bounds[0] > -182
    assert hexagon.bounds[2] < -179


@pytest.mark.parametrize("layer", ["assign", "parts", "draw"])
def test_every_layer_has_the_84_states_valid(layer):
    table = gpd.read_parquet(FOLDER / f"states_{layer}.parquet")
    assert table["state"].is_unique
    assert table["state"].str[:2].value_counts().to_dict() == {"US": 52, "MX": 32}
    assert table.geometry.is_valid.all()
    assert table.crs == "EPSG:4326"


@pytest.mark.parametrize("layer", ["parts", "draw"])
def test_drawn_layers_are_one_coverage_of_both_countries(layer):
    table = gpd.read_parquet(FOLDER / f"states_{layer}.parquet")
    assert shapely.coverage_is_valid(table.geometry.to_numpy())


def test_outlines_put_gazetteer_points_in_their_states_as_recorded(world):
    table = world.gazetteer[world.gazetteer["kind"] == "name"].dropna(subset="lat")
    claims = places.claims(table["lat"].to_numpy(), table["lon"].to_numpy(), world)
    number = table["state"].map(world.number).to_numpy()
    right = np.where(table["country"] == "US", claims["US"], claims["MX"]) == number
    puerto_rico = (table["state"] == "US-PR").to_numpy()
    mexico = (table["country"] == "MX").to_numpy()
    assert right[mexico].sum() == 16_825
    assert right[~mexico & ~puerto_rico].sum() == 21_781
    assert right[puerto_rico].sum() == 227


def test_sources_name_every_file_with_its_hash():
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hashes = {row["file"]: row["sha256"] for row in rows}
    written = {p.name for p in FOLDER.iterdir()} - {"sources.csv", "packages.toml", "settings.toml"}
    assert set(hashes) == written
    for name, digest in hashes.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest
    assert all(row[name] for row in rows for name in ("package", "version", "licence", "credit"))


def test_files_are_small_enough():
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert max(sizes.values()) < 4_000_000
    table = gpd.read_parquet(FOLDER / "states_draw.parquet")
    assert len(table.to_json(drop_id=True).replace(" ", "")) < 400_000


def test_real_points_of_mexico_city_are_in_mexico_city(world):
    folder = os.environ.get("MOSAICO_REAL", "")
    path = Path(folder) / "mx_cdmx_carpetas_2019_2025.csv"
    if not folder or not path.exists():
        pytest.skip("MOSAICO_REAL is not set to the folder of real files")
    table = pd.read_csv(path, dtype="str")
    points = table[["latitud", "longitud"]].astype("float64").dropna()
    rows = [{"lat": lat, "lon": lon, "country": "MX", "state": "MX-CMX"}
            for lat, lon in points.itertuples(index=False)]  # fmt: skip
    found = places.locate(_cases(rows), world, POLICY)
    cells = [h3.latlng_to_cell(lat, lon, 5) for lat, lon in points.itertuples(index=False)]
    placed = found.located["place"].str.contains("/")
    assert (found.located["place"].str[:6] == "MX-CMX").all()
    assert placed.mean() > 0.99
    assert list(found.located["place"][placed].str[7:]) == list(np.array(cells)[placed])

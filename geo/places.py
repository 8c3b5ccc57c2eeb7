"""Cases to places: state outlines, gazetteer, H3. Coordinates end here, for good.

The state written in the record wins over geometry; geometry fills in what is missing.
Where they disagree the case stays at its state without a hex. A place name without a
point goes through the gazetteer. A point that stands for a whole state, county or
country, or that many rows share, is a default geocode and tells the state at most.

Everything is measured in degrees, WGS 84; the outlines and their accuracy are described
in ``data/boundaries/sources.csv`` and ``accuracy.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import h3
import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import shapely

from geo import trees
from geo.model import COUNTRIES, LOCATED, NOTES, OUTSIDE, UNKNOWN, check
from geo.rules import Ledger, findings
from geo.vocab import fold, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.model import Policy

FOLDER = Path(__file__).parent.parent / "data" / "boundaries"
RESOLUTION = 5
SNAP_DEGREES = 0.01
"""A point in no state belongs to one this near (about 1 km): piers, bridges, border gaps."""
OUTLINE_DEGREES = 0.0015
"""How far an outline simplified to 100 m may be off: closer is no disagreement."""
DOMINANT = 10
"""Of several places of one name in a state, one with so many times the people is meant."""
POINT_RULES = ("default_geocode", "point_outside_country")
"""Ways of placing a row that are findings too."""
CRS = "EPSG:4326"
_EARTH_KM = 6371.0072
_ABBREVIATIONS = {
    "st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "cd": "ciudad", "sta": "santa",
    "sto": "santo", "gral": "general",
}  # fmt: skip


class Located(NamedTuple):
    """What :func:`locate` found.

    Attributes
    ----------
    located : pandas.DataFrame
        A ``LOCATED`` table: no coordinates, no names, one finest place a row.
    findings : pandas.DataFrame
        A ``FINDINGS`` table of `POINT_RULES`.
    notes : pandas.DataFrame
        A ``NOTES`` table: for every way of placing a row, how many rows went that way.
    """

    located: pd.DataFrame
    findings: pd.DataFrame
    notes: pd.DataFrame


@dataclass(frozen=True)
class World:
    """Outlines, names and points that places are told from.

    Attributes
    ----------
    states : tuple of str
        ISO 3166-2 codes; their numbers index `outlines` and, plus one, `certain`.
    outlines : numpy.ndarray of shapely geometry
        For assignment: about 100 m, with coastal water; the two countries overlap in places.
    land : dict of str to shapely geometry
        For cutting hex parts: one coverage that ends at the shore; Alaska runs on west
        of 180 degrees.
    drawn : dict of str to shapely geometry
        For drawing states: the same, about 1 km.
    gazetteer : pandas.DataFrame
        key, name, state, country, lat, lon, population, kind.
    default_points : pandas.DataFrame
        kind, lat, lon (4 decimals) of whole states, counties and countries.
    certain : numpy.ndarray of uint8
        Cells that lie in one state only: 1 plus its number, else 0.
    origin : tuple of float
        Longitude and latitude of the raster's south-west corner.
    step : float
        Size of a cell.
    """

    states: tuple[str, ...]
    outlines: np.ndarray
    land: dict
    drawn: dict
    gazetteer: pd.DataFrame
    default_points: pd.DataFrame
    certain: np.ndarray
    origin: tuple[float, float]
    step: float

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of every state."""
        return {state: i for i, state in enumerate(self.states)}

    @cached_property
    def names(self) -> pd.Series:
        """Cell by (state, key) of every name of a state; ``""`` where it is ambiguous."""
        return _resolved(self.gazetteer)

    @cached_property
    def single_names(self) -> pd.Series:
        """Leaf place by (country, key) of every name that one place of a country bears.

        Not the name of a state or country: a record that says no more than México may
        mean any of three places.
        """
        places = self.gazetteer.drop_duplicates(["country", "key", "state", "lat", "lon"])
        once = places[~places.duplicated(["country", "key"], keep=False)].dropna(subset="lat")
        areas = [*load().index("states"), *load().index("nationalities")]
        once = once[(once["kind"] == "name") & ~once["key"].isin(list(map(place_key, areas)))]
        leaves = once["state"] + "/" + _cells(once["lat"].to_numpy(), once["lon"].to_numpy())
        index = pd.MultiIndex.from_frame(once[["country", "key"]])
        return pd.Series(leaves.to_numpy(), index=index, dtype="str")


@cache
def world() -> World:
    """Everything in ``data/boundaries``, read once."""
    assign, parts, draw = (
        gpd.read_parquet(FOLDER / f"states_{use}.parquet") for use in ("assign", "parts", "draw")
    )
    raster = np.load(FOLDER / "certain.npz")
    return World(
        states=tuple(assign["state"]),
        outlines=assign.geometry.to_numpy(),
        land=dict(zip(parts["state"], parts.geometry, strict=True)),
        drawn=dict(zip(draw["state"], draw.geometry, strict=True)),
        gazetteer=pd.read_parquet(FOLDER / "gazetteer.parquet"),
        default_points=pd.read_parquet(FOLDER / "default_points.parquet"),
        certain=raster["state"],
        origin=(float(raster["origin"][0]), float(raster["origin"][1])),
        step=float(raster["step"]),
    )


def place_key(name: str) -> str:
    """Name as the gazetteer compares it: folded, usual abbreviations written out.

    >>> place_key("St. Louis"), place_key("Cd. Juárez")
    ('saint louis', 'ciudad juarez')
    """
    return " ".join(_ABBREVIATIONS.get(word, word) for word in fold(name).split())


def _resolved(gazetteer: pd.DataFrame) -> pd.Series:
    """Cell of each (state, key): of the only place, of the dominant one, or ``""``."""
    key = ["state", "key"]
    rows = gazetteer.drop_duplicates([*key, "lat", "lon"])
    rows = rows.sort_values([*key, "population"], ascending=[True, True, False], kind="stable")
    rank = rows.groupby(key, sort=False).cumcount()
    largest, second = (rows[rank == place].set_index(key) for place in (0, 1))
    runner_up = second["population"].reindex(largest.index)
    clear = runner_up.isna() | ((runner_up > 0) & (largest["population"] >= DOMINANT * runner_up))
    placed = (clear & largest["lat"].notna()).to_numpy()
    cells = pd.Series("", index=largest.index, dtype=object)
    points = largest[placed]
    cells[placed] = _cells(points["lat"].to_numpy(), points["lon"].to_numpy())
    return cells.astype("str")


def _cells(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Finest H3 cell of each point, as text."""
    numbers = np.fromiter(
        (h3_int.latlng_to_cell(y, x, RESOLUTION) for y, x in zip(lat, lon, strict=True)),
        dtype=np.uint64,
        count=len(lat),
    )
    codes, distinct = pd.factorize(numbers)
    return np.array([h3.int_to_str(int(cell)) for cell in distinct], dtype=object)[codes]


def locate(cases: pd.DataFrame, world: World, policy: Policy) -> Located:
    """Give every row its finest place, and drop its coordinates and names.

    Parameters
    ----------
    cases : pandas.DataFrame
        A ``CASES`` table.
    world : World
    policy : Policy
        Its ``default_geocode_rows`` and ``default_geocode_share`` say when a shared
        coordinate is a default geocode: both must be reached.

    Returns
    -------
    Located
        Places are ``US-TX/85446cfffffffff``, ``US-TX``, ``US-unknown``, ``outside`` or
        ``unknown``; rows keep their order and number.
    """
    points = _points(cases, world, policy)
    placing = _Placing(cases, world)
    _place_points(placing, points, world)
    _place_names(placing, cases, points, world)
    located = cases.assign(place=pd.Series(placing.place, index=cases.index, dtype="str"))
    return Located(
        check(located[LOCATED.names].reset_index(drop=True), LOCATED),
        _findings(cases, placing.reason),
        _notes(placing.reason),
    )


@dataclass(frozen=True)
class _Points:
    """Distinct points of a file, and which row has which.

    Attributes
    ----------
    of_row : numpy.ndarray of int
        Number of each row's point, -1 where it has none.
    lat, lon : numpy.ndarray of float
    claims : dict of str to numpy.ndarray of int
        For each country the number of the state a point lies in, -1 for none.
    default : numpy.ndarray of str
        ``""``, or what the point stands for: country, state, county, shared.
    """

    of_row: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    claims: dict[str, np.ndarray]
    default: np.ndarray


def _points(cases: pd.DataFrame, world: World, policy: Policy) -> _Points:
    lat, lon = (cases[name].to_numpy(dtype=float, na_value=np.nan) for name in ("lat", "lon"))
    given = np.isfinite(lat) & np.isfinite(lon)
    both = pd.factorize(lat[given])[0] * np.int64(len(lat) + 1) + pd.factorize(lon[given])[0]
    codes, _ = pd.factorize(both)
    of_row = np.full(len(cases), -1)
    of_row[given] = codes
    first = np.unique(codes, return_index=True)[1]
    lat, lon = lat[given][first], lon[given][first]
    rows = np.bincount(codes, minlength=len(lat))
    default = _default_kind(lat, lon, world)
    least = max(policy.default_geocode_rows, policy.default_geocode_share * len(cases))
    default[(default == "") & (rows >= least)] = "shared"
    return _Points(of_row, lat, lon, claims(lat, lon, world), default)


def _default_kind(lat: np.ndarray, lon: np.ndarray, world: World) -> np.ndarray:
    known = world.default_points
    table = pd.MultiIndex.from_arrays([_tenths(known["lat"]), _tenths(known["lon"])])
    found = table.get_indexer(pd.MultiIndex.from_arrays([_tenths(lat), _tenths(lon)]))
    return np.where(found >= 0, known["kind"].to_numpy(dtype=object)[found], "").astype(object)


def _tenths(degrees: np.ndarray | pd.Series) -> np.ndarray:
    """Degrees in ten-thousandths (about 10 m), to compare points to four decimals."""
    return np.round(np.asarray(degrees) * 1e4).astype(np.int64)


def claims(lat: np.ndarray, lon: np.ndarray, world: World) -> dict[str, np.ndarray]:
    """For each country the number of the state that each point lies in, -1 for none.

    A strip along the border is in an outline of both countries; elsewhere at most one
    country claims a point. A raster answers for cells wholly inside one state, the
    outlines for the rest.
    """
    known = _raster(lat, lon, world)
    found = {country: np.full(len(lat), -1) for country in COUNTRIES}
    open_ = np.flatnonzero(known < 0)
    open_ = open_[np.argsort(lon[open_], kind="stable")]
    x, y = lon[open_], lat[open_]
    for number, (state, outline) in enumerate(zip(world.states, world.outlines, strict=True)):
        found[state[:2]][known == number] = number
        west, south, east, north = outline.bounds
        window = slice(np.searchsorted(x, west), np.searchsorted(x, east, side="right"))
        near = np.flatnonzero((y[window] >= south) & (y[window] <= north)) + window.start
        if len(near):
            shapely.prepare(outline)
            inside = near[shapely.contains_xy(outline, x[near], y[near])]
            found[state[:2]][open_[inside]] = number
    return found


def _raster(lat: np.ndarray, lon: np.ndarray, world: World) -> np.ndarray:
    column = np.floor((lon - world.origin[0]) / world.step).astype(np.int64)
    row = np.floor((lat - world.origin[1]) / world.step).astype(np.int64)
    rows, columns = world.certain.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    number = np.zeros(len(lat), dtype=np.int64)
    number[inside] = world.certain[row[inside], column[inside]]
    return number - 1


class _Placing:
    """Places being found: what the record says, made finer step by step.

    Attributes
    ----------
    country : numpy.ndarray of int
        Number of each row's country in ``COUNTRIES``, -1 where it is none of them.
    state : numpy.ndarray of int
        Number of the state the record names, -1 for none.
    place, reason : numpy.ndarray of str
        Finest place so far, and the code of how it was found.
    """

    def __init__(self, cases: pd.DataFrame, world: World):
        state = cases["state"].to_numpy(dtype=object)
        country = cases["country"].to_numpy(dtype=object)
        self.state = _numbers(state, world.states)
        country = np.where(self.state >= 0, cases["state"].str[:2].to_numpy(object), country)
        self.country = _numbers(country, COUNTRIES)
        self.outside = country == OUTSIDE
        vague = np.where(self.country >= 0, country + f"-{UNKNOWN}", country)
        self.place = np.where(self.state >= 0, state, vague).astype(object)
        self.reason = np.full(len(cases), "country_only", dtype=object)
        self.reason[self.state >= 0] = "state_only"
        self.reason[self.country < 0] = "country_unknown"
        zip_only = (cases["zip"] != "").to_numpy() & (self.state < 0)
        self.reason[zip_only] = "zip_not_supported"
        self.reason[self.outside] = OUTSIDE

    def give(self, rows: np.ndarray, reason: str, place: np.ndarray | None = None) -> None:
        """Note how `rows` were placed, and their finer place where there is one."""
        self.reason[rows] = reason
        if place is not None:
            self.place[rows] = place


def _numbers(values: np.ndarray, known: Sequence[str]) -> np.ndarray:
    codes, distinct = pd.factorize(values)
    number = {value: i for i, value in enumerate(known)}
    return np.array([number.get(value, -1) for value in distinct] or [-1])[codes]


def _place_points(placing: _Placing, points: _Points, world: World) -> None:
    """Place the rows that have a point."""
    rows = np.flatnonzero((points.of_row >= 0) & ~placing.outside)
    point, state = points.of_row[rows], placing.state[rows]
    claim = _claim(points, point, placing.country[rows])
    default = points.default[point] != ""
    agree = ~default & (claim >= 0) & ((state < 0) | (state == claim))
    _place_defaults(placing, points, rows[default], claim[default], world)
    leaves = _leaves(claim[agree], points.lat, points.lon, point[agree], world)
    placing.give(rows[agree], "state_and_point", leaves)
    placing.reason[rows[agree & (state < 0)]] = "state_from_point"
    _place_strays(placing, points, rows[~default & ~agree], world)


def _claim(points: _Points, point: np.ndarray, country: np.ndarray) -> np.ndarray:
    """State each row's point lies in: in the row's country, or in the first that claims it."""
    each = [points.claims[name][point] for name in COUNTRIES]
    first = np.where(each[0] >= 0, each[0], each[1])
    return np.select([country == 0, country == 1], each, first)


def _leaves(
    state: np.ndarray, lat: np.ndarray, lon: np.ndarray, point: np.ndarray, world: World
) -> np.ndarray:
    """Leaf place ids of rows, from each row's state number and point number."""
    used, of_used = np.unique(point, return_inverse=True)
    cells, names = pd.factorize(_cells(lat[used], lon[used]))
    pairs, distinct = pd.factorize(cells[of_used] * np.int64(len(world.states)) + state)
    cell, number = np.divmod(distinct, len(world.states))
    ids = [f"{world.states[n]}/{names[c]}" for c, n in zip(cell, number, strict=True)]
    return np.array(ids, dtype=object)[pairs] if ids else np.array([], dtype=object)


def _place_defaults(
    placing: _Placing, points: _Points, rows: np.ndarray, claim: np.ndarray, world: World
) -> None:
    """Default geocodes tell the state, those of a country not even that."""
    whole_country = points.default[points.of_row[rows]] == "country"
    fill = (placing.state[rows] < 0) & ~whole_country & (claim >= 0)
    placing.give(rows, "default_geocode")
    placing.place[rows[fill]] = np.array(world.states, dtype=object)[claim[fill]]


def _place_strays(placing: _Placing, points: _Points, rows: np.ndarray, world: World) -> None:
    """Rows whose point is not in their state or country: near it, or in disagreement."""
    keys = pd.DataFrame({
        "point": points.of_row[rows], "state": placing.state[rows],
        "country": placing.country[rows],
    })  # fmt: skip
    number, distinct = pd.factorize(pd.MultiIndex.from_frame(keys))
    strays = pd.DataFrame(list(distinct), columns=keys.columns, dtype=np.int64)
    state, lat, lon = _nearest(strays, points, world)
    found = (state >= 0)[number]
    leaves = _leaves(state[number[found]], lat, lon, number[found], world)
    placing.give(rows[found], "point_snapped", leaves)
    lost = rows[~found]
    placing.give(lost, "point_outside_country")
    placing.give(lost[placing.country[lost] < 0], "point_outside_area")
    placing.give(lost[placing.state[lost] >= 0], "state_and_point_differ")


def _nearest(
    strays: pd.DataFrame, points: _Points, world: World
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For points near the outline they should be in, the state and a point to bin.

    Parameters
    ----------
    strays : pandas.DataFrame
        Integer columns point, state, country; -1 where the record names none.

    Returns
    -------
    state : numpy.ndarray of int
        Number of the state, -1 for none near enough.
    lat, lon : numpy.ndarray of float
        The point itself, or the outline's nearest where the point's cell misses the state.
    """
    point = strays["point"].to_numpy()
    lat, lon = points.lat[point].copy(), points.lon[point].copy()
    claimed = np.any([claim[point] >= 0 for claim in points.claims.values()], axis=0)
    least = np.where(claimed, OUTLINE_DEGREES, SNAP_DEGREES)
    places = shapely.points(lon, lat)
    found = np.full(len(strays), -1)
    for number, outline in enumerate(world.outlines):
        near = _candidates(strays, number, world, lon, lat)
        if not len(near):
            continue
        shapely.prepare(outline)
        near = near[shapely.dwithin(outline, places[near], least[near])]
        lines = shapely.shortest_line(outline, places[near])
        least[near], found[near] = shapely.length(lines), number
        ends = shapely.get_point(lines, 0)
        own = _touches(places[near], outline)
        lon[near] = np.where(own, shapely.get_x(places[near]), shapely.get_x(ends))
        lat[near] = np.where(own, shapely.get_y(places[near]), shapely.get_y(ends))
    return found, lat, lon


def _touches(places: np.ndarray, outline: shapely.Geometry) -> np.ndarray:
    """Whether each point's finest cell reaches into an outline."""
    codes, cells = pd.factorize(_cells(shapely.get_y(places), shapely.get_x(places)))
    reaches = np.array([outline.intersects(_hexagon(cell)) for cell in cells], dtype=bool)
    return reaches[codes]


def _candidates(
    strays: pd.DataFrame, number: int, world: World, lon: np.ndarray, lat: np.ndarray
) -> np.ndarray:
    """Rows of `strays` that may belong to a state and lie around its bounds."""
    state, country = strays["state"].to_numpy(), strays["country"].to_numpy()
    own = COUNTRIES.index(world.states[number][:2])
    may = np.where(state >= 0, state == number, (country < 0) | (country == own))
    west, south, east, north = world.outlines[number].bounds
    may &= (lon >= west - SNAP_DEGREES) & (lon <= east + SNAP_DEGREES)
    return np.flatnonzero(may & (lat >= south - SNAP_DEGREES) & (lat <= north + SNAP_DEGREES))


def _place_names(placing: _Placing, cases: pd.DataFrame, points: _Points, world: World) -> None:
    """Place the rows that have a name and no point, town first, then municipality."""
    open_ = (points.of_row < 0) & (placing.country >= 0)
    for column in ("place_name", "municipality"):
        rows = np.flatnonzero(open_ & (cases[column] != "").to_numpy())
        codes, distinct = pd.factorize(cases[column].to_numpy(dtype=object)[rows])
        area = np.where(placing.state[rows] >= 0, placing.state[rows], -1 - placing.country[rows])
        asked, pairs = np.unique(np.column_stack([area, codes]), axis=0, return_inverse=True)
        leaves = np.array([_named(int(a), distinct[c], world) for a, c in asked], dtype=object)
        leaf = leaves[pairs] if len(rows) else leaves
        found = leaf != ""
        placing.give(rows, f"{column}_not_resolved")
        placing.give(rows[found], column, leaf[found])
        open_[rows[found]] = False


def _named(area: int, name: str, world: World) -> str:
    """Leaf place of a name in a state (its number) or country (-1 less its number), or ``""``."""
    for text in dict.fromkeys((name, name.partition(",")[0])):
        key = place_key(text)
        if area < 0:
            leaf = world.single_names.get((COUNTRIES[-1 - area], key), "")
        else:
            cell = world.names.get((world.states[area], key), "")
            leaf = cell and f"{world.states[area]}/{cell}"
        if leaf:
            return leaf
    return ""


def _findings(cases: pd.DataFrame, reason: np.ndarray) -> pd.DataFrame:
    columns = {name: cases[name].to_numpy() for name in ("file", "row")}
    ledgers = []
    for file, rows in pd.DataFrame({**columns, "reason": reason}).groupby("file", sort=False):
        ledgers.append(Ledger(file, len(rows)))
        for rule in POINT_RULES:
            ledgers[-1].add(rule, rows["row"][rows["reason"] == rule])
    return findings(ledgers)


def _notes(reason: np.ndarray) -> pd.DataFrame:
    codes, counts = np.unique(reason.astype("str"), return_counts=True)
    table = pd.DataFrame({
        "step": "locate", "rows_in": len(reason), "rows_out": len(reason), "changed": counts,
        "reason": codes,
    })  # fmt: skip
    kinds = {column.name: "str" if column.kind == "text" else "int64" for column in NOTES.columns}
    return check(table.astype(kinds), NOTES)


def parts(place_ids: Iterable[str], world: World) -> gpd.GeoDataFrame:
    """Areas to draw: states, and hexes cut at the borders of their state.

    Two parts of one hex share the border exactly and do not overlap. A part whose hex
    misses its state (H3 cells do not contain all of their descendants) is drawn by the
    finest cells instead.

    Parameters
    ----------
    place_ids : iterable of str
        States and hex parts, for example ``US-TX`` and ``US-TX/83446cfffffffff``.
    world : World

    Returns
    -------
    geopandas.GeoDataFrame
        place, level and geometry, EPSG:4326, in the order of `place_ids`; Alaska's far
        islands lie west of 180 degrees.

    Raises
    ------
    KeyError
        A place id whose state is not of the study area.
    """
    ids = list(place_ids)
    hexes = {place: _part(place, world) for place in ids if "/" in place}
    geometry = [hexes[place] if place in hexes else world.drawn[place] for place in ids]
    levels = [trees.level(place) for place in ids]
    table = pd.DataFrame(
        {"place": pd.Series(ids, dtype="str"), "level": pd.Series(levels, dtype="str")}
    )
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(geometry, crs=CRS))


def _part(place: str, world: World) -> shapely.Geometry:
    state, cell = place.split("/")
    land = world.land[state]
    shapely.prepare(land)
    whole = _hexagon(cell)
    if shapely.contains_properly(land, whole):
        return whole
    cut = _areas(shapely.intersection(whole, land))
    if cut.is_empty:
        fine = shapely.union_all(
            [_hexagon(child) for child in h3.cell_to_children(cell, RESOLUTION)]
        )
        cut = _areas(shapely.intersection(fine, land))
    return whole if cut.is_empty else cut


def _hexagon(cell: str) -> shapely.Polygon:
    """Outline of an H3 cell; degrees, east of Greenwich counted on beyond -180."""
    return shapely.Polygon(
        [(lon - 360 if lon > 0 else lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
    )


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Polygons of a shape, without the lines and points that cutting leaves."""
    pieces = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 0]
    return pieces[0] if len(pieces) == 1 else shapely.MultiPolygon(pieces)


def small_parts(place_ids: Iterable[str], world: World, least_area_km2: float) -> set[str]:
    """Hex parts whose land is smaller than a policy's floor; never a state.

    Parameters
    ----------
    place_ids : iterable of str
    world : World
    least_area_km2 : float
        Square kilometres on the sphere of H3's radius.

    Returns
    -------
    set of str
    """
    hexes = [place for place in place_ids if "/" in place]
    areas = _square_kilometres(np.array([_part(place, world) for place in hexes], dtype=object))
    return {place for place, area in zip(hexes, areas, strict=True) if area < least_area_km2}


def _square_kilometres(geometry: np.ndarray) -> np.ndarray:
    """Areas by Lambert's cylindrical equal-area projection of the sphere."""

    def project(points: np.ndarray) -> np.ndarray:
        angles = np.radians(points)
        return _EARTH_KM * np.column_stack([angles[:, 0], np.sin(angles[:, 1])])

    return shapely.area(shapely.transform(geometry, project))

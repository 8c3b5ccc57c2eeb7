"""Looking a choice up in a release: tables in, tables out, and nothing is computed.

A filter is a look-up in a released view. Where the combination was not released, or no
cell of it is published, that is said, with the nearest views that were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from geo import vocab
from geo.model import ALL, CASES_MEASURE, COUNTRIES, DIMENSIONS, OVERLAP, UNKNOWN
from ui import coverage, orientation
from ui.choice import AUTO, COUNT, FILTERS, RATE, Choice, Offered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.release import Release

MAPPED = ("state", "h3_3", "h3_4")
LEAST_STATES = 8  # PRODUCT.md: a layer opens a release only where it shows so many states

EMPTY = pd.Series(dtype="int64", index=pd.Index([], dtype="str", name="place"))


@dataclass(frozen=True)
class Opened:
    """A release, indexed for look-ups.

    Attributes
    ----------
    release : geo.release.Release
    cells : mapping
        Counts by place, for each (level, period, venue, nationality, trafficking_type).
    views : frozenset of (str, frozenset of str)
        Released views: level and dimensions (grains).
    offered : Offered
    near : mapping of str to Near
        City near each hex part, to name it by.
    levels : mapping of str to str
        Level of each place of the map.
    """

    release: Release
    cells: Mapping[tuple[str, ...], pd.Series]
    views: frozenset[tuple[str, frozenset[str]]]
    offered: Offered
    near: Mapping[str, orientation.Near]
    levels: Mapping[str, str]

    @property
    def k(self) -> int:
        """Least count that the release shows."""
        return self.release.manifest["k"]

    @property
    def title(self) -> dict[str, str]:
        """Title by language."""
        return self.release.manifest["title"]

    @property
    def blocks(self) -> dict[str, str]:
        """Label of each block of time, by the code of its total: ``all``, and later years."""
        later = self.release.manifest.get("blocks", [])
        labels = {block["period"]: block["label"] for block in later}
        return labels | {ALL: self.release.manifest["coverage"]["label"]}

    @property
    def covered(self) -> tuple[str, ...]:
        """Countries that the sources cover."""
        return tuple(self.release.manifest.get("covered", COUNTRIES))

    def counts(self, level: str, codes: tuple[str, ...]) -> pd.Series:
        """Look published counts up, by place; empty where none is."""
        return self.cells.get((level, *codes), EMPTY)

    def released(self, level: str, codes: tuple[str, ...]) -> bool:
        """Whether the release has a view at `level` for codes broken down like `codes`."""
        broken = zip(DIMENSIONS, codes, strict=True)
        return (level, frozenset(name for name, code in broken if code != ALL)) in self.views


@dataclass(frozen=True)
class Layer:
    """One layer of a choice: a venue and its published counts.

    Attributes
    ----------
    cells : mapping of str to pandas.Series
        Counts by place, for each level that is wanted and released.
    totals : pandas.Series
        Counts of ``all``, ``US`` and ``MX``, where published.
    unplaced : pandas.Series
        Counts of ``US-unknown`` and ``MX-unknown``, where published.
    """

    venue: str
    cells: Mapping[str, pd.Series]
    totals: pd.Series
    unplaced: pd.Series


@dataclass(frozen=True)
class Shown:
    """What a choice shows.

    Attributes
    ----------
    levels : tuple of str
        Levels to draw, coarse to fine.
    front : str
        The level in full colour: the finest with a published cell.
    refused : tuple of str
        Levels that were wanted and are not released for at least one layer.
    measure : str
        ``count``, ``rate`` or ``hispanic``: what the map, the legend and the table show.
    """

    layers: tuple[Layer, ...]
    levels: tuple[str, ...]
    front: str
    refused: tuple[str, ...]
    measure: str = COUNT

    @property
    def nothing(self) -> bool:
        """Whether no place of any layer has a published count."""
        return not any(len(cells) for layer in self.layers for cells in layer.cells.values())


def opened(release: Release, releases: tuple[str, ...]) -> Opened:
    """Index a release. `releases` are the folder names to switch between."""
    keys = ["level", *DIMENSIONS]
    counts = release.cells[release.cells["measure"] == CASES_MEASURE]
    grouped = counts.groupby(keys, observed=True, sort=False)
    cells = {key: group.set_index("place")["value"] for key, group in grouped}
    views = frozenset(
        (view["level"], frozenset(view["grains"])) for view in release.manifest["policy"]["views"]
    )
    layers = (ALL, *vocab.load().layers)
    offered = Offered(
        releases=releases,
        layers=layers,
        opening=(_opening(cells, layers),),
        filters={name: _codes(release.cells, name) for name in FILTERS},
        places=frozenset(release.places["place"]),
    )
    places = release.places.set_index("place")
    near = orientation.near(release.places)
    return Opened(release, cells, views, offered, near, places["level"].to_dict())


def _opening(cells: Mapping[tuple[str, ...], pd.Series], layers: tuple[str, ...]) -> str:
    """First mission layer where it shows enough states, else all venues."""
    first = layers[1]
    shown = cells.get(("state", ALL, first, ALL, ALL), EMPTY)
    return first if len(shown) >= LEAST_STATES else ALL


def _codes(cells: pd.DataFrame, dimension: str) -> tuple[str, ...]:
    """Codes of a dimension with a published cell, but for groups, quarters and overlaps."""
    found = sorted(set(cells[dimension]) - {ALL})
    regions = {code for code, parent in vocab.load().parents("nationalities").items() if not parent}
    groups = regions if dimension == "nationality" else set()
    plain = [code for code in found if OVERLAP not in code and "-Q" not in code]
    return tuple(code for code in plain if code not in groups)


def shown(source: Opened, choice: Choice) -> Shown:
    """Look up all that a choice asks for, level by level and layer by layer."""
    wanted = _wanted(choice)
    layers = tuple(_layer(source, choice, venue, wanted) for venue in choice.layers)
    refused = tuple(level for level in wanted if not all(level in layer.cells for layer in layers))
    levels = tuple(level for level in wanted if any(level in layer.cells for layer in layers))
    filled = [level for level in levels if any(len(layer.cells.get(level, ())) for layer in layers)]
    front = (filled or levels or wanted[:1])[-1]
    return Shown(layers, levels, front, refused, measure(choice, front))


def _wanted(choice: Choice) -> tuple[str, ...]:
    """Levels that a choice asks for: rates are of states alone, as hexagons have no residents."""
    if choice.level != AUTO:
        return (choice.level,)
    return MAPPED if choice.measure in (AUTO, COUNT) else ("state",)


def measure(choice: Choice, front: str) -> str:
    """Measure shown: hexagons are counted, whatever was chosen; states have a rate by default."""
    if front != "state":
        return COUNT
    return RATE if choice.measure == AUTO else choice.measure


def _layer(source: Opened, choice: Choice, venue: str, wanted: tuple[str, ...]) -> Layer:
    codes = choice.cell(venue)
    released = [level for level in wanted if source.released(level, codes)]
    cells = {level: source.counts(level, codes) for level in released}
    states = source.counts("state", codes)
    unknown = states[states.index.str.endswith(f"-{UNKNOWN}")]
    if "state" in cells:
        cells["state"] = states.drop(unknown.index)
    totals = pd.concat([source.counts(ALL, codes), source.counts("country", codes)])
    return Layer(venue, cells, totals, unknown)


def nearest(source: Opened, choice: Choice, most: int = 3) -> tuple[Choice, ...]:
    """Released views near a choice that publish something, fewest changes first.

    A change is a filter dropped, whole states in place of hexagons, or all venues in place
    of the layers. A view that changes all that a nearer one does, and more, is left out.
    """
    found: list[tuple[frozenset[str], Choice]] = []
    for changes in _changes(choice):
        candidate = _changed(choice, changes)
        nearer = any(less <= changes for less, _ in found)
        if candidate != choice and not nearer and _answers(source, candidate):
            found.append((changes, candidate))
    return tuple(candidate for _, candidate in found[:most])


def _changes(choice: Choice) -> list[frozenset[str]]:
    """Every set of changes that may be made to a choice, small ones first."""
    possible = [*choice.filters(), "level", "layers"]
    return [
        frozenset(some) for n in range(1, len(possible) + 1) for some in combinations(possible, n)
    ]


def _changed(choice: Choice, changes: frozenset[str]) -> Choice:
    changed = choice.without(*(changes & set(FILTERS)))
    if "level" in changes:
        changed = replace(changed, level="state")
    return replace(changed, layers=(ALL,)) if "layers" in changes else changed


def _answers(source: Opened, choice: Choice) -> bool:
    found = shown(source, choice)
    refused = found.refused if choice.level != AUTO else ("state",) * ("state" in found.refused)
    return not refused and not found.nothing


def ranked(found: Shown, level: str) -> pd.DataFrame:
    """Places of one level, a column of counts a layer, most of the first layer first.

    Returns
    -------
    pandas.DataFrame
        Index `place`; one ``Int64`` column a layer, NA where not published.
    """
    columns = {layer.venue: layer.cells.get(level, EMPTY) for layer in found.layers}
    table = pd.DataFrame(columns).astype("Int64").rename_axis("place").reset_index()
    order = [layer.venue for layer in found.layers]
    ordered = table.sort_values([*order, "place"], ascending=[False] * len(order) + [True])
    return ordered.set_index("place")


def over_time(source: Opened, choice: Choice, place: str) -> pd.DataFrame:
    """Year by year counts of a place, a column a layer, NA where nothing is published.

    The other filters stay as chosen. A layer whose view is not released has no column.
    """
    dated = [code for code in source.offered.filters["period"] if code != UNKNOWN]
    years = coverage.periods(source.release.manifest, coverage.YEAR, dated)
    level = source.levels[place]
    columns = {}
    for venue in choice.layers:
        series = {year: replace(choice, period=year).cell(venue) for year in years}
        if all(source.released(level, codes) for codes in series.values()):
            values = {year: _at(source, level, codes, place) for year, codes in series.items()}
            columns[venue] = pd.Series(values, index=years, dtype="Int64")
    return pd.DataFrame(columns, index=pd.Index(years, name="period"))


def by_venue(source: Opened, choice: Choice, place: str) -> pd.Series | None:
    """Venues of a place with their published counts, most first; None if not released.

    Overlaps are left out: they are counted in each of their venues.
    """
    level = source.levels[place]
    venues = [code for code in vocab.load().codes("venues") if vocab.load().parents("venues")[code]]
    if not source.released(level, choice.cell(venues[0])):
        return None
    values = {code: _at(source, level, choice.cell(code), place) for code in (*venues, UNKNOWN)}
    found = pd.Series(values, dtype="Int64").dropna().astype("int64")
    return found.sort_values(ascending=False, kind="stable")


def total(source: Opened, choice: Choice, venue: str, place: str) -> int | None:
    """Look up the published count of a place for the chosen filters; None where none is."""
    return _at(source, source.levels[place], choice.cell(venue), place)


def _at(source: Opened, level: str, codes: tuple[str, ...], place: str) -> int | None:
    counts = source.counts(level, codes)
    return int(counts[place]) if place in counts.index else None


def place_at(source: Opened, found: Shown, lat: float, lon: float) -> str:
    """Finest place at a point that shows a count, else its state; ``""`` outside both countries.

    Parameters
    ----------
    lat, lon : float
        Degrees, WGS 84. Points east of 180 degrees are counted on to the west, as the
        outlines of Alaska's far islands are.
    """
    point = shapely.Point(lon - 360 if lon > 0 else lon, lat)
    places = source.release.places
    here = places[places.geometry.intersects(point)].set_index("level")["place"]
    for level in reversed(found.levels):
        named = here.loc[[level]] if level in here.index else []
        for place in named:
            if any(place in layer.cells.get(level, EMPTY).index for layer in found.layers):
                return place
    return here.loc[["state"]].iloc[0] if "state" in here.index else ""

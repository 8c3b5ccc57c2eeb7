"""Looking a choice up in a release: tables in, tables out; only periods are ever summed.

A filter is a look-up in a released view. Where the combination was not released, or no
cell of it is published, that is said, with the nearest views that were.

Several periods of a place are summed where all are published. Where only some are, the sum
of those is a count of "at least" so many, and kept apart from the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo import vocab
from geo.model import ALL, CASES_MEASURE, COUNTRIES, DIMENSIONS, OVERLAP, UNKNOWN
from ui import clusters, coverage, orientation
from ui.choice import AUTO, COUNT, FILTERS, RATE, Choice, Offered, disjoint
from ui.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.cluster_file import Read
    from geo.release import Release

MAPPED = ("state", "h3_3", "h3_4")
MOST_VIEWS = 300  # results that an opened release keeps for all sessions, some 10 kB each
LEAST_STATES = 8  # PRODUCT.md: a layer opens a release only where it shows so many states

EMPTY = pd.Series(dtype="int64", index=pd.Index([], dtype=object, name="place"), name="value")


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
    clusters : geo.cluster_file.Read or None
        Clusters of reports that were found ahead.
    once : ui.once.Once
        What was made of it for one session and serves all: see :mod:`ui.shared`.
    """

    release: Release
    cells: Mapping[tuple[str, ...], pd.Series]
    views: frozenset[tuple[str, frozenset[str]]]
    offered: Offered
    near: Mapping[str, orientation.Near]
    levels: Mapping[str, str]
    clusters: Read | None = None
    once: Once = field(
        default_factory=lambda: Once(MOST_VIEWS), init=False, compare=False, repr=False
    )

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
        """Look published counts up, by place; empty where none is.

        All sessions read one release: each gets a table of its own, which pandas copies where
        it is changed.
        """
        return self.cells.get((level, *codes), EMPTY).copy(deep=False)

    def released(self, level: str, codes: tuple[str, ...]) -> bool:
        """Whether the release has a view at `level` for codes broken down like `codes`."""
        broken = zip(DIMENSIONS, codes, strict=True)
        return (level, frozenset(name for name, code in broken if code != ALL)) in self.views


class Sums(NamedTuple):
    """Counts of some periods by place.

    Attributes
    ----------
    whole : pandas.Series
        Places of which every period is published: the sum.
    least : pandas.Series
        Places of which some are: the sum of those.
    """

    whole: pd.Series
    least: pd.Series


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
    least : Layer or None
        The same where only some of several periods are published: "at least" so many. No
        place is in both, so that whoever knows whole counts only shows nothing too much.
    """

    venue: str
    cells: Mapping[str, pd.Series]
    totals: pd.Series
    unplaced: pd.Series
    least: Layer | None = None

    def partly(self, level: str) -> pd.Series:
        """Counts of "at least", by place of a level."""
        return self.least.cells.get(level, EMPTY) if self.least else EMPTY

    def known(self, level: str) -> pd.Series:
        """All counts of a level, of "at least" too."""
        whole, least = self.cells.get(level, EMPTY), self.partly(level)
        return pd.concat([whole, least]) if len(least) else whole

    @property
    def lack(self) -> str:
        """Why no place shows: ``refused`` as a view, or ``nothing`` published; else ``""``."""
        if any(len(self.known(level)) for level in self.cells):
            return ""
        return "nothing" if self.cells else "refused"


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
    clusters : ui.clusters.Clusters or None
        Among the places of the table, where they are asked for.
    """

    layers: tuple[Layer, ...]
    levels: tuple[str, ...]
    front: str
    refused: tuple[str, ...]
    measure: str = COUNT
    clusters: clusters.Clusters | None = None

    @property
    def tabled(self) -> str:
        """Level of the ranked table: states, also where finer places lie before them."""
        return "state" if "state" in self.levels else self.front

    @property
    def clustered(self) -> bool:
        """Whether the places of any layer were compared for clusters."""
        return self.clusters is not None and self.clusters.compared

    @property
    def nothing(self) -> bool:
        """Whether no place of any layer has a published count."""
        return all(layer.lack for layer in self.layers)

    @property
    def partly(self) -> bool:
        """Whether a place shows the sum of some of its periods only."""
        return any(len(layer.partly(level)) for layer in self.layers for level in self.levels)


def opened(release: Release, releases: tuple[str, ...], found: Read | None = None) -> Opened:
    """Index a release. `releases` are the folder names to switch between.

    `found` are its clusters of reports, where somebody looked for them.
    """
    keys = ["level", *DIMENSIONS]
    counts = release.cells[release.cells["measure"] == CASES_MEASURE]
    rows = counts.groupby(keys, observed=True, sort=False).indices
    # Plain text in the index, which is looked up and joined the fastest.
    values, places_of = counts["value"].to_numpy(), counts["place"].to_numpy(dtype=object)
    cells = {key: _counts(values[some], places_of[some]) for key, some in rows.items()}
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
    return Opened(release, cells, views, offered, near, places["level"].to_dict(), found)


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
    filled = [level for level in levels if any(len(layer.known(level)) for layer in layers)]
    front = (filled or levels or wanted[:1])[-1]
    found = Shown(layers, levels, front, refused, measure(choice, front))
    if not choice.clusters:
        return found
    return replace(found, clusters=clusters.of_choice(source.clusters, choice, found.tabled))


def _wanted(choice: Choice) -> tuple[str, ...]:
    """Levels that a choice asks for: rates are of states alone, as hexagons have no residents."""
    if choice.level != AUTO:
        return (choice.level,)
    return MAPPED if choice.measure in (AUTO, COUNT) else ("state",)


def measure(choice: Choice, front: str) -> str:
    """Measure shown: hexagons are counted, whatever was chosen; states have a rate by default.

    Several periods are counted too: a sum of some of them, "at least" so many, has no rate.
    """
    if front != "state" or choice.periods:
        return COUNT
    return RATE if choice.measure == AUTO else choice.measure


def _layer(source: Opened, choice: Choice, venue: str, wanted: tuple[str, ...]) -> Layer:
    times = choice.cells(venue)
    released = [level for level in wanted if source.released(level, times[0])]
    sums = {
        level: summed(source, level, times)
        for level in dict.fromkeys([*released, "state", ALL, "country"])
    }
    whole = _part(venue, released, {level: both.whole for level, both in sums.items()})
    if len(times) == 1:
        return whole
    return replace(
        whole, least=_part(venue, released, {level: both.least for level, both in sums.items()})
    )


def _part(venue: str, released: list[str], counts: Mapping[str, pd.Series]) -> Layer:
    states = counts["state"]
    unknown = states[states.index.str.endswith(f"-{UNKNOWN}")]
    cells = {level: counts[level] for level in released}
    if "state" in cells:
        cells["state"] = states.drop(unknown.index)
    return Layer(venue, cells, pd.concat([counts[ALL], counts["country"]]), unknown)


def summed(source: Opened, level: str, cells: Sequence[tuple[str, ...]]) -> Sums:
    """Counts of a place over `cells`, which differ in their period only.

    No case is counted twice: it has one period, and the periods do not overlap.

    Raises
    ------
    ValueError
        Where one period lies in another.
    """
    counts = [source.counts(level, codes) for codes in cells]
    if len(counts) == 1:
        return Sums(counts[0], EMPTY)
    periods = [codes[DIMENSIONS.index("period")] for codes in cells]
    if not disjoint(periods):
        raise ValueError(f"overlapping: {periods}")
    numbers, places = pd.factorize(np.concatenate([one.index.to_numpy() for one in counts]))
    sums = np.bincount(numbers, np.concatenate([one.to_numpy() for one in counts])).astype("int64")
    every = np.bincount(numbers) == len(counts)
    return Sums(_counts(sums[every], places[every]), _counts(sums[~every], places[~every]))


def _counts(values: np.ndarray, places: np.ndarray) -> pd.Series:
    index = pd.Index(places, dtype=object, name=EMPTY.index.name)
    return pd.Series(values, index=index, name=EMPTY.name)


def nearest(source: Opened, choice: Choice, most: int = 3) -> tuple[Choice, ...]:
    """Released views near a choice in which every layer shows something, fewest changes first.

    A change is a filter dropped, a coarser level, layers left out that show nothing, or all
    venues in place of the layers. A view that changes all that a nearer one does, and more,
    is left out.
    """
    found: list[tuple[frozenset[str], Choice]] = []
    for changes in _changes(choice):
        if any(less <= changes for less, _ in found):
            continue
        candidate = next((one for one in _changed(choice, changes) if _answers(source, one)), None)
        if candidate and candidate != choice:
            found.append((changes, candidate))
    return tuple(candidate for _, candidate in found[:most])


def _changes(choice: Choice) -> list[frozenset[str]]:
    """Every set of changes that may be made to a choice, small ones first."""
    possible = [*choice.filters()]
    possible += ["level"] if choice.level not in (AUTO, "state") else []
    possible += ["fewer"] if len(choice.layers) > 1 else []
    possible += ["layers"] if choice.layers != (ALL,) else []
    return [
        frozenset(some)
        for n in range(1, len(possible) + 1)
        for some in combinations(possible, n)
        if not {"fewer", "layers"} <= set(some)
    ]


def _changed(choice: Choice, changes: frozenset[str]) -> list[Choice]:
    """Choices that some changes lead to, the finest level and the most layers first."""
    changed = choice.without(*(changes & set(FILTERS)))
    levels, layers = (choice.level,), (choice.layers,)
    if "level" in changes:
        levels = MAPPED[: MAPPED.index(choice.level)][::-1]
    if "layers" in changes:
        layers = ((ALL,),)
    elif "fewer" in changes:
        sizes = range(len(choice.layers) - 1, 0, -1)
        layers = tuple(some for size in sizes for some in combinations(choice.layers, size))
    return [replace(changed, level=level, layers=some) for level in levels for some in layers]


def _answers(source: Opened, choice: Choice) -> bool:
    return all(_fills(source, choice, venue) for venue in choice.layers)


def _fills(source: Opened, choice: Choice, venue: str) -> bool:
    """Whether a layer has a place to show, found without making its tables."""
    wanted = MAPPED if choice.level == AUTO else (choice.level,)
    return any(
        source.released(level, codes) and _placed(source.cells.get((level, *codes), EMPTY))
        for level in wanted
        for codes in choice.cells(venue)
    )


def _placed(counts: pd.Series) -> bool:
    return any(not place.endswith(f"-{UNKNOWN}") for place in counts.index)


def ranked(found: Shown, level: str) -> pd.DataFrame:
    """Places of one level, a column of counts a layer, most of the first layer first.

    Returns
    -------
    pandas.DataFrame
        Index `place`; one ``Int64`` column a layer, NA where not published. Counts of "at
        least" stand among the others: :meth:`Layer.partly` names their places.
    """
    columns = {layer.venue: layer.known(level) for layer in found.layers}
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
        series = {year: choice.during((year,)).cell(venue) for year in years}
        if all(source.released(level, codes) for codes in series.values()):
            values = {year: _at(source, level, codes, place) for year, codes in series.items()}
            columns[venue] = pd.Series(values, index=years, dtype="Int64")
    return pd.DataFrame(columns, index=pd.Index(years, name="period"))


def by_venue(source: Opened, choice: Choice, place: str) -> pd.Series | None:
    """Venues of a place with their published counts, most first; None if not released.

    Overlaps are left out: they are counted in each of their venues.
    """
    return _by_venue(source, choice, place, total)


def by_venue_least(source: Opened, choice: Choice, place: str) -> pd.Series | None:
    """Venues of a place of which only some of the chosen periods are published."""
    return _by_venue(source, choice, place, at_least)


def _by_venue(source: Opened, choice: Choice, place: str, count: Callable) -> pd.Series | None:
    venues = [code for code in vocab.load().codes("venues") if vocab.load().parents("venues")[code]]
    if not source.released(source.levels[place], choice.cells(venues[0])[0]):
        return None
    values = {code: count(source, choice, code, place) for code in (*venues, UNKNOWN)}
    found = pd.Series(values, dtype="Int64").dropna().astype("int64")
    return found.sort_values(ascending=False, kind="stable")


def total(source: Opened, choice: Choice, venue: str, place: str) -> int | None:
    """Published count of a place for the chosen filters, over all chosen periods.

    None where one of them is not published.
    """
    counts = by_period(source, choice, venue, place)
    return None if None in counts.values() else sum(counts.values())


def at_least(source: Opened, choice: Choice, venue: str, place: str) -> int | None:
    """Sum of the published periods of a place; None where all of them are, or none is."""
    counts = by_period(source, choice, venue, place).values()
    known = [count for count in counts if count is not None]
    return sum(known) if 0 < len(known) < len(counts) else None


def by_period(source: Opened, choice: Choice, venue: str, place: str) -> dict[str, int | None]:
    """Published count of a place in each chosen period; None where not published."""
    level = source.levels[place]
    cells = zip(choice.times(), choice.cells(venue), strict=True)
    return {period: _at(source, level, codes, place) for period, codes in cells}


def _at(source: Opened, level: str, codes: tuple[str, ...], place: str) -> int | None:
    counts = source.cells.get((level, *codes), EMPTY)
    return int(counts[place]) if place in counts.index else None


def left_out(found: Shown) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Layers that show some levels and lack others, which are not released, by these levels."""
    lacking: dict[tuple[str, ...], tuple[str, ...]] = {}
    for layer in found.layers:
        levels = tuple(level for level in found.refused if level not in layer.cells)
        if levels and layer.cells:
            lacking[levels] = (*lacking.get(levels, ()), layer.venue)
    return lacking


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
            if any(place in layer.known(level).index for layer in found.layers):
                return place
    return here.loc[["state"]].iloc[0] if "state" in here.index else ""

"""Clusters of reports: places that have many, or few, with their neighbours.

Reads published cells only, and says where reports lie together: not where trafficking is, nor
where it is likely. Found ahead for all views of a release (``python -m geo clusters``), so that
no reader's session ever computes them.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from scipy.stats import false_discovery_control

from geo import cluster_file, rates
from geo.cluster_file import EQUAL, FEW_PLACES, View
from geo.model import ALL, CASES_MEASURE, DIMENSIONS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

LEVELS = ("state", "h3_3", "h3_4", "h3_5")
LEAST_PLACES = 30  # published places; with fewer the normal and the permuted Gi* are unreliable
NEIGHBOURS = 5
PERMUTATIONS = 9_999
SEED = 20_200_401  # census day; fixed, so that a release has one answer
DISCOVERY = 0.05  # expected share of false ones among the clusters named
COLUMNS = ("place", "value", "z", "p", "q", "cluster")
MANY, FEW, NONE = "many", "few", ""
METHOD = {
    "statistic": "Gi*",
    "neighbours": NEIGHBOURS,
    "permutations": PERMUTATIONS,
    "seed": SEED,
    "discovery": DISCOVERY,
    "least_places": LEAST_PLACES,
    "states": "smoothed cases per 100,000 residents and year",
    "hexagons": "cases",
}
REASONS = {
    FEW_PLACES: "clusters need {least} published places, and this view has {places}: "
    "choose fewer filters or another level",
    EQUAL: "every published place has the same value: there is nothing to compare",
}
_STEPS = 1_000_000  # a value counts in millionths: sums are whole numbers, and ties are ties


class Clusters(NamedTuple):
    """Clusters of a view, or why there are none.

    Attributes
    ----------
    table : pandas.DataFrame
        `place`; `value` (cases, or smoothed cases per 100,000 residents and year); `z` (Gi*);
        `p`; `q`; `cluster`: ``many``, ``few`` or ``""``. Empty where refused.
    places : int
        Published places with a value.
    refused : str
        Key of ``REASONS``, ``""`` for none.
    """

    table: pd.DataFrame
    places: int
    refused: str

    @property
    def reason(self) -> str:
        """Reason in plain words, ``""`` for none."""
        return REASONS.get(self.refused, "").format(least=LEAST_PLACES, places=self.places)

    def named(self, cluster: str) -> tuple[str, ...]:
        """Places of one kind of cluster."""
        return tuple(self.table.loc[self.table["cluster"] == cluster, "place"])


def of_views(cells: pd.DataFrame, places: gpd.GeoDataFrame, manifest: dict) -> Iterator[View]:
    """Clusters of every view of a release that has a published place.

    Parameters
    ----------
    cells, places : DataFrame, GeoDataFrame
        Published cells and outlines of a release.
    manifest : dict
    """
    points = inside(places)
    wanted = cells["level"].isin(LEVELS) & (cells["measure"] == CASES_MEASURE)
    known = cells[wanted & ~cells["place"].str.endswith(f"-{UNKNOWN}")]
    for key, rows in known.groupby(["level", *DIMENSIONS], observed=True):
        codes = dict(zip(DIMENSIONS, key[1:], strict=True))
        counts = rows.set_index("place")["value"].sort_index()
        found = _of_counts(counts, points, manifest, key[0], codes)
        yield View(key, found.places, found.refused, found.named(MANY), found.named(FEW))


def of_release(
    cells: pd.DataFrame,
    places: gpd.GeoDataFrame,
    manifest: dict,
    level: str,
    codes: Mapping[str, str],
) -> Clusters:
    """Clusters among the published places of one level of a view.

    States are compared by smoothed rates, hexagons by counts.

    Parameters
    ----------
    cells, places : DataFrame, GeoDataFrame
        Published cells and outlines of a release.
    manifest : dict
    level : str
        One of ``LEVELS``.
    codes : mapping of str to str
        Code of each dimension that is not ``all``.
    """
    counts = published(cells, level, codes)
    return _of_counts(counts, inside(places), manifest, level, codes)


def _of_counts(
    counts: pd.Series, points: pd.DataFrame, manifest: dict, level: str, codes: Mapping[str, str]
) -> Clusters:
    values = counts.astype(float)
    if level == "state":
        values = _rates(values, rates.years(codes.get("period", ALL), manifest))
    return clusters(values, points.loc[values.index].to_numpy())


def inside(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Longitude and latitude of a point inside each place, degrees."""
    points = places.set_index("place").geometry.representative_point()
    return pd.DataFrame({"lon": points.x, "lat": points.y})


def _rates(counts: pd.Series, covered: float) -> pd.Series:
    """Smoothed rates of states per 100,000 residents and year; none of a time not covered."""
    people = rates.denominators(rates.RESIDENTS)["population"]
    known = counts[counts.index.isin(people.index) & (covered > 0)]
    if known.empty:
        return known
    exposed = people.loc[known.index] * covered / rates.PER
    return pd.Series(rates.smoothed(known, exposed), known.index)


def published(cells: pd.DataFrame, level: str, codes: Mapping[str, str]) -> pd.Series:
    """Published counts of one level and view by place, but for places not known."""
    wanted = (cells["level"] == level) & (cells["measure"] == CASES_MEASURE)
    for name in DIMENSIONS:
        wanted &= cells[name] == codes.get(name, ALL)
    counts = cells[wanted].set_index("place")["value"].sort_index()
    return counts[~counts.index.str.endswith(f"-{UNKNOWN}")]


def clusters(values: pd.Series, points: np.ndarray) -> Clusters:
    """Getis-Ord Gi* of each place over itself and its five nearest, false discoveries held down.

    Gi* is the share that a place and its neighbours have of all values, standardised. p is two
    sided, by permutations with a fixed seed, q by Benjamini and Hochberg. Getis and Ord (1992),
    Geographical Analysis 24: 189-206; Ord and Getis (1995), ibid. 27: 286-306; Benjamini and
    Hochberg (1995), Journal of the Royal Statistical Society B 57: 289-300.

    Parameters
    ----------
    values : pandas.Series
        Counts or smoothed rates by place; published places only.
    points : numpy.ndarray
        Longitude and latitude of each place, degrees, n x 2.
    """
    refused = _refused(values)
    if refused:
        return Clusters(pd.DataFrame(columns=list(COLUMNS)), len(values), refused)
    steps = np.rint(values.to_numpy(dtype=float) * _STEPS).astype(np.int64)
    near = nearest(points)
    z, p = _gi_star(steps, near), _by_chance(steps, near)
    q = false_discovery_control(p, method="bh")
    named = np.where(q <= DISCOVERY, np.where(z > 0, MANY, FEW), NONE)
    columns = (values.index, values.to_numpy(), z, p, q, named)
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return Clusters(table, len(values), "")


def _refused(values: pd.Series) -> str:
    if len(values) < LEAST_PLACES:
        return FEW_PLACES
    return EQUAL if values.min() == values.max() else ""


def nearest(points: np.ndarray) -> np.ndarray:
    """Numbers of the nearest other points of each, along the sphere: n x ``NEIGHBOURS``.

    Parameters
    ----------
    points : numpy.ndarray
        Longitude and latitude, degrees, n x 2.
    """
    lon, lat = np.radians(points).T
    ball = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    _, found = cKDTree(ball).query(ball, k=NEIGHBOURS + 1)
    own = found == np.arange(len(points))[:, None]
    own[~own.any(axis=1), -1] = True  # of many at one point, itself may not be among them
    return found[~own].reshape(len(points), NEIGHBOURS)


def _gi_star(values: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Gi*, standardised: Ord and Getis (1995), equation 14, with weights of 0 and 1."""
    together = values + values[near].sum(axis=1)
    n, m = len(values), NEIGHBOURS + 1
    return (together - values.mean() * m) / (values.std() * np.sqrt((n * m - m**2) / (n - 1)))


def _by_chance(values: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Two-sided p of each place: itself held still, its neighbours drawn from all others."""
    found = values[near].sum(axis=1)
    drawn = _drawn(len(values) - 1)
    least = np.empty(len(values), dtype=int)
    for place, sums in enumerate(found):
        by_chance = np.delete(values, place)[drawn].sum(axis=1)
        least[place] = min((by_chance >= sums).sum(), (by_chance <= sums).sum())
    return np.minimum(1.0, 2 * (least + 1) / (PERMUTATIONS + 1))


def _drawn(among: int) -> np.ndarray:
    """Sets of ``NEIGHBOURS`` different numbers below `among`, each set as likely as any other.

    One column a number: a number that was drawn before is replaced by the last one that may be
    drawn. Bentley and Floyd (1987), Communications of the ACM 30: 754-757.
    """
    random = np.random.default_rng(SEED)
    chosen = np.empty((PERMUTATIONS, NEIGHBOURS), dtype=np.int64)
    for column, last in enumerate(range(among - NEIGHBOURS, among)):
        number = random.integers(0, last, PERMUTATIONS, endpoint=True)
        taken = (chosen[:, :column] == number[:, None]).any(axis=1)
        chosen[:, column] = np.where(taken, last, number)
    return chosen


def write(found: Clusters, path: str | Path, head: Mapping[str, object]) -> None:
    """Write clusters as CSV that only its owner may read, under lines that say what they are.

    Parameters
    ----------
    head : mapping of str to object
        What the lines say: release, hash of its manifest, level and codes of the view.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for name, value in {**head, **METHOD, "refused": found.reason}.items():
        writer.writerow([f"# {name}", value])
    table = found.table.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    cluster_file.replace(Path(path), lines.getvalue() + table)

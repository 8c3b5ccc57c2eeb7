"""Clusters of reports: places that have many, or few, with their neighbours.

Reads published cells only, and says where reports lie together: not where trafficking is, nor
where it is likely. Runs in a process of its own (``python -m geo clusters``), so that no
reader's session ever imports esda.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from geo import rates
from geo.model import ALL, CASES_MEASURE, DIMENSIONS, UNKNOWN

if TYPE_CHECKING:
    import geopandas as gpd

LEAST_PLACES = 30  # published places; with fewer the normal and the permuted Gi* are unreliable
NEIGHBOURS = 5
PERMUTATIONS = 9_999
SEED = 20_200_401  # census day; fixed, so that a release has one answer
DISCOVERY = 0.05  # expected share of false ones among the clusters named
EARTH = 6_371.0  # kilometres, mean radius
COLUMNS = ("place", "value", "z", "p", "q", "cluster")
MANY, FEW, NONE = "many", "few", ""


class Clusters(NamedTuple):
    """Clusters of a view, or why there are none.

    Attributes
    ----------
    table : pandas.DataFrame
        `place`; `value` (cases, or smoothed cases per 100,000 residents and year); `z` (Gi*);
        `p`; `q`; `cluster`: ``many``, ``few`` or ``""``. Empty where refused.
    refused : str
        Reason in plain words, ``""`` for none.
    """

    table: pd.DataFrame
    refused: str


def of_release(
    cells: pd.DataFrame, places: gpd.GeoDataFrame, manifest: dict, level: str, codes: dict[str, str]
) -> Clusters:
    """Clusters among the published places of one level of a view.

    States are compared by smoothed rates, hexagons by counts.

    Parameters
    ----------
    cells, places : DataFrame, GeoDataFrame
        Published cells and outlines of a release.
    manifest : dict
    level : str
        ``state``, ``h3_3`` or ``h3_4``.
    codes : dict of str to str
        Code of each dimension that is not ``all``.
    """
    values = published(cells, level, codes).astype(float)
    if level == "state":
        values = _rates(values, rates.years(codes.get("period", ALL), manifest))
    outlines = places.set_index("place").geometry.loc[values.index]
    points = outlines.representative_point()
    return clusters(values, np.column_stack([points.x, points.y]))


def _rates(counts: pd.Series, covered: float) -> pd.Series:
    """Smoothed rates of states per 100,000 residents and year; none of a time not covered."""
    people = rates.denominators(rates.RESIDENTS)["population"]
    known = counts[counts.index.isin(people.index) & (covered > 0)]
    if known.empty:
        return known
    exposed = people.loc[known.index] * covered / rates.PER
    return pd.Series(rates.smoothed(known, exposed), known.index)


def published(cells: pd.DataFrame, level: str, codes: dict[str, str]) -> pd.Series:
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
        return Clusters(pd.DataFrame(columns=list(COLUMNS)), refused)
    found = _getis(values.to_numpy(dtype=float), points)
    p = np.minimum(1.0, 2 * found.p_sim)
    q = false_discovery_control(p, method="bh")
    named = np.where(q <= DISCOVERY, np.where(found.Zs > 0, MANY, FEW), NONE)
    columns = (values.index, values.to_numpy(), found.Zs, p, q, named)
    return Clusters(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))), "")


def _refused(values: pd.Series) -> str:
    if len(values) < LEAST_PLACES:
        return (
            f"clusters need {LEAST_PLACES} published places, and this view has {len(values)}: "
            "choose fewer filters or another level"
        )
    if values.min() == values.max():
        return "every published place has the same value: there is nothing to compare"
    return ""


def _getis(values: np.ndarray, points: np.ndarray) -> object:
    """Gi* by esda: a process of its own imports it, never the dashboard."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of esda's optional parts, and of groups apart
        from esda.getisord import G_Local
        from libpysal.weights import KNN, fill_diagonal

        nearest = fill_diagonal(KNN.from_array(points, k=NEIGHBOURS, radius=EARTH), 1.0)
        return G_Local(
            values,
            nearest,
            transform="B",
            permutations=PERMUTATIONS,
            star=True,
            keep_simulations=False,
            n_jobs=1,
            seed=SEED,
        )


def write(found: Clusters, path: str | Path) -> None:
    """Write clusters as CSV that only its owner may read, whole or not at all."""
    path = Path(path)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            found.table.to_csv(stream, index=False, lineterminator="\n", float_format="%.6g")
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)

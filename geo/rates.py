"""Rates of reported cases: counts that are published, over residents that the census counted.

A leaf: it reads no release and no case. Who calls it gives published counts only, so that no
rate says more than the count that stands beside it. A rate is per 100,000 residents and year
covered. It describes reports to hotlines, not how much trafficking there is.
"""

from __future__ import annotations

import calendar
import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import gammaincinv, ndtri  # scipy.stats: 48 MB more in each server

from geo.model import ALL, COUNTRIES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

PER = 100_000  # residents
LEAST_CASES = 20  # National Center for Health Statistics: below, the error is a quarter of the rate
LEVEL = 0.95  # of the intervals

RATED, TOO_FEW, NO_DENOMINATOR = "rate", "too_few", "no_denominator"
RESIDENTS, HISPANIC = "residents", "hispanic"
COLUMNS = ("count", "rate", "low", "high", "denominator", "state")

_FOLDER = Path(__file__).parent.parent / "data" / "population"
_FILES = {RESIDENTS: "states.csv", HISPANIC: "hispanic.csv"}


class Limits(NamedTuple):
    """Lower and upper confidence limits of expected cases."""

    low: np.ndarray
    high: np.ndarray


@cache
def denominators(kind: str) -> pd.DataFrame:
    """Residents by place, of one kind: ``residents``, or ``hispanic`` (Hispanic or Latino).

    Countries are sums of their states. A country with a state of which nothing is known has
    no row: its cases could be those of residents who are not in the sum.

    Returns
    -------
    pandas.DataFrame
        Index `place`; `population` (people), `year` (of the census), `source`.
    """
    with (_FOLDER / _FILES[kind]).open(encoding="utf-8", newline="") as stream:
        table = pd.DataFrame(list(csv.DictReader(stream))).rename(columns={"code": "place"})
    table = table.astype({"population": "int64", "year": "int64"}).set_index("place")
    everywhere = table.index if kind == RESIDENTS else denominators(RESIDENTS).index
    sums = {}
    for country in COUNTRIES:
        states = [place for place in everywhere if place.startswith(f"{country}-")]
        if set(states) <= set(table.index):
            of = table.loc[states]
            sums[country] = [of["population"].sum(), of["year"].max(), of["source"].iloc[0]]
    summed = pd.DataFrame.from_dict(sums, orient="index", columns=table.columns)
    return pd.concat([table, summed]).rename_axis("place")


def years(period: str, manifest: Mapping) -> float:
    """Years of a period that a release covers: 5 of a block of five years, 0.25 of a quarter.

    A year or a quarter that is covered in part counts its share of days; 0 where no day of it
    is covered, or where the period is not known.

    Parameters
    ----------
    period : str
        ``all``, a year (``2015``), a quarter (``2015-Q3``) or ``unknown``.
    manifest : mapping
        Of a release: ``coverage``, and ``blocks`` where later years stand beside it; dates are
        ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``, both ends included.

    >>> years("all", {"coverage": {"start": "2012-01-01", "end": "2016-12-31"}})
    5.0
    >>> years("2016-Q1", {"coverage": {"start": "2016-01-01", "end": "2016-12-31"}})
    0.25
    >>> years("all", {"coverage": {"start": "2014", "end": "2015"}})
    2.0
    """
    if period == UNKNOWN:
        return 0.0
    if period == ALL:
        start, end = _span(manifest["coverage"])
        every = [str(year) for year in range(start.year, end.year + 1)]
        return sum(_share(_calendar(year), [(start, end)]) for year in every)
    blocks = [_span(block) for block in manifest.get("blocks") or [manifest["coverage"]]]
    whole = 0.25 if "-Q" in period else 1.0
    return whole * _share(_calendar(period), blocks)


def _span(block: Mapping) -> tuple[date, date]:
    """First and last day of a block."""
    return pd.Period(block["start"]).start_time.date(), pd.Period(block["end"]).end_time.date()


def _calendar(period: str) -> tuple[date, date]:
    """First and last day of a year or a quarter."""
    year, _, quarter = period.partition("-Q")
    if not quarter:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    last = 3 * int(quarter)
    days = calendar.monthrange(int(year), last)[1]
    return date(int(year), last - 2, 1), date(int(year), last, days)


def _share(of: tuple[date, date], blocks: list[tuple[date, date]]) -> float:
    """Share of a period's days that lie in at least one block."""
    first, last = (day.toordinal() for day in of)
    covered = np.zeros(last - first + 1, dtype=bool)
    for start, end in blocks:
        covered[max(start.toordinal() - first, 0) : max(end.toordinal() - first + 1, 0)] = True
    return float(covered.mean())


def garwood(cases: ArrayLike, level: float = LEVEL) -> Limits:
    """Exact Poisson limits of expected cases: half the quantiles of chi-square.

    low = chi2(a/2; 2n)/2 and high = chi2(1 - a/2; 2n + 2)/2, with a = 1 - level; low is 0 at
    no case. Garwood (1936), Biometrika 28: 437-442. Half of a chi-square with 2n degrees of
    freedom is a gamma with shape n.

    >>> [round(float(limit), 3) for limit in garwood(10)]
    [4.795, 18.39]
    """
    n = np.asarray(cases, dtype=float)
    tail = (1 - level) / 2
    low = np.where(n > 0, gammaincinv(np.maximum(n, 0.5), tail), 0.0)
    return Limits(low, gammaincinv(n + 1, 1 - tail))


def byar(cases: ArrayLike, level: float = LEVEL) -> Limits:
    """Approximate the exact limits by Byar's formula, for use without chi-square.

    low = n (1 - 1/(9n) - z/(3 sqrt n))^3 and, with m = n + 1, high = m (1 - 1/(9m) +
    z/(3 sqrt m))^3. Breslow and Day (1987), Statistical Methods in Cancer Research II: 69.

    >>> [round(float(limit), 2) for limit in byar(10)]
    [4.79, 18.39]
    """
    n = np.asarray(cases, dtype=float)
    z = ndtri(1 - (1 - level) / 2)
    some, more = np.maximum(n, 1), n + 1
    low = np.where(n > 0, some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3, 0.0)
    return Limits(low, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3)


def rated(counts: pd.Series, kind: str, covered: float, level: float = LEVEL) -> pd.DataFrame:
    """Rate of each published count per 100,000 residents and year, with its exact limits.

    Parameters
    ----------
    counts : pandas.Series
        Published counts by place; a place that is not published is not there.
    kind : str
        ``residents`` or ``hispanic``.
    covered : float
        Years, as of :func:`years`.

    Returns
    -------
    pandas.DataFrame
        Index `place`, in the order of `counts`; `count`; `rate`, `low`, `high` (per 100,000
        and year; NA without a rate); `denominator` (residents, NA where not known); `state`:
        ``rate``, ``too_few`` (fewer than 20 cases) or ``no_denominator``.
    """
    people = denominators(kind)["population"].reindex(counts.index).astype("Int64")
    cases = counts.to_numpy(dtype=float)
    state = np.where(cases < LEAST_CASES, TOO_FEW, RATED)
    state = np.where(people.isna() | (covered <= 0), NO_DENOMINATOR, state)
    exposed = people.to_numpy(dtype=float, na_value=np.nan) * covered / PER
    exposed = np.where(state == RATED, exposed, np.nan)
    limits = garwood(cases, level)
    made = {
        "count": counts.to_numpy(),
        "rate": cases / exposed,
        "low": limits.low / exposed,
        "high": limits.high / exposed,
        "denominator": people.to_numpy(),
        "state": state,
    }
    return pd.DataFrame(made, index=counts.index.rename("place"), columns=list(COLUMNS))


def smoothed(counts: ArrayLike, exposed: ArrayLike) -> np.ndarray:
    """Shrink rates to their common mean, small places most: global empirical Bayes.

    With m the common rate, s2 = max(0, sum e (r - m)^2 / sum e - m / mean e) its variance
    between places and w = s2 / (s2 + m/e), the rate is w r + (1 - w) m. Marshall (1991),
    Applied Statistics 40: 283-294, by moments.

    Parameters
    ----------
    counts, exposed : array-like of float
        Published cases, and residents times years, of the same places.

    Returns
    -------
    numpy.ndarray
        Cases per resident and year.
    """
    n, e = np.asarray(counts, dtype=float), np.asarray(exposed, dtype=float)
    mean, rate = n.sum() / e.sum(), n / e
    between = max(0.0, float((e * (rate - mean) ** 2).sum() / e.sum() - mean / e.mean()))
    weight = between / (between + mean / e)
    return weight * rate + (1 - weight) * mean

"""Counts over time, looked up in a release: by year or quarter, and by one dimension.

Every column is a released view: nothing is summed, and what is not published is NA.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from geo import vocab
from geo.model import ALL, COUNTRIES, DIMENSIONS, OVERLAP, UNKNOWN
from ui import coverage
from ui.coverage import QUARTER, YEAR
from ui.i18n import LISTS

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.lookup import Opened

FEW = 5  # lines that one chart holds legibly; more are small multiples
MULTIPLES = 12  # small multiples that a page holds; the table has every series
_GRAINS = {YEAR: "period", QUARTER: "quarter"}


def level(where: str) -> str:
    """Level of a place of the trends: ``all``, ``country`` or ``state``."""
    if where in (ALL, *COUNTRIES):
        return ALL if where == ALL else "country"
    return "state"


def places(source: Opened) -> tuple[str, ...]:
    """Both countries, each, and every state, whether or not a count of it is published."""
    states = sorted(place for place, of in source.levels.items() if of == "state")
    return (ALL, *COUNTRIES, *states)


def released(source: Opened, choice: Choice) -> bool:
    """Whether the release has the view that a choice of grain, dimension and place needs."""
    grains = {_GRAINS[choice.grain], choice.by} - {ALL}
    return (level(choice.where), frozenset(grains)) in source.views


def table(source: Opened, choice: Choice) -> pd.DataFrame:
    """Every series of a choice, over all periods that the release covers.

    Returns
    -------
    pandas.DataFrame
        Index `period`; an ``Int64`` column for each code with a published count, most
        reported first (mission layers before other venues, "not known" last), NA where a
        period is not published.
    """
    index = periods(source, choice.grain)
    found = {code: _series(source, choice, code, index) for code in _codes(source, choice)}
    shown = {code: counts for code, counts in found.items() if counts.notna().any()}
    ordered = sorted(shown, key=lambda code: _rank(source, choice, code, shown[code]))
    columns = {code: shown[code] for code in ordered}
    return pd.DataFrame(columns, index=pd.Index(index, name="period"), dtype="Int64")


def periods(source: Opened, grain: str) -> tuple[str, ...]:
    """Years or quarters of the axis."""
    years = [code for code in source.offered.filters["period"] if code != UNKNOWN]
    return coverage.periods(source.release.manifest, grain, years)


def few(counts: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Series that stand in one chart: the mission layers, or what is asked for and the largest."""
    if choice.by == "venue":
        layers = vocab.load().layers
        return counts[[code for code in counts if code in layers] or list(counts)[:FEW]]
    known = [code for code in counts if code != UNKNOWN]
    known.sort(key=lambda code: code not in asked(choice))
    return counts[(known if len(counts.columns) > FEW else list(counts))[:FEW]]


def asked(choice: Choice) -> tuple[str, ...]:
    """Codes of the choice's filters in the dimension that the lines are of."""
    if choice.by == "venue":
        return choice.layers
    code = getattr(choice, choice.by) if choice.by != ALL else ALL
    return () if code == ALL else (code,)


def followed(choice: Choice) -> Choice:
    """Choice of the trends that says how a view of the map changed, its filters kept.

    A filter of nationality or type comes before the layers: the lines are of one dimension.
    """
    narrow = [name for name in ("nationality", "trafficking_type") if getattr(choice, name) != ALL]
    by = next(iter(narrow), ALL if choice.layers == (ALL,) else "venue")
    return replace(choice, by=by, where=choice.place.partition("/")[0] or ALL, grain=YEAR)


def left_out(choice: Choice) -> tuple[str, ...]:
    """Dimensions that the choice filters by and the lines are not of."""
    filtered = {
        "venue": choice.layers != (ALL,),
        "nationality": choice.nationality != ALL,
        "trafficking_type": choice.trafficking_type != ALL,
    }
    return tuple(name for name, holds in filtered.items() if holds and name != choice.by)


def released_together(source: Opened, choice: Choice) -> bool:
    """Whether all dimensions that the choice filters by are released with its grain and place."""
    dimensions = {_GRAINS[choice.grain], choice.by, *left_out(choice)} - {ALL}
    return (level(choice.where), frozenset(dimensions)) in source.views


def charted(counts: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Series that are drawn: the few main ones, or as many as small multiples have room for."""
    return few(counts, choice) if choice.series == "few" else counts.iloc[:, :MULTIPLES]


def nearest(source: Opened, choice: Choice, most: int = 3) -> tuple[Choice, ...]:
    """Released views near a choice that publish something, fewest changes first."""
    possible = {"grain": YEAR, "by": ALL, "where": ALL}
    country = choice.where.partition("-")[0]
    wholes = [{"where": country}] if level(choice.where) == "state" else []
    options = wholes + [{name: to} for name, to in possible.items()]
    found: list[tuple[set, Choice]] = []
    for n in range(1, len(options) + 1):
        for some in combinations(options, n):
            changes = {name: to for one in some for name, to in one.items()}
            near = replace(choice, **changes)
            names = {name for name in changes if getattr(near, name) != getattr(choice, name)}
            nearer = any(less <= names and one.where == near.where for less, one in found)
            if names and not nearer and _answers(source, near):
                found.append((names, near))
    return tuple(near for _, near in found[:most])


def _answers(source: Opened, choice: Choice) -> bool:
    return released(source, choice) and not table(source, choice).columns.empty


def _codes(source: Opened, choice: Choice) -> tuple[str, ...]:
    """Codes of the dimension: no groups and no overlaps, which count a case again."""
    if choice.by == ALL:
        return (ALL,)
    published = set(source.release.cells[choice.by]) - {ALL}
    parents = vocab.load().parents(LISTS[choice.by])
    groups = {code for code, parent in parents.items() if not parent and any(parents.values())}
    return tuple(sorted(code for code in published - groups if OVERLAP not in code))


def _series(source: Opened, choice: Choice, code: str, index: tuple[str, ...]) -> pd.Series:
    values = [_at(source, choice, code, period) for period in index]
    return pd.Series(values, index=index, dtype="Int64")


def _at(source: Opened, choice: Choice, code: str, period: str) -> int | None:
    """Published count of one code in one period; None where none is."""
    values = {"period": period, choice.by: code} if choice.by != ALL else {"period": period}
    codes = tuple(values.get(name, ALL) for name in DIMENSIONS)
    counts = source.counts(level(choice.where), codes)
    return int(counts[choice.where]) if choice.where in counts.index else None


def _rank(source: Opened, choice: Choice, code: str, counts: pd.Series) -> tuple:
    layers = vocab.load().layers
    first = layers.index(code) if choice.by == "venue" and code in layers else len(layers)
    total = _at(source, choice, code, ALL)
    most = int(counts.max()) if total is None else total
    return (code == UNKNOWN, first, -most, code)

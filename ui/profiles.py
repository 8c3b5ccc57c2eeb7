"""Who, how and where by one attribute at a time: profiles looked up in a release.

A profile is never crossed with a place below the country, a year or another attribute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from geo import vocab
from geo.model import (
    ALL,
    ATTRIBUTES,
    CASES_MEASURE,
    DIMENSIONS,
    MEASURES,
    UNKNOWN,
    VICTIMS_MEASURE,
)
from ui.choice import FILTERS
from ui.i18n import LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.choice import Choice
    from ui.lookup import Opened

BROKEN_DOWN = ("nationality", "trafficking_type", "venue")  # dimensions, shown as profiles too
PROFILES = (*ATTRIBUTES, *BROKEN_DOWN)
# Profiles with a short list, all of which is shown: what is not published has its mark.
CLOSED = ("gender", "age", "control", "proximity", "trafficking_type")
DECK_METHODS = 12  # the slide deck's; the other codes of the list come from other schemes


@dataclass(frozen=True)
class Profile:
    """One attribute of one country, or of both together.

    Attributes
    ----------
    attribute : str
        Of ``PROFILES``.
    counts : pandas.DataFrame
        Index code; an ``Int64`` column a measure that is published, most cases first, NA where
        not published. Without ``unknown``.
    unknown, totals : mapping of str to int
        Published counts by measure, where there are any.
    several : bool
        Whether a case can have several values.
    released : bool
        Whether the release has such a view.
    """

    attribute: str
    counts: pd.DataFrame
    unknown: Mapping[str, int]
    totals: Mapping[str, int]
    several: bool
    released: bool

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures with a published count, cases first."""
        return tuple(self.counts.columns)

    @property
    def nothing(self) -> bool:
        """Whether no known value has a published count."""
        return bool(self.counts.isna().all(axis=None))


def plain(choice: Choice) -> Choice:
    """Choice without layers and filters, which profiles and corridors are never crossed with."""
    return replace(choice.without(*FILTERS), layers=(ALL,))


def found(source: Opened, choice: Choice) -> dict[str, Profile]:
    """Look all profiles of the chosen country up, by attribute."""
    level = ALL if choice.country == ALL else "country"
    totals = _totals(source, level, choice.country)
    return {name: _profile(source, name, (level, choice.country), totals) for name in PROFILES}


def _totals(source: Opened, level: str, place: str) -> dict[str, int]:
    cells = source.release.cells
    whole = (cells[list(DIMENSIONS)] == ALL).all(axis=1)
    here = cells[whole & (cells["level"] == level) & (cells["place"] == place)]
    return {name: int(value) for name, value in zip(here["measure"], here["value"], strict=True)}


def _profile(source: Opened, name: str, at: tuple[str, str], totals: Mapping[str, int]) -> Profile:
    table = _table(source, name, *at)
    rest = table[table.index == UNKNOWN]
    unknown = {measure: int(count) for measure in table for count in rest[measure].dropna()}
    known = table.drop(index=UNKNOWN, errors="ignore")
    known = known.reindex(
        [*known.index, *(code for code in _listed(name) if code not in known.index)]
    )
    several = name in source.release.manifest["multi_valued"]
    released = (at[0], frozenset({name})) in source.views
    return Profile(name, _ranked(known), unknown, totals, several, released)


def _table(source: Opened, name: str, level: str, place: str) -> pd.DataFrame:
    """Counts by code, a column a measure; regions, sectors and overlaps left out."""
    if name in ATTRIBUTES:
        rows = source.release.profiles
        rows = rows[rows["attribute"] == name]
    else:
        rows = source.release.cells
        others = [one for one in DIMENSIONS if one != name]
        rows = rows[(rows[others] == ALL).all(axis=1) & rows[name].isin(_single(name))]
        rows = rows.rename(columns={name: "code"})
    here = rows[(rows["level"] == level) & (rows["place"] == place)]
    wide = here.pivot_table("value", "code", "measure", aggfunc="first").astype("Int64")
    wanted = [one for one in MEASURES if one in wide.columns] or [CASES_MEASURE]
    return wide.reindex(columns=pd.Index(wanted)).rename_axis(columns=None)


def _single(name: str) -> set[str]:
    """Codes of a dimension that are no groups of others."""
    parents = vocab.load().parents(LISTS[name])
    flat = not any(parents.values())
    return {code for code, parent in parents.items() if parent or flat} | {UNKNOWN}


def _listed(name: str) -> tuple[str, ...]:
    """Codes that a chart names whether or not they are published."""
    if name not in CLOSED:
        return ()
    codes = vocab.load().codes(LISTS[name])
    return codes[:DECK_METHODS] if name == "control" else codes


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(CASES_MEASURE, ascending=False, kind="stable", na_position="last")


def share(value: int, total: int) -> int:
    """Nearest whole percentage of a published count in a published total; a half goes up.

    >>> share(793, 1257), share(1, 8), share(1, 200)
    (63, 13, 1)
    """
    return (200 * value + total) // (2 * total)


def known(profile: Profile, measure: str) -> int | None:
    """Whole percentage of cases, or victims, of which the attribute is known.

    None where the total, or the count of those not known, is not published.
    """
    if measure not in profile.totals or measure not in profile.unknown:
        return None
    total = profile.totals[measure]
    return share(total - profile.unknown[measure], total)


def by_victim(profile: Profile) -> bool:
    """Whether the release counts victims of this profile beside cases."""
    return VICTIMS_MEASURE in profile.measures

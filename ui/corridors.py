"""Where people were recruited and where exploited, state to state, looked up in a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geo.model import ALL, CASES_MEASURE, COUNTRIES, ORIGIN_GRAINS, OUTSIDE, UNKNOWN

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.lookup import Opened


@dataclass(frozen=True)
class Corridors:
    """Published corridors of a release.

    Attributes
    ----------
    table : pandas.DataFrame
        All of them, as ``geo.model.CORRIDORS``.
    arcs : pandas.DataFrame
        origin, place, value: from a state to a state, in the chosen country and at the chosen
        state, most cases first. A state can be both.
    origins : pandas.DataFrame
        Index state, or whole country, of recruitment; an ``Int64`` column a country of exploitation, NA where not
        published, most cases first.
    lost : pandas.DataFrame
        The same of recruitment abroad, or in a place that is not known.
    states : tuple of str
        States with an arc, in either direction.
    released : bool
        Whether the release has views of corridors.
    """

    table: pd.DataFrame
    arcs: pd.DataFrame
    origins: pd.DataFrame
    lost: pd.DataFrame
    states: tuple[str, ...]
    released: bool

    @property
    def nothing(self) -> bool:
        """Whether no corridor is published."""
        return self.table.empty


def found(source: Opened, choice: Choice) -> Corridors:
    """Look the corridors of a choice up: of its country, and at its place where that is a state."""
    table = source.release.corridors
    table = table[table["measure"] == CASES_MEASURE]
    between = _between(table)
    arcs = between[_in_country(between["place"], choice)]
    states = sorted({*arcs["origin"], *arcs["place"]})
    at = chosen(choice)
    if at in states:
        arcs = arcs[(arcs["origin"] == at) | (arcs["place"] == at)]
    wide = _by_country(table)
    lost = wide.index.isin([OUTSIDE, UNKNOWN]) | wide.index.str.endswith(f"-{UNKNOWN}")
    released = any(grains & set(ORIGIN_GRAINS) for _, grains in source.views)
    return Corridors(table, arcs, wide[~lost], wide[lost], tuple(states), released)


def chosen(choice: Choice) -> str:
    """State that the choice's place lies in, ``""`` for none."""
    return choice.place.partition("/")[0]


def _between(table: pd.DataFrame) -> pd.DataFrame:
    """Corridors from a known state to a known state, most cases first."""
    rows = table[table["level"] == "state"]
    for name in ("origin", "place"):
        rows = rows[rows[name].str.contains("-") & ~rows[name].str.endswith(f"-{UNKNOWN}")]
    ranked = rows.sort_values(["value", "origin", "place"], ascending=[False, True, True])
    return ranked[["origin", "place", "value"]].reset_index(drop=True)


def _in_country(places: pd.Series, choice: Choice) -> pd.Series:
    return places.str.startswith(choice.country) | (choice.country == ALL)


def _by_country(table: pd.DataFrame) -> pd.DataFrame:
    rows = table[table["level"] == "country"]
    wide = rows.pivot_table("value", "origin", "place", aggfunc="first").astype("Int64")
    wide = wide.reindex(columns=pd.Index(COUNTRIES)).rename_axis(columns=None)
    return wide.sort_values(list(COUNTRIES), ascending=False, kind="stable", na_position="last")

"""One mission layer of a release in numbers: published cells looked up, nothing computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from geo import vocab
from geo.model import ALL, COUNTRIES, OVERLAP, UNKNOWN
from ui import lookup

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.lookup import Layer, Opened

MOST_STATES = 10
OVERLAPPING = ("escort", "residential_brothel")  # the two that the deck says overlap


@dataclass(frozen=True)
class Profile:
    """Numbers of one layer, all years and filters open; what is not published is not here.

    Attributes
    ----------
    choice : Choice
        The layer on the map of states, without a filter.
    layer : Layer
        Its totals, states and "place not known".
    states : pandas.DataFrame
        Index `place`; one column of counts; the states with most, at most ten.
    years : pandas.DataFrame
        Index year; one column of counts, NA where not published; no column where years are
        not released.
    both : pandas.Series or None
        Cases of this layer and of the one it overlaps with, by ``all``, ``US`` and ``MX``,
        where published; None for a layer without an overlap, or where it is not released.
    """

    choice: Choice
    layer: Layer
    states: pd.DataFrame
    years: pd.DataFrame
    both: pd.Series | None


def code(choice: Choice) -> str:
    """Mission layer that a choice means: its first one, or the first of all."""
    layers = vocab.load().layers
    return next((layer for layer in choice.layers if layer in layers), layers[0])


def profile(source: Opened, choice: Choice) -> Profile:
    """Look the numbers of a choice's layer up."""
    venue = code(choice)
    plain = replace(choice.without("period", "nationality", "trafficking_type"), place="", view="")
    plain = replace(plain, layers=(venue,), level="state")
    found = lookup.shown(source, plain)
    states = lookup.ranked(found, "state").head(MOST_STATES)
    years = _years(source, plain, venue)
    return Profile(plain, found.layers[0], states, years, _both(source, plain, venue))


def _years(source: Opened, choice: Choice, venue: str) -> pd.DataFrame:
    """Years of the whole study area."""
    years = [year for year in source.offered.filters["period"] if year not in (UNKNOWN, ALL)]
    cells = {year: replace(choice, period=year).cell(venue) for year in years}
    if not all(source.released(ALL, codes) for codes in cells.values()):
        return pd.DataFrame(index=pd.Index(years, name="period"))
    counts = {year: source.counts(ALL, codes).get(ALL) for year, codes in cells.items()}
    column = pd.Series(counts, index=years, dtype="Int64")
    return pd.DataFrame({venue: column}, index=pd.Index(years, name="period"))


def _both(source: Opened, choice: Choice, venue: str) -> pd.Series | None:
    codes = choice.cell(OVERLAP.join(OVERLAPPING))
    if venue not in OVERLAPPING or not source.released(ALL, codes):
        return None
    found = pd.concat([source.counts(ALL, codes), source.counts("country", codes)])
    return found[[place for place in (ALL, *COUNTRIES) if place in found.index]]

"""Rates of what a view shows: published counts over residents, and which measure is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo import rates, trees
from ui.choice import COUNT, HISPANIC

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.lookup import Opened

RATED_LEVELS = ("state", "country")
DECIMALS = 2


def kind(measure: str) -> str:
    """Denominator of a measure: counts are told with rates of all residents."""
    return rates.HISPANIC if measure == HISPANIC else rates.RESIDENTS


def rated(source: Opened, choice: Choice, counts: pd.Series, measure: str) -> pd.DataFrame:
    """Rates of published counts of a choice, as of :func:`geo.rates.rated`."""
    covered = rates.years(choice.period, source.release.manifest)
    return rates.rated(counts, kind(measure), covered)


def of_place(
    source: Opened, choice: Choice, place: str, count: int, measure: str
) -> pd.Series | None:
    """Rate of one published count; None where places of its level have no denominator."""
    if trees.level(place) not in RATED_LEVELS:
        return None
    return rated(source, choice, pd.Series({place: count}), measure).loc[place]


def shown(value: float) -> str:
    """Number of a rate, as it is shown and as it is classed.

    >>> shown(0.346)
    '0.35'
    """
    return f"{value:.{DECIMALS}f}"


def interval(row: pd.Series, t: Texts) -> str:
    """Limits of a rate."""
    return t("rate.interval", low=shown(row["low"]), high=shown(row["high"]))


def sentence(row: pd.Series, measure: str, t: Texts) -> str:
    """Rate with its limits in words, or why there is none."""
    if row["state"] != rates.RATED:
        return t(f"rate.{row['state']}")
    unit = t(f"unit.{kind(measure)}")
    return t("rate.line", rate=shown(row["rate"]), unit=unit, interval=interval(row, t))


def is_rate(measure: str) -> bool:
    """Whether a measure is a rate."""
    return measure != COUNT

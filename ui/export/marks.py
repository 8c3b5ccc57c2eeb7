"""What a picture of the map marks each place with: as the screen does, from the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo import rates
from ui import lookup, maps, palette, rating, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.lookup import Layer, Opened, Shown


class Mark(NamedTuple):
    """One place of one layer.

    Attributes
    ----------
    digit : int
        Class from 1; 0 where the count has no rate.
    behind : bool
        Whether finer places of the layer lie before it.
    least : bool
        Whether the count is of some of several periods, "at least" so many.
    none : str
        Why there is no rate: ``too_few`` or ``no_denominator``; else ``""``.
    text : str
        Name and number, as the screen tells them.
    """

    level: str
    place: str
    digit: int
    behind: bool
    least: bool
    none: str
    text: str


def of_layer(source: Opened, choice: Choice, found: Shown, layer: Layer, t: Texts) -> list[Mark]:
    """Places of a layer with a published count, coarse to fine, by place id."""
    if rating.is_rate(found.measure):
        counts = layer.cells.get("state", lookup.EMPTY)
        table = rating.rated(source, choice, counts, found.measure).sort_index()
        return [_rate(source, found.measure, place, row, t) for place, row in table.iterrows()]
    behind = maps.with_finer(layer)
    return [
        _count(source, level, place, int(count), place in behind, layer, t)
        for level in layer.cells
        for place, count in layer.known(level).sort_index().items()
    ]


def with_clusters(placed: list[Mark], kinds: Mapping[str, str], t: Texts) -> list[Mark]:
    """Marks whose text also tells the cluster that a place is part of."""
    return [
        mark._replace(text=f"{mark.text}; {t(f'tip.{kinds[mark.place]}')}")
        if mark.place in kinds
        else mark
        for mark in placed
    ]


def told(count: int, partly: bool, t: Texts) -> str:
    """Count, and whether it is of some of the chosen periods only."""
    return f"{t('tip.least')} {t.number(count)}" if partly else t.number(count)


def _count(
    source: Opened, level: str, place: str, count: int, behind: bool, layer: Layer, t: Texts
) -> Mark:
    least = place in layer.partly(level).index
    text = f"{words.place(source, place, t)}: {told(count, least, t)}"
    return Mark(level, place, palette.digit(count, source.k), behind, least, "", text)


def _rate(source: Opened, measure: str, place: str, row: pd.Series, t: Texts) -> Mark:
    rated = row["state"] == rates.RATED
    digit = palette.rate_digit(float(rating.shown(row["rate"])), measure) if rated else 0
    said = rating.shown(row["rate"]) if rated else t("rank.no_rate", count=int(row["count"]))
    text = f"{words.place(source, place, t)}: {said}"
    return Mark("state", place, digit, False, False, "" if rated else row["state"], text)

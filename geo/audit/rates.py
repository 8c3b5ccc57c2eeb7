"""Check 16: rates, percentages and ranks turned back into counts.

A rate of so many in 100,000 people, or a percentage of a published number, is a count as
soon as one multiplies: the denominator is public. At the digits shown the count lies in an
interval; one that holds only numbers from 1 to k-1 tells a small count.
"""

from __future__ import annotations

import csv
import math
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

from geo.audit.evidence import Evidence
from geo.audit.figures import CELL, PERCENT, RANK, RATE, SHARE, Figure, figures
from geo.audit.findings import Recorder, Result
from geo.audit.space import ancestors, level_of
from geo.model import COUNTRIES

POPULATION = Path(__file__).parents[2] / "data" / "population" / "states.csv"
_ROUNDING = Decimal("1e-6")

Cell = tuple[str, ...]


def rates(evidence: Evidence) -> Result:
    """No figure that is not a count gives a count from 1 to k-1."""
    recorder = Recorder(16, "rates")
    rows = evidence.rows()
    rows = rows[rows["measure"] == "cases"]
    cells = rows[list(CELL)].itertuples(index=False, name=None)
    counts = dict(zip(cells, rows["value"].tolist(), strict=True))
    for figure in figures(evidence):
        recorder.tested += 1
        if figure.kind == RANK:
            _ranked(figure, counts, recorder)
        elif figure.cell in counts:
            _published(figure, counts[figure.cell], evidence.k, recorder)
        else:
            _hidden(figure, counts, evidence.k, recorder)
    return recorder.result()


def _ranked(figure: Figure, counts: dict[Cell, int], recorder: Recorder) -> None:
    """A rank says that a cell has cases and between which others it lies."""
    if figure.cell is not None and figure.cell not in counts:
        _fail(figure, "the rank of a cell that is not published", recorder)


def _published(figure: Figure, count: int, k: int, recorder: Recorder) -> None:
    """A share of a published cell gives the whole, and so the rest of the whole."""
    if figure.kind not in (SHARE, PERCENT) or figure.shown <= figure.half:
        return
    least = count * figure.per / (figure.shown + figure.half) - count
    most = count * figure.per / (figure.shown - figure.half) - count
    if _only_small(least, most, k):
        _fail(figure, "the share of a published cell leaves from 1 to k-1 of the whole", recorder)


def _hidden(figure: Figure, counts: dict[Cell, int], k: int, recorder: Recorder) -> None:
    """A figure of a cell that is not published, over every denominator that holds it."""
    for whole in _denominators(figure, counts):
        least, most = interval(figure, whole)
        if _only_small(least, most, k):
            _fail(figure, "turned back with a known denominator it is from 1 to k-1", recorder)
            return


def interval(figure: Figure, whole: int) -> tuple[Decimal, Decimal]:
    """Counts between which a figure lies, over a denominator, at the digits shown."""
    least = (figure.shown - figure.half) * whole / figure.per
    most = (figure.shown + figure.half) * whole / figure.per
    return least, most


def _only_small(least: Decimal, most: Decimal, k: int) -> bool:
    """Whether the interval holds a whole number, and none but 1 to k-1."""
    first, last = math.ceil(least - _ROUNDING), math.floor(most + _ROUNDING)
    return 1 <= first <= last < k


def _denominators(figure: Figure, counts: dict[Cell, int]) -> list[int]:
    """Published numbers that hold the figure's cases, or the people of its place."""
    if figure.kind == RATE:
        places = [figure.cell[0]] if figure.cell else ["all", *COUNTRIES]
        return [population()[place] for place in places if place in population()]
    if figure.cell is None:
        everywhere = ("all",) * (len(CELL) - 1)
        return [
            counts[place, *everywhere]
            for place in ("all", *COUNTRIES)
            if (place, *everywhere) in counts
        ]
    try:
        around = [
            (code, *ancestors(axis, code)) for axis, code in zip(CELL, figure.cell, strict=True)
        ]
    except ValueError:
        return []
    return sorted({counts[cell] for cell in product(*around) if cell in counts})


@cache
def population() -> dict[str, int]:
    """People of each state, of the two countries and of both, by the censuses of 2020."""
    with POPULATION.open(encoding="utf-8", newline="") as stream:
        people = {row["code"]: int(row["population"]) for row in csv.DictReader(stream)}
    for country in COUNTRIES:
        people[country] = sum(count for code, count in people.items() if code[:3] == f"{country}-")
    return people | {"all": sum(people[country] for country in COUNTRIES)}


def _fail(figure: Figure, words: str, recorder: Recorder) -> None:
    place = figure.cell[0] if figure.cell else ""
    recorder.fail(f"{figure.where}: {words}", _level(place), place)


def _level(place: str) -> str:
    try:
        ancestors("place", place)
    except ValueError:
        return ""
    return level_of(place)

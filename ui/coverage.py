"""What time a release covers: its years and quarters, and where a line over them breaks.

All from the dates of the manifest: its blocks of time and its sources. A period of the
axis is there because it is covered, whether or not a count of it is published.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geo.model import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ui.i18n import Texts

YEAR, QUARTER = "year", "quarter"
_QUARTERS, _MONTHS = 4, 3


@dataclass(frozen=True)
class Span:
    """Days that something covers, both included."""

    start: date
    end: date


@dataclass(frozen=True)
class Break:
    """A place in time where counts before and after are not alike.

    Attributes
    ----------
    period : str
        The year or quarter that it falls in.
    kind : {'starts', 'ends', 'source_starts', 'source_ends', 'block', 'uncovered'}
        Partial period at the start or the end; a source that begins or ends; a block of
        the series that came out later; a period between blocks.
    day : datetime.date
    name : str
        Of the source or the block.
    """

    period: str
    kind: str
    day: date
    name: str = ""


def span(start: str, end: str) -> Span:
    """Days from the first of `start` to the last of `end`: years, months or days.

    >>> span("2014", "2016-02")
    Span(start=datetime.date(2014, 1, 1), end=datetime.date(2016, 2, 29))
    """
    first = [int(part) for part in start.split("-")]
    last = [int(part) for part in end.split("-")]
    year, month = last[0], last[1] if len(last) > 1 else 12
    day = last[2] if len(last) > 2 else calendar.monthrange(year, month)[1]
    return Span(date(*[*first, 1, 1][:3]), date(year, month, day))


def whole(period: str) -> Span:
    """Days of a year or a quarter.

    >>> whole("2015-Q3")
    Span(start=datetime.date(2015, 7, 1), end=datetime.date(2015, 9, 30))
    """
    year, _, quarter = period.partition("-Q")
    if not quarter:
        return span(year, year)
    last = _MONTHS * int(quarter)
    return span(f"{year}-{last - _MONTHS + 1}", f"{year}-{last}")


def period(day: date, grain: str) -> str:
    """Year or quarter of a day.

    >>> period(date(2015, 8, 1), "quarter")
    '2015-Q3'
    """
    quarter = (day.month - 1) // _MONTHS + 1
    return f"{day.year}-Q{quarter}" if grain == QUARTER else str(day.year)


def blocks(manifest: Mapping) -> tuple[tuple[str, Span], ...]:
    """Label and days of each block of time, the first one first."""
    later = [block for block in manifest.get("blocks", []) if block["period"] != ALL]
    listed = [manifest["coverage"], *later]
    dated = [block for block in listed if block.get("start") and block.get("end")]
    return tuple((block["label"], span(block["start"], block["end"])) for block in dated)


def periods(manifest: Mapping, grain: str, published: Iterable[str] = ()) -> tuple[str, ...]:
    """Years or quarters without a hole, over all blocks and what is published.

    >>> periods({"coverage": {"start": "2014-11", "end": "2015-06", "label": ""}}, "quarter")
    ('2014-Q4', '2015-Q1', '2015-Q2')
    """
    spans = [days for _, days in blocks(manifest)] + [whole(code) for code in published]
    if not spans:
        return ()
    first = period(min(days.start for days in spans), grain)
    last = period(max(days.end for days in spans), grain)
    years = [str(year) for year in range(int(first[:4]), int(last[:4]) + 1)]
    if grain == QUARTER:
        years = [f"{year}-Q{n}" for year in years for n in range(1, _QUARTERS + 1)]
    return tuple(code for code in years if first <= code <= last)


def breaks(manifest: Mapping, grain: str) -> tuple[Break, ...]:
    """Find what breaks a line over the release, by time."""
    dated = blocks(manifest)
    found = [*_edges(dated, grain), *_later(dated, grain), *_between(manifest, dated, grain)]
    if dated:
        found += _sources(manifest["sources"], dated, grain)
    return tuple(sorted(found, key=lambda one: (one.period, one.day)))


def _edges(dated: tuple[tuple[str, Span], ...], grain: str) -> list[Break]:
    """Periods that blocks cover in part."""
    found = []
    for _, days in dated:
        first, last = period(days.start, grain), period(days.end, grain)
        if days.start > whole(first).start:
            found.append(Break(first, "starts", days.start))
        if days.end < whole(last).end:
            found.append(Break(last, "ends", days.end))
    return found


def _later(dated: tuple[tuple[str, Span], ...], grain: str) -> list[Break]:
    return [
        Break(period(days.start, grain), "block", days.start, label) for label, days in dated[1:]
    ]


def _between(manifest: Mapping, dated: tuple[tuple[str, Span], ...], grain: str) -> list[Break]:
    """Periods of the axis that no block covers."""
    return [
        Break(code, "uncovered", days.start)
        for code in periods(manifest, grain)
        for days in [whole(code)]
        if not any(days.start <= held.end and held.start <= days.end for _, held in dated)
    ]


def _sources(
    sources: Iterable[Mapping], dated: tuple[tuple[str, Span], ...], grain: str
) -> list[Break]:
    """Sources that begin after the release does, or end before it."""
    start = min(days.start for _, days in dated)
    end = max(days.end for _, days in dated)
    found = []
    for source in sources:
        first, last = source.get("coverage_start"), source.get("coverage_end")
        begun = span(first, first).start if first else start
        ended = span(last, last).end if last else end
        if begun > start:
            found.append(Break(period(begun, grain), "source_starts", begun, source["name"]))
        if ended < end:
            found.append(Break(period(ended, grain), "source_ends", ended, source["name"]))
    return found


def told(one: Break, t: Texts) -> str:
    """Say a break in a sentence."""
    return t(f"break.{one.kind}", period=one.period, day=dated(one, t), name=one.name)


def short(one: Break, t: Texts) -> str:
    """Words for a break that fit on a chart; a source's name is told beside it."""
    return t(f"timeline.{one.kind}", day=dated(one, t))


def dated(one: Break, t: Texts) -> str:
    """Day of a break: without the day where a month begins or ends with it."""
    ends = one.kind in ("ends", "source_ends")
    edge = calendar.monthrange(one.day.year, one.day.month)[1] if ends else 1
    month = f"{t(f'month.{one.day.month}')} {one.day.year}"
    return month if one.day.day == edge else f"{one.day.day} {month}"

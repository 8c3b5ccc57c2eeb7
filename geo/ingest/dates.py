"""Texts of dates to periods: a quarter where it is known, else a year, else unknown."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

import pandas as pd

from geo.model import UNKNOWN

_YEARS = range(1900, 2101)
_QUARTER = 3
_YEAR = 12

_POINT = r"(\d{4})(?:(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)|(?:[- ]?[QqTt]([1-4])))?"
_SEPARATOR = r"\s*(?:--|[-\u2013\u2014/;]|\bto\b|\ba\b)\s*"
_DATE = re.compile(rf"{_POINT}(?:{_SEPARATOR}{_POINT})?")
_QUARTER_FIRST = re.compile(r"[QqTt]([1-4])[- ](\d{4})")
_TIME = r"[T ]\d{1,2}:\d{2}(?s:.*)$|\.0$"


class Read(NamedTuple):
    """What the text of a date says.

    `period` is ``2015-Q3``, ``2015`` or ``unknown``; `problem` is ``""``, ``impossible``
    (no date that exists) or ``band`` (a range wider than a year).
    """

    period: str
    problem: str


def period(text: str) -> Read:
    """Period of an ISO day, month, quarter or year, or of a range of two of them.

    >>> period("2015-08-31").period, period("2015").period
    ('2015-Q3', '2015')
    >>> period("2031-02-30")
    Read(period='unknown', problem='impossible')
    >>> period("2005-2013")
    Read(period='unknown', problem='band')
    """
    bare = _QUARTER_FIRST.sub(r"\2-Q\1", re.sub(_TIME, "", text))
    found = _DATE.fullmatch(bare)
    if not found:
        return Read(UNKNOWN, "impossible")
    start = _months(*found.groups()[:4])
    end = start if found[5] is None else _months(*found.groups()[4:])
    if start is None or end is None or start[0] > end[1]:
        return Read(UNKNOWN, "impossible")
    return _within(start[0], end[1])


def periods(texts: pd.Series, formats: tuple[str, ...]) -> pd.DataFrame:
    """Period and problem of every text; strptime `formats` come before the ISO forms.

    Parameters
    ----------
    texts : pandas.Series of str
        ``""`` is no date: period ``unknown``, no problem.
    formats : tuple of str

    Returns
    -------
    pandas.DataFrame
        Columns ``period`` and ``problem``, with the index of `texts`.
    """
    codes, values = pd.factorize(texts)
    values = pd.Series(values, dtype="str")
    read = pd.DataFrame({"period": UNKNOWN, "problem": ""}, index=values.index, dtype="str")
    rest = values != ""
    for form in formats:
        parsed = _parsed(values.where(rest), form)
        fits = rest & parsed.notna() & parsed.dt.year.isin(_YEARS)
        read.loc[fits, "period"] = _formatted(parsed[fits], form)
        rest &= ~fits
    read[rest] = _iso(values[rest])
    return read.take(codes).set_axis(texts.index)


def _parsed(values: pd.Series, form: str) -> pd.Series:
    """Local times of the texts; pandas reads no two offsets from UTC in one column."""
    if "%z" not in form:
        return pd.to_datetime(values, format=form, errors="coerce")
    return pd.to_datetime(values.map(lambda text: _local(text, form)), errors="coerce")


def _local(text: object, form: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, form).replace(tzinfo=None)
    except (TypeError, ValueError):
        return None


def _iso(values: pd.Series) -> pd.DataFrame:
    codes, days = pd.factorize(values.str.replace(_TIME, "", regex=True))
    read = pd.DataFrame(map(period, days), columns=["period", "problem"], dtype="str")
    return read.take(codes).set_axis(values.index)


def _formatted(parsed: pd.Series, form: str) -> pd.Series:
    year = parsed.dt.year.astype("str")
    finer = any(part in form for part in ("%m", "%b", "%B", "%j"))
    return year + "-Q" + parsed.dt.quarter.astype("str") if finer else year


def _months(
    year: str, month: str | None, day: str | None, quarter: str | None
) -> tuple[int, int] | None:
    """First and last month, counted from year 0; None where there is no such date."""
    first, last = 1, _YEAR
    if quarter:
        first, last = _QUARTER * int(quarter) - 2, _QUARTER * int(quarter)
    if month:
        first = last = int(month)
    if int(year) not in _YEARS:
        return None
    try:
        dt.date(int(year), first, int(day or 1))
    except ValueError:
        return None
    return int(year) * _YEAR + first - 1, int(year) * _YEAR + last - 1


def _within(first: int, last: int) -> Read:
    year = first // _YEAR
    if year != last // _YEAR:
        return Read(UNKNOWN, "band")
    quarter = first % _YEAR // _QUARTER
    if quarter != last % _YEAR // _QUARTER:
        return Read(str(year), "")
    return Read(f"{year}-Q{quarter + 1}", "")

"""A series in time: which blocks came out, which year is new and closed, what must wait.

A block is published once, after its end. The first block of a series is a release's
``all``; a later one is a closed year beside it. Cases of a block that came out already are
late or corrected: they wait, and nothing public says so.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from geo.model import (
    ALL,
    CASES_MEASURE,
    DIMENSIONS,
    KEY,
    PUBLISHED,
    UNKNOWN,
    DataError,
    Policy,
    UnusableError,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNDATED, STRADDLING, UNCOVERED, BEYOND = "undated", "straddling", "not covered", "beyond"
WAITING = (UNDATED, STRADDLING, UNCOVERED)
WHOLE, CHANGES = "whole block", "changes only"
TIME = ("period", "quarter")
_REVISION = re.compile(r" \(r(\d+)\)$")
_QUARTER_STARTS = {"Q1": "-01-01", "Q2": "-04-01", "Q3": "-07-01", "Q4": "-10-01"}
_LAST = 4


@dataclass(frozen=True)
class TimeBlock:
    """One block of a series, as manifests list it.

    Attributes
    ----------
    period : str
        Code of the block's total in the cells: ``all`` for the first block, else a year.
    label : str
        Its name, "2010–2015" or "2016"; "2010–2015 (r2)" for its first restatement.
    start, end : str
        Year, month or day.
    release : str
        Id of the release that it came out in first.
    multi_valued : tuple of str
        Dimensions in which a case of the block carries several values.
    sha256 : str
        Hash of its rows (:func:`digest`).
    restates : str
        Label of the block that it replaces, or empty.
    """

    period: str
    label: str
    start: str
    end: str
    release: str
    multi_valued: tuple[str, ...] = ()
    sha256: str = ""
    restates: str = ""

    @property
    def years(self) -> tuple[str, str]:
        """First and last year that the block touches."""
        return self.start[:4], self.end[:4]


def blocks(manifest: dict) -> tuple[TimeBlock, ...]:
    """Blocks of a release; of an older manifest the one that its coverage says."""
    listed = manifest.get("blocks") or [
        {
            **manifest["coverage"],
            "period": ALL,
            "release": manifest["id"],
            "multi_valued": manifest["multi_valued"],
        }
    ]
    names = dict.fromkeys(TimeBlock.__dataclass_fields__, "")
    try:
        found = [
            TimeBlock(**{**names, **one, "multi_valued": tuple(one["multi_valued"])})
            for one in listed
        ]
    except (TypeError, KeyError):
        raise DataError("an earlier release lists blocks of time that cannot be read") from None
    if not all(one.start and one.end for one in found):
        raise DataError("an earlier release does not say its time; its series cannot go on")
    return tuple(found)


def rows(cells: pd.DataFrame, block: TimeBlock, others: Sequence[TimeBlock]) -> pd.DataFrame:
    """Rows of one block of a release that has `others` too."""
    years = {one.period for one in others} - {ALL}
    year = cells["period"].str[:4]
    own = ~year.isin(years) if block.period == ALL else year == block.period
    return cells[own].reset_index(drop=True)


def digest(cells: pd.DataFrame) -> str:
    """SHA-256 of rows as CSV text without a header, sorted by key."""
    ordered = cells.sort_values(list(KEY), kind="stable")[PUBLISHED.names]
    text = ordered.to_csv(index=False, header=False, lineterminator="\n")
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def entries(listed: Sequence[TimeBlock], cells: pd.DataFrame) -> list[dict]:
    """Blocks as a manifest lists them, with the hash of each one's rows."""
    found = []
    for block in listed:
        hashed = replace(block, sha256=digest(rows(cells, block, listed)))
        content = asdict(hashed) | {"multi_valued": list(block.multi_valued)}
        found.append(
            {name: value for name, value in content.items() if name != "restates" or value}
        )
    return found


def newest(manifests: dict[str, dict], audience: str) -> str:
    """Name of the release that a new one of this audience continues; empty for none.

    Parameters
    ----------
    manifests : dict
        SHA-256 of each earlier release's manifest file to its content.
    audience : str

    Raises
    ------
    UnusableError
        Releases of several series, or not the whole chain of one.
    """
    series = sorted({one["series"] for one in manifests.values()})
    if len(series) > 1:
        raise UnusableError(f"--previous names releases of several series: {', '.join(series)}")
    own = {name for name, one in manifests.items() if one["audience"] == audience}
    named = {manifests[name].get("previous") for name in own} - {None}
    if named - own:
        raise UnusableError(
            "--previous must name every earlier release of the series: one of them continues a "
            "release that is not named"
        )
    heads = sorted(own - named)
    if len(heads) > 1:
        raise UnusableError("--previous names releases of which none continues the other")
    return heads[0] if heads else ""


def same_rules(policy: Policy, manifest: dict) -> tuple[View, ...]:
    """Views of a series, which stay what its first release had, but profiles and corridors.

    Raises
    ------
    UnusableError
        The policy is not the one that the series came out under.
    """
    before = manifest["policy"]
    views = without_details(View(one["level"], tuple(one["grains"])) for one in before["views"])
    own = without_details(policy.views)
    every = (*own, *(view for _, more in policy.views_from for view in more))
    if (policy.k, policy.least_area_km2) != (manifest["k"], before["least_area_km2"]):
        raise UnusableError("this series came out under another k or area floor; keep its policy")
    if set(policy.measures) != set(manifest["measures"]):
        raise UnusableError("this series came out with other measures; keep its policy")
    if not set(own) <= set(views) <= set(every):
        raise UnusableError("this series came out with other views; keep its policy")
    return views


def without_details(views: Iterable[View]) -> tuple[View, ...]:
    """Views that later blocks and restated ones have: all but profiles and corridors.

    Those come out once, with the first block of a series. What a restatement changed in them
    would have to be protected as its cells are; so a restated first block has none.
    """
    return tuple(view for view in views if not view.is_detail)


def of_block(views: Sequence[View]) -> tuple[View, ...]:
    """Views of a later block, the year being its total: those that have years or quarters."""
    inside = [view for view in views if set(TIME) & set(view.grains)]
    return tuple(
        dict.fromkeys(
            View(view.level, tuple(grain for grain in view.grains if grain != "period"))
            for view in inside
        )
    )


def placed(
    located: pd.DataFrame, old: Sequence[TimeBlock], start: str = "", end: str = ""
) -> pd.Series:
    """For each row where its case belongs in time.

    Parameters
    ----------
    located : pandas.DataFrame
        A ``LOCATED`` table. A case of several rows has one period, its earliest.
    old : sequence of TimeBlock
        Blocks that came out.
    start, end : str
        First and last day that the sources cover, where they say so.

    Returns
    -------
    pandas.Series
        Label of an old block; a year that is in none; or ``undated``, ``straddling`` (in a
        year of an old block, after its end), ``not covered`` (before the sources begin),
        ``beyond`` (after they end).
    """
    last = "~"
    known = located["period"].where(located["period"] != UNKNOWN, last)
    period = known.groupby(located["case"]).transform("min").replace(last, UNKNOWN)
    return period.map({code: _where(code, old, start, end) for code in period.unique()})


def _where(period: str, old: Sequence[TimeBlock], start: str, end: str) -> str:
    if period == UNKNOWN:
        return UNDATED
    year = period[:4]
    for block in old:
        if block.years[0] <= year <= block.years[1]:
            return STRADDLING if _begins(period) > last_day(block.end) else block.label
    if end and _begins(period) > last_day(end):
        return BEYOND
    return UNCOVERED if start and year < start[:4] else year


def _begins(period: str) -> str:
    return period[:4] + _QUARTER_STARTS.get(period[5:], "-01-01")


def last_day(text: str) -> str:
    """Last day that a year, month or day says; of months, the 31st.

    >>> last_day("2015"), last_day("2015-06"), last_day("2015-06-30")
    ('2015-12-31', '2015-06-31', '2015-06-30')
    """
    return text + "-12-31"[len(text) - _LAST :]


def new_years(
    places: pd.Series, located: pd.DataFrame, start: str, end: str, today: str
) -> tuple[str, ...]:
    """Years that a release adds, each closed and whole.

    Parameters
    ----------
    places : pandas.Series
        What `placed` returned for `located`.
    start, end : str
        What the sources cover, or empty.
    today : str
        No year that ends after it is closed.

    Raises
    ------
    DataError
        A running or straddling year, or no new one.
    """
    if (places == BEYOND).any():
        count = located.loc[places == BEYOND, "case"].nunique()
        raise DataError(
            f"{count} cases are dated after {end}, where the sources' coverage ends: a running "
            "period is published after its end; leave these rows out, or mend coverage_end"
        )
    years = tuple(sorted(set(places[places.str.fullmatch(r"\d{4}")])))
    for year in years:
        _refuse_open(year, located.loc[places == year, "period"], start, end, today)
    if not years and (places == STRADDLING).any():
        raise DataError(
            "the new cases lie in a year that straddles the end of a block that came out: no block "
            "of this series can hold them; leave them out, or begin a new series"
        )
    if not years:
        raise DataError("no case lies in a year that is not published yet; nothing to publish")
    return years


def _refuse_open(year: str, periods: pd.Series, start: str, end: str, today: str) -> None:
    """A block is published after its last day, and from its first."""
    closing = f"{year}-12-31"
    quarters = sorted(code for code in periods.unique() if "-Q" in code)
    if closing > today or (end and last_day(end) < closing):
        raise DataError(
            f"the year {year} is running: the sources end before it does; publish it when it is "
            "closed (coverage_end in the mapping)"
        )
    if not end and quarters and quarters[-1] < f"{year}-Q4":
        raise DataError(
            f"the year {year} seems to be running: no case of its last quarter, and the mapping "
            "has no coverage_end that says it is closed"
        )
    if len(start) > _LAST and start[:4] == year and start[_LAST:] not in ("-01", "-01-01"):
        raise DataError(
            f"the sources cover the year {year} from {start} on only: a block is a whole year"
        )


def restated(old: Sequence[TimeBlock], named: str, release: str) -> TimeBlock:
    """Block that replaces the one `named`, under its next label.

    >>> old = (TimeBlock("all", "2010–2015", "2010", "2015", "first"),)
    >>> restated(old, "2010-2015", "second").label
    '2010–2015 (r2)'

    Raises
    ------
    UnusableError
        No block of this name came out.
    """
    by_name = {name: one for one in old for name in (_plain(one.label), one.period)}
    block = by_name.get(_plain(named))
    if block is None:
        known = ", ".join(one.label for one in old)
        raise UnusableError(f"--restate {named}: no such block; this series has {known}")
    revision = _REVISION.search(block.label)
    number = int(revision[1]) + 1 if revision else 2
    label = f"{_REVISION.sub('', block.label)} (r{number})"
    return replace(block, label=label, restates=block.label, release=release, sha256="")


def _plain(label: str) -> str:
    return label.replace("–", "-")


def small_changes(counts: pd.DataFrame, before: pd.DataFrame, k: int) -> pd.Series:
    """Private: cells of a restated block that came out and changed by 1 to k-1.

    Parameters
    ----------
    counts : pandas.DataFrame
        A ``COUNTS`` table of the restated block, in the codes of its release.
    before : pandas.DataFrame
        Its published rows.
    k : int
    """
    keys = pd.MultiIndex.from_frame(counts[list(KEY)])
    old = before.set_index(list(KEY))["value"].reindex(keys).to_numpy(dtype=float)
    change = pd.Series(counts["value"].to_numpy() - old, index=counts.index).abs()
    return change.between(1, k - 1)


def totals(cells: pd.DataFrame, period: str) -> pd.Series:
    """Cells that are a total of all or of a country over a block, `period` being its code."""
    others = [name for name in DIMENSIONS if name != "period"]
    whole = (cells[others] == ALL).all(axis=1) & (cells["period"] == period)
    return whole & cells["level"].isin([ALL, "country"])


def differences(counts: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Private: published cells that a file counts otherwise, with both numbers."""
    now = counts.set_index(list(KEY))["value"]
    keys = pd.MultiIndex.from_frame(before[list(KEY)])
    table = before[list(KEY)].assign(
        published=before["value"].to_numpy(),
        counted=now.reindex(keys).fillna(0).astype("int64").to_numpy(),
    )
    return table[table["published"] != table["counted"]].reset_index(drop=True)


def reading(cases: int, before: pd.DataFrame) -> str:
    """Whether a file's cases of an old block are the whole block, or late and corrected ones.

    A file that has at least half of what was published is a whole register again.
    """
    most = before.loc[before["measure"] == CASES_MEASURE, "value"].max()
    return WHOLE if 2 * cases >= most else CHANGES

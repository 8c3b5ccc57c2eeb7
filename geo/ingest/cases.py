"""Which rows are one case, and what all rows of a case share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.ingest.shape import note
from geo.mapping import COUNT_COLUMNS
from geo.model import SEPARATOR, UNKNOWN

if TYPE_CHECKING:
    from geo.rules import Ledger

_UNIONS = ("venue", "nationality")


def case_ids(text: pd.DataFrame, rows: pd.Series, ledger: Ledger) -> pd.Series:
    """Case id of every row, ``""`` where it has none.

    Parameters
    ----------
    text : pandas.DataFrame
        Canonical columns as text.
    rows : pandas.Series of int
        The file's row of every row of `text`.
    ledger : Ledger
        Takes the rows without an id where the file has a column of ids.
    """
    if "case_id" not in text:
        return pd.Series("", index=text.index, dtype="str")
    ledger.add("case_id_missing", rows[text["case_id"] == ""])
    return text["case_id"]


def numbered(ids: pd.Series) -> pd.Series:
    """Give every row the number of its case, from 1 in the order of first rows.

    Rows of one case id share a number, in whichever file they are; a row without an id is
    its own case, and so is every row of a file without ids: equal rows are never taken for
    one.

    Parameters
    ----------
    ids : pandas.Series of str
        As `case_ids` gives them, of all files.
    """
    groups, _ = pd.factorize(ids)
    own = groups.max(initial=-1) + 1 + np.arange(len(ids))
    numbers, _ = pd.factorize(np.where(ids == "", own, groups))
    return pd.Series(numbers + 1, index=ids.index)


def in_several_files(case: pd.Series, of_file: np.ndarray) -> pd.Series:
    """Mark the rows whose case has rows of another file too."""
    files = pd.Series(of_file, index=case.index).groupby(case)
    return files.transform("min") != files.transform("max")


def united(cases: pd.DataFrame) -> tuple[pd.DataFrame, list[dict], dict[str, pd.Series]]:
    """Give all rows of a case its period, type, venues, nationalities, count and victims.

    Venues and nationalities are the union of its rows'; the period is the earliest known;
    sex and labor make sex_and_labor; counts and victims are the largest number.

    Returns
    -------
    cases : pandas.DataFrame
    notes : list of dict
        Records of :data:`geo.model.NOTES`.
    differing : dict of str to pandas.Series of bool
        For each rule the rows that say another thing than their case.
    """
    several = cases["case"].duplicated(keep=False)
    if not several.any():
        return cases, [], {}
    some = cases[several]
    shared = _shared(some)
    differing = {
        rule: failing.reindex(cases.index, fill_value=False)
        for rule, failing in _differing(some, shared).items()
    }
    cases = cases.copy()
    for name in shared:
        cases.loc[several, name] = shared[name]
    changed = len(some) - some["case"].nunique()
    notes = [note("cases", len(cases), len(cases), changed, "rows_of_one_case")]
    return cases, notes, differing


def _shared(some: pd.DataFrame) -> pd.DataFrame:
    case = some["case"]
    shared = {name: _union(some[name], case) for name in _UNIONS}
    shared["period"] = _earliest(some["period"], case)
    shared["trafficking_type"] = _type(some["trafficking_type"], case)
    for name in ("cases", *COUNT_COLUMNS):
        shared[name] = some[name].groupby(case).transform("max")
    return pd.DataFrame(shared)


def _union(codes: pd.Series, case: pd.Series) -> pd.Series:
    items = codes.str.split(SEPARATOR).explode()
    known = pd.DataFrame({"code": items, "case": case.reindex(items.index)})
    known = known[known["code"] != UNKNOWN].drop_duplicates().sort_values(["case", "code"])
    joined = known.groupby("case")["code"].agg(SEPARATOR.join)
    return _for_each_row(joined, case)


def _earliest(period: pd.Series, case: pd.Series) -> pd.Series:
    """Earliest known period; a quarter of the same year is finer than the year alone."""
    table = pd.DataFrame({"period": period, "case": case, "year": period.str[:4]})
    table = table[table["period"] != UNKNOWN].assign(whole=lambda known: ~_finer(known["period"]))
    table = table.sort_values(["year", "whole", "period"]).drop_duplicates("case")
    return _for_each_row(table.set_index("case")["period"], case)


def _for_each_row(known: pd.Series, case: pd.Series) -> pd.Series:
    return known.astype("str").reindex(case, fill_value=UNKNOWN).set_axis(case.index)


def _finer(period: pd.Series) -> pd.Series:
    return period.str.contains("Q", regex=False)


def _type(kind: pd.Series, case: pd.Series) -> pd.Series:
    both = kind == "sex_and_labor"
    has = {
        name: ((kind == name) | (both & (name != "other"))).groupby(case).transform("any")
        for name in ("sex", "labor", "other")
    }
    found = np.select(
        [has["sex"] & has["labor"], has["sex"], has["labor"], has["other"]],
        ["sex_and_labor", "sex", "labor", "other"],
        UNKNOWN,
    )
    return pd.Series(found, index=kind.index, dtype="str")


def _differing(some: pd.DataFrame, shared: pd.DataFrame) -> dict[str, pd.Series]:
    kind, period = some["trafficking_type"], some["period"]
    differs = (kind != UNKNOWN) & (kind != shared["trafficking_type"])
    coarser = ~_finer(period) & (period == shared["period"].str[:4])
    differs |= (period != UNKNOWN) & (period != shared["period"]) & ~coarser
    other = pd.Series(False, index=some.index)
    for name in ("cases", *COUNT_COLUMNS):
        other |= (some[name] != shared[name]).fillna(False).astype("bool")
    return {"case_differs": differs, "victims_differ": other}

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


def numbered(text: pd.DataFrame, rows: pd.Series, ledger: Ledger) -> pd.Series:
    """Give every row the number of its case, from 1 in the order of first rows.

    Rows of one ``case_id`` share a number; a row without an id is its own case, and so is
    every row of a file without the column: equal rows are never taken for one.

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
        return pd.Series(np.arange(1, len(text) + 1), index=text.index)
    missing = text["case_id"] == ""
    ledger.add("case_id_missing", rows[missing])
    groups, _ = pd.factorize(text["case_id"])
    own = groups.max(initial=-1) + 1 + np.arange(len(text))
    numbers, _ = pd.factorize(np.where(missing, own, groups))
    return pd.Series(numbers + 1, index=text.index)


def united(cases: pd.DataFrame, rows: pd.Series, ledger: Ledger, notes: list[dict]) -> pd.DataFrame:
    """Give all rows of a case its period, type, venues, nationalities, count and victims.

    Venues and nationalities are the union of its rows'; the period is the earliest known;
    sex and labor make sex_and_labor; counts and victims are the largest number.
    """
    several = cases["case"].duplicated(keep=False)
    if not several.any():
        return cases
    some = cases[several]
    shared = _shared(some)
    _tell(some, shared, rows[several], ledger)
    cases = cases.copy()
    for name in shared:
        cases.loc[several, name] = shared[name]
    groups = some["case"].nunique()
    notes.append(note("cases", len(cases), len(cases), len(some) - groups, "rows_of_one_case"))
    return cases


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


def _tell(some: pd.DataFrame, shared: pd.DataFrame, rows: pd.Series, ledger: Ledger) -> None:
    kind, period = some["trafficking_type"], some["period"]
    differs = (kind != UNKNOWN) & (kind != shared["trafficking_type"])
    coarser = ~_finer(period) & (period == shared["period"].str[:4])
    differs |= (period != UNKNOWN) & (period != shared["period"]) & ~coarser
    ledger.add("case_differs", rows[differs])
    other = pd.Series(False, index=some.index)
    for name in ("cases", *COUNT_COLUMNS):
        other |= (some[name] != shared[name]).fillna(False).astype("bool")
    ledger.add("victims_differ", rows[other])

"""What cases carry beside the dimensions: attributes of people and methods, and where recruited.

A case's details are one set of codes, ``attribute=code``, such as
``control=isolation;gender=female;origin=MX-CHH``. Of an attribute without a known value a case
carries ``attribute=unknown``; an attribute that no case of the file has is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import trees
from geo.model import (
    ALL,
    ATTRIBUTES,
    DETAIL_SIGN,
    ORIGIN,
    ORIGIN_GRAINS,
    OUTSIDE,
    SEPARATOR,
    UNKNOWN,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RECRUITED = "recruitment"
"""Role of the rows whose place is where somebody was recruited."""
SPLIT = {
    "gender": {
        "victims_female": "female",
        "victims_male": "male",
        "victims_gender_minority": "gender_minority",
    },
    "age": {"victims_adult": "adult", "victims_minor": "minor"},
}
"""Attributes that a file gives as numbers of victims: column to code. Of a row that stands for
several cases the numbers do not say which of them have whom: unknown."""
_STATE = 2


def of_cases(located: pd.DataFrame, grains: Iterable[str]) -> pd.Series:
    """Details of every case.

    Parameters
    ----------
    located : pandas.DataFrame
        A ``LOCATED`` table.
    grains : iterable of str
        Of ``ATTRIBUTES`` and ``ORIGIN_GRAINS`` those that some view has.

    Returns
    -------
    pandas.Series
        Indexed by ``case``; ``unknown`` where nothing is counted.
    """
    wanted = [name for name in (*ATTRIBUTES, ORIGIN) if name in set(grains)]
    if set(ORIGIN_GRAINS) & set(grains) and ORIGIN not in wanted:
        wanted.append(ORIGIN)
    rows = pd.Series("", index=located.index, dtype=object)
    for name in wanted:
        rows = rows + _of_rows(located, name).astype(object)
    cases = _by_case(rows, located["case"])
    present = [name for name in wanted if cases.str.contains(f"{name}{DETAIL_SIGN}").any()]
    completed = {known: _completed(known, present) for known in cases.unique()}
    return cases.map(completed)


def _of_rows(located: pd.DataFrame, name: str) -> pd.Series:
    """Known codes of one attribute, each followed by a separator."""
    if name in SPLIT:
        texts = np.full(len(located), "", dtype=object)
        one = (located["cases"] == 1).to_numpy()
        for column, code in SPLIT[name].items():
            some = one & (located[column].fillna(0).to_numpy(dtype="int64") > 0)
            texts = texts + np.where(some, f"{name}{DETAIL_SIGN}{code}{SEPARATOR}", "")
        return pd.Series(texts, index=located.index)
    if name == ORIGIN:
        values = located["place"].where(located["role"] == RECRUITED, "").map(origin)
    else:
        values = located[name]
    return values.map({joined: _coded(name, joined) for joined in values.unique()})


def _coded(name: str, joined: str) -> str:
    known = set(joined.split(SEPARATOR)) - {"", UNKNOWN}
    return "".join(f"{name}{DETAIL_SIGN}{code}{SEPARATOR}" for code in sorted(known))


def origin(place: str) -> str:
    """State that a place of recruitment lies in; ``outside`` stays, nothing known is ``""``.

    >>> origin("MX-CHH/85446cabfffffff"), origin("outside"), origin("unknown")
    ('MX-CHH', 'outside', '')
    """
    if place == OUTSIDE:
        return place
    path = trees.place_path(place)
    return path[_STATE] or path[1]


def _by_case(rows: pd.Series, case: pd.Series) -> pd.Series:
    """Union of the codes of each case's rows."""
    repeated = case.duplicated(keep=False)
    single = rows[~repeated].set_axis(case[~repeated])
    if not repeated.any():
        return single
    return pd.concat([single, rows[repeated].groupby(case[repeated], sort=True).agg(_union)])


def _union(rows: pd.Series) -> str:
    return SEPARATOR.join(sorted({code for row in rows for code in row.split(SEPARATOR)} - {""}))


def _completed(known: str, present: Sequence[str]) -> str:
    """Known codes, sorted, with ``unknown`` for each attribute that has none."""
    codes = set(known.split(SEPARATOR)) - {""}
    has = {attribute(code) for code in codes}
    missing = {f"{name}{DETAIL_SIGN}{UNKNOWN}" for name in present if name not in has}
    return SEPARATOR.join(sorted(codes | missing)) or UNKNOWN


def attribute(code: str) -> str:
    """Attribute that a code is of, ``""`` for ``all``.

    >>> attribute("gender=female"), attribute("all")
    ('gender', '')
    """
    return code.partition(DETAIL_SIGN)[0] if DETAIL_SIGN in code else ""


def value(code: str) -> str:
    """Code without its attribute.

    >>> value("origin=MX-CHH")
    'MX-CHH'
    """
    return code.partition(DETAIL_SIGN)[2]


def grain(code: str) -> str:
    """Finest grain at which a code stands, ``""`` for ``all``.

    >>> grain("gender=female"), grain("origin=MX"), grain("origin=MX-CHH")
    ('gender', 'origin_country', 'origin')
    """
    name, told = attribute(code), value(code)
    coarse = name == ORIGIN and "-" not in told and told not in (OUTSIDE, UNKNOWN)
    return ORIGIN_GRAINS[0] if coarse else name


def at_grain(code: str, wanted: str) -> str:
    """Code of a grain that a case with `code` counts in, ``""`` for none.

    >>> at_grain("origin=MX-CHH", "origin_country"), at_grain("origin=MX", "origin")
    ('origin=MX', '')
    """
    if wanted != ORIGIN_GRAINS[0]:
        return code if grain(code) == wanted else ""
    if attribute(code) != ORIGIN:
        return ""
    state = "-" in value(code)
    return f"{ORIGIN}{DETAIL_SIGN}{value(code)[:2]}" if state else code


def parent(code: str) -> str:
    """Next code up, ``all`` at the top.

    >>> parent("origin=MX-CHH"), parent("gender=female"), parent("all")
    ('origin=MX', 'all', '')
    """
    if code == ALL:
        return ""
    above = at_grain(code, ORIGIN_GRAINS[0])
    return above if above not in ("", code) else ALL

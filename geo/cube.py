"""Located cases to base cells, and base cells to the counts of every view.

A base cell is a distinct combination of the *sets* of finest places, periods, venues,
nationalities, types and details that cases carry. A case with two venues counts once in each
of them, once in their overlap and once in every total, so a count of a view is a sum
over base cells and never over rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import details, trees
from geo.model import (
    ALL,
    ATTRIBUTES,
    BASE,
    BASE_WITH_VICTIMS,
    CASES_MEASURE,
    COUNTS,
    CUBE_KEY,
    DETAIL,
    DIMENSIONS,
    GRAINS,
    LEVELS,
    ORIGIN,
    ORIGIN_GRAINS,
    OUTSIDE,
    OVERLAP,
    SEPARATOR,
    UNKNOWN,
    VICTIMS_MEASURE,
    Cube,
    Victims,
    View,
    check,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COUNTED_ROLE = "exploitation"
SETS = ("place", *DIMENSIONS)
SEVERAL = (*SETS, *ATTRIBUTES, ORIGIN)
"""All of which a case may carry several values, in the order of the manifest."""


@dataclass(frozen=True)
class _Lists:
    """For each base cell a list of codes: `codes[start[i]:start[i + 1]]`, into `names`."""

    start: np.ndarray
    codes: np.ndarray
    names: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.start)


def base(
    located: pd.DataFrame, views: Sequence[View] = (), *, victims: bool = False
) -> pd.DataFrame:
    """Distinct combinations with the number of cases of each; ids end here.

    Parameters
    ----------
    located : pandas.DataFrame
        A ``LOCATED`` table. Rows that share ``case`` are one case; only places of
        exploitation are counted as its places.
    views : sequence of View
        Only the details that these are broken down by are told apart.
    victims : bool
        Whether victims are counted too.

    Returns
    -------
    pandas.DataFrame
        A ``BASE`` table sorted by its key, or a ``BASE_WITH_VICTIMS`` table.
    """
    spec, rows = BASE, located[["case", "cases", "role", *SETS]]
    counted = details.of_cases(located, {grain for view in views for grain in view.grains})
    repeated = rows["case"].duplicated(keep=False)
    single = rows[~repeated]
    single = single.assign(place=single["place"].where(single["role"] == COUNTED_ROLE, UNKNOWN))
    whole = pd.concat([single, _joined(rows[repeated])]) if repeated.any() else single
    whole = whole.assign(detail=whole["case"].map(counted))
    sums = {"cases": ("cases", "sum")}
    if victims:
        spec, whole = BASE_WITH_VICTIMS, whole.join(_further(located), on="case")
        sums |= {"further": ("further", "sum"), "most": ("further", "max")}
        sums["unstated"] = ("unstated", "sum")
    grouped = whole.groupby(list(spec.key), observed=True, sort=True).agg(**sums).reset_index()
    return check(grouped[spec.names].astype(dict.fromkeys(sums, "int64")), spec)


def _further(located: pd.DataFrame) -> pd.DataFrame:
    """Victims of each case beyond one, and the cases that do not state them, by ``case``.

    Fewer victims than cases state nothing: a case has at least one. Of a row that stands for
    several cases all further victims may be one case's.
    """
    found = located.groupby("case", sort=True)[["cases", "victims"]].max()
    further = found["victims"].astype("Int64") - found["cases"]
    stated = (further >= 0).fillna(False).astype(bool)
    told = further.where(stated, 0).astype("int64")
    return pd.DataFrame({"further": told, "unstated": found["cases"].where(~stated, 0)})


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of several-row cases, one row a case: every attribute the set of its values."""
    placed = rows[rows["role"] == COUNTED_ROLE]
    joined = rows.groupby("case", sort=True).agg(
        {"cases": "max", **dict.fromkeys(DIMENSIONS, _union)}
    )
    places = placed.groupby("case", sort=True)["place"].agg(_finest)
    joined["place"] = places.reindex(joined.index).fillna(UNKNOWN)
    joined["period"] = rows.groupby("case", sort=True)["period"].agg(_one_period)
    joined["trafficking_type"] = rows.groupby("case", sort=True)["trafficking_type"].agg(_one_type)
    return joined.reset_index()


def _values(series: pd.Series) -> set[str]:
    values = {value for cell in series.unique() for value in cell.split(SEPARATOR)}
    return values - {UNKNOWN} or {UNKNOWN}


def _union(series: pd.Series) -> str:
    return SEPARATOR.join(sorted(_values(series)))


def _one_period(series: pd.Series) -> str:
    """First period of the case's rows: a case is counted once in time."""
    return min(_values(series))


def _one_type(series: pd.Series) -> str:
    values = _values(series) - {"other"} or {"other"}
    return "sex_and_labor" if len(values) > 1 else values.pop()


def _finest(places: pd.Series) -> str:
    """Set of places without those that only repeat part of a finer one's path."""
    found = set(places) - {UNKNOWN} or {UNKNOWN}
    above = {up for place in found for up in trees.place_path(place) if up not in ("", place)}
    vague = {place for place in found if place.endswith(f"-{UNKNOWN}")}
    covered = {place for place in vague if any(other[:2] == place[:2] for other in found - vague)}
    return SEPARATOR.join(sorted(found - above - covered))


def count(
    cells: pd.DataFrame,
    views: Sequence[View],
    venue_parents: dict[str, str],
    nationality_parents: dict[str, str],
    not_parts: frozenset[str] = frozenset(),
    least: int = 1,
) -> Cube:
    """Counts of every cell of every view, and which base cells each sums.

    Parameters
    ----------
    cells : pandas.DataFrame
        A ``BASE`` table, or a ``BASE_WITH_VICTIMS`` table.
    views : sequence of View
    venue_parents, nationality_parents : dict
        Code to parent code, ``""`` at the top.
    not_parts : frozenset of str
        Hex parts under the policy's area floor: their cases count in the parent only.
    least : int
        So many cases of the study area make a dimension multi-valued, k in a release. Fewer
        count under the first of their values by code (`narrowed`), so that no single case
        changes what a release says of itself.

    Returns
    -------
    Cube
    """
    cells, few = narrowed(cells, least)
    makers = {
        "period": trees.year,
        "quarter": lambda code: code if "-Q" in code or code == UNKNOWN else "",
        "venue": lambda code: code,
        "sector": lambda code: code if code == UNKNOWN else venue_parents.get(code) or code,
        "nationality": lambda code: code,
        "region": lambda code: code if code == UNKNOWN else nationality_parents.get(code) or code,
        "trafficking_type": lambda code: code,
        **{name: partial(details.at_grain, wanted=name) for name in (*ATTRIBUTES, *ORIGIN_GRAINS)},
    }
    needed = {grain for view in views for grain in view.grains}
    lists = {
        grain: _lists(cells[GRAINS[grain]], makers[grain], overlaps=grain == "venue")
        for grain in sorted(needed)
    }
    places = _place_lists(cells["place"], not_parts)
    blocks = [_view(view, places[view.level], lists, len(cells)) for view in views]
    return replace(_assembled(blocks, cells), narrowed=few)


def narrowed(cells: pd.DataFrame, least: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """Base cells without the further values of dimensions in which few cases carry several.

    Parameters
    ----------
    cells : pandas.DataFrame
        A ``BASE`` table.
    least : int
        So many cases are not few.

    Returns
    -------
    pandas.DataFrame
        A ``BASE`` table: of each case that was one of few, the first value by code.
    dict of int
        Dimension, attribute or ``origin``: cases of the study area that were few.
    """
    few = {name: count for name, count in _several(cells).items() if count < least}
    if not few:
        return cells, few
    firsts = {
        name: cells[name].str.partition(SEPARATOR)[0].astype("str") for name in SETS if name in few
    }
    kept = {joined: _first_details(joined, few) for joined in cells[DETAIL].unique()}
    table = cells.assign(**firsts, detail=cells[DETAIL].map(kept).astype("str"))
    spec = BASE_WITH_VICTIMS if "further" in cells else BASE
    sums = {name: "max" if name == "most" else "sum" for name in spec.names if name not in spec.key}
    grouped = table.groupby(list(spec.key), observed=True, sort=True).agg(sums).reset_index()
    return check(grouped[spec.names].astype(dict.fromkeys(sums, "int64")), spec), few


def _first_details(joined: str, few: dict[str, int]) -> str:
    """Details with one code, the first, of each attribute that is among the few."""
    kept: dict[str, str] = {}
    for code in joined.split(SEPARATOR):
        name = details.attribute(code)
        kept.setdefault(name if name in few else code, code)
    return SEPARATOR.join(sorted(kept.values()))


def _several(cells: pd.DataFrame) -> dict[str, int]:
    """Cases of the study area with several values of a dimension, an attribute or the origin."""
    inside = cells[~cells["place"].isin([OUTSIDE, UNKNOWN])]
    counts = dict.fromkeys(SEVERAL, 0)
    for name in SETS:
        several = inside[name].str.contains(SEPARATOR, regex=False)
        counts[name] += int(inside.loc[several, "cases"].sum())
    for joined, count in inside.groupby(DETAIL)["cases"].sum().items():
        names = [details.attribute(code) for code in joined.split(SEPARATOR)]
        for name in {name for name in names if names.count(name) > 1}:
            counts[name] += int(count)
    return {name: count for name, count in counts.items() if count}


def told(cube: Cube) -> pd.DataFrame:
    """True counts with victims, where counted, as rows of their own after those of the cases.

    Returns
    -------
    pandas.DataFrame
        A ``COUNTS`` table. It has victims of a cell where all of its cases state them, and of
        none that is broken down by a detail.
    """
    if cube.victims is None:
        return cube.cells
    rows = cube.cells.assign(measure=VICTIMS_MEASURE, value=cube.people)[cube.stated]
    return check(pd.concat([cube.cells, rows], ignore_index=True), COUNTS)


def _lists(series: pd.Series, maker: Callable[[str], str], *, overlaps: bool) -> _Lists:
    """The distinct codes of each base cell's set at a grain, with overlaps of two."""
    codes, sets = pd.factorize(series, sort=True)
    expanded = []
    for joined in sets:
        values = sorted({maker(code) for code in joined.split(SEPARATOR)} - {""})
        pairs = (
            [f"{a}{OVERLAP}{b}" for i, a in enumerate(values) for b in values[i + 1 :]]
            if overlaps
            else []
        )
        expanded.append(values + pairs)
    return _gathered(codes, expanded)


def _place_lists(series: pd.Series, not_parts: frozenset[str]) -> dict[str, _Lists]:
    codes, sets = pd.factorize(series, sort=True)
    paths = [[trees.place_path(place) for place in joined.split(SEPARATOR)] for joined in sets]
    return {
        level: _gathered(
            codes,
            [sorted({path[depth] for path in several} - {""} - not_parts) for several in paths],
        )
        for depth, level in enumerate(LEVELS)
    }


def _gathered(codes: np.ndarray, expanded: list[list[str]]) -> _Lists:
    """Lists per distinct set, spread over the base cells that carry the set."""
    names = np.array(sorted({value for values in expanded for value in values}), dtype=object)
    number = {name: i for i, name in enumerate(names)}
    lengths = np.array([len(values) for values in expanded], dtype=np.int64)
    flat = np.array([number[v] for values in expanded for v in values], dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    own = lengths[codes]
    start = np.concatenate([[0], np.cumsum(own)])
    within = np.arange(start[-1]) - np.repeat(start[:-1], own)
    return _Lists(start, flat[np.repeat(offsets[codes], own) + within], names)


def _view(view: View, places: _Lists, lists: dict[str, _Lists], size: int) -> dict:
    """Pairs (key, base cell) of one view, keys as columns of names."""
    rows = np.repeat(np.arange(size), places.lengths)
    columns = {"place": (places.codes, places.names)}
    for grain in view.grains:
        one = lists[grain]
        repeats = one.lengths[rows]
        start = np.concatenate([[0], np.cumsum(repeats)])
        within = np.arange(start[-1]) - np.repeat(start[:-1], repeats)
        codes = one.codes[np.repeat(one.start[rows], repeats) + within]
        columns = {
            name: (np.repeat(values, repeats), names) for name, (values, names) in columns.items()
        }
        columns[GRAINS[grain]] = (codes, one.names)
        rows = np.repeat(rows, repeats)
    return {"view": view, "rows": rows, "columns": columns}


def _keyed(block: dict) -> tuple[pd.DataFrame, np.ndarray]:
    """Distinct keys of a view, and for each pair the number of its key."""
    combined = np.zeros(len(block["rows"]), dtype=np.int64)
    for codes, names in block["columns"].values():
        combined = combined * max(len(names), 1) + codes
    distinct, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    keys = {
        name: names[codes[first]] if len(distinct) else np.array([], dtype=object)
        for name, (codes, names) in block["columns"].items()
    }
    named = {name: keys.get(name, ALL) for name in (*SETS, DETAIL)}
    frame = pd.DataFrame(named, index=range(len(distinct)))
    frame = frame.assign(level=block["view"].level, measure=CASES_MEASURE)
    return frame.astype("str"), inverse


def _assembled(blocks: list[dict], cells: pd.DataFrame) -> Cube:
    from scipy.sparse import csr_matrix

    weights = cells["cases"].to_numpy(dtype=np.int64)
    keyed = [_keyed(block) for block in blocks]
    stacked = pd.concat([keys for keys, _ in keyed], ignore_index=True)[list(CUBE_KEY)]
    order = {level: number for number, level in enumerate(LEVELS)}
    distinct = stacked.drop_duplicates()
    distinct = distinct.assign(_order=distinct["level"].map(order))
    distinct = distinct.sort_values(["_order", *CUBE_KEY[1:]]).drop(columns="_order")
    distinct = distinct.reset_index(drop=True)
    index = pd.MultiIndex.from_frame(distinct).get_indexer(pd.MultiIndex.from_frame(stacked))
    offsets = np.cumsum([0, *[len(keys) for keys, _ in keyed]])
    rows = np.concatenate([index[o + inv] for o, (_, inv) in zip(offsets, keyed, strict=False)])
    columns = np.concatenate([block["rows"] for block in blocks])
    sizes = [len(block["rows"]) for block in blocks]
    listed = rows.copy()
    pairs = np.unique(rows * np.int64(len(weights)) + columns)
    rows, columns = np.divmod(pairs, np.int64(max(len(weights), 1)))
    shape = (len(distinct), len(weights))
    members = csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape)
    value = members @ weights
    standard = _standard(distinct, blocks, listed, sizes)
    some = np.flatnonzero(value > 0)
    counts = distinct.assign(value=value).iloc[some].reset_index(drop=True)
    several, victims = tuple(_several(cells)), _victims(cells)
    return Cube(check(counts, COUNTS), members[some], weights, standard[some], several, victims)


def _victims(cells: pd.DataFrame) -> Victims | None:
    if "further" not in cells:
        return None
    further, most, unstated = cells[["further", "most", "unstated"]].to_numpy(np.int64).T
    return Victims(further, most, unstated == 0)


def _standard(
    counts: pd.DataFrame, blocks: list[dict], rows: np.ndarray, sizes: list[int]
) -> np.ndarray:
    """Cells that some view of standard grains lists, overlaps apart."""
    listed = np.zeros(len(counts), dtype=bool)
    of_view = [set(block["view"].grains) <= set(DIMENSIONS) for block in blocks]
    listed[rows[np.repeat(of_view, sizes)]] = True
    return listed & ~counts["venue"].str.contains(OVERLAP, regex=False).to_numpy()

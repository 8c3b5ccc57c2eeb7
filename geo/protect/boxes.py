"""Boxes: remainders over two and more axes at once, by inclusion and exclusion.

A cell minus some of its rows minus some of its columns plus their crossings counts the
cases in none of those rows and columns. Where all of these are known the remainder is
known as well, and must be 0 or at least k. For an axis on which a case carries several
values only single values (and pairs with their overlap) may be taken out, since
inclusion and exclusion needs every intersection. A crossing without a case is taken for
known: it often follows from what is published that there is none.

It is enough to test, along the last axis, the largest known set of rows for each choice
of columns: a smaller set adds counts that are 0 or at least k themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import details
from geo.model import ALL, DETAIL, DIMENSIONS, OVERLAP
from geo.protect.lines import small
from geo.protect.relations import AXES, NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.protect.relations import Line, Relations

EXHAUSTIVE = 7
MOST_SUBSETS = {1: 512, 2: 96, 3: 16}
MOST_CUTS = 3
EXACT = np.float64
"""Whole numbers below 2^53 are exact in it, and their products are fast."""


@dataclass(frozen=True)
class Table:
    """The cells of all views over one set of axes, as one array.

    Attributes
    ----------
    wholes : numpy.ndarray of int
        Cells that are not broken down by the axes.
    index : numpy.ndarray of int
        ``wholes`` x (codes + 1) for each axis: cell numbers, -1 where there is no
        case. Position 0 of an axis is "not broken down".
    codes : tuple of numpy.ndarray
        The codes of each axis, without position 0.
    axes : tuple of str
    above : numpy.ndarray of int
        For each whole the position of the nearest whole around it by place, -1 if none.
    """

    wholes: np.ndarray
    index: np.ndarray
    codes: tuple[np.ndarray, ...]
    axes: tuple[str, ...]
    above: np.ndarray


def tables(cells: pd.DataFrame, eligible: np.ndarray, relations: Relations) -> list[Table]:
    """One table for every set of axes that some view crosses.

    Only codes and wholes of eligible cells, those of k or more, can be part of a box.
    """
    broken = (cells[list(DIMENSIONS)] != ALL).to_numpy()
    found = []
    for size in range(1, len(DIMENSIONS) + 1):
        for columns in combinations(range(len(DIMENSIONS)), size):
            crossing = np.flatnonzero(broken[:, columns].all(axis=1) & eligible)
            if len(crossing):
                axes = tuple(DIMENSIONS[column] for column in columns)
                found.append(_table(cells, crossing, axes, relations.lines["place"]))
    return found + _of_details(cells, eligible, relations.lines["place"])


def _of_details(cells: pd.DataFrame, eligible: np.ndarray, place: Line) -> list[Table]:
    """One table for every attribute; of origins one of countries and one of states."""
    grains = cells[DETAIL].map(details.grain).to_numpy(dtype=object)
    found = []
    for grain in sorted(set(grains) - {""}):
        crossing = np.flatnonzero((grains == grain) & eligible)
        if len(crossing):
            name = details.attribute(cells[DETAIL].iloc[crossing[0]])
            found.append(replace(_table(cells, crossing, (DETAIL,), place), axes=(name,)))
    return [table for table in found if len(table.wholes)]


def _table(cells: pd.DataFrame, crossing: np.ndarray, axes: tuple[str, ...], place: Line) -> Table:
    lookup = pd.MultiIndex.from_frame(cells[list(AXES)])
    keys = cells.loc[crossing, list(AXES)]
    codes = tuple(np.sort(keys[axis].unique().astype(object)) for axis in axes)
    bare = keys.assign(**dict.fromkeys(axes, ALL)).drop_duplicates()
    wholes = lookup.get_indexer(pd.MultiIndex.from_frame(bare))
    wholes = np.sort(wholes[wholes != NONE])
    bare = cells.loc[wholes, list(AXES)]
    shape = (len(wholes), *(len(each) + 1 for each in codes))
    positions = np.indices(shape).reshape(len(shape), -1)
    columns = {axis: bare[axis].to_numpy(dtype=object)[positions[0]] for axis in AXES}
    for number, axis in enumerate(axes):
        columns[axis] = np.append(ALL, codes[number])[positions[number + 1]]
    wanted = pd.MultiIndex.from_arrays([columns[axis] for axis in AXES])
    index = lookup.get_indexer(wanted).reshape(shape)
    return Table(wholes, index, codes, axes, _above(wholes, place.parent))


def _above(wholes: np.ndarray, parent: np.ndarray) -> np.ndarray:
    position = np.full(len(parent) + 1, NONE)
    position[wholes] = np.arange(len(wholes))
    at = parent[wholes]
    while ((at != NONE) & (position[at] == NONE)).any():
        skip = (at != NONE) & (position[at] == NONE)
        at = np.where(skip, parent[at], at)
    return np.where(at == NONE, NONE, position[at])


def violations(
    value: np.ndarray,
    known: np.ndarray,
    table: Table,
    multi_valued: tuple[str, ...],
    k: int,
) -> list[dict[int, int]]:
    """Remainders from 1 to k-1 over the boxes of a table.

    Parameters
    ----------
    value : numpy.ndarray of int
        True counts.
    known : numpy.ndarray of bool
        Cells that are published, or derivable from what is published.
    table : Table
    multi_valued : tuple of str
    k : int

    Returns
    -------
    list of dict
        Cell number to its sign in the combination that gives the remainder.
    """
    extended = np.append(value, 0)
    values = extended[table.index].astype(np.int64)
    hidden = (~np.append(known, True))[table.index].astype(np.int64)
    families = [
        _subsets(axis, codes, _patterns(hidden, number), axis in multi_valued, len(table.axes))
        for number, (axis, codes) in enumerate(zip(table.axes, table.codes, strict=True), 1)
    ]
    remainder, unknown = values.astype(EXACT), hidden.astype(EXACT)
    for family in families:
        signs = family.astype(EXACT)
        remainder = np.tensordot(remainder, signs, axes=(1, 1))
        unknown = np.tensordot(unknown, np.abs(signs), axes=(1, 1))
    flat = remainder.reshape(len(table.wholes), -1).astype(np.int64)
    fine = unknown.reshape(flat.shape) == 0
    sizes = [len(family) for family in families]
    found = _crossed(flat, fine, table, families, sizes, k) if len(families) > 1 else []
    return found + list(
        _along_places(flat, fine, table, families, sizes, k, "place" in multi_valued)
    )


def _patterns(hidden: np.ndarray, axis: int) -> np.ndarray:
    """Distinct sets of known codes along an axis, one a row, most frequent first."""
    moved = np.moveaxis(hidden, axis, -1)
    moved = moved.reshape(-1, moved.shape[-1])
    rows = (moved[moved[:, 0] == 0, 1:] == 0).astype(np.int64)
    distinct, counts = np.unique(rows, axis=0, return_counts=True)
    return distinct[np.lexsort((distinct.sum(axis=1), counts))[::-1]]


def _subsets(
    axis: str, codes: np.ndarray, patterns: np.ndarray, multi: bool, axes: int
) -> np.ndarray:
    """Sign vectors: 1 for the whole, -1 for each code taken out, 1 for an overlap."""
    plain = np.array([OVERLAP not in code for code in codes], dtype=bool)
    if multi:
        taken = _single_values(codes)
    elif plain.sum() <= EXHAUSTIVE:
        number = int(plain.sum())
        bits = (np.arange(2**number)[:, None] >> np.arange(number)) & 1
        taken = np.zeros((len(bits), len(codes)), dtype=np.int64)
        taken[:, plain] = -bits
    else:
        taken = -_closed(patterns * plain, MOST_SUBSETS.get(axes, 8))
    return np.column_stack([np.ones(len(taken), dtype=np.int64), taken])


def _single_values(codes: np.ndarray) -> np.ndarray:
    position = {code: number for number, code in enumerate(codes)}
    rows = [np.zeros(len(codes), dtype=np.int64)]
    for code, number in position.items():
        parts = [part for part in code.split(OVERLAP) if part in position]
        row = np.zeros(len(codes), dtype=np.int64)
        if OVERLAP not in code:
            row[number] = -1
        elif len(parts) == 2:
            row[[position[part] for part in parts]] = -1
            row[number] = 1
        rows.append(row)
    return np.unique(np.array(rows), axis=0)


def _closed(patterns: np.ndarray, most: int) -> np.ndarray:
    """Patterns with their intersections, until there are no new ones or `most`."""
    places = range(patterns.shape[1])
    found = {0: None}
    for row in patterns.tolist():
        pattern = sum(bit << place for place, bit in enumerate(row))
        found.update(dict.fromkeys([pattern, *(pattern & old for old in found)]))
        if len(found) >= most:
            break
    rows = [[bits >> place & 1 for place in places] for bits in list(found)[:most]]
    return np.array(rows, dtype=np.int64).reshape(-1, patterns.shape[1])


def _signs(
    table: Table, whole: int, families: list[np.ndarray], choice: tuple[int, ...]
) -> dict[int, int]:
    """Cells of one box with their signs."""
    signs = np.ones((), dtype=np.int64)
    for family, row in zip(families, choice, strict=True):
        signs = np.multiply.outer(signs, family[row])
    used = (signs != 0) & (table.index[whole] != NONE)
    pairs = zip(table.index[whole][used].tolist(), signs[used].tolist(), strict=True)
    return dict(pairs)


def _smallest(
    table: Table, bad: np.ndarray, families: list[np.ndarray], sizes: list[int]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """For each whole its violated boxes with the fewest cells."""
    weight = np.ones(())
    for family in families:
        weight = np.multiply.outer(weight, np.abs(family).sum(axis=1))
    weight = weight.ravel()
    for whole in np.flatnonzero(bad.any(axis=1)).tolist():
        boxes = np.flatnonzero(bad[whole])
        for box in boxes[np.argsort(weight[boxes], kind="stable")][:MOST_CUTS].tolist():
            yield whole, tuple(int(i) for i in np.unravel_index(box, sizes))


def _crossed(
    flat: np.ndarray,
    fine: np.ndarray,
    table: Table,
    families: list[np.ndarray],
    sizes: list[int],
    k: int,
) -> list[dict[int, int]]:
    bad = fine & small(flat, k)
    return [
        _signs(table, whole, families, choice)
        for whole, choice in _smallest(table, bad, families, sizes)
    ]


def _along_places(
    flat: np.ndarray,
    fine: np.ndarray,
    table: Table,
    families: list[np.ndarray],
    sizes: list[int],
    k: int,
    multi: bool,
) -> Iterator[dict[int, int]]:
    """Boxes with place as the last axis: a residual minus its parts' residuals."""
    inner = _single_places if multi else _all_places
    for whole, box, parts in inner(flat, fine, table.above, k):
        choice = tuple(int(i) for i in np.unravel_index(box, sizes))
        signs = _signs(table, whole, families, choice)
        for part in parts:
            for cell, sign in _signs(table, part, families, choice).items():
                signs[cell] = -sign
        yield signs


def _all_places(
    flat: np.ndarray, fine: np.ndarray, above: np.ndarray, k: int
) -> Iterator[tuple[int, int, list[int]]]:
    total = np.zeros_like(flat)
    below: dict[int, list[int]] = {}
    for row in _deepest_first(above):
        if above[row] != NONE:
            total[above[row]] += np.where(fine[row], flat[row], total[row])
            below.setdefault(int(above[row]), []).append(row)
    bad = fine & small(flat - total, k)
    for whole in np.flatnonzero(bad.any(axis=1)).tolist():
        for box in np.flatnonzero(bad[whole])[:MOST_CUTS].tolist():
            yield whole, box, _frontier(whole, fine[:, box], below)


def _single_places(
    flat: np.ndarray, fine: np.ndarray, above: np.ndarray, k: int
) -> Iterator[tuple[int, int, list[int]]]:
    for row, whole in enumerate(above.tolist()):
        if whole != NONE:
            bad = fine[row] & fine[whole] & small(flat[whole] - flat[row], k)
            for box in np.flatnonzero(bad)[:MOST_CUTS].tolist():
                yield whole, box, [row]


def _deepest_first(above: np.ndarray) -> list[int]:
    depth = np.zeros(len(above), dtype=np.int64)
    at = above
    while (at != NONE).any():
        depth += at != NONE
        at = np.where(at == NONE, NONE, above[at])
    return np.argsort(-depth, kind="stable").tolist()


def _frontier(whole: int, fine: np.ndarray, below: dict[int, list[int]]) -> list[int]:
    found, waiting = [], list(below.get(whole, ()))
    while waiting:
        at = waiting.pop()
        if fine[at]:
            found.append(at)
        else:
            waiting += below.get(at, ())
    return found

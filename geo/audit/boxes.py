"""Check 2, boxes: inclusion-exclusion over two and more axes of one known parent.

A box is a parent and, on each of several axes, a set of its parts; what it counts are the
cases of the parent that lie in none of the sets. On an axis with one value a case, larger
sets leave smaller counts, and once all lines are clean only maximal sets whose crossings
are all known can leave 1 to k-1: growing a set by a part takes away what that part has
outside the other sets, which is a box (or line) of that part. So the sets tried are the
closed sets of the relation "this crossing is known" (formal concepts). On an axis with
several values a case, the sets are one part, or two with their overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numba
import numpy as np

from geo.audit.findings import Recorder, Result
from geo.audit.lines import every
from geo.audit.space import Points

MOST_COLUMNS = 62
MOST_SETS = 20_000
MOST_SLICES = 2_000


@dataclass(frozen=True)
class _Grid:
    """Counts over a parent and its parts, index 0 of every axis being the parent itself.

    `above[d]` lists for each part on axis d its ancestors among the parts, -1 for none.
    """

    values: np.ndarray
    known: np.ndarray
    above: tuple[np.ndarray, ...]


@dataclass
class _Tally:
    k: int
    tested: int = 0
    small: int = 0
    negative: int = 0
    capped: int = 0


def boxes(known: Points, k: int, progress=None) -> Result:
    """Every box of every known parent."""
    recorder = Recorder(2, "boxes")
    parts = [_parts(known, axis) for axis in range(len(known.trees))]
    parents = [at for at in sorted(set().union(*parts)) if known.values[at] > 0]
    for number, at in enumerate(parents):
        axes = [axis for axis, found in enumerate(parts) if at in found]
        crossed = {
            pair for pair in combinations(axes, 2) if _box(known, at, pair, parts, k, recorder)
        }
        for size in range(3, len(axes) + 1):
            for chosen in combinations(axes, size):
                if crossed.issuperset(combinations(chosen, 2)):
                    _box(known, at, chosen, parts, k, recorder)
        if progress and number % 200 == 0:
            progress("boxes", number, len(parents))
    return recorder.result()


def _parts(known: Points, axis: int) -> dict[int, np.ndarray]:
    """Codes of the known parts of each known cell along an axis."""
    descent = every(known, axis)
    order = np.argsort(descent.parent, kind="stable")
    parents, start = np.unique(descent.parent[order], return_index=True)
    if not len(parents):
        return {}
    pieces = np.split(known.codes[descent.child[order], axis], start[1:])
    return {int(at): np.unique(piece) for at, piece in zip(parents, pieces, strict=True)}


def _box(known, at, axes, parts, k, recorder) -> bool:
    """Try every box of one parent over some axes; whether any crossing is known at all."""
    grid, nodes = _grid(known, at, axes, [parts[axis][at] for axis in axes])
    if not grid.known[(slice(1, None),) * len(axes)].any():
        return False
    tally = _Tally(k)
    _collapse(grid, [known.trees[axis] for axis in axes], nodes, tally)
    recorder.tested += tally.tested
    recorder.limited += tally.capped
    level, place, others = known.describe(at)
    names = " x ".join(known.trees[axis].axis for axis in axes)
    if tally.negative:
        recorder.fail(f"{others}: a box of {names} falls below zero", level, place)
    if tally.small:
        recorder.fail(f"{others}: a box of {names} leaves from 1 to k-1", level, place)
    return True


def _grid(known, at, axes, parts):
    """Grid of a parent over the axes, and the codes along each."""
    own = known.codes[at, list(axes)]
    nodes = [np.concatenate([[code], found]) for code, found in zip(own, parts, strict=True)]
    keys = known.keys[at]
    for position, (axis, codes) in enumerate(zip(axes, nodes, strict=True)):
        shape = [1] * len(axes)
        shape[position] = len(codes)
        keys = keys + ((codes - codes[0]) * known.radix[axis]).reshape(shape)
    found = known.find(keys)
    above = tuple(
        _above(known.trees[axis].above, codes[1:]) for axis, codes in zip(axes, nodes, strict=True)
    )
    return _Grid(np.where(found >= 0, known.values[found], 0), found >= 0, above), nodes


def _above(lists, codes) -> np.ndarray:
    position = {int(code): i for i, code in enumerate(codes)}
    found = [[position[up] for up in lists[code] if up in position] for code in codes]
    width = max((len(one) for one in found), default=0) or 1
    return np.array([one + [-1] * (width - len(one)) for one in found], dtype=np.int64)


def _collapse(grid: _Grid, trees, nodes, tally: _Tally) -> None:
    """Take each axis of several values a case away by each of its sets, then try the rest."""
    multi = [d for d, tree in enumerate(trees) if tree.multi]
    if not multi:
        _maximal(grid, tally)
        return
    axis = multi[0]
    rest_trees, rest_nodes = _without(trees, axis), _without(nodes, axis)
    for terms in _sets_of(trees[axis], nodes[axis]):
        smaller = _combined(grid, axis, terms)
        if smaller.known.flat[0]:
            _collapse(smaller, rest_trees, rest_nodes, tally)


def _without(sequence, position: int) -> list:
    return [item for i, item in enumerate(sequence) if i != position]


def _sets_of(tree, codes) -> list[list[tuple[int, int]]]:
    """Signed terms of every group an axis of several values can single out."""
    position = {tree.names[code]: i for i, code in enumerate(codes)}
    sets = [[(0, 1), (i, -1)] for i in range(1, len(codes))]
    for name, i in position.items():
        a, plus, b = name.partition("+")
        if plus and position.get(a, 0) and position.get(b, 0):
            sets.append([(0, 1), (position[a], -1), (position[b], -1), (i, 1)])
    if tree.axis == "place" and position.get("US") and position.get("MX"):
        sets.append([(position["US"], 1), (position["MX"], 1), (0, -1)])
    return sets


def _combined(grid: _Grid, axis: int, terms) -> _Grid:
    """Grid with one axis replaced by a signed sum of its slices."""
    values = sum(sign * np.take(grid.values, i, axis) for i, sign in terms)
    known = np.logical_and.reduce([np.take(grid.known, i, axis) for i, _ in terms])
    return _Grid(np.asarray(values), np.asarray(known), tuple(_without(grid.above, axis)))


def _maximal(grid: _Grid, tally: _Tally) -> None:
    """Try maximal sets on axes of one value a case."""
    if grid.values.ndim == 0:
        _judge(int(grid.values), tally)
    elif grid.values.ndim == 1:
        column = _Grid(grid.values[:, None], grid.known[:, None], (*grid.above, _NO_PARTS))
        _judge(int(_sum_outside(column)), tally)
    elif grid.values.ndim == 2:
        _planes(grid, tally)
    else:
        axis = int(np.argmin(grid.values.shape))
        for terms in _closed_terms(grid, axis, tally):
            smaller = _combined(grid, axis, terms)
            if smaller.known.flat[0]:
                _maximal(smaller, tally)


_NO_PARTS = np.zeros((0, 1), dtype=np.int64)


def _judge(count: int, tally: _Tally) -> None:
    tally.tested += 1
    tally.negative += count < 0
    tally.small += 0 < count < tally.k


def _sum_outside(column: _Grid) -> int:
    """Parent minus its known nearest parts, on one axis."""
    valid = column.known[1:, 0]
    above = column.above[0]
    top = valid & ~((above >= 0) & valid[above]).any(axis=1) if len(valid) else valid
    return column.values[0, 0] - column.values[1:, 0][top].sum()


def _closed_terms(grid: _Grid, axis: int, tally: _Tally) -> list[list[tuple[int, int]]]:
    """Signed terms of the closed sets of parts on one axis of a grid of three or more."""
    front = np.moveaxis(grid.known, axis, 0)[1:]
    for other in range(1, front.ndim):
        front = front & np.take(front, [0], other)
    inner = front[(slice(None), *(slice(1, None),) * (front.ndim - 1))]
    packed = np.packbits(inner.reshape(len(inner), -1), axis=0)
    distinct = np.unpackbits(np.unique(packed, axis=1), axis=0, count=len(inner))
    patterns = {frozenset(np.flatnonzero(column).tolist()) for column in distinct.T}
    closed = _closure(patterns, tally)
    above = grid.above[axis]
    return [
        [(0, 1), *((i + 1, -1) for i in sorted(found) if not set(above[i].tolist()) & found)]
        for found in closed
        if found
    ]


def _closure(patterns: set[frozenset], tally: _Tally) -> list[frozenset]:
    """All intersections of the patterns, the largest first, up to a limit."""
    closed: set[frozenset] = set()
    for pattern in sorted(patterns, key=lambda one: (-len(one), sorted(one))):
        closed |= {pattern & other for other in closed} | {pattern}
        if len(closed) > MOST_SLICES:
            tally.capped += 1
            break
    return sorted(closed, key=lambda one: (-len(one), sorted(one)))[:MOST_SLICES]


def _planes(grid: _Grid, tally: _Tally) -> None:
    values, known, (rows, columns) = grid.values, grid.known, grid.above
    if values.shape[0] < values.shape[1]:
        values, known, rows, columns = values.T, known.T, columns, rows
    usable = np.flatnonzero(known[0, 1:] & known[1:, 1:].any(axis=0))
    if len(usable) > MOST_COLUMNS:
        tally.capped += 1
        fullest = np.argsort(-known[1:, 1:][:, usable].sum(axis=0), kind="stable")
        usable = np.sort(usable[fullest[:MOST_COLUMNS]])
    places = np.concatenate([[0], usable + 1])
    renumbered = np.full(values.shape[1], -1, dtype=np.int64)
    renumbered[usable] = np.arange(len(usable))
    above = np.where(columns[usable] >= 0, renumbered[columns[usable]], -1)
    tested, small, negative, capped = _bicliques(
        np.ascontiguousarray(values[:, places]),
        np.ascontiguousarray(known[:, places]),
        rows,
        above,
        tally.k,
        MOST_SETS,
    )
    tally.tested += tested
    tally.small += small
    tally.negative += negative
    tally.capped += capped


@numba.njit(cache=True)
def _bicliques(values, known, rows_above, columns_above, k, most):
    """Counts of boxes tried, from 1 to k-1, below zero; and 1 where the limit was met."""
    height, width = values.shape[0] - 1, values.shape[1] - 1
    masks = np.zeros(height, dtype=np.int64)
    for r in range(height):
        if known[r + 1, 0]:
            for c in range(width):
                if known[0, c + 1] and known[r + 1, c + 1]:
                    masks[r] |= np.int64(1) << c
    closed = np.zeros(most, dtype=np.int64)
    seen = {np.int64(0)}
    size = 0
    capped = 0
    for mask in np.unique(masks)[::-1]:
        if mask in seen:
            continue
        before = size
        for i in range(-1, before):
            candidate = mask if i < 0 else mask & closed[i]
            if candidate in seen:
                continue
            if size == most:
                capped = 1
                break
            seen.add(candidate)
            closed[size] = candidate
            size += 1
    tested, small, negative = 0, 0, 0
    for i in range(size):
        count = _outside(values, masks, closed[i], rows_above, columns_above)
        tested += 1
        if count < 0:
            negative += 1
        elif 0 < count < k:
            small += 1
    return tested, small, negative, capped


@numba.njit(cache=True)
def _outside(values, masks, chosen, rows_above, columns_above):
    """Parent's cases outside the chosen columns and outside every row that crosses them all."""
    height, width = values.shape[0] - 1, values.shape[1] - 1
    columns = np.zeros(width, dtype=np.bool_)
    for c in range(width):
        if chosen >> c & 1:
            top = True
            for up in columns_above[c]:
                if up >= 0 and chosen >> up & 1:
                    top = False
            columns[c] = top
    count = values[0, 0]
    for c in range(width):
        if columns[c]:
            count -= values[0, c + 1]
    for r in range(height):
        if masks[r] & chosen != chosen:
            continue
        top = True
        for up in rows_above[r]:
            if up >= 0 and masks[up] & chosen == chosen:
                top = False
        if top:
            count -= values[r + 1, 0]
            for c in range(width):
                if columns[c]:
                    count += values[r + 1, c + 1]
    return count

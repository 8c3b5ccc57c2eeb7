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

from dataclasses import dataclass, field
from itertools import combinations

import numba
import numpy as np

from geo.audit.findings import Recorder, Result
from geo.audit.lines import every
from geo.audit.space import Points
from geo.model import Term

MOST_COLUMNS = 62
MOST_SETS = 20_000
MOST_SLICES = 2_000


@dataclass(frozen=True)
class _Grid:
    """Counts over a parent and its parts, index 0 of every axis being the parent itself.

    `axes` are positions among the release's axes, `names` the codes along each. `above[d]`
    lists for each part on axis d its ancestors among the parts, -1 for none. `taken` are
    the terms of axes that were collapsed already.
    """

    values: np.ndarray
    known: np.ndarray
    above: tuple[np.ndarray, ...]
    axes: tuple[int, ...]
    names: tuple[tuple[str, ...], ...]
    taken: tuple[tuple[int, Term], ...] = ()


@dataclass
class _Tally:
    k: int
    tested: int = 0
    small: int = 0
    negative: int = 0
    capped: int = 0
    left: list[dict[int, Term]] = field(default_factory=list)
    """Terms of the small boxes, by axis."""


def boxes(known: Points, k: int, progress=None) -> Result:
    """Every box of every known parent."""
    recorder = Recorder(2, "boxes")
    parts = [_parts(known, axis) for axis in range(len(known.trees))]
    parents = [at for at in sorted(set().union(*parts)) if known.values[at] > 0]
    broken_down = np.unique(known.codes > 0, axis=0)
    for number, at in enumerate(parents):
        axes = [axis for axis, found in enumerate(parts) if at in found]
        crossed = {
            pair for pair in combinations(axes, 2) if _box(known, at, pair, parts, k, recorder)
        }
        for size in range(3, len(axes) + 1):
            for chosen in combinations(axes, size):
                together = broken_down[:, chosen].all(axis=1).any()
                if together and crossed.issuperset(combinations(chosen, 2)):
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
    grid = _grid(known, at, axes, [parts[axis][at] for axis in axes])
    if not grid.known[(slice(1, None),) * len(axes)].any():
        return False
    tally = _Tally(k)
    _collapse(grid, known.trees, tally)
    recorder.tested += tally.tested
    recorder.limited += tally.capped
    level, place, others = known.describe(at)
    names = " x ".join(known.trees[axis].axis for axis in axes)
    if tally.negative:
        recorder.fail(f"{others}: a box of {names} falls below zero", level, place)
    if tally.small:
        recorder.fail(f"{others}: a box of {names} leaves from 1 to k-1", level, place)
    recorder.leaks += [
        (known.block(at, {axis: (term,) for axis, term in terms.items()}),) for terms in tally.left
    ]
    return True


def _grid(known, at, axes, parts) -> _Grid:
    """Grid of a parent over the axes."""
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
    names = tuple(
        tuple(known.trees[axis].names[code] for code in codes)
        for axis, codes in zip(axes, nodes, strict=True)
    )
    return _Grid(np.where(found >= 0, known.values[found], 0), found >= 0, above, axes, names)


def _above(lists, codes) -> np.ndarray:
    position = {int(code): i for i, code in enumerate(codes)}
    found = [[position[up] for up in lists[code] if up in position] for code in codes]
    width = max((len(one) for one in found), default=0) or 1
    return np.array([one + [-1] * (width - len(one)) for one in found], dtype=np.int64)


def _collapse(grid: _Grid, trees, tally: _Tally) -> None:
    """Take each axis of several values a case away by each of its sets, then try the rest."""
    multi = [d for d, axis in enumerate(grid.axes) if trees[axis].multi]
    if not multi:
        _maximal(grid, tally)
        return
    tree, names = trees[grid.axes[multi[0]]], grid.names[multi[0]]
    for signs, term in _sets_of(tree.axis, names):
        smaller = _combined(grid, multi[0], signs, term)
        if smaller.known.flat[0]:
            _collapse(smaller, trees, tally)


def _without(sequence, position: int) -> tuple:
    return tuple(item for i, item in enumerate(sequence) if i != position)


def _sets_of(axis: str, names) -> list[tuple[list[tuple[int, int]], Term]]:
    """Signed parts, and the term, of every group an axis of several values can single out."""
    position = {name: i for i, name in enumerate(names)}
    sets = [([(0, 1), (i, -1)], Term(names[:1], (names[i],))) for i in range(1, len(names))]
    for name, i in position.items():
        a, plus, b = name.partition("+")
        if plus and position.get(a, 0) and position.get(b, 0):
            signs = [(0, 1), (position[a], -1), (position[b], -1), (i, 1)]
            sets.append((signs, Term(names[:1], (a, b))))
    if axis == "place" and position.get("US") and position.get("MX"):
        signs = [(position["US"], 1), (position["MX"], 1), (0, -1)]
        sets.append((signs, Term(("US", "MX"))))
    return sets


def _combined(grid: _Grid, axis: int, signs, term: Term) -> _Grid:
    """Grid with one axis replaced by a signed sum of its slices."""
    values = sum(sign * np.take(grid.values, i, axis) for i, sign in signs)
    known = np.logical_and.reduce([np.take(grid.known, i, axis) for i, _ in signs])
    return _Grid(
        np.asarray(values),
        np.asarray(known),
        _without(grid.above, axis),
        _without(grid.axes, axis),
        _without(grid.names, axis),
        (*grid.taken, (grid.axes[axis], term)),
    )


def _maximal(grid: _Grid, tally: _Tally) -> None:
    """Try maximal sets on axes of one value a case."""
    if grid.values.ndim == 0:
        _judge(int(grid.values), grid, {}, tally)
    elif grid.values.ndim == 1:
        top = _top(grid)
        count = grid.values[0] - grid.values[1:][top].sum()
        _judge(int(count), grid, {0: np.flatnonzero(top)}, tally)
    elif grid.values.ndim == 2:  # noqa: PLR2004
        _planes(grid, tally)
    else:
        axis = int(np.argmin(grid.values.shape))
        for parts in _closed_sets(grid, axis, tally):
            signs = [(0, 1), *((part + 1, -1) for part in parts)]
            smaller = _combined(grid, axis, signs, _term(grid, axis, parts))
            if smaller.known.flat[0]:
                _maximal(smaller, tally)


def _term(grid: _Grid, axis: int, parts) -> Term:
    """Cases of the parent in none of some parts of an axis."""
    names = grid.names[axis]
    return Term(names[:1], tuple(names[part + 1] for part in parts))


def _judge(count: int, grid: _Grid, parts: dict[int, np.ndarray], tally: _Tally) -> None:
    tally.tested += 1
    tally.negative += count < 0
    if 0 < count < tally.k:
        tally.small += 1
        terms = {grid.axes[axis]: _term(grid, axis, taken) for axis, taken in parts.items()}
        tally.left.append(dict(grid.taken) | terms)


def _top(grid: _Grid) -> np.ndarray:
    """Known parts of a grid of one axis that lie in no other known part."""
    valid, above = grid.known[1:], grid.above[0]
    return valid & ~((above >= 0) & valid[above]).any(axis=1) if len(valid) else valid


def _closed_sets(grid: _Grid, axis: int, tally: _Tally) -> list[list[int]]:
    """Closed sets of parts on one axis of a grid of three or more, without parts of parts."""
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
        [part for part in sorted(found) if not set(above[part].tolist()) & found]
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
    tall = values.shape[0] >= values.shape[1]
    if not tall:
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
    values = np.ascontiguousarray(values[:, places])
    known = np.ascontiguousarray(known[:, places])
    tested, small, negative, capped, first = _bicliques(
        values,
        known,
        rows,
        above,
        tally.k,
        MOST_SETS,
    )
    tally.tested += tested
    tally.small += small
    tally.negative += negative
    tally.capped += capped
    if small:
        chosen = (int(first) >> np.arange(len(usable))) & 1 == 1
        crossing = known[1:, 0] & (known[1:, 1:] | ~chosen).all(axis=1)
        parts = (np.flatnonzero(crossing), usable[chosen])
        axes = (0, 1) if tall else (1, 0)
        terms = {
            grid.axes[axis]: _term(grid, axis, taken)
            for axis, taken in zip(axes, parts, strict=True)
        }
        tally.left.append(dict(grid.taken) | terms)


@numba.njit(cache=True)
def _bicliques(values, known, rows_above, columns_above, k, most):
    """Counts of boxes tried, from 1 to k-1, below zero; 1 where the limit was met; a small one."""
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
    first = np.int64(0)
    for i in range(size):
        count = _outside(values, masks, closed[i], rows_above, columns_above)
        tested += 1
        if count < 0:
            negative += 1
        elif 0 < count < k:
            small += 1
            if small == 1:
                first = closed[i]
    return tested, small, negative, capped, first


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

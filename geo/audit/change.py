"""What changed between two publications of one block: lines and boxes with signs.

The change of a cell known in both is a number that may be negative. It tells of few people
when it is from 1 to k-1 either way, and so does what remains of a change when those of the
cell's nearest parts are taken away, along one axis or over two.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from geo.audit.lines import every, nearest
from geo.audit.space import AXES, Points, tree
from geo.audit.space import points as as_points
from geo.model import Leak

MOST_SETS = 400
_UNDATED = ("all", "unknown")


class Small(NamedTuple):
    """A change of 1 to k-1, by the cell that it is of and the parts taken from it."""

    words: str
    level: str
    place: str
    leak: Leak


def points(large: Points, small: Points, multi: frozenset[str], *, nested: bool) -> Points:
    """Change of every cell known in both publications, the larger minus the smaller.

    Where the smaller block lies inside the larger, a period that only the larger has
    counts nobody in the smaller.
    """
    after, before = _by_codes(large), _by_codes(small)
    if nested:
        years = sorted({codes[1][:4] for codes in before if codes[1] not in _UNDATED})
        before |= {codes: 0 for codes in after if years and _is_outside(codes[1], years)}
    both = sorted(after.keys() & before.keys())
    columns = list(zip(*both, strict=True)) or [()] * len(AXES)
    trees = tuple(
        tree(axis, set(column), multi=axis in multi)
        for axis, column in zip(AXES, columns, strict=True)
    )
    numbers = [
        [one.index[code] for code in column] for one, column in zip(trees, columns, strict=True)
    ]
    codes = np.array(numbers, dtype=np.int64).reshape(len(AXES), -1).T
    values = np.array([after[key] - before[key] for key in both], dtype=np.int64)
    return as_points(trees, codes, values)


def _is_outside(period: str, years: list[str]) -> bool:
    """Whether a period lies before or after all years that the smaller block shows."""
    return period not in _UNDATED and not years[0] <= period[:4] <= years[-1]


def _by_codes(known: Points) -> dict[tuple[str, ...], int]:
    columns = [
        np.array(one.names, dtype=object)[known.codes[:, d]] for d, one in enumerate(known.trees)
    ]
    return dict(zip(zip(*columns, strict=True), known.values.tolist(), strict=True))


def small(known: Points, k: int) -> list[Small]:
    """Changes from 1 to k-1 either way: of cells, and of what their parts leave."""
    if not len(known.values):
        return []
    alone = np.flatnonzero(_few(known.values, k))
    found = [_named(known, int(at), {}, "changed by 1 to k-1") for at in alone]
    for axis, one in enumerate(known.trees):
        found += _single(known, axis, k) if one.multi else _lines(known, axis, k)
    return found + _boxes(known, k)


def _few(values: np.ndarray, k: int) -> np.ndarray:
    return (values != 0) & (np.abs(values) < k)


def _named(known: Points, at: int, taken: dict[int, np.ndarray], words: str) -> Small:
    """A group by the codes of a cell, without the parts `taken` along some axes."""
    level, place, others = known.describe(at)
    return Small(f"{others}: {words}", level, place, (known.without(at, taken),))


def _lines(known: Points, axis: int, k: int) -> list[Small]:
    descent = nearest(known, axis)
    shown = np.zeros(len(known.values), dtype=np.int64)
    np.add.at(shown, descent.parent, known.values[descent.child])
    wholes = np.unique(descent.parent)
    few = wholes[_few(known.values[wholes] - shown[wholes], k)]
    words = f"changed by 1 to k-1 outside its known parts along {AXES[axis]}"
    return [
        _named(
            known, int(at), {axis: known.codes[descent.child[descent.parent == at], axis]}, words
        )
        for at in few
    ]


def _single(known: Points, axis: int, k: int) -> list[Small]:
    """An axis of several values a case: a cell without one of its values."""
    descent = every(known, axis)
    few = _few(known.values[descent.parent] - known.values[descent.child], k)
    words = f"changed by 1 to k-1 without one value of {AXES[axis]}"
    pairs = zip(descent.parent[few], descent.child[few], strict=True)
    return [
        _named(known, int(at), {axis: known.codes[child, [axis]]}, words)
        for at, child in pairs
        if "+" not in known.trees[axis].names[known.codes[child, axis]]
    ]


def _boxes(known: Points, k: int) -> list[Small]:
    """Every known cell over every two axes."""
    descents = [every(known, axis) for axis in range(len(AXES))]
    parts: list[dict[int, list[int]]] = [{} for _ in AXES]
    for axis, descent in enumerate(descents):
        for at, child in zip(descent.parent.tolist(), descent.child.tolist(), strict=True):
            if "+" not in known.trees[axis].names[known.codes[child, axis]]:
                parts[axis].setdefault(at, []).append(int(known.codes[child, axis]))
    found = []
    for first, second in combinations(range(len(AXES)), 2):
        for at in parts[first].keys() & parts[second].keys():
            axes, codes = (first, second), (parts[first][at], parts[second][at])
            found += _box(known, at, axes, [np.unique(one) for one in codes], k)
    return found


def _box(known: Points, at: int, axes: tuple[int, int], codes: list, k: int) -> list[Small]:
    own = known.codes[at]
    steps = [(codes[d] - own[axis]) * known.radix[axis] for d, axis in enumerate(axes)]
    crossing = known.find(known.keys[at] + steps[0][:, None] + steps[1][None, :])
    sides = [known.values[known.find(known.keys[at] + step)] for step in steps]
    inner = np.where(crossing >= 0, known.values[crossing], 0)
    words = f"changed by 1 to k-1 in a box of {AXES[axes[0]]} x {AXES[axes[1]]}"
    found = []
    for rows, columns in _sets(known, axes, codes, crossing >= 0):
        left = known.values[at] - sides[0][rows].sum() - sides[1][columns].sum()
        left += inner[np.ix_(rows, columns)].sum()
        if _few(np.array(left), k):
            taken = {axes[0]: codes[0][rows], axes[1]: codes[1][columns]}
            found.append(_named(known, at, taken, words))
    return found


def _sets(known: Points, axes: tuple[int, int], codes: list, crossed: np.ndarray) -> list[tuple]:
    """Rows and columns whose crossings are all known: the largest of each, singles of several."""
    trees = [known.trees[axis] for axis in axes]
    if trees[0].multi and trees[1].multi:
        return [([r], [c]) for r, c in product(*map(range, crossed.shape)) if crossed[r, c]]
    if trees[0].multi:
        rows = ([r] for r in range(len(crossed)))
        chosen = [(one, np.flatnonzero(crossed[one[0]])) for one in rows]
    elif trees[1].multi:
        columns = ([c] for c in range(crossed.shape[1]))
        chosen = [(np.flatnonzero(crossed[:, one[0]]), one) for one in columns]
    else:
        chosen = [(np.flatnonzero(crossed[:, c].all(axis=1)), c) for c in _closed(crossed)]
    tops = ((_top(trees[0], codes[0], r), _top(trees[1], codes[1], c)) for r, c in chosen)
    return [(rows, columns) for rows, columns in tops if len(rows) and len(columns)]


def _closed(crossed: np.ndarray) -> list[np.ndarray]:
    """Sets of columns that rows share, and what any two of them share."""
    patterns = {row.tobytes(): row for row in crossed if row.any()}
    for one, other in combinations(list(patterns.values()), 2):
        if len(patterns) >= MOST_SETS:
            break
        shared = one & other
        if shared.any():
            patterns[shared.tobytes()] = shared
    return [np.flatnonzero(row) for row in patterns.values()]


def _top(one, codes: np.ndarray, chosen) -> list[int]:
    """Chosen parts that lie in no other chosen part."""
    inside = {int(codes[i]) for i in chosen}
    return [int(i) for i in chosen if not inside & set(one.above[int(codes[i])])]

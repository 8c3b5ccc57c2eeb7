"""Checks 2, 3 and 15: what remains of a known cell when its known descendants are taken away.

Known is what is published or derived. Along an axis in which a case has one value, a
parent minus its nearest known descendants counts the cases in none of them. Along an
axis with several values a case, only a parent minus one descendant does, or a parent
minus two and plus their overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from geo.audit.findings import Recorder, Result
from geo.audit.space import DETAIL_VOCABULARY, Points, groups, parents, states, values
from geo.model import ORIGIN, Leak, Term


@dataclass(frozen=True)
class Descent:
    """Known cells below known cells, along one axis: arrays of positions."""

    parent: np.ndarray
    child: np.ndarray


def lines(known: Points, k: int) -> list[Result]:
    """Every line of every known parent along every axis.

    Returns
    -------
    list of Result
        Check 2 (at most one named child is unknown), 3 (several are) and 15 (the sum of
        all children minus the parent).
    """
    one, several = Recorder(2, "lines"), Recorder(3, "several hidden")
    overlap = Recorder(15, "several values")
    for axis, tree in enumerate(known.trees):
        if tree.multi:
            _single_children(known, axis, k, one)
            _excess(known, axis, k, overlap)
        else:
            _whole_lines(known, axis, k, one, several)
    return [one.result(), several.result(), overlap.result()]


def nearest(known: Points, axis: int) -> Descent:
    """Each known cell with the nearest known cell above it along an axis of single values."""
    parent_of = known.trees[axis].parent
    node = known.codes[:, axis].copy()
    base = known.keys - node * known.radix[axis]
    found = np.full(len(node), -1, dtype=np.int64)
    open_ = node > 0
    while open_.any():
        node[open_] = parent_of[node[open_]]
        at = known.find(base[open_] + node[open_] * known.radix[axis])
        found[open_] = at
        open_[open_] = (at < 0) & (node[open_] > 0)
    child = np.flatnonzero(found >= 0)
    return Descent(found[child], child)


def every(known: Points, axis: int) -> Descent:
    """Each known cell with every known cell above it along an axis."""
    above = known.trees[axis].above
    lengths = np.array([len(found) for found in above], dtype=np.int64)
    flat = np.array([up for found in above for up in found], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(lengths)])
    node = known.codes[:, axis]
    child = np.repeat(np.arange(len(node)), lengths[node])
    first = np.cumsum(lengths[node]) - lengths[node]
    offset = np.arange(len(child)) - np.repeat(first, lengths[node])
    up = flat[start[node[child]] + offset] if len(child) else child
    at = known.find(known.keys[child] + (up - node[child]) * known.radix[axis])
    return Descent(at[at >= 0], child[at >= 0])


def _whole_lines(known: Points, axis: int, k: int, one: Recorder, several: Recorder) -> None:
    descent = nearest(known, axis)
    shown = np.zeros(len(known.values), dtype=np.int64)
    np.add.at(shown, descent.parent, known.values[descent.child])
    parents_ = np.unique(descent.parent)
    one.tested += len(parents_)
    several.tested += len(parents_)
    remainder = known.values[parents_] - shown[parents_]
    name = known.trees[axis].axis
    for at in parents_[remainder < 0]:
        _fail(one, known, at, f"children along {name} exceed their parent")
    for at in parents_[(remainder > 0) & (remainder < k)]:
        hidden = _hidden_children(known, axis, at)
        recorder = several if hidden > 1 else one
        children = descent.child[descent.parent == at]
        leak = known.without(at, {axis: known.codes[children, axis]})
        words = f"minus its known parts along {name} leaves from 1 to k-1"
        _fail(recorder, known, at, words, (leak,))


def _hidden_children(known: Points, axis: int, at: int) -> int:
    """Codes of the release next below a cell that are not known in it."""
    tree = known.trees[axis]
    node = known.codes[at, axis]
    below = np.flatnonzero(tree.parent == node)
    keys = known.keys[at] + (below - node) * known.radix[axis]
    return int((known.find(keys) < 0).sum())


def _single_children(known: Points, axis: int, k: int, recorder: Recorder) -> None:
    descent = every(known, axis)
    recorder.tested += len(descent.parent)
    without = known.values[descent.parent] - known.values[descent.child]
    for at in np.flatnonzero((without < 0) | ((without > 0) & (without < k))):
        child = known.describe(descent.child[at])
        words = "exceeds its parent" if without[at] < 0 else "leaves from 1 to k-1 of its parent"
        one = known.codes[descent.child[at], [axis]]
        leak = known.without(descent.parent[at], {axis: one})
        words = f"{child[2]}: one value along {known.trees[axis].axis} {words}"
        recorder.fail(words, *child[:2], (leak,) if without[at] > 0 else ())


def _excess(known: Points, axis: int, k: int, recorder: Recorder) -> None:
    """Sum of all children minus parent, where every child that can be is known."""
    tree = known.trees[axis]
    index = tree.index
    for node, name in enumerate(tree.names):
        complete = complete_children(tree.axis, name)
        if not complete or not set(complete) <= set(index):
            continue
        children = np.array([index[code] for code in complete])
        for at in np.flatnonzero(known.codes[:, axis] == node):
            found = known.find(known.keys[at] + (children - node) * known.radix[axis])
            if (found < 0).any():
                continue
            recorder.tested += 1
            excess = known.values[found].sum() - known.values[at]
            if excess < 0:
                _fail(recorder, known, at, f"values along {tree.axis} fall short of their parent")
            elif 0 < excess < k:
                words = f"1 to k-1 cases have several values of {tree.axis}"
                pairs = tuple(Term(pair) for pair in combinations(complete, 2))
                _fail(recorder, known, at, words, (known.block(at, {axis: pairs}),))


def complete_children(axis: str, code: str) -> tuple[str, ...]:
    """Every code that a case under `code` must carry one of; empty where a case may carry none."""
    if axis == "place":
        if code == "all":
            return ("US", "MX")
        inside = tuple(sorted(state for state in states() if state[:2] == code))
        return (*inside, f"{code}-unknown") if inside else ()
    if axis == "period":
        return ()
    if axis == ORIGIN:
        whole = ("US", "MX", "outside", "unknown")
        return whole if code == "all" else complete_children("place", code)
    if axis in DETAIL_VOCABULARY:
        return (*values(axis), "unknown") if code == "all" else ()
    codes = parents(axis)
    if code == "all":
        return (*(one for one in codes if one not in groups(axis)), "unknown")
    return tuple(one for one, parent in codes.items() if parent == code)


def _fail(recorder: Recorder, known: Points, at: int, words: str, leak: Leak = ()) -> None:
    level, place, others = known.describe(at)
    recorder.fail(f"{others}: {words}", level, place, leak)

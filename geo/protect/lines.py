"""Lines: a parent minus its nearest published descendants, on every axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.protect.relations import NONE

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from geo.protect.relations import Line, Relations


def violations(
    value: np.ndarray, known: np.ndarray, relations: Relations, k: int
) -> list[dict[int, int]]:
    """Combinations of known cells that give a count from 1 to k-1.

    Parameters
    ----------
    value : numpy.ndarray of int
        True counts.
    known : numpy.ndarray of bool
        Cells that are published, or derivable from what is published.
    relations : Relations
    k : int

    Returns
    -------
    list of dict
        Cell number to its sign in the combination.
    """
    found = []
    for line in relations.lines.values():
        found += _remainders(value, known, line, k)
        if not line.additive.all():
            found += _single_children(value, known, line, k)
            found += _excess(value, known, line, k)
    return found + _overlaps(value, known, relations.overlaps, k)


def covered(value: np.ndarray, known: np.ndarray, line: Line) -> np.ndarray:
    """For each cell the sum of its nearest known descendants on the line."""
    total = np.zeros_like(value)
    for level in range(int(line.depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero((line.depth == level) & (line.parent != NONE))
        part = np.where(known[rows], value[rows], total[rows])
        added = np.bincount(line.parent[rows], weights=part, minlength=len(total))
        total += added.astype(np.int64)
    return total


def nearest_known(known: np.ndarray, line: Line) -> csr_matrix:
    """Cells x cells, 1 where a column is a nearest known descendant of a row."""
    from scipy.sparse import csr_matrix

    above = line.parent.copy()
    pairs = []
    rows = np.flatnonzero(known & (above != NONE))
    while len(rows):
        pairs.append(np.column_stack([above[rows], rows]))
        rows = rows[~known[above[rows]] & (line.parent[above[rows]] != NONE)]
        above = np.where(above == NONE, NONE, line.parent[above])
    joined = np.concatenate(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)
    shape = (len(known), len(known))
    return csr_matrix((np.ones(len(joined), dtype=np.int64), joined.T), shape=shape)


def _minus(whole: int, parts: list[int]) -> dict[int, int]:
    return {whole: 1, **dict.fromkeys(parts, -1)}


def small(remainder: np.ndarray, k: int) -> np.ndarray:
    """Where a count is one that nobody may learn: 1 to k-1."""
    return (remainder > 0) & (remainder < k)


def frontier(cell: int, known: np.ndarray, children: dict[int, list[int]]) -> list[int]:
    """Nearest known descendants of a cell."""
    found, waiting = [], list(children.get(cell, ()))
    while waiting:
        at = waiting.pop()
        if known[at]:
            found.append(at)
        else:
            waiting += children.get(at, ())
    return found


def _remainders(value: np.ndarray, known: np.ndarray, line: Line, k: int) -> list[dict[int, int]]:
    remainder = value - covered(value, known, line)
    bad = np.flatnonzero(known & line.additive_below & small(remainder, k))
    if not len(bad):
        return []
    children = line.lists
    return [_minus(cell, frontier(cell, known, children)) for cell in bad.tolist()]


def _single_children(
    value: np.ndarray, known: np.ndarray, line: Line, k: int
) -> list[dict[int, int]]:
    """A parent and one descendant: the cases without that value."""
    found = []
    above = line.parent.copy()
    while (above != NONE).any():
        rows = np.flatnonzero(above != NONE)
        pairs = rows[known[rows] & known[above[rows]] & small(value[above[rows]] - value[rows], k)]
        found += [_minus(int(above[row]), [int(row)]) for row in pairs]
        above = np.where(above == NONE, NONE, line.parent[above])
    return found


def _excess(value: np.ndarray, known: np.ndarray, line: Line, k: int) -> list[dict[int, int]]:
    """Children minus parent, where no child is hidden: the cases with several values."""
    children = line.children
    total = children @ value
    hidden = children @ (~known).astype(np.int64)
    excess = total + line.unplaced - value
    rows = known & (hidden == 0) & (line.unplaced == 0) & small(excess, k)
    lists = line.lists if rows.any() else {}
    return [{cell: -1, **dict.fromkeys(lists[cell], 1)} for cell in np.flatnonzero(rows).tolist()]


def _overlaps(
    value: np.ndarray, known: np.ndarray, overlaps: np.ndarray, k: int
) -> list[dict[int, int]]:
    """One value without the other; and neither of the two."""
    found = []
    for both, first, second, whole in overlaps.tolist():
        for part in (first, second):
            if known[both] and known[part] and 0 < value[part] - value[both] < k:
                found.append(_minus(part, [both]))
        four = {whole: 1, first: -1, second: -1, both: 1}
        neither = value[whole] - value[first] - value[second] + value[both]
        if 0 < neither < k and all(known[cell] for cell in four):
            found.append(four)
    return found

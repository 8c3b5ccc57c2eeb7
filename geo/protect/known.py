"""What simple subtraction makes known beyond what is published, and how.

A line with one unknown member gives that member away. Applied until nothing new is
found, this finds most derivable cells quickly, each with the combination of published
cells that gives it; the exact rank test finds the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.protect.relations import NONE

if TYPE_CHECKING:
    from geo.protect.relations import Line, Relations

Combination = dict[int, int]


def closure(published: np.ndarray, relations: Relations) -> dict[int, Combination]:
    """Derivable cells with the signed published cells that give them.

    Parameters
    ----------
    published : numpy.ndarray of bool
    relations : Relations

    Returns
    -------
    dict
        Cell number to ``{published cell: coefficient}``, published cells apart.
    """
    known = published.copy()
    found: dict[int, Combination] = {}
    lists = {axis: line.lists for axis, line in relations.lines.items()}
    while True:
        fresh = {}
        for axis, line in relations.lines.items():
            for whole in _ready(known, line):
                one = _missing(whole, lists[axis][whole], known)
                if one not in fresh:
                    fresh[one] = _solved(one, whole, lists[axis][whole], found)
        if not fresh:
            return found
        found.update(fresh)
        known[list(fresh)] = True


def _ready(known: np.ndarray, line: Line) -> list[int]:
    """Parents of lines with exactly one unknown member and no case outside the children."""
    rows = np.flatnonzero(line.parent != NONE)
    unknown = (~known).astype(np.int64)
    unknown += np.bincount(line.parent[rows], weights=~known[rows], minlength=len(known)).astype(
        np.int64
    )
    has_children = np.zeros(len(known), dtype=bool)
    has_children[line.parent[rows]] = True
    ready = has_children & line.additive & (line.unplaced == 0) & (unknown == 1)
    return np.flatnonzero(ready).tolist()


def _missing(whole: int, children: list[int], known: np.ndarray) -> int:
    return next(cell for cell in (whole, *children) if not known[cell])


def _solved(
    one: int, whole: int, children: list[int], found: dict[int, Combination]
) -> Combination:
    if one == whole:
        return expanded(dict.fromkeys(children, 1), found)
    others = {cell: -1 for cell in children if cell != one}
    return expanded({whole: 1, **others}, found)


def expanded(signs: Combination, found: dict[int, Combination]) -> Combination:
    """A combination of known cells in terms of published cells only."""
    total: Combination = {}
    for cell, sign in signs.items():
        for base, factor in found.get(cell, {cell: 1}).items():
            total[base] = total.get(base, 0) + sign * factor
    return {cell: factor for cell, factor in total.items() if factor}

"""How the cells of a cube lie within one another: parents, children, overlaps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import details, trees
from geo.model import ALL, DETAIL, DIMENSIONS, OVERLAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csr_matrix

AXES = ("place", *DIMENSIONS, DETAIL)
NONE = -1


@dataclass(frozen=True)
class Line:
    """All lines of one axis: each cell with the cells it is broken down into.

    Attributes
    ----------
    parent : numpy.ndarray of int
        For each cell the nearest listed cell above it on this axis, -1 where none.
    depth : numpy.ndarray of int
        Steps from the top of the axis.
    additive : numpy.ndarray of bool
        For each cell whether its children on this axis share no case.
    unplaced : numpy.ndarray of int
        For each cell the cases in none of its children.
    """

    parent: np.ndarray
    depth: np.ndarray
    additive: np.ndarray
    unplaced: np.ndarray

    @cached_property
    def lists(self) -> dict[int, list[int]]:
        """Children of each cell that has any."""
        found: dict[int, list[int]] = {}
        for cell in np.flatnonzero(self.parent != NONE).tolist():
            found.setdefault(int(self.parent[cell]), []).append(cell)
        return found

    @cached_property
    def additive_below(self) -> np.ndarray:
        """Cells below which no case is in two cells of one line."""
        clean = self.additive.copy()
        for level in range(int(self.depth.max(initial=0)), 0, -1):
            rows = np.flatnonzero((self.depth == level) & ~clean & (self.parent != NONE))
            clean[self.parent[rows]] = False
        return clean

    @cached_property
    def children(self) -> csr_matrix:
        """Parents x cells, 1 where a cell is a child."""
        from scipy.sparse import csr_matrix

        rows = np.flatnonzero(self.parent != NONE)
        size = len(self.parent)
        ones = np.ones(len(rows), dtype=np.int64)
        return csr_matrix((ones, (self.parent[rows], rows)), shape=(size, size))


@dataclass(frozen=True)
class Relations:
    """The lines of every axis, and the overlaps.

    Attributes
    ----------
    lines : dict
        Axis to `Line`; of details one for each attribute, since each breaks all cases down.
    overlaps : numpy.ndarray
        One row an overlap cell: itself, its two parts, and the cell that both lie in.
    """

    lines: dict[str, Line]
    overlaps: np.ndarray


def relations(
    cells: pd.DataFrame,
    members: csr_matrix,
    weights: np.ndarray,
    parents: dict[str, dict[str, str]],
) -> Relations:
    """Relations among the cells of a cube.

    Parameters
    ----------
    cells : pandas.DataFrame
        A ``COUNTS`` table.
    members : scipy.sparse.csr_matrix
        Cells x base cells.
    weights : numpy.ndarray
        Cases of each base cell.
    parents : dict
        ``venue`` and ``nationality``, each code to parent code.
    """
    index = pd.MultiIndex.from_frame(cells[list(AXES)])
    steps = {
        "place": trees.parent_place,
        "period": trees.parent_period,
        "venue": lambda code: trees.parent_code(code, parents["venue"]),
        "nationality": lambda code: trees.parent_code(code, parents["nationality"]),
        "trafficking_type": lambda code: trees.parent_code(code, {}),
    }
    is_overlap = cells["venue"].str.contains(OVERLAP, regex=False).to_numpy()
    real = weights > 0
    members, weights = members[:, real], weights[real]
    lines = {}
    for axis in steps:
        skipped = is_overlap if axis == "venue" else np.zeros(len(cells), dtype=bool)
        found, depth = _nearest(cells, index, axis, steps[axis], skipped)
        lines[axis] = _line(found, depth, members, weights)
    attributes = cells[DETAIL].map(details.attribute).to_numpy(dtype=object)
    for name in sorted(set(attributes) - {""}):
        found, depth = _nearest(cells, index, DETAIL, details.parent, attributes != name)
        lines[name] = _line(found, depth, members, weights)
    return Relations(lines, _overlaps(cells, index, is_overlap, lines["venue"]))


def _nearest(
    cells: pd.DataFrame,
    index: pd.MultiIndex,
    axis: str,
    step: Callable[[str], str],
    skipped: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Nearest listed cell above each cell on an axis, and its depth."""
    keys = cells[list(AXES)].copy()
    found = np.full(len(cells), NONE)
    open_rows = np.flatnonzero((keys[axis] != ALL).to_numpy() & ~skipped)
    while len(open_rows):
        codes = keys.loc[open_rows, axis]
        above = codes.map({code: step(code) for code in codes.unique()})
        keys.loc[open_rows, axis] = above
        position = index.get_indexer(pd.MultiIndex.from_frame(keys.loc[open_rows]))
        found[open_rows] = position
        open_rows = open_rows[(position == NONE) & (above != ALL).to_numpy()]
    depth = np.zeros(len(cells), dtype=np.int64)
    at = found
    while (at != NONE).any():
        depth += at != NONE
        at = np.where(at == NONE, NONE, found[at])
    return found, depth


def _line(parent: np.ndarray, depth: np.ndarray, members: csr_matrix, weights: np.ndarray) -> Line:
    nothing = np.zeros(len(parent), dtype=np.int64)
    line = Line(parent, depth, nothing.astype(bool), nothing)
    covered = line.children @ members
    placed = (covered > 0).astype(np.int64) @ weights
    multiple = covered.max(axis=1).toarray().ravel() if covered.nnz else nothing
    total = members @ weights
    return Line(parent, depth, multiple <= 1, total - placed)


def _overlaps(
    cells: pd.DataFrame, index: pd.MultiIndex, is_overlap: np.ndarray, venues: Line
) -> np.ndarray:
    rows = np.flatnonzero(is_overlap)
    keys = cells.loc[rows, list(AXES)]
    parts = [trees.overlap_parts(code) for code in keys["venue"]]
    columns = [rows]
    for side in (0, 1):
        plain = keys.assign(venue=pd.Series([p[side] for p in parts], index=rows, dtype="str"))
        columns.append(index.get_indexer(pd.MultiIndex.from_frame(plain)))
    whole = keys.assign(venue=pd.Series(ALL, index=rows, dtype="str"))
    columns.append(index.get_indexer(pd.MultiIndex.from_frame(whole)))
    return np.column_stack(columns).astype(np.int64).reshape(-1, 4)

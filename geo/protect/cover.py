"""The cheapest set of cells that hits every cut: a set-cover program, solved exactly.

Every violation of the rule names a set of published cells of which one must go, a
*cut*. Cuts fall into connected components that are solved apart; a component whose
cuts did not change keeps its solution.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

OPTIONS = {
    "output_flag": False,
    "log_to_console": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 5e-4,
    "mip_max_nodes": 400,
}
"""Limits are counts, never seconds, so that the same cuts give the same choice."""

LARGE = 2_000
LARGE_OPTIONS = {"mip_rel_gap": 1e-2, "mip_max_nodes": 5}
"""A component of more cuts is solved to a hundredth: exact, it takes minutes each time."""


class Cut(tuple):
    """Published cells of which one must go, and the kind of attack that says so."""

    def __new__(cls, cells: Iterable[int], kind: str) -> Cut:
        """Cell numbers as a tuple, with `kind`: a word of the private report."""
        made = super().__new__(cls, cells)
        made.kind = kind
        return made


def of_kind(kind: str, found: Iterable[Iterable[int]]) -> list[Cut]:
    """Cuts that one kind of attack found."""
    return [Cut(cells, kind) for cells in found]


@dataclass
class Cuts:
    """The cuts found so far, each a sorted tuple of cell numbers; a set, in order.

    With each stands the kind of attack that found it first, or nothing.
    """

    rows: dict[tuple[int, ...], str] = field(default_factory=dict)

    def add(self, cuts: list[tuple[int, ...]]) -> int:
        """Add cuts, and say how many were new."""
        before = len(self.rows)
        for cut in cuts:
            self.rows.setdefault(tuple(sorted(set(cut))), getattr(cut, "kind", ""))
        return len(self.rows) - before


@dataclass
class Cover:
    """Solves the growing program; remembers the solution of every component."""

    cost: np.ndarray
    solved: dict[frozenset, tuple[int, ...]] = field(default_factory=dict)

    def cheapest(self, cuts: Cuts) -> np.ndarray:
        """Cells to hide, as a mask, so that every cut is met at least total cost."""
        hidden = np.zeros(len(self.cost), dtype=bool)
        fresh = {}
        for component in _components(minimal(list(cuts.rows))):
            key = frozenset(component)
            chosen = self.solved.get(key)
            fresh[key] = chosen if chosen is not None else _solve(component, self.cost)
            hidden[list(fresh[key])] = True
        self.solved = fresh
        return hidden

    def repaired(self, hidden: np.ndarray, found: list[tuple[int, ...]]) -> np.ndarray:
        """`hidden` and what the cuts of `found` need besides, at least cost."""
        hidden = hidden.copy()
        unmet = [cut for cut in found if not hidden[list(cut)].any()]
        for component in _components(minimal([tuple(sorted(set(cut))) for cut in unmet])):
            hidden[list(_solve(component, self.cost))] = True
        return hidden


def minimal(cuts: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Cuts that contain no other cut; the others are implied."""
    kept: list[tuple[int, ...]] = []
    by_cell: dict[int, list[frozenset]] = {}
    for cut in sorted(cuts, key=lambda c: (len(c), c)):
        whole = set(cut)
        if not any(other <= whole for cell in cut for other in by_cell.get(cell, ())):
            kept.append(cut)
            by_cell.setdefault(cut[0], []).append(frozenset(cut))
    return kept


def _components(cuts: list[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not cuts:
        return []
    rows = np.repeat(np.arange(len(cuts)), [len(cut) for cut in cuts])
    cells, columns = np.unique(np.concatenate(cuts), return_inverse=True)
    size = len(cuts) + len(cells)
    graph = coo_matrix((np.ones(len(rows)), (rows, len(cuts) + columns)), shape=(size, size))
    number, labels = connected_components(graph, directed=False)
    groups: list[list[tuple[int, ...]]] = [[] for _ in range(number)]
    for cut, label in zip(cuts, labels[: len(cuts)], strict=True):
        groups[label].append(cut)
    return groups


def _solve(cuts: list[tuple[int, ...]], cost: np.ndarray) -> tuple[int, ...]:
    """One component: a binary program by HiGHS, with no clock limit, so it is repeatable."""
    import highspy
    from highspy.highs import _Highs  # the public class prints a banner as it is made

    cells, columns = np.unique(np.concatenate(cuts), return_inverse=True)
    if len(cuts) == 1:
        return (int(cells[np.argmin(cost[cells])]),)
    size = len(cells)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = size, len(cuts)
    program.col_cost_ = cost[cells]
    program.col_lower_, program.col_upper_ = np.zeros(size), np.ones(size)
    program.row_lower_ = np.ones(len(cuts))
    program.row_upper_ = np.full(len(cuts), highspy.kHighsInf)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *[len(cut) for cut in cuts]]).astype(np.int32)
    program.a_matrix_.index_ = columns.astype(np.int32)
    program.a_matrix_.value_ = np.ones(len(columns))
    program.integrality_ = [highspy.HighsVarType.kInteger] * size
    solver = _Highs()
    options = OPTIONS | (LARGE_OPTIONS if len(cuts) > LARGE else {})
    for option, setting in options.items():
        solver.setOptionValue(option, setting)
    solver.passModel(program)
    solver.run()
    chosen = np.array(solver.getSolution().col_value) > 0.5
    if not all(chosen[position].any() for position in np.split(columns, _ends(cuts))):
        raise RuntimeError("the solver returned a choice that misses a cut")
    return tuple(int(cell) for cell in cells[chosen])


def _ends(cuts: list[tuple[int, ...]]) -> np.ndarray:
    return np.cumsum([len(cut) for cut in cuts])[:-1]

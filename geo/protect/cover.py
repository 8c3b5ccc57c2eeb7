"""The cheapest set of cells that hits every cut: a set-cover program, solved exactly where it can be.

Every violation of the rule names a set of published cells of which one must go, a
*cut*. Cuts fall into connected components that are solved apart; a component whose
cuts did not change keeps its solution.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geo.protect import solver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scipy.sparse import csr_matrix

OPTIONS = {"mip_rel_gap": 5e-4, "mip_max_nodes": 400}
"""Limits are counts, never seconds, so that the same cuts give the same choice."""

QUICK_OPTIONS = OPTIONS | {
    "presolve": "off",
    "mip_lp_solver": "simplex",
    "mip_detect_symmetry": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
"""The relaxations are nearly whole: the same choices in half the time and less."""

WHOLE, CORE, ROUGH = "whole", "core", "rough"
"""How a component is solved: over all its cells as far as that goes; over its core; or, a large one
in a repair, to a hundredth or so."""

SMALL_WHOLE = 1_000
"""Cuts up to which a component is solved over all its cells where that is asked for."""

FEW = 30
"""Components of so few cuts are solved over all their cells in any case."""

MANY = 200
ROUGH_OPTIONS, ROUGH_PROMISING = QUICK_OPTIONS | {"mip_rel_gap": 1e-2, "mip_max_nodes": 5}, 0.1
"""Components of more cuts in a repair, one of many: a hundredth too dear, in a tenth of the time."""

LARGE = 4_000
LARGE_OPTIONS = {"mip_rel_gap": 5e-3, "mip_max_nodes": 20}
"""A component of more cuts is solved to two hundredths or so: nearer takes minutes each time."""

PROMISING, LARGE_PROMISING = 0.3, 0.1
"""Share of its cost that a cell of the core may be too dear by, at the prices of the relaxation."""

SMALL = 1e-6


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
    """Solves the growing program; remembers the solution of every component.

    Attributes
    ----------
    cost : numpy.ndarray of float
        Cost of each cell.
    effort : str
        `WHOLE`, `CORE` or `ROUGH`.
    solved : dict
        Components, and the cells chosen for each.
    """

    cost: np.ndarray
    effort: str = CORE
    solved: dict[frozenset, tuple[int, ...]] = field(default_factory=dict)

    def cheapest(self, cuts: Cuts) -> np.ndarray:
        """Cells to hide, as a mask, so that every cut is met at least total cost."""
        hidden = np.zeros(len(self.cost), dtype=bool)
        components = {frozenset(each): each for each in _components(minimal(list(cuts.rows)))}
        fresh = [each for each in components if each not in self.solved]
        chosen = solver.mapped(lambda each: _solve(components[each], self.cost, self.effort), fresh)
        known = self.solved | dict(zip(fresh, chosen, strict=True))
        self.solved = {each: known[each] for each in components}
        for cells in self.solved.values():
            hidden[list(cells)] = True
        return hidden

    def repaired(self, hidden: np.ndarray, found: list[tuple[int, ...]]) -> np.ndarray:
        """`hidden` and what the cuts of `found` need besides, at least cost."""
        hidden = hidden.copy()
        unmet = [cut for cut in found if not hidden[list(cut)].any()]
        for component in _components(minimal([tuple(sorted(set(cut))) for cut in unmet])):
            hidden[list(_solve(component, self.cost, ROUGH))] = True
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


def _solve(cuts: list[tuple[int, ...]], cost: np.ndarray, effort: str) -> tuple[int, ...]:
    """One component: a small one over all its cells, others over their core."""
    if len(cuts) <= (SMALL_WHOLE if effort == WHOLE else FEW):
        return _exact(cuts, cost, QUICK_OPTIONS)
    options, promising = QUICK_OPTIONS, PROMISING
    if effort == ROUGH and len(cuts) > MANY:
        options, promising = ROUGH_OPTIONS, ROUGH_PROMISING
    elif len(cuts) > LARGE:
        options, promising = LARGE_OPTIONS, LARGE_PROMISING
    core = _core(cuts, cost, promising)
    chosen = (_exact(part, cost, options) for part in _components(minimal(core)))
    return tuple(sorted(cell for cells in chosen for cell in cells))


def _core(cuts: list[tuple[int, ...]], cost: np.ndarray, promising: float) -> list[tuple[int, ...]]:
    """Cuts without the cells that the linear relaxation leaves alone by far.

    Every cut keeps a cell: in the relaxation each is met by cells of a share above 0. What is
    left is a quarter as large, and many cuts then contain others.
    """
    cells, matrix = _incidence(cuts)
    program = _program(cuts, matrix, cost[cells], {})
    program.run()
    if not solver.solved(program):
        raise RuntimeError("the relaxation of a set cover has no optimum")
    found = program.getSolution()
    share, dearer = np.array(found.col_value), np.array(found.col_dual)
    kept = set(cells[(share > SMALL) | (dearer < promising * cost[cells])].tolist())
    return [tuple(cell for cell in cut if cell in kept) for cut in cuts]


def _exact(cuts: list[tuple[int, ...]], cost: np.ndarray, options: dict) -> tuple[int, ...]:
    """A binary program by HiGHS, with no clock limit, so it is repeatable."""
    import highspy

    cells, matrix = _incidence(cuts)
    if len(cuts) == 1:
        return (int(cells[np.argmin(cost[cells])]),)
    program = _program(cuts, matrix, cost[cells], options)
    columns = np.arange(len(cells), dtype=np.int32)
    whole = np.full(len(cells), highspy.HighsVarType.kInteger)
    program.changeColsIntegrality(len(cells), columns, whole)
    program.run()
    chosen = np.array(program.getSolution().col_value) > 0.5
    if not (matrix @ chosen > 0).all():
        raise RuntimeError("the solver returned a choice that misses a cut")
    return tuple(cells[chosen].tolist())


def _program(cuts: list[tuple[int, ...]], matrix: csr_matrix, cost: np.ndarray, options: dict):
    """One of every cut, at least cost; cells may be hidden in part."""
    open_ = np.full(len(cuts), np.inf)
    return solver.program(matrix, np.ones(len(cuts)), open_, cost, options, 1.0)


def _incidence(cuts: list[tuple[int, ...]]) -> tuple[np.ndarray, csr_matrix]:
    """Cells of some cuts, and cuts x cells."""
    from scipy.sparse import csr_matrix

    cells, columns = np.unique(np.concatenate(cuts), return_inverse=True)
    starts = np.cumsum([0, *[len(cut) for cut in cuts]])
    shape = (len(cuts), len(cells))
    return cells, csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)

"""The insider: who knows one case, whole, learns no small count of others.

With the base cell of any one real case fixed at 1 or more, what remains of every small
group may be none and may reach k - 1 (PRIVACY.md, rule 4). Two kinds of tables show it,
for every class of base cells and every group:

*Reach.* Where a class may reach k, there is nothing to search. A table with k in the class,
once in k parts, and one with k in a group, k - 1 times in k parts, mix to a table with 1 or
more in the class and k - 1 or more in the group, or k where the class is a part of it. The
interval rule has found both tables. A class that no view lists may be bounded below k; where it
reaches m, and a group m / (m - 1) times k - 1, they mix as well.

*None.* For every group and every class there must be a table with nobody in the rest of
the group and 1 in the class. From the nearest table with nobody in a group, each
class is moved to 1 along the direction that changes the others least, in the metric of the
centre: for nearly all of them the Cauchy-Schwarz inequality alone shows that nothing turns
negative. What it leaves is computed, then searched for anew, then decided by the simplex
method. Groups inside another follow from it. Who is not in a group of k - 1 learns of no
fewer there; its parts are looked at instead.

References
----------
Golub, G. H., and Van Loan, C. F. (2013). Matrix Computations, sections 4.2.8 (Cholesky with
pivoting) and 6.2 (least squares with equality constraints).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.protect import intervals, proofs, solver
from geo.protect.interior import NOBODY

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from geo.protect.attack import Cut, Target
    from geo.protect.interior import Found
    from geo.protect.intervals import Groups, Repair, System
    from geo.protect.proofs import Proof

TABLE, FEW = 1e-9, 2
"""Below this a count is none; what a class that does not reach k must reach."""
INSIDE = {"solver": "ipm", "run_crossover": "off"}
"""For a table with somebody everywhere: the simplex method ends where most classes have nobody."""
MOST_PROOFS = 20
"""Proofs of one class beside one group, each without what hides for those before it."""
MOST_WORK = 400_000
"""Pairs left to the simplex method times classes; those that are more count as violated."""


class _Wanted(NamedTuple):
    """That some classes have so many cases while others have none; and published cells against it."""

    own: np.ndarray
    least: float
    empty: np.ndarray
    cells: np.ndarray | None


@dataclass
class Insiders:
    """Finds groups of which somebody who knows one case would learn a small count of others.

    Attributes
    ----------
    groups : geo.protect.intervals.Groups
    k : int
    cost : numpy.ndarray of float
        What hiding each cell costs, where one of several proofs' cells must.
    none : scipy.sparse.csr_matrix
        The groups that must be able to be none x classes: the largest of fewer than k - 1 cases, and
        then those of k - 1, of which only who is in one learns that fewer are left.
    settled : numpy.ndarray of bool
        Those that were clean when last looked at.
    reached : bool
        Whether all that must reach did.
    shown : numpy.ndarray of bool or None
        What was published then: hiding more leaves clean what is clean.
    systems, programs : int
        Pairs of group and class that were searched on their own, and those of the simplex method.
    """

    groups: Groups
    k: int
    cost: np.ndarray
    none: csr_matrix = field(init=False)
    settled: np.ndarray = field(init=False)
    reached: bool = False
    shown: np.ndarray | None = None
    systems: int = 0
    programs: int = field(default=0, init=False)

    def __post_init__(self):
        from scipy.sparse import vstack

        most = np.flatnonzero(self.groups.none @ self.groups.truth > self.k - 2)
        self.none = vstack([self.groups.fewer, self.groups.none[most]]).tocsr()
        self.settled = np.zeros(self.none.shape[0], dtype=bool)

    def violations(
        self, target: Target, published: np.ndarray, system: System, *, settled: bool = True
    ) -> list[Cut]:
        """Cuts for groups and classes without a table, of a release that keeps to the interval rule.

        Parameters
        ----------
        target : geo.protect.attack.Target
        published : numpy.ndarray of bool
        system : geo.protect.intervals.System
            What is published, as equations.
        settled : bool
            Whether all is looked at; what a class and a group reach together, which hardly ever
            fails, waits where a choice is one of many.
        """
        if self.shown is None or (published & ~self.shown).any():
            self.settled[:], self.reached = False, False
        self.shown, self.programs = published.copy(), 0
        if self.settled.all() and (self.reached or not settled):
            return []
        with solver.one_thread():
            cuts = [] if self.settled.all() else self._none(system)
            if settled and not self.reached:
                found = self._reach(system)
                self.reached = not found
                cuts += found
            return cuts

    def _reach(self, system: System) -> list[Cut]:
        """Cuts for classes and groups that do not reach as far as the mixtures need."""
        cuts: list[Cut] = []
        weak: dict[int, list[int]] = {}
        unlisted = self._unlisted().tolist()
        reached = solver.mapped(lambda column: self._reached(system, column), unlisted)
        for column, (most, found) in zip(unlisted, reached, strict=True):
            if most < FEW:
                own = np.array([column], dtype=np.int32)
                cuts += self._cuts(system, _Wanted(own, FEW, NOBODY, _against(system, found)))
            elif most < self.k:
                weak.setdefault(most, []).append(column)
        for most, columns in weak.items():
            cuts += self._mixed(system, (self.k - 1) * most / (most - 1), columns)
        return cuts

    def _reached(self, system: System, column: int) -> tuple[int, Found]:
        """The most that a class was found to reach, up to k, and what came of the last search."""
        own = np.array([column], dtype=np.int32)
        for most in range(self.k, FEW - 1, -1):
            found = system.interior.nearest(own, most)
            if found.table is not None:
                return most, found
        return FEW - 1, found

    def _mixed(self, system: System, least: float, columns: list[int]) -> list[Cut]:
        """Cuts for groups that do not reach what mixes with the most in some classes."""
        cuts = []
        for group in range(self.groups.reach.shape[0]):
            own = intervals.columns_of(self.groups.reach, group)
            found = system.interior.nearest(own, least)
            if found.table is None and not all(self._with(system, own, one) for one in columns):
                cuts += self._cuts(system, _Wanted(own, least, NOBODY, _against(system, found)))
        return cuts

    def _unlisted(self) -> np.ndarray:
        """Classes of fewer than k cases that are no group of their own: nobody looked at these."""
        reach = self.groups.reach
        alone = reach.indices[reach.indptr[:-1][np.diff(reach.indptr) == 1]]
        few = self.groups.truth < self.k
        few[alone] = False
        return np.flatnonzero(few)

    def _with(self, system: System, group: np.ndarray, column: int) -> bool:
        """Whether some table has 1 in a class and as many in a group as there must be."""
        least = self.k - 1 + (group == column).any()
        level = np.zeros(len(self.groups.truth))
        level[column] = 1.0
        self.systems += 1
        fixed = np.array([column], dtype=np.int32)
        return system.interior.holding(group, least, fixed, level).table is not None

    def _none(self, system: System) -> list[Cut]:
        """Cuts for pairs of a group and a class of which the one needs the other."""
        moves = _Moves(system)
        left = np.flatnonzero(~self.settled).tolist()
        found = solver.mapped(lambda group: self._left(system, moves, group), left)
        repair = intervals.Repair(self.cost)
        for group, (wanted, searched) in zip(left, found, strict=True):
            self.systems += searched
            self.settled[group] = self._free(system, wanted, repair)
        return list(repair.cuts.rows)

    def _left(self, system: System, moves: _Moves, group: int) -> tuple[list[_Wanted], int]:
        """Classes without a table so far, beside a group, and how many were searched for."""
        inside = intervals.columns_of(self.none, group)
        nearest = system.interior.nearest(inside, 0.0)
        table = self._inner(system, inside) if nearest.table is None else nearest.table
        asked = np.ones(len(self.groups.truth), dtype=bool)
        if group >= self.groups.fewer.shape[0]:
            asked[:] = False
            asked[inside] = True
        if table is None:
            cells = _against(system, nearest)
            return [_beside(inside, at, cells) for at in np.flatnonzero(asked).tolist()], 0
        wanted, searched, waiting = [], 0, moves.left(table)
        waiting = waiting[asked[waiting]]
        while len(waiting):
            column, waiting, searched = int(waiting[0]), waiting[1:], searched + 1
            own, least, empty, _ = _beside(inside, column)
            found = system.interior.holding(own, least, empty)
            if found.table is None:
                wanted.append(_Wanted(own, least, empty, _against(system, found)))
            elif found.table[inside].sum() <= TABLE:  # it serves all that have a case in it
                waiting = waiting[found.table[waiting] < 1 - TABLE]
        return wanted, searched

    def _inner(self, system: System, inside: np.ndarray) -> np.ndarray | None:
        """A table with nobody in a group and somebody in every other class, where there is one that fits."""
        from scipy.sparse import hstack

        size = len(self.groups.truth)
        outside = np.ones(size)
        outside[inside] = 0.0
        matrix = hstack([system.matrix, (system.matrix @ outside)[:, None]]).tocsr()
        most = np.full(size + 1, self._most)
        most[inside] = 0.0
        found = _best(matrix, system.interior.right, np.array([size]), most, INSIDE)
        if found is None or found[0][size] <= TABLE:
            return None
        return system.interior.fitting(found[0][:size] + outside * found[0][size])

    def _free(self, system: System, wanted: list[_Wanted], repair: Repair) -> bool:
        """Whether there is a table for all that is wanted beside one group; else proofs broken.

        What needs a cell that hides by now waits for the next search: it may be free.
        """
        free, proved = True, []
        for one in wanted:
            if any(proof.times[one.own[0]] >= 1 - intervals.TOLERANCE for proof in proved):
                continue
            cells = one.cells
            if cells is not None and repair.hidden[cells].any():
                free = False
                continue
            found = self._broken(system, one, cells, repair)
            if not found and (cells := self._by_simplex(system, one)) is not None:
                found = self._broken(system, one, cells, repair)
                if not found:
                    repair.add([tuple(cells.tolist())] if len(cells) else [])
                    free = False
            proved += found
            free &= not found
        return free

    def _broken(
        self, system: System, wanted: _Wanted, cells: np.ndarray | None, repair: Repair
    ) -> list[Proof]:
        """Break the proofs that something wanted has no table, until none is near."""
        broken: list[Proof] = []
        while cells is not None and len(broken) < MOST_PROOFS:
            proof = self._proof(system, cells, wanted, repair.hidden)
            if proof is None:
                break
            broken.append(proof)
            cells = proof.cells
            repair.add([tuple(cells.tolist())])
        return broken

    def _cuts(self, system: System, wanted: _Wanted) -> list[Cut]:
        """No cut where there is a table after all; else the cells of proofs."""
        repair = intervals.Repair(self.cost)
        self._free(system, [wanted], repair)
        return list(repair.cuts.rows)

    def _proof(
        self, system: System, cells: np.ndarray, wanted: _Wanted, hidden: np.ndarray
    ) -> Proof | None:
        rows = proofs.near(system.target, cells, system.published & ~hidden)
        groups = self.groups
        return proofs.shortest(
            groups.cells, groups.truth, rows, wanted.own, wanted.least, wanted.empty
        )

    def _by_simplex(self, system: System, wanted: _Wanted) -> np.ndarray | None:
        """None where some table does what is wanted; else published cells that forbid it.

        Where there are too many programs, the cells that hold the classes: one of them hides, as
        if that were proved.
        """
        most = np.full(len(self.groups.truth), self._most)
        most[wanted.empty] = 0.0
        self.programs += 1
        found = None
        if self.programs * len(most) <= MOST_WORK:
            found = _best(system.matrix, system.interior.right, wanted.own, most)
        if found is None:
            marked = np.zeros(len(most))
            marked[wanted.own] = 1.0
            return np.flatnonzero((self.groups.cells @ marked > 0) & system.published)
        table, multipliers = found
        if table[wanted.own].sum() >= wanted.least - intervals.TOLERANCE:
            return None
        return system.cells_of(multipliers)

    @property
    def _most(self) -> float:
        """No published count may hold a class; a bound keeps its program from running away."""
        return self.groups.truth.sum() + FEW * self.k


def _against(system: System, found: Found) -> np.ndarray | None:
    """Published cells that contradict what was searched for; far fewer than there are equations."""
    return None if found.multipliers is None else system.cells_of(found.multipliers)


def _beside(inside: np.ndarray, column: int, cells: np.ndarray | None = None) -> _Wanted:
    """One case in a class, and nobody in the rest of a group."""
    own = np.array([column], dtype=np.int32)
    return _Wanted(own, 1.0, inside[inside != column], cells)


def _best(matrix, right: np.ndarray, own: np.ndarray, most, options=None) -> tuple | None:
    """The table with the most in some columns, and the dual values of its rows."""
    cost = np.zeros(matrix.shape[1])
    cost[own] = -1.0
    program = solver.program(matrix, right, right, cost, options or {}, most)
    program.run()
    if not solver.solved(program):
        return None
    found = program.getSolution()
    return np.array(found.col_value), np.array(found.row_dual)


class _Moves:
    """Tables with one case in a class and nobody in a group, near one with nobody in the group."""

    def __init__(self, system: System) -> None:
        from geo.protect import moves as compiled

        inside = system.interior
        scaled = inside.across.multiply(inside.squares[:, None]).tocsr()
        self.given = (scaled.indptr, scaled.indices, scaled.data, inside.inverse)
        self.squares, self.compiled = inside.squares, compiled
        self.own = compiled.of(self.squares, *self.given)

    def left(self, table: np.ndarray) -> np.ndarray:
        """Classes for which no such table was found, in order of their numbers."""
        return self.compiled.left(table, self.squares, self.own, *self.given)

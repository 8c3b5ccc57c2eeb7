"""The interval rule: for all that is published, every small group may be none and may reach k.

Each small group needs two *witnesses*: tables of counts of the base cells, none of them
negative, that give every published count, one with nobody in the group and one with k or
more. Nearly all are found from inside (`interior`), a few thousandths of a second each,
and where that fails, the way it failed points at the published cells that prove that
there is none (`proofs`). What neither settles goes to the simplex method, whose optimum
decides. The cells of a short proof make a cut.

Witnesses are kept. One stays good while every cell in which it differs from the truth
stays hidden, so that hiding more never breaks one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.protect import attack, cover, kernels, lines, proofs, rank, solver
from geo.protect.cover import Cover, Cuts
from geo.protect.interior import Interior

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from geo.protect.attack import Cut, Target
    from geo.protect.proofs import Proof

TOLERANCE = 1e-6
DIFFERENCE = 1e-5
TRACE = 1e-3
"""Least share of the largest coefficient that counts as part of a proof from inside."""
WIDE = 60
"""Where more cells are near a proof, it is shortened before its neighbours are looked at."""
WIDEST = 200
"""Where more are near even then, it is short enough: a program of so many takes long."""
MOST_PROOFS = 60
"""Proofs of one group, each without what hides for those before it, in one search."""
PART = 16
"""Groups proved between two looks at which others the proofs bound."""
FEW, MOST_WORK = 10, 400_000
"""Groups left to the simplex method times classes; with more it takes minutes, and none is settled."""
CHUNK = 50
"""Iterations between two looks at what the vertex serves."""
PRIMAL = {
    "solver": "simplex",
    "simplex_strategy": 4,
    "simplex_scale_strategy": 0,
    "simplex_primal_edge_weight_strategy": 1,
}


class _Contradicted(NamedTuple):
    """A group, its classes, and the published cells that contradict it together."""

    group: int
    columns: np.ndarray
    cells: np.ndarray


@dataclass(frozen=True)
class Groups:
    """Small groups over classes of base cells that no cell and no group tells apart.

    Attributes
    ----------
    cells : scipy.sparse.csr_matrix
        All cells of the cube x classes.
    truth : numpy.ndarray of float
        True cases of each class.
    reach : scipy.sparse.csr_matrix
        The least groups x classes: where these may reach k, all may.
    none : scipy.sparse.csr_matrix
        The largest groups x classes: where these may be none, all may.
    fewer : scipy.sparse.csr_matrix
        The largest of the groups with fewer than k - 1 cases x classes.
    """

    cells: csr_matrix
    truth: np.ndarray
    reach: csr_matrix
    none: csr_matrix
    fewer: csr_matrix


def groups(target: Target) -> Groups:
    """Every small group of a cube: cells, the unplaced, and those of one or several values."""
    from scipy.sparse import vstack

    found = small(target)
    classes, group = rank.merged(vstack([target.members, found]).tocsr())
    size = len(target.value)
    distinct = _distinct((classes[size:] > 0).astype(np.float64).tocsr())
    least, largest = _extremes(distinct)
    truth = np.bincount(group, weights=target.cases, minlength=classes.shape[1])
    fewer = distinct[np.flatnonzero(distinct @ truth < target.k - 1)]
    return Groups(
        classes[:size].astype(np.float64).tocsr(),
        truth,
        distinct[least],
        distinct[largest],
        fewer[_extremes(fewer)[1]],
    )


def small(target: Target) -> csr_matrix:
    """Every small group over base cells, one a row."""
    from scipy.sparse import vstack

    cells = target.members[np.flatnonzero(lines.small(target.value, target.k))]
    return vstack([cells, *attack.other_groups(target)]).tocsr()


def columns_of(kind: csr_matrix, group: int) -> np.ndarray:
    """Classes of a group of one kind."""
    return kind.indices[kind.indptr[group] : kind.indptr[group + 1]]


def _distinct(rows: csr_matrix) -> csr_matrix:
    rows.sort_indices()
    first: dict[bytes, int] = {}
    for row in range(rows.shape[0]):
        own = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        first.setdefault(own.tobytes(), row)
    return rows[sorted(first.values())]


def _extremes(rows: csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Rows that contain no other row, and rows that no other contains."""
    shared = (rows @ rows.T).tocoo()
    inside = (shared.data == np.diff(rows.indptr)[shared.row]) & (shared.row != shared.col)
    least, largest = np.ones((2, rows.shape[0]), dtype=bool)
    largest[shared.row[inside]] = False
    least[shared.col[inside]] = False
    return np.flatnonzero(least), np.flatnonzero(largest)


@dataclass
class Witnesses:
    """Tables found so far: where each differs from the truth, and which groups it serves."""

    differs: list[np.ndarray] = field(default_factory=list)
    reach: list[np.ndarray] = field(default_factory=list)
    none: list[np.ndarray] = field(default_factory=list)

    def served(self, published: np.ndarray, sizes: tuple[int, int]) -> tuple[np.ndarray, ...]:
        """Masks of the groups, of both kinds, with a witness that fits what is published."""
        reach, none = (np.zeros(size, dtype=bool) for size in sizes)
        if self.differs:
            shown = np.packbits(published)
            for row in np.flatnonzero(~(np.array(self.differs) & shown).any(axis=1)):
                reach[self.reach[row]] = True
                none[self.none[row]] = True
        return reach, none


@dataclass
class Intervals:
    """Finds groups without witnesses, and what must hide so that they may have one.

    Attributes
    ----------
    groups : Groups
    k : int
    cost : numpy.ndarray of float
        What hiding each cell costs, where one of several proofs' cells must.
    witnesses : Witnesses
    systems : int
        Linear programs solved.
    system : System, optional
        That of the last search.
    last : tuple, optional
        What was published at the last search, and the centre of what fits it.
    """

    groups: Groups
    k: int
    cost: np.ndarray
    witnesses: Witnesses = field(default_factory=Witnesses)
    systems: int = 0
    system: System | None = None
    last: tuple[np.ndarray, np.ndarray] | None = None

    def violations(
        self, target: Target, published: np.ndarray, *, settled: bool = True
    ) -> list[Cut]:
        """Cuts for groups that cannot be none or cannot reach k; none only where there are none.

        What neither a table nor a proof from inside settles waits until nothing else is wrong, or
        is left where it need not be `settled`: a choice that is one of many need not be clean.
        """
        sizes = (self.groups.reach.shape[0], self.groups.none.shape[0])
        reach, none = self.witnesses.served(published, sizes)
        if reach.all() and none.all():
            return []
        kept = self._centre(published)
        system, cuts = self._searched(target, published, kept, (reach, none))
        if not settled:
            return cuts
        if kept is not None and not (cuts or (reach.all() and none.all())):
            # What hid since has made room that a kept centre does not see.
            system, cuts = self._searched(target, published, None, (reach, none))
        if cuts or (reach.all() and none.all()):
            return cuts
        left = sizes[0] + sizes[1] - int(reach.sum() + none.sum())
        if len(self.groups.truth) * max(left, FEW) > MOST_WORK:
            return cuts + self._unsettled(published, reach, none)
        program = _Program(system)
        cuts += self._unserved(program, self.groups.reach, (reach, none), most=True)
        cuts += self._unserved(program, self.groups.none, (none, reach), most=False)
        return cuts

    def _searched(
        self, target: Target, published: np.ndarray, centre: np.ndarray | None, served: tuple
    ) -> tuple[System, list[Cut]]:
        """Witnesses and proofs from inside for the groups not served, with the system they are of."""
        self.system = None  # an inverse at a time: it is the largest thing there is
        with solver.one_thread():
            system = self.system = System(target, published, self.groups, centre)
            self.last = published.copy(), system.interior.centre
            repair = Repair(self.cost)
            self._from_inside(system, served, self.k, repair)
            self._from_inside(system, served, 0, repair)
        return system, list(repair.cuts.rows)

    def fitting(self, target: Target, published: np.ndarray) -> System:
        """The published counts as equations, made anew where the last search was of others."""
        if self.system is None or (self.system.published != published).any():
            self.system = None
            with solver.one_thread():
                self.system = System(target, published, self.groups, self._centre(published))
        return self.system

    def _centre(self, published: np.ndarray) -> np.ndarray | None:
        """Centre of the last search, where nothing is published that was not then."""
        before, centre = self.last or (None, None)
        return None if before is None or (published & ~before).any() else centre

    def _from_inside(self, system: System, served: tuple, least: int, repair: Repair) -> None:
        """Witnesses near the centre for groups of one kind; cuts where a proof forbids them.

        A group that gets neither stays unserved. A search takes less than a thread costs; proofs
        are sought on all processors and taken in their order.
        """
        kind = self.groups.reach if least else self.groups.none
        own = served[0] if least else served[1]
        contradicted = []
        for group in np.flatnonzero(~own).tolist():
            if own[group]:
                continue
            of = columns_of(kind, group)
            found = system.interior.nearest(of, least)
            self.systems += 1
            if found.table is not None:
                self._note(found.table, served)
            elif found.multipliers is not None:
                cells = system.cells_of(found.multipliers)
                contradicted.append(_Contradicted(group, of, cells))
        self._broken(system, contradicted, own, least, repair)

    def _broken(
        self,
        system: System,
        contradicted: list[_Contradicted],
        own: np.ndarray,
        least: int,
        repair: Repair,
    ) -> None:
        """Proofs for groups whose conditions contradict the published counts, until none is near.

        Each proof is broken at once, together with all before it, and the next sought without
        what then hides. A group whose contradiction needs a cell that hides by now, or that a
        proof bounds, waits for the next search: it may be free.
        """
        while contradicted:
            part = _disjoint(contradicted)
            seen = {one.group for one in part}
            for short in self._freed(system, part, own, least, repair):
                for one in contradicted:
                    own[one.group] |= short.bounds(one.columns, least)
            contradicted = [
                one
                for one in contradicted
                if not (one.group in seen or own[one.group] or repair.hidden[one.cells].any())
            ]

    def _freed(
        self,
        system: System,
        part: list[_Contradicted],
        own: np.ndarray,
        least: int,
        repair: Repair,
    ) -> list[Proof]:
        """Break the proofs of some groups, one of each at a time, until none is near."""
        broken: list[Proof] = []
        last: list[np.ndarray | None] = [None] * len(part)
        for _ in range(MOST_PROOFS):
            found = solver.mapped(
                lambda pair: system.proved(pair[0], least, repair.hidden, pair[1]),
                list(zip(part, last, strict=True)),
            )
            part = [one for one, proof in zip(part, found, strict=True) if proof is not None]
            short = [proof for proof in found if proof is not None]
            if not short:
                break
            own[[one.group for one in part]] = True
            last = [proof.cells for proof in short]
            repair.add([tuple(cells.tolist()) for cells in last])
            broken += short
        return broken

    def _unsettled(self, published: np.ndarray, reach: np.ndarray, none: np.ndarray) -> list[Cut]:
        """Published cells around each group that has neither a witness nor a proof.

        One of them hides, as if it were proved: a group may be looser than it must be. What
        holds a whole group keeps it from reaching k; what touches one, from being none.
        """
        cuts = []
        for kind, own, whole in ((self.groups.reach, reach, True), (self.groups.none, none, False)):
            for group in np.flatnonzero(~own).tolist():
                marked = np.zeros(kind.shape[1])
                marked[columns_of(kind, group)] = 1.0
                shared = np.where(published, self.groups.cells @ marked, 0.0)
                around = shared == marked.sum() if whole else shared > 0
                cells = np.flatnonzero(around if around.any() else shared > 0)
                cuts.append(tuple(cells.tolist()))
        return [cut for cut in cuts if cut]

    def _unserved(self, program: _Program, kind: csr_matrix, served, *, most: bool) -> list[Cut]:
        """Groups of one kind, the one nearest to its witness first, until all are settled."""
        own, other = served
        cuts = []
        while not own.all():
            left = np.flatnonzero(~own)
            counts = kind[left] @ program.table
            group = left[np.argmax(counts) if most else np.argmin(counts)]
            columns = columns_of(kind, group)
            program.aim(columns, most=most)
            self.systems += 1
            while not program.step():
                self._note(program.table, (own, other) if most else (other, own))
                if self._reached(program, columns, most=most):
                    break
            self._note(program.table, (own, other) if most else (other, own))
            if not self._reached(program, columns, most=most):
                cuts += program.cuts(group, columns, self.k, most=most)
            own[group] = True
            program.forget(columns)
        return cuts

    def _reached(self, program: _Program, columns: np.ndarray, *, most: bool) -> bool:
        count = program.table[columns].sum()
        return count >= self.k - TOLERANCE if most else count <= TOLERANCE

    def _note(self, table: np.ndarray, served: tuple[np.ndarray, np.ndarray]) -> None:
        """Keep a table where it serves a group that nothing served."""
        of = self.groups
        reach = np.flatnonzero(of.reach @ table >= self.k - TOLERANCE)
        none = np.flatnonzero(of.none @ table <= TOLERANCE)
        if served[0][reach].all() and served[1][none].all():
            return
        served[0][reach] = True
        served[1][none] = True
        differs = np.abs(of.cells @ (table - of.truth)) > DIFFERENCE
        self.witnesses.differs.append(np.packbits(differs))
        self.witnesses.reach.append(reach)
        self.witnesses.none.append(none)


class Repair:
    """Cuts of one search, and the least costly choice that breaks them all."""

    def __init__(self, cost: np.ndarray) -> None:
        self.cover, self.cuts = Cover(cost, cover.ROUGH), Cuts()
        self.hidden = np.zeros(len(cost), dtype=bool)

    def add(self, cuts: list[Cut]) -> None:
        """More cuts; another choice where they need one."""
        if self.cuts.add(cuts):
            self.hidden = self.cover.cheapest(self.cuts)


def _disjoint(waiting: list[_Contradicted]) -> list[_Contradicted]:
    """The first few of which no two share a cell: what hides for one leaves the others as they are."""
    taken: set[int] = set()
    chosen = []
    for one in waiting:
        own = set(one.cells.tolist())
        if len(chosen) < PART and not own & taken:
            chosen.append(one)
            taken |= own
    return chosen


class System:
    """The published counts as equations over classes of base cells."""

    def __init__(
        self,
        target: Target,
        published: np.ndarray,
        of: Groups,
        centre: np.ndarray | None = None,
    ) -> None:
        self.target, self.published, self.groups = target, published, of
        self.matrix, self.made_of = _independent(target, published, of)
        self.interior = Interior(self.matrix, of.truth, centre)

    def cells_of(self, multipliers: np.ndarray) -> np.ndarray:
        """Published cells of a combination of the equations, without its traces."""
        factors = np.abs(self.made_of.T @ multipliers)
        return np.flatnonzero(factors > TRACE * factors.max(initial=0.0))

    def proved(
        self, of: _Contradicted, least: int, hidden: np.ndarray, last: np.ndarray | None
    ) -> Proof | None:
        """A short proof near a combination of the equations, or near the last proof there was."""
        shown = self.published & ~hidden
        if last is not None:
            return self._shortest(proofs.near(self.target, last, shown), of.columns, least)
        rows = proofs.near(self.target, of.cells, shown)
        if len(rows) > WIDE:
            first = self._shortest(proofs.above(self.target, of.cells, shown), of.columns, least)
            if first is not None:
                rows = proofs.near(self.target, first.cells, shown)
                if len(rows) > WIDEST:
                    return first
        return self._shortest(rows, of.columns, least)

    def _shortest(self, rows: np.ndarray, columns: np.ndarray, least: int) -> Proof | None:
        return proofs.shortest(self.groups.cells, self.groups.truth, rows, columns, least)


class _Program:
    """All tables that fit what is published, walked from vertex to vertex.

    Primal simplex stays feasible when only the objective changes, so that each group
    starts where the last one ended.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        truth = system.groups.truth
        right = system.matrix @ truth
        # No published count may hold a class; a bound keeps its program from running away.
        most = truth.sum() + system.target.k
        cost = np.zeros(len(truth))
        self.solver = solver.program(system.matrix, right, right, cost, PRIMAL, most)
        self.solver.run()
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("simplex_iteration_limit", CHUNK)
        self.table = self._table()

    def aim(self, columns: np.ndarray, *, most: bool) -> None:
        """Look for a table with the most, or the least, in some classes."""
        self._cost(columns, -1.0 if most else 1.0)

    def forget(self, columns: np.ndarray) -> None:
        """No aim any more."""
        self._cost(columns, 0.0)

    def step(self) -> bool:
        """Some iterations; whether the aim cannot be bettered."""
        self.solver.run()
        self.table = self._table()
        return solver.optimal(self.solver, feasible=True)

    def cuts(self, group: int, columns: np.ndarray, k: int, *, most: bool) -> list[Cut]:
        """Published cells that together prove what the last aim came to."""
        cells = self.system.cells_of(np.array(self.solver.getSolution().row_dual))
        aim = _Contradicted(group, columns, cells)
        nothing = np.zeros(len(self.system.published), dtype=bool)
        found = self.system.proved(aim, k if most else 0, nothing, None)
        return [tuple((cells if found is None else found.cells).tolist())]

    def _cost(self, columns: np.ndarray, cost: float) -> None:
        columns = columns.astype(np.int32)
        self.solver.changeColsCost(len(columns), columns, np.full(len(columns), cost))

    def _table(self) -> np.ndarray:
        return np.array(self.solver.getSolution().col_value)


def _independent(target: Target, published: np.ndarray, of: Groups) -> tuple:
    """Linearly independent rows that span the published ones, few entries each."""
    made_of = attack.sparser(target, published)[np.flatnonzero(published)]
    rows = (made_of @ of.cells).tocsr()
    rows.eliminate_zeros()
    order = np.argsort(np.diff(rows.indptr), kind="stable")
    order = order[np.diff(rows.indptr)[order] > 0]
    rows, made_of = rows[order], made_of[order]
    peeled, given = kernels.peel(rows.indptr, rows.indices, rows.shape[1])
    rows, made_of = rows[peeled], made_of[peeled]
    frequency = np.bincount(rows.indices, minlength=rows.shape[1])
    entries = rows.data.astype(np.int64)
    first = int((given >= 0).sum())
    chosen = kernels.independent(
        rows.indptr, rows.indices, entries, frequency, first, rank.PRIMES[0]
    )
    return rows[chosen], made_of[chosen]

"""Check 10: somebody who knows one case, whole, and subtracts it from what the release tells.

**What checks 2 to 4 prove already.** A number that is known, published or derived, is 0 or at
least k, and so is what the known parts of a line or of a box leave of it. Who knows one case
of the group knows at least k - 1 others, which is what the rule asks; who knows a case outside
of it knows no less than before. So nothing needs to be searched among known numbers.

**What they do not prove.** A hidden group is a range, and one known case may narrow it. An
insider is a combination of finest codes, one on each axis, such as somebody may carry; every
cell around it counts at least 1. For each hidden group around it, one table that fits the
published numbers, has at least 1 in all of these cells, and 1 or at least k in the group, is
enough: the others in the group are then not confined to 1 to k - 2. Most pairs of group and
insider have such a table: the one with the least in all cells around the insider serves nearly
all its groups at once, and tables of other checks and other insiders serve too. What is left
is bounded by programs of its own. `MOST_PROGRAMS` programs are solved at most, fewer in
large releases, for the insiders around the tightest hidden cells first.

An insider carries one value on each axis. One may be nobody: the release does not say which combinations occur. A finding is a
group of which *somebody like that* would learn a small count of others. Groups that the known
case is no part of are not looked at. Two known cases: how many known numbers are exactly k,
which leave k - 2 others to two people who both know one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.audit import programs
from geo.audit.axes import Axis
from geo.audit.bounds import LARGEST_SINGLE, SIMPLEX_ITERATIONS, Bounds
from geo.audit.derived import Knowledge
from geo.audit.findings import Recorder, Result
from geo.audit.programs import TOLERANCE, Program, Ranges, Tables
from geo.audit.space import Points, ancestors

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_INSIDERS = 250
WORK = 4_400_000
MOST_PROGRAMS = 1_000
"""Programs at most, and hidden cells times programs: the larger, the slower is each."""
PARTS = 2
"""Parts of the insiders that are searched side by side, whatever the machine has, so that the
same release has the same numbers everywhere."""
PASSES = 2
OPEN_WEIGHT = 20.0
"""What a case in a group that is still open costs, against 1 elsewhere."""
DUAL, PRIMAL = 1, 4
"""Simplex strategies of HiGHS: the dual after bounds change, the primal after the aim does."""
TRIES = 24
"""Combinations of codes drawn for one hidden cell until one can be a case."""
SEED = 20_180_730


class Case(NamedTuple):
    """One known case: the hidden columns around it, and those of them not yet settled."""

    columns: np.ndarray
    groups: np.ndarray


@dataclass
class Insiders:
    """What insiders learn of hidden groups.

    Attributes
    ----------
    cells : int
        Hidden cells that a case may lie in.
    tried : int
        Insiders looked at: each lies in the tightest cell that none before lies in.
    without : int
        Hidden cells that no insider looked at lies in.
    pairs, free, confined, open : int
        Pairs of a hidden group and an insider in it; those with a table that leaves the
        others free; those in which the others are from 1 to k-2; those not settled.
    systems : int
        Linear programs solved.
    impossible : int
        Insiders that no table has.
    """

    cells: int = 0
    tried: int = 0
    without: int = 0
    pairs: int = 0
    free: int = 0
    confined: int = 0
    open: int = 0
    systems: int = 0
    impossible: int = 0


def insiders(
    knowledge: Knowledge, program: Program, ranges: Ranges, bounds: Bounds, k: int, progress=None
) -> Insiders:
    """Look for hidden groups that one known case would confine."""
    found = Insiders()
    if ranges.impossible or not bounds.feasible or not len(program.cells):
        return found
    held = program.targets[ranges.high[program.targets] > 0]
    found.cells = len(held)
    cases = _cases(knowledge, program, ranges, held, found)
    found.tried = len(cases)
    searches = [
        _Search(program, Tables([*bounds.tables.found]), Insiders(), k, None if part else progress)
        for part in range(PARTS)
    ]
    parts = [cases[part::PARTS] for part in range(PARTS)]
    for own in programs.side_by_side(_Search.run, searches, parts):
        for name in ("pairs", "confined", "open", "systems", "impossible"):
            setattr(found, name, getattr(found, name) + getattr(own, name))
    found.free = found.pairs - found.confined - found.open
    return found


def _cases(knowledge, program: Program, ranges: Ranges, held, found: Insiders) -> list[Case]:
    """Insiders, one in each of the tightest hidden cells that no insider before lies in."""
    around = _Around(knowledge, program)
    generator = np.random.default_rng(SEED)
    covered = np.zeros(len(program.cells), dtype=bool)
    cases = []
    for column in held[np.argsort(ranges.high[held], kind="stable")]:
        if len(cases) >= MOST_INSIDERS:
            break
        columns = None if covered[column] else around.columns(int(column), ranges, generator)
        if columns is not None:
            cases.append(Case(columns, columns[np.isin(columns, program.targets)]))
            covered[columns] = True
    found.without = int((~covered[held]).sum())
    return cases


class _Around:
    """Which cells lie around a case: those all of whose nodes hold its codes."""

    def __init__(self, knowledge: Knowledge, program: Program) -> None:
        system, settled = knowledge.system, knowledge.settled
        self.holds = [_holding(one) for one in system.axes]
        self.none = system.nodes(np.flatnonzero(settled.known & (settled.values == 0)))
        self.hidden = system.nodes(program.cells)

    def columns(self, column: int, ranges: Ranges, generator) -> np.ndarray | None:
        """Columns around a case in a hidden cell; drawn until none of them can only be none."""
        inside = [
            np.flatnonzero(one[:, node])
            for one, node in zip(self.holds, self.hidden[column], strict=True)
        ]
        if not all(map(len, inside)):
            return None
        for _ in range(TRIES):
            atoms = [int(generator.choice(one)) for one in inside]
            columns = np.flatnonzero(self._around(self.hidden, atoms))
            if not self._around(self.none, atoms).any() and (ranges.high[columns] > 0).all():
                return columns
        return None

    def _around(self, nodes: np.ndarray, atoms: list[int]) -> np.ndarray:
        every = np.ones(len(nodes), dtype=bool)
        for d, (one, atom) in enumerate(zip(self.holds, atoms, strict=True)):
            every &= one[atom][nodes[:, d]]
        return every


def _carried(axis: Axis) -> list[frozenset[str]]:
    """Codes that a case may carry on an axis: a finest shown code and what it lies in, or none."""
    shown = [name for name in axis.names if "|" not in name and "+" not in name]
    carried = {frozenset((name, *ancestors(axis.name, name))) for name in shown}
    return sorted(carried, key=sorted)


def _holding(axis: Axis) -> np.ndarray:
    """Which nodes of an axis hold a case, by the codes it carries: cases x nodes."""
    terms = [axis.terms(node) for node in range(len(axis.names))]
    return np.array(
        [
            [
                any(
                    carried >= set(one.required) and not carried & set(one.excluded) for one in all_
                )
                for all_ in terms
            ]
            for carried in _carried(axis)
        ]
    )


@dataclass
class _Search:
    """Tables for pairs of group and insider: those of others first, then programs of its own."""

    program: Program
    tables: Tables
    found: Insiders
    k: int
    progress: Callable | None
    impossible: bool = False

    @property
    def most(self) -> int:
        """Programs that may be solved."""
        return min(MOST_PROGRAMS, WORK // len(self.program.cells)) // PARTS

    def run(self, cases: list[Case]) -> Insiders:
        """Settle what can be settled of some cases, and count."""
        self.found.pairs = sum(len(case.groups) for case in cases)
        cases = self.left(cases)
        if len(self.program.cells) <= LARGEST_SINGLE:
            for _ in range(PASSES if cases else 0):
                cases = self.together(cases) if cases else cases
            cases = self.one_by_one(cases)
        self.found.open = sum(len(case.groups) for case in cases)
        return self.found

    def left(self, cases: list[Case]) -> list[Case]:
        """Cases with a group that no table found so far leaves free."""
        narrowed = [case._replace(groups=self._open(case)) for case in cases]
        return [case for case in narrowed if len(case.groups)]

    def together(self, cases: list[Case]) -> list[Case]:
        """A table for each case with as few as can be in what is open around any case.

        What is aimed at stays the same, so that the dual simplex goes on from case to case.
        """
        cost = np.zeros(len(self.program.cells))
        cost[self.program.targets] = 1.0
        cost[np.concatenate([case.groups for case in cases])] = OPEN_WEIGHT
        solver, kept = self._solver(cost), []
        for number, case in enumerate(cases):
            if self.found.systems >= self.most:
                kept.append(case)
                continue
            self._tell(number, len(cases))
            self._know(solver, case, 1.0)
            if self._table(solver) is not None or not self.impossible:
                kept.append(case)
            else:
                self.found.impossible += 1
                self.found.pairs -= len(case.groups)
            self._know(solver, case, 0.0)
        return self.left(kept)

    def one_by_one(self, cases: list[Case]) -> list[Case]:
        """Exact ranges of what is left; every table on the way may free other groups."""
        solver, kept = self._solver(np.zeros(len(self.program.cells))), []
        for number, case in enumerate(cases):
            self._tell(number, len(cases))
            unsettled, groups = [], self._open(case)
            if len(groups) and self.found.systems < self.most:
                self._know(solver, case, 1.0)
                solver.setOptionValue("simplex_strategy", DUAL)
                self._table(solver)
                solver.setOptionValue("simplex_strategy", PRIMAL)
                groups, unsettled = self._settle(solver, case)
                self._know(solver, case, 0.0)
            kept.append(case._replace(groups=np.array([*unsettled, *groups.tolist()], dtype=int)))
        return kept

    def _settle(self, solver, case: Case) -> tuple[np.ndarray, list[int]]:
        """Groups around a case that the effort did not reach, and those that stay unsettled."""
        unsettled, groups = [], self._open(case)
        while len(groups) and self.found.systems < self.most:
            low, high = (self._end(solver, int(groups[0]), sign) for sign in (1.0, -1.0))
            if low is None or high is None:
                unsettled.append(int(groups[0]))
            elif low >= 2 - TOLERANCE and high <= self.k - 1 + TOLERANCE:
                self.found.confined += 1
            groups = self._open(case._replace(groups=groups[1:]))
        return groups, unsettled

    def _open(self, case: Case) -> np.ndarray:
        """Groups around a case for which no table has the case and leaves the others free."""
        if not self.tables.found or not len(case.groups):
            return case.groups
        counts = self.tables.of(case.columns)
        counts = counts[(counts >= 1 - TOLERANCE).all(axis=1)]
        counts = counts[:, np.searchsorted(case.columns, case.groups)]
        free = (counts < 2 - TOLERANCE) | (counts > self.k - 1 + TOLERANCE)
        return case.groups[~free.any(axis=0)]

    def _solver(self, cost: np.ndarray):
        width = len(self.program.cells)
        options = {"solver": "simplex", "simplex_iteration_limit": SIMPLEX_ITERATIONS}
        solver, right = programs.solver(options), self.program.right
        programs.load(solver, self.program.matrix, (right, right), cost, np.full(width, np.inf))
        programs.run(solver)
        solver.setOptionValue("presolve", "off")
        return solver

    def _know(self, solver, case: Case, least: float) -> None:
        size = len(case.columns)
        bounds = (np.full(size, least), np.full(size, np.inf))
        solver.changeColsBounds(size, case.columns.astype(np.int32), *bounds)

    def _table(self, solver) -> np.ndarray | None:
        table, self.impossible = programs.run(solver)
        self.found.systems += 1
        if table is not None:
            self.tables.found.append(table)
        return table

    def _end(self, solver, column: int, sign: float) -> float | None:
        """Least (sign 1) or most (-1) of a column; infinite where nothing bounds it."""
        solver.changeColCost(column, sign)
        table = self._table(solver)
        solver.changeColCost(column, 0.0)
        if table is None:
            return float(programs.UNBOUNDED) if programs.unbounded(solver) else None
        return float(table[column])

    def _tell(self, number: int, total: int) -> None:
        if self.progress and number % 20 == 0:
            self.progress("insiders", number, total)


def check(found: Insiders, *, decides: bool) -> Result:
    """Check 10: no group in which one known case confines the others to 1 to k-2.

    It decides where the policy enforces the interval rule, else it reports.
    """
    recorder = Recorder(10, "insider", decides=decides)
    recorder.tested = found.pairs
    recorder.limited = found.open
    if found.confined:
        words = "times one known case would tell from 1 to k-2 others in a hidden group"
        recorder.fail(f"{found.confined} {words}")
    return recorder.result()


def summary(found: Insiders, known: Points, k: int) -> dict[str, int]:
    """Numbers of the report; ``two``: known numbers of exactly k."""
    names = ("cells", "tried", "without", "pairs", "free", "confined", "open", "systems")
    numbers = {name: getattr(found, name) for name in (*names, "impossible")}
    return numbers | {"two": int((known.values == k).sum())}

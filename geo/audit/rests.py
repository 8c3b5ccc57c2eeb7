"""Check 9, further: beside each part of a group, k others are possible.

A part of a sensitive dimension of which nobody can say that it is all of its group may
still be nearly all of it: where what is published leaves room for fewer than k others,
everybody in the group has the part's value, but for a few. Small parts can reach k
(checks 5 to 7), so that this happens only where nobody else is in the group at all.

Looked at are pairs of group and part below country level of which one number is known and
the other is not. A table that fits the published numbers and has k others settles a pair,
and most tables of the other checks have that for many. The rest is solved one by one, so
many at the most, and what is left is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.audit import programs
from geo.audit.bounds import LARGEST_SINGLE, SIMPLEX_ITERATIONS, Bounds
from geo.audit.findings import Recorder, Result
from geo.audit.homogeneity import BELOW_COUNTRY, Equal, excuse, named
from geo.audit.programs import TOLERANCE, Program

if TYPE_CHECKING:
    from geo.audit.derived import Knowledge
    from geo.audit.evidence import Evidence
    from geo.audit.system import System

MOST_PROGRAMS = 400


class Pair(NamedTuple):
    """A part, the column of it or of its group that is not known, and what others there are.

    The others are ``shift + sign * column``.
    """

    part: Equal
    column: int
    sign: int
    shift: int


@dataclass
class Rests:
    """Pairs looked at, those with fewer than k others, those not settled, programs solved."""

    pairs: int = 0
    confined: tuple[Equal, ...] = ()
    open: int = 0
    systems: int = 0


def rests(
    evidence: Evidence, knowledge: Knowledge, program: Program, bounds: Bounds, k: int
) -> Rests:
    """Parts beside which fewer than k others are possible."""
    if not bounds.feasible or not len(program.cells):
        return Rests()
    pairs = _pairs(evidence, knowledge, program)
    columns = np.array([pair.column for pair in pairs], dtype=np.int64)
    signs = np.array([pair.sign for pair in pairs], dtype=float)
    others = bounds.tables.of(columns) * signs + [pair.shift for pair in pairs]
    free = (others >= k - TOLERANCE).any(axis=0)
    left = [pair for pair, settled in zip(pairs, free.tolist(), strict=True) if not settled]
    if not left or len(program.cells) > LARGEST_SINGLE:
        return Rests(len(pairs), open=len(left))
    return _solved(program, left, k, Rests(len(pairs)))


def _pairs(evidence: Evidence, knowledge: Knowledge, program: Program) -> list[Pair]:
    """Pairs of which one number is known and the other is in some open equation."""
    system, settled = knowledge.system, knowledge.settled
    found = {}
    for part, group in _divided(evidence, system):
        known = settled.known[[part, group]]
        hidden = group if known[0] else part
        column = int(np.searchsorted(program.cells, hidden))
        if known.sum() != 1 or program.cells[min(column, len(program.cells) - 1)] != hidden:
            continue
        one = named(system, part, group)
        if one and one.level in BELOW_COUNTRY and excuse(one, evidence.scope) is None:
            sign = 1 if hidden == group else -1
            count = int(settled.values[part if known[0] else group])
            found[part, group] = Pair(one, column, sign, -sign * count)
    return list(found.values())


def _divided(evidence: Evidence, system: System) -> list[tuple[int, int]]:
    """Listed parts and the groups that equations divide along a sensitive dimension."""
    row = np.repeat(np.arange(len(system.start) - 1), np.diff(system.start))
    group = np.full(len(system.start) - 1, -1)
    group[row[system.signs > 0]] = system.columns[system.signs > 0]
    parts = system.signs < 0
    pairs = np.column_stack([system.columns[parts], group[row[parts]]])
    pairs = np.unique(pairs[system.listed[pairs].all(axis=1)], axis=0)
    differ = system.nodes(pairs[:, 0]) != system.nodes(pairs[:, 1])
    sensitive = np.array([one.name in evidence.sensitive for one in system.axes])
    return pairs[(differ.sum(axis=1) == 1) & (differ & sensitive).any(axis=1)].tolist()


def _solved(program: Program, pairs: list[Pair], k: int, found: Rests) -> Rests:
    """Most others of each pair, by the primal simplex, which starts where it last ended."""
    width = len(program.cells)
    solver = programs.solver({"solver": "simplex", "simplex_iteration_limit": SIMPLEX_ITERATIONS})
    right, cost = (program.right, program.right), np.zeros(width)
    programs.load(solver, program.matrix, right, cost, np.full(width, np.inf))
    programs.run(solver)
    solver.setOptionValue("simplex_strategy", 4)
    solver.setOptionValue("presolve", "off")
    for pair in pairs[:MOST_PROGRAMS]:
        solver.changeColCost(pair.column, -float(pair.sign))
        table, _ = programs.run(solver)
        solver.changeColCost(pair.column, 0.0)
        found.systems += 1
        if table is None:
            found.open += not programs.unbounded(solver)
        elif pair.shift + pair.sign * table[pair.column] < k - TOLERANCE:
            found.confined += (pair.part,)
    found.open += len(pairs[MOST_PROGRAMS:])
    return found


def check(found: Rests, *, decides: bool) -> Result:
    """Check 9 of rests: it decides where the policy enforces the interval rule, else it reports."""
    recorder = Recorder(9, "rests", decides=decides)
    recorder.tested, recorder.limited = found.pairs, found.open
    for one in found.confined:
        words = f"{one.others}: all but fewer than k of the group around it, along {one.axis}"
        recorder.fail(words, one.level, one.codes[0].partition("|")[0])
    return recorder.result()


def summary(found: Rests) -> dict[str, int]:
    """Numbers of the report."""
    confined = len(found.confined)
    return {
        "pairs": found.pairs,
        "confined": confined,
        "open": found.open,
        "systems": found.systems,
    }

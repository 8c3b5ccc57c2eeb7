"""Check 7: sums of hidden siblings, bounded from what is known of each and of their parent.

The siblings of a line are the hidden parts of one equation: children along one dimension, with
their remainder. Their sum is the parent less its known parts, where the parent is hidden too
and only bounded: a parent of 20 to 29 whose known part counts 19 leaves 1 to 10. Three looks,
the cheap ones first:

- every subset of a line, by whole numbers. With each part at most `high` and all of them at
  least `least`, a subset counts at least `least` less the rest's `high`. Whether any subset
  is so confined to 1 to k-1 is a question of adding up small numbers, answered exactly.
- every line with a hidden parent, and every pair of siblings, against the tables that other
  checks found: one table in which the sum is under 1 or at least k, and the sum is free.
- what no table frees, by linear programs of its own, the tightest first, `MOST_PROGRAMS` of
  them at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import numpy as np

from geo.audit import programs
from geo.audit.bounds import LARGEST_SINGLE, SIMPLEX_ITERATIONS, Bounds
from geo.audit.findings import Recorder, Result
from geo.audit.programs import TOLERANCE, UNBOUNDED, Program, Ranges, Tables
from geo.audit.system import System

MOST_PROGRAMS = 200
MOST_PARTS = 190
"""Hidden parts of a line whose pairs are looked at one by one."""


class Sum(NamedTuple):
    """Some hidden columns of one line: their sum is looked at."""

    columns: tuple[int, ...]


@dataclass
class Sums:
    """What was found of the sums.

    Attributes
    ----------
    lines, pairs : int
        Lines looked at, and pairs of siblings.
    confined : dict
        Sums that lie within 1 and k-1, to their least and most.
    narrowest : int
        Width of the narrowest range solved, at most k.
    systems, left, wide_lines : int
        Programs solved; sums that no table frees and no program was spent on; lines of more
        than `MOST_PARTS` hidden parts, whose pairs were not looked at.
    """

    narrowest: int
    lines: int = 0
    pairs: int = 0
    confined: dict[tuple[int, ...], tuple[int, int]] = field(default_factory=dict)
    systems: int = 0
    left: int = 0
    wide_lines: int = 0


def sums(program: Program, ranges: Ranges, bounds: Bounds, k: int, progress=None) -> Sums:
    """Bound the sums of hidden siblings of every line."""
    found = Sums(narrowest=k)
    if ranges.impossible or not bounds.feasible or not len(program.cells):
        return found
    lines = _lines(program)
    found.lines = len(lines)
    _subsets(program, ranges, lines, found, k)
    open_ = [one for one in _whole_lines(program, lines) if one.columns not in found.confined]
    open_ += _pairs(lines, bounds.tables, found, k)
    open_ = _not_free(open_, bounds.tables, k)
    if len(program.cells) > LARGEST_SINGLE:
        found.left = len(open_)
        return found
    _solve(program, _tightest(open_, ranges), bounds.tables, found, k, progress)
    return found


class _Line(NamedTuple):
    """Row of the program, its hidden parents and its hidden parts."""

    row: int
    parents: np.ndarray
    parts: np.ndarray


def _lines(program: Program) -> list[_Line]:
    """Equations with two hidden parts or more that listed views hold."""
    listed = np.zeros(len(program.cells), dtype=bool)
    listed[program.targets] = True
    matrix, found = program.matrix, []
    for row in range(matrix.shape[0]):
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns, signs = matrix.indices[inside], matrix.data[inside]
        parts = np.sort(columns[signs < 0])
        if len(parts) > 1 and listed[parts].all():
            found.append(_Line(row, columns[signs > 0], parts))
    return found


def _whole_lines(program: Program, lines: list[_Line]) -> list[Sum]:
    """Sums of all hidden parts, where the parent is hidden and some part is known."""
    found = [
        Sum(tuple(one.parts.tolist()))
        for one in lines
        if len(one.parents) and (len(one.parents) > 1 or program.right[one.row])
    ]
    return list(dict.fromkeys(found))


def _subsets(program: Program, ranges: Ranges, lines: list[_Line], found: Sums, k: int) -> None:
    """Subsets of every line that whole numbers confine to 1 to k-1."""
    above, below = programs.sides(program, ranges.low, ranges.high)
    right = np.rint(program.right).astype(np.int64)
    for one in lines:
        low, high = ranges.low[one.parts], ranges.high[one.parts]
        # The left side is parents less parts, and the parts are what it lacks to the parents.
        least = max(above[one.row] + high.sum() - right[one.row], low.sum())
        most = min(below[one.row] + low.sum() - right[one.row], high.sum())
        if least >= 1 and most <= k - 1:
            found.confined[tuple(one.parts.tolist())] = (int(least), int(most))
        chosen = small_subset(high, int(high.sum() - least) + 1, k - 1)
        if len(chosen) > 1:
            under = int(least - np.delete(high, chosen).sum())
            key = tuple(one.parts[chosen].tolist())
            found.confined.setdefault(key, (under, int(high[chosen].sum())))


def small_subset(sizes: np.ndarray, least: int, most: int) -> list[int]:
    """Positions of a subset of some sizes that sums to `least` to `most`; empty for none.

    >>> small_subset(np.array([30, 4, 3, 9]), 6, 10)
    [1, 2]
    """
    if least > most:
        return []
    reached: dict[int, list[int]] = {0: []}
    for at in np.flatnonzero(sizes <= most):
        for total, members in list(reached.items()):
            grown = total + int(sizes[at])
            if grown <= most and grown not in reached:
                reached[grown] = [*members, int(at)]
    fitting = [members for total, members in reached.items() if total >= least and members]
    return max(fitting, key=len, default=[])


def _pairs(lines: list[_Line], tables: Tables, found: Sums, k: int) -> list[Sum]:
    """Pairs of siblings of which no table shows one at k: with it the pair would be free."""
    pairs: dict[Sum, None] = {}
    for one in lines:
        if len(one.parts) > MOST_PARTS:
            found.wide_lines += 1
            continue
        found.pairs += len(one.parts) * (len(one.parts) - 1) // 2
        counts = tables.of(one.parts)
        free = (counts > k - 1 + TOLERANCE).any(axis=0)
        parts, counts = one.parts[~free], counts[:, ~free]
        for i, j in combinations(range(len(parts)), 2):
            both = counts[:, i] + counts[:, j]
            if not ((both < 1 - TOLERANCE) | (both > k - 1 + TOLERANCE)).any():
                pairs[Sum((int(parts[i]), int(parts[j])))] = None
    return list(pairs)


def _not_free(listed: list[Sum], tables: Tables, k: int) -> list[Sum]:
    """Sums that are from 1 to k-1 in every table."""
    found = []
    for one in listed:
        counts = tables.of(np.array(one.columns)).sum(axis=1)
        if not ((counts < 1 - TOLERANCE) | (counts > k - 1 + TOLERANCE)).any():
            found.append(one)
    return found


def _tightest(listed: list[Sum], ranges: Ranges) -> list[Sum]:
    """Sums ordered by the most that whole numbers allow them."""
    most = {one: int(ranges.high[list(one.columns)].sum()) for one in listed}
    return sorted(listed, key=lambda one: (most[one], one.columns))


def _solve(program, listed: list[Sum], tables: Tables, found: Sums, k: int, progress) -> None:
    """Exact ranges of sums by linear programming; each table met frees others too."""
    if not listed:
        return
    width = len(program.cells)
    solver = programs.solver({"solver": "simplex", "simplex_iteration_limit": SIMPLEX_ITERATIONS})
    cost, upper = np.zeros(width), np.full(width, np.inf)
    programs.load(solver, program.matrix, (program.right, program.right), cost, upper)
    while listed:
        one, *listed = listed
        if found.systems >= MOST_PROGRAMS:
            found.left += len(listed) + 1
            return
        if progress:
            progress("sums of siblings", found.systems, MOST_PROGRAMS)
        ends = [_end(solver, one, sign, tables, found) for sign in (1.0, -1.0)]
        if None in ends:
            found.left += 1
            continue
        low = int(np.ceil(ends[0] - TOLERANCE))
        high = int(min(np.floor(ends[1] + TOLERANCE), UNBOUNDED))
        found.narrowest = min(found.narrowest, high - low)
        if low >= 1 and high <= k - 1:
            found.confined.setdefault(one.columns, (low, high))
        listed = _not_free(listed, Tables(tables.found[-2:]), k)


def _end(solver, one: Sum, sign: float, tables: Tables, found: Sums) -> float | None:
    """Least (sign 1) or most (-1) of a sum, infinite where nothing bounds it."""
    columns = np.array(one.columns, dtype=np.int32)
    solver.changeColsCost(len(columns), columns, np.full(len(columns), sign))
    table, _ = programs.run(solver)
    found.systems += 1
    solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))
    if table is None:
        return float(UNBOUNDED) if programs.unbounded(solver) else None
    tables.found.append(table)
    return float(table[columns].sum())


def check(found: Sums, program: Program, system: System, *, decides: bool) -> Result:
    """Check 7: no sum of hidden siblings is confined to 1 to k-1; named where it decides."""
    recorder = Recorder(7, "sums of siblings", decides=decides)
    recorder.tested = found.lines + found.pairs
    recorder.limited = found.left + found.wide_lines
    if found.confined and not decides:
        recorder.fail(f"{len(found.confined)} sums of hidden siblings lie within 1 and k-1")
        return recorder.result()
    for columns in sorted(found.confined):
        cells = program.cells[list(columns)]
        level, place, others = system.describe(cells[0])
        words = f"and {len(cells) - 1} more hidden cells of one line are confined to 1 to k-1"
        leak = tuple(system.block(cell) for cell in cells)
        recorder.fail(f"{others} {words}", level, place, leak)
    return recorder.result()


def summary(found: Sums, k: int) -> dict[str, int]:
    """Numbers of the report; ``narrowest`` is the width of the narrowest range, at most k."""
    widths = [high - low for low, high in found.confined.values()]
    return {
        "lines": found.lines,
        "pairs": found.pairs,
        "systems": found.systems,
        "left": found.left,
        "inside": len(found.confined),
        "narrowest": min([found.narrowest, k, *widths]),
    }

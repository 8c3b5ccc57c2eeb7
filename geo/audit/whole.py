"""Check 6: hidden cells in whole numbers, where a real attacker may know more than check 5.

Counts are whole, so that a range found by linear programming shrinks to the whole numbers in
it, and every equation narrows it further (:func:`geo.audit.programs.ranges`). The open
equations fall apart into components that share no cell. In a component of at most
`MOST_COLUMNS` hidden cells integer programs then look for a table in which each cell is none,
many at once, and find the exact range of every cell that is none in no table; beyond that, branch and bound has no limit that one could state, and the component is counted as
skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import bmat
from scipy.sparse.csgraph import connected_components

from geo.audit import programs
from geo.audit.bounds import Bounds
from geo.audit.findings import Recorder, Result
from geo.audit.programs import TOLERANCE, UNBOUNDED, Program, Ranges
from geo.audit.system import System

MOST_COLUMNS = 2_500
"""Up to so many hidden cells a program takes some 30 milliseconds; with 4,000, seconds."""
MOST_PROGRAMS = 1_000
MOST_NODES = 500


@dataclass
class Whole:
    """Ranges of whole numbers, and how they were found.

    Attributes
    ----------
    ranges : Ranges
        Of every column of the program.
    components, skipped : int
        Components of open equations, and those with more than `MOST_COLUMNS` cells.
    left : int
        Cells of small components that the fixed effort did not reach, or that a program
        gave up.
    systems : int
        Integer programs solved.
    """

    ranges: Ranges
    components: int = 0
    skipped: int = 0
    left: int = 0
    systems: int = 0


def whole(program: Program, bounds: Bounds, k: int, progress=None) -> Whole:
    """Narrow every hidden cell to whole numbers, exactly in small components."""
    found = Whole(_rounded(program, bounds))
    if found.ranges.impossible or not len(program.cells):
        return found
    size, label = _components(program)
    found.components = len(size)
    found.skipped = int((size > MOST_COLUMNS).sum())
    small = np.flatnonzero(size <= MOST_COLUMNS)
    for number, one in enumerate(small):
        if progress and number % 20 == 0:
            progress("whole numbers", number, len(small))
        _solve(program, found, np.flatnonzero(label == one), k)
        if found.ranges.impossible:
            return found
    if found.systems:
        found.ranges = programs.ranges(program, found.ranges.low, found.ranges.high)
    return found


def _rounded(program: Program, bounds: Bounds) -> Ranges:
    """Ranges of check 5 in whole numbers, passed on through every equation."""
    low, high = np.zeros(len(program.cells)), np.full(len(program.cells), float(UNBOUNDED))
    solved = ~np.isnan(bounds.low)
    low[program.targets[solved]] = np.ceil(bounds.low[solved] - TOLERANCE)
    solved = ~np.isnan(bounds.high)
    high[program.targets[solved]] = np.floor(bounds.high[solved] + TOLERANCE)
    return programs.ranges(program, np.maximum(low, 0), high)


def _components(program: Program) -> tuple[np.ndarray, np.ndarray]:
    """Columns in each component, and the component of each column."""
    graph = bmat([[None, program.matrix], [program.matrix.T, None]])
    _, label = connected_components(graph, directed=False)
    label = np.unique(label[program.matrix.shape[0] :], return_inverse=True)[1]
    return np.bincount(label), label


def _solve(program: Program, found: Whole, columns: np.ndarray, k: int) -> None:
    """Exact ranges of the listed cells of one component that cannot be none."""
    low, high = found.ranges.low[columns], found.ranges.high[columns]
    open_ = np.isin(columns, program.targets) & (low < high) & (low < k) & (high > 0)
    if not open_.any():
        return
    solver = _integer(program, columns, (low, high), k)
    some = open_ & (low == 0)
    while some.any():
        # Together first: what is none in some table is settled, and one table has many of them.
        table = _end(solver, np.flatnonzero(some), 1.0, found)
        if table is None or not (some & (table == 0)).any():
            break
        some &= table > 0
    for at in np.flatnonzero(some | (open_ & (low > 0))):
        if not (some[at] or low[at]):
            continue
        for sign, bound in ((1.0, low), (-1.0, high)):
            table = _end(solver, np.array([at]), sign, found)
            if table is None:
                found.left += 1
                break
            some &= table > 0
            bound[at] = table[at]
            if not low[at]:
                break
    found.ranges.low[columns], found.ranges.high[columns] = low, high


def _end(solver, columns: np.ndarray, sign: float, found: Whole) -> np.ndarray | None:
    """Table with the least (sign 1) or the most (-1) of some columns together, if there is one."""
    if found.systems >= MOST_PROGRAMS or found.ranges.impossible:
        return None
    size, columns = len(columns), columns.astype(np.int32)
    solver.changeColsCost(size, columns, np.full(size, sign))
    table, impossible = programs.run(solver)
    solver.changeColsCost(size, columns, np.zeros(size))
    found.systems += 1
    found.ranges.impossible = impossible
    return None if table is None else np.rint(table).astype(np.int64)


def _integer(program: Program, columns: np.ndarray, bounds: tuple, k: int):
    """Solver of one component in whole numbers."""
    part = program.matrix[:, columns]
    rows = np.flatnonzero(np.diff(part.indptr))
    right = program.right[rows]
    # No number of the component may bound a cell; what none bounds needs no more than this.
    most = np.abs(right).sum() + k
    upper = np.minimum(bounds[1], most).astype(float)
    solver = programs.solver({"mip_max_nodes": MOST_NODES, "mip_rel_gap": 0.0})
    cost = np.zeros(len(columns))
    programs.load(
        solver, part[rows], (right, right), cost, upper, lower=bounds[0].astype(float), whole=True
    )
    return solver


def check(program: Program, found: Whole, system: System, k: int, *, decides: bool) -> Result:
    """Check 6: no hidden cell is confined to 1 to k-1 by whole numbers; named where it decides."""
    recorder = Recorder(6, "whole numbers", decides=decides)
    recorder.tested = len(program.targets)
    recorder.limited = found.left
    if found.ranges.impossible:
        recorder.fail("no whole numbers fit what is published")
        return recorder.result()
    low, high = found.ranges.low[program.targets], found.ranges.high[program.targets]
    confined = program.cells[program.targets[(low >= 1) & (high <= k - 1)]]
    if len(confined) and not decides:
        recorder.fail(f"whole numbers confine {len(confined)} hidden cells to 1 to k-1")
        return recorder.result()
    for cell in confined:
        level, place, others = system.describe(cell)
        words = f"{others}: hidden, and whole numbers confine it to 1 to k-1"
        recorder.fail(words, level, place, (system.block(cell),))
    return recorder.result()


def summary(program: Program, found: Whole, k: int) -> dict[str, int | bool]:
    """Numbers of the report; ``narrowest`` is the width of the narrowest range, at most k."""
    low, high = found.ranges.low[program.targets], found.ranges.high[program.targets]
    widths = np.append(high - low, k)
    return {
        "components": found.components,
        "done": found.components - found.skipped,
        "skipped": found.skipped,
        "systems": found.systems,
        "left": found.left,
        "inside": int(((low >= 1) & (high <= k - 1)).sum()),
        "narrowest": int(widths.min()),
        "feasible": not found.ranges.impossible,
    }

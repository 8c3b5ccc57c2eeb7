"""Check 5: how far linear programming narrows each hidden cell. Reported, not yet deciding.

The program is a relaxation over cells, not over base cells: hidden cells are at least 0 and
obey every equation of the system. A true attacker over base cells may know a little more,
so a cell found wide here is wide in this relaxation only, and one found narrow is narrow.
Most cells are settled together: one table in which many are 0, another in which many are
at least k. What is left is solved one by one. The effort is a fixed number of programs and
iterations, never a time, so that the same release gives the same report; what it did not
reach is counted as not attempted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix, eye, hstack, vstack

from geo.audit.derived import Knowledge
from geo.audit.settle import by_row

MOST_BATCHES = 8
BATCH_WORK = 60_000
MOST_SINGLE = 100
LARGEST_SINGLE = 12_000
LARGEST = 250_000
SIMPLEX_ITERATIONS = 50_000
BARRIER_ITERATIONS = 300
SEED = 20_170_731
_TOLERANCE = 1e-5


@dataclass
class Bounds:
    """Intervals of hidden cells.

    Attributes
    ----------
    cells : numpy.ndarray of int
        Hidden cells of listed views that open equations hold.
    zero, reaches : numpy.ndarray of bool
        A feasible table has 0 there; one has at least k.
    low, high : numpy.ndarray of float
        Exact bounds where solved, NaN elsewhere.
    systems, stopped : int
        Linear programs solved, and those that met the iteration limit.
    feasible : bool
        Whether any table of counts fits the published numbers.
    """

    cells: np.ndarray
    zero: np.ndarray = field(init=False)
    reaches: np.ndarray = field(init=False)
    low: np.ndarray = field(init=False)
    high: np.ndarray = field(init=False)
    systems: int = 0
    stopped: int = 0
    feasible: bool = True

    def __post_init__(self):
        """Start with nothing known about any cell."""
        self.zero = np.zeros(len(self.cells), dtype=bool)
        self.reaches = np.zeros(len(self.cells), dtype=bool)
        self.low = np.full(len(self.cells), np.nan)
        self.high = np.full(len(self.cells), np.nan)


@dataclass(frozen=True)
class _Program:
    """Open equations over hidden cells: ``matrix @ x == right``, ``x >= 0``.

    `targets` are the columns that listed views hold; `upper` bounds them from above by
    single equations.
    """

    matrix: csr_matrix
    right: np.ndarray
    targets: np.ndarray
    upper: np.ndarray
    k: int


def intervals(knowledge: Knowledge, k: int, progress=None) -> Bounds:
    """Bounds of every hidden cell, as far as the fixed effort reaches."""
    program, variables = _program(knowledge, k)
    bounds = Bounds(variables[program.targets])
    if not len(bounds.cells) or len(variables) > LARGEST:
        return bounds
    generator = np.random.default_rng(SEED)
    batches = int(np.clip(BATCH_WORK // len(variables), 1, MOST_BATCHES))
    for number in range(batches):
        if progress:
            progress("intervals", number, batches)
        if not (_vanish(program, bounds, generator) and _reach(program, bounds, generator)):
            return bounds
    if len(variables) <= LARGEST_SINGLE:
        _one_by_one(program, bounds, progress)
    return bounds


def _program(knowledge: Knowledge, k: int) -> tuple[_Program, np.ndarray]:
    system, settled = knowledge.system, knowledge.settled
    height = len(system.start) - 1
    row = np.repeat(np.arange(height), np.diff(system.start))
    unknown = ~settled.known[system.columns]
    shown = np.where(unknown, 0, system.signs * settled.values[system.columns])
    right = -by_row(shown, system.start)[settled.open].astype(float)
    chosen = np.zeros(height, dtype=bool)
    chosen[settled.open] = True
    entry = unknown & chosen[row]
    variables, packed = np.unique(system.columns[entry], return_inverse=True)
    position = np.cumsum(chosen) - 1
    matrix = csr_matrix(
        (system.signs[entry].astype(float), (position[row[entry]], packed)),
        shape=(len(right), len(variables)),
    )
    targets = np.flatnonzero(system.listed[variables])
    upper = _upper(matrix, right)
    return _Program(matrix, right, targets, upper, k), variables


def _upper(matrix: csr_matrix, right: np.ndarray) -> np.ndarray:
    """Upper bounds by single equations, passed down from parents to children."""
    upper = np.full(matrix.shape[1], np.inf)
    entries = matrix.tocoo()
    children = entries.data < 0
    for _ in range(8):
        above = -right
        np.add.at(above, entries.row[~children], upper[entries.col[~children]])
        before = upper.copy()
        np.minimum.at(upper, entries.col[children], above[entries.row[children]])
        if (upper == before).all():
            break
    return upper


def _vanish(program: _Program, bounds: Bounds, generator) -> bool:
    """A table in which the cells not yet seen at 0 are as small together as can be.

    Random weights make the best table unique, hence a vertex with many zeros.
    """
    if bounds.zero.all():
        return True
    cost = np.zeros(program.matrix.shape[1])
    open_ = program.targets[~bounds.zero]
    cost[open_] = generator.uniform(0.5, 1.5, len(open_))
    return _together(program, bounds, program.matrix, program.right, cost, None)


def _reach(program: _Program, bounds: Bounds, generator) -> bool:
    """A table in which the cells not yet seen at k are as near to it together as can be."""
    if bounds.reaches.all():
        return True
    open_ = program.targets[~bounds.reaches]
    size, width = len(open_), program.matrix.shape[1]
    pick = csr_matrix((np.ones(size), (np.arange(size), open_)), shape=(size, width))
    none = csr_matrix((program.matrix.shape[0], size))
    whole = vstack([hstack([program.matrix, none]), hstack([pick, -eye(size)])]).tocsr()
    cost = np.concatenate([np.zeros(width), -generator.uniform(0.5, 1.5, size)])
    right = np.concatenate([program.right, np.zeros(size)])
    return _together(program, bounds, whole, right, cost, size)


def _together(program, bounds, matrix, right, cost, capped) -> bool:
    """Solve one program for many cells by the barrier method and note what its table shows."""
    solver = _solver(
        {"solver": "ipm", "run_crossover": "off", "ipm_iteration_limit": BARRIER_ITERATIONS}
    )
    width = len(cost) - (capped or 0)
    upper = np.concatenate([np.full(width, np.inf), np.full(capped or 0, float(program.k))])
    above = right.copy()
    above[len(program.right) :] = np.inf
    _pass(solver, matrix, right, above, cost, upper)
    table = _solved(solver, bounds)
    if table is None:
        return False
    values = table[program.targets]
    bounds.zero |= values <= _TOLERANCE
    bounds.reaches |= values >= program.k - _TOLERANCE
    return True


def _one_by_one(program: _Program, bounds: Bounds, progress) -> None:
    """Exact bounds of single cells: those never seen at 0 first, then the tightest from above."""
    left = np.flatnonzero(~(bounds.zero & bounds.reaches))
    order = np.lexsort((program.upper[program.targets[left]], bounds.zero[left]))
    width = program.matrix.shape[1]
    solver = _solver({"solver": "simplex", "simplex_iteration_limit": SIMPLEX_ITERATIONS})
    cost, upper = np.zeros(width), np.full(width, np.inf)
    _pass(solver, program.matrix, program.right, program.right, cost, upper)
    if _solved(solver, bounds) is None:
        return
    # Primal simplex stays feasible when only the objective changes: each solve starts warm.
    solver.setOptionValue("simplex_strategy", 4)
    solver.setOptionValue("presolve", "off")
    for number, target in enumerate(left[order][:MOST_SINGLE]):
        if progress and number % 10 == 0:
            progress("intervals one by one", number, min(len(left), MOST_SINGLE))
        column = program.targets[target]
        for sign, found in ((1.0, bounds.low), (-1.0, bounds.high)):
            solver.changeColCost(int(column), sign)
            table = _solved(solver, bounds)
            found[target] = np.nan if table is None else table[column]
        solver.changeColCost(int(column), 0.0)


def _solver(options: dict):
    import highspy

    class Quiet(highspy.Highs):
        """HiGHS without the banner that its callbacks print."""

        def enableCallbacks(self):
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

    solver = Quiet()
    for name, value in {**options, "threads": 1, "parallel": "off", "random_seed": 0}.items():
        solver.setOptionValue(name, value)
    return solver


def _pass(solver, matrix: csr_matrix, lower, upper_right, cost, upper) -> None:
    import highspy

    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = cost
    model.col_lower_ = np.zeros(len(cost))
    model.col_upper_ = upper
    model.row_lower_, model.row_upper_ = lower, upper_right
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    solver.passModel(model)


def _solved(solver, bounds: Bounds) -> np.ndarray | None:
    """Run the solver; a feasible table, or None."""
    import highspy

    solver.run()
    bounds.systems += 1
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return np.asarray(solver.getSolution().col_value)
    if status == highspy.HighsModelStatus.kInfeasible:
        bounds.feasible = False
    else:
        bounds.stopped += 1
    return None


def pinned_to_none(bounds: Bounds) -> int:
    """Cells solved exactly whose largest value is 0."""
    return int((bounds.high <= _TOLERANCE).sum())


def summary(bounds: Bounds, k: int) -> dict[str, int | bool]:
    """Numbers of the report.

    ``wide`` cells can be 0 and can reach k; ``solved`` ones have exact bounds; the rest
    was not attempted one by one. ``narrowest`` is the width of the narrowest interval
    solved, k where all are at least that wide; ``forced`` intervals are one number,
    ``inside`` ones lie within 1 and k-1.
    """
    wide = bounds.zero & bounds.reaches
    solved = ~np.isnan(bounds.low) & ~np.isnan(bounds.high) & ~wide
    low, high = bounds.low[solved], bounds.high[solved]
    widths = np.append(high - low, k)
    return {
        "cells": len(bounds.cells),
        "systems": bounds.systems,
        "wide": int(wide.sum()),
        "can_be_none": int(bounds.zero.sum()),
        "solved": int(solved.sum()),
        "not_attempted": int((~wide & ~solved).sum()),
        "narrowest": int(np.floor(widths.min() + _TOLERANCE)),
        "forced": int((high - low <= _TOLERANCE).sum()),
        "inside": int(((low >= 1 - _TOLERANCE) & (high <= k - 1 + _TOLERANCE)).sum()),
        "stopped": bounds.stopped,
        "feasible": bounds.feasible,
    }

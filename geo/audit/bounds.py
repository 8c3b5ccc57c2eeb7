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

from geo.audit import programs
from geo.audit.programs import TOLERANCE, Program, Tables

MOST_BATCHES = 8
BATCH_WORK = 60_000
MOST_SINGLE = 100
LARGEST_SINGLE = 12_000
LARGEST = 250_000
SIMPLEX_ITERATIONS = 50_000
BARRIER_ITERATIONS = 300
SEED = 20_170_731


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
    tables : Tables
        Every table found on the way; other checks look at them first.
    """

    cells: np.ndarray
    zero: np.ndarray = field(init=False)
    reaches: np.ndarray = field(init=False)
    low: np.ndarray = field(init=False)
    high: np.ndarray = field(init=False)
    systems: int = 0
    stopped: int = 0
    feasible: bool = True
    tables: Tables = field(default_factory=Tables)

    def __post_init__(self):
        """Start with nothing known about any cell."""
        self.zero = np.zeros(len(self.cells), dtype=bool)
        self.reaches = np.zeros(len(self.cells), dtype=bool)
        self.low = np.full(len(self.cells), np.nan)
        self.high = np.full(len(self.cells), np.nan)


def intervals(program: Program, k: int, progress=None) -> Bounds:
    """Bounds of every hidden cell, as far as the fixed effort reaches."""
    bounds = Bounds(program.cells[program.targets])
    width = len(program.cells)
    if not len(bounds.cells) or width > LARGEST:
        return bounds
    generator = np.random.default_rng(SEED)
    batches = int(np.clip(BATCH_WORK // width, 1, MOST_BATCHES))
    for number in range(batches):
        if progress:
            progress("intervals", number, batches)
        if not (_vanish(program, bounds, k, generator) and _reach(program, bounds, k, generator)):
            return bounds
    if width <= LARGEST_SINGLE:
        _one_by_one(program, bounds, progress)
    return bounds


def _vanish(program: Program, bounds: Bounds, k: int, generator) -> bool:
    """A table in which the cells not yet seen at 0 are as small together as can be.

    Random weights make the best table unique, hence a vertex with many zeros.
    """
    if bounds.zero.all():
        return True
    cost = np.zeros(program.matrix.shape[1])
    open_ = program.targets[~bounds.zero]
    cost[open_] = generator.uniform(0.5, 1.5, len(open_))
    return _together(program, bounds, k, (program.matrix, program.right, cost, 0))


def _reach(program: Program, bounds: Bounds, k: int, generator) -> bool:
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
    return _together(program, bounds, k, (whole, right, cost, size))


def _together(program: Program, bounds: Bounds, k: int, batch: tuple) -> bool:
    """Solve one program for many cells by the barrier method and note what its table shows."""
    matrix, right, cost, capped = batch
    solver = programs.solver(
        {"solver": "ipm", "run_crossover": "off", "ipm_iteration_limit": BARRIER_ITERATIONS}
    )
    width = len(cost) - capped
    upper = np.concatenate([np.full(width, np.inf), np.full(capped, float(k))])
    above = right.copy()
    above[len(program.right) :] = np.inf
    programs.load(solver, matrix, (right, above), cost, upper)
    table = _solved(solver, bounds, width)
    if table is None:
        return False
    values = table[program.targets]
    bounds.zero |= values <= TOLERANCE
    bounds.reaches |= values >= k - TOLERANCE
    return True


def _one_by_one(program: Program, bounds: Bounds, progress) -> None:
    """Exact bounds of single cells: those never seen at 0 first, then the tightest from above."""
    left = np.flatnonzero(~(bounds.zero & bounds.reaches))
    width = program.matrix.shape[1]
    most = programs.ranges(program, np.zeros(width), np.full(width, programs.UNBOUNDED)).high
    order = np.lexsort((most[program.targets[left]], bounds.zero[left]))
    solver = programs.solver({"solver": "simplex", "simplex_iteration_limit": SIMPLEX_ITERATIONS})
    cost, upper = np.zeros(width), np.full(width, np.inf)
    programs.load(solver, program.matrix, (program.right, program.right), cost, upper)
    if _solved(solver, bounds, width) is None:
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
            table = _solved(solver, bounds, width)
            found[target] = np.nan if table is None else table[column]
        solver.changeColCost(int(column), 0.0)


def _solved(solver, bounds: Bounds, width: int) -> np.ndarray | None:
    """Run the solver; a feasible table, or None."""
    table, impossible = programs.run(solver)
    bounds.systems += 1
    if table is not None:
        bounds.tables.found.append(table[:width])
        return table
    if impossible:
        bounds.feasible = False
    else:
        bounds.stopped += 1
    return None


def pinned_to_none(bounds: Bounds) -> int:
    """Cells solved exactly whose largest value is 0."""
    return int((bounds.high <= TOLERANCE).sum())


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
        "narrowest": int(np.floor(widths.min() + TOLERANCE)),
        "forced": int((high - low <= TOLERANCE).sum()),
        "inside": int(((low >= 1 - TOLERANCE) & (high <= k - 1 + TOLERANCE)).sum()),
        "stopped": bounds.stopped,
        "feasible": bounds.feasible,
    }

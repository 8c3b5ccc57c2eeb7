"""Programs over the hidden cells: the open equations as a matrix, and the solver for them.

Everything here is the same each time: one thread, a fixed seed, limits by counts, never by
seconds.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from geo.audit.derived import Knowledge
from geo.audit.settle import by_row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TOLERANCE = 1e-5
UNBOUNDED = 2**40
"""A bound that is none: sums of many of them still fit 64 bits."""
MOST_SWEEPS = 30


@dataclass(frozen=True)
class Program:
    """Open equations over hidden cells: ``matrix @ x == right``, ``x >= 0``.

    Attributes
    ----------
    matrix : scipy.sparse.csr_matrix
        Open equations x hidden cells; parents 1, parts -1.
    right : numpy.ndarray of float
    cells : numpy.ndarray of int
        Cell of the system that each column is.
    targets : numpy.ndarray of int
        Columns that listed views hold.
    """

    matrix: csr_matrix
    right: np.ndarray
    cells: np.ndarray
    targets: np.ndarray


@dataclass
class Ranges:
    """What whole numbers leave each hidden cell: `low` to `high`, `UNBOUNDED` for no bound.

    `impossible` where some equation has no whole numbers left.
    """

    low: np.ndarray
    high: np.ndarray
    impossible: bool = False


@dataclass
class Tables:
    """Tables of counts that fit the published numbers, each as far as it was looked at."""

    found: list[np.ndarray] = field(default_factory=list)

    def of(self, columns: np.ndarray) -> np.ndarray:
        """Counts of some columns, tables x columns."""
        if not self.found:
            return np.zeros((0, len(columns)))
        return np.stack([table[columns] for table in self.found])


def side_by_side(function: Callable, *arguments: Sequence) -> list:
    """`function` of the first of all arguments, of the second, and so on, in threads.

    For work that lets other threads run meanwhile, as programs of HiGHS do.
    """
    with ThreadPoolExecutor(len(arguments[0])) as pool:
        return list(pool.map(function, *arguments))


def program(knowledge: Knowledge) -> Program:
    """Open equations of what a release gives and what follows from it."""
    system, settled = knowledge.system, knowledge.settled
    height = len(system.start) - 1
    row = np.repeat(np.arange(height), np.diff(system.start))
    unknown = ~settled.known[system.columns]
    shown = np.where(unknown, 0, system.signs * settled.values[system.columns])
    right = -by_row(shown, system.start)[settled.open].astype(float)
    chosen = np.zeros(height, dtype=bool)
    chosen[settled.open] = True
    entry = unknown & chosen[row]
    cells, packed = np.unique(system.columns[entry], return_inverse=True)
    position = np.cumsum(chosen) - 1
    matrix = csr_matrix(
        (system.signs[entry].astype(float), (position[row[entry]], packed)),
        shape=(len(right), len(cells)),
    )
    return Program(matrix, right, cells, np.flatnonzero(system.listed[cells]))


def ranges(program: Program, low: np.ndarray, high: np.ndarray) -> Ranges:
    """Bounds that hold for the cells, narrowed by every equation in turn, in whole numbers.

    In an equation each cell is what the others leave of it (the shuttle algorithm of
    Buzzigoli and Giusti, 1999). Whole numbers only: what is narrowed here is proved.
    """
    entries = program.matrix.tocoo()
    row, column, plus = entries.row, entries.col, entries.data > 0
    right = np.rint(program.right).astype(np.int64)[row]
    low, high = low.astype(np.int64), high.astype(np.int64)
    for _ in range(MOST_SWEEPS):
        least, most = (side[row] for side in sides(program, low, high))
        # What an entry is, given the least and the most of all others in its equation.
        under = np.where(plus, right - most, least - right) + high[column]
        over = np.where(plus, right - least, most - right) + low[column]
        before = low.copy(), high.copy()
        np.maximum.at(low, column, under)
        np.minimum.at(high, column, np.where(over < UNBOUNDED // 2, over, UNBOUNDED))
        if (low > high).any():
            return Ranges(*before, impossible=True)
        if (low == before[0]).all() and (high == before[1]).all():
            break
    return Ranges(low, high)


def sides(program: Program, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and most of the left side of every equation."""
    parents, parts = program.matrix.maximum(0), (-program.matrix).maximum(0)
    least = parents @ low - parts @ high
    return least.astype(np.int64), (parents @ high - parts @ low).astype(np.int64)


def solver(options: dict):
    """HiGHS with some options, silent and on one thread."""
    import highspy

    class Quiet(highspy.Highs):
        """HiGHS without the banner that its callbacks print."""

        def enableCallbacks(self):
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

    found = Quiet()
    for name, value in {**options, "threads": 1, "parallel": "off", "random_seed": 0}.items():
        found.setOptionValue(name, value)
    return found


def load(solver, matrix: csr_matrix, rows: tuple, cost, upper, *, lower=None, whole=False) -> None:
    """Give the solver a program: `rows` are the least and the most of each row of the matrix.

    With `whole`, its columns are whole numbers.
    """
    import highspy

    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = cost
    model.col_lower_ = np.zeros(len(cost)) if lower is None else lower
    model.col_upper_ = upper
    model.row_lower_, model.row_upper_ = rows
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    solver.passModel(model)


def run(solver) -> tuple[np.ndarray | None, bool]:
    """Solve: the best table, or none; and whether it is certain that no table fits."""
    import highspy

    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return np.asarray(solver.getSolution().col_value), False
    return None, status == highspy.HighsModelStatus.kInfeasible


def unbounded(solver) -> bool:
    """Whether the last program has no best table because nothing bounds what it looks for."""
    import highspy

    status = solver.getModelStatus()
    return status in (
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    )

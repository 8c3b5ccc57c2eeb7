"""Linear programs for HiGHS, the same each time: one thread, a fixed seed, no clock limit."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scipy.sparse import csr_matrix

OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 0}


def program(
    matrix: csr_matrix,
    lower: np.ndarray,
    upper: np.ndarray,
    cost: np.ndarray,
    options: dict,
    most: float | np.ndarray = np.inf,
):
    """Least ``cost @ x`` for ``0 <= x <= most`` and ``lower <= matrix @ x <= upper``.

    `most` is one number for all columns or one for each.

    Returns
    -------
    highspy solver
        Not run yet.
    """
    import highspy
    from highspy.highs import _Highs  # the public class prints a banner as it is made

    columns = matrix.tocsc()
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = columns.shape
    model.col_cost_ = cost
    model.col_lower_ = np.zeros(columns.shape[1])
    model.col_upper_ = np.broadcast_to(np.asarray(most, float), columns.shape[1:])
    model.row_lower_, model.row_upper_ = lower, upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = columns.indptr.astype(np.int32)
    model.a_matrix_.index_ = columns.indices.astype(np.int32)
    model.a_matrix_.value_ = columns.data.astype(np.float64)
    made = _Highs()
    for option, setting in (OPTIONS | options).items():
        made.setOptionValue(option, setting)
    made.passModel(model)
    return made


def optimal(solver, *, feasible: bool = False) -> bool:
    """Whether the last run ended at the optimum.

    Parameters
    ----------
    feasible : bool
        Whether the program is known to have a solution.

    Raises
    ------
    RuntimeError
        It ended neither there nor at a limit of iterations, so that going on would not help.
    """
    import highspy

    status, ends = solver.getModelStatus(), highspy.HighsModelStatus
    known = (ends.kOptimal, ends.kIterationLimit, *([] if feasible else [ends.kInfeasible]))
    if status not in known:
        raise RuntimeError(f"a linear program ended with {solver.modelStatusToString(status)}")
    return status == ends.kOptimal


def one_thread():
    """While this is open, matrix products keep to one thread.

    Sums in another order round otherwise, and then another group might be the first to fail:
    the same input gives the same release whatever the machine has. It is also faster beside
    other work, where threads wait for each other.
    """
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, "blas")


def mapped(function: Callable, items: Sequence) -> list:
    """`function` of each item, in their order, on all processors.

    For work that lets other threads run meanwhile, as programs of HiGHS do, and takes
    milliseconds at the least.
    """
    if len(items) < 2:
        return [function(item) for item in items]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def solved(solver) -> bool:
    """Whether the last run ended at an optimum; anything else is no answer here."""
    import highspy

    return solver.getModelStatus() == highspy.HighsModelStatus.kOptimal

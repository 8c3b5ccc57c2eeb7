"""How a derivable group is derived: the published cells that a combination needs.

A group in the row space of the published cells is a combination of them. The one with
the least sum of absolute coefficients uses few cells (basis pursuit); each of these is
needed, so they make a cut. The linear program runs in floating point, but a
combination counts only when it holds exactly over the integers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LARGEST_DENOMINATOR = 64
NEGLIGIBLE = 1e-7
OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 0}


class Combinations:
    """Short combinations of the same published cells, one group after the other.

    Only the right-hand side of the program differs between groups, so that each starts
    where the last one ended. As many classes as the published cells have rank are
    enough for it: a combination that agrees with a derivable group there agrees
    everywhere.

    Parameters
    ----------
    members : scipy.sparse.csr_matrix
        Cells x base cells, one of each class of equal columns.
    rows : numpy.ndarray of int
        Published cells.
    pivots : numpy.ndarray of int
        Columns in which the rows have their full rank.
    """

    def __init__(self, members: csr_matrix, rows: np.ndarray, pivots: np.ndarray) -> None:
        self.rows = rows
        self.pivots = pivots.astype(np.int32)
        self.order = np.arange(len(pivots), dtype=np.int32)
        self.matrix = members[rows].T.tocsc()
        self.solver = _program(self.matrix[self.pivots])

    def shortest(self, group: csr_matrix) -> tuple[int, ...]:
        """Of the published cells, those that a short combination for a group needs.

        Parameters
        ----------
        group : scipy.sparse.csr_matrix
            One row over the same base cells, some combination of the published cells.

        Returns
        -------
        tuple of int
            Cell numbers; all published cells where no shorter combination holds exactly.
        """
        target = group.toarray().ravel()
        rows = self.rows
        coefficients = self._coefficients(target[self.pivots].astype(np.float64))
        if coefficients is not None:
            used = np.flatnonzero(np.abs(coefficients) > NEGLIGIBLE)
            if _exact(self.matrix[:, used], coefficients[used], target):
                rows = rows[used]
        return tuple(int(row) for row in rows)

    def _coefficients(self, target: np.ndarray) -> np.ndarray | None:
        self.solver.changeRowsBounds(len(self.order), self.order, target, target)
        self.solver.run()
        values = np.array(self.solver.getSolution().col_value)
        if not self.solver.getSolution().value_valid:
            return None
        return values[: len(self.rows)] - values[len(self.rows) :]


def _program(matrix: csr_matrix):
    """Positive and negative parts of the coefficients, to be least in sum."""
    import highspy
    from highspy.highs import _Highs  # the public class prints a banner as it is made
    from scipy.sparse import hstack

    both = hstack([matrix, -matrix]).tocsc()
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = both.shape
    program.col_cost_ = np.ones(both.shape[1])
    program.col_lower_ = np.zeros(both.shape[1])
    program.col_upper_ = np.full(both.shape[1], highspy.kHighsInf)
    program.row_lower_ = program.row_upper_ = np.zeros(both.shape[0])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = both.indptr.astype(np.int32)
    program.a_matrix_.index_ = both.indices.astype(np.int32)
    program.a_matrix_.value_ = both.data.astype(np.float64)
    solver = _Highs()
    for option, setting in OPTIONS.items():
        solver.setOptionValue(option, setting)
    solver.passModel(program)
    return solver


def _exact(matrix: csr_matrix, coefficients: np.ndarray, target: np.ndarray) -> bool:
    exact = [Fraction(c).limit_denominator(LARGEST_DENOMINATOR) for c in coefficients.tolist()]
    common = int(np.lcm.reduce([c.denominator for c in exact], initial=1))
    whole = np.array([int(c * common) for c in exact], dtype=np.int64)
    return bool((matrix @ whole == target * common).all())

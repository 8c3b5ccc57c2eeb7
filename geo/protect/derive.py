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

from geo.protect import solver

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LARGEST_DENOMINATOR = 64
NEGLIGIBLE = 1e-7


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
        self.solver = _halves(self.matrix[self.pivots])

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


def _halves(matrix: csr_matrix):
    """Positive and negative parts of the coefficients, to be least in sum."""
    from scipy.sparse import hstack

    both = hstack([matrix, -matrix])
    right = np.zeros(both.shape[0])
    return solver.program(both, right, right, np.ones(both.shape[1]), {})


def _exact(matrix: csr_matrix, coefficients: np.ndarray, target: np.ndarray) -> bool:
    exact = [Fraction(c).limit_denominator(LARGEST_DENOMINATOR) for c in coefficients.tolist()]
    common = int(np.lcm.reduce([c.denominator for c in exact], initial=1))
    whole = np.array([int(c * common) for c in exact], dtype=np.int64)
    return bool((matrix @ whole == target * common).all())

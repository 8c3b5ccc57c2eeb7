"""Tables that fit what is published, sought from the inside.

All tables of counts that give every published count, none of them negative, form a
polytope; the truth, with a case in every base cell that occurs, lies inside it. From its
analytic centre the nearest table with nobody in a group, or with k cases in it, is a
small least-squares problem: the published counts need one factorization for all groups.
What comes out negative is set to zero and the problem solved again, until a table is
found or the conditions contradict each other. The contradiction is then a combination
of published counts, which points at the cells that prove it.

References
----------
Boyd, S., and Vandenberghe, L. (2004). Convex Optimization, sections 8.5.3 (analytic
centre) and 10.2 (Newton's method with equality constraints).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FITTING = 1e-6
CENTRED = 0.05
MOST_STEPS = 60
NOBODY = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Found:
    """What came of one search.

    Attributes
    ----------
    table : numpy.ndarray of float or None
        A table that does what was asked.
    multipliers : numpy.ndarray of float or None
        One for each row of published counts, where no table was found: a combination
        that is nearly a proof that there is none.
    """

    table: np.ndarray | None = None
    multipliers: np.ndarray | None = None


class Interior:
    """The tables that fit what is published, seen from their analytic centre.

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix
        Linearly independent rows of published counts x classes of base cells.
    truth : numpy.ndarray of float
        True cases of each class, positive.
    centre : numpy.ndarray of float, optional
        Centre when more was published: it fits what is left, and is near enough.
    """

    def __init__(
        self, matrix: csr_matrix, truth: np.ndarray, centre: np.ndarray | None = None
    ) -> None:
        self.matrix = matrix.astype(np.float64).tocsr()
        self.across = self.matrix.T.tocsr()
        self.right = self.matrix @ truth
        self.centre = self._centred(truth) if centre is None else centre
        self.squares = self.centre**2
        self.inverse = self._inverse()

    def nearest(self, columns: np.ndarray, least: float) -> Found:
        """Nearest table with at least so many cases in some classes, or with none in them.

        Parameters
        ----------
        columns : numpy.ndarray of int
            The classes of a group.
        least : float
            Cases that the group must reach; 0 asks for none.
        """
        if least and self.centre[columns].sum() >= least:
            return Found(self.centre)
        return self.holding(columns, least, NOBODY if least else columns)

    def holding(
        self, columns: np.ndarray, least: float, fixed: np.ndarray, level: np.ndarray | None = None
    ) -> Found:
        """Nearest table with so many cases in some classes, and with others fixed.

        Parameters
        ----------
        columns : numpy.ndarray of int
            The classes of a group.
        least : float
            Cases of the group; 0 asks nothing of it.
        fixed : numpy.ndarray of int
            Classes whose count is fixed.
        level : numpy.ndarray of float, optional
            The count of each class where it is fixed; 0 where left out.
        """
        from geo.protect import nearest as compiled

        entries = (self.across.indptr, self.across.indices, self.across.data)
        level = np.zeros(len(self.centre)) if level is None else level
        asked = (columns, float(least), fixed, level)
        status, result = compiled.search(self.centre, self.squares, *entries, self.inverse, *asked)
        if status == compiled.CONTRADICTED:
            return Found(multipliers=result)
        return Found(self.fitting(result) if status == compiled.FOUND else None)

    def fitting(self, table: np.ndarray) -> np.ndarray | None:
        """The table, unless rounding has led it away from what is published."""
        off = np.abs(self.matrix @ table - self.right).max(initial=0.0)
        return table if off < FITTING else None

    def _centred(self, table: np.ndarray) -> np.ndarray:
        """Analytic centre, by Newton steps that keep every class positive."""
        from scipy.linalg import cho_solve

        table = table.astype(np.float64)
        if not self.matrix.shape[0]:
            return table
        # What no published count holds has no centre, and moves on its own anyway.
        held = np.diff(self.across.indptr) > 0
        for _ in range(MOST_STEPS):
            squares = table**2
            multipliers = cho_solve(self._factor(squares), self.matrix @ table)
            step = np.where(held, (1.0 - table * (self.across @ multipliers)) * table, 0.0)
            share = step / table
            length = np.linalg.norm(share)
            if length < CENTRED:
                break
            table = table + step * _damped(share, length)
        return table

    def _factor(self, squares: np.ndarray) -> tuple:
        from scipy.linalg import cho_factor

        weighted = (self.matrix.multiply(squares) @ self.across).toarray()
        return cho_factor(weighted, overwrite_a=True)

    def _inverse(self) -> np.ndarray:
        from scipy.linalg.lapack import dpotri

        if not self.matrix.shape[0]:
            return np.zeros((0, 0))
        factor, lower = self._factor(self.squares)
        inverse, _ = dpotri(factor, lower=lower, overwrite_c=True)
        half = np.tril(inverse) if lower else np.triu(inverse)
        half += half.T
        half.flat[:: len(half) + 1] /= 2
        return np.ascontiguousarray(half)


def _damped(share: np.ndarray, length: float) -> float:
    """Longest step of halves that stays inside and gains what a Newton step should."""
    factor = min(1.0, 0.9 / max(-share.min(), 1e-12))
    while np.log1p(factor * share).sum() < 0.01 * factor * length**2:
        factor /= 2
    return factor

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

NEGATIVE = -1e-9
CONTRADICTION = 1e-6
ALIKE = 1e-10
MOST_ROUNDS = 40
MOST_ZEROS = 600
"""A group that needs more base cells at zero than this is left to the simplex method."""
CENTRED = 0.05
MOST_STEPS = 60


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
    """

    def __init__(self, matrix: csr_matrix, truth: np.ndarray) -> None:
        self.matrix = matrix.astype(np.float64).tocsr()
        self.across = self.matrix.T.tocsr()
        self.right = self.matrix @ truth
        self.centre = self._centred(truth)
        self.squares = self.centre**2
        self.scaled = self.matrix.multiply(self.squares).tocsc()
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
        group = columns if least else None
        zeros = np.zeros(0, dtype=np.int64) if least else np.sort(columns)
        for _ in range(MOST_ROUNDS):
            aims = self._aims(group, zeros)
            away = -self.centre[zeros]
            if least:
                away = np.append(least - self.centre[columns].sum(), away)
            table, missed = self._moved(aims, away)
            if table is None:
                return Found(multipliers=self._multipliers(aims, missed))
            negative = np.flatnonzero(table < NEGATIVE)
            if not len(negative):
                return Found(self._fitting(np.maximum(table, 0.0)))
            zeros = np.union1d(zeros, negative)
            if len(zeros) > MOST_ZEROS:
                break
        return Found()

    def _fitting(self, table: np.ndarray) -> np.ndarray | None:
        """The table, unless rounding has led it away from what is published."""
        off = np.abs(self.matrix @ table - self.right).max(initial=0.0)
        return table if off < CONTRADICTION else None

    def _moved(self, aims: csr_matrix, away: np.ndarray) -> tuple[np.ndarray | None, np.ndarray]:
        """Centre moved so that the sums of `aims` change by `away`.

        Where no move does that: none, and the combination of the aims that no move changes.
        """
        touched, rows = self._touched(aims)
        inner = self.inverse[np.ix_(touched, touched)]
        free = (aims.T @ aims.multiply(self.squares[:, None])).toarray()
        metric = free - rows.T @ inner @ rows
        # What the published counts fix does not move; rounding would have it move a little.
        moves, whole = np.diag(metric), np.diag(free)
        moving = moves > ALIKE * whole
        metric = metric * moving * moving[:, None]
        size = np.sqrt(np.where(moving, moves, whole))
        scaled = metric / size[:, None] / size
        factors = np.linalg.lstsq(scaled, away / size, rcond=ALIKE)[0]
        missed = away / size - scaled @ factors
        factors, fixed = factors / size, missed / size
        if np.abs(missed * size).max(initial=0.0) > CONTRADICTION:
            return None, fixed
        weights = (rows @ factors) @ self.inverse[touched]
        return self.centre + self.squares * (aims @ factors - self.across @ weights), fixed

    def _aims(self, group: np.ndarray | None, zeros: np.ndarray) -> csr_matrix:
        """Classes x conditions: the sum of a group, and each class that is to be zero."""
        from scipy.sparse import csc_matrix

        summed = [] if group is None else [group]
        entries = np.concatenate([*summed, zeros])
        ends = [len(each) for each in summed] + [1] * len(zeros)
        starts = np.concatenate([[0], np.cumsum(ends)])
        shape = (len(self.centre), len(ends))
        return csc_matrix((np.ones(len(entries)), entries, starts), shape=shape)

    def _touched(self, aims: csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        """Rows of published counts that hold a class of `aims`, and their products with them."""
        product = (self.scaled @ aims).tocsr()
        touched = np.flatnonzero(np.diff(product.indptr))
        return touched, product[touched].toarray()

    def _multipliers(self, aims: csr_matrix, fixed: np.ndarray) -> np.ndarray:
        """Combination of the published counts that equals a combination of the aims."""
        touched, rows = self._touched(aims)
        return (rows @ fixed) @ self.inverse[touched]

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
        from scipy.linalg import cho_solve

        rows = self.matrix.shape[0]
        if not rows:
            return np.zeros((0, 0))
        inverse = cho_solve(self._factor(self.squares), np.eye(rows), overwrite_b=True)
        return np.ascontiguousarray((inverse + inverse.T) / 2)


def _damped(share: np.ndarray, length: float) -> float:
    """Longest step of halves that stays inside and gains what a Newton step should."""
    factor = min(1.0, 0.9 / max(-share.min(), 1e-12))
    while np.log1p(factor * share).sum() < 0.01 * factor * length**2:
        factor /= 2
    return factor

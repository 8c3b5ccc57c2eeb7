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


def shortest(group: csr_matrix, members: csr_matrix, rows: np.ndarray) -> tuple[int, ...]:
    """Of published cells that give a group, those that a short combination needs.

    Parameters
    ----------
    group : scipy.sparse.csr_matrix
        One row over base cells, one of each class of equal columns.
    members : scipy.sparse.csr_matrix
        Cells x the same base cells.
    rows : numpy.ndarray of int
        Published cells some combination of which is the group.

    Returns
    -------
    tuple of int
        Cell numbers; all of `rows` where no shorter combination holds exactly.
    """
    target = group.toarray().ravel()
    matrix = members[rows].T.tocsr()
    coefficients = _shortest(matrix, target)
    if coefficients is not None:
        used = np.flatnonzero(np.abs(coefficients) > NEGLIGIBLE)
        if _exact(matrix[:, used], coefficients[used], target):
            rows = rows[used]
    return tuple(int(row) for row in rows)


def _shortest(matrix: csr_matrix, target: np.ndarray) -> np.ndarray | None:
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    size = matrix.shape[1]
    result = linprog(
        np.ones(2 * size), A_eq=hstack([matrix, -matrix]).tocsr(), b_eq=target, method="highs"
    )
    return None if result.x is None else result.x[:size] - result.x[size:]


def _exact(matrix: csr_matrix, coefficients: np.ndarray, target: np.ndarray) -> bool:
    exact = [Fraction(c).limit_denominator(LARGEST_DENOMINATOR) for c in coefficients.tolist()]
    common = int(np.lcm.reduce([c.denominator for c in exact], initial=1))
    whole = np.array([int(c * common) for c in exact], dtype=np.int64)
    return bool((matrix @ whole == target * common).all())

"""What follows from the published cells by exact linear algebra, modulo large primes.

A group of cases is derivable when its indicator over base cells lies in the row space
of the published cells, that is, when every vector that is orthogonal to all published
cells is orthogonal to the group too. So random orthogonal vectors are drawn once; the
sum of a vector over a group is the group's *signature*, and a group is derivable when
its signature is zero. The arithmetic is modulo a 31-bit prime, so no tolerance is involved;
a false zero has a chance below 2^-60 a group, and only hides more than needed. The audit,
which decides, has an elimination of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PRIMES = (2147483647,)
SEED = 20100711
LEAST_SUM = 2


def merged(members: csr_matrix) -> tuple[csr_matrix, np.ndarray]:
    """Base cells with equal columns merged into one.

    Parameters
    ----------
    members : scipy.sparse.csr_matrix
        Integer entries.

    Returns
    -------
    scipy.sparse.csr_matrix
        Rows of `members` x classes.
    numpy.ndarray of int
        Class of each base cell.
    """
    columns = members.tocsc()
    rng = np.random.default_rng(SEED)
    marks = rng.integers(1, 2**62, size=(members.shape[0], 2), dtype=np.int64).astype(np.uint64)
    sums = np.zeros((members.shape[1], 2), dtype=np.uint64)
    owner = np.repeat(np.arange(members.shape[1]), np.diff(columns.indptr))
    np.add.at(sums, owner, marks[columns.indices] * columns.data.astype(np.uint64)[:, None])
    _, first, group = np.unique(sums, axis=0, return_index=True, return_inverse=True)
    return columns[:, first].tocsr(), group.ravel()


@dataclass(frozen=True)
class RowSpace:
    """The row space of the published cells, in echelon form modulo each prime.

    Attributes
    ----------
    made_of : scipy.sparse.csr_matrix
        Rows in the order of elimination x cells: the combination of cells of each.
    group : numpy.ndarray of int
        Class of equal columns that each base cell is in.
    first : numpy.ndarray of int
        One base cell of each class.
    echelons : list of tuple of numpy.ndarray
        What `kernels.echelon` returns, one for each prime.
    """

    made_of: csr_matrix
    group: np.ndarray
    first: np.ndarray
    echelons: list[tuple]

    def null_vectors(self, number: int) -> list[np.ndarray]:
        """Random vectors orthogonal to every published cell.

        Parameters
        ----------
        number : int
            Vectors for each prime.

        Returns
        -------
        list of numpy.ndarray of int64, shape (base cells, vectors)
            One for each prime.
        """
        from geo.protect import kernels

        rng = np.random.default_rng(SEED)
        vectors = []
        for prime, own in zip(PRIMES, self.echelons, strict=True):
            noise = rng.integers(0, prime, size=(len(self.first), number), dtype=np.int64)
            kernels.substitute(noise, *own[:4], prime)
            vectors.append(_split(noise, self.group, prime, rng))
        return vectors

    def combination(self, group: csr_matrix) -> np.ndarray:
        """Published cells whose combination modulo the first prime is a derivable group.

        Raises
        ------
        ValueError
            The group is not derivable.
        """
        from geo.protect import kernels

        whole = group.toarray().ravel().astype(np.int64)
        target = whole[self.first] % PRIMES[0]
        own = self.echelons[0]
        factors, given = kernels.combination(target, *own, self.made_of.shape[0], PRIMES[0])
        if not given or (whole != whole[self.first][self.group]).any():
            raise ValueError("the group is not derivable from the published cells")
        small = np.where(factors > PRIMES[0] // 2, factors - PRIMES[0], factors)
        return np.flatnonzero(self.made_of.T @ small)


def row_space(members: csr_matrix, rows: np.ndarray, sparser: csr_matrix) -> RowSpace:
    """Row space of the cells `rows`, the sparsest eliminated first.

    Parameters
    ----------
    members : scipy.sparse.csr_matrix
        Cells x base cells, entries 0 and 1.
    rows : numpy.ndarray of int
        Published cells.
    sparser : scipy.sparse.csr_matrix
        Cells x cells, unitriangular in some order: what each cell is replaced by before
        the elimination, for fewer entries; the identity changes nothing.
    """
    from geo.protect import kernels

    made_of = sparser[rows]
    entries = (made_of @ members).tocsr()
    entries.eliminate_zeros()
    order = np.argsort(np.diff(entries.indptr), kind="stable")
    made_of = made_of[order]
    compact, group = merged(entries[order])
    peeled, pivots = kernels.peel(compact.indptr, compact.indices, compact.shape[1])
    compact, made_of = compact[peeled], made_of[peeled]
    compact.sort_indices()
    frequency = np.bincount(compact.indices, minlength=compact.shape[1])
    first = np.zeros(compact.shape[1], dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    echelons = [
        kernels.echelon(compact.indptr, compact.indices, compact.data, frequency, pivots, prime)
        for prime in PRIMES
    ]
    return RowSpace(made_of, group, first, echelons)


def _split(
    vectors: np.ndarray, group: np.ndarray, prime: int, rng: np.random.Generator
) -> np.ndarray:
    """Vectors over base cells from vectors over classes.

    The members of a class may take any values that sum to the class's value.
    """
    size = len(group)
    last = np.zeros(len(vectors), dtype=np.int64)
    last[group] = np.arange(size)
    spread = rng.integers(0, prime, size=(size, vectors.shape[1]), dtype=np.int64)
    spread[last] = 0
    sums = np.zeros_like(vectors)
    np.add.at(sums, group, spread)
    spread[last] = (vectors - sums) % prime
    return spread


def signatures(groups: csr_matrix, vectors: list[np.ndarray]) -> list[np.ndarray]:
    """Sums of the null vectors over groups of base cells; all zero where derivable.

    Returns
    -------
    list of numpy.ndarray of int64, shape (groups, vectors)
        One for each prime.
    """
    return [(groups @ own) % prime for own, prime in zip(vectors, PRIMES, strict=True)]


def derivable(signature: list[np.ndarray]) -> np.ndarray:
    """Which groups' signatures are all zero."""
    return np.logical_and.reduce([(own == 0).all(axis=1) for own in signature])


def sums(
    items: np.ndarray, counts: np.ndarray, signature: np.ndarray, k: int
) -> list[tuple[int, ...]]:
    """Sets of several disjoint groups whose sum is derivable and below k.

    Parameters
    ----------
    items : numpy.ndarray of int
        Numbers of the groups, as they are returned.
    counts : numpy.ndarray of int
        Their counts, each at least 1.
    signature : numpy.ndarray of int64, shape (groups, vectors)
        Signatures modulo the first prime; more vectors than groups.
    k : int
    """
    from geo.protect import kernels

    alone = (signature == 0).all(axis=1)
    items, counts, signature = items[~alone], counts[~alone], signature[~alone]
    if len(items) < LEAST_SUM or not kernels.dependent(signature.copy(), PRIMES[0]):
        return []
    basis, pivots = _dependencies(signature)
    found = []
    waiting = [(0, np.zeros(len(items), dtype=np.int64))]
    while waiting:
        depth, vector = waiting.pop()
        if int(counts[pivots[:depth]] @ vector[pivots[:depth]]) >= k:
            continue
        if depth == len(basis):
            if vector.any() and np.isin(vector, (0, 1)).all() and counts @ vector < k:
                found.append(tuple(int(item) for item in items[vector == 1]))
            continue
        waiting.append((depth + 1, vector))
        waiting.append((depth + 1, (vector + basis[depth]) % PRIMES[0]))
    return found


def _dependencies(signature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Left null space modulo the first prime, in reduced echelon form, with its pivots."""
    prime = PRIMES[0]
    size = len(signature)
    left = _echelon(np.hstack([signature % prime, np.eye(size, dtype=np.int64)]), prime)
    free = ~left[:, : signature.shape[1]].any(axis=1)
    basis = _echelon(left[free][:, signature.shape[1] :], prime)
    basis = basis[basis.any(axis=1)]
    return basis, (basis != 0).argmax(axis=1) if len(basis) else np.array([], dtype=np.int64)


def _echelon(matrix: np.ndarray, prime: int) -> np.ndarray:
    """Reduced row echelon form modulo a prime."""
    matrix = matrix.copy()
    top = 0
    for column in range(matrix.shape[1]):
        rows = np.flatnonzero(matrix[top:, column])
        if not len(rows):
            continue
        matrix[[top, top + rows[0]]] = matrix[[top + rows[0], top]]
        matrix[top] = matrix[top] * pow(int(matrix[top, column]), -1, prime) % prime
        others = np.flatnonzero(matrix[:, column])
        others = others[others != top]
        matrix[others] = (matrix[others] - matrix[others, column, None] * matrix[top]) % prime
        top += 1
        if top == len(matrix):
            break
    return matrix

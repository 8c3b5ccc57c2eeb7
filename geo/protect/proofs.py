"""Short proofs that a group is bounded: combinations of few published cells.

A combination of published counts that counts each case of a group at least once, and
nobody negatively, is at least the group's count; one that counts nobody outside it and
nobody in it more than once is at most that. Its cells make a cut: while all of them are
published, the bound holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.protect import solver

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from geo.protect.attack import Target
    from geo.protect.relations import Line

SMALL = 1e-6
UNDER_K = 0.01
"""So far below k must a bound lie to count as a proof."""
SOMEBODY = 0.5
"""So many cases must a bound from below prove: any share of a case is a person."""
OPTIONS = {"presolve": "off"}
"""Presolve takes a third of the time of programs as small as these, and finds little."""


@dataclass(frozen=True)
class Proof:
    """A combination of published counts that bounds a group.

    Attributes
    ----------
    cells : numpy.ndarray of int
        The cells combined.
    times : numpy.ndarray of float
        How often the combination counts a case of each class.
    """

    cells: np.ndarray
    times: np.ndarray

    def bounds(self, columns: np.ndarray, least: float) -> bool:
        """Whether it also keeps another group from reaching k, or, for 0, from being none."""
        if least:
            return bool((self.times[columns] >= 1 - SMALL).all())
        outside = self.times > SMALL
        outside[columns] = False
        return not outside.any()


def near(target: Target, proof: np.ndarray, published: np.ndarray) -> np.ndarray:
    """Published cells of a proof with their published parents, siblings and children."""
    found = [proof]
    for line in target.relations.lines.values():
        above = _parents(line, proof)
        found.append(above)
        owners = np.union1d(above, proof).tolist()
        found += [np.array(line.lists[owner]) for owner in owners if owner in line.lists]
    return _shown(found, published)


def above(target: Target, proof: np.ndarray, published: np.ndarray) -> np.ndarray:
    """Published cells of a proof with their published parents."""
    lines = target.relations.lines.values()
    return _shown([proof, *(_parents(line, proof) for line in lines)], published)


def _parents(line: Line, cells: np.ndarray) -> np.ndarray:
    parents = line.parent[cells]
    return np.unique(parents[parents >= 0])


def _shown(parts: list[np.ndarray], published: np.ndarray) -> np.ndarray:
    cells = np.unique(np.concatenate(parts))
    return cells[published[cells]]


def shortest(
    cells: csr_matrix,
    truth: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    reach: float,
    empty: np.ndarray | None = None,
) -> Proof | None:
    """Of some published cells those whose combination bounds a group, least in absolute sum.

    Parameters
    ----------
    cells : scipy.sparse.csr_matrix
        Cells x classes of base cells.
    truth : numpy.ndarray of float
        True cases of each class.
    rows : numpy.ndarray of int
        Published cells that may be used.
    columns : numpy.ndarray of int
        Classes of the group.
    reach : float
        k to prove that the group stays below it; 0 to prove that somebody is in it.
    empty : numpy.ndarray of int, optional
        Classes that have nobody, as somebody may suppose: how they are counted says nothing.

    Returns
    -------
    Proof or None
        None where these cells prove nothing.
    """
    from geo.protect import columns as compiled

    matrix = (cells.indptr, cells.indices, cells.data)
    inside = np.zeros(len(truth), dtype=bool)
    inside[columns] = True
    marks = np.random.default_rng(0).random(len(rows) + 1)
    left_out = np.zeros(len(truth), dtype=bool)
    if empty is not None:
        left_out[empty] = True
    distinct = compiled.distinct(*matrix, rows, inside, marks, left_out)
    program = _program(distinct, compiled.counts(*matrix, rows, truth), reach)
    program.run()
    if not solver.solved(program):
        return None
    factors = np.array(program.getSolution().row_dual)
    used = np.flatnonzero(np.abs(factors) > SMALL)
    times = compiled.combined(*matrix, rows[used], factors[used], len(truth))
    # Solvers differ in the sign of dual values.
    right = times[columns[0]] > 0 if reach else times @ truth > 0
    return Proof(rows[used], times if right else -times)


def _program(distinct: tuple, counts: np.ndarray, reach: float):
    """The dual of: a combination that bounds the group, its coefficients least in sum.

    A column for each class, and one for what the combination comes to; a row for each cell,
    whose dual value is its coefficient. It has as many rows as there are cells, the other way
    round one for each class, and takes half the time. It is unbounded where nothing is proved.
    """
    from scipy.sparse import csc_matrix

    start, places, entries, inside = distinct
    size = len(counts)
    columns = (
        np.concatenate([entries, -counts]),
        np.concatenate([places, np.arange(size)]),
        np.append(start, start[-1] + size),
    )
    whole = csc_matrix(columns, shape=(size, len(inside) + 1))
    wanted = inside.astype(float)
    cost = np.append(-wanted, reach - UNDER_K) if reach else np.append(wanted, -SOMEBODY)
    one = np.ones(size)
    return solver.program(whole, -one, one, cost, OPTIONS)

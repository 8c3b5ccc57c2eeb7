"""What is left of a group beside a part that equals it: nobody, which must not be told.

Where a part of a sensitive dimension holds everybody of a group, one of the two hides
(`equal`). That is not enough where what else is published leaves room for few others:
then nearly everybody in the group has the part's value, as far as anyone can tell. So
there must be a table that fits all published counts and has k others in the group
(PRIVACY.md, rule 3). Nobody is there in truth, so that the table is sought over base cells
that do not occur: those of the part, with a value that no view lists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.model import ALL, DIMENSIONS
from geo.protect import proofs, solver
from geo.protect.intervals import DIFFERENCE, TOLERANCE
from geo.protect.known import closure

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csc_matrix, csr_matrix

    from geo.protect.attack import Target
    from geo.protect.intervals import Groups

MOST_CLASSES = 10_000
"""With more, none is settled: a program of all tables takes seconds, and pairs may be hundreds."""


class _Rest(NamedTuple):
    """A part and a whole that hold the same cases, and who else might be in the whole.

    ``others``: cells x base cells that do not occur, one of every kind.
    """

    part: int
    whole: int
    others: csr_matrix


@dataclass
class Rests:
    """Finds groups around equal parts that cannot be told to hold k others.

    Attributes
    ----------
    groups : geo.protect.intervals.Groups
    k : int
    rests : list
        One for each pair of part and whole.
    witnesses : dict of int to list of numpy.ndarray
        For each pair the cells, as masks, in which tables with k others differ from the truth.
    systems : int
        Linear programs solved.
    """

    groups: Groups
    k: int
    rests: list[_Rest]
    witnesses: dict[int, list[np.ndarray]] = field(default_factory=dict)
    systems: int = 0

    def violations(self, target: Target, published: np.ndarray) -> list[tuple[int, ...]]:
        """Cuts for pairs of which one is known and whose rest cannot reach k.

        In a large release nobody looks, and it counts as if it could not.
        """
        if not self.rests:
            return []
        known = published.copy()
        known[list(closure(published, target.relations))] = True
        cuts = []
        for number, rest in enumerate(self.rests):
            if known[[rest.part, rest.whole]].any() and not self._served(number, published):
                cuts += self._searched(number, target, published)
        return cuts

    def _served(self, number: int, published: np.ndarray) -> bool:
        kept = self.witnesses.get(number, ())
        return any(not (differs & published).any() for differs in kept)

    def _searched(self, number: int, target: Target, published: np.ndarray) -> list[tuple]:
        """Nothing where a table has k others, which is kept; else a cut."""
        from scipy.sparse import hstack

        rest = self.rests[number]
        rows = np.flatnonzero(published)
        if len(self.groups.truth) > MOST_CLASSES:
            return [tuple(np.intersect1d(rows, np.flatnonzero(np.diff(rest.others.indptr))))]
        cells = hstack([self.groups.cells, rest.others]).tocsr()
        truth = np.append(self.groups.truth, np.zeros(rest.others.shape[1]))
        others = np.arange(len(self.groups.truth), len(truth))
        table, factors = self._most(cells[rows], truth, others)
        if table[others].sum() >= self.k - TOLERANCE:
            differs = np.abs(cells @ (table - truth)) > DIFFERENCE
            self.witnesses.setdefault(number, []).append(differs)
            return []
        proof = rows[np.abs(factors) > TOLERANCE]
        near = proofs.near(target, proof, published)
        short = proofs.shortest(cells, truth, near, others, self.k)
        return [tuple((proof if short is None else short.cells).tolist())]

    def _most(
        self, rows: csr_matrix, truth: np.ndarray, others: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The table with most others that fits the rows, and what proves that none has more."""
        right, cost = rows @ truth, np.zeros(len(truth))
        cost[others] = -1.0
        program = solver.program(rows, right, right, cost, {}, truth.sum() + self.k)
        program.run()
        self.systems += 1
        if not solver.solved(program):
            raise RuntimeError("the program of a group's rest has no optimum")
        found = program.getSolution()
        return np.array(found.col_value), np.array(found.row_dual)


def of(target: Target, groups: Groups, above: Callable[[str, str], tuple[str, ...]]) -> Rests:
    """All pairs of equal part and whole of a cube, with who else might be in the whole.

    Parameters
    ----------
    target : geo.protect.attack.Target
    groups : geo.protect.intervals.Groups
    above : callable
        Dimension and code to the codes above it.
    """
    found = [_rest(target, part, whole, above) for part, whole in target.equal.tolist()]
    return Rests(groups, target.k, found)


def _rest(target: Target, part: int, whole: int, above: Callable) -> _Rest:
    """Base cells of the part, moved to a value beside it: in all that holds the whole."""
    cells = target.cells
    axis = next(name for name in DIMENSIONS if cells[name].iat[part] != cells[name].iat[whole])
    code = cells[axis].iat[whole]
    holds = cells[axis].isin((ALL, code, *above(axis, code))).to_numpy()
    base = target.members[part].indices
    others = target.members[:, base].multiply(holds[:, None]).tocsc()
    return _Rest(part, whole, others[:, _distinct(others)].tocsr())


def _distinct(columns: csc_matrix) -> list[int]:
    """One of every kind of column."""
    columns.eliminate_zeros()
    columns.sort_indices()
    first: dict[bytes, int] = {}
    for column in range(columns.shape[1]):
        own = columns.indices[columns.indptr[column] : columns.indptr[column + 1]]
        first.setdefault(own.tobytes(), column)
    return sorted(first.values())

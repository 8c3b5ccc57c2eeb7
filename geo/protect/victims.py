"""Victims beside cases: which published cells tell how many people their cases have.

Every case has at least one victim, so that what a number of victims tells beside the number
of cases is the *further* victims, those beyond one a case. They are a count over base cells
like the cases, with a system of equations of its own, since victims are published only where
cases are. The rule, for the class of every case: the published numbers must allow it k further
victims; as many as its own and k-1 more; and twice its own. So no derivable sum of cases has
from 1 to k-1 further victims, none is dominated by one case, none is known to have one victim
each, and who knows one case learns of no 1 to k-2 further victims of the others; see
``docs/method.md``.

A case for which that does not hold is bounded by a combination of published numbers, the dual
of a linear program. Its cells are a cut.

References
----------
Hundepool, A., et al. (2012). Statistical Disclosure Control, sections 4.2 (dominance and p% rule)
and 4.4 (protection levels of secondary suppression).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.protect import lines, rank, solver
from geo.protect.cover import Cover, Cuts

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy.sparse import csr_matrix

    from geo.model import Cube
    from geo.protect.relations import Line

TOLERANCE = 1e-6
USED = 1e-7
"""Least multiplier of a number that is part of a proof."""
ROUNDS = 6
"""Rounds that solve the cover afresh, for each attack; later ones only hide more."""
BATCHES = 8
PRIMAL = {"solver": "simplex", "simplex_strategy": 4}


@dataclass(frozen=True)
class System:
    """Further victims over classes of base cells that no candidate and no group tells apart.

    Attributes
    ----------
    candidates : numpy.ndarray of bool
        Cells that may have victims, as far as each alone can say.
    rows : scipy.sparse.csr_matrix
        All cells of the cube x classes.
    further : numpy.ndarray of float
        True further victims of each class.
    need : numpy.ndarray of float
        What the published numbers must allow each class.
    none : scipy.sparse.csr_matrix
        Groups of few cases x classes: each must be able to have no further victim, as it must
        be able to be nobody.
    """

    candidates: np.ndarray
    rows: csr_matrix
    further: np.ndarray
    need: np.ndarray
    none: csr_matrix


@dataclass
class Chosen:
    """Cells with victims, and the private account of the choice.

    Attributes
    ----------
    shown : numpy.ndarray of bool
    eligible : numpy.ndarray of bool
        Published cells that could have victims by the rule, each alone.
    programs : int
        Linear programs solved.
    cuts : int
    """

    shown: np.ndarray
    eligible: np.ndarray
    programs: int = 0
    cuts: int = 0


def needed(most: np.ndarray, k: int) -> np.ndarray:
    """Further victims that published numbers must allow a class, by the most one case has.

    >>> needed(np.array([0, 1, 10, 40]), 11).tolist()
    [11, 11, 20, 80]
    """
    return np.maximum(k, most + np.maximum(most, k - 1))


def system(cube: Cube, published: np.ndarray, k: int, groups: csr_matrix | None = None) -> System:
    """Further victims of a cube, of which the cells in `published` may have some.

    Parameters
    ----------
    cube : Cube
        With victims.
    published : numpy.ndarray of bool
        Cells whose cases are published.
    k : int
    groups : scipy.sparse.csr_matrix, optional
        Groups x base cells, of 1 to k-1 cases each, where intervals are the rule.
    """
    from scipy.sparse import csr_matrix, vstack

    need = needed(cube.victims.most, k)
    least = cube.members.multiply(need).max(axis=1).toarray().ravel()
    enough = cube.members @ cube.victims.further >= least
    candidates = published & cube.stated & enough
    width = cube.members.shape[1]
    groups = csr_matrix((0, width), dtype=np.int64) if groups is None else groups
    blank = (cube.members > 0).multiply(candidates[:, None]).astype(np.int64)
    classes, number = rank.merged(vstack([blank, groups]).tocsr())
    size = classes.shape[1]
    further = np.bincount(number, weights=cube.victims.further, minlength=size)
    of_class = np.zeros(size, dtype=np.int64)
    np.maximum.at(of_class, number, need)
    cells = len(published)
    rows, none = classes[:cells].astype(float).tocsr(), classes[cells:].astype(float).tocsr()
    return System(candidates, rows, further, of_class.astype(float), none)


def chosen(
    whole: System,
    along: dict[str, Line],
    cost: np.ndarray,
    progress: Callable[[str, int], None],
) -> Chosen:
    """Cells that show victims: at little cost, with nothing left of the rule to break.

    Parameters
    ----------
    whole : System
    along : dict of str to Line
        The lines of the cube.
    cost : numpy.ndarray
        Of hiding each cell.
    progress : callable
        Called with a step's name and the number of cells hidden so far.
    """
    search = _Search(whole, along, cost, progress)
    hidden = search.clean(search.remainders, np.zeros(len(cost), dtype=bool))
    hidden = search.clean(search.bounded, hidden)
    shown = whole.candidates & ~hidden
    return Chosen(shown, whole.candidates, search.programs, len(search.cuts.rows))


def kept(before: Chosen, published: np.ndarray) -> Chosen:
    """The choice when fewer cells are published: what is hidden breaks no bound of the others."""
    return replace(before, shown=before.shown & published)


@dataclass
class _Search:
    """Cuts found so far, and the cover that meets them."""

    whole: System
    along: dict[str, Line]
    cost: np.ndarray
    progress: Callable[[str, int], None]
    cuts: Cuts = field(default_factory=Cuts)
    programs: int = 0

    def clean(self, attack: Callable, hidden: np.ndarray) -> np.ndarray:
        """Cells to hide so that an attack finds nothing: first anew each time, then only more."""
        cover, rounds = Cover(self.cost), 0
        while found := attack(self.whole.candidates & ~hidden):
            self.cuts.add(found)
            rounds += 1
            again = cover.cheapest(self.cuts) if rounds <= ROUNDS else None
            hidden = cover.repaired(hidden, found) if again is None else again
            self.progress(f"victims: {attack.__name__}", int(hidden.sum()))
        return hidden

    def remainders(self, shown: np.ndarray) -> list[tuple[int, ...]]:
        """What cells leave when their nearest shown descendants on a line are taken away."""
        from scipy.sparse import diags

        found = {}
        for line in self.along.values():
            signs = (diags(shown.astype(float)) - lines.nearest_known(shown, line)).tocsr()
            signs = signs[np.flatnonzero(shown)]
            for row in self._too_few(signs):
                cells = signs.indices[signs.indptr[row] : signs.indptr[row + 1]]
                found[tuple(sorted(cells.tolist()))] = None
        return list(found)

    def _too_few(self, signs: csr_matrix) -> list[int]:
        """Combinations that count nobody negatively and some case's further victims too closely."""
        left = (signs @ self.whole.rows).tocsr()
        left.eliminate_zeros()
        if not left.nnz:
            return []
        least = left.multiply(self.whole.need).max(axis=1).toarray().ravel()
        negative = left.min(axis=1).toarray().ravel() < 0
        return np.flatnonzero(~negative & (left @ self.whole.further < least)).tolist()

    def bounded(self, shown: np.ndarray) -> list[tuple[int, ...]]:
        """Cuts for all classes that cannot reach what they need, and groups that need somebody."""
        with solver.one_thread():
            programs = _Programs(self.whole, np.flatnonzero(shown))
            found = programs.reach() + programs.vanish()
        self.programs += programs.solved
        return found


class _Programs:
    """Linear programs over all further victims that fit the shown numbers.

    Parameters
    ----------
    whole : System
    shown : numpy.ndarray of int
        Cells that show victims.
    """

    def __init__(self, whole: System, shown: np.ndarray) -> None:
        self.whole, self.shown = whole, shown
        self.matrix = whole.rows[shown]
        self.right = self.matrix @ whole.further
        held = np.asarray(self.matrix.sum(axis=0)).ravel() > 0
        self.reached = ~held | (whole.further >= whole.need)
        self.nobody = whole.none @ (whole.further * held) == 0
        self.held = held
        self.factors = np.zeros(len(shown))
        self.solved = 0

    def reach(self) -> list[tuple[int, ...]]:
        """A cut for every class that cannot have what it needs."""
        for _ in range(BATCHES):
            left = np.flatnonzero(~self.reached)
            if not len(left) or not self._near(left):
                break
        model, cuts = None, []
        while not self.reached.all():
            model = model or self._program()
            at = int(np.flatnonzero(~self.reached)[0])
            table = self._best(model, np.array([at]), -1.0)
            self.reached |= table >= self.whole.need - TOLERANCE
            if not self.reached[at]:
                cuts.append(self._proof())
                self.reached[at] = True
        return cuts

    def vanish(self) -> list[tuple[int, ...]]:
        """A cut for every group of few cases that must have a further victim."""
        model, cuts = None, []
        while not self.nobody.all():
            model = model or self._program()
            at = int(np.flatnonzero(~self.nobody)[0])
            group = self.whole.none[at].indices
            table = self._best(model, group[self.held[group]], 1.0)
            self.nobody |= self.whole.none @ (table * self.held) <= TOLERANCE
            if not self.nobody[at]:
                cuts.append(self._proof())
                self.nobody[at] = True
        return cuts

    def _near(self, left: np.ndarray) -> bool:
        """One table in which many classes have what they need; whether any has it newly."""
        from scipy.sparse import csr_matrix, eye, hstack, vstack

        size, width = len(left), self.matrix.shape[1]
        pick = csr_matrix((np.ones(size), (np.arange(size), left)), shape=(size, width))
        blank = csr_matrix((len(self.shown), size))
        both = vstack([hstack([self.matrix, blank]), hstack([pick, -eye(size)])])
        need = self.whole.need[left]
        lower = np.append(self.right, np.zeros(size))
        upper = np.append(self.right, np.full(size, np.inf))
        cost = np.append(np.zeros(width), -1.0 / need)
        most = np.append(np.full(width, np.inf), need)
        model = solver.program(both, lower, upper, cost, {}, most)
        table = self._run(model)[:width]
        before = int(self.reached.sum())
        self.reached |= table >= self.whole.need - TOLERANCE
        return int(self.reached.sum()) > before

    def _program(self):
        nothing = np.zeros(self.matrix.shape[1])
        return solver.program(self.matrix, self.right, self.right, nothing, PRIMAL)

    def _best(self, model, columns: np.ndarray, sign: float) -> np.ndarray:
        """Table with the least (sign 1) or the most (-1) of some classes together."""
        columns, size = columns.astype(np.int32), len(columns)
        model.changeColsCost(size, columns, np.full(size, sign))
        table = self._run(model)
        self.factors = np.array(model.getSolution().row_dual)
        model.changeColsCost(size, columns, np.zeros(size))
        return table

    def _run(self, model) -> np.ndarray:
        model.run()
        self.solved += 1
        if not solver.solved(model):
            raise RuntimeError("a linear program over victims has no optimum")
        return np.array(model.getSolution().col_value)

    def _proof(self) -> tuple[int, ...]:
        """Cells whose numbers the last bound rests on."""
        return tuple(self.shown[np.abs(self.factors) > USED].tolist())

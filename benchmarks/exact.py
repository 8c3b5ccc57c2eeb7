"""How near the search comes to the best choice there is: ``python -m benchmarks.exact [SEEDS]``.

Small random cubes, protected by Mosaico with the interval rule, and by an exact method of its own:
a program chooses the least to hide; each small group's least and greatest count under what is left is
found by a linear program over the base cells, also with a case known in each of them; a group that
cannot be none, or cannot reach k (k - 1 besides a known case), names a least set of published cells
that proves it, of which any choice must hide one; until no group does. Publishing more only narrows a group, so such sets hold for every choice, and the last
choice, the first that is clean, is the best. Nothing of this is code of the suppression but the
weights, which are the measure. *best* is the greatest utility there is; *likewise* the utility of
the best choice at Mosaico's own costs, which lock the totals of places and make headlines dear.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from geo import cube, protect
from geo.model import DETAIL, KEY, Cube, Policy, View

K = 11
SEEDS = 20
WITHIN = 0.95
TOLERANCE = 1e-6
UNBOUNDED = 3
PARENTS = {"venue": {}, "nationality": {}}
VENUES = ("cantina", "escort", "hotel_motel", "street")
YEARS = ("2013", "2014", "2015")
STATES = ("US-CA", "US-GA", "US-TX")


@dataclass(frozen=True)
class Shape:
    """A kind of instance: its views, and the codes that cases are drawn from."""

    name: str
    views: tuple[View, ...]
    states: int
    years: int
    venues: int


SHAPES = (
    Shape(
        "years × venues",
        tuple(View("all", g) for g in ((), ("period",), ("venue",), ("period", "venue"))),
        1,
        3,
        4,
    ),
    Shape(
        "states × venues",
        tuple(View(level, g) for level in ("all", "state") for g in ((), ("venue",))),
        3,
        1,
        4,
    ),
    Shape(
        "states × years × venues",
        tuple(
            View(level, grains)
            for level in ("all", "state")
            for grains in ((), ("period",), ("venue",), ("period", "venue"))
        ),
        2,
        2,
        3,
    ),
)


@dataclass(frozen=True)
class Compared:
    """Mosaico and the best choice on one instance.

    Attributes
    ----------
    shape : str
    publishable : int
        Cells of at least k.
    own, best : float
        Utility of Mosaico's choice, and the greatest there is.
    likewise : float
        Utility of the best choice for one who counts the costs as Mosaico does: totals of places
        locked, headlines dear.
    narrow : int
        Groups that are not free under Mosaico's choice, by the linear programs here.
    """

    shape: str
    publishable: int
    own: float
    best: float
    likewise: float
    narrow: int


def main(arguments: list[str]) -> None:
    """Print one row a shape."""
    seeds = int(arguments[0]) if arguments else SEEDS
    print(
        "| Shape | Instances | Cells of k or more | At the optimum | Within 5 % | Mean | Least | Greatest |"
    )
    print("|---|---|---|---|---|---|---|---|")
    everything = []
    for shape in SHAPES:
        some = [compared(shape, seed) for seed in range(seeds)]
        everything += some
        _print_rows(shape.name, some)
    _print_rows("all", everything)
    print(f"groups not free under Mosaico's choice: {sum(one.narrow for one in everything)}")


def _print_rows(name: str, some: list[Compared]) -> None:
    sizes = [one.publishable for one in some]
    own = np.array([one.own for one in some])
    for against in ("best", "likewise"):
        ratio = _shares(own, np.array([getattr(one, against) for one in some]))
        best, near = int((ratio >= 1 - TOLERANCE).sum()), int((ratio >= WITHIN).sum())
        print(
            f"| {name} | {against} | {len(some)} | {min(sizes)} to {max(sizes)} | {best} | {near} |"
            f" {ratio.mean():.4f} | {ratio.min():.4f} | {ratio.max():.4f} |",
            flush=True,
        )


def _shares(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """One utility as a share of another; where the other is none, the whole."""
    return np.divide(own, other, out=np.ones_like(own), where=other > 0)


def compared(shape: Shape, seed: int) -> Compared:
    """Mosaico with the interval rule, and the best choice, on one random cube."""
    counted = instance(shape, seed)
    rules = Policy("exact", "staff", K, shape.views, intervals=True)
    names = [name for name in KEY if name != "measure"]
    keys = pd.MultiIndex.from_frame(protect.publish(counted, rules, PARENTS).cells[names])
    own = pd.MultiIndex.from_frame(counted.cells[names]).isin(keys)
    system = _System.of(counted)
    chosen = [
        own,
        system.best(protect.weights(counted.cells)),
        system.best(protect.costs(counted, rules.seed)),
    ]
    kept = [protect.share_kept(protect.utility(counted, shown, K)) for shown in chosen]
    narrow = sum(1 for _ in system.violations(own))
    return Compared(shape.name, int((system.value >= K).sum()), *kept, narrow)


def instance(shape: Shape, seed: int) -> Cube:
    """A random cube of a shape: many small counts, some none, some large."""
    draw = random.Random(f"{shape.name} {seed}")
    keys = itertools.product(STATES[: shape.states], YEARS[: shape.years], VENUES[: shape.venues])
    rows = [(*key, "HN", "sex", _count(draw)) for key in keys]
    names = ["place", "period", "venue", "nationality", "trafficking_type", "cases"]
    base = pd.DataFrame([row for row in rows if row[-1]], columns=names)
    return cube.count(base.assign(**{DETAIL: "unknown"}), shape.views, {}, {})


def _count(draw: random.Random) -> int:
    return draw.choice((0, draw.randint(1, 5), draw.randint(1, 10), draw.randint(11, 60)))


@dataclass(frozen=True)
class _System:
    """Cells as sums of base cells, and the small ones among them.

    Every base cell lies in a part wherever a cell is broken down, and carries one value in each
    dimension, so that cells are the only groups.
    """

    members: np.ndarray
    truth: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, counted: Cube) -> _System:
        value = counted.cells["value"].to_numpy()
        return cls(counted.members.toarray().astype(float), counted.weights.astype(float), value)

    def best(self, cost: np.ndarray) -> np.ndarray:
        """Mask of published cells at the least total cost of what hides."""
        cuts: list[np.ndarray] = []
        while True:
            shown = self._cheapest(cost, cuts)
            found = list(self.violations(shown))
            if not found:
                return shown
            cuts += found

    def _cheapest(self, cost: np.ndarray, cuts: list[np.ndarray]) -> np.ndarray:
        large = self.value >= K
        if not cuts:
            return large
        rows = np.zeros((len(cuts), len(cost)))
        for row, cut in zip(rows, cuts, strict=True):
            row[cut] = 1.0
        found = milp(
            cost,
            constraints=LinearConstraint(rows, lb=1.0),
            integrality=np.ones(len(cost)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0},
        )
        return large & (found.x < 0.5)

    def violations(self, shown: np.ndarray) -> Iterator[np.ndarray]:
        """For each small cell and end that is not free, sets of cells that prove it, none shared.

        Nor may it be confined for somebody who knows a case of one of the base cells.
        """
        for cell in np.flatnonzero((self.value > 0) & (self.value < K)):
            for known in (None, *range(self.members.shape[1])):
                others = self.value[cell] - self._inside(cell, known)
                if known is not None and not 1 <= others <= K - 2:
                    continue
                for sign in (1.0, -1.0):
                    left = np.flatnonzero(shown)
                    while len(proof := self._proof((cell, sign, known), left)):
                        yield proof
                        left = np.setdiff1d(left, proof)

    def _inside(self, cell: int, known: int | None) -> float:
        """The known case, where it is one of the cell's."""
        return 0.0 if known is None else float(self.members[cell, known] > 0)

    def _proof(self, end: tuple, rows: np.ndarray) -> np.ndarray:
        """A least set of cells among `rows` that keeps a cell from being none, or from k."""
        bounded, rows = self._bounded(*end, rows)
        if not bounded:
            return np.zeros(0, dtype=int)
        for row in rows.tolist():
            fewer = rows[rows != row]
            bounded, using = self._bounded(*end, fewer)
            if bounded:
                rows = using
        if not self._bounded(*end, rows)[0]:
            raise RuntimeError("a proof came apart: its cut would not hold for every choice")
        return rows

    def _bounded(
        self, cell: int, sign: float, known: int | None, rows: np.ndarray
    ) -> tuple[bool, np.ndarray]:
        """Whether some published cells bound a cell (1 from below, -1 from above), and which do."""
        least = np.zeros(self.members.shape[1])
        if known is not None:
            least[known] = 1.0
        found = linprog(
            sign * self.members[cell],
            A_eq=self.members[rows],
            b_eq=self.value[rows],
            bounds=np.column_stack([least, np.full(len(least), np.inf)]),
        )
        if found.status == UNBOUNDED:
            return False, rows
        count = abs(found.fun) - self._inside(cell, known)
        enough = K if known is None else K - 1
        bounded = count > TOLERANCE if sign > 0 else count < enough - TOLERANCE
        used = np.abs(found.eqlin.marginals) > TOLERANCE
        return bounded, rows[used] if bounded else rows


if __name__ == "__main__":
    main(sys.argv[1:])

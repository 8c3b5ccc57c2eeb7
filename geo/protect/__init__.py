"""Primary and secondary suppression: which cells of a cube are published.

Cells below k hide (primary). More cells hide (secondary) until no line, no box, no
derivable cell and no derivable sum gives a count from 1 to k-1. The choice is the
optimum of a set-cover program whose cuts are found as they are violated; see
``docs/method.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from geo import details
from geo.model import (
    ALL,
    ATTRIBUTES,
    CORRIDORS,
    DETAIL,
    DIMENSIONS,
    KEY,
    ORIGIN,
    PROFILES,
    PUBLISHED,
    VICTIMS_MEASURE,
    check,
)
from geo.protect import attack, boxes, equal, insiders, named, rests, victims, worth
from geo.protect.cover import WHOLE, Cover, Cut, Cuts, of_kind
from geo.protect.intervals import Intervals, groups, small
from geo.protect.relations import NONE, relations
from geo.protect.signal import band

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from geo.model import Cube, Leak, Policy, TableSpec

PLACE_WEIGHT = {"all": 8.0, "country": 8.0, "state": 4.0, "h3_3": 2.0, "h3_4": 1.0, "h3_5": 0.5}
FILTER_WEIGHT = (4.0, 2.0, 1.0, 0.5, 0.25)
LOCK = 1000.0
LOCKED_LEVELS = ("all", "country", "state")
HEADLINE = 5.0
HEADLINE_LEVELS = ("all", "country")
"""Totals of one venue, year, nationality or type, of all and of countries: readers quote them."""
EXTRA_GRAIN = 0.5
TIE = 1e-4
ATTACKS = (attack.simple, attack.by_subtraction, attack.thorough)
SIZES = (8_000, 20_000)
"""Cells of a small and of a middle-sized cube; the fewer, the more rounds are worth it."""
ROUNDS = ((12, 24, 36), (12, 12, 12), (12, 3, 3))
"""Rounds of each of `ATTACKS` at the most, by size."""
BEFORE_INTERVALS = 3
"""Rounds against subtraction at the most where intervals, which imply it, come after."""
CLASSES = (5_000,)
"""Classes of base cells up to which more rounds under the interval rule are worth it."""
INTERVAL_ROUNDS = (6, 4)
"""Rounds under the interval rule at the most, by its size: in a large one each takes longer."""
DISCOUNTS = (0.7, 0.7, 0.9, 0.9, 0.9, 0.9)
"""What hiding again costs, in one more try each time that a round betters nothing."""
INSIDER_ROUNDS = (6, 1)
"""Rounds after these that also look at what an insider learns, by size."""
INTERVAL_DISCOUNTS = (0.7,) * 4
"""The same under the interval rule, whose few rounds are better spent near the best choice."""
SMALL_CUBE = 300
"""Classes of base cells up to which the search goes on to the optimum: a round takes milliseconds."""
MOST_EXACT = 200
NEAR = 0.008
NEVER = -2


@dataclass(frozen=True)
class Protected:
    """The published cells, and the private account of what hid.

    Attributes
    ----------
    cells : pandas.DataFrame
        A ``PUBLISHED`` table sorted by key.
    utility : pandas.DataFrame
        Private. One row a view: level, filters, eligible, published, weight, share.
    rounds : int
        Programs solved.
    cuts : int
        Cuts found.
    search : _Search
        What `mended` goes on from.
    profiles, corridors : pandas.DataFrame
        ``PROFILES`` and ``CORRIDORS`` tables sorted by key; None where no search made them.
    victims : geo.protect.victims.Chosen or None
        Which cells show victims, where victims are counted. Private.
    """

    cells: pd.DataFrame
    utility: pd.DataFrame
    rounds: int
    cuts: int
    search: _Search | None = None
    profiles: pd.DataFrame | None = None
    corridors: pd.DataFrame | None = None
    victims: victims.Chosen | None = None


def publish(
    cube: Cube,
    policy: Policy,
    parents: dict[str, dict[str, str]],
    progress: Callable[[str, int], None] | None = None,
    forced: Sequence[int] = (),
    scope: Sequence[Sequence[str]] = (),
) -> Protected:
    """Published cells of a cube under a policy; the true counts end here.

    Parameters
    ----------
    cube : Cube
    policy : Policy
    parents : dict
        ``venue`` and ``nationality``: code to parent code.
    progress : callable, optional
        Called with a step's name and the number of cells hidden so far.
    forced : sequence of int
        Cells that hide whatever the attacks find: of a restatement, those that changed by
        fewer than k.
    scope : sequence of sequence of str
        What the release says of all its cases: see :func:`geo.protect.equal.pairs`.

    Returns
    -------
    Protected
    """
    aim = target(cube, policy, parents, scope)
    told = progress or _silent
    search = _Search(aim, costs(cube, policy.seed), told, totals(cube.cells))
    if policy.intervals:
        search.intervals = Intervals(groups(aim), policy.k, search.cost)
        search.rests = rests.of(aim, search.intervals.groups, equal.ancestors(parents))
        search.insiders = insiders.Insiders(search.intervals.groups, policy.k, search.cost)
    search.cuts.add(of_kind("restatement", [(cell,) for cell in forced]))
    shown = search.run()
    return _protected(cube, policy, search, shown, _people(cube, policy, search, shown))


def _people(
    cube: Cube, policy: Policy, search: _Search, shown: np.ndarray
) -> victims.Chosen | None:
    """Cells that show victims beside their cases, where victims are counted."""
    if cube.victims is None:
        return None
    few = small(search.target) if policy.intervals else None
    whole = victims.system(cube, shown, policy.k, few)
    return victims.chosen(whole, search.target.relations.lines, search.cost, search.progress)


def target(
    cube: Cube,
    policy: Policy,
    parents: dict[str, dict[str, str]],
    scope: Sequence[Sequence[str]] = (),
) -> attack.Target:
    """All that the attacks need to know of a cube under a policy."""
    within = relations(cube.cells, cube.members, cube.weights, parents)
    value, above = cube.cells["value"].to_numpy(), equal.ancestors(parents)
    return attack.Target(
        cube.cells,
        value,
        cube.weights,
        cube.members,
        within,
        boxes.tables(cube.cells, value >= policy.k, within),
        cube.multi_valued,
        policy.k,
        equal.pairs(cube.cells, within, policy.sensitive, scope, above),
        equal.telling(cube.cells, policy.sensitive, scope, above),
    )


def mended(protected: Protected, cube: Cube, policy: Policy, leaks: Sequence[Leak]) -> Protected:
    """Published cells with more hidden, so that `leaks` cannot be derived any more.

    Parameters
    ----------
    protected : Protected
        What `publish` or `mended` returned for the same cube and policy.
    cube, policy
    leaks : sequence of Leak
        Groups that the attacker derived from the published cells.

    Returns
    -------
    Protected
    """
    search = protected.search
    fresh = tuple(named.group(cube, leak) for leak in leaks)
    search.target = replace(search.target, named=(*search.target.named, *fresh))
    shown = search.again()
    people = victims.kept(protected.victims, shown) if protected.victims else None
    return _protected(cube, policy, search, shown, people)


def _protected(
    cube: Cube,
    policy: Policy,
    search: _Search,
    shown: np.ndarray,
    people: victims.Chosen | None,
) -> Protected:
    cells = cube.cells[shown]
    plain = cells[cells[DETAIL] == ALL].drop(columns=DETAIL).reset_index(drop=True)
    if people:
        plain = _with_victims(cube, plain, people)
    kept = utility(cube, shown, policy.k)
    tables = _profiles(cells), _corridors(cells)
    cuts = len(search.cuts.rows)
    return Protected(check(plain, PUBLISHED), kept, search.rounds, cuts, search, *tables, people)


def _with_victims(cube: Cube, plain: pd.DataFrame, people: victims.Chosen) -> pd.DataFrame:
    """Published cells with the victims of those that show them, sorted by key."""
    import pandas as pd

    rows = cube.cells.assign(measure=VICTIMS_MEASURE, value=cube.people)[people.shown]
    both = pd.concat([plain, rows.drop(columns=DETAIL)], ignore_index=True)
    return both.sort_values(list(KEY), kind="stable").reset_index(drop=True)


def _profiles(cells: pd.DataFrame) -> pd.DataFrame:
    named = cells[DETAIL].map(details.attribute)
    found = cells.assign(attribute=named, code=cells[DETAIL].map(details.value).astype("str"))
    return _sorted(found[named.isin(ATTRIBUTES)], PROFILES)


def _corridors(cells: pd.DataFrame) -> pd.DataFrame:
    found = cells.assign(origin=cells[DETAIL].map(details.value).astype("str"))
    return _sorted(found[cells[DETAIL].map(details.attribute) == ORIGIN], CORRIDORS)


def _sorted(cells: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    ordered = cells[spec.names].sort_values(list(spec.key), kind="stable")
    texts = {column.name: "str" for column in spec.columns if column.kind == "text"}
    return check(ordered.reset_index(drop=True).astype(texts), spec)


def totals(cells: pd.DataFrame) -> np.ndarray:
    """For each profile and corridor cell the total of its place, -1 for any other cell.

    It is published only where that total is, so that what a detail is a part of is known to
    readers, and details tell nothing of a place that is withheld. Where no view has the total the
    cell stands for itself as one that never shows: -2.
    """
    import pandas as pd

    keys = ["level", "place", *DIMENSIONS, DETAIL]
    broken = (cells[DETAIL] != ALL).to_numpy()
    whole = pd.MultiIndex.from_frame(cells.loc[broken, keys].assign(detail=ALL))
    found = np.full(len(cells), NONE)
    at = pd.MultiIndex.from_frame(cells[keys]).get_indexer(whole)
    found[broken] = np.where(at == NONE, NEVER, at)
    return found


def _silent(step: str, hidden: int) -> None:
    """Progress for nobody."""


@dataclass
class _Search:
    """The growing program: cuts found, the best clean choice, and what is left to gain."""

    target: attack.Target
    cost: np.ndarray
    progress: Callable[[str, int], None]
    total: np.ndarray
    intervals: Intervals | None = None
    rests: rests.Rests | None = None
    insiders: insiders.Insiders | None = None
    cuts: Cuts = field(default_factory=Cuts)
    rounds: int = 0
    hidden: np.ndarray | None = None

    def run(self) -> np.ndarray:
        """Mask of published cells that no attack finds fault with.

        Each kind of attack, the cheap ones first, is a search of its own that starts
        from all the cuts so far.
        """
        for attacks, most in self._stages():
            lower = Cover(self.cost).cheapest(self.cuts)
            self.hidden = self._searched(attacks, most, lower, DISCOUNTS)
        if self.intervals:
            size = int(np.searchsorted(CLASSES, len(self.intervals.groups.truth)))
            rounds, more = INTERVAL_ROUNDS[size], INSIDER_ROUNDS[size]
            best = self._searched(self.by_intervals, rounds, self.hidden, INTERVAL_DISCOUNTS)
            best = self._clean(best, self.by_insiders, Cover(self.cost))
            self.hidden = self._bettered(best, self.by_insiders, more, 0.0, INTERVAL_DISCOUNTS)
            self.hidden = self._clean(self.hidden, self.whole_rule, Cover(self.cost))
            if len(self.intervals.groups.truth) <= SMALL_CUBE:
                self.hidden = self._least(self.hidden)
        return self._published(self.hidden)

    def _least(self, best: np.ndarray) -> np.ndarray:
        """The least costly choice there is, by cutting planes alone; `best` where rounds run out.

        Every cut holds for every choice, so that the first of the program's choices in which
        nothing is wrong cannot be bettered.
        """
        cover, least = Cover(self.cost, WHOLE), self.cost[best].sum()
        for _ in range(MOST_EXACT):
            hidden = cover.cheapest(self.cuts)
            if self.cost[hidden].sum() >= least:
                return best
            found = self.whole_rule(self.target, self._published(hidden))
            self.rounds += 1
            if not found:
                return hidden
            self.cuts.add(found)
        return best

    def _stages(self) -> list[tuple[Callable, int]]:
        """Attacks of each search, and its rounds at the most; what intervals imply is left short."""
        simple, subtraction, thorough = zip(
            ATTACKS, ROUNDS[int(np.searchsorted(SIZES, len(self.cost)))], strict=True
        )
        if self.intervals:
            return [simple, (subtraction[0], min(subtraction[1], BEFORE_INTERVALS))]
        return [simple, subtraction, thorough]

    def by_intervals(
        self, target: attack.Target, published: np.ndarray, *, settled: bool = False
    ) -> list[Cut]:
        """Cuts from `attack.simple`; then from intervals; then from the rests of equal parts."""
        found = attack.simple(target, published)
        if not found:
            narrow = self.intervals.violations(target, published, settled=settled)
            found = of_kind("interval", narrow)
        return found or of_kind(attack.EQUAL, self.rests.violations(target, published))

    def whole_rule(self, target: attack.Target, published: np.ndarray) -> list[Cut]:
        """Cuts from every attack; from intervals and insiders where the policy asks for them.

        What intervals leave, sums of several small cells, is rare: it is looked at last.
        """
        found = self.by_insiders(target, published, settled=True) if self.intervals else []
        return found or attack.thorough(target, published)

    def by_insiders(
        self, target: attack.Target, published: np.ndarray, *, settled: bool = False
    ) -> list[Cut]:
        """Cuts from `by_intervals`; where it finds nothing, from what insiders would learn."""
        found = self.by_intervals(target, published, settled=settled)
        if found:
            return found
        system = self.intervals.fitting(target, published)
        found = self.insiders.violations(target, published, system, settled=settled)
        return of_kind("insider", found)

    def _searched(
        self, attacks: Callable, most: int, lower: np.ndarray, discounts: Sequence[float]
    ) -> np.ndarray:
        """Cells to hide so that `attacks` find nothing, near the least cost.

        It starts from `lower`. A round solves the program with all cuts so far and repairs
        its choice until the attacks find nothing, a choice from above; the repair's cuts
        join the program. Solved afresh, the program would jump between choices of equal
        cost and be repaired anew each time; so what the best choice hides is cheaper in
        the next round, first much, then little (a proximal cutting plane). It ends when
        best and bound are close, when no round betters the best any more, or after
        `most` rounds: a count, so that the same input gives the same release.
        """
        best = self._clean(lower, attacks, Cover(self.cost))
        near = self.cost[lower].sum() * (1 + NEAR)
        return self._bettered(best, attacks, most, near, discounts)

    def _bettered(
        self,
        best: np.ndarray,
        attacks: Callable,
        most: int,
        near: float,
        discounts: Sequence[float],
    ) -> np.ndarray:
        """The best choice after some rounds from one in which `attacks` find nothing."""
        discounts = list(discounts)
        for _ in range(most):
            if self.cost[best].sum() <= near or not discounts:
                break
            cover = Cover(np.where(best, self.cost * discounts[0], self.cost))
            clean = self._clean(cover.cheapest(self.cuts), attacks, cover)
            if self.cost[clean].sum() < self.cost[best].sum():
                best = clean
            else:
                discounts.pop(0)
        return best

    def again(self) -> np.ndarray:
        """Mask of published cells after the target was given more groups: only more hides."""
        self.hidden = self._clean(self.hidden, self.whole_rule, Cover(self.cost))
        return self._published(self.hidden)

    def _clean(self, hidden: np.ndarray, attacks: Callable, cover: Cover) -> np.ndarray:
        if self.intervals:
            self.intervals.cost = self.insiders.cost = cover.cost
        while found := attacks(self.target, self._published(hidden)):
            self.cuts.add(found)
            hidden = cover.repaired(hidden, found)
            self.rounds += 1
            self.progress(attacks.__name__, int(hidden.sum()))
        return hidden

    @property
    def published(self) -> np.ndarray:
        """Mask of the cells that the last choice publishes."""
        return self._published(self.hidden)

    def _published(self, hidden: np.ndarray) -> np.ndarray:
        shown = (self.target.value >= self.target.k) & ~hidden
        parts = np.flatnonzero(self.total != NONE)
        shown[parts] &= (self.total[parts] != NEVER) & shown[self.total[parts]]
        return shown


def weights(cells: pd.DataFrame) -> np.ndarray:
    """Utility weight of every cell: by place level and number of filters (PRIVACY.md)."""
    filters = (cells[[*DIMENSIONS, DETAIL]] != ALL).sum(axis=1).to_numpy()
    return cells["level"].map(PLACE_WEIGHT).to_numpy() * np.array(FILTER_WEIGHT)[filters]


def costs(cube: Cube, seed: int) -> np.ndarray:
    """Cost of hiding each cell: its weight; totals of places locked, headlines nearly; a seed.

    Ties are broken by a seeded draw, never by size: a known rule such as "the smallest
    hides" would narrow what is hidden.
    """
    cost = weights(cube.cells)
    cost = np.where(cube.standard, cost, cost * EXTRA_GRAIN)
    filters = (cube.cells[[*DIMENSIONS, DETAIL]] != ALL).sum(axis=1)
    headline = (filters == 1) & cube.cells["level"].isin(HEADLINE_LEVELS) & cube.standard
    cost = np.where(headline, cost * HEADLINE, cost)
    locked = (filters == 0) & cube.cells["level"].isin(LOCKED_LEVELS)
    return np.where(locked, cost * LOCK, cost) * (1 + TIE * _drawn(cube.cells, seed))


def _drawn(cells: pd.DataFrame, seed: int) -> np.ndarray:
    """A number from 0 to 1 for each cell, from the seed and its key alone.

    Drawn in turn, the numbers of all cells would move with every cell that is or is not there,
    also with those too small to show.
    """
    own = str(seed).encode()
    columns = (cells[name].astype("str") for name in ("level", "place", *DIMENSIONS, DETAIL))
    keys = map("\0".join, zip(*columns, strict=True))
    marks = (blake2b(key.encode(), key=own, digest_size=8).digest() for key in keys)
    return np.frombuffer(b"".join(marks), dtype="<u8") / 2.0**64


def utility(cube: Cube, shown: np.ndarray, k: int) -> pd.DataFrame:
    """Private: what each view could show at k, what it shows, and its weighted share.

    Profile and corridor views are told with the weight 0: they are beside the measure.
    """
    counted = cube.cells[["level", *DIMENSIONS, DETAIL]].copy()
    counted["filters"] = _filters(counted)
    detail = (counted[DETAIL] != ALL).to_numpy()
    counted["weight"] = np.where(detail, 0.0, weights(cube.cells))
    counted["eligible"] = (cube.cells["value"].to_numpy() >= k) & (cube.standard | detail)
    counted["published"] = shown & counted["eligible"]
    grouped = counted.groupby(["level", "filters"], sort=True)
    table = grouped[["eligible", "published"]].sum()
    table["weight"] = grouped["weight"].first()
    table["share"] = (table["published"] / table["eligible"].where(table["eligible"] > 0)).fillna(1)
    return table.reset_index()


def views(protected: Protected, cube: Cube) -> list[dict]:
    """Private: the rows of `utility`, with what each view lost to what, and gives back if dropped.

    See :func:`geo.protect.worth.of_views`.
    """
    import pandas as pd

    search, table, cells = protected.search, protected.utility, cube.cells
    detail = (cells[DETAIL] != ALL).to_numpy()
    keys = pd.MultiIndex.from_arrays([cells["level"], _filters(cells)])
    view = pd.MultiIndex.from_frame(table[["level", "filters"]]).get_indexer(keys)
    eligible = (search.target.value >= search.target.k) & (cube.standard | detail)
    withheld = np.flatnonzero(eligible & ~search.published)
    kind = worth.lost_to(search.cuts, search.hidden, withheld)
    lost = pd.DataFrame({"view": view[withheld], "kind": kind})
    weight = np.where(cube.standard & ~detail, weights(cells), 0.0)
    gains = worth.gives_back(search.cuts, search.cost, weight, view)
    return worth.of_views(table, lost, gains)


def share_kept(table: pd.DataFrame) -> float:
    """Utility: weighted share of the cells with at least k cases that are published."""
    eligible = (table["eligible"] * table["weight"]).sum()
    return float((table["published"] * table["weight"]).sum() / eligible) if eligible else 1.0


def victims_kept(protected: Protected) -> dict[str, int | float]:
    """Private: how many of the published cells show victims, and what that took.

    ``cells`` have cases; of these ``eligible`` could have victims, each alone; ``published``
    do; ``share`` is the weighted share of the cells that do.
    """
    people, search = protected.victims, protected.search
    cells = search.target.cells
    cases = search._published(search.hidden) & (cells[DETAIL] == ALL).to_numpy()
    weight = weights(cells)
    share = float(weight[people.shown].sum() / weight[cases].sum()) if cases.any() else 1.0
    return {
        "cells": int(cases.sum()),
        "eligible": int((people.eligible & cases).sum()),
        "published": int(people.shown.sum()),
        "share": share,
        "programs": people.programs,
        "cuts": people.cuts,
    }


def _filters(cells: pd.DataFrame) -> pd.Series:
    marks = [np.where(cells[name] != ALL, name, "") for name in DIMENSIONS]
    marks.append(cells[DETAIL].map(details.attribute).to_numpy(dtype=object))
    return np.array([" × ".join(filter(None, row)) for row in zip(*marks, strict=True)])


__all__ = [
    "Protected",
    "band",
    "mended",
    "publish",
    "share_kept",
    "target",
    "utility",
    "victims_kept",
    "views",
    "weights",
]

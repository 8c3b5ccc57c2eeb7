"""The interval rule on small tables, against programs and enumerations that share no code with it."""

import itertools
import random

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from geo import cube, protect
from geo.model import Policy, View
from geo.protect import interior, intervals, kernels, rank

UNBOUNDED = 3  # status of a program of scipy
PARENTS = {"venue": {}, "nationality": {}}
VIEWS = (View("all"), View("all", ("venue",)), View("all", ("period",)))
CROSSED = (*VIEWS, View("all", ("venue", "period")))
BY_STATE = (View("state"), View("state", ("venue",)), View("state", ("period",)))
VENUES = ("cantina", "escort", "street")
YEARS = ("2014", "2015")
STATES = ("US-TX", "US-CA", "US-GA")


def base(counts):
    """BASE table from {(place, period, venue): cases}."""
    names = ["place", "period", "venue", "nationality", "trafficking_type", "cases"]
    rows = [(*key, "HN", "sex", cases) for key, cases in counts.items() if cases]
    table = pd.DataFrame(rows, columns=names).sort_values(names[:5]).reset_index(drop=True)
    return table.assign(detail="unknown")


def drawn(seed, most, states=STATES, venues=VENUES):
    draw = random.Random(seed)
    keys = itertools.product(states, YEARS, venues)
    return {key: draw.choice((0, 1, draw.randint(2, 5), draw.randint(1, most))) for key in keys}


def several(seed):
    """Counts of cases of which some carry two venues."""
    draw = random.Random(seed)
    venues = (*VENUES, "cantina;escort", "escort;street")
    keys = itertools.product(STATES, YEARS, venues)
    return {key: draw.choice((0, 2, draw.randint(2, 5), draw.randint(9, 30))) for key in keys}


def counted(counts, views):
    return cube.count(base(counts), views, {}, {})


def shown(counted_, k, views, *, intervals):
    """Mask of the published cells."""
    rules = Policy("test", "staff", k, views, intervals=intervals)
    found = protect.publish(counted_, rules, PARENTS).cells
    key = [name for name in found.columns if name not in ("measure", "value")]
    published = set(found[key].itertuples(index=False, name=None))
    cells = counted_.cells[key].itertuples(index=False, name=None)
    return np.array([cell in published for cell in cells])


def narrow(counted_, published, k):
    """Small cells that cannot be 0, or cannot reach k, by a program for each."""
    members, value = counted_.members.toarray(), counted_.cells["value"].to_numpy()
    rows = members[published]
    found = []
    for cell in np.flatnonzero((value > 0) & (value < k)):
        programs = [
            linprog(sign * members[cell], A_eq=rows, b_eq=value[published]) for sign in (1.0, -1.0)
        ]
        ends = [-np.inf if one.status == UNBOUNDED else one.fun for one in programs]
        if ends[0] > 1e-6 or -ends[1] < k - 1e-6:
            found.append(int(cell))
    return found


@pytest.mark.parametrize("counts", [drawn, several])
@pytest.mark.parametrize("seed", range(6))
def test_every_small_cell_can_be_none_and_can_reach_k(seed, counts):
    table = counts(seed, 30) if counts is drawn else counts(seed)
    cells = counted(table, (*CROSSED, *BY_STATE))
    published = shown(cells, 11, (*CROSSED, *BY_STATE), intervals=True)
    assert published.any()
    assert narrow(cells, published, 11) == []


def test_lines_boxes_and_rank_alone_leave_narrow_cells():
    """The rule is not vacuous: without it most of these tables have narrow cells."""
    tables = [counted(drawn(seed, 30), (*CROSSED, *BY_STATE)) for seed in range(6)]
    left = [
        narrow(cells, shown(cells, 11, (*CROSSED, *BY_STATE), intervals=False), 11)
        for cells in tables
    ]
    assert sum(map(bool, left)) >= 3


def solutions(sums, width, most):
    """Every table of whole numbers with the given sums of cells."""
    order = list(range(width))
    table = [0] * width

    def walk(at):
        if at == width:
            yield tuple(table)
            return
        ceiling = min(
            [most, *(left for cells, left in open_sums if order[at] in cells)], default=most
        )
        closing = [one for one in open_sums if max(one[0]) == at]
        for count in range(ceiling + 1):
            if any(left != count for _, left in closing):
                continue
            table[at] = count
            touched = [one for one in open_sums if at in one[0]]
            for one in touched:
                one[1] -= count
            yield from walk(at + 1)
            for one in touched:
                one[1] += count

    open_sums = [[set(cells), total] for cells, total in sums]
    yield from walk(0)


def disclosed(cells, published, k):
    """Hidden cells of 1 to k-1 that are from 1 to k-1 in every table that fits."""
    members, value = cells.members.toarray(), cells.cells["value"].to_numpy()
    sums = [(np.flatnonzero(members[row]), int(value[row])) for row in np.flatnonzero(published)]
    hidden = np.flatnonzero(~published & (value > 0) & (value < k))
    if not sums or not len(hidden):
        return []
    can = np.zeros((len(hidden), 2), dtype=bool)
    most = int(cells.weights.max()) + k
    for table in solutions(sums, members.shape[1], most):
        counts = members[hidden] @ np.array(table)
        can[:, 0] |= counts == 0
        can[:, 1] |= counts >= k
        if can.any(axis=1).all():
            return []
    return hidden[~can.any(axis=1)].tolist()


@pytest.mark.parametrize("seed", range(200))
def test_enumeration_of_all_whole_tables_discloses_nothing(seed):
    cells = counted(drawn(seed, 8, STATES[:1], VENUES[:2]), CROSSED)
    assert disclosed(cells, shown(cells, 3, CROSSED, intervals=True), 3) == []


def test_enumeration_discloses_most_of_what_a_threshold_alone_hides():
    tables = [counted(drawn(seed, 8, STATES[:1], VENUES[:2]), CROSSED) for seed in range(40)]
    value = [cells.cells["value"].to_numpy() for cells in tables]
    with_small = [i for i, v in enumerate(value) if ((v > 0) & (v < 3)).any()]
    won = [bool(disclosed(tables[i], value[i] >= 3, 3)) for i in with_small]
    assert len(won) > 20
    assert sum(won) > len(won) / 2


def test_two_hidden_parts_of_eight_do_not_stand_beside_their_total():
    """15, 5 and 3 of 23 with k = 10: one pass of elimination shows 23 and 15, and so 5 + 3."""
    counts = {("US-TX", "2015", venue): n for venue, n in zip(VENUES, (15, 5, 3), strict=True)}
    cells = counted(counts, VIEWS[:2])
    published = shown(cells, 10, VIEWS[:2], intervals=True)
    assert published.sum() == 1
    assert narrow(cells, published, 10) == []


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_in_a_large_release_what_is_not_settled_counts_as_violated(monkeypatch, seed, half):
    """As if the search from inside gave up on every group, or on those with an even column."""
    search = interior.Interior.nearest

    def given_up(self, columns, least):
        return search(self, columns, least) if half and columns[0] % 2 else interior.Found()

    monkeypatch.setattr(intervals, "MOST_WORK", 0)
    monkeypatch.setattr(interior.Interior, "nearest", given_up)
    cube_ = counted(drawn(seed, 30), (*CROSSED, *BY_STATE))
    published = shown(cube_, 10, (*CROSSED, *BY_STATE), intervals=True)
    assert narrow(cube_, published, 10) == []


def test_a_repair_hides_what_breaks_all_proofs_at_least_cost_not_what_breaks_each():
    repair = intervals.Repair(np.array([3.0, 2.0, 2.0, 1.0]))
    repair.add([(0, 1)])
    assert repair.hidden.tolist() == [False, True, False, False]
    repair.add([(0, 2)])
    assert repair.hidden.tolist() == [True, False, False, False]


def test_groups_proved_together_share_no_cell():
    waiting = [
        intervals._Contradicted(group, np.array([group]), np.array(cells))
        for group, cells in enumerate(([1, 2], [2, 3], [4], [1]))
    ]
    assert [one.group for one in intervals._disjoint(waiting)] == [0, 2]


def test_what_keeps_a_group_bounded_is_broken_in_one_search(monkeypatch):
    """One proof a search needs more searches: what hides for it leaves others near."""
    tables = [counted(drawn(seed, 30), (*CROSSED, *BY_STATE)) for seed in range(6)]

    def searches():
        called = []
        real = intervals.Intervals._searched
        count = lambda self, *given: called.append(1) or real(self, *given)  # noqa: E731
        with monkeypatch.context() as patch:
            patch.setattr(intervals.Intervals, "_searched", count)
            for cells in tables:
                shown(cells, 11, (*CROSSED, *BY_STATE), intervals=True)
        return len(called)

    thorough = searches()
    monkeypatch.setattr(intervals, "MOST_PROOFS", 1)
    assert searches() > thorough


@pytest.mark.parametrize("seed", range(4))
def test_independent_rows_are_as_many_as_the_rank_and_peeled_ones_are_taken(seed):
    draw = np.random.default_rng(seed)
    some = (draw.random((12, 20)) < 0.2).astype(np.int64)
    rows = csr_matrix(np.vstack([some, some[:4] + some[4:8], some[:3]]))
    rows = rows[np.diff(rows.indptr) > 0]
    order, given = kernels.peel(rows.indptr, rows.indices, rows.shape[1])
    rows, first = rows[order], int((given >= 0).sum())
    frequency = np.bincount(rows.indices, minlength=rows.shape[1])
    chosen = kernels.independent(
        rows.indptr, rows.indices, rows.data, frequency, first, rank.PRIMES[0]
    )
    whole = np.linalg.matrix_rank(rows.toarray())
    assert first and chosen[:first].all()
    assert chosen.sum() == whole == np.linalg.matrix_rank(rows[chosen].toarray())
    assert whole < rows.shape[0]

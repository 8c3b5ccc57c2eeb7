"""What one known case tells, against a program for every case and group that shares no code."""

import numpy as np
import pytest
from scipy.optimize import linprog

from geo import protect
from geo.model import Policy
from geo.protect import insiders, interior
from tests.geo.test_intervals import BY_STATE, CROSSED, counted, drawn, several, shown

K = 6
VIEWS = (*CROSSED, *BY_STATE)
SEEDS = range(12)
FOUND, UNBOUNDED = 0, 3  # states of a program of scipy


def table(seed, counts=drawn):
    return counted(drawn(seed, 20) if counts is drawn else several(seed), VIEWS)


def without(monkeypatch):
    """Nobody looks at what an insider learns."""
    monkeypatch.setattr(insiders.Insiders, "violations", lambda *_, **__: [])


def end(sign, group, rows, right, known):
    """Least (sign 1) or most (sign -1) in a group, in tables with 1 case or more in a base cell."""
    bounds = [(1.0 if cell == known else 0.0, None) for cell in range(len(group))]
    found = linprog(sign * group, A_eq=rows, b_eq=right, bounds=bounds)
    assert found.status in (FOUND, UNBOUNDED)
    return sign * found.fun if found.status == FOUND else -sign * np.inf


def told(cells, published, k):
    """Pairs of a base cell and a cell of which one case of the first tells a small count of others."""
    members, value = cells.members.toarray().astype(float), cells.cells["value"].to_numpy()
    rows, right = members[published], value[published]
    found = []
    for cell in np.flatnonzero((value > 0) & (value < k)):
        for known in range(members.shape[1]):
            own = members[cell, known]
            if not 1 <= value[cell] - own <= k - 2:
                continue
            least, most = (end(sign, members[cell], rows, right, known) for sign in (1.0, -1.0))
            if least - own > 1e-6 or most - own < k - 1 - 1e-6:
                found.append((int(cell), known))
    return found


@pytest.mark.parametrize("counts", [drawn, several])
@pytest.mark.parametrize("seed", range(6))
def test_one_known_case_tells_no_small_count_of_others(seed, counts):
    cells = table(seed, counts)
    published = shown(cells, K, VIEWS, intervals=True)
    assert published.any()
    assert told(cells, published, K) == []


def test_the_interval_rule_alone_tells_some(monkeypatch):
    """The rule is not vacuous: without it one known case tells something in some tables."""
    without(monkeypatch)
    tables = [table(seed) for seed in SEEDS]
    found = [told(cells, shown(cells, K, VIEWS, intervals=True), K) for cells in tables]
    assert sum(map(bool, found)) >= 3


def searched(seed, monkeypatch):
    """A search that did not look at insiders, and a fresh look at what it shows."""
    with monkeypatch.context() as patch:
        without(patch)
        rules = Policy("test", "staff", K, VIEWS, intervals=True)
        parents = {"venue": {}, "nationality": {}}
        search = protect.publish(table(seed), rules, parents).search
    own = insiders.Insiders(search.intervals.groups, K, search.cost)
    return search, own


def look(search, own, published):
    return own.violations(
        search.target, published, search.intervals.fitting(search.target, published)
    )


def told_one(seed, monkeypatch):
    search, own = searched(seed, monkeypatch)
    return search, own, look(search, own, search.published)


def test_of_the_cells_of_a_cut_all_are_published(monkeypatch):
    found = [told_one(seed, monkeypatch) for seed in SEEDS]
    assert any(cuts for _, _, cuts in found)
    for search, _, cuts in found:
        assert all(search.published[list(cut)].all() for cut in cuts)


def test_what_is_clean_stays_clean_while_more_hides_and_is_looked_at_again_when_more_shows(
    monkeypatch,
):
    search, own, cuts = next(
        one for one in (told_one(seed, monkeypatch) for seed in SEEDS) if one[2]
    )
    clean, before = own.settled.copy(), own.systems
    fewer = search.published.copy()
    fewer[cuts[0][0]] = False
    look(search, own, fewer)
    assert (own.settled >= clean).all()
    assert own.systems >= before
    assert look(search, own, search.published)


@pytest.mark.parametrize("seed", range(4))
def test_where_the_search_from_inside_gives_up_the_simplex_method_decides(monkeypatch, seed):
    monkeypatch.setattr(interior.Interior, "holding", lambda *_: interior.Found())
    cells = table(seed)
    published = shown(cells, K, VIEWS, intervals=True)
    assert published.any()
    assert told(cells, published, K) == []


@pytest.mark.parametrize("seed", range(4))
def test_where_nobody_can_decide_it_counts_as_told(monkeypatch, seed):
    monkeypatch.setattr(insiders, "MOST_WORK", 0)
    monkeypatch.setattr(insiders.Insiders, "_broken", lambda *_: [])
    cells = table(seed)
    published = shown(cells, K, VIEWS, intervals=True)
    assert told(cells, published, K) == []


def test_classes_moved_to_one_case_are_those_that_a_dense_solution_moves(monkeypatch):
    """Moves from elimination against those of a pseudoinverse."""
    moved = 0
    for seed in SEEDS:
        search, own = searched(seed, monkeypatch)
        system = search.intervals.fitting(search.target, search.published)
        inside, moves = system.interior, insiders._Moves(system)
        scale = np.diag(inside.squares)
        rows = system.matrix.toarray()
        whole = scale - scale @ rows.T @ np.linalg.pinv(rows @ scale @ rows.T) @ rows @ scale
        for group in range(own.none.shape[0]):
            nearest = inside.nearest(own.none[group].indices, 0.0).table
            if nearest is not None:
                hard = set(moves.left(nearest).tolist())
                assert hard >= dense(nearest, whole, inside.squares)
                moved += (nearest < 1).sum() - len(hard)
    assert moved > 100


def dense(nearest, whole, squares):
    """Classes that no move along the columns of the whole matrix brings to one case."""
    none = nearest <= 1e-9
    inverse = np.linalg.pinv(whole[np.ix_(none, none)], rcond=1e-10)
    left = whole - whole[:, none] @ inverse @ whole[none]
    hard = set()
    for column in np.flatnonzero(nearest < 1):
        if none[column]:
            move = whole[:, none] @ inverse[:, np.flatnonzero(none) == column].ravel()
            possible = abs(move[column] - 1) < 1e-6
        else:
            possible = left[column, column] > 1e-9 * squares[column]
            move = left[:, column] * (1 - nearest[column]) / max(left[column, column], 1e-300)
        if not possible or (nearest + move)[~none].min(initial=0) < -1e-6:
            hard.add(int(column))
    return hard

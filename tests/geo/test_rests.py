"""What may be beside an equal part, against a program over all base cells that shares no code."""

import itertools
import random

import numpy as np
import pytest
from scipy.optimize import linprog

from geo import cube, protect
from geo.model import Policy, View
from geo.protect import rests
from tests.geo.test_protect import base

K = 5
STATES, YEARS, CODES = ("US-TX", "US-CA", "US-GA"), ("2014", "2015"), ("HN", "MX", "GT")
OTHER = "VE"
PARENTS = {"venue": {}, "nationality": {"HN": "central_america", "GT": "central_america"}}
VIEWS = tuple(
    View(level, axes)
    for level in ("country", "state")
    for axes in ((), ("nationality",), ("period",), ("nationality", "period"))
)
SEEDS = range(40)


def drawn(seed):
    """Counts of states in which one nationality, or nearly, is that of all cases."""
    draw = random.Random(seed)
    found = {}
    for state, year in itertools.product(STATES, YEARS):
        codes = draw.sample(CODES, draw.choice((1, 1, 2, 3)))
        found |= {(state, year, code): draw.choice((2, 7, 9, 12, 20)) for code in codes}
    return found


def counted(table):
    cells = base(
        {(place, year, "cantina", code, "sex"): n for (place, year, code), n in table.items()}
    )
    return cube.count(cells, VIEWS, {}, PARENTS["nationality"])


def published(of):
    rules = Policy("test", "staff", K, VIEWS, sensitive=("nationality",), intervals=True)
    found = protect.publish(of, rules, PARENTS).cells
    key = ["place", "period", "nationality"]
    return dict(zip(found[key].itertuples(index=False, name=None), found["value"], strict=True))


def carries(cell, case):
    (place, year, code), (state, when, nationality) = cell, case
    region = PARENTS["nationality"].get(nationality, "")
    return place in ("US", state) and year in ("all", when) and code in ("all", nationality, region)


def most_others(shown, place, year, code):
    """Most cases of other nationalities in a state that any table of what is shown has."""
    cases = list(itertools.product(STATES, YEARS, (*CODES, OTHER)))
    matrix = [[float(carries(cell, case)) for case in cases] for cell in shown]
    whole, part = (place, year, "all"), (place, year, code)
    cost = [-float(carries(whole, case) and not carries(part, case)) for case in cases]
    found = linprog(cost, A_eq=matrix, b_eq=list(shown.values()), method="highs")
    return -found.fun if found.status == 0 else np.inf


def told(seed):
    """Equal parts of which one number is shown beside fewer than k possible others."""
    table = drawn(seed)
    shown = published(counted(table))
    found = []
    for place, year in itertools.product(STATES, ("all", *YEARS)):
        codes = {code for state, when, code in table if state == place and year in ("all", when)}
        if len(codes) == 1:
            one = (place, year, codes.pop())
            if {one, (place, year, "all")} & shown.keys() and most_others(shown, *one) < K - 1e-6:
                found.append(one)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_beside_an_equal_part_there_may_be_k_others(seed):
    assert told(seed) == []


def test_without_the_rule_some_rests_are_told(monkeypatch):
    monkeypatch.setattr(rests, "of", lambda *_: rests.Rests(None, K, []))
    assert sum(bool(told(seed)) for seed in SEEDS) > 1


def test_a_table_found_serves_until_one_of_its_cells_shows(monkeypatch):
    of = counted(drawn(3))
    rules = Policy("test", "staff", K, VIEWS, sensitive=("nationality",), intervals=True)
    search = protect.publish(of, rules, PARENTS).search
    before = search.rests.systems
    assert before
    assert search.rests.violations(search.target, search.published) == []
    assert search.rests.systems == before


def test_in_a_large_release_nobody_looks_and_it_counts_as_told(monkeypatch):
    of = counted(drawn(3))
    rules = Policy("test", "staff", K, VIEWS, sensitive=("nationality",), intervals=True)
    search = protect.publish(of, rules, PARENTS).search
    monkeypatch.setattr(rests, "MOST_CLASSES", 0)
    search.rests.witnesses.clear()
    cuts = search.rests.violations(search.target, search.published)
    assert cuts
    assert all(search.published[list(cut)].all() for cut in cuts)

"""The private account of views: what each lost to which attack, and what dropping one gives back."""

import numpy as np
import pandas as pd
import pytest

from geo import cube, protect
from geo.model import Policy, View
from geo.protect import worth
from geo.protect.cover import Cuts, of_kind
from tests.geo.test_protect import PARENTS, base

LINES = (View("all"), View("all", ("venue",)), View("all", ("period",)))


def cuts(**kinds):
    made = Cuts()
    for kind, rows in kinds.items():
        made.add(of_kind(kind, rows))
    return made


def test_a_cell_hides_for_the_first_cut_that_only_it_meets():
    found = cuts(line=[(0, 1), (2, 3)], rank=[(1, 3)])
    hidden = np.array([False, True, True, False, False])
    assert worth.lost_to(found, hidden, np.array([1, 2])).tolist() == ["line", "line"]
    hidden[0] = True
    assert worth.lost_to(found, hidden, np.array([0, 1])).tolist() == ["line", "rank"]


def test_a_cell_that_no_cut_names_hides_with_its_total():
    found = worth.lost_to(cuts(line=[(0,)]), np.array([True, False]), np.array([1]))
    assert found.tolist() == ["total"]


def test_a_cut_keeps_the_kind_that_found_it_first():
    found = cuts(line=[(1, 0)], box=[(0, 1)])
    assert found.rows == {(0, 1): "line"}


def test_dropping_a_view_gives_the_others_what_only_its_cells_cost_them():
    """Cells 0 and 1 of one view, 2 of another: without the latter, cell 1 need not hide."""
    found = cuts(line=[(0,), (1, 2)])
    cost, weight = np.array([4.0, 2.0, 9.0]), np.array([4.0, 2.0, 9.0])
    assert worth.gives_back(found, cost, weight, np.array([0, 0, 1])).tolist() == [0, 2]
    assert worth.gives_back(found, cost, weight, np.array([0, 1, 2])).tolist() == [0, 0, 2]


def test_without_cuts_nothing_is_given_back():
    assert worth.gives_back(Cuts(), np.ones(2), np.ones(2), np.array([0, 1])).tolist() == [0, 0]


def test_a_program_that_gets_lost_starts_afresh(monkeypatch):
    answers = iter([False, True])
    monkeypatch.setattr(worth.solver, "solved", lambda _: next(answers, True))
    size = np.array([4.0, 2.0, 9.0])
    found = worth.gives_back(cuts(line=[(0,), (1, 2)]), size, size, np.array([0, 0, 1]))
    assert found.tolist() == [0, 2]


def test_what_no_program_solves_is_no_number_and_ends_nothing(monkeypatch):
    monkeypatch.setattr(worth.solver, "solved", lambda _: False)
    gains = worth.gives_back(cuts(line=[(0,)]), np.ones(2), np.ones(2), np.array([0, 1]))
    assert np.isnan(gains).all()
    table = pd.DataFrame({"eligible": [1, 1], "published": [0, 1], "weight": [1.0, 1.0]})
    rows = worth.of_views(table, pd.DataFrame({"view": [0], "kind": ["line"]}), gains)
    assert [(row["gives_back"], row["worth"]) for row in rows] == [(None, None)] * 2


def reported(views, *cases):
    names = ("cantina", "escort")
    table = {
        ("US-TX", year, name, "HN", "sex"): count
        for year, counts in zip(("2014", "2015"), cases, strict=True)
        for name, count in zip(names, counts, strict=True)
    }
    counted = cube.count(base(table), views, {}, {})
    found = protect.publish(counted, Policy("test", "staff", 10, views), PARENTS)
    rows = pd.DataFrame(protect.views(found, counted)).set_index("filters")
    return rows, found.utility.set_index("filters")


@pytest.mark.parametrize(("cases", "lost"), [((30, 30), {}), ((30, 4), {"line": 1})])
def test_every_withheld_cell_is_told_with_the_attack_that_took_it(cases, lost):
    rows, kept = reported(LINES, cases, cases)
    assert rows.loc["venue", "lost_to"] == lost
    assert rows["published"].equals(kept["published"])
    assert (rows["eligible"] - rows["published"]).tolist() == [
        sum(kinds.values()) for kinds in rows["lost_to"]
    ]


def test_a_view_that_costs_the_others_more_than_it_keeps_is_not_worth_it():
    """It keeps 1 of the 30 that could be shown by weight, and the others would gain 3."""
    table = pd.DataFrame({"eligible": [10, 10], "published": [9, 1], "weight": [2.0, 1.0]})
    lost = pd.DataFrame({"view": [0, 1, 1], "kind": ["line", "line", "rank"]})
    one, two = worth.of_views(table, lost, np.array([0.0, 3.0]))
    assert (one["lost_to"], one["gives_back"], one["worth"]) == ({"line": 1}, 0.0, True)
    assert (two["lost_to"], two["gives_back"], two["worth"]) == ({"line": 1, "rank": 1}, 0.1, False)

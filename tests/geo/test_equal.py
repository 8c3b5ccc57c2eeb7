"""Homogeneity in the suppression: no part that everybody of a group around it is in."""

import pytest

from geo import cube, protect
from geo.model import Policy, View
from tests.geo.test_protect import base

PARENTS = {"venue": {}, "nationality": {"MX": "north_america", "US": "north_america"}}
VIEWS = tuple(
    View(level, axes) for level in ("country", "state") for axes in ((), ("nationality",))
)


def shown(table, scope=(), views=VIEWS, sensitive=("nationality",), names=None):
    """Published counts of (place, code) for a table of {(place, nationality): cases}."""
    cells = base({(place, "2015", "cantina", code, "sex"): n for (place, code), n in table.items()})
    counted = cube.count(cells, views, {}, PARENTS["nationality"])
    rules = Policy("test", "staff", 10, views, sensitive=sensitive)
    found = protect.publish(counted, rules, PARENTS, scope=scope).cells
    columns = [found[name] for name in names or ("place", "nationality")]
    return dict(zip(zip(*columns, strict=True), found["value"], strict=True))


TABLE = {("US-TX", "MX"): 40, ("US-CA", "MX"): 30, ("US-CA", "HN"): 20}


def test_a_state_and_the_nationality_of_all_its_cases_do_not_show_together():
    found = shown(TABLE)
    assert ("US-TX", "MX") not in found
    assert found["US-TX", "all"] == 40


def test_nor_does_it_follow_from_where_everybody_else_is():
    """All 20 from Honduras are in California: whoever is in Texas is from Mexico."""
    assert not set(shown(TABLE)) >= {("US", "all"), ("US", "MX"), ("US", "HN"), ("US-CA", "HN")}


def test_what_is_hidden_does_not_follow_from_the_other_states():
    """Mexicans in the United States, 70, less those in California, 30, would be those in Texas."""
    found = set(shown(TABLE))
    assert not {("US", "MX"), ("US-CA", "MX"), ("US-TX", "all")} <= found


def test_a_country_of_one_nationality_may_show():
    found = shown({("US-TX", "MX"): 40, ("US-CA", "MX"): 30})
    assert found["US", "MX"] == found["US", "all"] == 70


def test_a_dimension_that_is_not_sensitive_hides_nothing():
    assert shown(TABLE, sensitive=())["US-TX", "MX"] == 40


def test_unknown_is_no_value():
    assert shown(TABLE | {("US-NY", "unknown"): 50})["US-NY", "unknown"] == 50


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (("nationality", "MX"), True),
        (("nationality", "HN"), False),
        (("trafficking_type", "sex"), False),
        (("venue", "cantina", "nationality", "MX"), False),
    ],
)
def test_what_the_scope_says_of_all_cases_may_show(statement, says):
    table = {("US-TX", "MX"): 40, ("US-CA", "MX"): 30}
    assert (("US-TX", "MX") in shown(table, (statement,))) == says


def test_a_scope_of_one_venue_excuses_cells_of_that_venue_only():
    views = [
        View("state", axes) for axes in ((), ("venue",), ("nationality",), ("venue", "nationality"))
    ]
    cases = {
        ("cantina", "MX"): 40,
        ("escort", "MX"): 30,
        ("escort", "HN"): 20,
        ("street", "HN"): 20,
    }
    cells = base({("US-TX", "2015", *key, "sex"): n for key, n in cases.items()})
    counted = cube.count(cells, views, {}, {})
    rules = Policy("test", "staff", 10, views, sensitive=("nationality",))
    scope = (("venue", "cantina", "nationality", "MX"),)
    found = protect.publish(counted, rules, PARENTS, scope=scope).cells
    both = set(zip(found["venue"], found["nationality"], strict=True))
    assert {("cantina", "all"), ("cantina", "MX")} <= both
    assert not {("street", "all"), ("street", "HN")} <= both


YEARS = (("2013", "MX", 30), ("2013", "HN", 25), ("2014", "MX", 6), ("2015", "MX", 6))


def by_year(rows, sensitive=("nationality",), level="state"):
    """Published (place, year, nationality) of cases in one state."""
    axes = ((), ("period",), ("nationality",), ("period", "nationality"))
    views = tuple(View(level, one) for one in axes)
    cells = base({("US-TX", year, "cantina", code, "sex"): n for year, code, n in rows})
    counted = cube.count(cells, views, {}, PARENTS["nationality"])
    rules = Policy("test", "staff", 10, views, sensitive=sensitive)
    found = protect.publish(counted, rules, PARENTS).cells
    return set(zip(found["period"], found["nationality"], strict=True))


TOLD = {("all", "all"), ("all", "MX"), ("2013", "all"), ("2013", "MX")}
"""Of 67, 42 from Mexico, are 55, 30 from Mexico, of 2013: 12 of the 12 of other years are."""


def test_what_two_remainders_leave_may_not_all_be_of_one_nationality():
    assert not by_year(YEARS) >= TOLD


def test_two_remainders_that_differ_may_show():
    assert by_year((*YEARS, ("2014", "HN", 9), ("2015", "HN", 6))) >= TOLD


def test_remainders_of_what_is_not_sensitive_may_show():
    assert by_year(YEARS, sensitive=()) >= TOLD


def test_outside_known_states_a_country_may_not_be_of_one_nationality():
    """Below a country lie its states: what is left of it beside them is a group of states."""
    table = {("US-TX", "MX"): 30, ("US-TX", "HN"): 25, ("US-CA", "MX"): 6, ("US-GA", "MX"): 6}
    told = {("US", "all"), ("US", "MX"), ("US-TX", "all"), ("US-TX", "MX")}
    assert not set(shown(table)) >= told
    assert set(shown(table, sensitive=())) >= told


OTHERS = {(year, code) for year in ("all", "2013") for code in ("HN", "GT")}
"""With 25 and 20 of each in all and in 2013 as well, whoever came later is from Mexico."""


def test_all_nationalities_but_one_may_not_be_told_to_have_nobody_elsewhere():
    rows = (*YEARS[:2], ("2013", "GT", 20), ("2014", "MX", 6))
    found = by_year(rows)
    assert not found >= OTHERS | {("all", "all"), ("all", "MX")}
    assert by_year(rows, sensitive=()) >= OTHERS | {("all", "all"), ("all", "MX")}


def test_of_two_nationalities_elsewhere_the_others_may_be_told_to_have_nobody():
    rows = (
        *YEARS[:2],
        ("2013", "GT", 20),
        ("2013", "SV", 20),
        ("2014", "MX", 6),
        ("2014", "SV", 6),
    )
    assert by_year(rows) >= OTHERS

"""Checks 8, 9, 15 and 20: zeros, equal parts, several values and the minimality attack."""

import numpy as np
import pytest

from geo import audit
from geo.audit import bounds, derived, evidence, minimality, overlaps, space
from tests.attacks.planted import TEXAS, cell, found, view, write

PLACES = (view("all"), view("country"), view("state"))
BY_NATION = (*PLACES, *(view(level, "nationality") for level in ("all", "country", "state")))
BY_VENUE = (*PLACES, *(view(level, "venue") for level in ("all", "country", "state")))
HEX = f"US-TX/{TEXAS}"


def report(folder):
    return audit.attack(folder).report


def findings(folder, name):
    problems = audit.attack(folder).problems
    return problems[problems["name"] == name]


# Check 8


def hidden_zero(folder, mexico):
    """The total is 1,000; the United States have 1,000 of them, or fewer."""
    rows = [cell(1000), cell(1000 - mexico, "country", "US")]
    return write(folder, rows, PLACES)


def test_a_cell_that_can_only_be_none_is_counted_and_does_not_decide(tmp_path):
    folder = hidden_zero(tmp_path / "r", mexico=0)
    attacked = audit.attack(folder)
    assert attacked.passed
    assert attacked.report["zeros"]["none"] == 1
    listed = findings(folder, "forced to zero")
    assert listed["severity"].tolist() == ["report"]
    assert listed["place"].tolist() == [""]
    assert "MX" not in listed["detail"].iloc[0]


def test_no_cell_can_only_be_none(tmp_path):
    folder = hidden_zero(tmp_path / "r", mexico=400)
    assert report(folder)["zeros"]["none"] == 0
    assert findings(folder, "forced to zero").empty


def test_a_cell_bounded_by_none_counts_too(tmp_path):
    content = evidence.gather(hidden_zero(tmp_path / "r", mexico=400))
    knowledge = derived.learn(audit.system.build(content, space.published(content)), 1000)
    solved = bounds.Bounds(np.arange(3))
    solved.high[:2] = 0, 5
    result, numbers = derived.forced_to_zero(knowledge, bounds.pinned_to_none(solved))
    assert numbers["none"] == 1
    assert len(result.findings) == 1


# Check 9


def nations(mexicans):
    """A country of many nationalities, and Mexicans among the 300 of one of its states."""
    rows = [cell(1000), cell(700, nationality="MX"), cell(600, "country", "US")]
    rows += [cell(400, "country", "US", nationality="MX"), cell(300, "state", "US-TX")]
    return [*rows, cell(mexicans, "state", "US-TX", nationality="MX")]


def test_a_state_whose_victims_all_have_one_nationality_fails(tmp_path):
    folder = write(tmp_path / "r", nations(300), BY_NATION)
    assert found(folder) == {(9, "homogeneity")}
    assert report(folder)["homogeneity"]["sensitive"] == 1
    assert found(write(tmp_path / "clean", nations(250), BY_NATION)) == set()


def test_victims_of_several_nationalities_who_all_have_one_in_common(tmp_path):
    rows = [*nations(300), cell(120, "state", "US-TX", nationality="HN")]
    folder = write(tmp_path / "r", rows, BY_NATION, multi_valued=["nationality"])
    assert found(folder) == {(9, "homogeneity")}
    rows[-2]["value"] = 250
    folder = write(tmp_path / "clean", rows, BY_NATION, multi_valued=["nationality"])
    assert found(folder) == set()


def test_a_hex_part_whose_victims_all_have_one_nationality_fails(tmp_path):
    views = (*BY_NATION, view("h3_3"), view("h3_3", "nationality"))
    rows = [*nations(200), cell(90, "h3_3", HEX), cell(90, "h3_3", HEX, nationality="MX")]
    assert found(write(tmp_path / "r", rows, views)) == {(9, "homogeneity")}
    rows[-1]["value"] = 60
    assert found(write(tmp_path / "clean", rows, views)) == set()


def test_a_country_of_one_nationality_is_reported_only(tmp_path):
    rows = [cell(1000), cell(600, "country", "US"), cell(600, "country", "US", nationality="MX")]
    folder = write(tmp_path / "r", [*rows, cell(800, nationality="MX")], BY_NATION)
    assert found(folder) == set()
    assert findings(folder, "equal parts")["severity"].tolist() == ["report"]


def test_a_venue_of_one_type_is_reported_only_unless_its_dimension_is_sensitive(tmp_path):
    views = (*BY_VENUE, view("state", "venue", "trafficking_type"))
    rows = [cell(1000), cell(600, "country", "US"), cell(300, "state", "US-TX")]
    rows += [cell(90, "state", "US-TX", venue="cantina")]
    rows += [cell(90, "state", "US-TX", venue="cantina", trafficking_type="sex")]
    folder = write(tmp_path / "r", rows, views)
    assert found(folder) == set()
    assert "1 parts" in findings(folder, "equal parts")["detail"].iloc[0]
    policy = {"id": "p", "k": 11, "views": list(views), "sensitive": ["trafficking_type"]}
    assert found(write(tmp_path / "s", rows, views, policy=policy)) == {(9, "homogeneity")}


def test_nationality_not_sensitive_in_the_policy_is_reported_only(tmp_path):
    policy = {"id": "p", "k": 11, "views": list(BY_NATION), "sensitive": []}
    folder = write(tmp_path / "r", nations(300), BY_NATION, policy=policy)
    assert found(folder) == set()


def test_that_all_nationalities_are_unknown_tells_nothing(tmp_path):
    rows = [cell(1000), cell(600, "country", "US"), cell(300, "state", "US-TX")]
    rows += [cell(300, "state", "US-TX", nationality="unknown")]
    assert found(write(tmp_path / "r", rows, BY_NATION)) == set()


def test_a_hidden_group_whose_rest_is_none_although_no_number_of_it_is_known(tmp_path):
    """Hondurans of the country are all in two states: outside of them everybody is Mexican."""
    us, california = {"level": "country", "place": "US"}, {"level": "state", "place": "US-CA"}
    rows = [cell(900), cell(700, nationality="MX"), cell(120, nationality="HN")]
    rows += [cell(400, **us), cell(300, **us, nationality="MX"), cell(100, **us, nationality="HN")]
    rows += [cell(80, "state", "US-TX"), cell(60, "state", "US-TX", nationality="MX")]
    rows += [cell(20, "state", "US-TX", nationality="HN"), cell(80, **california, nationality="HN")]
    assert found(write(tmp_path / "r", rows, BY_NATION)) == {(9, "homogeneity")}
    rows[-1]["value"] = 60
    assert found(write(tmp_path / "clean", rows, BY_NATION)) == set()


@pytest.mark.parametrize(
    ("scope", "fails"),
    [
        ([["nationality", "MX"]], False),
        ([["nationality", "HN"]], True),
        ([["venue", "cantina", "nationality", "MX"]], True),
        ([["trafficking_type", "sex"]], True),
    ],
)
def test_what_the_scope_says_anyway_is_exempt_and_listed(tmp_path, scope, fails):
    folder = write(tmp_path / "r", nations(300), BY_NATION, scope=scope)
    assert ((9, "homogeneity") in found(folder)) == fails
    listed = report(folder)["homogeneity"]["exempt"]
    assert listed == {" ".join(scope[0]): 0 if fails else 1}


@pytest.mark.parametrize(("venue", "fails"), [("cantina", False), ("escort", True)])
def test_a_scope_of_one_venue_exempts_that_venue_only(tmp_path, venue, fails):
    views = (*PLACES, view("state", "venue"), view("state", "venue", "nationality"))
    rows = [cell(1000), cell(600, "country", "US"), cell(300, "state", "US-TX")]
    rows += [cell(90, "state", "US-TX", venue=venue)]
    rows += [cell(90, "state", "US-TX", venue=venue, nationality="MX")]
    scope = [["venue", "bars_and_cantinas", "nationality", "MX"]]
    folder = write(tmp_path / "r", rows, views, scope=scope)
    assert ((9, "homogeneity") in found(folder)) == fails


def two_years(total):
    """100 Mexicans of 2014 and 100 Hondurans of 2015 in a state of `total`; its years are hidden."""
    rows = [cell(1000, "country", "US"), cell(total, "state", "US-TX")]
    rows += [cell(500, "country", "US", period="2014"), cell(450, "country", "US", period="2015")]
    rows += [cell(500, "country", "US", nationality="MX")]
    rows += [cell(400, "country", "US", nationality="HN")]
    rows += [cell(100, "state", "US-TX", period="2014", nationality="MX")]
    return [*rows, cell(100, "state", "US-TX", period="2015", nationality="HN")]


BY_YEAR_AND_NATION = tuple(
    view(level, *grains)
    for level in ("country", "state")
    for grains in ((), ("period",), ("nationality",), ("period", "nationality"))
)


def enforced(views):
    return {"id": "p", "k": 11, "audience": "public", "views": list(views), "intervals": True}


def test_a_group_beside_whose_part_fewer_than_k_others_are_possible(tmp_path):
    """Of 210, at most 10 are not the 100 of either year: nearly all of 2014 are Mexicans."""
    views, policy = BY_YEAR_AND_NATION, enforced(BY_YEAR_AND_NATION)
    folder = write(tmp_path / "r", two_years(210), views, policy=policy)
    assert found(folder) == {(9, "rests")}
    assert report(folder)["rests"]["confined"] == 2
    assert set(findings(folder, "rests")["place"]) == {"US-TX"}
    assert found(write(tmp_path / "clean", two_years(211), views, policy=policy)) == set()


def test_where_intervals_are_not_enforced_or_the_value_is_in_the_scope_rests_decide_nothing(
    tmp_path,
):
    views = BY_YEAR_AND_NATION
    folder = write(tmp_path / "r", two_years(210), views)
    assert found(folder) == set()
    assert findings(folder, "rests")["severity"].tolist() == ["report", "report"]
    scope = [["nationality", "MX"], ["nationality", "HN"]]
    said = write(tmp_path / "s", two_years(210), views, policy=enforced(views), scope=scope)
    assert found(said) == set()


# Check 15


def venues(elsewhere):
    """Both venues in the country, and in Texas nearly all of the cases that can have both."""
    us, texas = {"level": "country", "place": "US"}, {"level": "state", "place": "US-TX"}
    rows = [cell(1000), cell(500, **us), cell(200, **us, venue="cantina")]
    rows += [cell(220, **us, venue="escort"), cell(60, **us, venue="cantina+escort")]
    rows += [cell(200, **texas), cell(120, **texas, venue="cantina")]
    rows += [cell(134, **texas, venue="escort")]
    california = {"level": "state", "place": "US-CA"}
    rows += [cell(100, **california), cell(40, **california, venue="cantina")]
    return [*rows, cell(60 + elsewhere, **california, venue="escort")]


def test_an_overlap_that_must_be_small_is_found(tmp_path):
    """Texas: 54 or more of the 60 cases with both. California: at least 4, at most 6."""
    folder = write(tmp_path / "r", venues(4), BY_VENUE, multi_valued=["venue"])
    assert found(folder) == {(15, "overlaps")}
    assert "both" in findings(folder, "overlaps")["detail"].iloc[0]


def test_an_overlap_that_may_be_none_is_not(tmp_path):
    folder = write(tmp_path / "r", venues(0), BY_VENUE, multi_valued=["venue"])
    assert found(folder) == set()


def test_values_without_each_other_that_must_be_few_are_found():
    pair = overlaps.Pair((0,), whole=100, first=50, second=60, low=45, high=48)
    assert pair.groups()["the first only"] == (2, 5)
    assert pair.groups()["the second only"] == (12, 15)
    assert pair.groups()["neither"] == (35, 38)


def test_the_sum_of_all_values_over_their_total(tmp_path):
    rows = [cell(100), cell(60, "country", "US"), cell(45, "country", "MX")]
    folder = write(tmp_path / "r", rows, PLACES, multi_valued=["place"])
    assert (15, "several values") in found(folder)
    rows[1]["value"] = 80
    folder = write(tmp_path / "clean", rows, PLACES, multi_valued=["place"])
    assert (15, "several values") not in found(folder)


# Check 20


def states(total, *shown):
    """A country with the states shown; two more are shown without a venue, hidden with."""
    names = ("US-TX", "US-CA", "US-NY")
    rows = [cell(2000), cell(1500, "country", "US"), cell(total, "country", "US", venue="cantina")]
    rows += [cell(300, "state", place) for place in (*names[: len(shown)], "US-FL", "US-GA")]
    return [
        *rows,
        *(
            cell(value, "state", place, venue="cantina")
            for place, value in zip(names, shown, strict=False)
        ),
    ]


@pytest.mark.parametrize(
    ("total", "told"),
    [
        (150, {"narrowed": 0, "sure": 1, "refuted": 0}),  # 20 hidden, the smallest shown is 30
        (165, {"narrowed": 1, "sure": 0, "refuted": 0}),  # 35 hidden: at least 5 in the small one
        (180, {"narrowed": 1, "sure": 0, "refuted": 1}),  # 50 hidden: more than 30 and 10
    ],
)
def test_who_believes_that_the_smallest_part_hides(tmp_path, total, told):
    folder = write(tmp_path / "r", states(total, 100, 30), BY_VENUE)
    published = space.published(evidence.gather(folder))
    result, numbers = minimality.minimality(published, 11)
    assert numbers["two_hidden"] >= 1
    lines = [line for axis in range(5) for line in minimality._lines(published, axis)]
    line = next(line for line in lines if line.hidden == 2 and line.smallest == 30)
    assert line.remainder == total - 130
    assert minimality._narrowed(line) == bool(told["narrowed"])
    assert minimality._refuted(line, 11) == bool(told["refuted"])
    assert not result.decides
    assert len(result.findings) == told["narrowed"]
    assert all(finding.place == "" for finding in result.findings)


def test_a_release_without_hidden_siblings_tells_nothing_to_a_believer(tmp_path):
    rows = [cell(1000), cell(600, "country", "US"), cell(400, "country", "MX")]
    folder = write(tmp_path / "r", rows, PLACES)
    assert report(folder)["minimality"]["lines"] == 0
    assert findings(folder, "minimality").empty

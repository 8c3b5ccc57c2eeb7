"""The corpus of planted leaks: each must be found, and the clean twin must pass.

Every release here is made by hand or thresholded only; none went through the suppression.
"""

import json

import pytest

from geo import audit
from geo.model import Term
from tests.attacks.planted import (
    SIMULATED_VIEWS,
    TEXAS,
    TEXAS_PARTS,
    alter,
    cell,
    found,
    rewrite,
    rows_of,
    simulated,
    thresholded,
    view,
    write,
)

YEARS = ("2012", "2013", "2014", "2015", "2016")
PLACES = (view("all"), view("country"), view("state"))
BY_YEAR = (*PLACES, view("all", "period"), view("country", "period"), view("state", "period"))
BY_VENUE = (*PLACES, view("all", "venue"), view("country", "venue"), view("state", "venue"))
CROSSED = (view("all"), view("all", "venue"), view("all", "period"), view("all", "period", "venue"))


def countries(us=600, mexico=400):
    return [
        cell(us + mexico),
        cell(us, "country", "US"),
        cell(mexico, "country", "MX"),
    ]


def clean():
    """All, countries, two states: every remainder is at least 11."""
    return [
        *countries(),
        cell(300, "state", "US-TX"),
        cell(200, "state", "US-CA"),
        cell(250, "state", "MX-CMX"),
    ]


def test_clean_release_passes(tmp_path):
    assert found(write(tmp_path / "r", clean(), PLACES)) == set()


def test_threshold_only_file_fails_with_hundreds_of_findings(tmp_path):
    folder = write(tmp_path / "r", thresholded(simulated(3000, 5)), SIMULATED_VIEWS)
    problems = audit.attack(folder).problems
    failing = problems[problems["severity"] == "fail"]
    assert len(failing) > 300
    assert {2, 3, 4} <= set(failing["check"])


def test_zero_shown(tmp_path):
    folder = write(tmp_path / "r", clean(), PLACES)
    rows = [*rows_of(folder), cell(0, "state", "US-WY")]
    rewrite(folder, sorted(rows, key=lambda row: list(map(str, row.values()))))
    assert (17, "rows") in found(folder)


def test_secondary_cell_marked_by_a_row_of_its_own(tmp_path):
    folder = write(tmp_path / "r", clean(), PLACES)
    rewrite(folder, [*rows_of(folder), cell(None, "state", "US-WY")])
    assert (17, "rows") in found(folder)


def test_filter_list_names_a_withheld_nationality(tmp_path):
    folder = write(tmp_path / "r", clean(), PLACES)
    alter(folder, "manifest.json", filters={"nationality": ["HN"]})
    assert found(folder) == {(17, "options"), (18, "entries")}


def test_one_cell_changed_without_its_hash(tmp_path):
    folder = write(tmp_path / "r", clean(), PLACES)
    text = (folder / "cells.csv").read_text(encoding="utf-8")
    (folder / "cells.csv").write_text(text.replace(",300", ",301"), encoding="utf-8")
    assert found(folder) == {(11, "one value"), (17, "files")}


def test_one_cell_changed_everywhere_contradicts_the_others(tmp_path):
    rows = [row | {"value": 700} if row["place"] == "US-TX" else row for row in clean()]
    assert (2, "lines") in found(write(tmp_path / "r", rows, PLACES))


def test_value_of_seven_added(tmp_path):
    folder = write(tmp_path / "r", clean(), PLACES)
    rewrite(folder, [*rows_of(folder), cell(7, "state", "US-WY")])
    assert (1, "small values") in found(folder)


def test_one_hash_altered(tmp_path):
    folder = write(tmp_path / "r", clean(), PLACES)
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    alter(folder, "manifest.json", files={**listed, "places.parquet": "0" * 64})
    assert found(folder) == {(17, "files")}


def test_one_hidden_part_of_a_published_total(tmp_path):
    rows = [*countries(), cell(591, "state", "US-TX")]
    assert found(write(tmp_path / "r", rows, PLACES)) >= {(2, "lines")}


def test_two_hidden_parts_that_sum_to_eight(tmp_path):
    """Georgia and New York are hidden in 2015, shown in all: together they have 8."""
    rows = [
        *clean(),
        cell(50, "state", "US-GA"),
        cell(39, "state", "US-NY"),
        cell(500, period="2015"),
        cell(300, "country", "US", period="2015"),
        cell(200, "country", "MX", period="2015"),
        cell(172, "state", "US-TX", period="2015"),
        cell(120, "state", "US-CA", period="2015"),
    ]
    assert (3, "several hidden") in found(write(tmp_path / "r", rows, BY_YEAR))


def two_hidden(few):
    """Four states are all of the country; in 2015 two of them are hidden, `few` together."""
    states = {"US-TX": 300, "US-CA": 200, "US-GA": 50, "US-NY": 50}
    rows = [*countries(), cell(250, "state", "MX-CMX")]
    rows += [cell(value, "state", place) for place, value in states.items()]
    rows += [cell(20, "state", place, period="2014") for place in ("US-GA", "US-NY")]
    rows += [cell(500, period="2015"), cell(300, "country", "US", period="2015")]
    rows += [cell(180, "state", "US-TX", period="2015")]
    return [*rows, cell(120 - few, "state", "US-CA", period="2015")]


def test_two_hidden_parts_whose_sum_is_derived_and_neither_of_them(tmp_path):
    folder = write(tmp_path / "r", two_hidden(10), BY_YEAR)
    assert (4, "sums of hidden") in found(folder)
    assert (4, "rank") not in found(folder)
    assert found(write(tmp_path / "clean", two_hidden(11), BY_YEAR)) == set()


def test_hidden_state_whose_years_are_all_published(tmp_path):
    """Texas is hidden; its years make it up, so that the rest of the country is 600-594."""
    years = [cell(120, period=year) for year in YEARS]
    texas = [cell(118, "state", "US-TX", period=year) for year in YEARS]
    rows = [cell(600), cell(600, "country", "US"), *years, *texas]
    rows += [cell(594, "state", "US-TX")]
    shown = [row for row in rows if row["place"] != "US-TX" or row["period"] != "all"]
    assert {2, 3} & {check for check, _ in found(write(tmp_path / "a", shown, BY_YEAR))}


def test_float_tolerance_would_let_a_dependency_through(tmp_path):
    """Two numbers near 10^15 differ by 5: a tolerance of 1e-12 of their size calls that zero."""
    large = 10**15
    rows = [cell(large), cell(large - 5, "country", "US")]
    assert found(write(tmp_path / "r", rows, PLACES)) == {(4, "rank")}
    rows[1]["value"] = large - 11
    assert found(write(tmp_path / "clean", rows, PLACES)) == set()


def test_parent_hundred_and_its_one_value_ninety_five_of_several(tmp_path):
    rows = [cell(100), cell(95, venue="cantina"), cell(40, venue="escort")]
    views = (view("all"), view("all", "venue"))
    folder = write(tmp_path / "r", rows, views, multi_valued=["venue"])
    assert found(folder) >= {(2, "lines")}
    rows[1]["value"] = 89
    folder = write(tmp_path / "clean", rows, views, multi_valued=["venue"])
    assert found(folder) == set()


def test_overlap_nearly_all_of_a_value(tmp_path):
    rows = [
        cell(200),
        cell(60, venue="escort"),
        cell(100, venue="residential_brothel"),
        cell(55, venue="escort+residential_brothel"),
    ]
    views = (view("all"), view("all", "venue"))
    folder = write(tmp_path / "r", rows, views, multi_valued=["venue"])
    assert (2, "lines") in found(folder)
    rows[3]["value"] = 30
    folder = write(tmp_path / "clean", rows, views, multi_valued=["venue"])
    assert found(folder) == set()


def test_two_values_and_their_overlap_leave_few(tmp_path):
    """Neither escort nor brothel: 200 - 90 - 130 + 25 = 5, although each alone leaves many."""
    rows = [
        cell(200),
        cell(90, venue="escort"),
        cell(130, venue="residential_brothel"),
        cell(25, venue="escort+residential_brothel"),
    ]
    views = (view("all"), view("all", "venue"))
    folder = write(tmp_path / "r", rows, views, multi_valued=["venue"])
    assert (4, "rank") in found(folder)


def test_few_cases_in_both_countries(tmp_path):
    rows = [cell(100), cell(60, "country", "US"), cell(45, "country", "MX")]
    folder = write(tmp_path / "r", rows, PLACES, multi_valued=["place"])
    assert (15, "several values") in found(folder)


def box(corner):
    """Two venues by two years: all lines leave 20 or more, outside both is `corner`."""
    inner = {("cantina", "2012"): 30, ("cantina", "2013"): 30}
    inner |= {("escort", "2012"): 30, ("escort", "2013"): 30}
    cells = [cell(n, venue=v, period=y) for (v, y), n in inner.items()]
    cells += [cell(80, venue=v) for v in ("cantina", "escort")]
    cells += [cell(80, period=y) for y in ("2012", "2013")]
    return [cell(200 + corner), *cells]


def test_box_of_two_dimensions_leaves_six_although_all_lines_are_fine(tmp_path):
    """Total 206, venues 160, years 160, crossings 120: 206 - 160 - 160 + 120 = 6."""
    folder = write(tmp_path / "r", box(6), CROSSED)
    assert found(folder) >= {(2, "boxes")}
    assert (2, "lines") not in found(folder)
    assert found(write(tmp_path / "clean", box(20), CROSSED)) == set()


def cube_of_three(corner):
    """One part on each of three dimensions; nothing is small but what lies outside all three."""
    one = {"venue": "cantina", "period": "2012", "trafficking_type": "labor"}
    pairs = [("venue", "period"), ("venue", "trafficking_type"), ("period", "trafficking_type")]
    rows = [cell(60, **one)]
    rows += [cell(100, **{name: one[name] for name in pair}) for pair in pairs]
    rows += [cell(180, **{name: one[name]}) for name in one]
    # Outside all three: total - 3 * 180 + 3 * 100 - 60.
    return [cell(corner + 300), *rows]


def test_box_of_three_dimensions(tmp_path):
    names = ("venue", "period", "trafficking_type")
    views = [view("all"), *(view("all", name) for name in names), view("all", *names)]
    views += [view("all", *names[:2]), view("all", *names[1:]), view("all", names[0], names[2])]
    folder = write(tmp_path / "r", cube_of_three(6), views)
    assert {name for _, name in found(folder)} & {"boxes"}
    assert (2, "lines") not in found(folder)
    assert found(write(tmp_path / "clean", cube_of_three(20), views)) == set()


def test_box_with_place_as_a_dimension(tmp_path):
    """Texas by year against the country by year: 2012 outside Texas is 20, 2013 is 26 - 20."""
    rows = [
        cell(300),
        cell(300, "country", "US"),
        cell(200, "state", "US-TX"),
        cell(150, period="2012"),
        cell(150, "country", "US", period="2012"),
        cell(106, "state", "US-TX", period="2012"),
    ]
    assert found(write(tmp_path / "r", rows, BY_YEAR)) == set()
    rows[5] = cell(56, "state", "US-TX", period="2012")
    assert (2, "boxes") in found(write(tmp_path / "leak", rows, BY_YEAR))


def test_hex_level_is_skipped_where_it_is_hidden(tmp_path):
    """The res-3 part of Texas is hidden; its res-4 parts are not, and leave 5 of Texas."""
    views = (*PLACES, view("h3_3"), view("h3_4"))
    parts = [cell(49, "h3_4", f"US-TX/{part}") for part in TEXAS_PARTS[:5]]
    rows = [cell(250), cell(250, "country", "US"), cell(250, "state", "US-TX"), *parts]
    assert found(write(tmp_path / "r", rows, views)) & {(2, "lines"), (3, "several hidden")}
    whole = cell(245, "h3_3", f"US-TX/{TEXAS}")
    assert (2, "lines") in found(write(tmp_path / "s", [*rows, whole], views))
    assert found(write(tmp_path / "clean", rows[:-1], views)) == set()


def test_rank_sees_what_no_line_sees(tmp_path):
    """A two-by-two table of hidden cells closes around one value only by elimination.

    Rows and columns of the table are known; of its hidden cells two stand in one line with
    a derived one each. Georgia's cantina cases are 7, by three equations together.
    """
    states = {"US-TX": 140, "US-CA": 130}
    rows = [cell(270), cell(270, "country", "US")]
    rows += [cell(n, "state", place) for place, n in states.items()]
    rows += [cell(150, venue="cantina"), cell(150, "country", "US", venue="cantina")]
    rows += [cell(120, venue="escort"), cell(120, "country", "US", venue="escort")]
    rows += [cell(107, "state", "US-TX", venue="cantina")]
    rows += [cell(87, "state", "US-CA", venue="escort")]
    assert (4, "rank") not in found(write(tmp_path / "r", rows, BY_VENUE))
    rows[-2] = cell(133, "state", "US-TX", venue="cantina")
    rows[-1] = cell(113, "state", "US-CA", venue="escort")
    leak = write(tmp_path / "leak", rows, BY_VENUE)
    assert (4, "rank") in found(leak)
    escort_in_texas = [Term(("US-TX",)), Term(("all",)), Term(("escort",))]
    blocks = [block for leak in audit.attack(leak).leaks for block in leak]
    assert [axis[0] for axis in blocks[0]][:3] == escort_in_texas


def two_states(escort):
    """Texas and California make up the country, so that no other state has a cantina case."""
    rows = [cell(600), cell(600, "country", "US"), cell(350, "state", "US-TX")]
    rows += [cell(250, "state", "US-CA"), cell(50, venue="cantina")]
    rows += [cell(50, "country", "US", venue="cantina"), cell(275 + escort, venue="escort")]
    rows += [cell(275 + escort, "country", "US", venue="escort")]
    rows += [cell(30, "state", "US-TX", venue="cantina")]
    rows += [cell(275, "state", "US-TX", venue="escort")]
    return [*rows, cell(escort, "state", "US-CA", venue="escort")]


def test_parts_that_make_up_their_parent_leave_none_for_every_other(tmp_path):
    """California's 20 cantina cases follow, and of its 250 cases 5 lie in no shown venue."""
    assert found(write(tmp_path / "leak", two_states(225), BY_VENUE))
    assert found(write(tmp_path / "clean", two_states(205), BY_VENUE)) == set()


@pytest.mark.parametrize("name", ["cells.parquet", "cells.csv", "places.parquet"])
def test_truncated_file_is_found(tmp_path, name):
    folder = write(tmp_path / "r", clean(), PLACES)
    (folder / name).write_bytes((folder / name).read_bytes()[:40])
    assert (17, "files") in found(folder)


def test_two_releases_of_a_series_give_one_cell_two_values(tmp_path):
    first = write(tmp_path / "first", clean(), PLACES)
    later = write(tmp_path / "later", [*countries(610), *clean()[3:]], PLACES, id="later")
    assert found(later) == set()
    assert found(later, earlier=[first]) == {
        (11, "one value"), (14, "changes"), (14, "repeated blocks"),
    }  # fmt: skip

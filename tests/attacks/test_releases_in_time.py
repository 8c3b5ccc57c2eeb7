"""Check 14: releases of one series, in pairs and stacked. Made by hand, each beside a clean twin."""

import hashlib

import pytest

from geo.model import KEY
from tests.attacks.planted import alter, cell, found, rewrite, rows_of, view, write

PLACES = (view("all"), view("country"), view("state"))
VIEWS = (*PLACES, view("all", "period"), view("country", "period"), view("state", "period"))
QUARTERS = (view("all"), view("all", "quarter"))
OLD = (
    cell(1000),
    cell(600, "country", "US"),
    cell(400, "country", "MX"),
    cell(300, "state", "US-TX"),
    cell(200, "state", "US-CA"),
    cell(150, "state", "MX-CMX"),
    cell(500, period="2014"),
    cell(320, "country", "US", period="2014"),
    cell(480, period="2015"),
)
YEAR = (
    cell(130, period="2016"),
    cell(90, "country", "US", period="2016"),
    cell(40, "country", "MX", period="2016"),
    cell(60, "state", "US-TX", period="2016"),
)


def digest(rows):
    """Hash of rows as the data dictionary says it, written here anew."""
    ordered = sorted(rows, key=lambda row: [row[name] for name in KEY])
    text = "".join(",".join(str(row[name]) for name in (*KEY, "value")) + "\n" for row in ordered)
    return hashlib.sha256(text.encode()).hexdigest()


def block(rows, period="all", start="2014-01-01", end="2015-12-31", **changes):
    label = f"{start[:4]}–{end[:4]}" if period == "all" else period
    entry = {"period": period, "label": label, "start": start, "end": end, "release": "first"}
    return {**entry, "sha256": digest(rows), "multi_valued": []} | changes


def year(rows=YEAR, **changes):
    days = {"start": "2016-01-01", "end": "2016-12-31", "release": "second"}
    return block(rows, "2016", **days | changes)


def release(folder, rows, blocks, views=VIEWS, **changes):
    first = blocks[0]
    coverage = {name: first[name] for name in ("start", "end", "label")}
    return write(folder, rows, views, coverage=coverage, blocks=list(blocks), **changes)


@pytest.fixture
def first(tmp_path):
    return release(tmp_path / "first", OLD, [block(OLD)], id="first")


@pytest.fixture
def second(tmp_path):
    return release(tmp_path / "second", [*OLD, *YEAR], [block(OLD), year()], id="second")


def names(folder, *earlier):
    """Names of check 14 that fail."""
    return {name for check, name in found(folder, earlier=list(earlier)) if check == 14}


def test_a_later_year_beside_the_first_block_passes_alone_and_with_the_first(first, second):
    assert found(first) == set()
    assert found(second) == set()
    assert found(second, earlier=[first]) == set()


def test_the_later_year_is_no_part_of_all(tmp_path):
    """1000 - 500 - 480 leaves 20 without a date; 2016 takes nothing of it."""
    rows = [*OLD, cell(15, period="2016")]
    assert found(release(tmp_path / "r", rows, [block(OLD), year(rows[-1:])])) == set()


def test_the_later_year_is_attacked_as_a_table_of_its_own(tmp_path):
    rows = [cell(130, period="2016"), cell(125, "country", "US", period="2016")]
    folder = release(tmp_path / "r", [*OLD, *rows], [block(OLD), year(rows)])
    assert found(folder) == {(4, "rank")}


def test_a_block_of_other_rows_than_its_hash_is_found(second):
    rows = [row | {"value": 520} if row["period"] == "2014" else row for row in rows_of(second)]
    rewrite(second, rows)
    assert "blocks" in names(second)


@pytest.mark.parametrize(
    "changes",
    [
        {"period": "all"},
        {"start": "2015-07-01", "end": "2016-12-31"},
        {"start": "2016-01-01", "end": "2017-12-31"},
    ],
    ids=["two all", "shares time", "two years"],
)
def test_blocks_that_are_none_are_found(tmp_path, changes):
    folder = release(tmp_path / "r", [*OLD, *YEAR], [block(OLD), year() | changes])
    assert "blocks" in names(folder)


def test_a_later_year_without_a_first_block_is_found(tmp_path):
    assert names(release(tmp_path / "r", YEAR, [year()])) == {"blocks"}
    alone = block(YEAR, start="2016-01-01", end="2016-12-31", label="2016")
    assert names(release(tmp_path / "clean", YEAR, [alone])) == set()


def test_a_later_year_that_the_first_block_reaches_into_is_found(tmp_path):
    half = block(OLD, end="2016-06-30")
    assert names(release(tmp_path / "r", [*OLD, *YEAR], [half, year()])) == {"blocks"}


def test_a_repeated_block_with_one_value_changed_is_found(first, tmp_path):
    rows = [row | {"value": 170} if row["place"] == "MX-CMX" else row for row in OLD]
    later = release(tmp_path / "later", [*rows, *YEAR], [block(rows), year()], id="later")
    assert found(later) == set()
    assert names(later, first) == {"repeated blocks"}


def test_a_repeated_block_that_lacks_a_row_is_found(first, tmp_path):
    rows = [row for row in OLD if row["place"] != "MX-CMX"]
    later = release(tmp_path / "later", [*rows, *YEAR], [block(rows), year()], id="later")
    assert names(later, first) == {"repeated blocks"}


def cumulative(folder, more, label="2014–2015"):
    """The old block again with `more` cases of Texas, not said to restate anything."""
    places = ("all", "US", "US-TX")
    rows = [
        row | {"value": row["value"] + more}
        if row["place"] in places and row["period"] == "all"
        else row
        for row in OLD
    ]
    return release(folder, rows, [block(rows, release="later", label=label)], id="later")


@pytest.mark.parametrize("label", ["2014–2015", "2014–2015 again"])
def test_two_cumulative_releases_ten_cases_apart_are_found(first, tmp_path, label):
    assert "changes" in names(cumulative(tmp_path / "ten", 10, label), first)
    eleven = names(cumulative(tmp_path / "eleven", 11, label), first)
    assert eleven == ({"repeated blocks"} if label == "2014–2015" else set())


def extended(folder, total, texas):
    """A running total: 2014–2016 where 2014–2015 was published."""
    moved = {("all", "all"): total, ("US", "all"): 680, ("US-TX", "all"): texas}
    rows = [row | {"value": moved.get((row["place"], row["period"]), row["value"])} for row in OLD]
    entry = block(rows, end="2016-12-31", release="later")
    return release(folder, rows, [entry], id="later")


def test_a_cumulative_total_minus_a_closed_one_is_found(first, tmp_path):
    assert "changes" in names(extended(tmp_path / "leak", 1120, 305), first)
    assert "changes" in names(first, extended(tmp_path / "turned", 1120, 305))
    assert names(extended(tmp_path / "clean", 1120, 330), first) == set()


@pytest.mark.parametrize(("later", "expected"), [(115, {"changes"}), (100, set())])
def test_what_a_running_total_adds_less_its_new_year_is_found(first, tmp_path, later, expected):
    """All grew by 120, 115 of them of 2016: 5 are late cases of the closed years."""
    rows = [row | {"value": 1120} if row["place"] == row["period"] == "all" else row for row in OLD]
    rows += [cell(later, period="2016")]
    entry = block(rows, end="2016-12-31", release="later")
    folder = release(tmp_path / "r", rows, [entry], id="later")
    assert names(folder) == set()
    assert names(folder, first) == expected


def restated(folder, moved, **changes):
    rows = [row | {"value": row["value"] + moved.get((row["place"], row["period"]), 0)}
            for row in OLD]  # fmt: skip
    entry = block(rows, release="later", label="2014–2015 (r2)", restates="2014–2015", **changes)
    return release(folder, rows, [entry], id="later")


MOVED = {("all", "all"): 40, ("US", "all"): 40, ("US-TX", "all"): 25, ("US-CA", "all"): 15,
         ("all", "2014"): 40, ("US", "2014"): 40}  # fmt: skip


def test_a_restatement_whose_changes_are_large_passes(first, tmp_path):
    assert found(restated(tmp_path / "r", MOVED), earlier=[first]) == set()


def test_a_small_change_held_back_cell_by_cell_is_found(first, tmp_path):
    """California's 5 late cases are held: 40 more in the country, 35 of them in Texas."""
    held = MOVED | {("US-TX", "all"): 35, ("US-CA", "all"): 0}
    folder = restated(tmp_path / "r", held)
    assert names(folder) == set()
    assert names(folder, first) == {"changes"}


def test_a_fall_by_a_few_is_a_change_too(first, tmp_path):
    fallen = {("all", "all"): -30, ("US", "all"): -30, ("US-TX", "all"): -25, ("US-CA", "all"): -5}
    folder = restated(tmp_path / "r", fallen)
    assert names(folder) == set()
    assert names(folder, first) == {"changes"}


def crossed(total, year, venue):
    return [
        cell(total),
        cell(year, period="2014"),
        cell(venue, venue="escort"),
        cell(120, period="2014", venue="escort"),
    ]


@pytest.mark.parametrize(("total", "expected"), [(465, {"changes"}), (475, set())])
def test_a_box_of_changes_is_found(tmp_path, total, expected):
    """65 more in all, 30 of them in 2014, 30 with escort, none with both: 5 with neither."""
    views = tuple(view("all", *some) for some in ((), ("period",), ("venue",), ("period", "venue")))
    rows, later = crossed(400, 200, 220), crossed(total, 230, 250)
    first = release(tmp_path / "a", rows, [block(rows)], views)
    entry = block(later, label="2014–2015 (r2)", restates="2014–2015", release="later")
    folder = release(tmp_path / "b", later, [entry], views, id="later")
    assert names(folder) == set()
    assert names(folder, first) == expected


def test_a_fiscal_year_straddles_calendar_years(first, tmp_path):
    rows = [cell(300), cell(200, "country", "US")]
    fiscal = block(rows, start="2015-10-01", end="2016-09-30", release="fiscal")
    folder = release(tmp_path / "r", rows, [fiscal], PLACES, id="fiscal")
    assert names(folder, first) == {"repeated blocks"}
    after = block(rows, start="2016-01-01", end="2016-12-31", release="fiscal")
    assert names(release(tmp_path / "ok", rows, [after], PLACES, id="fiscal"), first) == set()


@pytest.mark.parametrize(("last", "expected"), [(20, {"stacked"}), (25, set())])
def test_a_year_minus_the_quarters_of_another_release_is_found(tmp_path, second, last, expected):
    quarters = [cell(40, period="2016-Q1"), cell(35, period="2016-Q2"), cell(30, period="2016-Q3")]
    quarters += [cell(last, period="2016-Q4")]
    days = {"start": "2016-01-01", "end": "2016-12-31", "release": "later"}
    entry = block(quarters, **days)
    folder = release(tmp_path / "r", quarters, [entry], QUARTERS, id="later")
    assert names(folder) == set()
    assert names(folder, second) == expected


@pytest.mark.parametrize(("total", "expected"), [(135, {"changes"}), (150, set())])
def test_a_first_block_of_one_year_is_that_year_of_another_release(
    tmp_path, second, total, expected
):
    rows = [cell(total)]
    entry = block(rows, start="2016-01-01", end="2016-12-31", label="2016 (r2)", release="later")
    assert names(release(tmp_path / "r", rows, [entry], PLACES, id="later"), second) == expected


@pytest.mark.parametrize(("shown", "expected"), [(395, {"stacked"}), (380, set())])
def test_a_public_and_a_coalition_release_are_attacked_together(tmp_path, shown, expected):
    """One shows the country, the other all but five of its cases in one state."""
    public = [cell(1000), cell(600, "country", "US"), cell(400, "country", "MX")]
    coalition = [cell(1000), cell(shown, "state", "MX-CMX")]
    one = release(tmp_path / "a", public, [block(public)], PLACES, id="first")
    two = release(
        tmp_path / "b", coalition, [block(coalition, release="two")], PLACES,
        id="two", audience="coalition",
    )  # fmt: skip
    assert names(one) == names(two) == set()
    assert names(two, one) == expected


def test_manifests_without_blocks_are_one_block(tmp_path):
    one = write(tmp_path / "a", OLD, VIEWS)
    two = write(tmp_path / "b", [row | {"value": row["value"] + 3} for row in OLD], VIEWS, id="b")
    assert found(one, earlier=[one]) == set()
    assert {"changes", "repeated blocks"} <= names(two, one)


def test_a_list_of_blocks_that_is_none_does_not_stop_the_attack(second):
    alter(second, "manifest.json", blocks=[{"period": 5}, "x"])
    assert "blocks" in names(second)
    alter(second, "manifest.json", blocks="none")
    assert found(second)

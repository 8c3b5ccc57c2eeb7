"""What is set side by side: look-ups, changes, the crosstab, and their words and colours."""

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest

from geo.model import ALL
from tests.ui import colour
from ui import compare, palette
from ui.choice import Choice
from ui.figures import compare as figures

OPENING = Choice("en", "national", ("residential_brothel",))
LAYERS = replace(OPENING, compare="layers")
PERIODS = replace(OPENING, compare="periods", level="state", layers=("cantina",))
OVERLAP = replace(OPENING, compare="overlap")
HEXES = {"id": "x", "url": "y"}
BOTH = "escort+residential_brothel"


def with_manifest(source, **parts):
    manifest = {**source.release.manifest, **parts}
    return replace(source, release=replace(source.release, manifest=manifest))


@pytest.fixture(scope="session")
def beside(source):
    """The sample, with cases that name both layers in Texas."""
    key = ("state", ALL, BOTH, ALL, ALL)
    return replace(source, cells={**source.cells, key: pd.Series({"US-TX": 25})})


def test_three_layers_are_those_of_the_mission_whatever_was_chosen(source):
    seen = compare.compared(source, replace(LAYERS, layers=(ALL,)))
    assert [layer.venue for layer in seen.found.layers] == [
        "residential_brothel", "cantina", "escort",
    ]  # fmt: skip


def test_without_a_choice_the_last_two_whole_years_are_compared(source):
    cut = with_manifest(source, coverage={"start": "2013-12", "end": "2016-01", "label": "x"})
    years = {**source.offered.filters, "period": ("2013", "2014", "2015", "2016", "unknown")}
    cut = replace(cut, offered=replace(source.offered, filters=years))
    assert compare.pair(cut, PERIODS) == ("2014", "2015")


def test_a_year_alone_is_compared_with_the_year_before(source):
    assert compare.pair(source, replace(PERIODS, period="2015")) == ("2014", "2015")
    assert compare.pair(source, replace(PERIODS, period="2014")) == ("2014", "2015")


def test_the_earlier_period_stands_first(source):
    chosen = replace(PERIODS, period="2015", versus="2014")
    assert compare.pair(source, chosen) == ("2014", "2015")


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (("2014", "2015"), ""),
        (("2014", "2014"), "same"),
        ((ALL, "2015"), "overlap"),
        (("unknown", "2015"), "undated"),
    ],
)
def test_periods_that_share_a_month_are_refused_with_the_reason(source, chosen, why):
    assert compare.refusal(source, chosen) == why


def test_a_later_block_may_be_compared_with_the_first(source):
    later = {"period": "2017", "label": "2017", "start": "2017-01-01", "end": "2017-12-31"}
    two = with_manifest(source, blocks=[later])
    assert compare.refusal(two, (ALL, "2017")) == ""
    assert (compare.months(two, ALL), compare.months(two, "2017")) == (24, 12)


def test_a_year_that_coverage_cuts_short_has_fewer_months(source):
    cut = with_manifest(source, coverage={"start": "2007-12-07", "end": "2016-01-31", "label": "x"})
    assert [compare.months(cut, year) for year in ("2007", "2008", "2016")] == [1, 12, 1]


def test_refused_periods_show_no_count(source):
    seen = compare.compared(source, replace(PERIODS, period=ALL, versus="2015"))
    assert (seen.refused, seen.found.nothing) == ("overlap", True)


def test_a_change_is_the_difference_of_two_published_counts(source):
    changes = compare.changes(compare.compared(source, PERIODS).found)
    assert changes.loc["US-TX"].tolist() == [48, 72, 24]


def test_no_change_where_one_period_is_hidden(source):
    row = compare.changes(compare.compared(source, PERIODS).found).loc["US-AZ"]
    assert row.isna().tolist() == [True, False, True]


def test_totals_and_places_not_known_change_too(source):
    found = compare.compared(source, PERIODS).found
    assert compare.totals(found).loc[ALL].tolist() == [214, 322, 108]
    assert compare.unplaced(replace(found)).empty


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ([40, 60], "20 more"),
        ([60, 40], "20 fewer"),
        ([40, 40], "the same"),
        ([None, 40], "not told"),
        ([40, None], "not told"),
    ],
)
def test_a_difference_in_words(en, counts, text):
    assert figures.difference(counts, en) == text


def test_what_became_of_a_place_is_a_sentence_of_published_counts(source, en):
    seen = compare.compared(source, PERIODS)
    said = {
        place: figures.sentence(source, seen, compare.at(source, seen, place), en)
        for place in ("US-TX", "US-AZ", "US-OR")
    }
    assert said == {
        "US-TX": "reported cases rose from **48** in 2014 to **72** in 2015.",
        "US-AZ": "**16** reported cases in 2015; 2014 is not published, so no change is told.",
        "US-OR": "reported cases: neither 2014 nor 2015 is published.",
    }


def test_fewer_reports_and_as_many_are_said_as_such(source, en):
    seen = compare.compared(source, PERIODS)
    rows = [pd.Series({"earlier": a, "later": b}) for a, b in ((60, 40), (40, 40))]
    fell, same = (figures.sentence(source, seen, row, en) for row in rows)
    assert fell == "reported cases fell from **60** in 2014 to **40** in 2015."
    assert same == "reported cases stayed at **40**, in 2014 and in 2015."


def test_table_of_two_periods_has_both_counts_and_the_change(source, en):
    table = figures.table(source, compare.compared(source, PERIODS), en)
    rows = {row["id"]: (row["values"], row["extra"]) for row in table["rows"]}
    assert [column["title"] for column in table["columns"]] == ["2014", "2015"]
    assert rows["US-TX"] == ([48, 72], "24 more")
    assert rows["US-AZ"] == ([None, 16], "not told")
    assert table["most"] == 72


def test_classes_where_two_layers_cross_begin_at_k(source):
    table = compare.classes(source, compare.compared(source, OVERLAP).found)
    assert table.loc["US-TX"].tolist() == [3, 3]
    assert table.loc["US-AZ"].tolist() == [2, 1]
    assert table.loc["US-WA"].tolist() == [1, 0]
    assert table.loc["US-OR"].tolist() == [0, 0]


def test_crosstab_puts_every_covered_state_into_one_cell(source, staff):
    for release, states in ((source, 84), (staff, 52)):
        found = compare.compared(release, OVERLAP).found
        cells = compare.crosstab(release, found).values()
        assert sum(map(len, cells)) == states


def test_crosstab_names_the_states_of_a_cell_but_not_those_without_a_count(source, en):
    seen = compare.compared(source, OVERLAP)
    rows = figures.crosstab(source, seen, en)["rows"]
    assert [row["label"] for row in rows] == [
        "50 and more", "20\u201349", "11\u201319", "not published",
    ]  # fmt: skip
    assert rows[0]["cells"][2]["names"] == "California, Texas"
    assert (rows[3]["cells"][0]["mark"], rows[3]["cells"][0]["names"]) == ("x", "Washington")
    assert (rows[3]["cells"][3]["mark"], rows[3]["cells"][3]["names"]) == ("0", "")


def test_a_state_with_one_of_two_published_has_a_mark_of_its_own(source):
    marks = figures.marks(source, compare.compared(source, OVERLAP))
    assert (marks["US-TX"], marks["US-AZ"], marks["US-WA"], marks["US-OR"]) == ("9", "2", "x", "0")


def test_the_crossed_map_stands_before_its_two_single_maps(beside, t):
    painted = figures.values(beside, compare.compared(beside, OVERLAP), HEXES, t)
    first, *singles = painted["layers"]
    assert first["cells"]["state"]["values"] == [25]
    assert first["crossed"]["US-TX"] == "9"
    assert [layer["title"] for layer in singles] == [t.code("venue", c) for c in compare.CROSSED]
    kinds = [mark["kind"] for mark in painted["legend"]["marks"]]
    assert kinds == ["first", "second", "hidden", "uncovered", "unplaced"]


def test_a_crossing_that_is_not_released_marks_no_state(source, en):
    choice = replace(OVERLAP, period="2015", nationality="MX")
    painted = figures.values(source, compare.compared(source, choice), HEXES, en)
    assert painted["layers"][0]["crossed"] == {}
    assert painted["levels"] == []


def test_two_periods_are_panels_named_by_them_on_one_scale(source, t):
    painted = figures.values(source, compare.compared(source, PERIODS), HEXES, t)
    assert [layer["title"] for layer in painted["layers"]] == ["2014", "2015"]
    assert len(painted["legend"]["layers"]) == 1


@pytest.mark.parametrize("choice", [LAYERS, PERIODS, OVERLAP])
def test_legend_and_tooltip_say_period_and_place_rule(source, en, choice):
    painted = figures.values(source, compare.compared(source, choice), HEXES, en)
    period = "2014 and 2015" if choice is PERIODS else "2014\u20132015"
    assert f"of exploitation, {period}" in painted["legend"]["unit"]
    assert painted["texts"]["under"] == f"by place of exploitation, {period}"


@pytest.mark.parametrize("choice", [LAYERS, PERIODS, OVERLAP])
def test_every_count_painted_is_a_cell_of_the_release(source, en, choice):
    painted = figures.values(source, compare.compared(source, choice), HEXES, en)
    published = set(source.release.cells["value"])
    for layer in painted["layers"]:
        for cells in layer["cells"].values():
            assert set(cells["values"]) <= published


def test_nearest_to_two_periods_keeps_the_periods(source):
    choice = replace(
        PERIODS, nationality="MX", trafficking_type="sex", period="2014", versus="2015"
    )
    near = compare.nearest(source, choice, compare.compared(source, choice))
    assert near == (choice.without("nationality", "trafficking_type"),)


def test_file_of_two_periods_leaves_the_change_open_where_one_is_hidden(source, en):
    text = figures.as_csv(source, compare.compared(source, PERIODS), en)
    lines = list(csv.reader(io.StringIO(text)))
    head = next(line for line in lines if line[0] == "level")
    rows = {line[1]: line for line in lines[lines.index(head) + 1 :]}
    assert head[-3:] == ["2014", "2015", "change"]
    assert rows["US-TX"][-3:] == ["48", "72", "24"]
    assert rows["US-AZ"][-3:] == ["", "16", ""]
    assert any("only where both periods are published" in line[1] for line in lines if line)


def test_file_of_an_overlap_holds_both_layers_and_the_cases_that_name_both(beside, en):
    lines = list(
        csv.reader(io.StringIO(figures.as_csv(beside, compare.compared(beside, OVERLAP), en)))
    )
    found = {(line[4], line[8]) for line in lines if line[1:2] == ["US-TX"]}
    assert found == {("residential_brothel", "160"), ("escort", "80"), (BOTH, "25")}


def test_name_of_a_file_says_what_is_compared(source):
    seen = compare.compared(source, PERIODS)
    assert figures.file_name(source, seen) == "national_cantina_periods_2014_2015"


STEPS = [((r, c), (r + down, c + right))
         for r in range(3) for c in range(3) for down, right in ((0, 1), (1, 0))
         if r + down < 3 and c + right < 3]  # fmt: skip
DIAGONALS = [((r, c), (r + 1, c + right))
             for r in range(2) for c in range(3) for right in (-1, 1) if 0 <= c + right < 3]  # fmt: skip


def least(sight, pairs):
    seen = [[colour.seen(one, sight) for one in row] for row in palette.CROSSED]
    return min(colour.difference(seen[a][b], seen[c][d]) for (a, b), (c, d) in pairs)


@pytest.mark.parametrize("sight", colour.SIGHTS)
def test_neighbouring_cells_of_the_crossed_palette_differ_to_every_eye(sight):
    assert least(sight, STEPS) >= 10


@pytest.mark.parametrize("sight", colour.SIGHTS)
def test_diagonal_cells_differ_as_far_as_nine_tones_can(sight):
    assert least(sight, DIAGONALS) >= 6.5


@pytest.mark.parametrize("sight", colour.SIGHTS)
def test_the_fewest_of_both_differ_from_the_ground_and_from_what_is_not_published(sight):
    few = colour.seen(palette.CROSSED[0][0], sight)
    for ground in (palette.GROUND, "#ececea"):
        assert colour.difference(few, colour.seen(ground, sight)) >= 10


def test_the_crossed_palette_darkens_both_ways():
    light = [[colour.luminance(one) for one in row] for row in palette.CROSSED]
    assert all(
        row == sorted(row, reverse=True) for row in [*light, *map(list, zip(*light, strict=True))]
    )

"""Files of a view."""

import csv
import io
import json
from dataclasses import replace

import pytest

from ui import export, load, lookup
from ui.choice import Choice

OPENING = Choice("en", "national", ("residential_brothel",), level="state", period="2015")


def made(make, source, t, choice=OPENING):
    return make(source, choice, lookup.shown(source, choice), t)


def table(text: str) -> list[dict]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def test_csv_holds_the_cells_of_the_view_with_codes_and_names(source, en):
    rows = {row["place"]: row for row in table(made(export.as_csv, source, en))}
    assert rows["US-TX"] == {
        "level": "state", "place": "US-TX", "name": "Texas", "period": "2015",
        "venue": "residential_brothel", "nationality": "all", "trafficking_type": "all",
        "measure": "cases", "value": "96", "bound": "exact",
        "rate": "0.3294", "rate_low": "0.2668", "rate_high": "0.4022", "rate_state": "rate",
        "denominator": "29145505", "denominator_of": "residents", "denominator_year": "2020",
        "denominator_source": "US Census Bureau, 2020 Census (PL 94-171), P1",
    }  # fmt: skip
    assert rows["US-unknown"]["value"] == "14"


def test_a_file_says_why_a_count_has_no_rate(source, en):
    rows = {row["place"]: row for row in table(made(export.as_csv, source, en))}
    few, unknown = rows["US-GA"], rows["US-unknown"]
    assert (few["value"], few["rate"], few["rate_state"]) == ("19", "", "too_few")
    assert (unknown["rate"], unknown["rate_state"]) == ("", "no_denominator")


def test_rates_of_a_file_are_over_the_residents_that_were_chosen(source, en):
    choice = replace(OPENING, measure="hispanic")
    rows = {row["place"]: row for row in table(made(export.as_csv, source, en, choice))}
    assert rows["US-TX"]["denominator_of"] == "hispanic"
    assert rows["US-TX"]["denominator"] == "11441717"


def test_csv_says_what_it_is_before_its_rows(source, t):
    text = made(export.as_csv, source, t)
    said = [row[0] for row in csv.reader(io.StringIO(text)) if row[0].startswith("#")]
    keys = ("title", "view", "unit", "period", "places", "missing", "caveat", "release")
    assert said[: len(keys)] == [f"# {t(f'export.{key}')}" for key in keys]
    for number in ("1-888-373-7888", "233733", "800 5533 000"):
        assert number in text


def test_several_periods_are_exact_or_at_least_in_a_file(source, en):
    choice = replace(OPENING, layers=("cantina",)).during(("2014", "2015"))
    rows = {row["place"]: row for row in table(made(export.as_csv, source, en, choice))}
    told = {place: (rows[place]["value"], rows[place]["bound"]) for place in ("US-TX", "US-AZ")}
    assert told == {"US-TX": ("120", "exact"), "US-AZ": ("16", "at_least")}
    assert {row["period"] for row in rows.values()} == {"2014,2015"}


def test_a_file_says_what_its_bound_means(source, t):
    assert t("export.bound_rule") in made(export.as_csv, source, t)
    assert json.loads(made(export.as_geojson, source, t))["about"][t("export.bound")]


def test_an_outline_says_whether_its_value_is_at_least(source, en):
    choice = replace(OPENING, layers=("cantina",)).during(("2014", "2015"))
    features = json.loads(made(export.as_geojson, source, en, choice))["features"]
    bounds = {one["properties"]["place"]: one["properties"]["bound"] for one in features}
    assert (bounds["US-TX"], bounds["US-AZ"]) == ("exact", "at_least")


def test_a_file_names_the_layers_and_levels_that_are_not_released(source, en):
    choice = replace(OPENING, layers=("all", "cantina"), level="auto")
    assert "# Not released as a view,Cantinas: Small hexagons\n" in made(
        export.as_csv, source, en, choice
    )
    assert "Not released as a view" not in made(export.as_csv, source, en)


def test_the_name_of_a_file_lists_several_periods(source):
    name = export.file_name(source, OPENING.during(("2014", "2015")), "csv")
    assert name == "national_residential_brothel_2014_2015.csv"


def test_csv_of_a_view_not_released_has_no_rows(source, en):
    choice = replace(OPENING, nationality="HN", trafficking_type="sex")
    assert table(made(export.as_csv, source, en, choice)) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1"])
def test_no_cell_starts_a_formula(text):
    assert export.safe(text) == "'" + text


def test_no_line_of_a_csv_starts_a_formula(source, t):
    for row in csv.reader(io.StringIO(made(export.as_csv, source, t))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_geojson_has_an_outline_for_every_placed_cell(source, en):
    content = json.loads(made(export.as_geojson, source, en))
    places = {feature["properties"]["place"] for feature in content["features"]}
    assert "US-TX" in places
    assert not any(place.endswith("-unknown") for place in places)
    assert content["about"]["Release"] == "national"


def test_geojson_has_areas_only(source, en):
    choice = replace(OPENING, level="auto", period="all")
    content = json.loads(made(export.as_geojson, source, en, choice))
    kinds = {feature["geometry"]["type"] for feature in content["features"]}
    assert kinds <= {"Polygon", "MultiPolygon"}


def test_a_synthetic_release_says_so_in_its_title(source, en):
    assert "synthetic demonstration" in made(export.as_csv, source, en).splitlines()[0]


def test_help_numbers_are_those_of_the_hotlines():
    assert export.numbers(load.settings()["help"]) == {
        "us": "1-888-373-7888", "text": "233733", "mx": "800 5533 000",
    }  # fmt: skip


def test_file_names_hold_codes_only(source):
    name = export.file_name(source, OPENING, "csv")
    assert name == "national_residential_brothel_2015.csv"

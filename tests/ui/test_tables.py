"""Profiles and corridors as CSV: what they are, what they hold, and no formula."""

import csv
import io
from dataclasses import replace

from ui import corridors, profiles, tables
from ui.choice import Choice
from ui.i18n import Texts

CHOICE = Choice("en", "national", ("cantina",), period="2015")


def parts(text):
    """Lines that say what a file is, and its rows."""
    rows = list(csv.reader(io.StringIO(text)))
    lines = {row[0].removeprefix("# "): row[1] for row in rows if row[0].startswith("# ")}
    header, *body = [row for row in rows if not row[0].startswith("# ")]
    return lines, [dict(zip(header, row, strict=True)) for row in body]


def profile(source, name, choice, t):
    return parts(tables.profile_csv(source, choice, profiles.found(source, choice)[name], t))


def test_a_profile_says_what_it_is_of_and_of_how_many_it_is_known(source, en):
    lines, _ = profile(source, "gender", replace(CHOICE, country="MX"), en)
    assert lines["View"] == "Gender of the potential victims · Mexico · 2014–2015"
    assert lines["Unit"] == "reported cases"
    assert lines["Known"] == "Known in **90\u00a0%** of reported cases".replace("*", "")
    assert "fewer than 11" in lines["A value without a row"]
    assert "A place without a row" not in lines
    assert "1-888-373-7888" in lines["Help"]


def test_a_profile_holds_published_counts_only_and_its_total(source, en):
    _, rows = profile(source, "gender", CHOICE, en)
    assert [(row["code"], row["name"], row["value"]) for row in rows] == [
        ("female", "Female", "1253"), ("male", "Male", "358"),
        ("unknown", "Not known", "179"), ("all", "Total", "1790"),
    ]  # fmt: skip
    assert {(row["level"], row["place"]) for row in rows} == {("all", "all")}


def test_the_period_of_another_page_is_not_a_profiles_period(source, en):
    lines, _ = profile(source, "age", CHOICE, en)
    assert lines["Period"] == "2014–2015"


def test_corridors_hold_the_rows_shown_with_names(source, en):
    found = corridors.found(source, CHOICE)
    lines, rows = parts(tables.corridors_csv(source, CHOICE, found, en))
    assert lines["View"].startswith("Corridors: from the place of recruitment")
    assert {row["origin"] for row in rows if row["level"] == "state"} == {
        "MX-TLA",
        "MX-CHH",
        "US-TX",
    }
    named = {(row["origin_name"], row["place_name"]): row["value"] for row in rows}
    assert named["Tlaxcala", "Texas"] == "60"
    assert named["Outside the United States and Mexico", "United States"] == "20"


def test_no_cell_begins_a_formula(source, t):
    found = corridors.found(source, CHOICE)
    for text in (
        tables.corridors_csv(source, CHOICE, found, t),
        tables.profile_csv(source, CHOICE, profiles.found(source, CHOICE)["control"], t),
    ):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_name_that_looks_like_a_formula_is_written_as_text(source, en):
    spoken = Texts("en", {**en.words, "people.total": "=SUM(A1)"})
    _, rows = profile(source, "gender", CHOICE, spoken)
    assert rows[-1]["name"] == "'=SUM(A1)"


def test_a_file_is_named_by_release_content_and_country(source):
    chosen = replace(CHOICE, country="US")
    assert tables.file_name(source, chosen, "gender") == "national_gender_US"
    assert tables.file_name(source, CHOICE, "gender") == "national_gender"

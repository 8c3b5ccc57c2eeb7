"""The figures that the two source documents print: sums and percentages as printed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from geo import demo, vocab

FOLDER = Path(__file__).parents[2] / "data" / "aggregates" / "published"
VICTIMS = 1_257
UNITS = {
    "cases",
    "victims",
    "calls",
    "traffickers",
    "states",
    "countries",
    "people",
    "not_stated",
}
VOCABULARIES = {
    "trafficking_type": "trafficking_types",
    "labor_industry": "industries",
    "sex_venue": "venues",
    "gender": "genders",
    "nationality": "nationalities",
    "age": "ages",
}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def figures() -> list[dict[str, str]]:
    return rows("figures")


def printed(figures, document: str, section: str) -> dict[str, int]:
    return {
        row["figure"]: int(row["value"])
        for row in figures
        if (row["document"], row["section"]) == (document, section)
    }


def test_every_figure_is_there_once(figures):
    keys = [(row["document"], row["section"], row["figure"]) for row in figures]
    assert len(set(keys)) == len(keys) == 31


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("headline", {"calls": 1_189, "cases": 727, "victims": 1_257, "traffickers": 982}),
        ("trafficking_type", {"labor": 793, "sex": 389, "sex_and_labor": 50, "other": 25}),
        ("labor_industry", {"agriculture": 329, "domestic_work": 91, "illicit_activities": 72}),
        ("sex_venue", {"residence_based": 78, "hotel_motel": 58, "escort": 38}),
        ("gender", {"male": 572, "female": 609, "gender_minority": 12, "unknown": 64}),
        ("nationality", {"MX": 758, "US": 117, "HN": 57, "GT": 30}),
        ("age", {"adult": 881, "minor": 203, "unknown": 173}),
    ],
)
def test_sheet_figures_are_as_printed(figures, section, values):
    assert printed(figures, "sheet", section) == values


def test_deck_figures_are_as_printed_with_their_over(figures):
    assert printed(figures, "deck", "headline") == {
        "cases": 1_500,
        "victims": 5_000,
        "us_states": 44,
        "countries": 17,
        "countries_considered": 20,
    }
    over = {row["figure"] for row in figures if row["qualifier"] == "over"}
    assert over == {"cases", "victims"}


def test_sections_that_split_the_victims_sum_to_them(figures):
    sections = {row["section"] for row in figures if row["sums_to"] == "victims"}
    assert sections == {"trafficking_type", "gender", "age"}
    for section in sections:
        assert sum(printed(figures, "sheet", section).values()) == VICTIMS


def test_the_fifteen_percentages_are_nearest_integers_on_all_victims(figures):
    with_percent = [row for row in figures if row["percent"]]
    assert len(with_percent) == 15
    for row in with_percent:
        assert row["unit"] == "victims"
        assert abs(int(row["value"]) * 100 / VICTIMS - int(row["percent"])) < 0.5, row["figure"]


def test_a_unit_that_the_source_leaves_open_is_said_to_be_open(figures):
    assert {row["unit"] for row in figures} == UNITS
    open_units = {row["section"] for row in figures if row["unit"] == "not_stated"}
    assert open_units == {"labor_industry", "sex_venue"}


def test_codes_are_those_of_the_vocabularies(figures):
    lists = vocab.load()
    for row in figures:
        name = VOCABULARIES.get(row["section"])
        assert name is None or row["figure"] in (*lists.codes(name), "unknown")
    for row in rows("lists"):
        assert not row["code"] or row["code"] in lists.codes(row["vocabulary"])


def test_the_deck_names_three_countries_without_cases_and_seventeen_follow():
    lists = rows("lists")
    without = [row for row in lists if row["list"] == "countries_without_cases"]
    others = [row for row in lists if row["list"] == "countries_with_cases"]
    assert {row["code"] for row in without} == {"UY", "PY", "CL"}
    assert len(others) == 17
    assert {row["origin"] for row in others} == {"derived"}


def test_the_twelve_methods_stand_in_the_decks_order():
    methods = [row for row in rows("lists") if row["list"] == "force_fraud_coercion"]
    assert [int(row["position"]) for row in methods] == list(range(1, 13))


def test_every_text_has_both_languages_and_every_figure_a_document(figures):
    documents = {row["document"] for row in rows("documents")}
    for row in (*figures, *rows("lists")):
        assert row["label_en"]
        assert row["label_es"]
        assert row["heading"]
        assert row["document"] in documents


def test_the_demonstration_is_calibrated_to_these_figures(figures):
    table = demo.sheet()
    headline = printed(figures, "sheet", "headline")
    assert len(table) == headline["cases"]
    assert table["victims"].sum() == headline["victims"]
    by_type = table.groupby("trafficking_type")["victims"].sum().to_dict()
    assert by_type == printed(figures, "sheet", "trafficking_type")
    over = printed(figures, "deck", "headline")
    assert len(demo.deck()) > over["cases"]
    assert demo.deck()["victims"].sum() > over["victims"]

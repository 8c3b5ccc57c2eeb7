"""Check 16: numbers that are no counts, turned back into counts."""

import csv
import json
from decimal import Decimal

import pytest

from geo import audit, vocab
from geo.audit import figures, rates
from tests.attacks.planted import alter, cell, found, rehash, rewrite, rows_of, view, write

VIEWS = (view("all"), view("country"), view("state"), view("country", "venue"))
ROWS = (
    cell(1000),
    cell(600, "country", "US"),
    cell(400, "country", "MX"),
    cell(300, "state", "US-TX"),
    cell(200, "country", "US", venue="cantina"),
)


@pytest.fixture
def clean(tmp_path):
    return write(tmp_path / "r", list(ROWS), VIEWS)


def fires(folder):
    return (16, "rates") in found(folder)


def with_table(folder, name, *rows):
    """A further table in the release: other checks refuse it, this one reads it."""
    with (folder / name).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_a_release_of_counts_only_holds_no_figure(clean):
    assert found(clean) == set()
    checks = audit.attack(clean).report["checks"]
    assert next(one for one in checks if one["name"] == "rates")["tested"] == 0


@pytest.mark.parametrize(
    ("column", "shown", "small"),
    [
        ("rate", "1.21", True),  # Wyoming has 576,851 people: 6.95 to 7.01 cases
        ("rate", "1.2", True),  # 6.6 to 7.2
        ("rate", "1", True),  # 2.9 to 8.7
        ("rate", "3.47", False),  # 20 cases
        ("tasa_por_100_mil", "1.21", True),
        ("rate_per_10000", "0.121", True),
        ("rate_per_million", "12.1", True),
        ("rate_per_million", "121", False),
        ("percent", "1.2", True),  # of the 600 of the country: 7.2
        ("percent", "0.0", False),
        ("percent", "5.1", False),  # 30.6 of the country, 51 of all
        ("share", "0.012", True),
        ("figure", "0.012", True),  # decimals without a name: a share
        ("rank", "4", True),
        ("value", "40", False),
    ],
)
def test_a_figure_of_a_state_that_is_not_published(clean, column, shown, small):
    with_table(clean, "rates.csv", {"place": "US-WY", column: shown})
    assert fires(clean) == small


def test_an_interval_that_reaches_none_or_k_tells_no_small_count(clean):
    assert not fires(with_table(clean, "a.csv", {"place": "US-WY", "percent": "0"}))
    assert not fires(with_table(clean, "a.csv", {"place": "US-WY", "percent": "2"}))
    assert fires(with_table(clean, "a.csv", {"place": "US-WY", "percent": "1"}))


def test_a_rate_of_a_published_cell_tells_what_the_count_tells(clean):
    assert not fires(with_table(clean, "a.csv", {"place": "US-TX", "rate": "1.03"}))
    assert not fires(with_table(clean, "a.csv", {"place": "US-TX", "percent": "50.0"}))
    assert not fires(with_table(clean, "a.csv", {"place": "US-TX", "rank": "1"}))


def test_a_share_of_a_published_cell_that_leaves_a_few_of_a_hidden_whole(clean):
    """300 are 98.4 % of 305."""
    assert fires(with_table(clean, "a.csv", {"place": "US-TX", "percent": "98.4"}))


def test_a_percentage_of_a_venue_is_of_every_number_around_it(clean):
    row = {"place": "US", "venue": "escort", "percent": "3.5"}
    assert not fires(with_table(clean, "a.csv", row))
    row["percent"] = "1.0"
    assert fires(with_table(clean, "a.csv", row))


def test_a_column_of_rates_beside_the_counts(clean):
    rows = [row | {"rate": 1.21} for row in rows_of(clean)]
    rewrite(clean, rows)
    assert not fires(clean)
    rewrite(clean, [*rows, {**rows[-1], "place": "US-WY", "value": None}])
    assert fires(clean)


def test_a_row_of_another_measure(clean):
    row = {**rows_of(clean)[-1], "place": "US-WY", "measure": "percent", "value": 1}
    rewrite(clean, [*rows_of(clean), row])
    assert fires(clean)


def test_a_percentage_in_the_manifest(clean):
    alter(clean, "manifest.json", outside_percent=0.6)
    assert fires(clean)
    alter(clean, "manifest.json", outside_percent=12.5)
    assert not fires(clean)


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("Labor: 0.6 % of all", True),
        ("Laboral: 0,6 por ciento", True),
        ("Labor: 12 % of all", False),
        ("2.01 per 100,000", False),
        ("0.002 per 100,000", True),
        ("0,002 por cada 100 000", True),
    ],
)
def test_a_figure_in_words(clean, text, small):
    (clean / "RECEIPT.md").write_text(text, "utf-8")
    assert fires(clean) == small


def test_files_that_cannot_be_read_hold_no_figure(clean):
    (clean / "a.json").write_text("{", "utf-8")
    (clean / "a.parquet").write_bytes(b"PAR1")
    (clean / "b.csv").write_text("", "utf-8")
    assert not fires(clean)


def test_policy_numbers_are_no_figures(clean):
    policy = json.loads((clean / "manifest.json").read_text("utf-8"))["policy"]
    alter(clean, "manifest.json", policy=policy | {"least_area_km2": 1.5})
    rehash(clean)
    assert found(clean) == set()


@pytest.mark.parametrize(
    ("name", "people"),
    [("rate_per_100k", 100_000), ("per_1000", 1_000), ("por_millon", 1_000_000)],
)
def test_persons_that_a_rate_is_given_per(name, people):
    assert figures.persons(name) == people


def test_interval_of_shown_digits():
    figure = figures.Figure("x", "percent", 100, Decimal("1.2"), Decimal("0.05"), None)
    assert rates.interval(figure, 600) == (Decimal("6.9"), Decimal("7.5"))


def test_people_of_every_state_of_the_study_area_with_year_and_source():
    people = rates.population()
    assert set(vocab.load().codes("states")) < set(people)
    assert people["US"] - people["US-PR"] == 331_449_281
    assert people["MX"] == 126_014_024
    with rates.POPULATION.open(encoding="utf-8", newline="") as stream:
        assert all(row["year"] and row["source"] for row in csv.DictReader(stream))

"""What is shown as a rate: states by default, hexagons never, and published counts only."""

from dataclasses import replace

import pytest

from tests.ui import sample
from ui import figures, geometry, lookup, maps, palette, rating
from ui.choice import Choice

OPENING = Choice("en", "national", ("residential_brothel",))
STATES = replace(OPENING, level="state")
ALL_VENUES = replace(OPENING, layers=("all",))


@pytest.mark.parametrize(
    ("params", "measure", "levels"),
    [
        ({}, "count", ("state", "h3_3", "h3_4")),
        ({"level": "state"}, "rate", ("state",)),
        ({"level": "state", "measure": "count"}, "count", ("state",)),
        ({"measure": "rate"}, "rate", ("state",)),
        ({"measure": "hispanic"}, "hispanic", ("state",)),
        ({"level": "h3_3", "measure": "rate"}, "count", ("h3_3",)),
        ({"layers": ("cantina",), "nationality": "HN"}, "rate", ("state",)),
    ],
)
def test_states_have_rates_by_default_and_hexagons_always_counts(source, params, measure, levels):
    found = lookup.shown(source, replace(ALL_VENUES, **params))
    assert (found.measure, found.levels) == (measure, levels)


def painted(source, choice, t):
    return maps.values(source, choice, lookup.shown(source, choice), {}, t)


def marks(source, choice, t) -> dict:
    digits = painted(source, choice, t)["layers"][0]["cells"]["state"]["digits"]
    return dict(zip(geometry.order(source.release.places, "state"), digits, strict=True))


def test_rates_are_painted_by_fixed_classes(source, en):
    # Texas 160 of 29,145,505 over two years is 0.27; Florida 48 of 21,538,187 is 0.11.
    found = marks(source, STATES, en)
    assert (found["US-TX"], found["US-FL"], found["US-OR"]) == ("3", "2", "0")


def test_too_few_for_a_rate_has_its_own_mark_and_keeps_its_count(source, en):
    found = marks(source, STATES, en)
    cells = painted(source, STATES, en)["layers"][0]["cells"]["state"]
    shown = [mark for mark in cells["digits"] if mark != "0"]
    at = shown.index("t")
    assert found["US-WA"] == "t"
    assert cells["rates"][at] is None
    assert cells["values"][at] in range(sample.K, 20)


def test_a_state_without_hispanic_residents_known_has_its_own_mark(source, en):
    found = marks(source, replace(STATES, measure="hispanic"), en)
    assert (found["MX-CMX"], found["US-TX"]) == ("n", "1")  # Texas: 0.70


def test_the_tooltip_has_rate_limits_and_count(source, en):
    cells = painted(source, STATES, en)["layers"][0]["cells"]["state"]
    at = cells["values"].index(160)
    assert cells["rates"][at] == ["0.27", "0.23", "0.32"]
    assert painted(source, STATES, en)["texts"]["rate"] == (
        "{0} per 100,000 residents and year (95% interval {1}–{2}); {3}"
    )


def test_every_rate_stands_beside_a_published_count(source, en):
    for measure in ("rate", "hispanic"):
        choice = replace(STATES, measure=measure)
        cells = painted(source, choice, en)["layers"][0]["cells"]["state"]
        assert len(cells["rates"]) == len(cells["values"])
        assert min(cells["values"]) >= source.k


@pytest.mark.parametrize("measure", ["rate", "hispanic"])
def test_the_legend_of_rates_names_its_unit_and_five_classes(source, t, measure):
    legend = painted(source, replace(STATES, measure=measure), t)["legend"]
    assert legend["title"] == t("legend.rate")
    assert legend["unit"] == t(f"unit.{rating.kind(measure)}")
    assert len(legend["classes"]) == len(legend["layers"][0]["colours"]) == 5


def test_class_labels_of_rates_do_not_overlap_at_the_digits_shown(en):
    assert maps.rate_labels("rate", en) == [
        "under 0.10", "0.10–0.19", "0.20–0.49", "0.50–0.99", "1.00 and more",
    ]  # fmt: skip


def test_a_rate_is_classed_as_it_is_shown():
    assert palette.rate_digit(float(rating.shown(0.0951)), "rate") == 2


def test_the_ranking_of_rates_puts_too_few_after_them_with_the_count(source, en):
    table = figures.ranking(source, STATES, lookup.shown(source, STATES), en)
    texts = {row["id"]: (row["texts"][0], row["beside"][0]) for row in table["rows"]}
    assert texts["US-TX"] == ("0.27", "0.23–0.32 · 160 cases")
    assert texts["US-WA"] == ("16 cases", "too few for a rate")
    rated = [row["values"][0] for row in table["rows"] if row["values"][0] is not None]
    assert rated == sorted(rated, reverse=True)
    assert table["rows"][-1]["values"] == [None]


def test_places_not_known_are_counted_for_they_have_no_residents(source, en):
    table = figures.ranking(source, STATES, lookup.shown(source, STATES), en)
    assert [(row["id"], row["values"], row["texts"]) for row in table["unplaced"]] == [
        ("MX-unknown", [None], ["12 cases"]),
        ("US-unknown", [None], ["24 cases"]),
    ]


def test_values_of_three_layers_of_rates_are_small(source, en):
    import json

    choice = replace(STATES, layers=("residential_brothel", "cantina", "escort"))
    assert len(json.dumps(painted(source, choice, en))) < 8_000

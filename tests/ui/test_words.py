"""Sentences made of a choice."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.ui import sample
from ui import lookup, words
from ui.choice import Choice

OPENING = Choice("en", "national", ("residential_brothel",))


def test_a_view_is_described_with_its_unit_and_period(source, en):
    choice = replace(OPENING, layers=("cantina", "escort"), nationality="HN")
    assert words.described(source, choice, en) == (
        "Cantinas, Escort/delivery services · reported cases · 2014–2015 · Honduras"
    )


@pytest.mark.parametrize(("measure", "per"), [
    ("rate", "per 100,000 residents and year"),
    ("hispanic", "per 100,000 Hispanic or Latino residents and year"),
])  # fmt: skip
def test_a_view_of_rates_is_described_with_their_unit(source, en, measure, per):
    assert words.described(source, OPENING, en, measure) == (
        f"Residential brothels · reported cases {per} · 2014–2015"
    )


def test_several_periods_are_listed(source, t):
    choice = OPENING.during(("2014", "2015"))
    assert words.periods(source, choice, t) == f"2014 {t('and')} 2015"
    assert f"2014 {t('and')} 2015" in words.described(source, choice, t)


def test_a_view_is_asked_for_with_its_places(source, en):
    choice = replace(OPENING, level="h3_4")
    assert (
        words.asked(source, choice, en) == f"{words.described(source, choice, en)} · Small hexagons"
    )
    assert words.asked(source, OPENING, en) == words.described(source, OPENING, en)


def test_places_are_named_in_the_language(source, t):
    names = {"en": ("Mexico City", "Both countries"), "es": ("Ciudad de México", "Ambos países")}
    assert (words.place(source, "MX-CMX", t), words.place(source, "all", t)) == names[t.lang]


def test_a_hexagon_is_named_by_state_and_city(source, en):
    assert words.place(source, f"US-TX/{sample.HOUSTON}", en) == "Texas: hexagon at Houston"


def test_a_list_is_joined_as_the_language_does(t):
    assert words.listed(["a", "b", "c"], t) == f"a, b {t('and')} c"
    assert words.listed(["a"], t) == "a"
    assert words.listed([], t) == ""


def test_a_button_says_all_that_changes(en):
    old = replace(OPENING, level="h3_4", period="2015", nationality="HN")
    new = replace(old, level="state", period="all")
    assert words.step(old, new, en) == "All years and show states"


def test_a_button_names_the_layers_that_it_leaves_out(en):
    old = replace(OPENING, layers=("all", "cantina", "escort"), level="h3_4")
    assert words.step(old, replace(old, layers=("all",)), en) == (
        "Leave out Cantinas and Escort/delivery services"
    )
    assert words.step(old, replace(old, level="h3_3"), en) == "Show large hexagons"


def test_the_receipt_is_cut_to_the_language():
    text = "# One\na\n## More\n# Dos\nb"
    assert words.receipt(text, "en") == "# One\na\n## More"
    assert words.receipt(text, "es") == "# Dos\nb"


def test_the_receipt_of_a_release_has_both_languages(source):
    receipt = source.release.receipt
    assert words.receipt(receipt, "en").startswith("# Privacy receipt")
    assert words.receipt(receipt, "es").startswith("# Comprobante de privacidad")


def test_what_is_counted_is_what_the_release_says(source, staff, en):
    assert words.unit(source, en) == "reported cases"
    assert words.unit(staff, en) == "investigation files"


def test_a_later_year_is_a_period_beside_all_which_keeps_the_first_block_s_label(source, en):
    """The filter lists 2016; `all` stays 2014–2015, and nothing of 2016 is added to it."""
    first = {"period": "all", "label": "2014–2015"}
    later = {"period": "2016", "label": "2016 (r2)"}
    manifest = source.release.manifest | {"blocks": [first, later]}
    rows = source.release.cells.query("period == '2015'").assign(period="2016")
    both = pd.concat([source.release.cells, rows], ignore_index=True)
    series = lookup.opened(replace(source.release, manifest=manifest, cells=both), ("national",))
    assert series.offered.filters["period"] == (*source.offered.filters["period"], "2016")
    assert words.value(series, "period", "all", en) == "2014–2015"
    assert words.value(series, "period", "2016", en) == "2016 (r2)"
    assert words.value(series, "period", "2015", en) == "2015"
    chosen = Choice("en", "national", ("all",))
    assert lookup.total(series, chosen, "all", "US-TX") == lookup.total(
        source, chosen, "all", "US-TX"
    )
    years = lookup.over_time(series, chosen, "US-TX")["all"]
    assert years["2016"] == years["2015"]

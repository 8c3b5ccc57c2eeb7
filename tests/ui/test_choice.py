"""The address: parsed against code lists, and written back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.choice import (
    BY,
    COMPARED,
    FILTERS,
    GRAINS,
    LEVELS,
    MEASURES,
    SERIES,
    Choice,
    Offered,
    address,
    parse,
)

OFFERED = Offered(
    releases=("national", "deck"),
    layers=("all", "residential_brothel", "cantina", "escort"),
    opening=("residential_brothel",),
    filters={"period": ("2014", "2015"), "nationality": ("HN", "MX"), "trafficking_type": ("sex",)},
    places=frozenset({"US-TX", "US-TX/83446cfffffffff"}),
)
OPENING = Choice("en", "national", ("residential_brothel",))


def test_no_address_is_what_the_release_opens_with():
    assert parse({}, OFFERED) == (OPENING, ())


def test_what_a_release_opens_with_needs_no_address():
    assert address(OPENING, OFFERED) == {}


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("lang", "fr", "lang"),
        ("release", "../../etc", "release"),
        ("layers", "cantina,bogus", "layers"),
        ("layers", ",", "layers"),
        ("level", "h3_5", "level"),
        ("measure", "risk", "measure"),
        ("period", "1999", "period"),
        ("period", "2014,1999", "period"),
        ("period", "all,2015", "period"),
        ("period", "2014,", "period"),
        ("nationality", "GT", "nationality"),
        ("type", "<script>", "trafficking_type"),
        ("place", "US-XX", "place"),
        ("grain", "month", "grain"),
        ("by", "period", "by"),
        ("where", "US-XX", "where"),
        ("where", "US-TX/83446cfffffffff", "where"),
        ("series", "all", "series"),
        ("compare", "sum", "compare"),
        ("clusters", "1", "clusters"),
        ("versus", "1999", "versus"),
        ("country", "GT", "country"),
        ("view", "91,0,4", "view"),
        ("view", "30,-90,99", "view"),
        ("view", "nan,-90,4", "view"),
        ("view", "30,-90", "view"),
    ],
)
def test_a_tampered_part_falls_back_and_is_told(name, text, part):
    assert parse({name: text}, OFFERED) == (OPENING, (part,))


def test_layers_keep_the_order_offered_whatever_the_address_says():
    choice, problems = parse({"layers": "escort,cantina"}, OFFERED)
    assert (choice.layers, problems) == (("cantina", "escort"), ())


@pytest.mark.parametrize("text", ["2015,2014", "2014,2015,2014"])
def test_several_periods_keep_the_order_offered_and_count_once(text):
    choice, problems = parse({"period": text}, OFFERED)
    assert (choice.periods, choice.period, problems) == (("2014", "2015"), "all", ())


def test_one_period_is_one_code_for_pages_that_know_no_other():
    choice, _ = parse({"period": "2015,2015"}, OFFERED)
    assert (choice.period, choice.periods) == ("2015", ())


def test_a_period_and_one_that_lies_in_it_are_never_taken_together():
    quarters = ("2014", "2014-Q1", "2014-Q2", "2015")
    offered = replace(OFFERED, filters={**OFFERED.filters, "period": quarters})
    assert parse({"period": "2014,2014-Q1"}, offered) == (OPENING, ("period",))
    apart, problems = parse({"period": "2014-Q1,2014-Q2,2015"}, offered)
    assert (apart.periods, problems) == (("2014-Q1", "2014-Q2", "2015"), ())


def test_several_periods_are_a_filter_and_are_dropped_as_one():
    choice = OPENING.during(("2014", "2015"))
    assert choice.filters() == {"period": "2014,2015"}
    assert choice.without("period") == OPENING
    assert choice.without("nationality") == choice


def test_a_page_that_sets_one_period_sets_several_aside():
    assert replace(OPENING.during(("2014", "2015")), period="2015").times() == ("2015",)


def test_several_periods_have_a_cell_each():
    assert OPENING.during(("2014", "2015")).cells("cantina") == (
        ("2014", "cantina", "all", "all"), ("2015", "cantina", "all", "all"),
    )  # fmt: skip


def test_filters_without_all_are_those_set():
    assert replace(OPENING, period="2015").filters() == {"period": "2015"}


def test_cell_has_the_dimensions_in_the_order_of_the_release():
    choice = replace(OPENING, period="2015", trafficking_type="sex")
    assert choice.cell("cantina") == ("2015", "cantina", "all", "sex")


choices = st.builds(
    Choice,
    lang=st.sampled_from(["en", "es"]),
    release=st.sampled_from(OFFERED.releases),
    layers=st.sets(st.sampled_from(OFFERED.layers), min_size=1).map(
        lambda codes: tuple(code for code in OFFERED.layers if code in codes)
    ),
    level=st.sampled_from(LEVELS),
    measure=st.sampled_from(MEASURES),
    place=st.sampled_from(["", *OFFERED.places]),
    compare=st.sampled_from(COMPARED),
    clusters=st.sampled_from(["", "on"]),
    versus=st.sampled_from(["", "all", *OFFERED.filters["period"]]),
    country=st.sampled_from(["all", "US", "MX"]),
    view=st.sampled_from(["", "31.5,-97.2,6.25"]),
    grain=st.sampled_from(GRAINS),
    by=st.sampled_from(BY),
    where=st.sampled_from(["all", "US", "MX", "US-TX"]),
    series=st.sampled_from(SERIES),
    **{name: st.sampled_from(["all", *OFFERED.filters[name]]) for name in FILTERS[1:]},
)
times = st.sampled_from([(), ("2014",), ("2015",), ("2014", "2015")])


@given(choices, times)
def test_an_address_gives_its_choice_back(choice, periods):
    choice = choice.during(periods)
    assert parse(address(choice, OFFERED), OFFERED) == (choice, ())


names = st.sampled_from(["lang", "release", "layers", "level", "period", "type", "place", "view"])


@given(st.dictionaries(names, st.text(max_size=30), max_size=4))
def test_whatever_the_address_says_the_choice_is_on_the_lists(params):
    choice, _ = parse(params, OFFERED)
    assert choice.release in OFFERED.releases
    assert set(choice.layers) <= set(OFFERED.layers)
    assert choice.place in {"", *OFFERED.places}

"""Look-ups in a release: every number is one that it holds."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.model import ALL
from tests.ui import sample
from ui import lookup
from ui.choice import Choice, parse

HOUSTON = f"US-TX/{sample.HOUSTON}"
HOUSTON_WIDE = f"US-TX/{sample.HOUSTON_WIDE}"
OPENING = Choice("en", "national", ("residential_brothel",))
ALL_VENUES = replace(OPENING, layers=(ALL,))


def test_states_of_a_layer_are_the_cells_of_the_release(source):
    found = lookup.shown(source, replace(OPENING, layers=("cantina",), level="state"))
    cells = found.layers[0].cells["state"]
    assert (cells["US-TX"], cells["US-WA"]) == (120, 12)


def test_a_hidden_place_has_no_number(source):
    found = lookup.shown(source, replace(OPENING, layers=("escort",), level="state"))
    assert "US-WA" not in found.layers[0].cells["state"].index


def test_places_not_known_stand_beside_the_map_not_on_it(source):
    layer = lookup.shown(source, ALL_VENUES).layers[0]
    assert layer.unplaced.to_dict() == {"US-unknown": 60, "MX-unknown": 30}
    assert not any(place.endswith("-unknown") for place in layer.cells["state"].index)


def test_auto_shows_every_level_and_puts_the_finest_in_front(source):
    found = lookup.shown(source, ALL_VENUES)
    assert (found.levels, found.front, found.refused) == (("state", "h3_3", "h3_4"), "h3_4", ())


def test_auto_falls_back_to_what_is_released_and_says_what_is_not(source):
    found = lookup.shown(source, replace(OPENING, nationality="HN"))
    assert (found.levels, found.front, found.refused) == (("state",), "state", ("h3_3", "h3_4"))


def test_wide_hexagons_are_released_by_venue_and_period(source):
    found = lookup.shown(source, replace(OPENING, level="h3_3", period="2015"))
    assert found.layers[0].cells["h3_3"][HOUSTON_WIDE] == 48


def test_totals_are_the_published_ones(source):
    layer = lookup.shown(source, ALL_VENUES).layers[0]
    assert layer.totals.to_dict() == {"all": 1790, "US": 1390, "MX": 400}


def test_a_combination_that_is_not_released_shows_nothing(source):
    choice = replace(OPENING, period="2015", nationality="HN", trafficking_type="sex")
    found = lookup.shown(source, choice)
    assert found.nothing
    assert found.levels == ()


def test_the_nearest_views_drop_one_filter_each(source):
    filters = {"period": "2015", "nationality": "MX", "trafficking_type": "sex"}
    choice = replace(ALL_VENUES, level="state", **filters)
    near = lookup.nearest(source, choice)
    assert near == tuple(choice.without(name) for name in filters)


def test_the_nearest_to_hexagons_by_two_filters_keeps_what_is_released(source):
    choice = replace(OPENING, level="h3_3", period="2015", nationality="HN")
    assert lookup.nearest(source, choice) == (
        choice.without("nationality"),
        replace(choice.without("period"), level="state"),
        replace(choice.without("period"), layers=(ALL,)),
    )


def test_no_nearest_view_where_nothing_is_published(source):
    empty = replace(source, cells={})
    assert lookup.nearest(empty, replace(OPENING, period="2015")) == ()


BOTH = ("2014", "2015")


def test_periods_of_a_place_are_summed_where_all_are_published(source):
    layer = lookup.shown(source, replace(ALL_VENUES, level="state").during(BOTH)).layers[0]
    assert layer.cells["state"]["US-TX"] == 160 + 240
    assert layer.totals["all"] == 716 + 1074
    assert layer.unplaced.to_dict() == {"MX-unknown": 12 + 18, "US-unknown": 24 + 36}


def test_a_place_with_some_of_its_periods_shows_at_least_their_sum_and_stays_apart(source):
    choice = replace(OPENING, layers=("cantina",), level="state").during(BOTH)
    found = lookup.shown(source, choice)
    layer = found.layers[0]
    assert "US-AZ" not in layer.cells["state"].index
    assert layer.partly("state")["US-AZ"] == 16  # 2014 has 10
    assert set(layer.known("state").index) == {
        *layer.cells["state"].index,
        *layer.partly("state").index,
    }
    assert found.partly


def test_a_place_with_none_of_its_periods_is_not_published(source):
    choice = replace(OPENING, layers=("escort",), level="state").during(BOTH)
    layer = lookup.shown(source, choice).layers[0]
    assert "US-WA" not in layer.known("state").index


def test_one_period_has_no_count_of_at_least(source):
    found = lookup.shown(source, replace(OPENING, period="2015"))
    assert [layer.least for layer in found.layers] == [None]
    assert not found.partly


def test_a_total_and_its_years_are_never_summed(source):
    cells = [replace(OPENING, period=period).cell("cantina") for period in ("all", "2015")]
    with pytest.raises(ValueError, match="overlapping"):
        lookup.summed(source, "state", cells)


def test_a_hidden_period_is_not_told_by_the_sum(source):
    """What is shown is the same, whatever the hidden number is: the release has no row of it."""
    choice = replace(OPENING, layers=("cantina",)).during(BOTH)
    assert lookup.by_period(source, choice, "cantina", "US-AZ") == {"2014": None, "2015": 16}
    assert lookup.total(source, choice, "cantina", "US-AZ") is None
    assert lookup.at_least(source, choice, "cantina", "US-AZ") == 16
    assert lookup.at_least(source, choice, "cantina", "US-TX") is None
    assert lookup.total(source, choice, "cantina", "US-TX") == 120


def test_venues_of_several_periods_are_apart_where_one_is_hidden(source):
    choice = ALL_VENUES.during(BOTH)
    assert lookup.by_venue(source, choice, "US-AZ").to_dict() == {"residential_brothel": 35}
    assert lookup.by_venue_least(source, choice, "US-AZ").to_dict() == {"cantina": 16}


def test_over_time_is_the_same_for_several_periods(source):
    one, two = OPENING, OPENING.during(BOTH)
    assert lookup.over_time(source, one, "US-AZ").equals(lookup.over_time(source, two, "US-AZ"))


def test_a_point_opens_a_place_of_at_least(source):
    choice = replace(OPENING, layers=("cantina",), level="state").during(BOTH)
    found = lookup.shown(source, choice)
    assert lookup.place_at(source, found, 34.3, -111.6) == "US-AZ"


def test_several_periods_by_two_filters_are_not_released_and_have_a_way_on(source):
    filters = {"nationality": "MX", "trafficking_type": "sex", "level": "state"}
    choice = replace(ALL_VENUES, **filters).during(BOTH)
    found = lookup.shown(source, choice)
    assert (found.nothing, found.layers[0].lack) == (True, "refused")
    near = lookup.nearest(source, choice)
    assert near == tuple(
        choice.without(name) for name in ("period", "nationality", "trafficking_type")
    )
    assert near[1].periods == BOTH


def test_smaller_hexagons_lead_to_the_larger_before_the_states(source):
    choice = replace(OPENING, level="h3_4", period="2015")
    assert lookup.nearest(source, choice)[1] == replace(choice, level="h3_3")


def test_a_layer_that_lacks_says_why_and_may_be_left_out(source):
    choice = replace(OPENING, layers=(ALL, "cantina"), level="h3_4", period="2015")
    found = lookup.shown(source, choice)
    assert [layer.lack for layer in found.layers] == ["", "refused"]
    assert not found.nothing
    assert replace(choice, layers=(ALL,)) in lookup.nearest(source, choice)


def test_a_layer_without_a_published_place_lacks_it(source):
    empty = replace(source, cells={})
    assert lookup.shown(empty, OPENING).layers[0].lack == "nothing"


def test_a_layer_that_is_empty_everywhere_is_left_out_and_the_other_stays(source):
    bare = {codes: counts for codes, counts in source.cells.items() if codes[2] != "escort"}
    without = replace(source, cells=bare)
    choice = replace(OPENING, layers=("cantina", "escort"), level="state", nationality="HN")
    assert [layer.lack for layer in lookup.shown(without, choice).layers] == ["", "nothing"]
    assert lookup.nearest(without, choice) == (
        replace(choice, layers=("cantina",)),
        replace(choice, layers=(ALL,)),
    )


def test_every_nearest_view_shows_every_layer(source):
    for level in ("auto", "state", "h3_3", "h3_4"):
        filters = {"nationality": "HN", "trafficking_type": "labor", "level": level}
        choice = replace(OPENING, layers=("cantina", "escort"), **filters).during(BOTH)
        near = lookup.nearest(source, choice)
        assert near
        for one in near:
            assert not any(layer.lack for layer in lookup.shown(source, one).layers)


def test_filters_offer_only_published_values(source):
    assert source.offered.filters == {
        "period": ("2014", "2015"),
        "nationality": ("HN", "MX", "unknown"),
        "trafficking_type": ("labor", "sex"),
    }


def test_quarters_regions_and_overlaps_are_no_options_of_the_map():
    cells = pd.DataFrame(
        {
            "period": ["2015-Q1", "2015", "all"],
            "nationality": ["HN+MX", "central_america", "HN"],
        }
    )
    assert lookup._codes(cells, "period") == ("2015",)
    assert lookup._codes(cells, "nationality") == ("HN",)


def test_a_release_opens_with_all_venues_where_the_first_layer_shows_few_states(source, releases):
    from geo import release

    little = lookup.opened(release.read(releases / "little"), ("little",))
    assert source.offered.opening == ("residential_brothel",)
    assert little.offered.opening == (ALL,)


def test_ranked_puts_the_most_reported_first_and_keeps_gaps(source):
    found = lookup.shown(source, replace(OPENING, layers=("residential_brothel", "escort")))
    table = lookup.ranked(found, "state")
    assert table.index[:3].tolist() == ["US-TX", "US-CA", "US-NY"]
    assert table.loc["US-WA", "residential_brothel"] == 16
    assert table.loc["US-WA"].isna().tolist() == [False, True]


def test_ranked_of_nothing_is_an_empty_table(source):
    choice = replace(OPENING, period="2015", nationality="HN", trafficking_type="sex")
    assert lookup.ranked(lookup.shown(source, choice), "state").empty


def test_over_time_has_a_gap_where_a_year_is_not_published(source):
    table = lookup.over_time(source, replace(OPENING, layers=("cantina", "escort")), "US-AZ")
    assert table["cantina"].isna().tolist() == [True, False]
    assert table.loc["2015", "cantina"] == 16
    assert table["escort"].isna().all()


def test_over_time_of_a_small_hexagon_is_not_released_by_venue(source):
    assert lookup.over_time(source, OPENING, HOUSTON).columns.empty


def test_by_venue_lists_published_venues_most_first(source):
    assert lookup.by_venue(source, OPENING, "US-AZ").to_dict() == {
        "residential_brothel": 36, "cantina": 27, "escort": 18,
    }  # fmt: skip


def test_by_venue_says_when_it_is_not_released(source):
    assert lookup.by_venue(source, replace(OPENING, period="2015"), HOUSTON) is None


def test_total_of_a_hidden_place_is_none_never_zero(source):
    assert lookup.total(source, OPENING, "escort", "US-WA") is None
    assert lookup.total(source, OPENING, "escort", "US-TX") == 80


@pytest.mark.parametrize(
    ("level", "lat", "lon", "place"),
    [
        ("auto", 29.76, -95.45, HOUSTON),
        ("h3_3", 29.76, -95.45, HOUSTON_WIDE),
        ("state", 29.76, -95.45, "US-TX"),
        ("auto", 31.5, -99.5, "US-TX"),
        ("auto", 40.0, -50.0, ""),
        ("auto", 52.9, 173.2, "US-AK"),
    ],
)
def test_a_point_opens_the_finest_place_that_shows_a_count(source, level, lat, lon, place):
    found = lookup.shown(source, replace(ALL_VENUES, level=level))
    assert lookup.place_at(source, found, lat, lon) == place


def test_every_number_shown_is_a_cell_of_the_release(source):
    published = set(source.release.cells["value"])
    for params in ({}, {"period": "2015"}, {"layers": "all,cantina", "level": "h3_3"}):
        choice, _ = parse(params, source.offered)
        for layer in lookup.shown(source, choice).layers:
            for counts in layer.cells.values():
                assert set(counts) <= published


def test_numbers_of_victims_are_not_taken_for_cases(source):
    people = source.release.cells.assign(measure="victims")
    people["value"] *= 3
    both = pd.concat([source.release.cells, people], ignore_index=True)
    beside = lookup.opened(replace(source.release, cells=both), ("national",))
    one, two = (lookup.shown(each, ALL_VENUES).layers[0] for each in (source, beside))
    assert all(one.cells[level].equals(two.cells[level]) for level in one.cells)

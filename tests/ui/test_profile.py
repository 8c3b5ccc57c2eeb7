"""One layer in numbers: looked up, whole period, no filter; hidden cells stay hidden."""

from dataclasses import replace

import pandas as pd
import pytest

from ui import lookup, profile
from ui.choice import parse
from ui.figures import venues as drawn


def choice(source: lookup.Opened, **params: str):
    return parse(params, source.offered)[0]


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ("cantina", "cantina"),
        ("cantina,escort", "cantina"),
        ("all", "residential_brothel"),
        ("all,escort", "escort"),
    ],
)
def test_the_first_mission_layer_of_the_address_is_shown(source, layers, code):
    assert profile.code(choice(source, layers=layers)) == code


def test_filters_and_place_of_the_map_do_not_reach_the_profile(source):
    wide = choice(source, layers="cantina")
    narrow = choice(source, layers="cantina", period="2015", nationality="MX", place="US-TX")
    assert profile.profile(source, narrow).choice == profile.profile(source, wide).choice
    assert not profile.profile(source, narrow).choice.filters()


def test_states_are_at_most_ten_most_first_and_published(source):
    states = profile.profile(source, choice(source, layers="cantina")).states
    assert len(states) == 10
    assert states.index[0] == "US-TX"
    assert states["cantina"].tolist()[:3] == [120, 90, 60]
    assert states["cantina"].min() >= source.k


def test_years_are_those_of_both_countries_together(source):
    years = profile.profile(source, choice(source, layers="cantina")).years
    assert years["cantina"].to_dict() == {"2014": 214, "2015": 322}


def test_a_year_that_is_not_published_is_a_gap(source):
    hidden = dict(source.cells)
    wanted = choice(source, layers="cantina", period="2014").cell("cantina")
    del hidden["all", *wanted]
    years = profile.profile(replace(source, cells=hidden), choice(source, layers="cantina")).years
    assert pd.isna(years["cantina"]["2014"])
    assert years["cantina"]["2015"] == 322


def test_years_that_are_not_released_have_no_column(source):
    views = frozenset(view for view in source.views if "period" not in view[1])
    found = profile.profile(replace(source, views=views), choice(source))
    assert found.years.columns.empty


def test_an_overlap_is_looked_up_for_the_two_layers_that_overlap(source):
    cells = dict(source.cells)
    codes = choice(source).cell("escort+residential_brothel")
    cells["all", *codes] = pd.Series({"all": 25})
    with_overlap = replace(source, cells=cells)
    both = {
        code: profile.profile(with_overlap, choice(source, layers=code)).both
        for code in ("residential_brothel", "cantina", "escort")
    }
    assert both["residential_brothel"].to_dict() == both["escort"].to_dict() == {"all": 25}
    assert both["cantina"] is None


def test_a_chart_of_states_has_the_same_numbers_as_its_table(source, t):
    states = profile.profile(source, choice(source, layers="escort")).states
    bars = drawn.states(source, states, t).data[0]
    table = drawn.rows(source, states, "place", t)
    assert table.iloc[:, 0].tolist() == list(bars.y)[::-1]
    assert table.iloc[:, 1].tolist() == list(bars.text)[::-1]


def test_a_table_shows_the_one_mark_for_what_is_hidden(source, en):
    table = pd.DataFrame({"escort": pd.Series({"2014": None, "2015": 12}, dtype="Int64")})
    shown = drawn.rows(source, table, "period", en)
    assert shown.to_numpy().tolist() == [["2014", "not published"], ["2015", "12"]]

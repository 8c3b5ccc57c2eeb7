"""Charts and the ranked table."""

from dataclasses import replace

import pandas as pd

from ui import figures, lookup, palette
from ui.choice import Choice

OPENING = Choice("en", "national", ("residential_brothel",))


def ranking(source, choice, t):
    return figures.ranking(source, choice, lookup.shown(source, choice), t)


def test_the_ranking_lists_states_and_the_places_not_known(source, en):
    made = ranking(source, OPENING, en)
    assert made["rows"][0] == {
        "id": "US-TX", "name": "Texas", "values": [160], "texts": ["160"], "partly": [False],
    }  # fmt: skip
    assert [row["name"] for row in made["unplaced"]] == [
        "Place not known, Mexico", "Place not known, United States",
    ]  # fmt: skip


def test_a_full_bar_is_the_largest_count_of_the_table(source, en):
    assert ranking(source, OPENING, en)["most"] == 160


def test_a_count_not_published_is_none_in_the_ranking_never_zero(source, en):
    made = ranking(source, replace(OPENING, layers=("residential_brothel", "escort")), en)
    washington = next(row for row in made["rows"] if row["id"] == "US-WA")
    assert (washington["values"], washington["texts"]) == ([16, None], ["16", None])


def test_the_ranking_says_at_least_where_a_period_is_not_published(source, t):
    choice = replace(OPENING, layers=("cantina",), level="state").during(("2014", "2015"))
    rows = {row["id"]: row for row in ranking(source, choice, t)["rows"]}
    assert (rows["US-AZ"]["texts"], rows["US-AZ"]["partly"]) == (
        [t("count.least", count=16)],
        [True],
    )
    assert (rows["US-TX"]["texts"], rows["US-TX"]["partly"]) == (["120"], [False])


def test_places_not_known_say_at_least_too(source, en):
    choice = replace(OPENING, layers=("residential_brothel",)).during(("2014", "2015"))
    made = {row["id"]: row for row in ranking(source, choice, en)["unplaced"]}
    assert made["US-unknown"]["texts"] == ["at least 14"]


def test_a_layer_that_is_not_released_has_other_words_than_a_hidden_count(source, t):
    choice = replace(OPENING, layers=("all", "cantina"), level="h3_4", period="2015")
    made = ranking(source, choice, t)
    told = [column["hidden"] for column in made["columns"]]
    assert told == [t("rank.hidden"), t("rank.refused")]
    assert made["note"] == t("rank.note", k=11)


def test_a_table_of_a_view_not_released_does_not_call_its_places_hidden(source, t):
    choice = replace(OPENING, level="h3_4", period="2015")
    assert ranking(source, choice, t)["note"] == t("rank.refused_note")


def test_venues_of_at_least_are_lined_and_told_in_words(en):
    whole, least = pd.Series({"cantina": 20}), pd.Series({"escort": 40})
    bar = figures.by_venue(whole, en, least=least).data[0]
    assert list(bar.text) == ["20", "at least 40"]
    assert list(bar.marker.pattern.shape) == ["", "-"]


def test_the_ranking_of_hexagons_names_them(source, en):
    made = ranking(source, replace(OPENING, level="h3_4"), en)
    assert made["rows"][0]["name"] == "Texas: hexagon at Houston"


def test_the_ranking_of_nothing_has_no_rows(source, en):
    choice = replace(OPENING, period="2015", nationality="HN", trafficking_type="sex")
    made = ranking(source, choice, en)
    assert (made["rows"], made["unplaced"], made["most"]) == ([], [], 1)


def test_one_layer_over_time_is_bars_with_gaps(en):
    table = pd.DataFrame(
        {"cantina": pd.array([12, pd.NA, 40], "Int64")}, index=["2013", "2014", "2015"]
    )
    bars = figures.over_time(table, en).data[0]
    assert (bars.type, list(bars.y), list(bars.text)) == ("bar", [12, None, 40], ["12", "", "40"])


def test_several_layers_over_time_are_lines_broken_at_gaps(en):
    table = pd.DataFrame({"cantina": [12, 13], "escort": [14, 15]}, index=["2014", "2015"])
    lines = figures.over_time(table.astype("Int64"), en).data
    assert {line.type for line in lines} == {"scatter"}
    assert not any(line.connectgaps for line in lines)
    assert len({line.marker.symbol for line in lines}) == 2


def test_venues_are_bars_in_their_own_hue_most_at_the_top(en):
    bar = figures.by_venue(pd.Series({"cantina": 40, "street": 12}), en).data[0]
    assert list(bar.y) == ["Street", "Cantinas"]
    assert list(bar.marker.color) == [palette.hue("all"), palette.hue("cantina")]

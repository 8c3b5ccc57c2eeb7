"""Profiles: what is looked up, what share it is, and what is said where nothing is published."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from geo.model import PUBLISHED
from ui import lookup, profiles
from ui.choice import Choice
from ui.figures import profiles as charts

BOTH = Choice("en", "national", ("cantina",))
MEXICO = replace(BOTH, country="MX")


def found(source, choice=BOTH):
    return profiles.found(source, choice)


@pytest.fixture(scope="module")
def with_victims(source):
    """The sample release with victims of all, and of two nationalities."""
    rows = [
        ["all", "all", "all", "all", nation, "all", "victims", count]
        for nation, count in (("all", 4000), ("MX", 2000), ("HN", 1300), ("unknown", 200))
    ]
    names = ["level", "place", "period", "venue", "nationality", "trafficking_type"]
    more = pd.DataFrame(rows, columns=[*names, "measure", "value"])[PUBLISHED.names]
    measures = {
        "cases": {"unit": {"en": "reported cases", "es": "casos reportados"}},
        "victims": {"unit": {"en": "potential victims", "es": "víctimas potenciales"}},
    }
    release = replace(
        source.release,
        cells=pd.concat([source.release.cells, more], ignore_index=True),
        manifest={**source.release.manifest, "measures": measures},
    )
    return lookup.opened(release, ("national",))


def test_a_profile_is_ranked_and_holds_what_is_not_known_apart(source):
    gender = found(source)["gender"]
    assert gender.counts["cases"].head(2).to_dict() == {"female": 1253, "male": 358}
    assert (gender.unknown, gender.totals) == ({"cases": 179}, {"cases": 1790})


def test_the_country_is_that_of_exploitation(source):
    assert found(source, MEXICO)["age"].counts["cases"].to_dict() == {"adult": 240, "minor": 120}


def test_filters_and_layers_of_other_pages_change_no_profile(source):
    chosen = replace(BOTH, period="2015", nationality="MX", layers=("escort",))
    assert found(source, chosen)["venue"].counts.equals(found(source)["venue"].counts)


def test_venues_are_the_cells_of_the_release_without_overlaps_and_sectors(source):
    table = source.release.cells
    more = table[(table["venue"] == "escort")].assign(venue="escort+residential_brothel")
    group = table[(table["venue"] == "escort")].assign(venue="residential")
    release = replace(source.release, cells=pd.concat([table, more, group], ignore_index=True))
    seen = found(lookup.opened(release, ("national",)))["venue"]
    assert list(seen.counts.index) == ["residential_brothel", "cantina", "escort", "hotel_motel"]


def test_a_short_list_names_what_is_not_published_and_a_long_one_does_not(source):
    seen = found(source)
    assert len(seen["control"].counts) == 12
    assert seen["control"].counts["cases"].notna().sum() == 3
    assert list(seen["recruitment"].counts.index) == ["romance", "job_offer"]


def test_an_attribute_without_a_row_is_nothing_of_a_released_view(source):
    industry = found(source)["industry"]
    assert (industry.nothing, industry.released) == (True, True)


def test_an_attribute_without_a_view_is_not_released(staff):
    assert not found(staff)["gender"].released
    assert found(staff)["gender"].nothing


def test_known_is_a_share_of_the_total(source):
    assert profiles.known(found(source)["gender"], "cases") == 90


def test_known_is_not_told_where_the_count_not_known_is_not_published(source):
    assert profiles.known(found(source)["proximity"], "cases") is None


def test_known_is_not_told_without_a_published_total(source):
    assert profiles.known(replace(found(source)["gender"], totals={}), "cases") is None


@pytest.mark.parametrize(("count", "share"), [(793, 63), (389, 31), (50, 4), (25, 2), (12, 1)])
def test_shares_are_the_nearest_whole_percentages_that_the_fact_sheet_prints(count, share):
    assert profiles.share(count, 1257) == share


def test_a_case_has_several_values_where_the_release_says_so(source, en):
    seen = found(source)
    assert (seen["age"].several, seen["gender"].several) == (True, False)
    said = [en("people.several") in charts.notes(source, seen[name], en) for name in seen]
    assert sum(said) == 2  # age and control


def test_victims_stand_in_a_column_of_their_own_with_their_own_total(with_victims, en):
    chart = charts.chart(with_victims, found(with_victims)["nationality"], en)
    assert [column["title"] for column in chart["columns"]] == [
        "Reported cases", "Potential victims",
    ]  # fmt: skip
    assert chart["rows"][0]["texts"] == ["1,074", "2,000"]
    assert chart["rows"][0]["shares"] == ["60\u00a0%", "50\u00a0%"]
    assert chart["lost"][0]["values"] == [179, 200]


def test_a_chart_by_case_says_so_where_the_release_counts_victims(with_victims, source, en):
    said = en("people.cases_only")
    assert said in charts.notes(with_victims, found(with_victims)["age"], en)
    assert said not in charts.notes(with_victims, found(with_victims)["nationality"], en)
    assert said not in charts.notes(source, found(source)["age"], en)


def test_a_count_that_is_not_published_is_none_and_has_no_share(source, t):
    rows = charts.chart(source, found(source)["gender"], t)["rows"]
    assert rows[2]["values"] == [None]
    assert rows[2]["texts"] == [None]
    assert rows[2]["shares"] == [""]


def test_without_a_published_total_no_share_is_told(source, en):
    gender = replace(found(source)["gender"], totals={})
    chart = charts.chart(source, gender, en)
    assert chart["columns"][0]["of"] == "total not published: no share"
    assert chart["rows"][0]["shares"] == [""]


def test_twelve_rows_are_shown_at_once_and_of_more_the_first_ten(source, en):
    control = charts.chart(source, found(source)["control"], en)
    assert control["first"] == 12
    counts = pd.DataFrame(
        {"cases": pd.array(range(40, 27, -1), "Int64")},
        index=[f"US-{n}" for n in range(13)],
    )
    long = replace(found(source)["gender"], attribute="origin", counts=counts)
    words = SimpleNamespace(lang="en", number=str, code=lambda *_: "x")
    spoken = type("Words", (SimpleNamespace,), {"__call__": lambda *_, **__: "x"})
    assert charts.chart(source, long, spoken(**vars(words)))["first"] == 10


def test_a_full_bar_is_the_largest_known_value(source, en):
    assert charts.chart(source, found(source)["trafficker_nationality"], en)["columns"][0][
        "most"
    ] == 358  # fmt: skip


def test_how_many_are_known_is_told_with_its_unit(source, en):
    seen = found(source)
    assert charts.known(source, seen["gender"], en) == "Known in **90\u00a0%** of reported cases"
    assert charts.known(source, seen["proximity"], en) == (
        "In how many reported cases it is known: not published"
    )


def test_some_are_not_nought_and_not_all_are_not_a_hundred(en):
    told = [charts.percent(*of, en) for of in ((0, False), (100, False), (100, True), (7, False))]
    assert [text.split() for text in told] == [
        ["under", "1", "%"], ["over", "99", "%"], ["100", "%"], ["7", "%"],
    ]  # fmt: skip


def test_the_mark_is_told_in_words_where_it_stands(source, en):
    seen = found(source)
    told = {
        name for name in seen if en("mark.hidden", k=11) in charts.notes(source, seen[name], en)
    }
    assert {"control", "proximity"} <= told
    assert not told & {"age", "recruitment"}

"""Counts over time: looked up, drawn with their gaps, and as a table and a file."""

from dataclasses import replace

import pandas as pd
import pytest

from ui import export, figures, trends, words
from ui.choice import Choice
from ui.coverage import Break, date
from ui.figures import timeline
from ui.figures import trends as charts

OPENING = Choice("en", "national", ("all",))
PARTIAL = Break("2013", "starts", date(2013, 9, 30))
NEW = Break("2015", "source_starts", date(2015, 3, 1), "Second line")


def counts(**columns):
    index = pd.Index(["2013", "2014", "2015"], name="period")
    return pd.DataFrame({name: pd.array(v, "Int64") for name, v in columns.items()}, index=index)


def named(figure, name, kind="shapes"):
    return [one for one in getattr(figure.layout, kind) if one.name == name]


def without(source, **codes):
    """Release whose cells with these codes are not published."""
    cells = source.release.cells
    drop = pd.concat([cells[name] == code for name, code in codes.items()], axis=1).all(axis=1)
    left = replace(source.release, cells=cells[~drop])
    kept = {
        key: value for key, value in source.cells.items() if not set(codes.values()) <= set(key)
    }
    return replace(source, release=left, cells=kept)


def test_venues_are_columns_the_layers_first(source):
    found = trends.table(source, OPENING)
    assert list(found) == ["residential_brothel", "cantina", "escort", "hotel_motel"]
    assert found["cantina"].tolist() == [214, 322]


def test_nationalities_are_columns_most_reported_first_not_known_last(source):
    assert list(trends.table(source, replace(OPENING, by="nationality"))) == ["MX", "HN", "unknown"]


def test_all_cases_together_are_one_column(source):
    found = trends.table(source, replace(OPENING, by="all", where="MX"))
    assert found["all"].tolist() == [160, 240]


def test_a_year_of_a_state_that_is_not_published_is_na(source):
    found = trends.table(source, replace(OPENING, where="US-AZ"))
    assert found["cantina"].isna().tolist() == [True, False]


def test_a_year_without_any_published_count_stays_on_the_axis(source):
    found = trends.table(without(source, period="2014"), OPENING)
    assert found.index.tolist() == ["2014", "2015"]
    assert found.loc["2014"].isna().all()


def test_every_number_of_a_table_is_a_cell_of_the_release(source):
    published = set(source.release.cells["value"])
    for by in ("venue", "nationality", "trafficking_type", "all"):
        found = trends.table(source, replace(OPENING, by=by, where="US-TX"))
        assert {value for name in found for value in found[name].dropna()} <= published


def test_groups_and_overlaps_are_no_lines(source):
    rows = source.release.cells.query("venue == 'cantina'")
    more = [rows.assign(venue=code) for code in ("bars_and_cantinas", "cantina+escort")]
    both = pd.concat([source.release.cells, *more])
    cells = replace(source, release=replace(source.release, cells=both))
    assert trends._codes(cells, OPENING) == trends._codes(source, OPENING)


def test_quarters_are_not_released_by_venue_and_the_nearest_are_years(source):
    choice = replace(OPENING, grain="quarter")
    assert not trends.released(source, choice)
    assert trends.nearest(source, choice)[0] == OPENING


def test_quarters_released_for_all_cases_of_both_countries_are_the_nearest_too(source):
    views = source.views | {("all", frozenset({"quarter"}))}
    rows = pd.Series({"all": 40}, name="value")
    cells = {**source.cells, ("all", "2014-Q2", "all", "all", "all"): rows}
    quarterly = replace(source, views=views, cells=cells)
    choice = replace(OPENING, by="all", grain="quarter")
    found = trends.table(quarterly, choice)["all"]
    assert (len(found), found["2014-Q2"], found.isna().sum()) == (8, 40, 7)
    near = trends.nearest(quarterly, replace(OPENING, grain="quarter"))
    assert choice in near


def test_few_lines_are_the_mission_layers_or_the_most_reported(source):
    assert len(trends.few(trends.table(source, OPENING), OPENING).columns) == 3
    many = counts(**{code: [12, 13, 14] for code in ("MX", "HN", "GT", "SV", "CU", "unknown")})
    by = replace(OPENING, by="nationality")
    assert list(trends.few(many, by)) == ["MX", "HN", "GT", "SV", "CU"]


def lines(table, breaks=(), t=None):
    return charts.lines(table, breaks, lambda code: code.title(), t)


def test_a_hidden_year_is_none_and_never_zero(en):
    figure = lines(counts(a=[12, None, 20], b=[30, None, 40]), t=en)
    assert [list(line.y) for line in figure.data] == [[12, None, 20], [30, None, 40]]
    assert not any(line.connectgaps for line in figure.data)


def test_a_year_hidden_in_every_line_is_a_band_that_says_so(en):
    figure = lines(counts(a=[12, None, 20], b=[30, None, 40]), t=en)
    assert [(band.x0, band.x1) for band in named(figure, "gap")] == [(0.5, 1.5)]
    assert [note.text for note in named(figure, "gap", "annotations")] == ["not published"]


def test_a_year_hidden_in_one_line_is_a_mark_in_the_strip(en):
    figure = lines(counts(a=[12, None, 20], b=[30, 31, 40]), t=en)
    assert named(figure, "gap") == []
    strip = next(trace for trace in figure.data if trace.meta == "gap")
    assert (list(strip.x), strip.name, "not published" in strip.hovertemplate) == ([1], "A", True)
    assert named(figure, "strip", "annotations")[0].text == "× not published"


def test_without_a_gap_there_is_no_strip(en):
    figure = lines(counts(a=[12, 13, 20], b=[30, 31, 40]), t=en)
    assert len(figure.data) == 2
    assert "yaxis2" not in figure.layout.to_plotly_json()


def test_lines_are_told_apart_by_symbol_and_dash(en):
    figure = lines(counts(**{name: [12, 13, 14] for name in "abcde"}), t=en)
    assert len({(line.marker.symbol) for line in figure.data}) == 5
    assert len({(line.line.dash) for line in figure.data}) == 5


def test_layers_and_other_venues_have_symbols_of_their_own(en):
    codes = ("residential_brothel", "cantina", "escort")
    figure = lines(counts(**{code: [12, 13, 14] for code in codes}), t=en)
    assert [line.marker.symbol for line in figure.data] == [figures.SYMBOLS[code] for code in codes]


def test_names_stand_at_the_line_ends_and_there_is_no_legend(en):
    figure = lines(counts(a=[12, 13, 20], b=[30, 31, None]), t=en)
    assert [(note.text, note.y) for note in named(figure, "label", "annotations")] == [
        ("A", 20), ("B", 31),
    ]  # fmt: skip
    assert figure.layout.showlegend is False


def test_the_axis_of_counts_begins_at_zero(en):
    table = counts(a=[100, 120, 200], b=[300, 310, 400])
    for figure in (lines(table, t=en), charts.single(table[["a"]], (), "A", en)):
        assert figure.layout.yaxis.range[0] == 0


def test_a_partial_year_says_so_above_it_without_a_line(en):
    figure = lines(counts(a=[12, 13, 20], b=[30, 31, 40]), [PARTIAL], en)
    note = named(figure, "break", "annotations")[0]
    assert (note.text, note.x, named(figure, "break")) == ("from 30 Sep 2013", -0.5, [])


def test_a_partial_year_is_a_hollow_point_and_a_pale_bar(en):
    table = counts(a=[12, 13, 20], b=[30, 31, 40])
    assert list(lines(table, [PARTIAL], en).data[0].marker.symbol) == [
        "circle-open", "circle", "circle",
    ]  # fmt: skip
    bar = charts.single(table[["a"]], [PARTIAL], "A", en).data[0]
    assert list(bar.marker.opacity) == [0.5, 1, 1]


def test_a_new_source_is_a_dashed_line_with_words(en):
    figure = lines(counts(a=[12, 13, 20], b=[30, 31, 40]), [NEW], en)
    assert [line.x0 for line in named(figure, "break")] == [1.5]
    assert named(figure, "break", "annotations")[0].text == "new source, Mar 2015"


def test_a_break_outside_of_the_axis_is_not_drawn(en):
    late = replace(NEW, period="2020")
    assert named(lines(counts(a=[12, 13, 20], b=[3, 4, 5]), [late], en), "break") == []


def test_many_quarters_have_a_tick_a_year(en):
    codes = [f"{year}-Q{n}" for year in (2012, 2013, 2014, 2015) for n in (1, 2, 3, 4)]
    table = pd.DataFrame({"all": pd.array([20] * 16, "Int64")}, index=codes)
    figure = charts.single(table, (), "All", en)
    assert list(figure.layout.xaxis.ticktext) == ["2012", "2013", "2014", "2015"]
    assert figure.data[0].type == "scatter"


def test_small_multiples_have_one_scale(en):
    made = charts.multiples(counts(a=[12, 13, 20], b=[30, None, 400]), (), str.title, en)
    assert {figure.layout.yaxis.range for figure in made.values()} == {made["a"].layout.yaxis.range}
    assert [len(named(figure, "gap")) for figure in made.values()] == [0, 1]


def test_neighbouring_gaps_are_one_band():
    assert timeline.gaps(counts(a=[None, None, 12])) == [(0, 1)]


def test_the_chart_of_a_place_has_the_same_bands_and_partial_years(en):
    figure = figures.over_time(counts(cantina=[12, None, 20]), en, [PARTIAL])
    assert [(band.x0, band.x1) for band in named(figure, "gap")] == [(0.5, 1.5)]
    assert named(figure, "break", "annotations")[0].text == "from 30 Sep 2013"


def test_a_chart_is_described_from_its_data(en):
    assert charts.described(counts(a=[12, None, 2000]), str.title, en) == (
        "A: 12 in 2013, 2,000 in 2015 (first and last published; periods not published: 1)."
    )


def test_the_table_has_one_mark_for_not_published(t):
    made = charts.tabled(counts(a=[12, None, 2000]), [PARTIAL], str.title, t)
    assert made["A"].tolist() == ["12", t("rank.hidden"), f"2{t('number.group')}000"]
    assert (
        made.index[0] == f"2013 ({t('timeline.starts', day=timeline.coverage.dated(PARTIAL, t))})"
    )


@pytest.mark.parametrize("by", ["venue", "nationality", "trafficking_type", "all"])
def test_every_code_has_a_name(source, t, by):
    for code in trends.table(source, replace(OPENING, by=by)):
        assert words.series(by, code, t)


def test_the_file_has_the_lines_about_it_and_the_table(source, en):
    choice = replace(OPENING, where="US-AZ", by="venue")
    table = charts.tabled(trends.table(source, choice), (), str.title, en)
    rows = export.trend_csv(source, choice, table, en).splitlines()
    assert "# View,By venue · reported cases · by year · Arizona" in rows
    assert rows[-2:] == ["2014,14,not published", "2015,21,16"]
    assert any(
        row.startswith("# Caveat,Reports to hotlines, not") or "# Caveat" in row for row in rows
    )


def test_no_cell_of_the_file_begins_a_formula(source, en):
    table = pd.DataFrame({"=A1": ["12"]}, index=pd.Index(["2014"], name="Period"))
    assert "Period,'=A1" in export.trend_csv(source, OPENING, table, en)


MAP = Choice("en", "national", ("cantina",))


@pytest.mark.parametrize(
    ("change", "by", "where"),
    [
        ({}, "venue", "all"),
        ({"layers": ("all",)}, "all", "all"),
        ({"nationality": "HN", "place": "US-TX"}, "nationality", "US-TX"),
        ({"trafficking_type": "labor", "layers": ("all",)}, "trafficking_type", "all"),
        ({"place": "US-TX/84446cfffffffff"}, "venue", "US-TX"),
    ],
)
def test_the_trends_of_a_view_are_of_its_filter_and_its_state(change, by, where):
    asked = replace(MAP, grain="quarter", **change)
    found = trends.followed(asked)
    assert (found.by, found.where, found.grain) == (by, where, "year")
    assert (found.layers, found.nationality) == (asked.layers, asked.nationality)


def test_what_the_lines_are_not_of_is_left_out():
    both = replace(MAP, nationality="HN", by="nationality")
    assert trends.left_out(both) == ("venue",)
    assert trends.left_out(replace(both, by="venue")) == ("nationality",)
    assert trends.left_out(replace(both, layers=("all",))) == ()


def test_filters_that_the_release_does_not_break_down_together_are_known(source):
    both = replace(MAP, nationality="HN", by="nationality")
    assert trends.released_together(source, replace(both, layers=("all",)))
    assert not trends.released_together(source, both)
    views = source.views | {("all", frozenset({"period", "nationality", "venue"}))}
    assert trends.released_together(replace(source, views=views), both)


def test_the_code_that_was_asked_for_has_a_line_before_larger_ones():
    counts = pd.DataFrame({code: [20] for code in "ABCDEFG"})
    asked = replace(MAP, nationality="G", by="nationality")
    assert list(trends.few(counts, asked)) == ["G", "A", "B", "C", "D"]
    assert list(trends.few(counts, replace(asked, nationality="all"))) == ["A", "B", "C", "D", "E"]

"""Time that a release covers: its periods, and where a line over them breaks."""

import pytest

from ui import coverage
from ui.i18n import texts


def manifest(start, end, blocks=(), sources=()):
    given = {"start": start, "end": end, "label": f"{start[:4]}–{end[:4]}"}
    return {
        "coverage": given,
        "blocks": [{"period": "all", **given}, *blocks],
        "sources": list(sources),
    }


DECK = manifest("2007-12-01", "2016-01-31")
LATER = {"period": "2018", "label": "2018", "start": "2018-01-01", "end": "2018-12-31"}


def kinds(manifest, grain="year"):
    return [(one.period, one.kind) for one in coverage.breaks(manifest, grain)]


def test_every_covered_year_is_on_the_axis_published_or_not():
    assert coverage.periods(manifest("2014", "2016"), "year", ["2015"]) == ("2014", "2015", "2016")


def test_a_published_year_is_on_the_axis_where_the_manifest_has_no_date_of_it():
    assert coverage.periods(manifest("2014", "2015"), "year", ["2016"])[-1] == "2016"


def test_quarters_begin_and_end_with_the_coverage():
    found = coverage.periods(DECK, "quarter")
    assert (found[0], found[-1], len(found)) == ("2007-Q4", "2016-Q1", 34)


def test_first_and_last_year_of_the_deck_are_partial():
    assert kinds(DECK) == [("2007", "starts"), ("2016", "ends")]


def test_whole_years_have_no_break():
    assert kinds(manifest("2012-01-01", "2016-12-31")) == []


def test_a_month_of_coverage_is_a_whole_month():
    assert kinds(manifest("2014-01", "2015-12")) == []


def test_a_year_with_its_last_quarter_whole_is_partial_as_a_year_only():
    given = manifest("2015-01-01", "2015-09-30")
    assert (kinds(given), kinds(given, "quarter")) == ([("2015", "ends")], [])


def test_a_source_that_begins_later_or_ends_earlier_is_a_break():
    sources = [
        {"name": "One", "coverage_start": "2012-01-01", "coverage_end": "2016-12-31"},
        {"name": "Two", "coverage_start": "2015-10-01", "coverage_end": "2016-06-30"},
    ]
    given = manifest("2012-01-01", "2016-12-31", sources=sources)
    assert kinds(given) == [("2015", "source_starts"), ("2016", "source_ends")]


def test_a_source_without_dates_is_no_break():
    assert kinds(manifest("2012", "2016", sources=[{"name": "One"}])) == []


def test_a_later_block_is_a_break_and_the_year_between_is_not_covered():
    given = manifest("2012-01-01", "2016-12-31", [LATER])
    assert kinds(given) == [("2017", "uncovered"), ("2018", "block")]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "2007 is partial (drawn hollow or pale): the data begin in Dec 2007."),
     ("es", "2007 está incompleto (marca hueca o pálida): los datos comienzan en dic. 2007.")],
)  # fmt: skip
def test_a_break_is_told_in_words(lang, said):
    assert coverage.told(coverage.breaks(DECK, "year")[0], texts(lang)) == said


def test_a_day_within_a_month_is_said(en):
    sheet = manifest("2015-09-30", "2017-07-31")
    assert [coverage.short(one, en) for one in coverage.breaks(sheet, "year")] == [
        "from 30 Sep 2015", "to Jul 2017",
    ]  # fmt: skip

"""How a release stands: old by the day that is given, superseded by what lies beside it."""

from datetime import date

import pytest

from geo import ledger
from tests.ui import sample
from ui import standing

PUBLIC = ("demo", "public")
LATER_YEAR = [
    {"period": "all", "label": "2014–2015"},
    {"period": "2016", "start": "2016-01", "end": "2016-12", "label": "2016"},
]


def manifest(name, **other):
    return sample.manifest(name, series="demo", **other)


def listed(*events):
    """Ledger of some events, ``"+"`` for released and ``"-"`` for withdrawn before the id."""
    entries = ()
    for event in events:
        if event[0] == "-":
            entries = ledger.without(entries, event[1:])
        else:
            entries = ledger.released(entries, manifest(event[1:]), f"digest of {event}")
    return entries


def after(name, manifests, *events):
    return standing.later(name, {one["id"]: one for one in manifests}, listed(*events))


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2018, 12, 31), False), (date(2019, 1, 1), True), (date(2020, 2, 29), True)],
)
def test_a_release_is_old_the_day_after_its_years_have_passed(today, expected):
    assert standing.old(manifest("a"), today, 3) == expected


def test_a_later_block_of_time_makes_a_release_younger():
    assert standing.ended(manifest("a", blocks=LATER_YEAR)) == date(2016, 12, 31)
    assert not standing.old(manifest("a", blocks=LATER_YEAR), date(2019, 1, 1), 3)


def test_a_release_that_tells_no_day_is_not_called_old():
    undated = manifest("a", coverage={"label": "some years"})
    assert not standing.old(undated, date(2100, 1, 1), 3)


def test_what_covers_a_later_year_takes_the_place_of_the_first():
    both = [manifest("b"), manifest("a", blocks=LATER_YEAR)]
    assert after("b", both, "+a", "+b") == ("a", "a")
    assert after("a", both, "+a", "+b") is None


def test_of_the_same_years_the_last_of_the_ledger_takes_the_place():
    both = [manifest("a"), manifest("b")]
    assert after("b", both, "+b", "+a") == ("a", "a")
    assert after("a", both, "+b", "+a") is None


def test_without_a_ledger_the_later_label_does():
    assert after("2014-a", [manifest("2014-a"), manifest("2014-b")]) == ("2014-b", "2014-b")


@pytest.mark.parametrize("other", [{"series": "another"}, {"audience": "staff"}])
def test_another_series_or_audience_takes_no_place(other):
    both = [manifest("a"), sample.manifest("b", **{"series": "demo"} | other)]
    assert after("a", both) is None


def test_a_later_release_that_only_the_ledger_has_is_named_without_a_folder():
    assert after("a", [manifest("a")], "+a", "+b") == ("b", "")


def test_a_later_release_that_was_withdrawn_takes_no_place():
    assert after("a", [manifest("a")], "+a", "+b", "-b") is None


def test_an_earlier_release_that_only_the_ledger_has_takes_no_place():
    assert after("b", [manifest("b")], "+a", "+b") is None

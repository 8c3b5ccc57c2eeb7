"""Rates: years covered, exact limits, too few, and smoothing as others compute it."""

import warnings

import numpy as np
import pandas as pd
import pytest

from geo import rates
from geo.audit.rates import population

FIVE = {"coverage": {"start": "2012-01-01", "end": "2016-12-31"}}
DECK = {"coverage": {"start": "2007-12-01", "end": "2016-01-31"}}
MONTHS = {"coverage": {"start": "2014-01", "end": "2016-02"}}
LATER = {**FIVE, "blocks": [FIVE["coverage"], {"start": "2017-01-01", "end": "2017-06-30"}]}


@pytest.mark.parametrize(
    ("period", "manifest", "covered"),
    [
        ("all", FIVE, 5),
        ("2012", FIVE, 1),
        ("2012-Q1", FIVE, 0.25),
        ("2007", DECK, 31 / 365),
        ("2007-Q4", DECK, 0.25 * 31 / 92),
        ("2016", DECK, 31 / 366),
        ("all", DECK, 8 + 31 / 365 + 31 / 366),
        ("all", MONTHS, 2 + 60 / 366),
        ("2017", LATER, 181 / 365),
        ("all", LATER, 5),
        ("2018", LATER, 0),
        ("2011", FIVE, 0),
        ("unknown", FIVE, 0),
    ],
)
def test_years_are_those_covered(period, manifest, covered):
    assert rates.years(period, manifest) == pytest.approx(covered, abs=1e-12)


# Garwood (1936), table of 95 % limits as reprinted in health statistics manuals.
TABLE = {
    0: (0, 3.689), 1: (0.025, 5.572), 2: (0.242, 7.225), 5: (1.623, 11.668),
    10: (4.795, 18.390), 20: (12.217, 30.888), 50: (37.111, 65.919), 100: (81.364, 121.627),
}  # fmt: skip


@pytest.mark.parametrize(("cases", "limits"), TABLE.items())
def test_exact_limits_are_those_of_the_tables(cases, limits):
    assert [float(limit) for limit in rates.garwood(cases)] == pytest.approx(limits, abs=6e-4)


def test_byar_is_near_the_exact_limits_from_ten_cases_on():
    cases = np.arange(10, 400)
    for near, exact in zip(rates.byar(cases), rates.garwood(cases), strict=True):
        assert np.allclose(near, exact, rtol=2e-3)


def test_byar_of_no_case_begins_at_zero():
    assert float(rates.byar(0).low) == 0


def test_wider_confidence_gives_wider_limits():
    narrow, wide = rates.garwood(30), rates.garwood(30, 0.99)
    assert wide.low < narrow.low < 30 < narrow.high < wide.high


def test_a_rate_is_per_100_000_residents_and_year():
    texas = rates.rated(pd.Series({"US-TX": 2915}), rates.RESIDENTS, 5).loc["US-TX"]
    assert texas["denominator"] == 29_145_505
    assert texas["rate"] == pytest.approx(2.00031, abs=1e-5)
    assert texas["low"] == pytest.approx(texas["rate"] * float(rates.garwood(2915).low) / 2915)
    assert texas["state"] == rates.RATED


def test_fewer_than_twenty_cases_have_no_rate_and_keep_their_count():
    made = rates.rated(pd.Series({"US-WA": 19, "US-TX": 20}), rates.RESIDENTS, 1)
    assert made["state"].tolist() == [rates.TOO_FEW, rates.RATED]
    assert made.loc["US-WA", ["rate", "low", "high"]].isna().all()
    assert made["count"].tolist() == [19, 20]


@pytest.mark.parametrize("place", ["MX-CMX", "US-PR", "US", "US-unknown", "US-TX/83446cfffffffff"])
def test_a_place_without_hispanic_residents_known_has_no_rate(place):
    made = rates.rated(pd.Series({place: 500}), rates.HISPANIC, 1).loc[place]
    assert made["state"] == rates.NO_DENOMINATOR
    assert np.isnan(made["rate"])


def test_a_period_that_is_not_covered_has_no_rate():
    assert rates.rated(pd.Series({"US": 500}), rates.RESIDENTS, 0)["state"].tolist() == [
        rates.NO_DENOMINATOR
    ]


def test_no_count_no_row():
    assert rates.rated(pd.Series(dtype="int64"), rates.RESIDENTS, 1).empty


def test_denominators_are_those_the_audit_turns_rates_back_with():
    mine = rates.denominators(rates.RESIDENTS)["population"].to_dict()
    assert mine == {code: people for code, people in population().items() if code != "all"}


def test_every_denominator_has_a_year_and_a_source():
    for kind in (rates.RESIDENTS, rates.HISPANIC):
        table = rates.denominators(kind)
        assert table["year"].eq(2020).all()
        assert table["source"].str.len().gt(10).all()


def test_hispanic_residents_are_fewer_than_all():
    of = rates.denominators(rates.HISPANIC)["population"]
    assert len(of) == 51
    assert (of < rates.denominators(rates.RESIDENTS)["population"].loc[of.index]).all()


def test_smoothing_is_that_of_esda():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda.smoothing import Empirical_Bayes
    counts = np.array([20.0, 31, 250, 47, 90, 24])
    exposed = np.array([3e5, 2e5, 9e6, 4e6, 5e5, 8e4])
    expected = Empirical_Bayes(counts, exposed).r.ravel()
    assert np.allclose(rates.smoothed(counts, exposed), expected, rtol=1e-12)


def test_smoothing_of_equal_rates_changes_nothing():
    exposed = np.array([1e5, 2e5, 4e5])
    assert np.allclose(rates.smoothed(exposed / 1e3, exposed), 1e-3)

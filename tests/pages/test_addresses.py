"""Addresses that nobody should trust: every page falls back, says so, and never fails.

Every parameter is bad at once, as each falls back on its own; one application turns the pages.
"""

from dataclasses import fields
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_matrix import turned
from tests.pages.test_pages import PAGES, said
from tests.ui import sample
from ui.choice import Choice
from ui.i18n import texts

PARTS = [part.name for part in fields(Choice) if part.name != "periods"]  # these share a parameter
NAMES = {"trafficking_type": "type"}
BAD = {
    "unknown": "zz",
    "long": "x" * 10_000,
    "script": "<script>alert(1)</script>",
    "path": "../../etc/passwd",
    "format": "{k.__class__}",
    "markdown": "**[all](javascript:alert)**",
    "null": "all\0",
    "several": "zz,zz,,zz",
}
NAMED = [path.stem for path in PAGES]
CASES = [  # what is bad is replaced before a page sees it: each page need not see every kind
    *(("map", kind, "") for kind in BAD),
    *((page, kind, "") for page in NAMED for kind in ("long", "script") if page != "map"),
    *((page, "script", "es") for page in NAMED),
]
TEXAS = next(place for place in sample.SMALL if place.startswith("US-TX"))
UNPUBLISHED = {
    "filters that no view has together": {
        "period": "2014", "nationality": "HN", "type": "sex", "level": "h3_4",
        "layers": "all,residential_brothel,cantina,escort", "measure": "hispanic",
        "place": TEXAS, "compare": "periods", "versus": "2015", "where": "US-TX",
        "by": "nationality", "grain": "quarter", "series": "every", "country": "MX",
    },
    "a country, a state and a place without a count": {
        "release": "staff", "country": "MX", "where": "US-WY", "by": "trafficking_type",
        "place": "MX-TLA", "level": "state", "measure": "hispanic", "layers": "escort",
        "nationality": "unknown", "compare": "overlap", "versus": "all",
    },
    "one period twice, and several": {
        "period": "2014,2015", "versus": "2014", "compare": "periods", "where": "MX",
        "layers": "cantina", "level": "h3_3", "measure": "rate", "place": "US-WY",
        "view": "-85,-200,10", "by": "all",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    """Application that the tests of this file share: a run ends with a mended address."""
    return cache(lambda: AppTest.from_file(str(sample.ROOT / "app.py"), default_timeout=30).run())


@pytest.fixture(autouse=True)
def folder(releases, monkeypatch):
    monkeypatch.setenv("MOSAICO_RELEASES", str(releases))
    monkeypatch.chdir(sample.ROOT)


@pytest.mark.parametrize(("page", "kind", "lang"), CASES)
def test_every_parameter_falls_back_on_every_page_and_each_is_told(opened, page, kind, lang):
    bad = {NAMES.get(part, part): BAD[kind] for part in PARTS}
    given = bad | ({"lang": lang} if lang else {})
    t = texts(lang or "en")
    shown = turned(opened(), page, **given)
    told = [one.value for one in shown.warning]
    assert not [*shown.exception, *shown.error]
    expected = [part for part in PARTS if part != "lang" or not lang]
    assert sorted(told) == sorted(t("problem.address", part=t(f"part.{part}")) for part in expected)
    assert BAD[kind] not in said(shown)
    assert dict(shown.query_params) in ({}, {"lang": lang}, {"lang": [lang]})


@pytest.mark.parametrize("page", NAMED)
@pytest.mark.parametrize("combination", UNPUBLISHED)
def test_codes_that_are_not_published_together_never_fail(opened, page, combination, as_staff):
    shown = turned(opened(), page, **UNPUBLISHED[combination])
    assert not [*shown.exception, *shown.error]
    assert texts("en")("caveat") in said(shown)


@pytest.mark.parametrize("part", [part for part in PARTS if part != "lang"])
def test_a_bad_parameter_alone_leaves_the_others(opened, part):
    name = NAMES.get(part, part)
    good = {"lang": "es", "place": "US-TX", "level": "state"}
    good.pop(name, None)
    shown = turned(opened(), "map", **good, **{name: "zz"})
    t = texts("es")
    assert [one.value for one in shown.warning] == [t("problem.address", part=t(f"part.{part}"))]
    assert set(dict(shown.query_params)) == set(good)


def test_a_parameter_that_no_page_knows_is_passed_over(opened):
    shown = turned(opened(), "map", evil="<script>", release="little")
    assert not [*shown.exception, *shown.warning]
    assert "<script>" not in said(shown)

"""Every page in both languages on every kind of release: no error, and a reason for what lacks.

Each release and language is opened once, and its pages are turned.
"""

from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import PAGES, said
from tests.ui import sample
from ui.i18n import texts

RELEASES = ("national", "staff", "empty", "hidden", "one-state")

# What a page says where a release has nothing for it, and how the keys of the buttons begin
# that lead on: where a page has none, its other charts or its text stand beside the reason.
REASONS = {
    ("staff", "corridors"): ("corridors.not_released", "other-"),
    ("staff", "people"): ("people.not_released", ""),
    ("empty", "map"): ("notice.nothing", "other-"),
    ("empty", "present"): ("notice.nothing", "other-"),
    ("empty", "compare"): ("notice.nothing", "other-"),
    ("empty", "trends"): ("trends.nothing", "other-"),
    ("empty", "corridors"): ("corridors.nothing", "other-"),
    ("empty", "people"): ("people.nothing", ""),
    ("empty", "venues"): ("venues.no_states", ""),
    ("hidden", "compare"): ("notice.nothing", "other-"),
    ("hidden", "trends"): ("trends.nothing", "near-"),
    ("hidden", "corridors"): ("corridors.nothing", "other-"),
    ("hidden", "people"): ("people.nothing", ""),
    ("hidden", "venues"): ("venues.no_states", ""),
}


@pytest.fixture(scope="module")
def edges(tmp_path_factory):
    root = tmp_path_factory.mktemp("matrix")
    return sample.write_edges(sample.write_all(root))


@pytest.fixture(scope="module")
def opened():
    """Application of a release in a language, opened once."""
    return cache(_opened)


def _opened(release: str, lang: str) -> AppTest:
    tested = AppTest.from_file(str(sample.ROOT / "app.py"), default_timeout=30)
    for name, value in {"release": release, "lang": lang}.items():
        tested.query_params[name] = value
    return tested.run()


def turned(app: AppTest, page: str, **params: str) -> AppTest:
    """Application at another page, with the address that is given."""
    app.switch_page(f"pages/{page}.py")
    for name in dict(app.query_params):
        del app.query_params[name]
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def reason(lang: str, key: str) -> str:
    """What a text says before the first word that depends on the choice."""
    return texts(lang).words[key].partition("{")[0]


@pytest.mark.parametrize("page", [path.stem for path in PAGES])
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("release", RELEASES)
def test_every_page_of_every_release_shows_something_or_says_why_not(
    edges, opened, monkeypatch, release, lang, page, as_staff
):
    monkeypatch.setenv("MOSAICO_RELEASES", str(edges))
    monkeypatch.chdir(sample.ROOT)
    shown = turned(opened(release, lang), page, release=release, lang=lang)
    assert not [*shown.exception, *shown.error, *shown.warning]
    assert texts(lang)("caveat") in said(shown)
    assert sample.manifest(release)["citation"][lang] in said(shown)
    key, leads = REASONS.get((release, page), ("", ""))
    if key:
        assert reason(lang, key) in said(shown)
        assert not leads or [one for one in shown.button if one.key.startswith(leads)]


def test_a_release_with_nothing_says_so_on_each_page_that_shows_its_counts():
    silent = {"privacy", "published", "help"}
    told = {page for release, page in REASONS if release == "empty"}
    assert told == {path.stem for path in PAGES} - silent


@pytest.mark.parametrize("page", ["map", "compare", "trends"])
def test_the_way_on_from_an_empty_release_leads_to_one_that_shows_something(
    edges, opened, monkeypatch, page
):
    monkeypatch.setenv("MOSAICO_RELEASES", str(edges))
    monkeypatch.chdir(sample.ROOT)
    shown = turned(opened("empty", "en"), page, release="empty")
    shown.button(key="other-0").click().run()
    assert not shown.exception
    assert sample.manifest("national")["citation"]["en"] in said(shown)
    assert not [one for one in shown.button if one.key.startswith("other-")]

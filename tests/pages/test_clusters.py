"""Clusters of reports as a switch: in the address, kept from page to page, told in words."""

import pytest

from tests.pages.test_filter import param
from tests.pages.test_pages import said
from tests.ui import sample
from ui.i18n import texts


@pytest.fixture
def demonstration(app, monkeypatch):
    """Application on the committed releases."""
    monkeypatch.setenv("MOSAICO_RELEASES", str(sample.ROOT / "data" / "aggregates"))
    return app


def switch(shown):
    return shown.toggle(key="clusters")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_clusters_are_off_until_they_are_turned_on_and_off_again(demonstration, lang):
    t = texts(lang)
    told = t("clusters.states")
    shown = demonstration(lang=lang, layers="all", level="state")
    assert (switch(shown).value, switch(shown).label) == (False, t("filter.clusters"))
    assert told not in said(shown)
    switch(shown).set_value(True).run()
    assert param(shown, "clusters") == "on"
    assert told in said(shown)
    switch(shown).set_value(False).run()
    assert param(shown, "clusters") is None
    assert told not in said(shown)


def test_an_address_with_clusters_opens_with_them(demonstration):
    shown = demonstration(layers="all", level="state", clusters="on")
    assert switch(shown).value is True
    assert "9,999 permutations" in said(shown)


def test_another_filter_keeps_them(demonstration):
    shown = demonstration(layers="all", level="state", clusters="on")
    shown.selectbox(key="nationality").set_value("MX").run()
    assert (param(shown, "clusters"), switch(shown).value) == ("on", True)


def test_a_tampered_switch_falls_back_and_is_told(app):
    shown = app(clusters="<b>")
    assert not shown.exception
    assert len(shown.warning) == 1
    assert switch(shown).value is False


@pytest.mark.parametrize("lang", ["en", "es"])
def test_too_few_places_are_a_reason_in_words(demonstration, lang):
    t = texts(lang)
    shown = demonstration(lang=lang, release="demo-sheet", layers="all", clusters="on")
    assert t("clusters.few_places", least=30, places=12) in said(shown)
    assert t("clusters.states") not in said(shown)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_release_that_nobody_has_looked_into_says_so(app, lang):
    assert texts(lang)("clusters.missing") in said(app(lang=lang, clusters="on"))


def test_the_room_sees_the_clusters_of_the_link(demonstration):
    shown = demonstration("present", layers="all", level="state", clusters="on")
    assert not shown.exception
    assert "9,999 permutations" in said(shown)


def test_a_page_without_clusters_shows_none_and_keeps_the_address(demonstration):
    shown = demonstration("compare", layers="all", clusters="on")
    assert not shown.exception
    assert "9,999 permutations" not in said(shown)
    assert param(shown, "clusters") == "on"

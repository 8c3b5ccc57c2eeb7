"""People and methods: every chart, its unit, the country switch, and releases without any."""

import pytest

from tests.pages.test_pages import said
from ui import profiles
from ui.i18n import texts


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_profile_has_its_title_and_says_what_is_not_published(app, lang):
    shown = app("people", lang=lang)
    t = texts(lang)
    assert not shown.exception
    for name in profiles.PROFILES:
        assert t(f"people.title.{name}") in said(shown)
    assert t("people.nothing", k=11) in said(shown)
    assert t("people.source_split") in said(shown)


def test_the_country_goes_into_the_address_and_back(app):
    shown = app("people")
    assert "**1,790** reported cases" in said(shown)
    shown.button_group(key="country").set_value("MX").run()
    assert dict(shown.query_params)["country"] in ("MX", ["MX"])
    assert "**400** reported cases" in said(shown)
    shown.button_group(key="country").set_value("all").run()
    assert "country" not in dict(shown.query_params)


def test_the_address_opens_the_country_it_says(app):
    assert "**1,390** reported cases" in said(app("people", country="US"))


def test_a_country_that_is_none_falls_back_and_is_told(app):
    shown = app("map", country="<script>")
    assert [one.value for one in shown.warning] == [
        "The address named a country that this release does not have. "
        "The usual one is shown instead."
    ]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_release_without_profiles_says_so_in_each_chart(app, as_staff, lang):
    shown = app("people", release="staff", lang=lang)
    assert not shown.exception
    assert said(shown).count(texts(lang)("people.not_released")) == 7


def test_how_many_are_known_is_told_for_each_chart(app):
    shown = said(app("people"))
    assert shown.count("Known in **90\u00a0%** of reported cases") == 2  # gender, nationality
    assert "In how many reported cases it is known: not published" in shown

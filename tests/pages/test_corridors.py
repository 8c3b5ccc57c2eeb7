"""Corridors: country and state, releases without any, and where the reader may go from there."""

import pytest

from tests.pages.test_pages import said
from ui.i18n import texts


@pytest.mark.parametrize("lang", ["en", "es"])
def test_corridors_are_shown_with_points_of_entry_told_to_be_missing(app, lang):
    shown = app("corridors", lang=lang)
    t = texts(lang)
    assert not shown.exception
    assert t("corridors.several") in said(shown)
    assert t("corridors.entries_none") in said(shown)
    assert t("corridors.needed", k=11) not in said(shown)


def test_a_state_goes_into_the_address_and_back(app):
    shown = app("corridors")
    shown.selectbox(key="corridor-state").set_value("US-TX").run()
    assert dict(shown.query_params)["place"] in ("US-TX", ["US-TX"])
    shown.selectbox(key="corridor-state").set_value("").run()
    assert "place" not in dict(shown.query_params)


def test_a_country_goes_into_the_address(app):
    shown = app("corridors")
    shown.button_group(key="country").set_value("MX").run()
    assert dict(shown.query_params)["country"] in ("MX", ["MX"])
    assert not shown.info


def test_only_states_with_a_corridor_may_be_chosen(app):
    options = app("corridors").selectbox(key="corridor-state").options
    assert options == ["All states", "Chihuahua", "Mexico City", "New York", "Texas", "Tlaxcala"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_release_without_corridors_says_why_and_leads_to_those_that_have_some(
    app, as_staff, lang
):
    shown = app("corridors", release="staff", lang=lang)
    t = texts(lang)
    assert not shown.exception
    assert t("corridors.not_released") in said(shown)
    assert t("corridors.needed", k=11) in said(shown)
    shown.button(key="other-national").click().run()
    assert "release" not in dict(shown.query_params)
    assert t("corridors.several") in said(shown)


def test_without_any_corridors_the_map_and_the_methods_are_named(app, as_staff, monkeypatch):
    run = app
    monkeypatch.setattr("ui.parts.corridors._has", lambda one: False)
    shown = run("corridors", release="staff")
    assert texts("en")("corridors.nowhere") in said(shown)
    assert not [one for one in shown.button if one.key.startswith("other-")]

"""Present: the view of the address for a room, and what changes when its keys are pressed."""

from dataclasses import replace

import pytest

from tests.pages.test_pages import said
from ui import present
from ui.choice import Choice, Offered
from ui.i18n import texts

OFFERED = Offered(("one",), ("all", "cantina", "escort"), ("cantina",))
CHOICE = Choice("en", "one", ("cantina",), period="2015")


@pytest.mark.parametrize(
    ("layers", "step", "expected"),
    [
        (("cantina",), "next", "escort"),
        (("cantina",), "previous", "all"),
        (("escort",), "next", "all"),
        (("all",), "previous", "escort"),
        (("cantina", "escort"), "next", "all"),
        (("cantina", "escort"), "previous", "escort"),
    ],
)
def test_a_step_leads_to_the_layer_beside_and_keeps_the_rest(layers, step, expected):
    choice = replace(CHOICE, layers=layers)
    assert present.stepped(choice, OFFERED, step) == replace(CHOICE, layers=(expected,))


@pytest.mark.parametrize("step", [None, "", "<script>", "2"])
def test_a_step_that_is_none_changes_nothing(step):
    assert present.stepped(CHOICE, OFFERED, step) == CHOICE


@pytest.mark.parametrize("lang", ["en", "es"])
def test_it_shows_the_view_of_the_address_without_filters(app, lang):
    shown = app("present", lang=lang, layers="cantina", period="2015")
    t = texts(lang)
    assert shown.title[0].value == t("map.question")
    assert f"{t('layer.cantina')} · " in said(shown)
    assert "2015" in said(shown)
    assert t("caveat") in said(shown)
    assert not [*shown.selectbox, *shown.multiselect, *shown.button_group]
    assert not shown.exception


def test_a_view_that_is_not_released_says_why(app):
    shown = app("present", level="h3_3", period="2015", nationality="HN")
    assert shown.button(key="near-0")
    assert not shown.exception


def test_a_tampered_address_falls_back_and_is_told(app):
    shown = app("present", layers="<script>")
    assert not shown.exception
    assert "<script>" not in said(shown)

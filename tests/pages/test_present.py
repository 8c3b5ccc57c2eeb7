"""Present: the view of the address for a room, and what changes when its keys are pressed."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.pages.test_pages import said
from ui import maps, present
from ui.choice import Choice, Offered
from ui.i18n import texts
from ui.lookup import Layer

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


def test_a_room_reads_how_many_have_no_place_and_is_sent_to_no_table():
    en = texts("en")
    known = pd.Series({"US-unknown": 1610, "MX-unknown": 27})
    nothing, some = pd.Series(dtype=int), pd.Series({"US-unknown": 12})
    whole = Layer("cantina", {}, nothing, known)
    partly = Layer("escort", {}, nothing, nothing, Layer("escort", {}, nothing, some))
    hidden = Layer("escort", {}, nothing, nothing)

    def told(*layers):
        return present.unplaced(SimpleNamespace(layers=layers), en)

    assert told(whole) == "Place not known: United States 1,610, Mexico 27"
    assert told(hidden) == f"Place not known: {en('rank.hidden')}"
    assert told(whole, partly) == (
        "Place not known: Cantinas: United States 1,610, Mexico 27; "
        "Escort/delivery services: United States at least 12"
    )


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_legend_of_a_room_names_neither_tooltip_nor_table(lang):
    t = texts(lang)
    marks = [
        {"kind": kind, "text": t(f"mark.{kind}", least=20)} for kind in ("too_few", "unplaced")
    ]
    shown = maps.alone({"marks": marks}, {"unplaced": "97"}, t)["marks"]
    assert [one["text"] for one in shown] == [t("mark.alone.too_few", least=20), "97"]


def test_a_view_that_is_not_released_says_why(app):
    shown = app("present", level="h3_3", period="2015", nationality="HN")
    assert shown.button(key="near-0")
    assert not shown.exception


def test_a_tampered_address_falls_back_and_is_told(app):
    shown = app("present", layers="<script>")
    assert not shown.exception
    assert "<script>" not in said(shown)

"""The page that compares: what changes when a reader acts, in both languages."""

import pytest

from tests.pages.test_pages import said
from ui.i18n import texts

MODES = ("layers", "periods", "overlap")


def param(shown, name: str) -> str:
    """One part of the address; ``""`` where it is left out."""
    value = dict(shown.query_params).get(name, "")
    return value[0] if isinstance(value, list) else value


def lists(shown) -> set[str]:
    """Keys of the lists of the page, but for the release."""
    return {box.key for box in shown.selectbox} - {"release"}


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("mode", MODES)
def test_every_way_to_compare_runs_in_both_languages(app, mode, lang):
    shown = app("compare", compare=mode, lang=lang)
    t = texts(lang)
    assert not shown.exception
    assert shown.title[0].value == t("compare.question")
    assert t(f"compare.note.{mode}") in said(shown)
    assert t("caveat") in said(shown)


@pytest.mark.parametrize(
    ("mode", "controls"),
    [
        ("layers", {"level", "period", "nationality", "trafficking_type"}),
        ("periods", {"layer", "earlier", "later", "level", "nationality", "trafficking_type"}),
        ("overlap", {"period", "nationality", "trafficking_type"}),
    ],
)
def test_the_way_to_compare_goes_into_the_address_and_brings_its_filters(app, mode, controls):
    shown = app("compare", compare="periods" if mode == "layers" else "layers")
    shown.segmented_control(key="compare").set_value(mode).run()
    assert not shown.exception
    assert param(shown, "compare") == ("" if mode == "layers" else mode)
    assert lists(shown) == controls


def test_a_way_to_compare_taken_back_stays(app):
    shown = app("compare", compare="overlap")
    shown.segmented_control(key="compare").set_value(None).run()
    assert param(shown, "compare") == "overlap"


def test_the_layer_of_two_periods_goes_into_the_address(app):
    shown = app("compare", compare="periods")
    shown.selectbox(key="layer").set_value("cantina").run()
    assert param(shown, "layers") == "cantina"
    assert "reported cases rose from **214** in 2014 to **322** in 2015." in said(shown)


def test_both_periods_go_into_the_address(app):
    shown = app("compare", compare="periods")
    assert [shown.selectbox(key=key).value for key in ("earlier", "later")] == ["2014", "2015"]
    shown.selectbox(key="earlier").set_value("all").run()
    assert (param(shown, "period"), param(shown, "versus")) == ("", "2015")
    shown.selectbox(key="later").set_value("2014").run()
    assert (param(shown, "period"), param(shown, "versus")) == ("", "2014")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_total_against_one_of_its_years_is_refused_with_the_reason(app, lang):
    shown = app("compare", compare="periods", versus="2015", lang=lang)
    why = texts(lang)("compare.refused.overlap", first="2014–2015", second="2015")
    assert not shown.exception
    assert why in said(shown)
    assert "rose" not in said(shown)


def test_a_refusal_ends_with_another_period(app):
    shown = app("compare", compare="periods", period="2015", versus="2015")
    assert texts("en")("compare.refused.same", first="2015", second="2015") in said(shown)
    shown.selectbox(key="earlier").set_value("2014").run()
    assert "**The same period twice" not in said(shown)
    assert "rose from" in said(shown)


def test_a_filter_of_each_way_goes_into_the_address(app):
    for mode, name, value in (
        ("layers", "period", "2015"),
        ("layers", "level", "state"),
        ("periods", "nationality", "MX"),
        ("overlap", "trafficking_type", "sex"),
    ):
        shown = app("compare", compare=mode)
        shown.selectbox(key=name).set_value(value).run()
        assert param(shown, {"trafficking_type": "type"}.get(name, name)) == value
        assert not shown.exception


@pytest.mark.parametrize("mode", MODES)
def test_a_combination_not_released_is_said_and_its_button_leads_out(app, mode):
    shown = app(
        "compare", compare=mode, period="2014", versus="2015", nationality="HN", type="sex",
        level="state",
    )  # fmt: skip
    assert "together are not released" in said(shown)
    shown.button(key="near-0").click().run()
    assert not shown.exception
    assert "together are not released" not in said(shown)
    assert param(shown, "versus") == "2015"


def test_an_opened_place_tells_its_change_and_closes(app):
    shown = app("compare", compare="periods", layers="cantina", place="US-TX")
    assert shown.header[0].value == "Texas"
    assert "Reported cases rose from **48** in 2014 to **72** in 2015." in said(shown)
    shown.button(key="close").click().run()
    assert param(shown, "place") == ""


def test_an_opened_place_of_an_overlap_tells_both_layers(app):
    shown = app("compare", compare="overlap", place="US-WA")
    assert "Residential brothels: **16 reported cases**" in said(shown)
    assert "Escort/delivery services: **not published**" in said(shown)


def test_the_overlap_says_that_low_visibility_is_an_undercount(app):
    assert "mean an undercount" in said(app("compare", compare="overlap"))


def test_a_tampered_address_falls_back_is_told_and_is_mended(app):
    shown = app("compare", compare="<script>", versus="1999", period="x")
    assert not shown.exception
    assert "<script>" not in said(shown)
    assert {param(shown, name) for name in ("compare", "versus", "period")} == {""}


def test_another_release_keeps_the_way_to_compare(app):
    shown = app("compare", compare="periods", period="2014", versus="2015")
    shown.selectbox(key="release").set_value("little").run()
    assert not shown.exception
    assert (param(shown, "compare"), param(shown, "versus")) == ("periods", "2015")

"""Trends page: what changes when a reader acts, and addresses that were tampered with."""

import pytest

from tests.pages.test_pages import said
from ui.i18n import texts


@pytest.mark.parametrize("lang", ["en", "es"])
def test_it_opens_by_venue_and_year_with_its_table(app, lang):
    shown = app("trends", lang=lang)
    t = texts(lang)
    assert t("trends.view.venue") in said(shown)
    assert shown.table[0].value.index.tolist() == ["2014", "2015"]
    assert t("layer.cantina") in shown.table[0].value.columns
    assert t("trends.note.venue") in said(shown)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("by", ["nationality", "trafficking_type", "all"])
def test_another_dimension_goes_into_the_address(app, lang, by):
    shown = app("trends", lang=lang)
    shown.button_group(key="by").set_value(by).run()
    assert shown.query_params["by"] in (by, [by])
    assert texts(lang)(f"trends.view.{by}") in said(shown)
    assert not shown.exception


def test_a_state_goes_into_the_address_and_its_hidden_years_are_marked(app):
    shown = app("trends")
    shown.selectbox(key="where").set_value("US-AZ").run()
    assert shown.query_params["where"] in ("US-AZ", ["US-AZ"])
    assert shown.table[0].value["Cantinas"].tolist() == ["not published", "16"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_quarters_that_are_not_released_are_refused_with_the_nearest(app, lang):
    shown = app("trends", lang=lang)
    shown.button_group(key="grain").set_value("quarter").run()
    assert not shown.table
    assert texts(lang)("trends.of.venue") in said(shown)
    shown.button(key="near-0").click().run()
    assert "grain" not in shown.query_params
    assert shown.table


def test_all_series_are_small_multiples(app):
    shown = app("trends", series="every")
    assert len(shown.table[0].value.columns) == 4
    assert not shown.exception


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("grain", "month"), ("by", "period"), ("where", "US-XX"), ("series", "<script>"),
     ("where", "US-TX/84446cfffffffff")],
)  # fmt: skip
def test_a_tampered_address_falls_back_and_is_told(app, lang, name, text):
    shown = app("map", lang=lang, **{name: text})
    assert not shown.exception
    assert texts(lang)(f"part.{name}") in said(shown)
    assert "<script>" not in said(shown)
    assert name not in shown.query_params


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_filter_of_the_map_is_said_and_why_it_is_left_out(app, lang):
    t = texts(lang)
    shown = app("trends", lang=lang, layers="cantina", nationality="HN", by="nationality")
    assert t("trends.asked.apart", dims=t("trends.of.venue")) in said(shown)
    assert t("trends.view.nationality") in said(shown)
    plain = app("trends", lang=lang, layers="cantina")
    assert t("trends.asked.apart", dims=t("trends.of.venue")) not in said(plain)
    assert not shown.exception

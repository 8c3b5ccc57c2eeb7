"""Pages: each in both languages, and what changes when a reader acts."""

import ast
import sys

import pytest

from tests.ui import sample
from ui.i18n import texts

PAGES = sorted((sample.ROOT / "pages").glob("*.py"))
UNSEEN = ("ingest", "places", "cube", "protect", "build", "demo", "mapping", "policy")


def said(app) -> str:
    parts = [
        *app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.warning,
        *app.error,
    ]  # fmt: skip
    return "\n".join(part.value for part in parts)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("page", [path.stem for path in PAGES])
def test_every_page_runs_in_both_languages_with_caveat_and_help(app, page, lang):
    shown = app(page, lang=lang)
    t = texts(lang)
    assert not shown.exception
    assert t("caveat") in said(shown)
    assert "1-888-373-7888" in said(shown)
    assert t("banner.synthetic") in said(shown)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_holds_no_function_no_arithmetic_and_few_lines(path):
    text = path.read_text(encoding="utf-8")
    found = {type(node) for node in ast.walk(ast.parse(text))}
    assert not found & {ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.BinOp}
    assert 15 <= len(text.splitlines()) <= 50


def test_the_pages_reach_nothing_that_has_seen_a_case(app, monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("ui", "geo."))]:
        monkeypatch.delitem(sys.modules, name)
    for name in UNSEEN:
        monkeypatch.setitem(sys.modules, f"geo.{name}", None)
    assert not app().exception


def test_the_map_opens_on_the_first_layer(app):
    shown = app()
    assert "Residential brothels · reported cases · 2014–2015" in said(shown)


def test_a_filter_goes_into_the_address_and_the_sentence(app):
    shown = app()
    shown.multiselect(key="period").set_value(["2015"]).run()
    assert dict(shown.query_params)["period"] in ("2015", ["2015"])
    assert "Residential brothels · reported cases · 2015" in said(shown)


def test_the_address_opens_the_view_it_says(app):
    shown = app(layers="cantina", period="2014", nationality="MX", level="state")
    assert "Cantinas · reported cases · 2014 · Mexico" in said(shown)
    assert shown.selectbox(key="level").value == "state"


def test_a_filter_taken_back_leaves_the_address(app):
    shown = app(period="2015")
    shown.multiselect(key="period").set_value([]).run()
    assert "period" not in dict(shown.query_params)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_combination_not_released_is_said_with_the_nearest(app, lang):
    shown = app(lang=lang, level="h3_3", period="2015", nationality="HN")
    t = texts(lang)
    assert t("filter.nationality") in said(shown)
    assert shown.button(key="near-0").label.lower() == t("step.nationality")
    shown.button(key="near-0").click().run()
    assert "nationality" not in dict(shown.query_params)
    assert not [button for button in shown.button if button.key == "near-0"]


def test_a_view_without_a_published_place_says_so(app):
    shown = app(release="little", layers="escort", nationality="unknown", level="state")
    assert "**No place has a count that may be shown for this choice.**" in said(shown)


def test_a_tampered_address_falls_back_is_told_once_and_is_mended(app):
    shown = app(period="1999", type="<script>")
    assert len(shown.warning) == 2
    assert "<script>" not in said(shown)
    assert "period" not in dict(shown.query_params)
    shown.run()
    assert not shown.warning


def test_an_opened_place_shows_its_numbers_and_closes(app):
    shown = app(place="US-TX", layers="cantina")
    assert shown.header[0].value == "Texas"
    assert "Cantinas: **120 reported cases**" in said(shown)
    shown.button(key="close").click().run()
    assert "place" not in dict(shown.query_params)
    assert not shown.header


def test_a_measure_goes_into_the_address_and_draws_states(app):
    shown = app(place="US-TX", layers="cantina")
    assert shown.selectbox(key="measure").value == "count"
    shown.selectbox(key="measure").set_value("rate").run()
    assert dict(shown.query_params)["measure"] in ("rate", ["rate"])
    assert shown.selectbox(key="measure").value == "rate"
    assert not shown.exception
    shown.selectbox(key="measure").set_value("count").run()
    assert shown.selectbox(key="measure").value == "count"


def test_states_open_with_rates_and_a_place_tells_its_interval(app):
    shown = app(place="US-TX", layers="cantina", level="state")
    assert shown.selectbox(key="measure").value == "rate"
    assert "0.21 per 100,000 residents and year (95% interval 0.17–0.25)" in said(shown)


def test_hexagons_offer_counts_alone(app):
    shown = app(level="h3_3", measure="rate")
    assert shown.selectbox(key="measure").disabled
    assert shown.selectbox(key="measure").value == "count"


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"level": "h3_3"}, "measure.hexagons"),
        ({"level": "state", "period": "2014,2015"}, "measure.periods"),
    ],
)
def test_why_only_counts_are_offered_stands_beside_the_control(app, lang, asked, reason):
    shown = app(lang=lang, **asked)
    assert texts(lang)(reason) in [caption.value for caption in shown.caption]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_where_rates_are_offered_no_reason_stands_beside_the_control(app, lang):
    shown = app(lang=lang, level="state")
    reasons = {texts(lang)("measure.hexagons"), texts(lang)("measure.periods")}
    assert not reasons & {caption.value for caption in shown.caption}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_privacy_page_names_the_denominators_with_year_and_source(app, lang):
    shown = app("privacy", lang=lang)
    table = shown.table[0].value
    assert texts(lang)("denominators.title") in said(shown)
    assert table[texts(lang)("denominators.year")].tolist() == ["2020", "2020", "2020"]


def test_an_opened_place_that_is_hidden_is_not_zero(app):
    shown = app(place="US-WA", layers="escort")
    assert "Escort/delivery services: **not published**" in said(shown)


def test_a_layer_whose_total_is_hidden_is_told_and_not_left_out(app):
    shown = app(release="little", layers="escort", nationality="unknown", level="state")
    assert "Escort/delivery services: total not published" in said(shown)


def test_a_view_that_is_not_released_says_nothing_of_totals(app):
    shown = app(layers="escort", nationality="HN", period="2014", type="sex", level="state")
    assert "total not published" not in said(shown)


def test_another_release_keeps_what_it_has_and_drops_the_place(app):
    shown = app(place="US-TX", layers="cantina", period="2015")
    shown.selectbox(key="release").set_value("little").run()
    params = dict(shown.query_params)
    assert set(params) == {"release", "layers", "period"}


def test_a_release_that_is_not_public_says_so(app, as_staff):
    assert texts("en")("banner.private") in said(app(release="staff"))


def test_the_privacy_page_shows_the_receipt_in_the_language(app):
    assert "Comprobante de privacidad" in said(app("privacy", lang="es"))
    assert "Privacy receipt" in said(app("privacy"))


def test_without_a_release_the_app_says_so(app, tmp_path, monkeypatch):
    run = app
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    assert texts("en")("none.intro") in said(run())

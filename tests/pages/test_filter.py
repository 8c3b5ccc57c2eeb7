"""The filter that teaches: several periods, what is not released, places found by name."""

from types import SimpleNamespace

import pytest

from geo import release
from tests.pages.test_pages import said
from tests.ui import sample
from ui import lookup, state
from ui.choice import parse
from ui.i18n import texts


def param(app, name: str) -> str | None:
    value = dict(app.query_params).get(name)
    return value[0] if isinstance(value, list) else value


def near(app) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("near-")]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_several_years_go_into_the_address_the_sentence_and_an_explanation(app, lang):
    t = texts(lang)
    shown = app(lang=lang, layers="cantina", level="state")
    shown.multiselect(key="period").set_value(["2015", "2014"]).run()
    years = f"2014 {t('and')} 2015"
    assert param(shown, "period") == "2014,2015"
    assert years in said(shown)
    assert t("notice.summed", periods=years) in said(shown)
    assert t("notice.least") in said(shown)


def test_one_year_alone_explains_nothing(app):
    t = texts("en")
    shown = app(layers="cantina", level="state", period="2015")
    assert t("notice.least") not in said(shown)


def test_the_total_takes_the_place_of_the_years(app):
    shown = app(period="2014,2015")
    assert shown.multiselect(key="period").value == ["2014", "2015"]
    shown.multiselect(key="period").set_value(["2014", "2015", "all"]).run()
    assert param(shown, "period") is None
    assert shown.multiselect(key="period").value == []


def test_a_year_taken_back_leaves_the_other(app):
    shown = app(period="2014,2015")
    shown.multiselect(key="period").set_value(["2015"]).run()
    assert param(shown, "period") == "2015"


@pytest.mark.parametrize("period", ["2014,1999", "all,2014", "2014,<script>", ","])
def test_years_that_cannot_be_taken_together_fall_back_and_are_told(app, period):
    shown = app(period=period)
    assert not shown.exception
    assert len(shown.warning) == 1
    assert "<script>" not in said(shown)
    assert param(shown, "period") is None


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_place_with_a_hidden_year_says_at_least_and_which_years(app, lang):
    t = texts(lang)
    shown = app(lang=lang, layers="cantina", level="state", period="2014,2015", place="US-AZ")
    unit = {"en": "reported cases", "es": "casos reportados"}[lang]
    assert t("place.least", count=16, unit=unit) in said(shown)
    assert t("place.some", known="2015", hidden="2014") in said(shown)


def test_a_place_in_a_view_not_released_is_not_called_hidden(app):
    shown = app(layers="cantina", level="state", period="2015", nationality="MX", place="US-TX")
    assert "Cantinas: **not released as a view**" in said(shown)


def test_a_place_with_all_its_years_says_their_sum(app):
    shown = app(layers="cantina", period="2014,2015", place="US-TX")
    assert "Cantinas: **120 reported cases**" in said(shown)


def test_a_place_without_a_published_year_is_not_published(app):
    shown = app(layers="escort", period="2014,2015", place="US-WA")
    assert "Escort/delivery services: **not published**" in said(shown)


def test_a_total_of_some_years_says_at_least(app):
    """Mexico has 8 of 2014, which are hidden, and 12 of 2015."""
    shown = app(release="little", layers="escort", period="2014,2015", level="state")
    assert "United States 68 · Mexico at least 12" in said(shown)


def test_another_page_shows_the_total_says_so_and_keeps_the_years(app):
    t = texts("en")
    shown = app("privacy", period="2014,2015")
    assert t("period.elsewhere", period="2014–2015") in said(shown)
    assert param(shown, "period") == "2014,2015"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_is_not_released_is_named_with_its_reason_and_ways_on(app, lang):
    t = texts(lang)
    shown = app(lang=lang, level="h3_4", period="2014,2015", nationality="MX", layers="all")
    asked = next(line.value for line in shown.markdown if t("level.h3_4") in line.value)
    assert asked.startswith(t("notice.asked", view="").rstrip("*"))
    assert f"2014 {t('and')} 2015" in asked
    assert t("notice.nearest") in said(shown)
    assert near(shown)
    shown.button(key="near-0").click().run()
    assert not near(shown)
    assert not shown.exception


def test_every_way_on_leads_to_a_view_that_shows_something(app):
    refused = {"level": "h3_4", "period": "2014,2015", "nationality": "MX", "type": "sex",
               "layers": "cantina,escort"}  # fmt: skip
    labels = near(app(**refused))
    assert len(labels) == 3
    for number in range(len(labels)):
        shown = app(**refused)
        shown.button(key=f"near-{number}").click().run()
        assert not shown.exception
        assert not near(shown), labels[number]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_one_layer_of_several_that_lacks_is_named(app, lang):
    t = texts(lang)
    shown = app(lang=lang, layers="all,cantina", level="h3_4", period="2015")
    reason = [line.value for line in shown.markdown if line.value.startswith(t("layer.cantina"))]
    assert any(t("filter.venue") in line for line in reason)
    labels = [label.lower() for label in near(shown)]
    assert t("step.fewer", layers=t("layer.cantina")).lower() in labels


def test_a_layer_left_out_by_its_button_leaves_the_other(app):
    shown = app(layers="all,cantina", level="h3_4", period="2015")
    number = [label.startswith("Leave out") for label in near(shown)].index(True)
    shown.button(key=f"near-{number}").click().run()
    assert param(shown, "layers") == "all"
    assert not near(shown)


def test_levels_that_one_layer_lacks_are_told_of_that_layer_only(app):
    shown = app(layers="all,cantina", period="2015")
    told = [line.value for line in shown.caption if line.value.startswith("Cantinas: Small hex")]
    assert len(told) == 1
    assert not near(shown)


@pytest.mark.parametrize("others", [True, False])
def test_a_release_that_shows_no_place_leads_to_another(app, tmp_path, monkeypatch, others):
    sample.write(tmp_path, "nothing", scale=0.01)
    if others:
        sample.write(tmp_path, "full")
    run = app
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    shown = run(release="nothing", layers="all")
    t = texts("en")
    assert t("notice.elsewhere" if others else "notice.alone") in said(shown)
    assert not near(shown)
    if others:
        shown.button(key="other-0").click().run()
        assert param(shown, "release") is None
        assert t("notice.elsewhere") not in said(shown)


@pytest.fixture
def session(monkeypatch, source):
    """State outside a run: an address that can be read and a field that was used."""
    params = SimpleNamespace(values={})
    params.to_dict = lambda: dict(params.values)
    params.from_dict = lambda values: setattr(params, "values", values)
    kept = {}
    monkeypatch.setattr(state, "st", SimpleNamespace(query_params=params, session_state=kept))
    return SimpleNamespace(params=params, kept=kept)


@pytest.fixture(scope="session")
def source(releases):
    return lookup.opened(release.read(releases / "national"), ("national", "little", "staff"))


def looked_for(session, source, wanted):
    choice, _ = parse(session.params.values, source.offered)
    page = state.Page(source, choice, texts("en"), (), several=True)
    session.kept["find"] = {"picked": wanted}
    state.find(page, lookup.shown(source, choice), "find")


def test_a_place_found_by_name_opens_and_the_map_is_told_to_move(session, source):
    session.params.values = {"period": "2014,2015", "view": "31,-97,6"}
    looked_for(session, source, "MX-CHH")
    assert session.params.values == {"period": "2014,2015", "view": "31,-97,6", "place": "MX-CHH"}
    assert state.sought() == 1
    looked_for(session, source, "MX-CHH")
    assert state.sought() == 2


@pytest.mark.parametrize("wanted", [None, "", "US-XX", "city-999"])
def test_a_name_that_is_no_place_changes_nothing(session, source, wanted):
    looked_for(session, source, wanted)
    assert (session.params.values, state.sought()) == ({}, 0)

"""Places found by name: areas only."""

from dataclasses import replace

import pytest

from tests.ui import sample
from ui import lookup, search
from ui.choice import Choice
from ui.i18n import texts

OPENING = Choice("en", "national", ("residential_brothel",))


def found(name: str, lang: str) -> list[dict]:
    return [one for one in search.options(texts(lang)) if one["name"] == name]


def city(name: str) -> str:
    return next(one["id"] for one in found(name, "en") if one["id"].startswith(search.CITY))


def test_every_state_of_both_countries_is_found_in_the_language(t):
    states = [one for one in search.options(t) if not one["id"].startswith(search.CITY)]
    assert len(states) == 84
    assert {one["within"] for one in states} == {t("place.US"), t("place.MX")}


def test_names_are_those_of_the_language():
    within = {"en": ("New York", "United States"), "es": ("Nueva York", "Estados Unidos")}
    for lang, (name, country) in within.items():
        assert [one["within"] for one in found(name, lang)] == [country, name]


def test_a_name_is_found_without_accents_and_capitals():
    assert found("Michoacán", "es")[0]["key"] == "michoacan"


def test_a_city_is_listed_with_its_state(en):
    assert found("Ciudad Juárez", "en") == [
        {"id": city("Ciudad Juárez"), "name": "Ciudad Juárez", "within": "Chihuahua",
         "key": "ciudad juarez"},
    ]  # fmt: skip


def test_a_city_has_no_point(t):
    assert {key for one in search.options(t) for key in one} == {"id", "name", "within", "key"}


@pytest.mark.parametrize(
    ("level", "place"),
    [
        ("auto", f"US-TX/{sample.HOUSTON}"),
        ("h3_3", f"US-TX/{sample.HOUSTON_WIDE}"),
        ("state", "US-TX"),
    ],
)
def test_a_city_opens_the_finest_area_that_shows_a_count(source, level, place):
    shown = lookup.shown(source, replace(OPENING, level=level))
    assert search.area(source, shown, city("Houston")) == place


def test_a_city_without_a_published_hexagon_opens_its_state(source):
    assert search.area(source, lookup.shown(source, OPENING), city("Denver")) == "US-CO"


def test_a_city_that_a_drawn_coast_leaves_in_the_water_opens_its_state(source, monkeypatch):
    monkeypatch.setattr(lookup, "place_at", lambda *_: "")
    assert search.area(source, lookup.shown(source, OPENING), city("Miami")) == "US-FL"


def test_every_city_opens_an_area_of_the_release(source):
    shown = lookup.shown(source, OPENING)
    opened = {
        search.area(source, shown, f"city-{n}") for n in range(len(search.cities_and_states()[0]))
    }
    assert "" not in opened
    assert opened <= source.offered.places


@pytest.mark.parametrize("wanted", ["", None, "US-XX", "city-999", "city-", ["US-TX"], "<script>"])
def test_anything_else_opens_nothing(source, wanted):
    assert search.area(source, lookup.shown(source, OPENING), wanted) == ""

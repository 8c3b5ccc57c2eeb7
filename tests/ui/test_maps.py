"""The map as a value: a base that never changes, and values painted on it."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from streamlit_folium import generate_js_hash, generate_leaflet_string

from geo.model import ALL
from tests.ui import sample
from ui import geometry, load, lookup, maps
from ui.choice import Choice

OPENING = Choice("en", "national", ("residential_brothel",))
THREE = replace(OPENING, layers=("residential_brothel", "cantina", "escort"))
HOUSTON = f"US-TX/{sample.HOUSTON}"


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(load, "STATIC", tmp_path)
    load.served.clear()
    yield load.served()
    load.served.clear()


def values(source, choice, t):
    return maps.values(source, choice, lookup.shown(source, choice), {"id": "x", "url": "y"}, t)


def identity(drawn) -> str:
    drawn.render()
    return generate_js_hash(generate_leaflet_string(drawn), "map")


def test_the_base_map_is_the_same_whenever_it_is_made(files):
    assert identity(maps.base(files)) == identity(maps.base(files))


def test_the_base_map_names_no_other_host(files):
    html = maps.base(files).get_root().render()
    assert re.findall(r"https?://[^\"' ]+", html.replace("http://www.w3.org", "")) == []


def test_folium_brings_no_script_of_its_own(files):
    drawn = maps.base(files)
    links = [url for _, url in (*drawn.default_js, *drawn.default_css)]
    assert all(url.startswith("../../app/static/") for url in links)


def test_values_of_three_layers_are_small(source, en):
    assert len(json.dumps(values(source, THREE, en))) < 8_000


def test_a_place_has_one_mark_a_layer_in_the_order_of_the_browser(source, en):
    painted = values(source, replace(OPENING, level="state", measure="count"), en)["layers"][0][
        "cells"
    ]["state"]
    order = geometry.order(source.release.places, "state")
    marks = dict(zip(order, painted["digits"], strict=True))
    assert len(order) == 84
    assert (marks["US-TX"], marks["US-CA"], marks["US-WA"], marks["US-OR"]) == ("4", "4", "1", "0")
    assert painted["values"][0] == 36  # Arizona, the first with a count


def test_a_hidden_place_sends_no_number(source, en):
    painted = values(source, replace(OPENING, level="state", measure="count"), en)["layers"][0][
        "cells"
    ]["state"]
    assert len(painted["values"]) == sum(mark != "0" for mark in painted["digits"])
    assert min(painted["values"]) >= source.k


def test_a_state_with_a_finer_cell_stays_behind_it(source, en):
    painted = values(source, replace(OPENING, layers=(ALL,)), en)["layers"][0]["cells"]
    marks = dict(
        zip(geometry.order(source.release.places, "state"), painted["state"]["digits"], strict=True)
    )
    assert (marks["US-TX"], marks["US-CA"]) == ("e", "5")
    assert painted["h3_4"]["digits"].strip("0").isdigit()


def test_a_layer_without_finer_cells_keeps_its_states_in_front(source, en):
    choice = replace(
        OPENING, layers=("residential_brothel", "escort"), level="state", measure="count"
    )
    first, second = values(source, choice, en)["layers"]
    baja = geometry.order(source.release.places, "state").index("MX-BCN")
    assert first["cells"]["state"]["digits"][baja] == "2"
    assert second["cells"]["state"]["digits"][baja] == "1"


@pytest.mark.parametrize("params", [{}, {"level": "state"}, {"nationality": "HN"}])
def test_the_legend_lists_every_mark_whatever_is_shown(source, t, params):
    legend = values(source, replace(OPENING, **params), t)["legend"]
    assert [mark["kind"] for mark in legend["marks"]] == [
        "hidden", "ground", "behind", "too_few", "no_denominator", "uncovered", "least", "unplaced",
    ]  # fmt: skip
    assert len(legend["classes"]) == len(legend["layers"][0]["colours"]) == 5


def test_marks_of_rates_are_left_out_where_only_counts_are_shown(source, en):
    legend = values(source, OPENING, en)["legend"]
    counted = {mark["kind"] for mark in maps.marked(legend, "count")["marks"]}
    assert {mark["kind"] for mark in legend["marks"]} - counted == {"too_few", "no_denominator"}
    assert maps.marked(legend, "rate") == legend


def test_a_place_of_at_least_has_a_mark_of_its_own_in_the_class_of_its_sum(source, en):
    choice = replace(OPENING, layers=("cantina",), level="state").during(("2014", "2015"))
    painted = values(source, choice, en)["layers"][0]["cells"]["state"]
    order = geometry.order(source.release.places, "state")
    marks = dict(zip(order, painted["digits"], strict=True))
    assert (marks["US-TX"], marks["US-AZ"], marks["US-WA"]) == ("4", "v", "0")
    assert len(painted["values"]) == sum(mark != "0" for mark in painted["digits"])


def test_a_place_of_at_least_behind_finer_ones_has_the_paler_mark():
    counts = pd.Series({"US-TX": 16, "US-AZ": 20})
    made = maps.packed(counts, ["US-AZ", "US-TX"], 11, frozenset({"US-TX"}), ["US-TX"])
    assert made == {"digits": "2V", "values": [20, 16]}


@pytest.mark.parametrize(("level", "note"), [("h3_4", "panel.refused"), ("state", "")])
def test_a_layer_without_a_place_says_so_on_its_panel(source, t, level, note):
    choice = replace(OPENING, level=level, period="2015")
    assert values(source, choice, t)["layers"][0]["note"] == (t(note) if note else "")


def test_a_search_is_counted_so_that_the_map_moves_once(source, en):
    found = lookup.shown(source, OPENING)
    assert maps.values(source, OPENING, found, {}, en)["sought"] == 0
    assert maps.values(source, OPENING, found, {}, en, sought=3)["sought"] == 3


def test_the_legend_says_what_is_hidden_in_the_words_of_the_promise(source, en):
    legend = values(source, OPENING, en)["legend"]
    assert legend["title"] == "Reported cases"
    assert "fewer than 11, none, or withheld to protect people" in legend["marks"][0]["text"]


def test_class_labels_are_whole_numbers_that_do_not_overlap(en):
    labels = maps.class_labels(11, en)
    assert labels == ["11\u201319", "20\u201349", "50\u201399", "100\u2013249", "250 and more"]


def test_a_country_without_source_is_not_covered(staff, en):
    assert values(staff, OPENING, en)["uncovered"] == ["MX"]


def test_a_click_opens_the_place_under_it(source):
    found = lookup.shown(source, OPENING)
    assert maps.clicked(source, found, {"lat": 29.76, "lng": -95.45}) == HOUSTON


def test_a_place_named_by_key_opens_although_a_finer_one_lies_there(source):
    found = lookup.shown(source, OPENING)
    click = {"lat": 29.76, "lng": -95.45, "place": "US-TX"}
    assert maps.clicked(source, found, click) == "US-TX"


@pytest.mark.parametrize("click", [None, {"lat": 40.0, "lng": -40.0}])
def test_a_click_beside_all_places_opens_nothing(source, click):
    assert maps.clicked(source, lookup.shown(source, OPENING), click) == ""


def test_a_made_up_place_in_a_click_is_not_believed(source):
    click = {"lat": 40.0, "lng": -40.0, "place": "US-XX"}
    assert maps.clicked(source, lookup.shown(source, OPENING), click) == ""

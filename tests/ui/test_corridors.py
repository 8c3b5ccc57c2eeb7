"""Corridors: which are looked up, how they are drawn, and what their tables hold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo import vocab
from ui import corridors, flat
from ui.choice import Choice
from ui.figures import corridors as charts

ALL_OF_THEM = Choice("en", "national", ("all",))


def pairs(found):
    return list(found.arcs[["origin", "place"]].itertuples(index=False, name=None))


def test_arcs_go_from_known_state_to_known_state_most_first(source):
    found = corridors.found(source, ALL_OF_THEM)
    assert pairs(found)[:2] == [("MX-TLA", "US-TX"), ("MX-CHH", "US-TX")]
    assert found.arcs["value"].tolist() == [60, 45, 40, 30, 25, 12]


def test_no_arc_leads_from_or_to_a_state_that_is_not_known(source):
    table = source.release.corridors
    vague = table.head(2).assign(level="state")
    vague["place"], vague["origin"] = ["US-unknown", "US-TX"], ["MX-TLA", "MX-unknown"]
    release = replace(source.release, corridors=pd.concat([table, vague], ignore_index=True))
    found = corridors.found(replace(source, release=release), ALL_OF_THEM)
    assert len(found.arcs) == 6


def test_a_country_is_that_of_exploitation(source):
    found = corridors.found(source, replace(ALL_OF_THEM, country="MX"))
    assert pairs(found) == [("MX-TLA", "MX-CMX"), ("US-TX", "MX-CHH")]


def test_a_chosen_state_keeps_the_corridors_that_begin_or_end_there(source):
    found = corridors.found(source, replace(ALL_OF_THEM, place="MX-CHH"))
    assert pairs(found) == [("MX-CHH", "US-TX"), ("US-TX", "MX-CHH")]
    assert "US-NY" in found.states


def test_a_chosen_hexagon_stands_for_its_state(source):
    inside = next(place for place in source.offered.places if place.startswith("US-TX/"))
    assert corridors.chosen(replace(ALL_OF_THEM, place=inside)) == "US-TX"


def test_a_state_without_a_corridor_hides_none(source):
    found = corridors.found(source, replace(ALL_OF_THEM, place="US-AK"))
    assert len(found.arcs) == 6


def test_recruitment_abroad_or_not_known_stands_apart_and_gaps_are_none(source, en):
    table = charts.by_country(source, ALL_OF_THEM, corridors.found(source, ALL_OF_THEM), en)
    assert [(row["id"], row["values"]) for row in table["unplaced"]] == [
        ("unknown", [150, None]), ("outside", [20, None]),
    ]  # fmt: skip
    assert [(row["name"], row["values"]) for row in table["rows"]] == [
        ("Mexico, all states", [145, 25]), ("Tlaxcala", [100, 25]), ("Chihuahua", [45, None]),
        ("United States, all states", [30, 12]), ("Texas", [30, 12]),
    ]  # fmt: skip


def test_a_row_of_a_state_opens_it_and_one_of_a_country_opens_all(source, en):
    table = charts.by_country(source, ALL_OF_THEM, corridors.found(source, ALL_OF_THEM), en)
    assert [row["id"] for row in table["rows"]] == ["", "MX-TLA", "MX-CHH", "", "US-TX"]
    assert table["selected"] is None


def test_a_release_without_corridors_has_nothing_and_says_whether_it_could(staff, source):
    found = corridors.found(staff, ALL_OF_THEM)
    assert (found.nothing, found.released, found.states) == (True, False, ())
    assert corridors.found(source, ALL_OF_THEM).released


def test_the_table_names_both_ends_and_a_state_of_both(source, en):
    rows = charts.ranking(source, ALL_OF_THEM, corridors.found(source, ALL_OF_THEM), en)["rows"]
    assert rows[0]["name"] == "Tlaxcala → Texas"
    assert rows[0]["partly"] == [False]  # the browser's table asks every row
    assert rows[3]["name"] == "Texas: within the state"


def test_every_corridor_is_drawn_and_a_ring_has_no_tip(source, en):
    drawn = charts.drawn(source, ALL_OF_THEM, corridors.found(source, ALL_OF_THEM), en)
    assert [bool(arc["head"]) for arc in drawn["arcs"]] == [True, True, True, False, True, True]
    assert drawn["arcs"][0]["text"] == "Tlaxcala → Texas: 60"
    assert drawn["arcs"][0]["width"] > drawn["arcs"][-1]["width"]


def test_the_legend_has_a_line_for_every_class_and_the_one_mark(source, en):
    legend = charts.drawn(source, ALL_OF_THEM, corridors.found(source, ALL_OF_THEM), en)["legend"]
    assert [one["text"] for one in legend["classes"]] == [
        "11–19", "20–49", "50–99", "100–249", "250 and more",
    ]  # fmt: skip
    assert "fewer than 11, none, or withheld" in legend["hidden"]


def test_names_do_not_lie_over_each_other(source, en):
    names = charts.drawn(source, ALL_OF_THEM, corridors.found(source, ALL_OF_THEM), en)["names"]
    at = {name["text"]: name["at"] for name in names}
    assert abs(at["Tlaxcala"][1] - at["Mexico City"][1]) > charts.LINE


def test_a_name_without_room_is_left_to_the_table(source, en, monkeypatch):
    monkeypatch.setattr(charts, "LINE", 400.0)
    names = charts.drawn(source, ALL_OF_THEM, corridors.found(source, ALL_OF_THEM), en)["names"]
    assert 1 <= len(names) < 5


def test_arcs_to_and_fro_bow_to_different_sides():
    one, other = np.array([100.0, 100.0]), np.array([200.0, 100.0])
    there, _ = charts.arc(one, other, 2)
    back, _ = charts.arc(other, one, 2)
    bows = [float(path.split("Q")[1].split(" ")[0].split(",")[1]) for path in (there, back)]
    assert bows == [83.0, 117.0]


def test_every_state_has_an_outline_and_a_point_on_the_sheet():
    sheet = flat.sheet()
    assert set(sheet.outlines) == set(sheet.points) == set(vocab.load().codes("states"))
    across, down = np.array(list(sheet.points.values())).T
    assert across.min() > 0
    assert across.max() < flat.WIDTH
    assert down.min() > 0
    assert down.max() < sheet.height


@pytest.mark.parametrize("lat", [20.0, 45.0])
def test_the_projection_keeps_lengths_along_its_two_parallels(lat):
    west, east = flat.albers(np.array([[-100.0, lat], [-99.9, lat]]))
    along = np.radians(0.1) * np.cos(np.radians(lat))
    assert np.hypot(*(east - west)) == pytest.approx(along, rel=1e-5)


def test_the_projection_keeps_areas():
    def area(lat):
        step = 0.01
        corners = np.array([[-90, lat], [-90 + step, lat], [-90, lat + step]])
        a, b, c = flat.albers(corners)
        (ux, uy), (vx, vy) = b - a, c - a
        whole = np.sin(np.radians(lat + step)) - np.sin(np.radians(lat))
        return (ux * vy - uy * vx) / (np.radians(step) * whole)

    assert area(15.0) == pytest.approx(area(60.0), rel=1e-3)

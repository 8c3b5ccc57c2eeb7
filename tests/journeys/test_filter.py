"""Journeys of the filter that teaches: several years, places by name, full screen, fit, border."""

import re

import pytest

from ui import palette


def seek(reader, text: str, name: str) -> None:
    """Type into the search, and take the first place that is found: it must be `name`."""
    field = reader.page.get_by_role("combobox", name=re.compile("Find a place|Buscar un lugar"))
    field.click()
    field.press_sequentially(text)
    first = reader.page.get_by_role("listbox").get_by_role("option").first
    first.wait_for()
    assert first.inner_text().split("\n")[0] == name
    reader.act(field.press, "Enter")


def stage(reader):
    return reader.frame.locator(".stage")


def pressed(reader, key: str) -> None:
    stage(reader).focus()
    reader.page.keyboard.press(key)
    reader.page.wait_for_timeout(400)
    reader.settle()


def test_several_years_are_added_up_and_marked_where_one_is_hidden(reader):
    reader.open("?layers=cantina&level=state&view=34.3,-111.6,6")
    reader.choose("Period", "2014")
    reader.choose("Period", "2015")
    assert reader.param("period") == "2014,2015"
    assert reader.page.get_by_role("row", name="Texas 120").is_visible()
    assert reader.page.get_by_role("row", name="Arizona at least 16").is_visible()
    colour = palette.scale("cantina")[0].removeprefix("#")
    assert f"url(#mosaico-least-0-{colour})" in reader.fills()
    assert "With lines: at least so many" in reader.frame.locator(".legend").inner_text()
    box = reader.frame.locator(".panel").first.bounding_box()
    reader.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tip = reader.frame.locator(".tip.on")
    tip.wait_for()
    assert tip.inner_text().split("\n") == ["Arizona", "at least 16 reported cases"]


def test_a_layer_that_is_not_released_says_so_on_its_panel_and_above(reader):
    reader.open("?layers=all,cantina&level=h3_4&period=2015")
    notes = reader.frame.locator(".panel-note:visible")
    assert notes.count() == 1
    assert notes.inner_text().startswith("Not released as a view")
    assert "url(#mosaico-hatch-1)" not in reader.fills(1)  # not drawn as if it were hidden
    reader.act(reader.page.get_by_role("button", name="Leave out Cantinas").click)
    assert reader.param("layers") == "all"
    assert reader.frame.locator(".panel-note:visible").count() == 0


@pytest.mark.parametrize(
    ("lang", "states"),
    [
        ("en", [("tex", "Texas", "US-TX")]),
        ("es", [("NUEVA YORK", "Nueva York", "US-NY"), ("michoacan", "Michoacán", "MX-MIC")]),
    ],
)
def test_a_state_is_found_without_accents_and_the_map_moves_there(reader, lang, states):
    reader.open(f"?lang={lang}&layers=all")
    frame = stage(reader).element_handle()
    for text, name, place in states:
        seek(reader, text, name)
        assert reader.param("place") == place
        assert reader.page.get_by_role("heading", name=name).is_visible()
        assert reader.view()[2] > 4.5
    assert frame.is_visible()  # the same frame: the map was never drawn anew


def test_places_are_found_again_and_the_map_moves_once_for_each(reader):
    reader.open("?layers=all")
    seek(reader, "houston", "Houston")
    assert reader.param("place").startswith("US-TX/84")
    assert reader.page.get_by_role("heading", name="Texas: hexagon at Houston").is_visible()
    lat, lon, zoom = reader.view()
    assert (lat, lon) == pytest.approx((29.8, -95.4), abs=0.5)
    assert zoom <= 7
    seek(reader, "texas", "Texas")
    there = reader.view()
    pressed(reader, "0")
    assert reader.param("view") is None
    seek(reader, "texas", "Texas")
    assert reader.view() == pytest.approx(there, abs=0.01)
    pressed(reader, "b")
    border = reader.view()
    reader.choose("Nationality", "Mexico")  # the next filter moves the map no more
    assert reader.view() == pytest.approx(border, abs=0.05)


def test_the_list_of_places_goes_with_keys_and_tells_what_is_no_place(reader):
    reader.open()
    field = reader.page.get_by_role("combobox", name="Find a place")
    field.press_sequentially("new")
    options = reader.page.get_by_role("listbox").get_by_role("option")
    options.first.wait_for()
    field.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == ""
    field.press_sequentially("12 main street")
    reader.page.get_by_role("status").filter(has_text="Only areas can be found").wait_for()
    assert reader.param("place") is None


def test_full_screen_fills_the_screen_and_comes_back_by_key_and_button(reader):
    reader.open("?layers=all")
    before = reader.painted()

    def click(name: str) -> None:
        reader.frame.get_by_role("button", name=name, exact=True).click()
        reader.settle()

    for toggle in (lambda name: pressed(reader, "f"), click):
        toggle("Full screen")
        reader.frame.get_by_role("button", name="Leave full screen").wait_for()
        width, height = reader.map.evaluate("map => [map.clientWidth, map.clientHeight]")
        assert (width, height) == tuple(reader.page.evaluate("() => [innerWidth, innerHeight]"))
        assert reader.frame.locator(".legend").is_visible()
        toggle("Leave full screen")
        reader.frame.get_by_role("button", name="Full screen", exact=True).wait_for()
        assert reader.map.evaluate("map => map.clientWidth") < width
    assert reader.painted() == before
    assert reader.param("view") is None  # the whole map stayed whole


def test_the_map_fits_what_is_shown_or_both_countries(reader):
    reader.open("?layers=all&level=h3_4")
    for fit in (
        lambda: pressed(reader, "l"),
        lambda: reader.frame.get_by_role("button", name="Fit to what is shown").click(),
    ):
        pressed(reader, "0")
        assert reader.param("view") is None
        fit()
        reader.settle()
        lat, lon, zoom = reader.view()  # two hexagons: at Houston and at Tijuana
        assert (lat, lon) == pytest.approx((31.1, -106.2), abs=0.7)
        assert zoom > 5
    reader.open(
        "?layers=cantina&level=h3_4&period=2015&view=30,-97,6"
    )  # not released: nothing to fit
    pressed(reader, "l")
    assert reader.param("view") is None


@pytest.mark.parametrize(("lang", "name", "keys"), [
    ("en", "Border of the United States and Mexico", ("B: border", "F: full screen")),
    ("es", "Frontera entre Estados Unidos y México", ("B: frontera", "F: pantalla")),
])  # fmt: skip
def test_the_border_is_one_button_or_key_away(reader, lang, name, keys):
    reader.open(f"?lang={lang}")
    told = reader.frame.locator("#mosaico-help").inner_text()
    assert all(word in told for word in keys)
    reader.frame.get_by_role("button", name=name).click()
    reader.settle()
    lat, lon, zoom = reader.view()
    assert (lat, lon) == pytest.approx((29.4, -107.3), abs=0.5)
    assert zoom > 4.5
    pressed(reader, "0")
    assert reader.param("view") is None
    pressed(reader, "B")
    assert reader.view()[:2] == pytest.approx((29.4, -107.3), abs=0.5)

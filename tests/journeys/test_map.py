"""Journeys on the map: layers, filters, zoom, address, clicks.

The fixture ends each with: no other host was asked, and the console holds no error.
"""

import pytest

from tests.journeys.conftest import Reader
from ui import palette


def test_the_first_page_is_a_map_with_its_legend_table_caveat_and_help(reader):
    reader.open()
    assert palette.scale("residential_brothel")[3] in reader.fills()
    legend = reader.frame.locator(".legend").inner_text()
    for words in ("Reported cases", "11–19", "250 and more", "fewer than 11, none, or withheld",
                  "Not covered", "Place not known"):  # fmt: skip
        assert words in legend
    assert reader.page.get_by_role("row", name="Texas 160").is_visible()
    assert reader.page.get_by_text("not prevalence").is_visible()
    assert reader.page.get_by_text("1-888-373-7888").is_visible()
    assert reader.param("view") is None
    reader.page.get_by_role("button", name="Residential brothels").first.click()
    reader.page.wait_for_timeout(1500)  # the last layer cannot be switched off
    assert reader.frame.locator(".panel:visible").count() == 1
    assert palette.scale("residential_brothel")[3] in reader.fills()
    reader.act(reader.page.get_by_role("button", name="California", exact=True).click)
    assert reader.param("place") == "US-CA"


def test_layers_are_panels_of_one_view(reader):
    reader.open("?level=state&measure=count")
    assert "url(#mosaico-hatch-0)" in reader.fills()  # states that are not published
    assert reader.frame.locator("pattern#mosaico-hatch-0").count() == 1
    reader.act(reader.page.get_by_role("button", name="Cantinas").click)
    reader.act(reader.page.get_by_role("button", name="Escort/delivery services").click)
    assert reader.param("layers") == "residential_brothel,cantina,escort"
    titles = reader.frame.locator(".panel-title").all_inner_texts()
    assert titles == ["Residential brothels", "Cantinas", "Escort/delivery services"]
    for panel, venue in enumerate(("residential_brothel", "cantina", "escort")):
        assert palette.scale(venue)[2] in reader.fills(panel)
    reader.act(reader.page.get_by_role("button", name="Escort/delivery services").click)
    assert reader.frame.locator(".panel:visible").count() == 2


def test_zoom_and_centre_survive_layers_filters_language_and_release(reader):
    reader.open("?view=30.5,-97,6")
    frame = reader.frame.locator(".stage").element_handle()
    kept = reader.view()
    reader.act(reader.page.get_by_role("button", name="Cantinas").click)
    reader.choose("Period", "2014")
    reader.act(reader.page.get_by_text("Español").click)
    reader.act(reader.page.get_by_role("button", name="Burdeles residenciales").click)
    reader.page.get_by_role("combobox", name="Publicación").click()
    reader.act(reader.page.get_by_role("option", name="Muestra little").click)
    assert frame.is_visible()  # the same frame: the map was never drawn anew
    assert reader.view()[2] == kept[2]
    assert reader.view()[:2] == pytest.approx(kept[:2], abs=0.1)


def test_the_whole_map_stays_whole_when_the_page_changes(reader):
    reader.open()
    reader.act(reader.page.get_by_role("button", name="Cantinas").click)
    for width, height in ((1000, 800), (1440, 1400), (390, 844)):
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.settle()
        assert reader.param("view") is None


def test_the_address_reopens_the_same_view(reader, dashboard, window):
    reader.open("?layers=cantina,escort&level=state&period=2014&place=US-TX")
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.settle()
    again = Reader(window.new_page(), dashboard)
    again.open(reader.page.url.removeprefix(f"{dashboard}/"))
    assert again.page.url == reader.page.url
    assert again.page.get_by_role("heading", name="Texas").is_visible()
    assert again.fills(1) == reader.fills(1)
    again.page.close()


def test_filters_send_values_and_change_numbers_address_and_history(reader):
    sent = []
    reader.page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(data))
    )
    reader.open("?layers=cantina")
    sent.clear()
    reader.choose("Period", "2015")
    mapped = [data for data in sent if isinstance(data, bytes) and b"mosaico.paint" in data]
    assert mapped
    assert max(map(len, mapped)) < 10_000
    assert not any(b"coordinates" in data for data in sent if isinstance(data, bytes))
    assert reader.param("period") == "2015"
    assert reader.page.get_by_role("row", name="Texas 72").is_visible()
    reader.choose("Nationality", "Mexico")
    assert reader.page.get_by_text(
        "by venue, period and nationality together are not released"
    ).is_visible()
    reader.act(reader.page.get_by_role("button", name="All years", exact=True).click)
    assert (reader.param("period"), reader.param("nationality")) == (None, "MX")
    reader.act(reader.page.go_back)
    assert (reader.param("period"), reader.param("nationality")) == ("2015", "MX")
    reader.act(reader.page.go_back)
    assert (reader.param("period"), reader.param("nationality")) == ("2015", None)
    assert reader.page.get_by_text("reported cases · 2015", exact=False).first.is_visible()
    reader.act(reader.page.go_forward)
    assert (reader.param("period"), reader.param("nationality")) == ("2015", "MX")


def test_zooming_goes_into_the_address_without_a_run_of_the_page(reader):
    reader.open("?view=38,-96,4")
    before = reader.painted()
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.settle()
    zoom = reader.view()[2]
    assert zoom > 4
    box = reader.frame.locator(".panel").first.bounding_box()
    reader.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reader.page.mouse.wheel(0, -400)
    reader.page.wait_for_timeout(800)
    reader.settle()
    assert reader.view()[2] > zoom
    assert reader.painted() == before


def test_a_click_on_a_panel_opens_the_place(reader):
    reader.open("?layers=cantina,escort&level=state&view=31.5,-99.5,6")
    for panel in (0, 1):
        box = reader.frame.locator(".panel").nth(panel).bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        reader.act(reader.page.mouse.click, *middle)
        assert reader.param("place") == "US-TX"
        assert reader.page.get_by_role("heading", name="Texas").is_visible()
        reader.act(reader.page.get_by_role("button", name="Close").click)
        assert reader.param("place") is None

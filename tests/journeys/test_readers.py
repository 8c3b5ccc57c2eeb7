"""Journeys of readers: by key, in Spanish, on a phone, on a wall, leaving with a file.

The fixture ends each with: no other host was asked, and the console holds no error.
"""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.journeys.conftest import Reader, serving
from tests.ui import sample
from ui import palette
from ui.i18n import texts

# What Streamlit itself writes and offers no way to translate: labels of arrows and headings.
STREAMLITS_OWN = {"Open", "Link to heading"}
STREAMLITS_WORDS = {
    "running", "stop", "deploy", "rerun", "settings", "fullscreen", "search", "download",
    "select", "options", "loading", "open", "clear", "choose", "results",
}  # fmt: skip
# Names in both languages: of a hotline and a language, the codes on the privacy page, and
# words of its sources.
NAMES = {
    "national", "human", "trafficking", "hotline", "english", "python", "audit", "level", "place",
    "period", "venue", "value", "nationality", "type", "cells", "manifest", "places", "all",
    "country", "state", "labor", "sex", "and", "other", "cases", "victims", "escort", "residential",
    "brothel", "measure", "main", "profiles", "corridors", "rows", "census", "hispanic",
}  # fmt: skip


def test_pointing_tells_the_number_or_that_there_is_none(reader):
    reader.open("?level=state&view=38,-96,4")
    box = reader.frame.locator(".panel").first.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reader.page.mouse.move(*middle)
    reader.page.mouse.move(middle[0] + 3, middle[1])
    tip = reader.frame.locator(".tip").inner_text()
    assert tip.startswith("Kansas")
    assert "not published: fewer than 11, none, or withheld to protect people" in tip


def test_the_map_is_one_tab_stop_with_spoken_places(reader):
    reader.open("?level=state&view=31.5,-99.5,5")
    stops = reader.map.evaluate(
        "() => [...document.querySelectorAll('*')].filter(e => e.tabIndex >= 0).length"
    )
    assert stops == 1
    reader.frame.locator(".stage").focus()
    reader.page.keyboard.press("ArrowRight")
    assert (
        reader.frame.locator(".spoken").inner_text()
        == "Texas. Residential brothels: 0.27 per 100,000 residents and year "
        "(95% interval 0.23–0.32); 160 reported cases."
    )
    reader.page.keyboard.press("ArrowRight")
    assert (
        "Louisiana. Residential brothels: not published"
        in reader.frame.locator(".spoken").inner_text()
    )
    reader.page.keyboard.press("ArrowLeft")
    reader.act(reader.page.keyboard.press, "Enter")
    assert reader.param("place") == "US-TX"


def test_keys_reach_alaska_and_come_home(reader):
    reader.open()
    reader.frame.locator(".stage").focus()
    reader.page.keyboard.press("a")
    reader.settle()
    assert reader.view()[0] > 55
    reader.page.keyboard.press("0")
    reader.settle()
    assert reader.view() is None


@pytest.mark.parametrize("query", ["?lang=es&layers=cantina,escort&place=US-TX", "privacy?lang=es"])
def test_the_spanish_page_has_no_english_word_of_the_interface(reader, query):
    if query.startswith("?"):
        reader.open(query)
        frame = reader.frame.locator("body").inner_text()
    else:
        reader.page.goto(f"{reader.address}/{query}")
        reader.page.get_by_role("heading", name="Privacidad y métodos").wait_for()
        skip = reader.page.locator('[data-testid="stSkipToContent"]', has_text="Saltar")
        skip.wait_for(state="attached")  # by the quick exit, which also says the language
        reader.page.wait_for_timeout(500)
        frame = ""
        reader.errors.clear()  # Streamlit probes two addresses below a page's own
    shown = reader.page.locator("body").inner_text() + "\n" + frame
    shown = re.sub(r"http\S+", "", shown)  # the address of the view, to be copied
    assert english_words(shown) == set()
    labels = reader.page.locator("[aria-label], [title]").evaluate_all(
        "all => all.filter(e => e.offsetParent).map(e => e.getAttribute('aria-label') || e.title)"
    )
    assert {label for label in labels if english_words(label)} <= STREAMLITS_OWN


def english_words(text: str) -> set[str]:
    """Words of the English interface, and of Streamlit's, in a text that should be Spanish."""
    english = interface("en") - interface("es") | STREAMLITS_WORDS
    return english & set(re.findall(r"[^\W\d_]{3,}", text.lower())) - NAMES


def interface(lang: str) -> set[str]:
    text = " ".join(re.sub(r"{\w+}", "", text) for text in texts(lang).words.values())
    return set(re.findall(r"[^\W\d_]{3,}", text.lower()))


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1920, 1080)])
def test_the_page_works_on_a_phone_and_on_a_wall(reader, width, height):
    reader.page.set_viewport_size({"width": width, "height": height})
    reader.open()
    frame = reader.page.locator('iframe[title^="streamlit_folium"]').bounding_box()
    over = reader.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert over <= 0
    assert frame["width"] >= (0.9 if width < 500 else 0.6) * width
    assert reader.page.get_by_role("button", name="Quick exit").is_visible()
    reader.choose("Period", "2015")
    assert reader.page.get_by_role("row", name="Texas 96").count() == 1


def test_a_desktop_gives_the_map_most_of_its_width(reader):
    reader.open()
    frame = reader.page.locator('iframe[title^="streamlit_folium"]').bounding_box()
    assert frame["width"] > 0.6 * 1440


def test_the_view_can_be_downloaded(reader):
    reader.open("?layers=cantina&level=state")
    with reader.page.expect_download() as asked:
        reader.page.get_by_role("button", name="Download CSV").click()
    text = asked.value.path().read_text(encoding="utf-8")
    assert "state,US-TX,Texas,all,cantina,all,all,cases,120" in text
    with reader.page.expect_download() as asked:
        reader.page.get_by_role("button", name="Download GeoJSON").click()
    assert len(json.loads(asked.value.path().read_text(encoding="utf-8"))["features"]) > 5
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.settle()
    field = reader.page.get_by_label("Address of this view")
    reader.page.get_by_role("button", name="Copy", exact=True).click()
    told = reader.page.get_by_role("status").filter(has_text=re.compile("copied|to copy"))
    told.wait_for()
    copied = dict(parse_qsl(urlsplit(field.input_value()).query))
    assert copied == dict(parse_qsl(urlsplit(reader.page.url).query)) | {"lang": "en"}
    assert copied["view"]


def test_from_the_map_to_privacy_and_back_keeps_language_and_release(reader):
    reader.open("?lang=es&release=little")
    reader.page.get_by_role("link", name="Privacidad").click()
    reader.page.get_by_role("heading", name="Comprobante de privacidad").wait_for()
    assert (reader.param("lang"), reader.param("release")) == ("es", "little")
    reader.page.get_by_role("link", name="Mapa").click()
    reader.frame.locator(".mosaico[data-ready=yes]").wait_for()
    assert (reader.param("lang"), reader.param("release")) == ("es", "little")


def test_the_committed_demonstration_opens_with_a_map(browser):
    committed = sample.ROOT / "data" / "aggregates"
    if not list(committed.glob("*/manifest.json")):
        pytest.skip("no release in data/aggregates yet: make demo builds them")
    with serving(committed) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        reader = Reader(context.new_page(), address).open()
        assert reader.fills() & set(palette.scale("residential_brothel"))
        assert (reader.elsewhere, reader.errors) == ([], [])
        context.close()

"""Six readers, each with a question, on the demonstration releases of this repository.

The fixture ends each with: no other host was asked, and the console holds no error.
"""

import re

from tests.journeys.conftest import Reader
from tests.journeys.test_accessible import BEYOND, PAGES, visit
from ui.i18n import texts

LEGIBLE = 24  # pixels: letters that are read three metres from a screen of 1920 x 1080
STOPS = 60  # presses of Tab within which a reader must have come to the map
# Words that no English sentence of some length is without, and that no Spanish one has.
ENGLISH = {"the", "of", "and", "is", "are", "not", "with", "this", "that", "for", "were", "from"}
# Titles of the source documents stay in their language: of slides, in quotation marks, and of one.
QUOTED = r"«[^»]*»|Sex Trafficking of Women and Girls from Mexico & Latin America"
# What a room must read on Present, outside the frame of the map and in it.
READ = (
    ".st-key-present-top h1, .st-key-present-top p, .present p, .present button,"
    " .st-key-banner p, .st-key-help p, .st-key-caveat [data-testid=stMarkdownContainer]"
    ":not([data-testid=stCaptionContainer] *) p"
)
READ_IN_FRAME = ".legend h2, .legend .unit, .labels span, .legend li"
SIZES = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"


def ranked(reader: Reader) -> int:
    return reader.page.locator(".ranking tbody tr").count()


def test_staff_who_ask_for_more_than_is_released_learn_why_and_end_nearest_to_it(visitor):
    visitor.open("?layers=cantina")
    for year in ("2013", "2014", "2015"):
        visitor.choose("Period", year)
    visitor.choose("Nationality", "Honduras")
    notice = visitor.page.locator(".st-key-notice")
    notice.get_by_text("2013, 2014 and 2015 · Honduras").wait_for()
    told = notice.inner_text()
    assert "by venue, period and nationality together are not released" in told
    assert "no two of them can be subtracted to find a person" in told
    visitor.act(notice.get_by_role("button", name="Show all venues together").click)
    notice.wait_for(state="detached")
    assert visitor.param("layers") == "all"
    assert visitor.param("nationality") == "HN"
    assert visitor.param("period") == "2013,2014,2015"
    assert visitor.page.get_by_text("none is counted twice").is_visible()
    assert ranked(visitor) > 0


def test_staff_see_in_one_step_how_what_they_asked_for_changed(visitor):
    visitor.open("?layers=cantina&nationality=HN&period=2013,2014,2015")
    notice = visitor.page.locator(".st-key-notice")
    notice.get_by_role("link", name="How did it change? Every year, in Trends").click()
    visitor.page.get_by_role("heading", name="How did reports change over time?").wait_for()
    asked = visitor.page.get_by_text("Asked on the map")
    asked.wait_for()
    told = asked.locator("xpath=ancestor-or-self::p").inner_text()
    assert "Cantinas · synthetic reported cases · 2013, 2014 and 2015 · Honduras" in told
    assert "Shown here: By nationality, every year." in told
    assert "filter of venue is left out" in told
    assert "not released, so that no two views can be subtracted to find a person" in told
    lines = visitor.page.locator(".js-plotly-plot").inner_text()
    assert "Honduras" in lines
    visitor.page.get_by_role("columnheader", name="Honduras").wait_for()
    assert visitor.param("layers") == "cantina"
    assert visitor.param("nationality") == "HN"
    assert visitor.param("period") == "2013,2014,2015"


def test_the_panel_of_a_place_leads_to_all_its_years(visitor):
    visitor.open("?layers=cantina&place=US-TX&level=state&nationality=HN")
    panel = visitor.page.locator(".st-key-place")
    panel.get_by_role("link", name="How did it change? Every year of Texas").click()
    visitor.page.get_by_text("Asked on the map").wait_for()
    assert (visitor.param("where"), visitor.param("by")) == ("US-TX", "nationality")
    assert "Texas" in visitor.page.locator(".st-key-heading").inner_text()


def test_a_funder_opens_a_link_reads_the_caveat_and_keeps_the_figure(visitor):
    visitor.open("?lang=en&layers=cantina&level=state")
    assert "Synthetic demonstration" in visitor.page.locator(".st-key-banner").inner_text()
    assert "not prevalence" in visitor.page.locator(".st-key-caveat").inner_text()
    with visitor.page.expect_download() as asked:
        visitor.page.get_by_role("button", name="Download PNG").click()
    assert asked.value.suggested_filename.endswith(".png")
    assert asked.value.path().read_bytes().startswith(b"\x89PNG")
    with visitor.page.expect_download() as asked:
        visitor.page.get_by_role("button", name="Download CSV").click()
    assert texts("en")("caveat.short") in asked.value.path().read_text(encoding="utf-8")


def test_a_coalition_steps_through_the_layers_in_letters_read_from_three_metres(visitor):
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.open("?layers=cantina")
    visitor.page.get_by_role("link", name="Show this view to a room").click()
    visitor.page.locator(".present .keys").wait_for()
    visitor.frame.locator(".mosaico[data-ready=yes]").wait_for()
    visitor.settle()
    visitor.act(visitor.page.keyboard.press, "ArrowRight")
    visitor.page.get_by_text("Escort/delivery services: ").wait_for()
    assert visitor.param("layers") == "escort"
    assert min(visitor.page.locator(READ).evaluate_all(SIZES)) >= LEGIBLE
    box = visitor.page.locator('iframe[title^="streamlit_folium"]').bounding_box()
    scale = box["width"] / visitor.map.evaluate("() => innerWidth")
    sizes = visitor.frame.locator(READ_IN_FRAME).evaluate_all(SIZES)
    assert min(sizes) * scale >= LEGIBLE
    legend = visitor.frame.locator(".legend")
    assert legend.evaluate("one => one.scrollHeight <= one.clientHeight")
    assert visitor.frame.locator(".tools button:visible").count() == 0


def test_a_reader_without_a_mouse_comes_from_the_first_key_to_the_panel_of_a_place(visitor):
    visitor.open()
    for _ in range(STOPS):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("() => document.activeElement.tagName") == "IFRAME":
            break
    assert visitor.frame.locator(".stage").evaluate("one => one === document.activeElement")
    visitor.page.keyboard.press("ArrowRight")
    assert visitor.frame.locator(".spoken").inner_text()
    visitor.act(visitor.page.keyboard.press, "Enter")
    assert visitor.param("place")
    assert visitor.page.locator(".st-key-place h2").is_visible()


def test_a_reader_of_spanish_meets_no_english_sentence_on_any_page(visitor):
    t = texts("es")
    visitor.open("?lang=es&layers=cantina")
    met = {}
    for name in PAGES:
        visit(visitor, t, name)
        shown = visitor.page.locator("body").inner_text()
        if visitor.page.locator('iframe[title^="streamlit_folium"]').count():
            shown += "\n" + visitor.frame.locator("body").inner_text()
        met[name] = [line for line in shown.splitlines() if is_english(line)]
    assert met == {name: [] for name in PAGES}


def is_english(line: str) -> bool:
    own = re.sub(QUOTED, "", line).lower()
    return len(ENGLISH & set(re.findall(r"[^\W\d_]+", own))) >= 2


def test_on_a_phone_a_place_is_found_opened_and_kept(visitor):
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.open("?layers=cantina")
    assert visitor.page.evaluate(BEYOND) <= 0
    visitor.act(visitor.page.get_by_role("button", name="Texas", exact=True).click)
    assert visitor.param("place") == "US-TX"
    assert visitor.page.get_by_role("heading", name="Texas").is_visible()
    assert visitor.page.evaluate(BEYOND) <= 0
    with visitor.page.expect_download() as asked:
        visitor.page.get_by_role("button", name="Download PNG").click()
    assert asked.value.path().read_bytes().startswith(b"\x89PNG")

"""A reader whose system is dark: every page, the map as it is repainted, and paper."""

import pytest

from tests.journeys.test_accessible import PAGES, barriers, visit
from ui import themes
from ui.i18n import texts

BLACK = """() => ['h1', '.st-key-caveat p', '.st-key-place h2', '.js-plotly-plot text'].every(
    (one) => document.querySelector(one) && [...document.querySelectorAll(one)].every((part) =>
        ['color', 'fill'].some((name) => getComputedStyle(part)[name] === 'rgb(0, 0, 0)')))"""
GROUND = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"


def rgb(colour: str) -> str:
    return f"rgb({', '.join(map(str, bytes.fromhex(colour[1:])))})"


def twins(colours: set[str]) -> set[str]:
    return {themes.TWINS.get(one, one) for one in colours}


@pytest.fixture
def dark(visitor):
    visitor.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return visitor


def test_the_map_follows_the_system_to_dark_and_back(visitor):
    visitor.page.emulate_media(color_scheme="light")
    visitor.open("?layers=cantina&level=state")
    light = visitor.fills()
    assert visitor.page.evaluate(GROUND) == rgb(themes.TONES["page"][0])
    visitor.act(visitor.page.emulate_media, color_scheme="dark")
    assert visitor.page.evaluate(GROUND) == rgb(themes.TONES["page"][1])
    assert visitor.fills() == twins(light) != light
    swatches = visitor.frame.locator(".swatch:not(.pale)")
    shown = swatches.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert shown == [rgb(one) for one in themes.DARK_SCALES["cantina"]]
    visitor.act(visitor.page.emulate_media, color_scheme="light")
    assert visitor.fills() == light


def test_the_frame_of_the_map_is_never_painted_white(dark):
    """A frame of another colour scheme than its element gets an opaque ground by the browser."""
    dark.open("?layers=cantina&level=state")
    scheme = "one => getComputedStyle(one).colorScheme"
    element = dark.page.locator('iframe[title^="streamlit_folium"]')
    assert element.evaluate(scheme) in ("normal", "light")
    inside = dark.frame.locator("html")
    assert inside.evaluate(scheme) == "normal"
    assert inside.evaluate("one => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_axe_finds_no_barrier_on_any_page_in_the_dark(dark):
    t = texts("en")
    dark.open("?layers=cantina,escort&place=US-TX&level=state")
    met = {}
    for name in PAGES:
        visit(dark, t, name)
        met[name] = barriers(dark)
    assert met == {name: [] for name in PAGES}


def test_charts_are_drawn_in_the_colours_of_the_dark_theme(dark):
    dark.page.goto(f"{dark.address}/trends")
    letters = dark.page.locator(".js-plotly-plot .xtick text").first
    letters.wait_for()
    assert letters.evaluate("one => getComputedStyle(one).fill") == rgb(themes.TONES["ink"][1])


def test_paper_is_light_for_a_reader_in_the_dark(dark):
    dark.open("?layers=cantina&level=state&place=US-TX")
    dark.page.emulate_media(media="print", color_scheme="dark")
    dark.page.wait_for_function(BLACK)
    bodies = "() => getComputedStyle(document.body).backgroundColor"
    assert dark.page.evaluate(bodies) == "rgba(0, 0, 0, 0)"

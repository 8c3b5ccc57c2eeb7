"""Every page for every reader: by axe-core, by key, enlarged, without motion, on paper.

One reader a language walks through all pages by their links, once; each test asks of what
was met on the way.
"""

from dataclasses import dataclass, field

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.journeys.conftest import Reader
from ui import nav
from ui.i18n import LANGUAGES, texts

PAGES = [name for name in nav.PAGES if name not in nav.UNLISTED]  # those with a link in the row

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What Streamlit and its map component draw and we cannot mend: rule, selector, reason.
NOT_OURS = {
    # The frame of the map: a browser takes this from the page around it, which may be enlarged.
    ("meta-viewport", 'meta[name="viewport"]'),
}
WIDE, ENLARGED = {"width": 1440, "height": 900}, {"width": 720, "height": 450}  # 200 %
MOVING = """() => document.getAnimations().filter(
    one => one.playState === 'running' && one.effect.getComputedTiming().activeDuration > 10
).length"""
BEYOND = """() => Math.max(...[document.documentElement, document.querySelector('main')].map(
    box => box.scrollWidth - box.clientWidth))"""
# Everything that can be pressed or chosen and has a place on the sheet, in components too.
PRESSED = """() => {
    const found = [];
    const look = (root) => root.querySelectorAll('*').forEach((one) => {
        if (one.shadowRoot) look(one.shadowRoot);
        const named = one.matches('button:not(tbody button), input, select, [role=navigation]');
        if (named && one.checkVisibility() && one.getClientRects().length)
            found.push(one.outerHTML.slice(0, 90));
    });
    look(document);
    return found;
}"""
# Who reads Spanish enlarges, as its words are the longer; who reads English prints some pages.
ENLARGES, PRINTS = "es", "en"
PAPER = ("map", "trends", "people", "venues", "privacy")


@dataclass
class Met:
    """What was met on the pages, by the name of the page; heights at which links stand."""

    lang: str
    links: set[float] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    barriers: dict[str, list[str]] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, list[str]] = field(default_factory=dict)
    moving: dict[str, int] = field(default_factory=dict)
    pressed: dict[str, list[str]] = field(default_factory=dict)
    unprinted: dict[str, list[str]] = field(default_factory=dict)
    foreign: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module", params=LANGUAGES)
def met(request, dashboard, window):
    """What one reader met on every page: two layers, an opened place, no motion asked for."""
    reader, t, seen = Reader(window.new_page(), dashboard), texts(request.param), Met(request.param)
    reader.page.emulate_media(reduced_motion="reduce")
    reader.open(f"?lang={request.param}&layers=cantina,escort&place=US-TX&level=state")
    links = reader.page.get_by_role("navigation", name=t("nav.label")).get_by_role("link")
    seen.links = set(links.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)"))
    for name in PAGES:
        visit(reader, t, name)
        seen.titles[name] = reader.page.title()
        seen.barriers[name] = barriers(reader)
        if t.lang == ENLARGES:
            enlarged(reader, t, name, seen)
        elif name in PAPER:
            on_paper(reader, name, seen)
        seen.foreign[name] = reader.page.locator("em[lang=en]").all_inner_texts()
    reader.open(f"present?lang={request.param}&layers=cantina&level=state")
    seen.titles["present"] = reader.page.title()
    seen.barriers["present"] = barriers(reader)
    reader.page.close()
    assert (reader.elsewhere, reader.errors) == ([], [])
    return seen


def visit(reader: Reader, t, name: str) -> None:
    """Follow the link of a page, and wait until all of the page stands."""
    links = reader.page.get_by_role("navigation", name=t("nav.label"))
    links.get_by_role("link", name=t(f"page.{name}"), exact=True).click()
    reader.page.locator('.st-key-nav a[aria-current="page"]', has_text=t(f"page.{name}")).wait_for()
    reader.page.wait_for_function(
        """() => document.querySelector('[data-test-script-state=notRunning]')
            && document.querySelector('.st-key-help') && document.querySelector('h1')
            && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"""
    )
    if reader.page.locator('iframe[title^="streamlit_folium"]').count():
        reader.frame.locator(".mosaico[data-ready=yes]").wait_for()
        reader.settle()


def barriers(reader: Reader) -> list[str]:
    """What axe-core finds in the page and in the frame of its map: rule, selector, markup."""
    options = {"resultTypes": ["violations"], "runOnly": RULES, "iframes": False}
    found = []
    for frame in reader.page.frames:
        frame.evaluate(AXE_SCRIPT)
        for rule in frame.evaluate("o => axe.run(document, o)", options)["violations"]:
            for node in rule["nodes"]:
                selector = str(node["target"][0])
                if not any(rule["id"] == one and selector.startswith(s) for one, s in NOT_OURS):
                    found.append(f"{rule['impact']} {rule['id']}: {selector} {node['html'][:120]}")
    return found


def enlarged(reader: Reader, t, name: str, seen: Met) -> None:
    """Enlarge the page to 200 %, and look for what is lost, cut off or moves."""
    reader.page.set_viewport_size(ENLARGED)
    reader.page.wait_for_timeout(250)
    seen.moving[name] = reader.page.evaluate(MOVING)
    seen.beyond[name] = reader.page.evaluate(BEYOND)
    links = [reader.page.get_by_role("link", name=t(f"page.{one}"), exact=True) for one in PAGES]
    needed = [*links, reader.page.get_by_role("button", name=t("exit")), *told(reader)]
    seen.hidden[name] = [str(one) for one in needed if not one.first.is_visible()]
    reader.page.set_viewport_size(WIDE)


def on_paper(reader: Reader, name: str, seen: Met) -> None:
    """Look at the page as it is printed: what is lost, and what nobody can press on paper."""
    parts = told(reader)
    if name == "map":
        parts += [reader.frame.locator(".legend"), reader.page.locator(".ranking tbody")]
    reader.page.emulate_media(media="print")
    seen.pressed[name] = [one for frame in reader.page.frames for one in frame.evaluate(PRESSED)]
    seen.unprinted[name] = [str(one) for one in parts if not one.first.is_visible()]
    reader.page.emulate_media(media="screen")


def told(reader: Reader) -> list:
    """What every page says, on the screen and on paper: its question, warning, caveat, help."""
    parts = [".st-key-banner", ".st-key-caveat", ".st-key-help", "h1"]
    return [reader.page.locator(part) for part in parts]


def some(found: dict) -> dict:
    """Pages on which something was found."""
    return {name: one for name, one in found.items() if one}


def test_axe_finds_no_barrier_on_any_page(met):
    assert some(met.barriers) == {}
    assert list(met.barriers) == [*PAGES, "present"]


def test_the_window_is_named_after_the_page_in_the_language_of_the_reader(met):
    t = texts(met.lang)
    assert met.titles == {name: f"{t(f'page.{name}')} · Mosaico" for name in nav.PAGES}


def test_english_titles_are_named_so_on_spanish_pages_only(met):
    on_pages = some(met.foreign)
    if on_pages:
        assert "Cantinas – Operational Model" in on_pages["venues"]
        assert any("Latin America" in one for one in on_pages["help"])
        assert on_pages["published"]
    assert bool(on_pages) == (met.lang == "es")


@pytest.mark.parametrize("met", [ENLARGES], indirect=True)
def test_enlarged_to_twice_its_size_nothing_is_lost_or_beyond_the_edge(met):
    assert (some(met.hidden), some(met.beyond)) == ({}, {})
    assert list(met.beyond) == list(PAGES)


@pytest.mark.parametrize("met", [ENLARGES], indirect=True)
def test_nothing_moves_for_a_reader_who_asked_for_stillness(met):
    assert some(met.moving) == {}


@pytest.mark.parametrize("met", [PRINTS], indirect=True)
def test_paper_has_all_that_is_told_and_nothing_to_press(met):
    assert (some(met.unprinted), some(met.pressed)) == ({}, {})
    assert tuple(met.pressed) == PAPER


def test_all_pages_are_named_in_one_row(met):
    assert len(met.links) == 1


def test_a_key_brings_the_reader_to_every_page_and_shows_where(reader):
    reader.page.emulate_media(reduced_motion="reduce")
    reader.open()
    first = reader.page.get_by_role("navigation").get_by_role("link").first
    first.focus()
    for name in list(PAGES)[1:]:
        reader.page.keyboard.press("Tab")
        focused = reader.page.locator(":focus")
        assert focused.inner_text() == texts("en")(f"page.{name}")
        assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    reader.page.keyboard.press("Enter")
    reader.page.get_by_role("heading", name=texts("en")("page.help"), exact=True).wait_for()

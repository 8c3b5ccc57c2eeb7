"""Quick exit: at once, from every page, by button or by key, and "back" does not return."""

import signal

import pytest

from tests.journeys.conftest import Reader, path, started
from ui import load, nav
from ui.i18n import LANGUAGES, texts

BEFORE = "http://before.example/"  # what was open before Mosaico; no host is asked, see `guest`
NEUTRAL = load.settings()["quick_exit"]
PAGE = "<title>Some page</title><h1>Some page</h1>"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# What a pointer meets at the middle of the button, if all of it is within the window.
MET = """() => {
    const parts = [...document.querySelectorAll('.st-key-exit *')];
    const button = parts.map(one => one.shadowRoot).find(Boolean).querySelector('button');
    const { left, right, top, bottom } = button.getBoundingClientRect();
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return 'beyond the edge';
    const met = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return met?.closest('.st-key-exit') ? 'in sight' : met?.outerHTML;
}"""
FOCUSED = """() => {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one?.textContent;
}"""
SCROLL = "() => document.querySelector('[data-testid=stMain]').scrollTo(0, 700)"


@pytest.fixture
def guest(dashboard, browser):
    """A browser of somebody else's, in which another page was open before."""
    yield from visited(dashboard, browser)


def visited(address, browser):
    context = browser.new_context(viewport=SIZES["desk"], locale="en-US")
    for url in (NEUTRAL, BEFORE):
        context.route(f"{url}**", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    made = Reader(context.new_page(), address)
    made.page.goto(BEFORE)
    made.elsewhere.clear()
    yield made
    context.close()
    assert made.errors == []


def left(reader) -> None:
    """Wait until the neutral page is open, the only one elsewhere that was ever asked for."""
    reader.page.wait_for_url(f"{NEUTRAL}**")
    assert set(reader.elsewhere) == {NEUTRAL}


def shift(reader, times=3, pause=60) -> None:
    for _ in range(times):
        reader.page.keyboard.press("Shift")
        reader.page.wait_for_timeout(pause)


def button(reader, lang="en"):
    return reader.page.get_by_role("button", name=texts(lang)("exit"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_in_sight_on_every_page_wherever_one_scrolls(guest, lang):
    for name in nav.PAGES:
        guest.page.goto(f"{guest.address}/{path(name)}?lang={lang}")
        guest.page.locator(".st-key-help").wait_for()
        for size in SIZES.values():
            guest.page.set_viewport_size(size)
            button(guest, lang).wait_for()
            assert guest.page.evaluate(MET) == "in sight", name
            guest.page.evaluate(SCROLL)
            assert guest.page.evaluate(MET) == "in sight", name
    assert guest.elsewhere == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_tells_of_the_button_and_of_the_key(guest, lang):
    guest.page.goto(f"{guest.address}/help?lang={lang}")
    guest.page.get_by_role("heading", name=texts(lang)("exit")).wait_for()
    told = guest.page.locator("strong", has_text="Shift")
    told.wait_for()
    assert "Shift" in button(guest, lang).get_attribute("title")


def test_it_is_among_the_first_that_tab_reaches(guest):
    guest.open()
    reached = []
    for _ in range(3):  # the link that skips to the page, the page itself, which scrolls by key
        guest.page.keyboard.press("Tab")
        reached.append(guest.page.evaluate(FOCUSED))
    assert reached[2] == texts("en")("exit")
    guest.page.keyboard.press("Enter")
    left(guest)


def test_it_leaves_at_once_and_takes_every_view_out_of_the_history(guest):
    guest.open("?lang=en")
    guest.choose("Period", "2015")
    guest.page.get_by_role("link", name="Trends", exact=True).click()
    guest.page.get_by_role("heading", level=1, name=texts("en")("trends.question")).wait_for()
    assert guest.page.evaluate("() => navigation.entries().length") > 2
    button(guest).click()
    left(guest)
    guest.page.go_back()
    assert guest.page.url == BEFORE


def test_what_stays_in_the_history_leaves_again(guest):
    guest.open("?lang=es")
    guest.open("?lang=en")  # what was before belongs to a page that is gone
    button(guest).click()
    left(guest)
    guest.page.evaluate("() => history.back()")
    guest.page.wait_for_url(f"{guest.address}/**", wait_until="commit")
    left(guest)


def test_whoever_comes_anew_is_not_sent_away(guest):
    guest.open()
    button(guest).click()
    left(guest)
    guest.open()
    assert button(guest).is_visible()


def test_shift_three_times_leaves_also_from_within_the_map(guest):
    guest.open()
    guest.frame.locator(".stage").focus()
    shift(guest)
    left(guest)


def test_shift_with_another_key_or_a_press_between_is_no_sign(guest):
    guest.open()
    for between in (lambda: guest.page.keyboard.press("Shift+Tab"), guest.page.mouse.down):
        shift(guest, times=2)
        between()
        guest.page.mouse.up()
        shift(guest, times=2)
        guest.page.keyboard.press("End")
    assert button(guest).is_visible()
    assert guest.elsewhere == []
    shift(guest)
    left(guest)


def test_it_works_while_the_server_does_not_answer(releases, browser):
    with started(releases) as (address, server):
        for guest in visited(address, browser):
            guest.open()
            server.send_signal(signal.SIGSTOP)
            guest.page.get_by_role("link", name="Trends", exact=True).click()
            button(guest).click()
            left(guest)
            server.send_signal(signal.SIGCONT)


def test_the_other_page_does_not_learn_from_where(guest):
    asked = []
    guest.page.on("request", lambda request: asked.append(request))
    guest.open("?lang=en&place=US-TX")
    button(guest).click()
    left(guest)
    [last] = [one for one in asked if one.url == NEUTRAL]
    assert "referer" not in last.all_headers()
    assert guest.page.evaluate("() => document.referrer") == ""

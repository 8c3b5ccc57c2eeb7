"""A computer of one's own, without a login: the key that was printed opens it, and nothing else.

Those who have no browser, and write what they like into a request, speak to the server directly.
"""

import pytest

from tests.journeys import wire
from tests.journeys.conftest import Reader, serving
from ui import palette

KEY = "a-key-of-this-test-only"
TITLES = {"Sample national", "Sample little"}
PRIVATE = "Sample staff"
FORGED = {
    "nothing": {},
    "a name of this computer": {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"},
    "who passed it on": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    "for which host": {
        "X-Forwarded-Host": "localhost",
        "Forwarded": "for=127.0.0.1;host=localhost",
    },
    "another key": {"Cookie": f"mosaico_key={KEY}x"},
    "a key at another place": {"X-Mosaico-Key": KEY, "Authorization": f"Bearer {KEY}"},
    "an account": {"Cookie": '_streamlit_user={"is_logged_in":true,"email":"ana@example.org"}'},
}


@pytest.fixture(scope="module")
def own(releases):
    with serving(releases, MOSAICO_WITHOUT_LOGIN="staff", MOSAICO_KEY=KEY) as address:
        yield address


@pytest.fixture
def owner(own, browser):
    """A browser that has not been here before."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    made = Reader(context.new_page(), own)
    yield made
    context.close()
    assert (made.elsewhere, made.errors) == ([], [])


def test_the_key_opens_what_is_for_staff_for_as_long_as_the_browser_is_open(owner):
    asked = []
    owner.page.goto(f"{owner.address}/#key={KEY}")
    owner.page.wait_for_function("() => !location.hash")
    owner.page.wait_for_load_state("networkidle")  # the page comes anew once the key is kept
    owner.page.on("request", lambda request: asked.append(request.url))
    owner.open("?release=staff&layers=all")
    assert palette.scale("all")[3] in owner.fills()
    assert asked
    assert not [url for url in asked if "hexes-" in url]  # what is served as a file, anybody reads
    assert owner.offered() == TITLES | {PRIVATE}
    assert KEY not in owner.page.url


def test_whoever_has_the_key_is_told_of_the_release(own):
    assert PRIVATE in wire.said(own, {"Cookie": f"mosaico_key={KEY}"})


@pytest.mark.parametrize("forged", FORGED)
def test_whoever_has_not_is_told_of_the_public_ones_only(own, forged):
    told = wire.said(own, FORGED[forged])
    assert "Sample national" in told
    assert PRIVATE not in told


def test_a_key_in_the_address_is_no_key(own):
    assert PRIVATE not in wire.said(own, query=f"key={KEY}&mosaico_key={KEY}&release=staff")

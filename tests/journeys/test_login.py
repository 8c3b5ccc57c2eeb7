"""Public and staff: what a visitor never meets, and how who is listed signs in and out.

The provider is one of this computer (`provider.py`); Streamlit's client speaks to it as to any.
"""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import Reader, free_port, path, serving
from tests.journeys.provider import configured, providing
from ui import nav
from ui.i18n import LANGUAGES, texts

PRIVATE = "Sample staff"
PUBLIC = {
    "en": {"Sample national", "Sample little"},
    "es": {"Muestra national", "Muestra little"},
}
WANTED = "trends?lang={lang}&release=staff&layers=cantina"
# Where somebody would look for files of a release, or for the program's own.
FILES = [
    "staff/cells.csv", "data/aggregates/staff/cells.csv", "app/static/staff/cells.csv",
    "app/static/../ui/settings.toml", "app/static/%2e%2e/%2e%2e/ui/settings.toml",
    ".streamlit/secrets.toml", "app/static/.streamlit/secrets.toml", "media/staff/cells.csv",
    "component/../.streamlit/secrets.toml", "pages/help.py", "ui/settings.toml",
]  # fmt: skip
FINISHED = """() => document.querySelector('[data-test-script-state=notRunning]')
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"""
LISTED = {"MOSAICO_STAFF": "ana@example.org", "MOSAICO_COALITION": ""}


@pytest.fixture(scope="module")
def provider():
    with providing() as started:
        yield started


@pytest.fixture(scope="module")
def address(releases, provider, tmp_path_factory):
    port = free_port()
    folder = tmp_path_factory.mktemp("secrets")
    secrets = configured(folder, provider, f"http://localhost:{port}")
    with serving(releases, f"--secrets.files={secrets}", port=port, **LISTED) as started:
        yield started


@pytest.fixture
def visitor(address, provider, window):
    """A reader without a cookie; the browser meets the dashboard and the provider alone."""
    window.clear_cookies()
    made = Reader(window.new_page(), address)
    yield made
    made.page.close()
    window.clear_cookies()
    provider.signed_ago, provider.nonce, provider.broken = 0, "", False
    assert [url for url in made.elsewhere if not url.startswith(provider.address)] == []
    assert made.errors == []


def come(visitor, path, lang="en"):
    visitor.page.goto(f"{visitor.address}/{path}")
    visitor.page.get_by_role("button", name=texts(lang)("exit")).wait_for()
    visitor.page.locator(".st-key-help").wait_for()


def sign_in(visitor, name, lang="en"):
    visitor.page.get_by_role("button", name=texts(lang)("access.in")).click()
    visitor.page.get_by_role("link", name=name, exact=True).click()
    visitor.page.wait_for_url(f"{visitor.address}/**")


def told(visitor, key, lang="en"):
    """Wait until the page says a text."""
    visitor.page.get_by_text(texts(lang)(key).replace("**", "")).first.wait_for()


def private_banner(visitor, lang="en"):
    """Where every page of a release that is not public says so."""
    warning = texts(lang)("banner.private").split("**")[1]
    return visitor.page.locator(".st-key-banner", has_text=warning)


@pytest.mark.parametrize("name", nav.PAGES)
def test_the_address_of_a_staff_release_tells_a_visitor_what_that_of_none_tells(visitor, name):
    said = []
    for release in ("staff", "nothing-of-the-kind"):
        come(visitor, f"{path(name)}?release={release}")
        visitor.page.wait_for_function(FINISHED)
        said.append(visitor.page.locator("body").inner_text())
    assert said[0] == said[1]
    assert PRIVATE not in said[0]


def test_a_visitor_is_offered_public_releases_only(visitor):
    visitor.open("?release=staff")
    assert visitor.offered() == PUBLIC["en"]


@pytest.mark.parametrize("path", FILES)
def test_no_file_of_a_release_or_of_the_program_is_served(address, path):
    """Whatever is asked for, Streamlit answers with its own page, or that there is nothing."""
    try:
        with urllib.request.urlopen(f"{address}/{path}") as answer:
            text = answer.read().decode()
        assert "<title>Streamlit</title>" in text
    except urllib.error.HTTPError as refused:
        assert refused.code in (400, 403, 404)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_sign_in_and_come_back_to_the_page_they_wanted(visitor, provider, lang):
    come(visitor, WANTED.format(lang=lang), lang)
    assert private_banner(visitor, lang).count() == 0
    sign_in(visitor, "Ana", lang)
    private_banner(visitor, lang).wait_for()
    here = urlsplit(visitor.page.url)
    assert here.path == "/trends"
    assert [visitor.param(one) for one in ("lang", "release", "layers")] == [
        lang,
        "staff",
        "cantina",
    ]
    asked = provider.begun[-1]
    assert asked["code_challenge_method"] == "S256"
    assert "staff" not in str(asked)  # the provider is not told what somebody wanted to see


def test_staff_open_what_staff_read_and_nothing_of_it_is_a_file_that_anybody_can_fetch(visitor):
    served = []
    come(visitor, "")
    sign_in(visitor, "Ana")
    visitor.page.get_by_role("button", name=texts("en")("access.out")).wait_for()
    visitor.open()  # the public map is drawn: what comes from here on is not of it
    visitor.page.on("request", lambda request: served.append(request.url))
    visitor.open("?release=staff&layers=all")
    assert visitor.offered() == PUBLIC["en"] | {PRIVATE}
    assert [url for url in served if "/app/static/" in url]
    assert [url for url in served if "hexes" in url] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["Bo", "Unverified"])
def test_whom_the_provider_knows_and_no_list_names_is_refused_in_words(visitor, name, lang):
    come(visitor, WANTED.format(lang=lang), lang)
    sign_in(visitor, name, lang)
    told(visitor, "access.unlisted", lang)
    assert visitor.offered(lang) == PUBLIC[lang]
    assert private_banner(visitor, lang).count() == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_signing_out_ends_the_session_here_and_at_the_provider(visitor, provider, lang):
    come(visitor, WANTED.format(lang=lang), lang)
    sign_in(visitor, "Ana", lang)
    private_banner(visitor, lang).wait_for()
    before = len(provider.ended)
    visitor.page.get_by_role("button", name=texts(lang)("access.out")).click()
    visitor.page.wait_for_url(f"{visitor.address}/?lang={lang}**")
    visitor.page.get_by_role("button", name=texts(lang)("access.in")).wait_for()
    assert provider.ended[before:] == ["ana@example.org"]
    assert [one["name"] for one in visitor.page.context.cookies() if "user" in one["name"]] == []
    come(visitor, WANTED.format(lang=lang), lang)
    assert private_banner(visitor, lang).count() == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sign_in_of_more_than_twelve_hours_ago_does_not_count(visitor, provider, lang):
    provider.signed_ago = 12 * 3600 + 1
    come(visitor, WANTED.format(lang=lang), lang)
    sign_in(visitor, "Ana", lang)
    told(visitor, "access.lapsed", lang)
    assert visitor.offered(lang) == PUBLIC[lang]
    provider.signed_ago = 12 * 3600 - 600
    sign_in(visitor, "Ana", lang)
    private_banner(visitor, lang).wait_for()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_turns_back_at_the_provider_is_told_and_is_where_they_were(visitor, lang):
    come(visitor, WANTED.format(lang=lang), lang)
    sign_in(visitor, "Nobody", lang)
    told(visitor, "access.failed", lang)
    assert urlsplit(visitor.page.url).path == "/trends"
    assert visitor.param("layers") == "cantina"


@pytest.mark.parametrize("fault", [{"broken": True}, {"nonce": "of-another-sign-in"}])
def test_a_provider_that_breaks_off_or_answers_for_another_signs_nobody_in(
    visitor, provider, fault
):
    come(visitor, WANTED.format(lang="en"))
    for name, value in fault.items():
        setattr(provider, name, value)
    sign_in(visitor, "Ana")
    told(visitor, "access.failed")
    assert visitor.offered() == PUBLIC["en"]


def test_a_code_that_nobody_asked_for_signs_nobody_in(visitor, provider):
    code = provider.code({"nonce": "n", "code_challenge": "c"}, "Ana")
    come(visitor, f"oauth2callback?code={code}&state=made-up")
    visitor.page.get_by_role("button", name=texts("en")("access.in")).wait_for()
    assert visitor.offered() == PUBLIC["en"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_provider_that_is_down_is_told_in_words(releases, window, tmp_path, lang):
    port = free_port()
    with providing() as down:
        secrets = configured(tmp_path, down, f"http://localhost:{port}")
    with serving(releases, f"--secrets.files={secrets}", port=port, **LISTED) as address:
        made = Reader(window.new_page(), address)
        come(made, WANTED.format(lang=lang), lang)
        made.page.get_by_role("button", name=texts(lang)("access.in")).click()
        told(made, "access.unanswered", lang)
        assert urlsplit(made.page.url).path == "/trends"
        come(made, f"?lang={lang}", lang)  # and nothing of the attempt is left
        assert made.page.get_by_text(texts(lang)("access.failed")).count() == 0
        made.page.close()
        assert (made.elsewhere, made.errors) == ([], [])

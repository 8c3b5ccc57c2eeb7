"""The dashboard behind nginx and Caddy as docs/deploy has them, in a browser.

Pages, websocket, downloads and pages by their address; every header; not one error in the
console under the policy for scripts, and no request to another host.
"""

import http.client
import io
import re
import socket
import time
import zipfile
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import streamlit

from tests.journeys.conftest import PROBES, Reader, path
from tests.journeys.proxies import NAME, passing, trusting
from ui import load, nav
from ui.i18n import LANGUAGES, texts

NOTHING = re.compile(r"(?!)")
ALLOWED = {"nginx": NOTHING, "caddy": PROBES}  # errors in the console, by the address they are of
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STATIC = Path(streamlit.__file__).parent / "static" / "static"
NEUTRAL = load.settings()["quick_exit"]
CLOSED = ["/_stcore/metrics", "/_stcore/upload_file/a/b", "/_stcore/agent/openapi.json"]


@pytest.fixture(scope="module", params=ALLOWED)
def proxy(request):
    return request.param


@pytest.fixture(scope="module")
def served(proxy, dashboard, tmp_path_factory):
    with passing(proxy, tmp_path_factory.mktemp(proxy), dashboard) as (address, plain):
        yield address, plain


@pytest.fixture(scope="module")
def profile(browser):
    """A browser that takes the certificate of the tests."""
    size = {"width": 1440, "height": 900}
    context = browser.new_context(viewport=size, locale="en-US", ignore_https_errors=True)
    yield context
    context.close()


@pytest.fixture
def reader(served, proxy, profile):
    made = Reader(profile.new_page(), served[0], allowed=ALLOWED[proxy])
    yield made
    made.page.close()
    assert (made.elsewhere, made.errors) == ([], [])


def answer(served, path, method="GET", body=None):
    """Status, headers and content of what the proxy answers."""
    with speaking(served) as (link, host):
        link.request(method, path, body, {"Host": host})
        with link.getresponse() as got:
            return got.status, got.headers, got.read()


@contextmanager
def speaking(served, **options):
    """Connection to the proxy under its name, and the host to ask for."""
    port = urlsplit(served[0]).port
    with socket.socket() as plain:
        for name, value in options.items():
            plain.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
        plain.settimeout(60)
        plain.connect(("127.0.0.1", port))
        with trusting().wrap_socket(plain, server_hostname=NAME) as secure:
            link = http.client.HTTPConnection(NAME, port)
            link.sock = secure
            yield link, f"{NAME}:{port}"


def test_the_map_lives_behind_the_proxy(reader):
    """Page, scripts, frame of the map, its files, and what a choice sends over the websocket."""
    reader.open("?layers=cantina&level=state")
    before = reader.fills()
    reader.choose("Period", "2015")
    assert reader.param("period") == "2015"
    assert reader.fills() != before


def test_every_page_opens_by_its_own_address(reader):
    for name, lang in zip(nav.PAGES, cycle(LANGUAGES)):
        reader.page.goto(f"{reader.address}/{path(name)}?lang={lang}")
        reader.page.get_by_role("button", name=texts(lang)("exit")).wait_for()
        reader.page.locator(".st-key-help").wait_for()
        if name in nav.UNLISTED:
            reader.page.locator(".st-key-present-top").wait_for()
        else:
            here(reader, name, lang).wait_for()


def here(reader, name, lang="en"):
    """Link in the row of pages that says which one is open."""
    title = texts(lang)(f"page.{name}")
    return reader.page.locator('.st-key-nav a[aria-current="page"]', has_text=title)


def test_every_page_opens_by_its_link(reader):
    reader.open()
    links = reader.page.get_by_role("navigation", name=texts("en")("nav.label"))
    for name in [one for one in nav.PAGES if one not in nav.UNLISTED]:
        links.get_by_role("link", name=texts("en")(f"page.{name}"), exact=True).click()
        here(reader, name).wait_for()


def downloaded(reader, name) -> bytes:
    with reader.page.expect_download() as asked:
        reader.page.get_by_role("button", name=name).click()
    return asked.value.path().read_bytes()


def test_files_arrive_whole(reader):
    reader.open("?layers=cantina&level=state")
    table = downloaded(reader, "Download CSV").decode()
    assert "state,US-TX,Texas,all,cantina,all,all,cases,120" in table
    assert downloaded(reader, "Download PNG").startswith(b"\x89PNG")
    reader.page.goto(f"{reader.address}/privacy?lang=en")
    reader.page.locator(".st-key-help").wait_for()
    whole = downloaded(reader, texts("en")("files.zip"))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("cells.csv") for name in archive.namelist())


def test_a_slow_reader_gets_a_file_whole(served):
    """nginx would put down on a disk what a reader has not taken yet: here it has no place to."""
    largest = max((STATIC / "js").glob("*.js"), key=lambda path: path.stat().st_size)
    with speaking(served, SO_RCVBUF=4096) as (link, host):
        link.request("GET", f"/static/js/{largest.name}", headers={"Host": host})
        time.sleep(2)
        with link.getresponse() as got:
            assert len(got.read()) == largest.stat().st_size


def test_the_quick_exit_leaves(served, proxy, profile):
    made = Reader(profile.new_page(), served[0], allowed=ALLOWED[proxy])
    profile.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="weather"))
    made.open()
    made.page.get_by_role("button", name=texts("en")("exit")).click()
    made.page.wait_for_url(f"{NEUTRAL}**")
    made.page.close()
    assert (set(made.elsewhere), made.errors) == ({NEUTRAL}, [])


@pytest.mark.parametrize("path", ["/", "/help", "/_stcore/health", "/component/none/x.html"])
def test_every_answer_has_every_header(served, path):
    _, headers, _ = answer(served, path)
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert headers["Cache-Control"] == "no-store"
    assert len(headers.get_all("Cache-Control")) == 1
    assert "/" not in (headers["Server"] or "")  # no version


@pytest.mark.parametrize("path", ["/", "/map", "/help"])
def test_a_page_runs_no_script_but_its_own_and_stands_in_no_frame(served, path):
    policy = answer(served, path)[1]["Content-Security-Policy"].split("; ")
    assert {"default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    [scripts] = [one for one in policy if one.startswith("script-src ")]
    assert "unsafe" not in scripts
    assert "*" not in " ".join(policy)
    assert "http" not in " ".join(policy)


def test_only_the_frame_of_the_map_evaluates_text(served):
    policy = answer(served, "/component/streamlit_folium.st_folium/index.html")[1]
    assert "'unsafe-eval'" in policy["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy["Content-Security-Policy"]


def test_what_is_named_by_its_content_is_kept(served):
    name = re.search(r"\./(static/js/index\.[\w-]+\.js)", answer(served, "/")[2].decode())[1]
    status, headers, _ = answer(served, f"/{name}")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize("path", CLOSED)
def test_doors_that_no_page_uses_are_closed(served, path):
    status, headers, _ = answer(served, path)
    assert status == 404
    assert headers["Strict-Transport-Security"]


def test_nobody_sends_a_file(served):
    assert answer(served, "/", "POST", body=b"x" * 4096)[0] in (405, 413)


def test_every_cookie_is_sent_over_tls_only(served):
    cookies = answer(served, "/_stcore/host-config")[1].get_all("Set-Cookie") or []
    cookies += answer(served, "/_stcore/health")[1].get_all("Set-Cookie") or []
    assert cookies
    assert [one for one in cookies if "secure" not in one.lower()] == []


def test_plain_http_leads_to_tls(served, proxy):
    if proxy == "caddy":
        pytest.skip("Caddy leads to TLS by itself, on port 80, which a test must not take")
    link = http.client.HTTPConnection("127.0.0.1", served[1], timeout=60)
    link.request("GET", "/help", headers={"Host": NAME})
    got = link.getresponse()
    assert (got.status, got.headers["Location"]) == (301, f"https://{NAME}/help")
    link.close()

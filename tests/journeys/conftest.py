"""The dashboard as a reader has it: Streamlit's server and a Chromium of this machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import FrameLocator, Page, sync_playwright

from tests.ui import sample
from ui import nav
from ui.i18n import texts

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP mosaico.example.org 127.0.0.1",  # the example of docs/deploy
]  # fmt: skip
# Streamlit first looks for its server below the address of a page, and goes on when it is not
# there. docs/deploy/nginx.conf says where it is; test_proxies.py then allows no error at all.
PROBES = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
WAIT = int(os.environ.get("MOSAICO_WAIT", "30000"))  # milliseconds; more on a busy machine


def chromium() -> str:
    """Path of the browser; a missing one fails in CI and is skipped elsewhere."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        told = "journeys need Chromium on the PATH (Debian: apt-get install chromium)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(told)
    return found


def path(page: str) -> str:
    """Path of a page; the first has the address of all."""
    return "" if page == next(iter(nav.PAGES)) else page


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command, patience=20, **options):
    """A process for as long as a test needs it; killed `patience` seconds after it was asked."""
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **silent, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving(releases, *options, port=None, **environment):
    """Address of a dashboard on `releases`, with options of Streamlit and variables of its own."""
    with started(releases, *options, port=port, **environment) as (address, _):
        yield address


@contextmanager
def started(releases, *options, port=None, **environment):
    """Address of a dashboard as from `serving`, and its process."""
    port = port or free_port()
    command = [sys.executable, "-m", "ui.serve", "--server.port", str(port)]
    given = {**os.environ, "MOSAICO_RELEASES": str(releases), **environment}
    with running([*command, *options], cwd=sample.ROOT, env=given) as server:
        address = f"http://localhost:{port}"
        _wait(f"{address}/_stcore/health", server)
        yield address, server


def _wait(url: str, server: subprocess.Popen) -> None:
    for _ in range(WAIT // 100):
        if server.poll() is not None:
            raise RuntimeError(f"the dashboard stopped with status {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the dashboard did not answer in time")


@dataclass
class Reader:
    """A browser on the dashboard, and what it asked for and complained of."""

    page: Page
    address: str
    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    allowed: re.Pattern = PROBES

    def __post_init__(self):
        self.page.set_default_timeout(WAIT)
        self.page.set_default_navigation_timeout(WAIT)
        self.page.on("request", self._asked)
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request) -> None:
        here = (self.address, self.address.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(here):
            self.elsewhere.append(request.url)

    def _told(self, message) -> None:
        if message.type == "error" and not self.allowed.search(message.location.get("url", "")):
            self.errors.append(message.text)

    def open(self, query: str = "") -> "Reader":
        self.page.goto(f"{self.address}/{query}")
        self.frame.locator(".mosaico[data-ready=yes]").wait_for()
        self.settle()
        return self

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator('iframe[title^="streamlit_folium"]')

    @property
    def map(self):
        return self.frame.locator(".mosaico")

    def painted(self) -> int:
        return int(self.map.get_attribute("data-painted"))

    def settle(self) -> None:
        """Wait until nothing has been painted, and the address has not changed, for a while."""
        before, quiet = None, 0
        while quiet < 4:
            now = (self.painted(), self.page.url)
            quiet = quiet + 1 if now == before else 0
            before = now
            self.page.wait_for_timeout(100)

    def act(self, action, *args, **kwargs) -> None:
        """Do something that repaints the map, and wait for it."""
        before = self.painted()
        action(*args, **kwargs)
        self.page.wait_for_timeout(50)
        for _ in range(WAIT // 50):
            if self.painted() > before:
                break
            self.page.wait_for_timeout(50)
        self.settle()

    def choose(self, label: str, option: str) -> None:
        """Choose in the list named `label`, by typing: of a long one only the first are drawn."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.keyboard.type(option)
        self.act(self.page.get_by_role("option", name=option, exact=True).click)
        self.page.keyboard.press("Escape")  # a list of several choices stays open for more

    def offered(self, lang: str = "en") -> set[str]:
        """Titles in the list of releases."""
        self.page.get_by_role("combobox", name=texts(lang)("switch.release")).click()
        titles = set(self.page.get_by_role("option").all_inner_texts())
        self.page.keyboard.press("Escape")
        return titles

    def param(self, name: str) -> str | None:
        return self.page.evaluate("n => new URLSearchParams(location.search).get(n)", name)

    def view(self) -> list[float] | None:
        """Latitude, longitude and zoom in the address; None for the whole map."""
        text = self.param("view")
        return [float(part) for part in text.split(",")] if text else None

    def fills(self, panel: int = 0) -> set[str]:
        """Colours of the areas of a panel."""
        return set(
            self.frame.locator(".panel")
            .nth(panel)
            .locator("path")
            .evaluate_all("all => all.map(path => path.getAttribute('fill'))")
        )


@pytest.fixture(scope="session")
def releases(tmp_path_factory):
    return sample.write_all(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def dashboard(releases, browser):
    with serving(releases) as address:
        yield address


@pytest.fixture(scope="session")
def window(browser):
    """One browser profile for all journeys, so that the page's own code is loaded once."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    yield context
    context.close()


@contextmanager
def visiting(window, address):
    """Reader with a page of 1440 x 900; every journey ends without a complaint."""
    made = Reader(window.new_page(), address)
    yield made
    made.page.close()
    assert made.elsewhere == []
    assert made.errors == []


@pytest.fixture
def reader(dashboard, window):
    with visiting(window, dashboard) as made:
        yield made


@pytest.fixture(scope="module")
def demonstration(browser):
    """Address of a dashboard on the committed demonstrations."""
    with serving(sample.ROOT / "data" / "aggregates") as address:
        yield address


@pytest.fixture
def visitor(demonstration, window):
    with visiting(window, demonstration) as made:
        yield made

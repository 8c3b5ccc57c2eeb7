"""A server from its start, and a process that a test started to its end."""

import sys

from tests.journeys.conftest import Reader, running, serving
from ui.i18n import texts

DEAF = """import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
time.sleep(600)"""


def test_a_process_that_does_not_hear_is_killed(tmp_path):
    with running([sys.executable, "-c", DEAF, str(tmp_path / "deaf")], patience=0.1) as process:
        while not (tmp_path / "deaf").exists():
            assert process.poll() is None
    assert process.poll() == -9


def test_the_first_reader_of_a_server_may_come_to_any_page(releases, browser):
    with serving(releases) as address:
        reader = Reader(browser.new_page(viewport={"width": 1440, "height": 900}), address)
        reader.page.goto(f"{address}/venues?lang=es")
        reader.page.locator(".st-key-help").wait_for()
        assert reader.page.title() == f"{texts('es')('page.venues')} · Mosaico"
        assert reader.page.locator(".st-key-help").bounding_box()["width"] > 1200
        reader.page.close()
    assert (reader.elsewhere, reader.errors) == ([], [])

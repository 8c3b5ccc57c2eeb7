"""A server is warm before its first reader."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui import sample
from ui import figures, geometry, load, lookup, maps, serve, warm
from ui.i18n import LANGUAGES

MADE = (
    (geometry, "base"), (geometry, "hexes"), (lookup, "opened"), (lookup, "shown"),
    (maps, "values"), (figures, "ranking"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def cold(releases, tmp_path, monkeypatch):
    monkeypatch.setenv("MOSAICO_RELEASES", str(releases))
    monkeypatch.setattr(load, "STATIC", tmp_path)
    monkeypatch.chdir(sample.ROOT)
    caches = (load._hexes, load._listings, load._opened, load.served)
    for cached in caches:
        cached.clear()
    yield
    for cached in caches:
        cached.clear()


@pytest.fixture
def made(monkeypatch):
    """Names of what is made from now on."""
    calls = []

    def spied(name, plain):
        return lambda *given, **named: (calls.append(name), plain(*given, **named))[1]

    for module, name in MADE:
        monkeypatch.setattr(module, name, spied(name, getattr(module, name)))
    return calls


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_reader_of_a_warm_server_waits_for_nothing_to_be_made(made, lang):
    serve.warm()
    assert set(made) == {name for _, name in MADE}
    made.clear()
    page = AppTest.from_file(str(sample.ROOT / "app.py"), default_timeout=60)
    page.query_params["lang"] = lang
    page.run()
    assert not page.exception
    assert made == []


def test_what_opens_first_for_the_public_is_warmed():
    assert warm.opening().release.manifest["id"] == "national"


def test_without_a_release_only_the_base_map_is_warmed(tmp_path, monkeypatch, made):
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path / "none"))
    assert warm.opening() is None
    assert set(made) == {"base"}


def test_warming_leaves_the_frame_of_the_map_to_a_session():
    """Streamlit serves the files of a component only where a session's own run imported it."""
    code = "import sys, ui.warm; print('streamlit_folium' in sys.modules, 'folium' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=sample.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_the_server_starts_with_the_options_it_is_given(monkeypatch):
    started, warmed = [], []
    monkeypatch.setattr(serve.cli, "main", lambda given, **_: started.append(given))
    monkeypatch.setattr(serve, "warm", lambda: warmed.append(1))
    serve.main(["--server.port", "8600"])
    assert started == [["run", str(sample.ROOT / "app.py"), "--server.port", "8600"]]
    assert warmed == [1]

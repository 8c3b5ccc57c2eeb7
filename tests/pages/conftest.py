"""The application on sample releases."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui import sample


@pytest.fixture(scope="session")
def releases(tmp_path_factory):
    return sample.write_all(tmp_path_factory.mktemp("releases"))


@pytest.fixture
def app(releases, monkeypatch):
    """Application that a test runs at an address: ``app(lang="es")``."""
    monkeypatch.setenv("MOSAICO_RELEASES", str(releases))
    monkeypatch.chdir(sample.ROOT)

    def run(page: str = "map", **params: str) -> AppTest:
        tested = AppTest.from_file(str(sample.ROOT / "app.py"), default_timeout=30)
        for name, value in params.items():
            tested.query_params[name] = value
        tested.run()
        if page != "map":
            kept = dict(tested.query_params)
            tested.switch_page(f"pages/{page}.py")
            for name, value in kept.items():
                tested.query_params[name] = value
            tested.run()
        return tested

    return run

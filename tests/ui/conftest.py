"""Sample releases, written once."""

from pathlib import Path

import pytest

from geo import release
from tests.ui import sample
from ui import lookup
from ui.i18n import texts


@pytest.fixture(scope="session")
def releases(tmp_path_factory) -> Path:
    return sample.write_all(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def source(releases) -> lookup.Opened:
    return lookup.opened(release.read(releases / "national"), ("national", "little", "staff"))


@pytest.fixture(scope="session")
def staff(releases) -> lookup.Opened:
    return lookup.opened(release.read(releases / "staff"), ("national", "little", "staff"))


@pytest.fixture(params=["en", "es"])
def t(request):
    return texts(request.param)


@pytest.fixture(scope="session")
def en():
    return texts("en")

"""What every test has: one thread for sums, a search that is content early, a public reader."""

import os

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the other processor has a worker of its own
for name in ("WITHOUT_LOGIN", "KEY", "STAFF", "COALITION"):  # of whoever runs the tests
    os.environ.pop(f"MOSAICO_{name}", None)

ROUNDS = ((3, 2, 2),) * 3


@pytest.fixture(scope="session", autouse=True)
def short_search():
    """Few rounds of bettering: what is published is as safe, and a build takes half the time."""
    from geo import protect

    kept, protect.ROUNDS = protect.ROUNDS, ROUNDS
    yield kept
    protect.ROUNDS = kept


@pytest.fixture
def as_staff(monkeypatch):
    """Reader of every release; without this fixture a test reads what the public reads."""
    from ui import access

    monkeypatch.setattr("ui.load.reader", lambda: access.Reader("staff"))

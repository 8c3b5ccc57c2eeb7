"""What every test has: one thread for sums, a search that is content early, all releases."""

import os

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the other processor has a worker of its own
os.environ["MOSAICO_WITHOUT_LOGIN"] = "staff"  # tests/pages/test_access.py takes it away

ROUNDS = ((3, 2, 2),) * 3


@pytest.fixture(scope="session", autouse=True)
def short_search():
    """Few rounds of bettering: what is published is as safe, and a build takes half the time."""
    from geo import protect

    kept, protect.ROUNDS = protect.ROUNDS, ROUNDS
    yield kept
    protect.ROUNDS = kept

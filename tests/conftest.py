"""What every test has: one thread for sums, and a search that is content early."""

import os

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the other processor has a worker of its own

ROUNDS = ((3, 2, 2),) * 3


@pytest.fixture(scope="session", autouse=True)
def short_search():
    """Few rounds of bettering: what is published is as safe, and a build takes half the time."""
    from geo import protect

    kept, protect.ROUNDS = protect.ROUNDS, ROUNDS
    yield kept
    protect.ROUNDS = kept

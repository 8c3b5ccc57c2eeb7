"""A process that a test started ends with it."""

import sys

from tests.journeys.conftest import running

DEAF = """import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
time.sleep(600)"""


def test_a_process_that_does_not_hear_is_killed(tmp_path):
    with running([sys.executable, "-c", DEAF, str(tmp_path / "deaf")], patience=0.1) as process:
        while not (tmp_path / "deaf").exists():
            assert process.poll() is None
    assert process.poll() == -9

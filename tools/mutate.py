"""Silence each check of the attacker in turn, and see that a test hears it.

``python -m tools.mutate`` runs the tests of the attacker for every check that a report names,
with that check finding nothing; ``--places`` for every place in the code where a check records
a finding. A test must fail each time. The exit status is 1 where none did.

A first run notes in which tests a check or place finds something: they run before the others.

The registry in ``tests/attacks/test_each_check.py``, which asks for each check by its name, is
left out: what is measured is whether the planted leaks would tell without it.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent
AUDIT = ROOT / "geo" / "audit"
TESTS = (
    "tests/attacks/test_planted_leaks.py",
    "tests/attacks/test_ranges.py",
    "tests/attacks/test_releases_in_time.py",
    "tests/attacks/test_each_finding.py",
    "tests/geo/test_audit_groups.py",
    "tests/geo/test_audit_rates.py",
    "tests/geo/test_audit_zones.py",
    "tests/geo/test_audit.py",
    "tests/geo/test_details.py",
    "tests/geo/test_signal.py",
    "tests/geo/test_victims.py",
)
CANARY = (19, "canary")
"""A command of its own, with tests of its own."""
SILENCED, NOTES = "MOSAICO_SILENCED", "MOSAICO_NOTES"
MOST_TESTS = 40
FAILED = 1
"""What pytest ends with when a test failed, and not the run."""


def checks() -> list[tuple[int, str]]:
    """(check, name) of everything that an audit reports, and the canary."""
    from geo import audit
    from tests.attacks import test_each_check as registry

    with tempfile.TemporaryDirectory() as private:
        folders = [registry.clean(Path(private) / name) for name in ("later", "earlier")]
        entries = audit.attack(folders[0], folders[1:]).report["checks"]
    return sorted({(entry["check"], entry["name"]) for entry in entries} | {CANARY})


def places() -> list[str]:
    """``file:first-last`` lines of each call in the attacker that records a finding."""
    found = []
    for path in sorted(AUDIT.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fail":
                found.append(f"{path.name}:{node.lineno}-{node.end_lineno}")
    return found


def silence(what: str) -> None:
    """Make one check, or one place in the code, find nothing in this process."""
    file, _, lines = what.partition(":")
    if file.isdigit():
        _silence_check(int(file), lines)
    else:
        _silence_place(file, *map(int, lines.split("-")))


def _silence_check(check: int, name: str) -> None:
    from geo import canary
    from geo.audit.findings import Result

    if (check, name) == CANARY:
        canary._numbers = lambda cells, k: []
        canary._different = lambda one, other: []
    made = Result.__init__

    def silent(self, *args, **kwargs) -> None:
        made(self, *args, **kwargs)
        if (self.check, self.name) == (check, name):
            object.__setattr__(self, "findings", [])
            object.__setattr__(self, "leaks", [])

    Result.__init__ = silent


def _silence_place(file: str, first: int, last: int) -> None:
    from geo.audit.findings import Recorder

    record = Recorder.fail

    def silent(self, *args, **kwargs) -> None:
        if _caller() not in {f"{file}:{line}" for line in range(first, last + 1)}:
            record(self, *args, **kwargs)

    Recorder.fail = silent


def _caller() -> str:
    """``file:line`` that called the function which calls this one."""
    frame = sys._getframe(2)
    inside = Path(frame.f_code.co_filename).parent == AUDIT
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if inside else ""


_FOUND: dict[str, list[str]] = {}
"""Tests in which a check, or a line of code, found something, in the run that notes them."""
_RUNNING = [""]


def _note(what: str) -> None:
    tests = _FOUND.setdefault(what, [])
    if _RUNNING[0] and _RUNNING[0] not in tests:
        tests.append(_RUNNING[0])


def _noting() -> None:
    from geo.audit.findings import Recorder, Result

    made, record = Result.__init__, Recorder.fail

    def noted(self, *args, **kwargs) -> None:
        made(self, *args, **kwargs)
        if self.findings:
            _note(f"{self.check}:{self.name}")

    def told(self, *args, **kwargs) -> None:
        _note(_caller())
        record(self, *args, **kwargs)

    Result.__init__, Recorder.fail = noted, told


def pytest_configure() -> None:
    """Of this file as a plugin of pytest, in each of its processes."""
    if SILENCED in os.environ:
        silence(os.environ[SILENCED])
    if NOTES in os.environ:
        _noting()


def pytest_runtest_logstart(nodeid: str) -> None:
    """Name of the test that runs, its fixtures too."""
    _RUNNING[0] = nodeid


def pytest_sessionfinish() -> None:
    """Leave the notes."""
    if NOTES in os.environ:
        Path(os.environ[NOTES]).write_text(json.dumps(_FOUND), encoding="utf-8")


def noted() -> dict[str, list[str]]:
    """Run all tests once, none silenced: the tests in which each check or line finds something.

    Raises
    ------
    SystemExit
        A test fails although nothing is silenced.
    """
    with tempfile.TemporaryDirectory() as private:
        notes = Path(private) / "notes.json"
        failing = _run(TESTS, {NOTES: str(notes)})
        if failing:
            raise SystemExit(f"{failing} fails with nothing silenced")
        return json.loads(notes.read_text(encoding="utf-8"))


def _run(tests: Iterable[str], environment: dict[str, str]) -> str:
    """Name of the first test that fails, or nothing."""
    call = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tools.mutate",
        "-n",
        "0",
        "-x",
        "--tb=no",
        *tests,
    ]
    done = subprocess.run(
        call, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode not in (0, FAILED):
        raise SystemExit(f"the tests could not be run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    failing = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    return failing[0].split(" ")[1] if failing else ""


def heard(what: str, notes: dict[str, list[str]]) -> str:
    """Name of the first test that fails with `what` silenced, or nothing.

    Those in which it found something run first, all others only where none of them fails. A
    place that no test reaches cannot be missed by any.
    """
    if what.startswith(f"{CANARY[0]}:"):
        return _run(["tests/geo/test_canary.py"], {SILENCED: what})
    own = _own(what, notes)
    if not own and not what.partition(":")[0].isdigit():
        return ""
    return (own and _run(own, {SILENCED: what})) or _run(TESTS, {SILENCED: what})


def _own(what: str, notes: dict[str, list[str]]) -> list[str]:
    """Tests in which a check, or a place of several lines, found something."""
    file, _, lines = what.partition(":")
    if file.isdigit():
        return notes.get(what, [])[:MOST_TESTS]
    first, last = map(int, lines.split("-"))
    named = [test for line in range(first, last + 1) for test in notes.get(f"{file}:{line}", [])]
    return list(dict.fromkeys(named))[:MOST_TESTS]


def main(arguments: list[str] | None = None) -> int:
    """Run every mutant and print a table of who heard it."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("--places", action="store_true", help="every place that records a finding")
    parser.add_argument("--only", default="", help="those whose name holds this text")
    asked = parser.parse_args(arguments)
    listed = places() if asked.places else [f"{check}:{name}" for check, name in checks()]
    survivors, notes = 0, noted()
    for what in (one for one in listed if asked.only in one):
        test = heard(what, notes)
        survivors += not test
        print(f"{what:28} {test or 'SURVIVED: no test failed'}", flush=True)
    print(f"{survivors} of {len(listed)} survived" if survivors else "every one was heard")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())

"""Silence each check of the attacker in turn, and see that a test hears it.

``python -m tools.mutate`` runs the tests of the attacker once for every check that a report
names, with that check finding nothing; ``--places`` once for every place in the code where a
check records a finding. A test must fail each time. The exit status is 1 where none did.

The registry in ``tests/attacks/test_each_check.py``, which asks for each check by its name, is
left out: what is measured is whether the planted leaks would tell without it.
"""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AUDIT = ROOT / "geo" / "audit"
REGISTRY = "tests/attacks/test_each_check.py"
TESTS = (
    "tests/attacks/test_planted_leaks.py",
    "tests/attacks/test_ranges.py",
    "tests/attacks/test_releases_in_time.py",
    "tests/geo/test_audit_groups.py",
    "tests/geo/test_audit_rates.py",
    "tests/geo/test_audit_zones.py",
    "tests/geo/test_audit.py",
    "tests/geo/test_details.py",
)
CANARY = (19, "canary")
"""A command of its own, with tests of its own."""
SILENCED = "MOSAICO_SILENCED"
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
        frame = sys._getframe(1)
        if Path(frame.f_code.co_filename) != AUDIT / file or not first <= frame.f_lineno <= last:
            record(self, *args, **kwargs)

    Recorder.fail = silent


def pytest_configure() -> None:
    """Of this file as a plugin of pytest, in each of its processes."""
    if SILENCED in os.environ:
        silence(os.environ[SILENCED])


def heard(what: str) -> str:
    """Name of the first test that fails with `what` silenced, or nothing."""
    tests = ["tests/geo/test_canary.py"] if what.startswith(f"{CANARY[0]}:") else TESTS
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
        call, cwd=ROOT, env={**os.environ, SILENCED: what}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode not in (0, FAILED):
        raise SystemExit(f"the tests could not be run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    failing = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    return failing[0].split(" ")[1] if failing else ""


def main(arguments: list[str] | None = None) -> int:
    """Run every mutant and print a table of who heard it."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("--places", action="store_true", help="every place that records a finding")
    parser.add_argument("--only", default="", help="those whose name holds this text")
    asked = parser.parse_args(arguments)
    listed = places() if asked.places else [f"{check}:{name}" for check, name in checks()]
    survivors = 0
    for what in (one for one in listed if asked.only in one):
        test = heard(what)
        survivors += not test
        print(f"{what:28} {test or 'SURVIVED: no test failed'}", flush=True)
    print(f"{survivors} of {len(listed)} survived" if survivors else "every one was heard")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())

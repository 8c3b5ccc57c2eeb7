"""What a check returns: how much it tested, and a finding for each thing that fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from geo.audit.space import parses
from geo.model import LEVELS, Leak

COLUMNS = ("check", "name", "severity", "level", "place", "detail")


class Finding(NamedTuple):
    """One row of the problems table; `detail` names cells, never a derived count."""

    check: int
    name: str
    severity: str
    level: str
    place: str
    detail: str


@dataclass(frozen=True)
class Result:
    """Outcome of one named check.

    Attributes
    ----------
    check : int
        Number of the check in PRIVACY.md; 0 for what the manifest must be.
    name : str
    decides : bool
        Whether a finding stops the release.
    tested : int
        How many things were looked at.
    findings : list of Finding
    limited : int
        How many searches met their limit and were not exhaustive.
    leaks : list of Leak
        Private: the groups that the findings are about, for whoever must protect them.
    """

    check: int
    name: str
    tested: int
    findings: list[Finding] = field(default_factory=list)
    decides: bool = True
    limited: int = 0
    leaks: list[Leak] = field(default_factory=list)


class Recorder:
    """Collects the findings of one check."""

    def __init__(self, check: int, name: str, *, decides: bool = True):
        self.check, self.name, self.decides = check, name, decides
        self.tested = 0
        self.limited = 0
        self.findings: list[Finding] = []
        self.leaks: list[Leak] = []

    def fail(self, detail: str, level: str = "", place: str = "", leak: Leak = ()) -> None:
        """Record one finding, and the small group that it found."""
        if leak:
            self.leaks.append(leak)
        severity = "fail" if self.decides else "report"
        self.findings.append(Finding(self.check, self.name, severity, level, place, detail))

    def result(self) -> Result:
        """Everything recorded."""
        return Result(
            self.check,
            self.name,
            self.tested,
            self.findings,
            self.decides,
            self.limited,
            self.leaks,
        )


def table(results: list[Result]) -> pd.DataFrame:
    """Problems of all results: check, name, severity, level, place, detail."""
    rows = [_sayable(finding) for result in results for finding in result.findings]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"check": "int64", **dict.fromkeys(COLUMNS[1:], "str")})


def _sayable(finding: Finding) -> Finding:
    """Hide a level or place that no release has: somebody may have written a case there."""
    unfit = []
    if finding.level not in ("", *LEVELS):
        finding = finding._replace(level="")
        unfit.append("its level is no level")
    if finding.place and not parses("place", finding.place):
        finding = finding._replace(place="")
        unfit.append("its place is no place id")
    if unfit:
        finding = finding._replace(detail=f"{finding.detail} ({' and '.join(unfit)}; not shown)")
    return finding


def told(problem: dict) -> str:
    """Say one row of the problems table in words: its cell, and what fails there."""
    cell = f"{problem['level']} {problem['place']}".strip()
    return f"{cell}: {problem['detail']}" if cell else problem["detail"]

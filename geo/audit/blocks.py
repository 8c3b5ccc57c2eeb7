"""The blocks of time of a release, and the evidence of each as a table of its own.

A release's first block is its ``all``. A closed year that was added later stands beside it
and is never part of ``all``: the two have no case in common, so that each is attacked
alone, and nothing is lost by that.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import reduce

from geo.audit.evidence import Evidence
from geo.audit.findings import Result
from geo.model import KEY, PUBLISHED

ALL = "all"
_YEAR = re.compile(r"(19|20)\d\d")
_TOGETHER = {"rounds": max, "narrowest": min, "feasible": all}
_TIME = frozenset(["period", "quarter"])


@dataclass(frozen=True)
class Block:
    """One block of a release, as its manifest says.

    Attributes
    ----------
    period : str
        Code of the block's total in the cells: ``all`` for the first, else a year.
    label : str
    start, end : str
        First and last day; empty where the manifest does not say.
    release : str
        Id of the release that first had it.
    restates : str
        Label of the block that it replaces, or empty.
    sha256 : str
        Hash of its rows as the manifest says.
    evidence : Evidence
        The release with the rows and views of this block only.
    """

    period: str
    label: str
    start: str
    end: str
    release: str
    restates: str
    sha256: str
    evidence: Evidence

    @property
    def rows(self):
        """Rows of the block that count something."""
        return self.evidence.rows()


def blocks(evidence: Evidence) -> tuple[Block, ...]:
    """Blocks of a release; one where the manifest lists none."""
    listed = evidence.manifest.get("blocks")
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    coverage = evidence.manifest.get("coverage")
    alone = {**(coverage if isinstance(coverage, dict) else {}), "period": ALL}
    entries = entries or [alone | {"release": evidence.manifest.get("id")}]
    years = {one.get("period") for one in entries if _is_year(one.get("period"))}
    return tuple(_block(evidence, entry, years) for entry in entries)


def digest(evidence: Evidence) -> str:
    """Hash of the rows of a block: CSV text without a header, sorted by key."""
    rows = evidence.rows().sort_values(list(KEY), kind="stable")
    lines = (",".join(map(str, row)) + "\n" for row in rows.itertuples(index=False, name=None))
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def merged(results: list[list[Result]], numbers: list[dict]) -> tuple[list[Result], dict]:
    """Results and numbers of every block as those of the release: counts added, findings joined."""
    return joined([result for several in results for result in several]), reduce(_added, numbers)


def joined(results: list[Result]) -> list[Result]:
    """Results of one check and name as one."""
    found: dict[tuple[int, str], Result] = {}
    for one in results:
        before = found.get((one.check, one.name))
        found[one.check, one.name] = _sum(before, one) if before else one
    return list(found.values())


def _added(one: dict, other: dict) -> dict:
    """Numbers of two blocks together; both have the same entries."""
    joined = {}
    for name, value in one.items():
        if isinstance(value, dict):
            joined[name] = _added(value, other[name])
        else:
            joined[name] = _TOGETHER.get(name, sum)((value, other[name]))
    return joined


def _sum(one: Result, other: Result) -> Result:
    return replace(
        one,
        tested=one.tested + other.tested,
        findings=[*one.findings, *other.findings],
        limited=one.limited + other.limited,
        leaks=[*one.leaks, *other.leaks],
    )


def _is_year(code: object) -> bool:
    return isinstance(code, str) and bool(_YEAR.fullmatch(code))


def _block(evidence: Evidence, entry: dict, years: set[str]) -> Block:
    def text(name: str) -> str:
        return entry[name] if isinstance(entry.get(name), str) else ""

    return Block(
        entry["period"] if _is_year(entry.get("period")) else ALL,
        text("label"),
        _day(text("start"), "-01-01"),
        _day(text("end"), "-12-31"),
        text("release"),
        text("restates"),
        text("sha256"),
        _own(evidence, entry, years),
    )


def _day(text: str, rest: str) -> str:
    """First or last day that a year, month or day says: ``2015``, ``2015-07`` or ``2015-07-31``.

    >>> _day("2015", "-12-31"), _day("2015-07", "-12-31"), _day("2015-07-09", "-12-31")
    ('2015-12-31', '2015-07-31', '2015-07-09')
    """
    return text + rest[len(text) - 4 :] if text else ""


def _own(evidence: Evidence, entry: dict, years: set[str]) -> Evidence:
    """Rows, views and several-valued dimensions of one block."""
    content = dict(evidence.manifest)
    if isinstance(entry.get("multi_valued"), list):
        content["multi_valued"] = entry["multi_valued"]
    cells = evidence.cells
    if not set(PUBLISHED.names) <= set(cells.columns):
        return replace(evidence, manifest=content)
    year = cells["period"].str[:4]
    own = ~year.isin(years)
    if entry.get("period") in years:
        own = year == entry["period"]
        views = [one for one in _views(evidence) if _in_time(one)]
        content["policy"] = {**_policy(evidence), "views": views}
    return replace(evidence, manifest=content, cells=cells[own].reset_index(drop=True))


def _policy(evidence: Evidence) -> dict:
    policy = evidence.manifest.get("policy")
    return policy if isinstance(policy, dict) else {}


def _views(evidence: Evidence) -> list[dict]:
    return [{"level": level, "grains": sorted(grains)} for level, grains in evidence.views]


def _in_time(view: dict) -> bool:
    return bool(_TIME & set(view["grains"]))

"""Check 9: a part that equals its published parent tells a value of everybody in the parent.

Known is what is published or derived. A part equals its parent when its count does, or when
the rest of the parent is derived to be none, even where neither count is known. That all values
of a group are unknown tells nothing. What the
definitions of the release say anyway (``scope`` of the manifest) tells nothing, and is listed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from geo.audit.derived import Knowledge
from geo.audit.evidence import Evidence
from geo.audit.findings import Finding, Recorder, Result
from geo.audit.lines import every
from geo.audit.settle import by_row
from geo.audit.space import AXES, Points, ancestors, level_of
from geo.model import LEVELS, UNKNOWN, Leak

BELOW_COUNTRY = ("state", "h3_3", "h3_4", "h3_5")


@dataclass(frozen=True)
class Equal:
    """A part, known or not, that holds everybody of a group around it.

    Attributes
    ----------
    axis : str
        Dimension of which the part has one value.
    codes : tuple of str
        Code of the part on every axis of `AXES`; off the axis it may be a remainder or several
        codes that no table shows, as in ``US|rest``.
    leak : Leak
        The part, where it is a known cell.
    """

    axis: str
    codes: tuple[str, ...]
    leak: Leak = field(default=(), compare=False)

    @property
    def level(self) -> str:
        """Place level of the part; of a remainder, the level below its place."""
        place, remainder, _ = self.codes[0].partition("|")
        level = level_of(place)
        return LEVELS[LEVELS.index(level) + 1] if remainder else level

    @property
    def others(self) -> str:
        """Its codes besides the place, in words."""
        return " x ".join(code for code in self.codes[1:] if code != "all") or "total"


def homogeneity(
    evidence: Evidence, known: Points, knowledge: Knowledge
) -> tuple[list[Result], dict]:
    """Equal parts that the release must not have, those it may have, and what excuses some.

    Returns
    -------
    list of Result
        ``homogeneity``: of sensitive dimensions below country level; ``equal parts``: all
        others, one finding a dimension.
    dict
        Numbers for the report: equal parts, and those that each statement of the scope excuses.
    """
    equal, tested = equal_parts(known)
    equal = [*equal, *empty_rests(knowledge, evidence)]
    excuses = {one: excuse(one, evidence.scope) for one in dict.fromkeys(equal)}
    forbidden = Recorder(9, "homogeneity")
    forbidden.tested = tested
    elsewhere: Counter[str] = Counter()
    for one in (one for one, excused in excuses.items() if excused is None):
        if one.axis in evidence.sensitive and one.level in BELOW_COUNTRY:
            words = f"{one.others}: all of the group around it, along {one.axis}"
            forbidden.fail(words, one.level, one.codes[0].partition("|")[0], one.leak)
        else:
            elsewhere[one.axis] += 1
    excused = Counter(" ".join(found) for found in excuses.values() if found is not None)
    numbers = {
        "equal": len(excuses),
        "sensitive": len(forbidden.findings),
        "exempt": {" ".join(one): excused[" ".join(one)] for one in evidence.scope},
    }
    return [forbidden.result(), _elsewhere(elsewhere, tested)], numbers


def _elsewhere(equal: Counter[str], tested: int) -> Result:
    words = "parts equal their parent where the policy allows it, along"
    findings = [
        Finding(9, "equal parts", "report", "", "", f"{equal[axis]} {words} {axis}")
        for axis in sorted(equal, key=lambda axis: (axis not in AXES, axis))
    ]
    return Result(9, "equal parts", tested, findings, decides=False)


def equal_parts(known: Points) -> tuple[list[Equal], int]:
    """Known cells equal to a known cell above them along one axis, and pairs compared."""
    found, tested = [], 0
    for axis, tree in enumerate(known.trees):
        pairs = every(known, axis)
        tested += len(pairs.child)
        values = known.values[pairs.child]
        equal = (values > 0) & (values == known.values[pairs.parent])
        equal &= np.array([name != UNKNOWN for name in tree.names])[known.codes[pairs.child, axis]]
        for cell in np.unique(pairs.child[equal]):
            names = zip(known.trees, known.codes[cell], strict=True)
            codes = tuple(one.names[code] for one, code in names)
            found.append(Equal(tree.axis, codes, (known.block(cell, {}),)))
    return found, tested


def empty_rests(knowledge: Knowledge, evidence: Evidence) -> list[Equal]:
    """Parts of sensitive dimensions whose group has nobody else, be their counts known or not.

    Along an axis of single values the rest is every other part; along one of several values
    it is the node of the cases without the value. Parts that are lumped are not told apart.
    """
    system, settled = knowledge.system, knowledge.settled
    some = (~settled.known | (settled.values > 0))[system.columns]
    groups = by_row(some & (system.signs > 0), system.start)
    parts = by_row(some & (system.signs < 0), system.start)
    size = by_row(system.signs < 0, system.start)
    found = []
    for equation in np.flatnonzero((groups == 1) & (parts == 1) & (size > 1)):
        entries = slice(system.start[equation], system.start[equation + 1])
        cells, signs = system.columns[entries][some[entries]], system.signs[entries][some[entries]]
        part, group = cells[signs < 0][0], cells[signs > 0][0]
        one = named(system, part, group)
        if one and one.axis in evidence.sensitive and system.listed[part]:
            found.append(one)
    return found


def named(system, part: int, group: int) -> Equal | None:
    """The part by its codes; None where its own is no single known value."""
    nodes = system.nodes(np.array([part, group]))
    names = tuple(one.names[node] for one, node in zip(system.axes, nodes[0], strict=True))
    differ = np.flatnonzero(nodes[0] != nodes[1])
    if len(differ) != 1:
        return None
    told = names[differ[0]]
    return None if "|" in told or told == UNKNOWN else Equal(system.axes[differ[0]].name, names)


def excuse(one: Equal, scope: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    """Statement of the scope that says the part's value of every case around it.

    A statement (dimension, code) holds for all cases; one of two pairs for the cases that
    have the first. A value above the code is said with it.

    >>> excuse(Equal("nationality", ("US-TX", "all", "all", "MX", "all")), (("nationality", "MX"),))
    ('nationality', 'MX')
    """
    if one.axis not in AXES:
        return None
    told = one.codes[AXES.index(one.axis)]
    for statement in scope:
        dimension, code = statement[-2:]
        if dimension != one.axis or told not in (code, *ancestors(dimension, code)):
            continue
        if len(statement) == 2 or _carries(one, *statement[:2]):  # noqa: PLR2004
            return statement
    return None


def _carries(one: Equal, dimension: str, code: str) -> bool:
    """Whether every case of the part, on another axis, has a code or one below it."""
    own = one.codes[AXES.index(dimension)]
    if dimension == one.axis or own == "all" or "|" in own:
        return False
    return code in (own, *ancestors(dimension, own))

"""Check 20: what an attacker gets who assumes that the smallest sibling hides. Reported only.

A line of a published parent hides the small parts and, so that they do not follow by
subtraction, at least one more. Software often hides the smallest part that may be shown. Who
believes that reads more from a line than its numbers say: the further part is at most the
smallest published one. Here ties are broken by a private draw instead; this check counts how
far the belief would lead on the lines of a release, and where its numbers prove or disprove it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.audit.findings import Finding, Result
from geo.audit.space import Points

LEAST_HIDDEN = 2
LEAST_SHOWN = 1


class Line(NamedTuple):
    """A published parent along one axis.

    Attributes
    ----------
    hidden : int
        Parts of the release's codes without a published cell.
    remainder : int
        Parent minus its published parts.
    smallest : int
        Least published part.
    """

    hidden: int
    remainder: int
    smallest: int


def minimality(published: Points, k: int) -> tuple[Result, dict[str, int]]:
    """Lines on which the belief narrows what is hidden, and on which it can be checked.

    Returns
    -------
    Result
        One finding, without a place or a value.
    dict of int
        ``lines`` with hidden parts; ``two_hidden`` of them with exactly two; ``narrowed``:
        under the belief the parts that are not the smallest cannot be none; ``sure``: the
        numbers prove the belief right; ``refuted``: they prove it wrong.
    """
    found = [line for axis in range(len(published.trees)) for line in _lines(published, axis)]
    numbers = {
        "lines": len(found),
        "two_hidden": sum(line.hidden == LEAST_HIDDEN for line in found),
        "narrowed": sum(_narrowed(line) for line in found),
        "sure": sum(line.remainder <= line.smallest for line in found),
        "refuted": sum(_refuted(line, k) for line in found),
    }
    words = (
        "{narrowed} of {lines} lines would tell more to somebody who believes that the smallest "
        "part hides; the numbers prove that right on {sure} and wrong on {refuted}"
    ).format(**numbers)
    findings = [Finding(20, "minimality", "report", "", "", words)] if numbers["narrowed"] else []
    return Result(20, "minimality", len(found), findings, decides=False), numbers


def _narrowed(line: Line) -> bool:
    """Whether the further part, at most the smallest shown, leaves some for the small ones."""
    return line.remainder > line.smallest


def _refuted(line: Line, k: int) -> bool:
    """Whether the hidden parts are more than one further and else small parts can be."""
    return line.remainder > line.smallest + (line.hidden - 1) * (k - 1)


def _lines(published: Points, axis: int) -> list[Line]:
    """Lines of an axis of single values with several hidden and at least one shown part."""
    tree = published.trees[axis]
    if tree.multi:
        return []
    found = []
    for node in np.unique(published.codes[:, axis]):
        below = np.flatnonzero(tree.parent == node)
        if len(below) < LEAST_HIDDEN + LEAST_SHOWN:
            continue
        cells = np.flatnonzero(published.codes[:, axis] == node)
        keys = published.keys[cells, None] + (below - node) * published.radix[axis]
        at = published.find(keys)
        values = published.values[np.maximum(at, 0)]
        shown, hidden = (at >= 0).sum(axis=1), (at < 0).sum(axis=1)
        remainder = published.values[cells] - np.where(at >= 0, values, 0).sum(axis=1)
        smallest = np.where(at >= 0, values, np.iinfo(np.int64).max).min(axis=1)
        chosen = (shown >= LEAST_SHOWN) & (hidden >= LEAST_HIDDEN)
        rows = zip(hidden[chosen], remainder[chosen], smallest[chosen], strict=True)
        found += [Line(*map(int, row)) for row in rows]
    return found

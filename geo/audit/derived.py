"""Check 4 as a whole: single equations and linear algebra in turn until nothing follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.audit.axes import Axis
from geo.audit.findings import Finding, Recorder, Result
from geo.audit.rank import Derived, derive
from geo.audit.settle import Settled, settle
from geo.audit.space import Points, Tree, points
from geo.audit.system import System

MOST_ROUNDS = 12


@dataclass(frozen=True)
class Knowledge:
    """Everything derived from the published cells of one release.

    Attributes
    ----------
    system : System
    settled : Settled
        With all derived cells known.
    last : Derived
        Result of the last reduction, which found nothing new but sums.
    rounds : int
    """

    system: System
    settled: Settled
    last: Derived
    rounds: int


def learn(system: System, total: int, progress=None) -> Knowledge:
    """Derive cells until a round adds none."""
    settled = settle(system, system.known, system.values)
    rounds, grown = 0, True
    while grown and rounds < MOST_ROUNDS:
        rounds += 1
        derived = derive(system, settled, total, progress)
        known, values = settled.known.copy(), settled.values.copy()
        known[derived.cells] = True
        values[derived.cells] = derived.counts
        for cells, count in derived.sums:
            if count == 0:
                known[list(cells)] = True
                values[list(cells)] = 0
        grown = bool((known != settled.known).any())
        settled = settle(system, known, values) if grown else settled
    return Knowledge(system, settled, derived, rounds)


def rank(knowledge: Knowledge, k: int) -> list[Result]:
    """Derived counts from 1 to k-1, alone or as sums; and numbers that contradict each other."""
    system, settled = knowledge.system, knowledge.settled
    alone, sums = Recorder(4, "rank"), Recorder(4, "sums of hidden")
    contradictions = Recorder(2, "contradictions")
    alone.tested = int((~system.known & system.listed).sum())
    small = (settled.values > 0) & (settled.values < k) & system.listed
    for cell in np.flatnonzero(small & settled.known & ~system.known):
        level, place, others = system.describe(cell)
        words = f"{others}: not published, and from 1 to k-1 is derived"
        alone.fail(words, level, place, (system.block(cell),))
    sums.tested = len(knowledge.last.sums)
    sums.limited = knowledge.last.limited
    for cells, count in knowledge.last.sums:
        if 0 < count < k and system.listed[list(cells)].all():
            level, place, others = system.describe(cells[0])
            words = f"and {len(cells) - 1} more hidden cells of one line sum to 1 to k-1"
            leak = tuple(system.block(cell) for cell in cells)
            sums.fail(f"{others} {words}", level, place, leak)
    _contradictions(knowledge, contradictions)
    return [alone.result(), sums.result(), contradictions.result()]


def forced_to_zero(knowledge: Knowledge, bounded: int = 0) -> tuple[Result, dict[str, int]]:
    """Check 8: hidden cells that can only be none. Reported; never which ones, only how many.

    Parameters
    ----------
    knowledge : Knowledge
    bounded : int
        Further hidden cells whose largest value by linear programming is 0.

    Returns
    -------
    Result
    dict of int
        ``hidden`` cells of listed views, and those that can only be ``none``.
    """
    system, settled = knowledge.system, knowledge.settled
    hidden = system.listed & ~system.known
    numbers = {
        "hidden": int(hidden.sum()),
        "none": int((hidden & settled.known & (settled.values == 0)).sum()) + bounded,
    }
    findings = []
    if numbers["none"]:
        words = f"{numbers['none']} hidden cells can only be none: a zero is no small count"
        findings.append(Finding(8, "forced to zero", "report", "", "", words))
    return Result(8, "forced to zero", numbers["hidden"], findings, decides=False), numbers


def _contradictions(knowledge: Knowledge, recorder: Recorder) -> None:
    system, settled = knowledge.system, knowledge.settled
    recorder.tested = len(system.start) - 1
    for equation in settled.broken:
        level, place, others = system.describe(system.columns[system.start[equation]])
        recorder.fail(f"{others}: its parts cannot make it up", level, place)
    if knowledge.last.contradictions:
        recorder.fail(f"{knowledge.last.contradictions} combinations of numbers are no counts")


def extended(known: Points, knowledge: Knowledge) -> Points:
    """Published points and derived cells together; of a lump with none, every member has none."""
    system, settled = knowledge.system, knowledge.settled
    new = np.flatnonzero(settled.known & ~system.known)
    nodes, values = system.nodes(new), settled.values[new]
    for d, axis in enumerate(system.axes):
        nodes, values = _unlumped(nodes, values, d, axis)
    codes = np.column_stack(
        [
            _codes(tree, axis)[nodes[:, d]]
            for d, (tree, axis) in enumerate(zip(known.trees, system.axes, strict=True))
        ]
    )
    real = (codes >= 0).all(axis=1)
    return points(
        known.trees,
        np.concatenate([known.codes, codes[real]]),
        np.concatenate([known.values, values[real]]),
    )


def _unlumped(nodes, values, d: int, axis: Axis) -> tuple[np.ndarray, np.ndarray]:
    """Cells with lumps along one axis replaced by their members, where they count none."""
    tables, counts = [nodes], [values]
    for members, lump in axis.lumps.items():
        none = (nodes[:, d] == lump) & (values == 0)
        for member in members if none.any() else ():
            table = nodes[none].copy()
            table[:, d] = member
            tables.append(table)
            counts.append(values[none])
    return np.concatenate(tables), np.concatenate(counts)


def _codes(tree: Tree, axis: Axis) -> np.ndarray:
    """Code of the tree that each node is, -1 where it is a remainder or a lump."""
    index = tree.index
    return np.array([index.get(name, -1) for name in axis.names], dtype=np.int64)

"""Victims beside cases: that they stand beside cases, and what they tell beyond one a case.

A case has at least one victim, so that victims less cases are the *further* victims. They are a
count of people over the same cells: a number from 1 to k-1 of them is a small count, in a cell
and in all that follows from cells. So they are attacked as the cases are, as a table of their
own. That no number is dominated by one case cannot be seen from outside; the suppression answers
for it, and its tests.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.audit.evidence import Evidence
from geo.audit.findings import Recorder, Result
from geo.audit.lines import every, nearest
from geo.audit.space import AXES, Points, published
from geo.model import CASES_MEASURE, KEY, MEASURES, VICTIMS_MEASURE

WORDS = "victims less cases"


def form(evidence: Evidence) -> list[Result]:
    """Check 0: rows are of listed measures; victims only beside their cases, and no fewer.

    Nothing where a release neither lists victims nor has a row of them.
    """
    listed = evidence.manifest.get("measures")
    names = set(listed) if isinstance(listed, dict) else set()
    rows = evidence.rows()
    found = set(rows["measure"])
    if not (names | found) - {CASES_MEASURE}:
        return []
    recorder = Recorder(0, "measures")
    recorder.tested = len(rows)
    if (names != found and found <= set(MEASURES)) or not names <= set(MEASURES):
        recorder.fail("the manifest lists other measures than the cells have")
    both = _beside(evidence)
    for row in both[both["cases"].isna()].itertuples():
        words = f"row {row.Index + 1}: victims of a cell whose cases are not published"
        recorder.fail(words, row.level, row.place)
    for row in both[both["value"] < both["cases"]].itertuples():
        recorder.fail(f"row {row.Index + 1}: fewer victims than cases", row.level, row.place)
    return [recorder.result()]


def _beside(evidence: Evidence) -> pd.DataFrame:
    """Rows of victims with the cases of their cells, missing where these are not published."""
    rows, keys = evidence.rows(), [name for name in KEY if name != "measure"]
    cases = rows[rows["measure"] == CASES_MEASURE].set_index(keys)["value"]
    people = rows[rows["measure"] == VICTIMS_MEASURE]
    wanted = pd.MultiIndex.from_frame(people[keys])
    return people.assign(cases=cases.reindex(wanted).to_numpy(dtype=float))


def further(evidence: Evidence) -> Evidence | None:
    """The release with victims less cases in place of cases; None where it has no victims."""
    both = _beside(evidence)
    both = both[both["cases"].notna()]
    if not len(both):
        return None
    left = (both["value"] - both["cases"].astype("int64")).clip(lower=0)
    cells = both.drop(columns="cases").assign(measure=CASES_MEASURE)
    cells["value"] = [int(number) for number in left]
    cells["value"] = cells["value"].astype(object)
    return replace(evidence, cells=cells.reset_index(drop=True))


def named(result: Result) -> Result:
    """A result whose findings say that they are about victims; no leak of cases is in it."""
    told = [one._replace(detail=f"{WORDS}: {one.detail}") for one in result.findings]
    return replace(result, findings=told, leaks=[])


def told(evidence: Evidence) -> Result:
    """Check 9: no cell is told to have one victim a case, or from 1 to k-1 further ones.

    Nor is what a cell's parts leave told to have one victim a case; from 1 to k-1 further ones
    there are the other checks'.
    """
    recorder = Recorder(9, "further victims")
    people = further(evidence)
    if people is None:
        return recorder.result()
    left, all_cases = published(people), published(evidence)
    cases = _at(all_cases, left)
    recorder.tested = len(left.values)
    for at in np.flatnonzero(left.values == 0).tolist():
        _fail(recorder, left, at, "every case has one victim")
    for at in np.flatnonzero((left.values > 0) & (left.values < evidence.k)).tolist():
        _fail(recorder, left, at, f"{WORDS} are from 1 to k-1")
    for axis, tree in enumerate(left.trees):
        for at in _rests(left, cases, axis, single=tree.multi):
            _fail(recorder, left, at, f"all outside its parts along {AXES[axis]} have one victim")
    return recorder.result()


def _rests(left: Points, cases: np.ndarray, axis: int, *, single: bool) -> list[int]:
    """Cells whose parts take all further victims, but not all cases."""
    if single:
        pairs = every(left, axis)
        same = left.values[pairs.parent] == left.values[pairs.child]
        return np.unique(pairs.parent[same & (cases[pairs.parent] != cases[pairs.child])]).tolist()
    pairs = nearest(left, axis)
    rest, outside = left.values.copy(), cases.copy()
    np.subtract.at(rest, pairs.parent, left.values[pairs.child])
    np.subtract.at(outside, pairs.parent, cases[pairs.child])
    wholes = np.unique(pairs.parent)
    return wholes[(rest[wholes] == 0) & (outside[wholes] > 0)].tolist()


def _at(known: Points, others: Points) -> np.ndarray:
    """Values of `known` at the cells of others, whose trees may lack codes."""
    codes = np.empty_like(others.codes)
    for axis, (own, other) in enumerate(zip(known.trees, others.trees, strict=True)):
        codes[:, axis] = [own.index[other.names[code]] for code in others.codes[:, axis]]
    return known.values[known.find(codes @ known.radix)]


def _fail(recorder: Recorder, left: Points, at: int, words: str) -> None:
    level, place, others = left.describe(at)
    recorder.fail(f"{others}: {words}", level, place)


def summary(numbers: dict) -> dict[str, int]:
    """Numbers of the report, of those that the checks give."""
    return {
        "published": numbers["equations"]["published"],
        "derived": numbers["equations"]["derived"],
        "cells": numbers["intervals"]["cells"],
        "systems": numbers["intervals"]["systems"],
        "inside": numbers["intervals"]["inside"],
        "narrowest": numbers["worst"]["narrowest"],
    }

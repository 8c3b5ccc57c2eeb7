"""The attacker: reads a written release as the public will, and tries to find people in it.

Nothing here is shared with the suppression. :func:`attack` runs the checks of PRIVACY.md
that are built so far; ``NOT_RUN`` says which are not. A release whose attack finds
anything that decides is not released.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.audit import (
    beside,
    blocks,
    bounds,
    boxes,
    channels,
    content,
    derived,
    documents,
    homogeneity,
    insider,
    lines,
    minimality,
    overlaps,
    overlay,
    programs,
    rates,
    rests,
    series,
    siblings,
    space,
    system,
    values,
    victims,
    whole,
)
from geo.audit.evidence import Evidence, gather
from geo.audit.findings import Recorder, Result, table, told
from geo.model import Leak

__all__ = ["NOT_RUN", "SCHEMA", "Audit", "attack", "told"]

SCHEMA = "mosaico-audit/1"
NOT_RUN = (19,)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Audit:
    """What an attack found.

    Attributes
    ----------
    problems : pandas.DataFrame
        check, name, severity (``fail`` or ``report``), level, place, detail.
    report : dict
        What ``audit.json`` holds: checks run with what each tested and found, equations
        solved, intervals. The same folder gives the same report.
    leaks : tuple of Leak
        Private: the groups whose small count follows from the release (checks 2 to 4), or from
        it and earlier ones, and those whose change is small (check 14).
    """

    problems: pd.DataFrame
    report: dict
    leaks: tuple[Leak, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was found that decides."""
        return not (self.problems["severity"] == "fail").any()


def attack(
    folder: str | Path, earlier: Sequence[str | Path] = (), progress: Progress | None = None
) -> Audit:
    """Run every check on a written release folder.

    Parameters
    ----------
    folder : path
        A release, sealed or not yet.
    earlier : sequence of path
        Earlier releases of its series.
    progress : callable, optional
        Called with (step, done, total) during long steps.

    Returns
    -------
    Audit

    Raises
    ------
    UnusableError
        `folder` is no release folder at all.
    """
    evidence = gather(folder)
    others = tuple(gather(one) for one in earlier)
    results = _folder_checks(evidence, others)
    arithmetic, numbers = _every_block(evidence, progress)
    compared = series.between(evidence, others, progress)
    results = sorted([*results, *arithmetic, *compared], key=lambda result: result.check)
    report = {
        "schema": SCHEMA,
        "k": evidence.k,
        "checks": [_entry(result) for result in results],
        "not_run": list(NOT_RUN),
        **numbers,
    }
    leaks = tuple(dict.fromkeys(leak for result in results for leak in result.leaks))
    return Audit(table(results), report, leaks)


def _folder_checks(evidence: Evidence, earlier: tuple[Evidence, ...]) -> list[Result]:
    return [
        values.manifest(evidence),
        values.listed_views(evidence),
        values.small_values(evidence),
        values.one_value(evidence, tuple(series.same_block(evidence, one) for one in earlier)),
        values.complements(evidence),
        channels.files(evidence),
        channels.rows(evidence),
        channels.formats(evidence),
        channels.options(evidence),
        channels.places(evidence),
        documents.entries(evidence),
        content.columns(evidence),
        content.texts(evidence),
        content.shapes(evidence),
        series.own_blocks(evidence),
        rates.rates(evidence),
        *beside.tables(evidence, earlier),
        *victims.form(evidence),
        *overlay.overlay(evidence, overlay.drawn(evidence), evidence.k),
    ]


def _every_block(evidence: Evidence, progress) -> tuple[list[Result], dict]:
    """Checks of the numbers on each block of time, and each profile: tables of their own."""
    filled = [one.evidence for one in blocks.blocks(evidence) if len(one.rows)] or [evidence]
    solved = [_arithmetic(one, space.published(one), progress) for one in filled]
    for own, points in beside.parts(evidence):
        results, numbers = _arithmetic(own, points, progress)
        axis = points.trees[-1].axis
        solved.append(([beside.named(result, axis) for result in results], numbers))
    results, numbers = blocks.merged(*zip(*solved, strict=True))
    people, more = _further(filled, progress)
    return blocks.joined([*results, *people]), numbers | more


def _further(filled: list[Evidence], progress) -> tuple[list[Result], dict]:
    """The same checks on further victims, as far as they decide; nothing where there are none."""
    solved = []
    for one in filled:
        own = victims.further(one)
        if own is not None:
            results, numbers = _arithmetic(own, space.published(own), progress, insiders=False)
            decide = [victims.named(result) for result in results if result.decides]
            solved.append(([*decide, victims.told(one)], {"victims": victims.summary(numbers)}))
    return blocks.merged(*zip(*solved, strict=True)) if solved else ([], {})


def _arithmetic(
    evidence: Evidence, published: space.Points, progress, *, insiders: bool = True
) -> tuple[list[Result], dict]:
    """Checks 2 to 10, 15 and 20, on the published numbers and what is derived from them."""
    k = evidence.k
    equations = system.build(evidence, published)
    total = int(equations.values.max(initial=0))
    knowledge = derived.learn(equations, total, progress)
    known = derived.extended(published, knowledge)
    program = programs.program(knowledge)
    found = bounds.intervals(program, k, progress)
    wholes = whole.whole(program, found, k, progress)
    sums = siblings.sums(program, wholes.ranges, found, k, progress)
    inside = insider.Insiders()
    if insiders:
        inside = insider.insiders(knowledge, program, wholes.ranges, found, k, progress)
    beside_parts = rests.rests(evidence, knowledge, program, found, k)
    decides = evidence.by_intervals
    equal, equals = homogeneity.homogeneity(evidence, known, knowledge)
    none, zeros = derived.forced_to_zero(knowledge, bounds.pinned_to_none(found))
    belief, beliefs = minimality.minimality(published, k)
    results = [
        *lines.lines(known, k),
        boxes.boxes(known, k, progress),
        *derived.rank(knowledge, k),
        _bounded(found, k, decides=decides),
        whole.check(program, wholes, equations, k, decides=decides),
        siblings.check(sums, program, equations, decides=decides),
        insider.check(inside, decides=decides),
        none,
        *equal,
        rests.check(beside_parts, decides=decides),
        overlaps.overlaps(known, k),
        belief,
    ]
    numbers = {
        "equations": _solved(published, known, knowledge),
        "intervals": bounds.summary(found, k),
        "whole_numbers": whole.summary(program, wholes, k),
        "siblings": siblings.summary(sums, k),
        "insider": insider.summary(inside, known, k),
        "zeros": zeros,
        "homogeneity": equals,
        "rests": rests.summary(beside_parts),
        "minimality": beliefs,
    }
    bounded = ("intervals", "whole_numbers", "siblings")
    numbers["worst"] = {"narrowest": min(numbers[name]["narrowest"] for name in bounded)}
    return results, numbers


def _solved(published: space.Points, known: space.Points, knowledge: derived.Knowledge) -> dict:
    """Size of the system of equations and what came of it."""
    equations = knowledge.system
    return {
        "published": len(published.values),
        "cells": len(equations.keys),
        "equations": len(equations.start) - 1,
        "unknowns": knowledge.last.unknowns,
        "rank": knowledge.last.rank,
        "derived": len(known.values) - len(published.values),
        "rounds": knowledge.rounds,
    }


def _bounded(found: bounds.Bounds, k: int, *, decides: bool) -> Result:
    """Check 5: decides where the release's policy enforces the interval rule, else reports."""
    numbers = bounds.summary(found, k)
    check = Recorder(5, "intervals", decides=decides)
    check.tested = numbers["cells"]
    if numbers["inside"]:
        check.fail(f"{numbers['inside']} hidden cells lie within 1 and k-1")
    if not numbers["feasible"]:
        check.fail("no table fits the numbers")
    return check.result()


def _entry(result: Result) -> dict:
    return {
        "check": result.check,
        "name": result.name,
        "decides": result.decides,
        "tested": result.tested,
        "found": len(result.findings),
        "not_exhaustive": result.limited,
    }

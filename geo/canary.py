"""Check 19, the canary: one case more in the files, and what of the release that changes.

It needs the case files, so that it is a command of its own and no part of an attack on a
release. The rule it holds a release to (``docs/method.md``, section 5) is: a published number
counts the added case or does not, and changes by that and by nothing else; a cell comes or
goes only as the suppression decides, never with fewer than k; and every other byte of the
release is what it would be without the case, given the published cells.

Everything is built in private folders that are removed at the end. What is returned and said
names no value of any case.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from geo import build, ingest, vocab
from geo.model import CASES_MEASURE, KEY, LOCATED, SEPARATOR, UNKNOWN, DataError, Policy, check

NAME = "canary"
"""Id of every trial, so that they differ in nothing but their cases."""


@dataclass(frozen=True)
class Sung:
    """What one added case changed.

    Attributes
    ----------
    name : str
        Where the case was put: ``large``, ``small`` or ``empty``.
    around : int
        Cells of the listed views that count it.
    grown : int
        Published numbers that count it, in both releases.
    appeared, vanished : int
        Cells published in one of the two only.
    crossed : int
        Of those that appeared, cells that only the case brings to k.
    identical : bool
        Whether all files are the same, byte for byte.
    problems : tuple of str
        What changed that may not, in words without values.
    """

    name: str
    around: int = 0
    grown: int = 0
    appeared: int = 0
    vanished: int = 0
    crossed: int = 0
    identical: bool = False
    problems: tuple[str, ...] = ()


def canary(
    inputs: Sequence[str | Path],
    mapping: ingest.Mapping,
    policy: Policy,
    accepted: Sequence[str] = (),
    progress: build.Progress = build.silent,
) -> list[Sung]:
    """Build without and with one more case, for each of :func:`added`, and compare.

    Raises
    ------
    DataError, UnusableError
        As `geo.build.build`, for the files as they are.
    """
    inspected = build.inspect(inputs, mapping, policy, accepted, progress)
    with tempfile.TemporaryDirectory(prefix="mosaico-") as private:
        root = Path(private)
        before = _trial(inspected, root / "before", mapping, policy, progress)
        found = []
        for name, case in added(inspected.located).items():
            more = pd.concat([inspected.located, case], ignore_index=True)
            larger = replace(inspected, located=check(more, LOCATED))
            try:
                after = _trial(larger, root / name, mapping, policy, progress)
            except DataError:
                found.append(Sung(name, problems=("with it the build ends without a release",)))
                continue
            found.append(_heard(name, before, after, root / f"{name}-rewritten" / NAME, policy.k))
    return found


def added(located: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Cases to add, by where they go: one row of a ``LOCATED`` table each.

    ``large`` repeats the commonest combination of the file, ``small`` one of the rarest
    nationality, ``empty`` is the first with a nationality, a venue and a state that the file
    has nowhere, as far as there are any. None carries several values.
    """
    plain = located[located["role"] == "exploitation"]
    plain = plain if len(plain) else located
    same = plain.groupby(["place", *_CODES], sort=True)["cases"].transform("sum")
    large = plain.loc[[same.idxmax()]]
    known = plain[plain["nationality"] != UNKNOWN]
    known = known if len(known) else plain
    often = known.groupby("nationality", sort=True)["cases"].transform("sum")
    small = known.loc[[often.idxmin()]]
    found = {"large": large, "small": small, "empty": large.assign(**_nowhere(located))}
    return {name: _new(case, located) for name, case in found.items()}


_CODES = ("period", "venue", "nationality", "trafficking_type")
_LISTS = {"nationality": "nationalities", "venue": "venues", "place": "states"}


def _nowhere(located: pd.DataFrame) -> dict[str, str]:
    """Codes of which the file has none: the last of each list, since the first are common."""
    found = {}
    for column, listed in _LISTS.items():
        words = vocab.load()
        held = {one.split("/")[0] for joined in located[column] for one in joined.split(SEPARATOR)}
        groups = set() if column == "place" else set(words.parents(listed).values())
        free = [code for code in words.codes(listed) if code not in held | groups]
        if free:
            found[column] = free[-1]
    return found


def _new(case: pd.DataFrame, located: pd.DataFrame) -> pd.DataFrame:
    """The row as a case of its own, with one value in each column."""
    single = {name: case[name].str.split(SEPARATOR).str[0] for name in ("place", *_CODES)}
    own = {"row": located["row"].max() + 1, "case": located["case"].max() + 1, "cases": 1}
    return case.assign(**single, **own)


def _trial(inspected, folder: Path, mapping, policy, progress) -> build.Trial:
    folder.mkdir(mode=0o700)
    return build.trial(inspected, folder / NAME, mapping, policy, progress)


def _heard(name: str, before: build.Trial, after: build.Trial, folder: Path, k: int) -> Sung:
    """Everything that differs between two trials, and whether it may."""
    cells = _side_by_side(before, after)
    shown = cells["shown_before"].notna() & cells["shown_after"].notna()
    of_cases = cells.index.get_level_values("measure") == CASES_MEASURE
    around = of_cases & (cells["true_after"] != cells["true_before"])
    appeared = of_cases & cells["shown_before"].isna() & cells["shown_after"].notna()
    vanished = of_cases & cells["shown_before"].notna() & cells["shown_after"].isna()
    folder.parent.mkdir(mode=0o700)
    build.rewritten(before, after, folder)
    same = _different(before.folder, after.folder) == []
    problems = [*_numbers(cells, k), *_different(folder, after.folder)]
    if same and before.report != after.report:
        problems.append("the attack says something else of the same files")
    return Sung(
        name,
        int(around.sum()),
        int((shown & around).sum()),
        int(appeared.sum()),
        int(vanished.sum()),
        int((appeared & (cells["true_before"] < k)).sum()),
        same,
        tuple(problems),
    )


def _side_by_side(before: build.Trial, after: build.Trial) -> pd.DataFrame:
    """True counts and published numbers of both, one row a cell."""
    columns = {}
    for when, one in (("before", before), ("after", after)):
        shown = next(iter(one.protected.values())).cells
        columns[f"true_{when}"] = one.true.set_index(list(KEY))["value"]
        columns[f"shown_{when}"] = shown.set_index(list(KEY))["value"]
    cells = pd.DataFrame(columns)
    return cells.fillna({"true_before": 0, "true_after": 0})


def _numbers(cells: pd.DataFrame, k: int) -> list[str]:
    """What is wrong with the published numbers."""
    of_cases = cells.index.get_level_values("measure") == CASES_MEASURE
    shown = cells["shown_before"].notna() & cells["shown_after"].notna()
    change = cells["shown_after"] - cells["shown_before"]
    own = cells["true_after"] - cells["true_before"]
    wrong = {
        "numbers changed by more than the case": shown & (change != own),
        "numbers are not the count of their cases": cells["shown_after"].notna()
        & (cells["shown_after"] != cells["true_after"]),
        "cells are published with fewer than k": cells["shown_after"] < k,
        "counts changed by more than one": of_cases & ~own.isin([0, 1]),
    }
    return [f"{mask.sum()} {words}" for words, mask in wrong.items() if mask.any()]


def _different(one: Path, other: Path) -> list[str]:
    """Files that are not the same, and of the manifest the entries."""
    names = sorted({path.name for folder in (one, other) for path in folder.iterdir()})
    found = []
    for name in names:
        both = [(folder / name) for folder in (one, other)]
        if all(path.exists() for path in both) and len({path.read_bytes() for path in both}) == 1:
            continue
        entries = ", ".join(_entries(*both)) if name == "manifest.json" else ""
        found.append(f"{name} differs" + (f" in {entries}" if entries else ""))
    return found


def _entries(one: Path, other: Path) -> list[str]:
    """Names of the entries of two manifests that differ."""
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in (one, other)]
    names = sorted(set(contents[0]) | set(contents[1]))
    return [name for name in names if contents[0].get(name) != contents[1].get(name)]

"""A cube given to tau-argus: its views as tables that share cells, round after round.

tau-argus protects one table of up to four dimensions at a time, a tree on each; the version that
runs without windows has no linked tables. So every largest crossing of the cube is a table
with its own totals, each in a process of its own, which may crash or be stopped. Its manual's
advice for linked tables: what one hides is unsafe in all others, which are protected anew, until
none hides more. The cells that no table hides are published.
"""

from __future__ import annotations

import json
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from geo import protect, trees
from geo.model import ALL, DIMENSIONS, LEVELS, Cube

COSTS = 100
"""Costs are whole numbers there: hundredths of a weight of usefulness."""
MOST_ROUNDS = 8
REST = "~"
CRASHED, STOPPED = "crashed", "stopped"
INSTEAD = "MOD"
"""What does a table that the method asked for crashed on, or could not end in time."""
SCRIPT = Path(__file__).with_name("tau_argus.py")


@dataclass(frozen=True)
class Crossing:
    """One table: the dimensions crossed with places down to a level."""

    level: str
    dimensions: tuple[str, ...]

    def holds(self, other: Crossing) -> bool:
        """Whether every cell of the other is one of its own."""
        deeper = LEVELS.index(self.level) >= LEVELS.index(other.level)
        return deeper and set(self.dimensions) >= set(other.dimensions)


@dataclass(frozen=True)
class Method:
    """How tau-argus is asked.

    Attributes
    ----------
    name : str
        ``OPT`` or ``MOD``.
    carried : int
        By how much a cell that another table hides must be able to go up and down.
    """

    name: str
    carried: int = 1


@dataclass
class Outcome:
    """What came of a cube.

    Attributes
    ----------
    shown : numpy.ndarray of bool
        Cells of the cube that are published.
    tables, crashed, stopped, rounds : int
        Tables; those on which the method crashed, or met the time limit; rounds until nothing
        changed.
    without : int
        Tables that no method did: the cells that only they have are not published.
    agreed : bool
        Whether that was before `MOST_ROUNDS`.
    """

    shown: np.ndarray
    tables: int
    crashed: int
    stopped: int
    rounds: int
    without: int
    agreed: bool


@dataclass
class _Table:
    """Cells of one crossing, with codes as numbers; cells of no place's part have no number."""

    crossing: Crossing
    names: dict[str, dict[str, str]]
    trees: dict[str, list[str]]
    codes: list[tuple[str, ...]]
    counts: np.ndarray
    cells: np.ndarray
    asked: frozenset[int] | None = None
    hides: set[int] = field(default_factory=set)
    methods: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def protected(cube: Cube, k: int, method: str, python: str, folder: Path, seconds: int) -> Outcome:
    """Cells of the standard grains that tau-argus would publish.

    Parameters
    ----------
    cube : Cube
        Without dimensions of several values: the tables of tau-argus add up.
    k : int
    method : Method
    python : str
        Interpreter of an environment with pytauargus.
    folder : pathlib.Path
        Private; everything written stays there.
    seconds : int
        Processor seconds for one table, as `tau_argus` takes them.
    """
    value = cube.cells["value"].to_numpy()
    cost = np.round(protect.weights(cube.cells) * COSTS).astype(int)
    tables = [_table(cube, crossing, method.name) for crossing in crossings(cube)]
    for number in range(len(tables)):
        (folder / str(number)).mkdir()
    rounds, changed = 0, True
    while changed and rounds < MOST_ROUNDS:
        rounds, changed = rounds + 1, False
        for number, table in enumerate(tables):
            others = set().union(*(one.hides for one in tables if one is not table))
            asked = frozenset(others & set(table.cells.tolist()))
            if table.methods and asked != table.asked:
                table.asked, changed = asked, True
                _write(table, folder / str(number), cost, k, method.carried)
                table.hides |= _run(table, folder / str(number), python, seconds)
    failed = [why for table in tables for why in table.failed]
    return Outcome(
        _shown(tables, value >= k),
        len(tables),
        failed.count(CRASHED),
        failed.count(STOPPED),
        rounds,
        sum(not table.methods for table in tables),
        not changed,
    )


def _shown(tables: list[_Table], shown: np.ndarray) -> np.ndarray:
    """Cells that some table holds and protects, and none hides."""
    held = np.zeros(len(shown), dtype=bool)
    for table in tables:
        held[table.cells[table.cells >= 0]] |= bool(table.methods)
    shown = shown & held
    shown[sorted(set().union(*(table.hides for table in tables)))] = False
    return shown


def crossings(cube: Cube) -> list[Crossing]:
    """The largest crossings of the standard grains, which between them hold every cell."""
    cells = cube.cells[cube.standard]
    keys = cells["level"].to_frame().join(cells[list(DIMENSIONS)] != ALL).drop_duplicates()
    found = [
        Crossing(level, tuple(name for name, on in zip(DIMENSIONS, crossed, strict=True) if on))
        for level, *crossed in keys.itertuples(index=False, name=None)
    ]
    return [one for one in found if not any(o.holds(one) for o in found if o != one)]


def _table(cube: Cube, crossing: Crossing, method: str) -> _Table:
    cells = cube.cells
    inside = cube.standard & cells["level"].isin(LEVELS[: LEVELS.index(crossing.level) + 1])
    for name in set(DIMENSIONS) - set(crossing.dimensions):
        inside &= cells[name] == ALL
    own = cells[inside][["place", *crossing.dimensions, "value"]].reset_index(names="cell")
    own = pd.concat([own, _rests(own, crossing)], ignore_index=True)
    names = {name: _numbers(own[name]) for name in crossing.dimensions}
    path, names["place"] = _tree(own["place"])
    columns = ("place", *crossing.dimensions)
    numbered = [own[name].map(names[name] | {ALL: ""}) for name in columns]
    codes = list(zip(*numbered, strict=True))
    counts, numbers = own["value"].to_numpy(), own["cell"].to_numpy()
    methods = [method, *([INSTEAD] if method != INSTEAD else [])]
    return _Table(crossing, names, {"place": path}, codes, counts, numbers, methods=methods)


def _rests(own: pd.DataFrame, crossing: Crossing) -> pd.DataFrame:
    """Cases of a place in none of its parts, which a table that adds up must have."""
    names = list(crossing.dimensions)
    below = own[own["place"] != ALL]
    above = below["place"].map(trees.parent_place)
    inside = below.assign(place=above).groupby(["place", *names], as_index=False)["value"].sum()
    whole = own[own["place"].isin(set(above))]
    joined = whole.merge(inside, on=["place", *names], how="left", suffixes=("", "_inside"))
    rest = joined["value"] - joined["value_inside"].fillna(0).astype(int)
    found = joined.assign(value=rest, cell=-1, place=joined["place"] + REST)
    return found[rest > 0][own.columns]


def _numbers(codes: pd.Series) -> dict[str, str]:
    """Codes as numbers of one width, as tau-argus wants them."""
    return {code: f"{at:05d}" for at, code in enumerate(sorted(set(codes) - {ALL}))}


def _tree(places: pd.Series) -> tuple[list[str], dict[str, str]]:
    """Lines of the code tree of some places, and their numbers."""
    paths = {}
    for place in set(places) - {ALL}:
        whole = place.removesuffix(REST)
        path = [one for one in trees.place_path(whole) if one not in ("", ALL)]
        paths[place] = (*path, place) if place != whole else tuple(path)
    ordered = sorted(paths, key=paths.get)
    names = {place: f"{at:05d}" for at, place in enumerate(ordered)}
    return ["@" * (len(paths[place]) - 1) + names[place] for place in ordered], names


def _write(table: _Table, folder: Path, cost: np.ndarray, k: int, carried: int) -> None:
    """The table, with small cells unsafe by the interval rule, and those that others hide."""
    rows = []
    for codes, count, cell in zip(
        table.codes, table.counts.tolist(), table.cells.tolist(), strict=True
    ):
        small = count < k
        below, above = (count, k - count) if small else (carried, carried)
        unsafe = small or cell in table.asked
        rows.append([*codes, count, int(cost[cell]) if cell >= 0 else 1, unsafe, below, above])
    content = {"columns": ["place", *table.crossing.dimensions], "trees": table.trees}
    (folder / "table.json").write_text(json.dumps(content | {"cells": rows}), encoding="utf-8")


def _run(table: _Table, folder: Path, python: str, seconds: int) -> set[int]:
    """Cells that the table hides besides, by the first of its methods that comes to an end."""
    numbered = dict(zip(table.codes, table.cells.tolist(), strict=True))
    found = folder / "secondary.json"
    while table.methods:
        command = [python, SCRIPT, folder, table.methods[0], str(seconds)]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if not done.returncode:
            codes = json.loads(found.read_text(encoding="utf-8"))
            return {numbered[tuple(one)] for one in codes} - {-1}
        over = done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        table.failed.append(STOPPED if over else CRASHED)
        table.methods.pop(0)
    return set()

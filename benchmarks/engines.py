"""Mosaico beside other ways of suppressing: ``python -m benchmarks.engines FILE … [options]``.

Every engine gets the same cube of each case file (in Mosaico's own columns, made up), the default
public views and k. What it publishes is written as a release like Mosaico's own, into a private
temporary folder, and attacked by the same `geo.audit`, whether the engine knows the rule or not.
One row a file and engine goes to a CSV file; rows that are there already are not run again, so
that a run can be stopped and gone on with. It ends with the table of the means.

- *threshold*: every cell of k or more.
- *greedy*: each violated line or box loses its cheapest cell, the smallest of equals, until none is
  left. *greedy to rank* goes on with what subtraction and the exact rank test find, *greedy to
  intervals* with the interval rule too: Mosaico's own attacks, without its choice of what hides.
- *tau-argus MOD*, *OPT*: see `argus`; what one table hides must be able to go up and down by 1 in
  the others, *wide* by k.
- *mosaico*: the default public policy; *mosaico without intervals*: the same with ``intervals = false``.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks import argus
from geo import audit, build, ingest, protect
from geo.model import ALL, DETAIL, KEY, DataError
from geo.policy import policy
from geo.protect import attack
from geo.protect.intervals import Intervals, groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.model import Cube, Policy

TAU = {
    "tau-argus MOD": argus.Method("MOD"),
    "tau-argus MOD wide": argus.Method("MOD", carried=11),
    "tau-argus OPT": argus.Method("OPT"),
}
GREEDY = {"greedy": 1, "greedy to rank": 2, "greedy to intervals": 3}
"""Stages of the search that each greedy way goes through."""
ENGINES = ("threshold", *GREEDY, *TAU, "mosaico", "mosaico without intervals")
KNOWN = (2, 3, 4, 15)
"""Checks that find a small count in what is published or derived."""
RESULTS = Path(__file__).parent / "results" / "engines.csv"
FOUND = ("known", "narrow", "whole", "sums", "equal", "insider", "open")
REFUSED = "the audit refused it"


@dataclass(frozen=True)
class Given:
    """One case file, counted, and the release that Mosaico makes of it.

    Attributes
    ----------
    cube : Cube
    rules : Policy
        The default public policy.
    target : geo.protect.attack.Target
    inspected : geo.build.Inspected
    told : geo.build.Trial
        Mosaico's release by default: all that a release says besides its numbers.
    seconds : float
        Processor time that it took to protect and attack it.
    """

    cube: Cube
    rules: Policy
    target: attack.Target
    inspected: build.Inspected
    told: build.Trial
    seconds: float


@dataclass(frozen=True)
class Made:
    """What an engine published.

    Attributes
    ----------
    shown : numpy.ndarray of bool
        Cells of the cube.
    seconds : float
        Processor time.
    note : str
        What else there is to say of it.
    report : dict or None
        What the attack on it found, where it was attacked already.
    """

    shown: np.ndarray
    seconds: float
    note: str = ""
    report: dict | None = None


def main(arguments: list[str] | None = None) -> None:
    """Run what is not in the results yet, and print the table."""
    given = _parsed(arguments)
    without = TAU if given.files and not _has_argus(given.argus) else {}
    engines = [name for name in given.engines if name not in without]
    done = _read(given.results)
    for path in given.files:
        left = [name for name in engines if (path.stem, name) not in set(done.index)]
        if not left:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for row in _rows(path, left, Path(folder), given):
                done = pd.concat([done, pd.DataFrame([row]).set_index(["file", "engine"])])
                _write(given.results, done)
                print(row, file=sys.stderr, flush=True)
    print("\n".join(table(done)))


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.engines",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="case files")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--argus", default=sys.executable, help="Python that has pytauargus")
    parser.add_argument(
        "--limit", type=int, default=60, help="processor seconds for one tau-argus table"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="CSV file to go on with")
    return parser.parse_args(arguments)


def _has_argus(python: str) -> bool:
    """Whether tau-argus can be run; where it cannot, how to get it."""
    tried = subprocess.run([python, "-c", "import pytauargus"], capture_output=True, check=False)
    if tried.returncode:
        print(
            f"tau-argus is left out: {python} has no pytauargus. In an environment of its own: "
            "python -m venv ARGUS; ARGUS/bin/pip install -r benchmarks/requirements.txt; then "
            "--argus ARGUS/bin/python",
            file=sys.stderr,
        )
    return not tried.returncode


def _read(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(index=pd.MultiIndex.from_tuples([], names=["file", "engine"]))
    return pd.read_csv(path, index_col=["file", "engine"], keep_default_na=False)


def _write(path: Path, done: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    order = {name: number for number, name in enumerate(ENGINES)}
    rows = done.reset_index()
    rows["order"] = rows["engine"].map(order)
    rows = rows.sort_values(["cases", "file", "order"]).drop(columns="order")
    rows.to_csv(path, index=False, float_format="%.4f")


def _rows(path: Path, engines: list[str], folder: Path, options: argparse.Namespace):
    """What each engine came to on one case file."""
    given = _given(path, folder)
    for engine in engines:
        own = folder / engine.replace(" ", "-")
        own.mkdir()
        made = _made(engine, given, own, options)
        kept = protect.utility(given.cube, made.shown, given.rules.k)
        row = {"file": path.stem, "engine": engine, "cases": int(given.target.value.max())}
        row["utility"] = protect.share_kept(kept)
        row |= dict.fromkeys(FOUND, 0)  # of nothing published nothing is found
        if made.shown.any():
            row |= numbers(made.report or attacked(given, made.shown, own / "judged"))
        yield row | {"seconds": round(made.seconds), "note": made.note}


def _given(path: Path, folder: Path) -> Given:
    mapping, rules = ingest.mapping("demo"), policy("public")
    inspected = build.inspect([path], mapping, rules)
    start = _processor()
    told = build.trial(inspected, _new(folder / "told"), mapping, rules)
    seconds = _processor() - start
    cube = build.counted(inspected.located, rules)[0]
    target = protect.target(cube, rules, build.parents())
    return Given(cube, rules, target, inspected, told, seconds)


def _processor() -> float:
    """Processor seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _made(engine: str, given: Given, folder: Path, options: argparse.Namespace) -> Made:
    if engine == "mosaico":
        return Made(_shown(given.cube, given.told), given.seconds, report=given.told.report)
    start = _processor()
    shown, note, report = given.target.value >= given.rules.k, "", None
    if engine in GREEDY:
        shown = greedy(given.target, GREEDY[engine])
    elif engine in TAU:
        shown, note = _by_argus(given, TAU[engine], folder, options)
    elif engine == "mosaico without intervals":
        shown, note, report = _without_intervals(given, folder)
    return Made(shown, _processor() - start, note, report)


def _without_intervals(given: Given, folder: Path) -> tuple[np.ndarray, str, dict | None]:
    """Mosaico without the interval rule; where its own audit refuses the result, nothing."""
    rules = replace(given.rules, intervals=False)
    try:
        made = build.trial(given.inspected, _new(folder / "own"), ingest.mapping("demo"), rules)
    except DataError:
        return np.zeros(len(given.target.value), dtype=bool), REFUSED, None
    return _shown(given.cube, made), "", made.report


def _by_argus(
    given: Given, method: argus.Method, folder: Path, options: argparse.Namespace
) -> tuple[np.ndarray, str]:
    if given.cube.multi_valued:
        return np.zeros(len(given.target.value), dtype=bool), "not run: cases of several values"
    made = argus.protected(given.cube, given.rules.k, method, options.argus, folder, options.limit)
    note = f"{made.rounds} rounds" + ("" if made.agreed else ", not agreed")
    note += f"; {made.crashed} crashes and {made.stopped} stops on {made.tables} tables"
    note += f", {made.without} not done at all" if made.without else ""
    return made.shown, note


def _shown(cube: Cube, trial: build.Trial) -> np.ndarray:
    """Mask of the cells that a trial published."""
    names = [name for name in KEY if name != "measure"]
    (published,) = trial.protected.values()
    keys = pd.MultiIndex.from_frame(published.cells[names])
    plain = (cube.cells[DETAIL] == ALL).to_numpy()
    return plain & pd.MultiIndex.from_frame(cube.cells[names]).isin(keys)


def greedy(target: attack.Target, stages: int) -> np.ndarray:
    """Mask of published cells after each violation lost its cheapest cell, until none is left."""
    cost, shown = protect.weights(target.cells), target.value >= target.k
    rule = Intervals(groups(target), target.k, cost)
    searches: list[Callable] = [attack.simple, attack.thorough, rule.violations][:stages]
    while found := next((cuts for one in searches if (cuts := one(target, shown))), None):
        for cut in found:
            cells = sorted(set(cut), key=lambda cell: (cost[cell], target.value[cell], cell))
            if shown[cells].all():
                shown[cells[0]] = False
    return shown


def attacked(given: Given, shown: np.ndarray, folder: Path) -> dict:
    """Report of the attack on some cells, written as Mosaico writes a release."""
    cells = given.cube.cells[shown & (given.cube.cells[DETAIL] == ALL)].drop(columns=DETAIL)
    ((label, own),) = given.told.protected.items()
    cells = cells.sort_values(list(KEY), kind="stable").reset_index(drop=True)
    published = replace(given.told, protected={label: replace(own, cells=cells)})
    build.rewritten(given.told, published, _new(folder))
    return audit.attack(folder).report


def numbers(report: dict) -> dict[str, int]:
    """The numbers of a report that are compared.

    Returns
    -------
    dict
        ``known``: findings of checks 2 to 4 and 15; ``narrow``, ``whole``, ``sums``: hidden cells
        and sums of cells confined to 1 to k-1, checks 5 to 7; ``equal``: parts of a sensitive
        dimension that equal their parent, check 9; ``insider``: check 10; ``open``: hidden cells
        that the programs of check 5 did not reach.
    """
    known = [one["found"] for one in report["checks"] if one["check"] in KNOWN and one["decides"]]
    return {
        "known": sum(known),
        "narrow": report["intervals"]["inside"],
        "whole": report["whole_numbers"]["inside"],
        "sums": report["siblings"]["inside"],
        "equal": report["homogeneity"]["sensitive"],
        "insider": report["insider"]["confined"],
        "open": report["intervals"]["not_attempted"],
    }


def table(done: pd.DataFrame) -> list[str]:
    """Lines of a markdown table: means over the files of one size, a row an engine."""
    lines = [
        "| Cases | Engine | Files | Utility | Known | Narrow | Whole | Sums | Equal | Insider | Open | Seconds |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    rows = done.reset_index()
    for cases, some in rows.groupby("cases", sort=True):
        for engine in ENGINES:
            own = some[some["engine"] == engine]
            refused = (own["note"] == REFUSED).sum()
            if len(own):
                mean = own[["utility", *FOUND, "seconds"]].mean()
                files = f"{len(own)}" + (f", {refused} refused" if refused else "")
                found = " | ".join(f"{mean[name]:.1f}" for name in FOUND)
                lines.append(
                    f"| {cases:,} | {engine} | {files} | {mean['utility']:.3f} | {found} |"
                    f" {mean['seconds']:.0f} |"
                )
    return lines


if __name__ == "__main__":
    main(sys.argv[1:])

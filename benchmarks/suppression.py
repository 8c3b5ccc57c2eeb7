"""How much of what k allows is published: ``python -m benchmarks.suppression [FILE …]``.

For each case file in Mosaico's own columns (made up, where none is named): the utility of
the release that `build` makes, and the utility of the optimum of lines and boxes alone,
which is a bound for every method that keeps to them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from geo import build, demo, ingest, protect
from geo.policy import policy
from geo.protect import attack
from geo.protect.cover import Cover, Cuts

MADE = ((3_000, 1), (3_000, 2))
MOST_ROUNDS = 60


def main(files: list[str] | None = None) -> None:
    """Print one row a file."""
    print("file                 utility  bound  ratio  states kept  cuts  seconds")
    with tempfile.TemporaryDirectory() as folder:
        for path in files or _made(Path(folder)):
            _print_row(Path(path), Path(folder) / Path(path).stem)


def _made(folder: Path) -> list[Path]:
    paths = []
    for cases, seed in MADE:
        paths.append(folder / f"made-{cases}-{seed}.csv")
        demo.write("national", paths[-1], cases, seed)
    return paths


def _print_row(path: Path, out: Path) -> None:
    mapping, rules = ingest.mapping("demo"), policy("public")
    start = time.perf_counter()
    report = build.build([path], out, mapping, rules).report
    seconds = time.perf_counter() - start
    bound = optimum(path, mapping, rules)
    totals = next(v for v in report["views"] if (v["level"], v["filters"]) == ("state", ""))
    print(
        f"{path.stem:20} {report['utility']:.4f} {bound:.4f} {report['utility'] / bound:.4f}"
        f" {totals['published']:5}/{totals['eligible']:<5} {report['suppression']['cuts']:6}"
        f" {seconds:7.0f}",
        flush=True,
    )


def optimum(path: Path, mapping: ingest.Mapping, rules) -> float:
    """Utility of the least costly choice that lines and boxes find nothing in."""
    cube = build.counted(build.inspect([path], mapping, rules).located, rules)[0]
    target = protect.target(cube, rules, build.parents())
    cover, cuts = Cover(protect.weights(cube.cells)), Cuts()
    for _ in range(MOST_ROUNDS):
        hidden = cover.cheapest(cuts)
        shown = (target.value >= target.k) & ~hidden
        if not cuts.add(attack.simple(target, shown)):
            break
    return protect.share_kept(protect.utility(cube, shown, rules.k))


if __name__ == "__main__":
    main(sys.argv[1:])

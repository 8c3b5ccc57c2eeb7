"""Counting all views of a file: by base cells, against a regrouping of the cases for each view.

The two ways run in turn, several times; medians and their ratio are printed. Absolute
seconds belong to the machine, the ratio to the ways.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pandas as pd

from geo import cube, demo, ingest, places, trees, vocab
from geo.model import DIMENSIONS, GRAINS, LEVELS, UNKNOWN, View
from geo.policy import policy

CASES = 25_000
TURNS = 5


def main() -> None:
    """Print medians and the ratio for one synthetic national file."""
    located = _located(CASES)
    words = vocab.load()
    parents = words.parents("venues"), words.parents("nationalities")
    views = tuple(one for one in policy("public").views_for(CASES) if not one.is_detail)
    ways = {
        "base cells": lambda: cube.count(cube.base(located), views, *parents),
        "regrouping": lambda: _regrouped(located, views, *parents),
    }
    seconds = _in_turn(ways)
    print(f"counting {len(views)} views of {CASES:,} cases, median of {TURNS}")
    for name, each in seconds.items():
        print(f"  {name:12}{statistics.median(each):8.2f} s")
    ratio = statistics.median(seconds["regrouping"]) / statistics.median(seconds["base cells"])
    print(f"  regrouping takes {ratio:.1f} times as long")


def _in_turn(ways: dict[str, Callable]) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def _located(size: int) -> pd.DataFrame:
    """Synthetic cases of a national hotline, located."""
    import tempfile
    from pathlib import Path

    given = ingest.mapping("demo_national")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.csv"
        demo.write("national", path, size)
        cases = ingest.clean(ingest.read(path, given), given, vocab.load()).cases
    return places.locate(cases, places.world(), policy("public")).located


def _regrouped(located: pd.DataFrame, views: tuple[View, ...], *parents: dict) -> list[pd.Series]:
    """What a notebook does: explode the lists and group the cases anew for each view."""
    paths = {place: trees.place_path(place) for place in located["place"].unique()}
    counts = []
    for view in views:
        depth = LEVELS.index(view.level)
        table = located.assign(place=located["place"].map(lambda p, d=depth: paths[p][d]))
        for grain in view.grains:
            column = GRAINS[grain]
            table = table.assign(**{column: table[column].str.split(";")}).explode(column)
            table[column] = table[column].map(lambda code, g=grain: _coarser(code, g, *parents))
        keys = ["place", *(name for name in DIMENSIONS if name in {GRAINS[g] for g in view.grains})]
        counts.append(table.drop_duplicates(["case", *keys]).groupby(keys)["cases"].sum())
    return counts


def _coarser(code: str, grain: str, venues: dict, nationalities: dict) -> str:
    if grain == "period":
        return trees.year(code)
    above = {"sector": venues, "region": nationalities}.get(grain, {})
    return code if code == UNKNOWN else above.get(code) or code


if __name__ == "__main__":
    main()

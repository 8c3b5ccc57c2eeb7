"""Small tables of the literature, protected by the interval rule and not by a threshold alone.

The attacker here is a linear program of its own over the table's inner cells. It knows which
of them are empty, as decision 0004 grants it.
"""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from geo import cube, protect
from geo.model import ALL, Policy, View

DATA = Path(__file__).parents[1] / "data" / "suppression_tables.toml"
TABLES = tomllib.loads(DATA.read_text(encoding="utf-8"))["table"]
VIEWS = (
    View("all"),
    View("all", ("period",)),
    View("all", ("venue",)),
    View("all", ("period", "venue")),
)
PARENTS = {"venue": {}, "nationality": {}}
each = pytest.mark.parametrize("table", TABLES, ids=[table["name"] for table in TABLES])


def years(table):
    return [str(2001 + row) for row in range(len(table["counts"]))]


def venues(table):
    return [f"venue_{column}" for column in range(len(table["counts"][0]))]


def inner(table):
    """Counts of the occupied inner cells, by year and venue."""
    keys = itertools.product(years(table), venues(table))
    counts = itertools.chain.from_iterable(table["counts"])
    return {key: count for key, count in zip(keys, counts, strict=True) if count}


def cells(table):
    """Every cell, margins too, with the occupied inner cells it adds up."""
    margins = itertools.product([ALL, *years(table)], [ALL, *venues(table)])
    occupied = list(inner(table))
    return {
        (year, venue): np.array(
            [year in (ALL, y) and venue in (ALL, v) for y, v in occupied], float
        )
        for year, venue in margins
    }


def protected(table, *, intervals):
    """Cells, by year and venue, that `publish` lets through."""
    rows = [("US-TX", y, v, "HN", "sex", count) for (y, v), count in inner(table).items()]
    names = ["place", "period", "venue", "nationality", "trafficking_type", "cases"]
    base = pd.DataFrame(rows, columns=names).assign(detail="unknown")
    counted = cube.count(base, VIEWS, {}, {})
    rules = Policy("test", "staff", table["k"], VIEWS, intervals=intervals)
    found = protect.publish(counted, rules, PARENTS).cells
    return set(found[["period", "venue"]].itertuples(index=False, name=None))


def above_threshold(table):
    truth = np.array(list(inner(table).values()), float)
    return {key for key, sums in cells(table).items() if sums @ truth >= table["k"]}


def narrow(table, published):
    """Cells of 1 to k-1 that cannot be none, or cannot reach k."""
    truth, k = np.array(list(inner(table).values()), float), table["k"]
    every = cells(table)
    rows = np.array([every[key] for key in sorted(published)]).reshape(-1, len(truth))
    found = []
    for key, sums in every.items():
        if not 0 < sums @ truth < k:
            continue
        least, most = (linprog(sign * sums, A_eq=rows, b_eq=rows @ truth) for sign in (1.0, -1.0))
        reaches = most.status == 3 or -most.fun >= k - 1e-6
        if least.fun > 1e-6 or not reaches:
            found.append(key)
    return found


@each
def test_every_small_count_can_be_none_and_can_reach_k(table):
    published = protected(table, intervals=True)
    assert published <= above_threshold(table)
    assert narrow(table, published) == []


@each
def test_a_threshold_alone_leaks_where_the_table_says_so(table):
    assert bool(narrow(table, above_threshold(table))) == table["threshold_leaks"]


def test_a_total_is_published_beside_what_protects_it():
    """The rule does not protect by hiding everything."""
    assert all((ALL, ALL) in protected(table, intervals=True) for table in TABLES)

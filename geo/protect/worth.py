"""Private: what each view lost to which attack, and what the others would gain without it.

Only the build report says it; nothing of it is for a release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.protect import solver
from geo.protect.cover import minimal

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from geo.protect.cover import Cuts

TOTAL = "total"
"""A profile or corridor of a place whose total is withheld."""
DIGITS = 4


def lost_to(cuts: Cuts, hidden: np.ndarray, withheld: np.ndarray) -> np.ndarray:
    """For each cell of `withheld` the kind of attack that made it hide.

    Parameters
    ----------
    cuts : Cuts
    hidden : numpy.ndarray of bool
        Every cell that the search chose to hide.
    withheld : numpy.ndarray of int
        Cells with at least k cases that are not published.

    Returns
    -------
    numpy.ndarray of str
        Of the first cut that no other hidden cell meets; where others meet all of its cuts, of
        the first; ``total`` where no cut names the cell.
    """
    matrix, kinds = _matrix(list(cuts.rows), len(hidden)), list(cuts.rows.values())
    met = matrix @ hidden.astype(np.int64)
    columns = matrix.tocsc()
    found = []
    for cell in withheld:
        naming = columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]
        alone = naming[met[naming] == 1]
        named = alone if len(alone) else naming
        found.append(kinds[named.min()] if len(named) else TOTAL)
    return np.array(found, dtype=object)


def gives_back(cuts: Cuts, cost: np.ndarray, weight: np.ndarray, view: np.ndarray) -> np.ndarray:
    """Weight that all other views would gain if a view was dropped, for each view: an estimate.

    A cut that names a cell of the view is met for free without it. What the other cuts then
    cost is a linear program, the relaxation of the search's own; the estimate is the
    difference of the weight that it hides of the other views, with all cuts and with these.
    It is not exact: the search rounds to whole cells and finds further cuts. Not a number where
    there is none.

    Parameters
    ----------
    cuts : Cuts
    cost : numpy.ndarray of float
        What the search pays to hide a cell.
    weight : numpy.ndarray of float
        What a cell weighs in the measure told.
    view : numpy.ndarray of int
        Number of each cell's view, from 0.
    """
    matrix = _matrix(minimal(list(cuts.rows)), len(cost))
    number = int(view.max(initial=-1)) + 1
    if not matrix.shape[0]:
        return np.zeros(number)
    ones, free = np.ones(matrix.shape[0]), np.full(matrix.shape[0], np.inf)
    program = solver.program(matrix, ones, free, cost, {}, 1.0)
    whole = _least(program)
    gains = []
    for own in range(number):
        rows = np.flatnonzero(matrix @ (view == own).astype(np.int64))
        _set_least(program, rows, -np.inf)
        saved = (whole - _least(program)) * weight
        _set_least(program, rows, 1.0)
        gains.append(np.maximum(saved[view != own].sum(), 0.0))
    return np.array(gains)


def _matrix(cuts: list[tuple[int, ...]], cells: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *[len(cut) for cut in cuts]])
    flat = np.fromiter((cell for cut in cuts for cell in cut), dtype=np.int64, count=ends[-1])
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(cuts), cells))


def _least(program) -> np.ndarray:
    """Least costly choice, cells in part; not numbers where the program is not solved.

    Started where the last one ended it may get lost, and then starts afresh. What it tells is an
    estimate for a private report, and no reason to end a build.
    """
    program.run()
    if not solver.solved(program):
        program.clearSolver()
        program.run()
    found = np.array(program.getSolution().col_value)
    return found if solver.solved(program) else np.full_like(found, np.nan)


def _set_least(program, rows: np.ndarray, least: float) -> None:
    for row in rows.tolist():
        program.changeRowBounds(row, least, np.inf)


def of_views(table: pd.DataFrame, lost: pd.DataFrame, gains: np.ndarray) -> list[dict]:
    """Rows of the build report, one a view.

    Parameters
    ----------
    table : pandas.DataFrame
        What ``protect.utility`` returns.
    lost : pandas.DataFrame
        ``view``: its row in `table`, and ``kind``: one row for each cell withheld.
    gains : numpy.ndarray of float
        Weight that dropping each view gives back.

    Returns
    -------
    list of dict
        The row of `table`; ``lost_to``: kind of attack to cells; ``gives_back``: share of the
        weight of all that could be shown; ``worth``: whether it keeps more than that; both None
        where there is no estimate.
    """
    whole = max(float((table["eligible"] * table["weight"]).sum()), 1.0)
    counted = lost.groupby(["view", "kind"], sort=True).size()
    rows = []
    for number, row in enumerate(table.to_dict("records")):
        kinds = counted[number].to_dict() if number in counted.index.levels[0] else {}
        told = {"lost_to": kinds, "gives_back": None, "worth": None}
        if not np.isnan(gains[number]):
            back = round(float(gains[number]) / whole, DIGITS)
            kept = row["published"] * row["weight"] / whole
            told |= {"gives_back": back, "worth": bool(kept >= back)}
        rows.append(row | told)
    return rows

"""Homogeneity: parts that hold everybody of a group around them.

Where a part of a sensitive dimension equals its parent, the two together tell a value of each
person in the parent. Below country level one of the two hides, and what would give it away.
What the scope of a release says anyway tells nothing (PRIVACY.md, rule 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.model import UNKNOWN
from geo.protect.known import expanded
from geo.protect.relations import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from geo.protect.relations import Relations

BELOW_COUNTRY = ("state", "h3_3", "h3_4", "h3_5")


def pairs(
    cells: pd.DataFrame,
    relations: Relations,
    sensitive: Sequence[str],
    scope: Sequence[Sequence[str]],
    above: Callable[[str, str], tuple[str, ...]],
) -> np.ndarray:
    """Parts that equal a cell above them along a sensitive dimension.

    Parameters
    ----------
    cells : pandas.DataFrame
        A ``COUNTS`` table.
    relations : Relations
    sensitive : sequence of str
        Dimensions.
    scope : sequence of sequence of str
        Statements of the release: dimension and code, or two such pairs, of which the second
        holds for the cases that have the first.
    above : callable
        Dimension and code to the codes above it.

    Returns
    -------
    numpy.ndarray of int, shape (n, 2)
        Part and whole, cell numbers.
    """
    value = cells["value"].to_numpy()
    below = cells["level"].isin(BELOW_COUNTRY).to_numpy()
    found = [np.zeros((0, 2), dtype=np.int64)]
    for axis in sensitive:
        said = (cells[axis] == UNKNOWN).to_numpy() | _said(cells, axis, scope, above)
        parent = relations.lines[axis].parent
        part = np.flatnonzero(below & ~said & (parent != NONE))
        whole = parent[part]
        while len(part):
            equal = value[part] == value[whole]
            part, whole = part[equal], whole[equal]
            found.append(np.column_stack([part, whole]))
            whole = parent[whole]
            part, whole = part[whole != NONE], whole[whole != NONE]
    return np.concatenate(found)


def _said(
    cells: pd.DataFrame,
    axis: str,
    scope: Sequence[Sequence[str]],
    above: Callable[[str, str], tuple[str, ...]],
) -> np.ndarray:
    """Cells whose code on an axis a statement of the scope says of all their cases."""
    told = np.zeros(len(cells), dtype=bool)
    for statement in scope:
        dimension, code = statement[-2:]
        if dimension != axis:
            continue
        own = np.ones(len(cells), dtype=bool)
        if statement[:-2]:
            first, wanted = statement[:2]
            own = cells[first].map(lambda one, f=first, w=wanted: w in (one, *above(f, one)))
            own = own.to_numpy(dtype=bool)
        told |= own & cells[axis].isin((code, *above(dimension, code))).to_numpy()
    return told


def violations(
    pairs: np.ndarray, published: np.ndarray, found: dict[int, dict[int, int]]
) -> list[tuple[int, ...]]:
    """Cuts for pairs of which both are known: published, or derived without the other.

    Parameters
    ----------
    pairs : numpy.ndarray of int, shape (n, 2)
    published : numpy.ndarray of bool
    found : dict
        Derived cells, as of :func:`geo.protect.known.closure`.
    """
    known = published.copy()
    known[list(found)] = True
    cuts = []
    for part, whole in pairs[known[pairs].all(axis=1)].tolist():
        first, second = expanded({part: 1}, found), expanded({whole: 1}, found)
        if first != second:  # otherwise the part is only what the whole says of itself
            cuts.append(tuple({*first, *second}))
    return cuts


def ancestors(parents: dict[str, dict[str, str]]) -> Callable[[str, str], tuple[str, ...]]:
    """Codes above a code of a dimension, of trees of code to parent code.

    >>> ancestors({"nationality": {"HN": "central_america"}})("nationality", "HN")
    ('central_america',)
    """

    def above(dimension: str, code: str) -> tuple[str, ...]:
        tree, codes = parents.get(dimension, {}), []
        while code in tree:
            code = tree[code]
            codes.append(code)
        return tuple(codes)

    return above

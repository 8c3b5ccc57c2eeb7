"""Groups of cases that somebody names by codes, as rows over base cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.model import ALL
from geo.protect.relations import AXES

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from geo.model import Block, Cube, Leak, Term


def group(cube: Cube, leak: Leak) -> csr_matrix:
    """Base cells of a leak: one row, 1 where a base cell lies in one of its blocks."""
    from scipy.sparse import csr_matrix

    inside = np.zeros(cube.members.shape[1], dtype=np.int64)
    for block in leak:
        inside += _inside(cube, block)
    return csr_matrix(inside[None, :])


def _inside(cube: Cube, block: Block) -> np.ndarray:
    every = np.ones(cube.members.shape[1], dtype=bool)
    for axis, terms in zip(AXES, block, strict=False):
        every &= np.logical_or.reduce([_fits(cube, axis, term) for term in terms])
    return every


def _fits(cube: Cube, axis: str, term: Term) -> np.ndarray:
    with_all = [_carry(cube, axis, code) for code in term.required]
    with_none = [~_carry(cube, axis, code) for code in term.excluded]
    return np.logical_and.reduce([*with_all, *with_none])


def _carry(cube: Cube, axis: str, code: str) -> np.ndarray:
    """Base cells that carry a code: those of any cell of that code."""
    if code == ALL:
        return np.ones(cube.members.shape[1], dtype=bool)
    rows = (cube.cells[axis] == code).to_numpy()
    return np.asarray(cube.members[rows].sum(axis=0)).ravel() > 0

"""Compiled: the distinct columns of some rows of a matrix, and what rows add up to.

They let other threads run meanwhile: proofs are sought on all processors, and matrices
cut out one after another would take as long as their programs do.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def distinct(indptr, indices, values, rows, inside, marks, empty):
    """One of every kind of column of some rows: what it holds, and whether it is inside a group.

    Parameters
    ----------
    indptr, indices, values : numpy.ndarray
        A matrix, compressed by rows.
    rows : numpy.ndarray of int
        The rows wanted, in order.
    inside : numpy.ndarray of bool
        Whether each column is in the group.
    marks : numpy.ndarray of float
        A random number for each wanted row and one for being inside: columns of equal sums are
        alike.
    empty : numpy.ndarray of bool
        Columns to leave out.

    Returns
    -------
    start, places, entries
        The distinct columns, compressed; places count from 0 in `rows`.
    kinds : numpy.ndarray of bool
        Whether each is inside the group.
    """
    width = len(inside)
    sums = np.zeros(width)
    holding = np.zeros(width, dtype=np.int64)
    for place in range(len(rows)):
        for at in range(indptr[rows[place]], indptr[rows[place] + 1]):
            sums[indices[at]] += values[at] * marks[place]
            holding[indices[at]] += 1
    for column in range(width):
        if inside[column]:
            sums[column] += marks[len(rows)]
    number, last = np.full(width, -1), -1
    kinds = np.empty(width, dtype=np.bool_)
    start = np.zeros(width + 1, dtype=np.int64)
    size = 0
    for column in np.argsort(sums):
        if empty[column]:
            continue
        if last < 0 or sums[column] != sums[last]:
            number[column] = size
            kinds[size] = inside[column]
            start[size + 1] = start[size] + holding[column]
            size += 1
            last = column
    places = np.empty(start[size], dtype=np.int64)
    entries = np.empty(start[size])
    filled = start[:size].copy()
    for place in range(len(rows)):
        for at in range(indptr[rows[place]], indptr[rows[place] + 1]):
            own = number[indices[at]]
            if own >= 0:
                places[filled[own]] = place
                entries[filled[own]] = values[at]
                filled[own] += 1
    return start[: size + 1].copy(), places, entries, kinds[:size].copy()


@numba.njit(cache=True, nogil=True)
def combined(indptr, indices, values, rows, factors, width):
    """Sum of some rows of a matrix, each times its factor, one number a column."""
    total = np.zeros(width)
    for place in range(len(rows)):
        for at in range(indptr[rows[place]], indptr[rows[place] + 1]):
            total[indices[at]] += values[at] * factors[place]
    return total


@numba.njit(cache=True, nogil=True)
def counts(indptr, indices, values, rows, truth):
    """What some rows of a matrix come to, given the value of every column."""
    found = np.zeros(len(rows))
    for place in range(len(rows)):
        for at in range(indptr[rows[place]], indptr[rows[place] + 1]):
            found[place] += values[at] * truth[indices[at]]
    return found

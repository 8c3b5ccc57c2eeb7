"""Compiled: which classes of base cells could hold one case while a group has nobody.

A table fits what is published and has nobody in some classes. The move of a class is the
direction of least length, in the metric of a centre, along which no published count
changes and its own count grows: the column of ``P = D - D A' (A D A')^-1 A D``, with the squares
of the centre as D and the published counts as A. Moves that leave the classes without
anybody as they are come from these by elimination.
"""

from __future__ import annotations

import numba
import numpy as np

NONE = 1e-9
"""Below this a count is none."""
SINGULAR = 1e-9
"""Least square of a move, against that of the class alone, for the class to move at all."""
NARROW = 24
"""Classes near none whose moves are computed for all other classes."""


@numba.njit(cache=True, nogil=True)
def left(table, squares, own, start, rows, values, inverse):
    """Classes for which no table with one case was found, and none in those that have none.

    Parameters
    ----------
    table : numpy.ndarray of float
        A table that fits.
    squares : numpy.ndarray of float
        Squares of the centre.
    own : numpy.ndarray of float
        How far the move of each class moves it.
    start, rows, values : numpy.ndarray
        For each class its entries in the rows of published counts, times its square (compressed).
    inverse : numpy.ndarray of float
        Inverse of the rows' inner products.

    Returns
    -------
    numpy.ndarray of int
        In order of their numbers.
    """
    entries = (start, rows, values)
    width = len(table)
    none = np.flatnonzero(table <= NONE)
    whole = np.empty((len(none), width))
    chosen = np.empty(len(none), dtype=np.int64)
    factor = np.zeros((len(none), len(none)))
    hard = np.zeros(width, dtype=np.bool_)
    move = np.empty(width)
    size = 0
    for column in none:
        _moved(column, squares, entries, inverse, move)
        for at in range(size):
            factor[size, at] = whole[at, column]
            move -= whole[at, column] * whole[at]
        if move[column] <= SINGULAR * squares[column]:
            hard[column] = True
            continue
        factor[size, size] = np.sqrt(move[column])
        whole[size] = move / factor[size, size]
        chosen[size] = column
        size += 1
    free, tied = table > NONE, np.flatnonzero(hard)
    for at in range(size):
        if not _filled(table, free, tied, whole, factor, size, at):
            hard[chosen[at]] = True
    room = own.copy()
    for at in range(size):
        room -= whole[at] ** 2
    _some(table, free, room, squares, entries, inverse, whole[:size], hard)
    return np.flatnonzero(hard)


@numba.njit(cache=True, nogil=True)
def of(squares, start, rows, values, inverse):
    """How far the move of each class moves it."""
    found = np.empty(len(squares))
    for column in range(len(squares)):
        moved = squares[column]
        for one in range(start[column], start[column + 1]):
            for other in range(start[column], start[column + 1]):
                moved -= values[one] * values[other] * inverse[rows[one], rows[other]]
        found[column] = max(moved, 0.0)
    return found


@numba.njit(cache=True, nogil=True)
def _moved(column, squares, entries, inverse, move):
    """Write the move of a class."""
    start, rows, values = entries
    total = np.zeros(inverse.shape[0])
    for at in range(start[column], start[column + 1]):
        total += values[at] * inverse[rows[at]]
    for other in range(len(squares)):
        taken = 0.0
        for at in range(start[other], start[other + 1]):
            taken += values[at] * total[rows[at]]
        move[other] = -taken
    move[column] += squares[column]


@numba.njit(cache=True, nogil=True)
def _filled(table, free, tied, whole, factor, size, at):
    """Whether one of the classes without anybody may have one case while the others have none.

    Those tied to the others, which have no move of their own, move with them or not at all.
    """
    weights = np.zeros(size)
    moved = table.copy()
    for row in range(at, size):
        side = 1.0 if row == at else 0.0
        for before in range(at, row):
            side -= factor[row, before] * weights[before]
        weights[row] = side / factor[row, row]
        moved += weights[row] * whole[row]
    return (moved[free] >= -NONE).all() and (np.abs(moved[tied]) <= NONE).all()


@numba.njit(cache=True, nogil=True)
def _near(tight, need):
    """Classes whose moves are computed, and the bound of the others, for the least work in all.

    Each bound leaves the classes that need more room than it to be computed one by one.
    """
    order = np.argsort(-tight)[: NARROW + 1]
    best, least = 0, len(tight) + 1
    for size in range(len(order)):
        work = size + np.searchsorted(need, tight[order[size]])
        if work < least:
            best, least = size, work
    return order[:best], tight[order[best]]


@numba.njit(cache=True, nogil=True)
def _some(table, free, room, squares, entries, inverse, whole, hard):
    """Mark the classes with less than one case that cannot have one."""
    width = len(table)
    asked = np.zeros(width, dtype=np.bool_)
    need = np.full(width, np.inf)
    for column in range(width):
        if free[column] and table[column] < 1:
            if room[column] <= SINGULAR * squares[column]:
                hard[column] = True
            else:
                asked[column] = True
                need[column] = np.sqrt(room[column]) / (1 - table[column])
    tight = np.where(free, np.sqrt(np.maximum(room, 0.0)) / np.maximum(table, NONE), 0.0)
    near, bound = _near(tight, np.sort(need))
    doubtful = asked & (need < bound)
    move = np.empty(width)
    for other in near:
        _moved(other, squares, entries, inverse, move)
        for at in range(len(whole)):
            move -= whole[at, other] * whole[at]
        for column in np.flatnonzero(asked & ~doubtful):
            moved = table[other] + move[column] * (1 - table[column]) / room[column]
            doubtful[column] = moved < -NONE
    for column in np.flatnonzero(doubtful):
        _moved(column, squares, entries, inverse, move)
        for at in range(len(whole)):
            move -= whole[at, column] * whole[at]
        moved = table + move * ((1 - table[column]) / room[column])
        hard[column] = not (moved[free] >= -NONE).all()

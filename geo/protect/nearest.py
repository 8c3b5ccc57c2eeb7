"""Compiled search for the nearest table under growing conditions; imported when needed.

A condition fixes the sum of a group, or sets one class of base cells to zero. What it
asks of the published counts is a vector with an entry for each of them; conditions meet
in a matrix of their inner products, whose Cholesky factor grows by a row with each.
"""

from __future__ import annotations

import numba
import numpy as np

NEGATIVE = -1e-9
CONTRADICTION = 1e-6
ALIKE = 1e-10
"""Least share of a condition that the published counts leave free for it to move at all."""
DEPENDENT = 1e-9
MOST_ROUNDS = 40
MOST_ZEROS = 600
"""A group that needs more base cells at zero than this is left to the simplex method."""
GROUP = -1
FOUND, CONTRADICTED, LEFT = 0, 1, 2


@numba.njit(cache=True, nogil=True)
def search(centre, squares, start, rows, values, inverse, group, least, fixed, level):
    """Nearest table with `least` cases in a group, where that is not 0, and with classes fixed.

    Parameters
    ----------
    centre, squares : numpy.ndarray of float
        A table that fits the published counts, positive, and its squares, the metric.
    start, rows, values : numpy.ndarray
        For each class its entries in the rows of published counts (compressed).
    inverse : numpy.ndarray of float
        Inverse of the rows' inner products in that metric.
    group, least : numpy.ndarray of int, float
        Classes of the group and its cases; 0 asks nothing of it.
    fixed, level : numpy.ndarray
        Classes whose count is fixed, and the count of each that is, also if it came out negative.

    Returns
    -------
    status : int
        ``FOUND``, ``CONTRADICTED`` or ``LEFT``.
    result : numpy.ndarray of float
        A table; or a multiplier for each row, of a combination of the published counts
        that contradicts the conditions; or nothing.
    """
    entries = (start, rows, values)
    asked = np.zeros(len(centre), dtype=np.bool_)
    room = 64
    kinds = np.empty(room, dtype=np.int64)
    scales, sides = np.empty(room), np.empty(room)
    vectors, factor = np.empty((room, inverse.shape[0])), np.empty((room, room))
    size = 0
    pending = np.append(np.full(int(least > 0), GROUP, dtype=np.int64), fixed)
    for _ in range(MOST_ROUNDS):
        if size + len(pending) > room:
            room = 2 * (size + len(pending))
            kinds, scales, sides = _longer(kinds, room), _longer(scales, room), _longer(sides, room)
            vectors, factor = _wider(vectors, room, False), _wider(factor, room, True)
        for kind in pending:
            condition = _condition(centre, squares, entries, inverse, group, kind, least, level)
            known = (kinds[:size], scales[:size], vectors[:size])
            status, scale, side, row = _added(
                squares, entries, group, kind, condition, known, sides[:size], factor
            )
            if status == CONTRADICTED:
                return CONTRADICTED, _contradiction(condition[0], scale, row, known, factor)
            if status == FOUND:
                kinds[size], scales[size], vectors[size] = kind, scale, condition[0]
                factor[size, : size + 1], sides[size] = row, side
                size += 1
            if kind != GROUP:
                asked[kind] = True
        weights = _backward(factor, sides[:size].copy()) / scales[:size]
        table = _table(centre, squares, entries, group, kinds, vectors, weights)
        pending = np.flatnonzero((table < NEGATIVE) & ~asked)
        if not len(pending):
            return FOUND, np.maximum(table, 0.0)
        if size + len(pending) > MOST_ZEROS:
            break
    return LEFT, np.empty(0)


@numba.njit(cache=True, nogil=True)
def _added(squares, entries, group, kind, condition, known, sides, factor):
    """A condition's row of the Cholesky factor; whether it contradicts or follows from others.

    Returns
    -------
    status : int
        ``FOUND`` for a condition of its own, ``LEFT`` for one that others imply.
    scale : float
        Its length in the metric.
    side : float
        Its entry of the right-hand side.
    row : numpy.ndarray of float
    """
    kinds, scales, vectors = known
    vector, free, away = condition
    size = len(kinds)
    row = np.zeros(size + 1)
    left = free - _inner(squares, entries, group, kind, vector)
    if left <= ALIKE * free:
        return CONTRADICTED if abs(away) > CONTRADICTION else LEFT, 0.0, 0.0, row
    scale = np.sqrt(left)
    side, rest = away / scale, 1.0
    for at in range(size):
        product = -_inner(squares, entries, group, kind, vectors[at])
        if kinds[at] == GROUP and (group == kind).any():
            product += squares[kind]
        entry = product / (scale * scales[at])
        for before in range(at):
            entry -= row[before] * factor[at, before]
        row[at] = entry / factor[at, at]
        rest -= row[at] ** 2
        side -= row[at] * sides[at]
    if rest < DEPENDENT:
        return CONTRADICTED if abs(side) * scale > CONTRADICTION else LEFT, scale, side, row
    row[size] = np.sqrt(rest)
    return FOUND, scale, side / row[size], row


@numba.njit(cache=True, nogil=True)
def _contradiction(vector, scale, row, known, factor):
    """Multipliers of the rows in the combination of conditions that no table changes."""
    if scale == 0:
        return vector
    _, scales, vectors = known
    weights = _backward(factor, row[:-1].copy())
    result = vector / scale
    for at in range(len(weights)):
        result -= weights[at] / scales[at] * vectors[at]
    return result


@numba.njit(cache=True, nogil=True)
def _longer(values, room):
    longer = np.empty(room, dtype=values.dtype)
    longer[: len(values)] = values
    return longer


@numba.njit(cache=True, nogil=True)
def _wider(values, room, both):
    wider = np.empty((room, room if both else values.shape[1]))
    wider[: values.shape[0], : values.shape[1]] = values
    return wider


@numba.njit(cache=True, nogil=True)
def _condition(centre, squares, entries, inverse, group, kind, least, level):
    """Its vector over the rows, its square in the metric, and how far the centre is off."""
    start, rows, values = entries
    vector = np.zeros(inverse.shape[0])
    one = np.full(1, kind, dtype=np.int64)
    free = 0.0
    count = 0.0
    for column in group.astype(np.int64) if kind == GROUP else one:
        free += squares[column]
        count += centre[column]
        for at in range(start[column], start[column + 1]):
            vector += values[at] * squares[column] * inverse[rows[at]]
    return vector, free, (least if kind == GROUP else level[kind]) - count


@numba.njit(cache=True, nogil=True)
def _inner(squares, entries, group, kind, vector):
    """Part of an inner product of two conditions that the published counts take away."""
    start, rows, values = entries
    one = np.full(1, kind, dtype=np.int64)
    total = 0.0
    for column in group.astype(np.int64) if kind == GROUP else one:
        for at in range(start[column], start[column + 1]):
            total += squares[column] * values[at] * vector[rows[at]]
    return total


@numba.njit(cache=True, nogil=True)
def _backward(factor, sides):
    """Solve with the transposed factor."""
    size = len(sides)
    for at in range(size - 1, -1, -1):
        for after in range(at + 1, size):
            sides[at] -= factor[after, at] * sides[after]
        sides[at] /= factor[at, at]
    return sides


@numba.njit(cache=True, nogil=True)
def _table(centre, squares, entries, group, kinds, vectors, weights):
    start, rows, values = entries
    total = np.zeros(vectors.shape[1])
    table = centre.copy()
    for at in range(len(weights)):
        total += weights[at] * vectors[at]
        if kinds[at] == GROUP:
            for column in group:
                table[column] += weights[at] * squares[column]
        else:
            table[kinds[at]] += weights[at] * squares[kinds[at]]
    for column in range(len(centre)):
        moved = 0.0
        for at in range(start[column], start[column + 1]):
            moved += values[at] * total[rows[at]]
        table[column] -= squares[column] * moved
    return table

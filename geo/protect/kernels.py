"""Compiled arithmetic modulo a prime below 2^31; imported only when it is needed."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def inverse(value, prime):
    """Inverse modulo a prime, by Fermat's little theorem."""
    result = 1
    base = value % prime
    power = prime - 2
    while power:
        if power & 1:
            result = result * base % prime
        base = base * base % prime
        power >>= 1
    return result


@numba.njit(cache=True)
def _subtract(work, factor, columns, values, prime):
    for at in range(len(columns)):
        work[columns[at]] = (work[columns[at]] - factor * values[at]) % prime


@numba.njit(cache=True)
def _taken(work, scale, prime):
    """Non-zero entries of `work`, scaled; `work` is cleared."""
    columns = np.flatnonzero(work)
    values = np.empty(len(columns), dtype=np.int64)
    for at in range(len(columns)):
        values[at] = work[columns[at]] * scale % prime
        work[columns[at]] = 0
    return columns.astype(np.int64), values


@numba.njit(cache=True)
def _flat(lists):
    start = np.zeros(len(lists) + 1, dtype=np.int64)
    for number in range(len(lists)):
        start[number + 1] = start[number] + len(lists[number])
    joined = np.empty(start[-1], dtype=np.int64)
    for number in range(len(lists)):
        joined[start[number] : start[number + 1]] = lists[number]
    return start, joined


@numba.njit(cache=True)
def peel(indptr, indices, width):
    """Order of rows in which each has a column that no later row has, as far as it goes.

    Returns
    -------
    order : numpy.ndarray of int
        All rows, those with such a column first.
    pivots : numpy.ndarray of int
        The column of each row in that order, -1 for the rest.
    """
    rows = len(indptr) - 1
    count = np.zeros(width, dtype=np.int64)
    mark = np.zeros(width, dtype=np.int64)
    for row in range(rows):
        for at in range(indptr[row], indptr[row + 1]):
            count[indices[at]] += 1
            mark[indices[at]] ^= row
    order = np.empty(rows, dtype=np.int64)
    pivots = np.full(rows, -1, dtype=np.int64)
    taken = np.zeros(rows, dtype=np.bool_)
    waiting = np.empty(width, dtype=np.int64)
    first = 0
    last = 0
    for column in range(width):
        if count[column] == 1:
            waiting[last] = column
            last += 1
    number = 0
    while first < last:
        column = waiting[first]
        first += 1
        if count[column] != 1:
            continue
        row = mark[column]
        order[number] = row
        pivots[number] = column
        number += 1
        taken[row] = True
        for at in range(indptr[row], indptr[row + 1]):
            other = indices[at]
            count[other] -= 1
            mark[other] ^= row
            if count[other] == 1:
                waiting[last] = other
                last += 1
    for row in range(rows):
        if not taken[row]:
            order[number] = row
            number += 1
    return order, pivots


@numba.njit(cache=True)
def echelon(indptr, indices, entries, frequency, given, prime):
    """Row echelon form of an integer matrix, with what it took to make each row.

    Rows with a pivot in `given` (from `peel`) hold no earlier pivot and are kept as they
    are, so that only the others are eliminated and fill up.

    Returns
    -------
    pivots, start, columns, values
        One sparse row a pivot, its entry at the pivot 1.
    made_start, made_rows, made_factors
        The combination of original rows that each is.
    """
    work = np.zeros(len(frequency), dtype=np.int64)
    made = np.zeros(len(indptr) - 1, dtype=np.int64)
    pivots = numba.typed.List.empty_list(numba.int64)
    columns = numba.typed.List.empty_list(numba.int64[::1])
    values = numba.typed.List.empty_list(numba.int64[::1])
    made_rows = numba.typed.List.empty_list(numba.int64[::1])
    made_factors = numba.typed.List.empty_list(numba.int64[::1])
    peeled = 0
    for row in range(len(indptr) - 1):
        for at in range(indptr[row], indptr[row + 1]):
            work[indices[at]] = entries[at] % prime
        made[row] = 1
        for number in range(peeled, len(pivots)):
            factor = work[pivots[number]]
            if factor:
                _subtract(work, factor, columns[number], values[number], prime)
                _subtract(made, factor, made_rows[number], made_factors[number], prime)
        left = np.flatnonzero(work)
        scale = 1
        if len(left):
            best = given[row]
            if best < 0:
                best = left[np.argmin(frequency[left])]
            else:
                peeled += 1
            scale = inverse(work[best], prime)
            pivots.append(best)
        own_columns, own_values = _taken(work, scale, prime)
        own_made, own_factors = _taken(made, scale, prime)
        if len(own_columns):
            columns.append(own_columns)
            values.append(own_values)
            made_rows.append(own_made)
            made_factors.append(own_factors)
    chosen = np.empty(len(pivots), dtype=np.int64)
    for number in range(len(pivots)):
        chosen[number] = pivots[number]
    return (chosen, *_flat(columns), _flat(values)[1], *_flat(made_rows), _flat(made_factors)[1])


@numba.njit(cache=True)
def substitute(noise, pivots, start, columns, values, prime):
    """Fill the pivots' entries so that every row is orthogonal to every vector."""
    width = noise.shape[1]
    total = np.zeros(width, dtype=np.int64)
    for number in range(len(pivots) - 1, -1, -1):
        total[:] = 0
        for at in range(start[number], start[number + 1]):
            column = columns[at]
            if column != pivots[number]:
                for j in range(width):
                    total[j] = (total[j] + values[at] * noise[column, j]) % prime
        for j in range(width):
            noise[pivots[number], j] = (prime - total[j]) % prime


@numba.njit(cache=True)
def combination(target, pivots, start, columns, values, mstart, mrows, mfactors, size, prime):
    """Factors of the original rows that give `target`; None of it left says it is given."""
    factors = np.zeros(size, dtype=np.int64)
    work = target.copy()
    for number in range(len(pivots)):
        factor = work[pivots[number]]
        if factor:
            own = slice(start[number], start[number + 1])
            _subtract(work, factor, columns[own], values[own], prime)
            made = slice(mstart[number], mstart[number + 1])
            _subtract(factors, prime - factor, mrows[made], mfactors[made], prime)
    return factors, not work.any()


@numba.njit(cache=True)
def dependent(matrix, prime):
    """Whether the rows of a matrix are linearly dependent; destroys the matrix."""
    for row in range(len(matrix)):
        column = 0
        while column < matrix.shape[1] and matrix[row, column] == 0:
            column += 1
        if column == matrix.shape[1]:
            return True
        scale = inverse(matrix[row, column], prime)
        for below in range(row + 1, len(matrix)):
            if matrix[below, column]:
                factor = matrix[below, column] * scale % prime
                for at in range(column, matrix.shape[1]):
                    matrix[below, at] = (matrix[below, at] - factor * matrix[row, at]) % prime
    return False


@numba.njit(cache=True)
def independent(indptr, indices, entries, frequency, first, prime):
    """Which rows are linearly independent of those before them.

    Parameters
    ----------
    indptr, indices, entries : numpy.ndarray
        An integer matrix, compressed by rows.
    frequency : numpy.ndarray of int
        Rows that hold each column: of the columns left in a row the rarest is its pivot.
    first : int
        So many rows at the start have a column that no later row has (`peel`), and are.
    prime : int
    """
    size = len(indptr) - 1
    found = np.zeros(size, dtype=np.bool_)
    found[:first] = True
    work = np.zeros(len(frequency), dtype=np.int64)
    pivots = np.empty(size, dtype=np.int64)
    columns = numba.typed.List.empty_list(numba.int64[::1])
    values = numba.typed.List.empty_list(numba.int64[::1])
    for row in range(first, size):
        for at in range(indptr[row], indptr[row + 1]):
            work[indices[at]] = entries[at] % prime
        for number in range(len(columns)):
            factor = work[pivots[number]]
            if factor:
                _subtract(work, factor, columns[number], values[number], prime)
        left = np.flatnonzero(work)
        if len(left):
            best = left[np.argmin(frequency[left])]
            own_columns, own_values = _taken(work, inverse(work[best], prime), prime)
            pivots[len(columns)] = best
            columns.append(own_columns)
            values.append(own_values)
            found[row] = True
    return found

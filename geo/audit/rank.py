"""Check 4: everything that linear algebra over the published numbers determines, exactly.

The equations are reduced modulo two primes, never in floating point. A sum of hidden cells
is determined when it is constant on all solutions: its coefficients are orthogonal to the
kernel. The kernel is held as random combinations of its vectors, one number per cell and
combination, so a sum that is not determined passes for one with a chance of 1 in 2^31 per
combination and prime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np

from geo.audit.settle import Settled, by_row
from geo.audit.system import System

PRIMES = (2_147_483_647, 2_147_483_629)
MOST_HIDDEN = 190
LEAST_COMBINATIONS = 3
MOST_FREE = 12
SEED = 20_161_231


class Sum(NamedTuple):
    """A determined sum of hidden cells of one equation, and its count."""

    cells: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Derived:
    """What the equations determine beyond single equations.

    Attributes
    ----------
    cells, counts : numpy.ndarray of int
        Single cells.
    sums : list of Sum
        0/1 sums of two or more hidden children of one equation.
    rank : int
    unknowns : int
        Hidden cells of the open equations.
    contradictions : int
        Determined sums that are no counts, and equations that fail.
    limited : int
        Equations with too many hidden cells for a search of all their sums.
    """

    cells: np.ndarray
    counts: np.ndarray
    sums: list[Sum]
    rank: int
    unknowns: int
    contradictions: int
    limited: int


class _Reduced(NamedTuple):
    """One prime's row echelon form: `solution` and `kernel` per unknown."""

    rank: int
    contradictions: int
    solution: np.ndarray
    kernel: np.ndarray


def derive(system: System, settled: Settled, total: int, progress=None) -> Derived:
    """Single cells and sums that the open equations determine.

    Parameters
    ----------
    system, settled
        Equations, and what is known already.
    total : int
        No count is larger.
    """
    equations = _open_equations(system, settled)
    hidden = [children for _, children in equations.children]
    widest = max((len(one) for one in hidden), default=0)
    combinations = min(widest, MOST_HIDDEN) + LEAST_COMBINATIONS
    reduced = []
    for number, prime in enumerate(PRIMES):
        if progress:
            progress("rank", number, len(PRIMES))
        reduced.append(_reduce(equations, prime, combinations))
    single = np.logical_and.reduce([(one.kernel == 0).all(axis=1) for one in reduced])
    at = np.flatnonzero(single)
    counts, bad = _counts([one.solution[at] for one in reduced], total)
    sums, bad_sums, limited = _sums(equations, reduced, single, total)
    contradictions = bad + bad_sums + max(one.contradictions for one in reduced)
    return Derived(
        equations.cells[at[counts >= 0]],
        counts[counts >= 0],
        sums,
        max(one.rank for one in reduced),
        len(equations.cells),
        contradictions,
        limited,
    )


class _Equations(NamedTuple):
    """Open equations over their unknowns only.

    `cells` maps unknown to cell of the system; `children` lists (equation, unknown
    children) of each; `order` is the order in which unknowns are eliminated.
    """

    cells: np.ndarray
    start: np.ndarray
    columns: np.ndarray
    signs: np.ndarray
    right: np.ndarray
    children: list[tuple[int, np.ndarray]]


def _open_equations(system: System, settled: Settled) -> _Equations:
    lengths = np.diff(system.start)
    chosen = np.zeros(len(lengths), dtype=bool)
    chosen[settled.open] = True
    entry = np.repeat(chosen, lengths)
    row = np.repeat(np.arange(len(lengths)), lengths)[entry]
    columns, signs = system.columns[entry], system.signs[entry]
    unknown = ~settled.known[columns]
    shown = np.where(settled.known, settled.values, 0)[system.columns] * system.signs
    right = -by_row(shown, system.start)[settled.open]
    cells, packed = np.unique(columns[unknown], return_inverse=True)
    kept = row[unknown]
    counts = np.bincount(kept, minlength=len(lengths))[settled.open]
    start = np.concatenate([[0], np.cumsum(counts)])
    signs = signs[unknown]
    children = [
        (i, packed[start[i] : start[i + 1]][signs[start[i] : start[i + 1]] < 0])
        for i in range(len(counts))
    ]
    return _Equations(cells, start, packed.astype(np.int64), signs, right, children)


def _reduce(equations: _Equations, prime: int, combinations: int) -> _Reduced:
    width = len(equations.cells)
    rows, order = _peel(equations.start, equations.columns, width)
    pivot_start, pivot_columns, pivot_values, pivot_of, pivot_right, contradictions = _eliminate(
        equations.start,
        equations.columns,
        equations.signs % prime,
        equations.right % prime,
        rows,
        order,
        width,
        prime,
    )
    generator = np.random.default_rng(SEED)
    free = np.zeros((width, combinations + 1), dtype=np.int64)
    free[:, 1:] = generator.integers(1, prime, size=(width, combinations))
    _substitute(pivot_start, pivot_columns, pivot_values, pivot_of, pivot_right, order, free, prime)
    return _Reduced(len(pivot_right), int(contradictions), free[:, 0].copy(), free[:, 1:])


@numba.njit(cache=True)
def _transposed(start, columns, width):
    """Equations that hold each unknown, as compressed columns."""
    first = np.zeros(width + 1, dtype=np.int64)
    for c in columns:
        first[c + 1] += 1
    first = np.cumsum(first)
    fill = first[:-1].copy()
    rows_of = np.zeros(len(columns), dtype=np.int64)
    for r in range(len(start) - 1):
        for i in range(start[r], start[r + 1]):
            rows_of[fill[columns[i]]] = r
            fill[columns[i]] += 1
    return first, rows_of


@numba.njit(cache=True)
def _peel(start, columns, width):
    """Rows in the order they are reduced, and unknowns in the order they are eliminated.

    An unknown of one remaining equation is eliminated by it without changing any other:
    such pairs go first, the rest by how rare the unknown is.
    """
    height = len(start) - 1
    first, rows_of = _transposed(start, columns, width)
    count = first[1:] - first[:-1]
    gone = np.zeros(height, dtype=np.bool_)
    taken = np.zeros(width, dtype=np.bool_)
    queue = np.zeros(width + len(columns), dtype=np.int64)
    alone = np.flatnonzero(count == 1)
    queue[: len(alone)] = alone
    size, at, peeled = len(alone), 0, 0
    rows = np.zeros(height, dtype=np.int64)
    order = np.zeros(width, dtype=np.int64)
    while at < size:
        c = queue[at]
        at += 1
        if taken[c] or count[c] != 1:
            continue
        r = -1
        for i in range(first[c], first[c + 1]):
            if not gone[rows_of[i]]:
                r = rows_of[i]
        gone[r], taken[c] = True, True
        rows[peeled], order[peeled] = r, c
        peeled += 1
        for j in range(start[r], start[r + 1]):
            count[columns[j]] -= 1
            if count[columns[j]] == 1:
                queue[size] = columns[j]
                size += 1
    rest = np.flatnonzero(~taken)
    order[peeled:] = rest[np.argsort(count[rest], kind="mergesort")]
    rest = np.flatnonzero(~gone)
    rows[peeled:] = rest[np.argsort(start[rest + 1] - start[rest], kind="mergesort")]
    return rows, order


@numba.njit(cache=True)
def _power(base, exponent, prime):
    result = 1
    while exponent > 0:
        if exponent & 1:
            result = result * base % prime
        base = base * base % prime
        exponent >>= 1
    return result


@numba.njit(cache=True)
def _mark(words, place):
    words[place >> 6] |= np.uint64(1) << np.uint64(place & 63)


@numba.njit(cache=True)
def _next(words, word, last):
    """Lowest marked place from a word on, unmarked; -1 where there is none."""
    while word <= last:
        bits = words[word]
        if bits != 0:
            low = bits & (~bits + np.uint64(1))
            words[word] = bits ^ low
            bit = 0
            while low > np.uint64(1):
                low >>= np.uint64(1)
                bit += 1
            return (word << 6) + bit
        word += 1
    return -1


@numba.njit(cache=True)
def _grown(array, size):
    grown = np.zeros(size * 2, dtype=array.dtype)
    grown[:size] = array
    return grown


@numba.njit(cache=True)
def _eliminate(start, columns, values, right, rows, order, width, prime):
    """Row echelon form, pivots scaled to 1; each pivot row without its pivot.

    Rows are reduced one after the other by the pivots found so far, from the unknown that
    is eliminated first to the last.
    """
    place = np.zeros(width, dtype=np.int64)
    place[order] = np.arange(width)
    pivot_of = np.full(width, -1, dtype=np.int64)
    out_columns = np.zeros(max(len(columns) * 4, 1024), dtype=np.int64)
    out_values = np.zeros(len(out_columns), dtype=np.int64)
    out_start = np.zeros(len(rows) + 1, dtype=np.int64)
    out_right = np.zeros(len(rows), dtype=np.int64)
    dense = np.zeros(width, dtype=np.int64)
    words = np.zeros(width // 64 + 1, dtype=np.uint64)
    found, contradictions = 0, 0
    for r in rows:
        last = 0
        for i in range(start[r], start[r + 1]):
            dense[place[columns[i]]] = values[i]
            _mark(words, place[columns[i]])
            last = max(last, place[columns[i]] >> 6)
        target, pivot, scale, size = right[r], -1, 0, out_start[found]
        p = _next(words, 0, last)
        while p >= 0:
            value, by = dense[p], pivot_of[p]
            dense[p] = 0
            if value != 0 and by >= 0:
                target = (target - value * out_right[by]) % prime
                for i in range(out_start[by], out_start[by + 1]):
                    q = out_columns[i]
                    dense[q] = (dense[q] - value * out_values[i]) % prime
                    _mark(words, q)
                    last = max(last, q >> 6)
            elif value != 0 and pivot < 0:
                pivot, scale = p, _power(value, prime - 2, prime)
            elif value != 0:
                if size == len(out_columns):
                    out_columns, out_values = _grown(out_columns, size), _grown(out_values, size)
                out_columns[size], out_values[size] = p, value * scale % prime
                size += 1
            p = _next(words, p >> 6, last)
        if pivot < 0:
            contradictions += target != 0
            continue
        pivot_of[pivot] = found
        out_right[found] = target * scale % prime
        found += 1
        out_start[found] = size
    return out_start, out_columns, out_values, pivot_of, out_right[:found], contradictions


@numba.njit(cache=True)
def _substitute(start, columns, values, pivot_of, right, order, table, prime):
    """Solve for every pivot from the last to the first: column 0 a solution, others kernel."""
    for p in range(len(order) - 1, -1, -1):
        by = pivot_of[p]
        if by < 0:
            continue
        target = table[order[p]]
        target[:] = 0
        target[0] = right[by]
        for i in range(start[by], start[by + 1]):
            source = table[order[columns[i]]]
            for j in range(len(target)):
                target[j] = (target[j] - values[i] * source[j]) % prime


def _counts(residues: list[np.ndarray], total: int) -> tuple[np.ndarray, int]:
    """Counts that both primes agree on, -1 elsewhere; and how many are no counts."""
    agreed = (residues[0] == residues[1]) & (residues[0] <= total)
    return np.where(agreed, residues[0], -1), int((~agreed).sum())


def _sums(equations, reduced, single, total) -> tuple[list[Sum], int, int]:
    """Determined 0/1 sums of hidden children, none of them determined alone."""
    sums: dict[tuple[int, ...], int] = {}
    bad = limited = 0
    for _, children in equations.children:
        hidden = children[~single[children]]
        if len(hidden) < 2:
            continue
        if len(hidden) > MOST_HIDDEN:
            limited += 1
            continue
        choices, complete = _zero_one(hidden, reduced)
        limited += not complete
        for choice in choices:
            members = hidden[choice]
            residues = [
                np.array([one.solution[members].sum() % prime])
                for one, prime in zip(reduced, PRIMES, strict=True)
            ]
            counts, wrong = _counts(residues, total)
            bad += wrong
            if not wrong:
                sums[tuple(sorted(equations.cells[members].tolist()))] = int(counts[0])
    return [Sum(cells, count) for cells, count in sorted(sums.items())], bad, limited


def _zero_one(hidden: np.ndarray, reduced: list[_Reduced]) -> tuple[list[np.ndarray], bool]:
    """Masks of every 0/1 vector that is orthogonal to the kernel, by a row-reduced basis."""
    combinations = len(hidden) + LEAST_COMBINATIONS
    bases = [
        _orthogonal(one.kernel[hidden, :combinations].copy(), prime)
        for one, prime in zip(reduced, PRIMES, strict=True)
    ]
    basis = min(bases, key=len)
    prime = PRIMES[[len(one) for one in bases].index(len(basis))]
    free = min(len(basis), MOST_FREE)
    found = []
    for number in range(1, 2**free):
        chosen = [i for i in range(free) if number >> i & 1]
        vector = basis[chosen].sum(axis=0) % prime
        if (vector <= 1).all():
            found.append(vector.astype(bool))
    return found, len(basis) <= MOST_FREE


@numba.njit(cache=True)
def _orthogonal(kernel, prime):
    """Row-reduced basis of the vectors y with y @ kernel = 0 modulo the prime."""
    height, width = kernel.shape
    table = np.zeros((height, width + height), dtype=np.int64)
    table[:, :width] = kernel
    for i in range(height):
        table[i, width + i] = 1
    top = 0
    for c in range(width + height):
        if top == height:
            break
        by = -1
        for r in range(top, height):
            if table[r, c] != 0:
                by = r
                break
        if by < 0:
            continue
        if by != top:
            swap = table[by].copy()
            table[by] = table[top]
            table[top] = swap
        scale = _power(table[top, c], prime - 2, prime)
        for j in range(c, width + height):
            table[top, j] = table[top, j] * scale % prime
        for r in range(height):
            if r != top and table[r, c] != 0 and (r > top or c >= width):
                value = table[r, c]
                for j in range(c, width + height):
                    table[r, j] = (table[r, j] - value * table[top, j]) % prime
        top += 1
    keep = np.zeros(height, dtype=np.bool_)
    for r in range(height):
        keep[r] = True
        for c in range(width):
            if table[r, c] != 0:
                keep[r] = False
                break
    return table[keep][:, width:].copy()

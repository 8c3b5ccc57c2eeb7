"""What follows from single equations: one unknown left, or nothing left for several.

Counts cannot be negative, so a parent whose known children already make it up leaves 0 for
every other child, and a 0 passes to everything below it. Each 0 found so closes more
equations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.audit.system import System


@dataclass(frozen=True)
class Settled:
    """Cells that single equations determine.

    Attributes
    ----------
    known : numpy.ndarray of bool
        Published or derived, per cell of the system.
    values : numpy.ndarray of int
    open : numpy.ndarray of int
        Equations that still hold two unknowns or more.
    broken : numpy.ndarray of int
        Equations that no counts satisfy.
    """

    known: np.ndarray
    values: np.ndarray
    open: np.ndarray
    broken: np.ndarray


def settle(system: System, known: np.ndarray, values: np.ndarray) -> Settled:
    """Apply single equations until nothing changes."""
    known, values = known.copy(), values.copy()
    size = len(system.start) - 1
    row = np.repeat(np.arange(size), np.diff(system.start))
    columns, signs = system.columns, system.signs
    broken = np.zeros(size, dtype=bool)
    while True:
        unknown = ~known[columns]
        count = by_row(unknown, system.start)
        rest = by_row(np.where(unknown, 0, signs * values[columns]), system.start)
        parents_known = by_row(unknown & (signs > 0), system.start) == 0
        broken |= ((count == 0) & (rest != 0)) | (parents_known & (rest < 0))
        single = unknown & (count[row] == 1)
        nothing = unknown & (parents_known & (rest == 0))[row]
        if not (single | nothing).any():
            return Settled(known, values, np.flatnonzero(count > 1), np.flatnonzero(broken))
        values[columns[single]] = np.maximum(-signs[single] * rest[row[single]], 0)
        values[columns[nothing]] = 0
        known[columns[single | nothing]] = True


def by_row(entries: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Sums of the entries of each equation, in whole numbers."""
    if not len(entries):
        return np.zeros(len(start) - 1, dtype=np.int64)
    return np.add.reduceat(entries.astype(np.int64), start[:-1])

"""Random draws by weight, and assignments by quota.

A weight is relative. A quota is a count that holds exactly, whatever the seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.model import SEPARATOR, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence


def hit(
    rng: np.random.Generator, share: float | np.ndarray, size: int | tuple[int, ...]
) -> np.ndarray:
    """Hits and misses, each a hit with probability `share`."""
    return rng.random(size) < share


def drawn(rng: np.random.Generator, weights: np.ndarray, size: int) -> np.ndarray:
    """Row numbers of `weights`, drawn in their proportion."""
    return rng.choice(len(weights), size, p=weights / weights.sum())


def drawn_each(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """For each row of `weights` one column number, drawn in their proportion."""
    steps = np.cumsum(weights, axis=1)
    return (rng.random((len(weights), 1)) * steps[:, -1:] >= steps).sum(axis=1)


def assigned(
    rng: np.random.Generator, quotas: Sequence[int], affinity: np.ndarray | None = None
) -> np.ndarray:
    """One number per item so that number `i` occurs `quotas[i]` times.

    Items of high `affinity` (items x numbers) to a number come to it more often: the
    quota takes the largest of log affinity plus Gumbel noise, the rarest number first.
    """
    size = int(sum(quotas))
    chosen = np.full(size, -1)
    for number in np.argsort(quotas, kind="stable"):
        keys = rng.gumbel(size=size)
        if affinity is not None:
            keys = keys + np.log(affinity[:, number])
        keys[chosen >= 0] = -np.inf
        chosen[np.argsort(-keys, kind="stable")[: quotas[number]]] = number
    return chosen


def packed(
    rng: np.random.Generator, sizes: np.ndarray, quotas: np.ndarray, affinity: np.ndarray
) -> np.ndarray:
    """One number per item so that the `sizes` of number `i` sum to `quotas[i]`.

    The largest items choose first, by what is left of each quota and their affinity;
    items of size 1, which always fit, fill the rest. So there must be many of size 1.
    """
    left = quotas.copy()
    chosen = np.empty(len(sizes), dtype=int)
    order = np.lexsort((rng.random(len(sizes)), -sizes))
    for item in order:
        weights = np.where(left >= sizes[item], left * affinity[item], 0)
        chosen[item] = drawn(rng, weights, 1)[0]
        left[chosen[item]] -= sizes[item]
    return chosen


def spread(rng: np.random.Generator, total: int, size: int, evenness: float) -> np.ndarray:
    """`size` numbers of at least 1 that sum to `total`; a small `evenness` favours few."""
    shares = rng.gamma(evenness, size=size)
    return 1 + rng.multinomial(total - size, shares / shares.sum())


def sets(names: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Cells of one or two names, sorted; a negative `second` is none, ``unknown`` is blank."""
    names = np.where(names == UNKNOWN, "", names)
    pairs = {
        (a, b): SEPARATOR.join(sorted({names[a], names[b]} - {""} if b >= 0 else {names[a]}))
        for a, b in set(zip(first.tolist(), second.tolist(), strict=True))
    }
    keys = zip(first.tolist(), second.tolist(), strict=True)
    return np.array([pairs[key] for key in keys], dtype=object)


def joined(flags: np.ndarray, codes: Sequence[str]) -> np.ndarray:
    """Codes whose flag is set, sorted and joined, for each row of `flags`."""
    patterns, rows = np.unique(flags, axis=0, return_inverse=True)
    cells = [SEPARATOR.join(sorted(np.array(codes)[pattern])) for pattern in patterns]
    return np.array(cells, dtype=object)[rows.ravel()]

"""Homogeneity: parts that hold everybody of a group around them.

Where a part of a sensitive dimension equals its parent, the two together tell a value of each
person in the parent. Below country level one of the two hides, and what would give it away.
What the scope of a release says anyway tells nothing (PRIVACY.md, rule 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.model import UNKNOWN
from geo.protect import lines
from geo.protect.known import expanded
from geo.protect.relations import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    from scipy.sparse import csr_matrix

    from geo.protect.relations import Line, Relations

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
    for axis, tells in telling(cells, sensitive, scope, above).items():
        parent = relations.lines[axis].parent
        part = np.flatnonzero(below & tells & (parent != NONE))
        whole = parent[part]
        while len(part):
            equal = value[part] == value[whole]
            part, whole = part[equal], whole[equal]
            found.append(np.column_stack([part, whole]))
            whole = parent[whole]
            part, whole = part[whole != NONE], whole[whole != NONE]
    return np.concatenate(found)


def telling(
    cells: pd.DataFrame,
    sensitive: Sequence[str],
    scope: Sequence[Sequence[str]],
    above: Callable[[str, str], tuple[str, ...]],
) -> dict[str, np.ndarray]:
    """For each sensitive dimension the cells whose value of it would tell something, as a mask.

    Parameters are those of :func:`pairs`.
    """
    return {
        axis: ~((cells[axis] == UNKNOWN).to_numpy() | _said(cells, axis, scope, above))
        for axis in sensitive
    }


def remainders(
    level: np.ndarray,
    value: np.ndarray,
    known: np.ndarray,
    relations: Relations,
    tells: dict[str, np.ndarray],
) -> list[dict[int, int]]:
    """Known part and whole of which what is left, beside known pieces of both, is equal.

    Mexicans in a state less those in some of its hexagons may be as many as all cases in the
    state less all in the same hexagons: then everybody in its other hexagons is from Mexico,
    though none of these is listed. The same holds along any other axis.

    Parameters
    ----------
    level : numpy.ndarray of str
        Place level of each cell.
    value : numpy.ndarray of int
        True counts.
    known : numpy.ndarray of bool
        Cells that are published.
    relations : Relations
    tells : dict
        What :func:`telling` returns.

    Returns
    -------
    list of dict
        Combinations of known cells that come to nobody: cell number to its sign.
    """
    found: list[dict[int, int]] = []
    for axis, mask in tells.items():
        parent = relations.lines[axis].parent
        whole = parent.copy()
        while (some := mask & known & (whole != NONE)).any():
            both = some & known[whole]
            for _, line, inside in _others(axis, level, relations):
                found += _empty(value, both, both & inside, whole, line)
            whole = np.where(whole != NONE, parent[whole], NONE)
    return found


def single_values(
    cells: pd.DataFrame,
    value: np.ndarray,
    known: np.ndarray,
    relations: Relations,
    tells: dict[str, np.ndarray],
) -> list[dict[int, int]]:
    """Known wholes of whose parts all but one have nobody outside known pieces, and it has.

    As many cases from Colombia, from Honduras and so on are in one finer hexagon as in the whole
    hexagon: whoever is elsewhere in it is from the one country of which that is not known,
    though neither number of it need be shown. Parameters are those of :func:`remainders`.

    Returns
    -------
    list of dict
        Known cells that tell it together: cell number to a sign.
    """
    found: list[dict[int, int]] = []
    level = cells["level"].to_numpy()
    for axis, mask in tells.items():
        of = relations.lines[axis]
        part = np.flatnonzero(of.parent != NONE)
        whole, size = of.parent[part], len(value)
        parts = np.bincount(whole, minlength=size)
        shown = known & (np.bincount(whole, weights=known[part], minlength=size) == parts)
        shown &= (parts > 1) & (of.unplaced == 0) & of.additive
        for other, line, inside in _others(axis, level, relations):
            wanted = shown & inside
            if not wanted.any():
                continue
            pieces = lines.covered(known.astype(np.int64), known, line)
            none = known & (pieces > 0) & line.additive_below
            none &= value == lines.covered(value, known, line)
            left = parts - np.bincount(whole, weights=none[part], minlength=size).astype(np.int64)
            one = part[(wanted & (left == 1))[whole] & ~none[part] & mask[part]]
            if len(one):
                below, codes = lines.nearest_known(known, line), cells[other].to_numpy()
                for cell in one.tolist():
                    signs = _told(cell, of, below)
                    pieces = {codes[piece] for piece, sign in signs.items() if sign < 0}
                    if _outside(cell, pieces, codes, value, line):
                        found.append(signs)
    return found


def _others(
    axis: str, level: np.ndarray, relations: Relations
) -> Iterator[tuple[str, Line, np.ndarray]]:
    """All axes but one, with their lines and the cells of which what is left lies below a country.

    What is left of a country beside some of its states are other states.
    """
    for other, line in relations.lines.items():
        if other != axis:
            above = ("country",) if other == "place" else ()
            yield other, line, np.isin(level, (*above, *BELOW_COUNTRY))


def _told(part: int, of: Line, below: csr_matrix) -> dict[int, int]:
    """A part and its whole, and all other parts, positive, with their pieces, negative."""
    whole = int(of.parent[part])
    signs = {whole: 1, part: 1}
    for cell in of.lists[whole]:
        if cell != part:
            pieces = below.indices[below.indptr[cell] : below.indptr[cell + 1]]
            signs |= {cell: 1} | dict.fromkeys(pieces.tolist(), -1)
    return signs


def _outside(cell: int, pieces: set[str], codes: np.ndarray, value: np.ndarray, line: Line) -> bool:
    """Whether a cell has a case in none of some codes of the line's axis."""
    if line.unplaced[cell] > 0:
        return True
    waiting = list(line.lists.get(cell, ()))
    while waiting:
        child = waiting.pop()
        if codes[child] in pieces or not value[child]:
            continue
        if child not in line.lists or line.unplaced[child] > 0:
            return True
        waiting += line.lists[child]
    return False


def _empty(
    value: np.ndarray, both: np.ndarray, wanted: np.ndarray, whole: np.ndarray, line: Line
) -> list[dict[int, int]]:
    """Of one axis: wanted parts whose group has nobody else outside pieces that are known too."""
    group = np.where(both, value[whole], 0)
    others = np.where(both, value[whole] - value, 0)
    pieces = lines.covered(both.astype(np.int64), both, line)
    left = group - lines.covered(group, both, line)
    empty = others == lines.covered(others, both, line)
    wrong = np.flatnonzero(wanted & line.additive_below & (pieces > 0) & (left > 0) & empty)
    if not len(wrong):
        return []
    below = lines.nearest_known(both, line)[wrong].tocsr()
    found = []
    for number, part in enumerate(wrong.tolist()):
        signs: dict[int, int] = {int(whole[part]): 1, part: -1}
        for piece in below.indices[below.indptr[number] : below.indptr[number + 1]].tolist():
            signs |= {int(whole[piece]): -1, piece: 1}
        found.append(signs)
    return found


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

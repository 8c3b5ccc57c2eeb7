"""The suppression's own attacks: what is still wrong with a choice of published cells.

From cheap to dear: lines, boxes, what subtraction makes known, and the exact rank test
of every group. Each finding is a cut, a set of published cells of which one must go.
This is the search's guide, not the gate: the gate is the audit, which shares no code
with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geo.protect import boxes, equal, lines, rank
from geo.protect.cover import Cut, of_kind
from geo.protect.derive import Combinations
from geo.protect.known import closure, expanded
from geo.protect.relations import NONE

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from geo.protect.boxes import Table
    from geo.protect.relations import Line, Relations

LINE, EQUAL, BOX, SUBTRACTION, RANK = "line", "homogeneity", "box", "subtraction", "rank"
NO_PAIRS = np.zeros((0, 2), dtype=np.int64)
WIDE_SEARCH = 10_000
"""Up to so many published cells the shortest combination is sought among all of them."""
MOST_WIDE = 60
WIDTH = 40
"""Null vectors at the least: more than a line of dimensions has groups."""


@dataclass(frozen=True)
class Target:
    """All that the attacks need to know of a cube."""

    cells: pd.DataFrame
    value: np.ndarray
    cases: np.ndarray
    members: csr_matrix
    relations: Relations
    tables: list[Table]
    multi_valued: tuple[str, ...]
    k: int
    equal: np.ndarray = field(default_factory=NO_PAIRS.copy)
    """Part and whole that hold the same cases along a sensitive dimension, one pair a row."""
    tells: dict[str, np.ndarray] = field(default_factory=dict)
    """For each sensitive dimension the cells whose value of it would tell something."""
    named: tuple[csr_matrix, ...] = ()
    """Further groups, one row over base cells each, that must not be derivable."""


def simple(target: Target, published: np.ndarray) -> list[Cut]:
    """Cuts from lines and equal parts; where these are clean, from boxes."""
    found = of_kind(LINE, lines.violations(target.value, published, target.relations, target.k))
    found += of_kind(EQUAL, equal.violations(target.equal, published, {}))
    found += of_kind(EQUAL, _empty_rests(target, published))
    return found or of_kind(BOX, _boxes(target, published))


def by_subtraction(target: Target, published: np.ndarray) -> list[Cut]:
    """Cuts from `simple`; where it finds nothing, from what subtraction makes known."""
    cuts = simple(target, published)
    if cuts:
        return cuts
    found = closure(published, target.relations)
    cuts = of_kind(SUBTRACTION, _known(target, published, found))
    return cuts + of_kind(EQUAL, equal.violations(target.equal, published, found))


def thorough(target: Target, published: np.ndarray) -> list[Cut]:
    """Cuts from every attack, the dear ones only where the cheap ones find nothing."""
    return by_subtraction(target, published) or of_kind(RANK, _by_rank(target, published))


def _empty_rests(target: Target, known: np.ndarray) -> list[dict[int, int]]:
    """Of published cells only: what the search derives depends on which cells have no case."""
    given = target.value, known, target.relations, target.tells
    found = equal.remainders(target.cells["level"].to_numpy(), *given)
    return found + equal.single_values(target.cells, *given)


def _known(
    target: Target, published: np.ndarray, found: dict[int, dict[int, int]]
) -> list[tuple[int, ...]]:
    cuts = [tuple(found[cell]) for cell in found if target.value[cell] < target.k]
    return cuts + _through(target, published, found)


def _boxes(target: Target, known: np.ndarray) -> list[dict[int, int]]:
    return [
        signs
        for table in target.tables
        for signs in boxes.violations(target.value, known, table, target.multi_valued, target.k)
    ]


def _through(
    target: Target, published: np.ndarray, found: dict[int, dict[int, int]]
) -> list[tuple[int, ...]]:
    """Lines and boxes that use derived cells."""
    known = published.copy()
    known[list(found)] = True
    signs = lines.violations(target.value, known, target.relations, target.k)
    signs += _boxes(target, known)
    return [tuple(expanded(each, found)) for each in signs]


def _by_rank(target: Target, published: np.ndarray) -> list[tuple[int, ...]]:
    rows = np.flatnonzero(published)
    space = rank.row_space(target.members, rows, sparser(target, published))
    groups = _groups(target, published, space)
    width = max([WIDTH, *(len(items) + 4 for items, _ in groups.sums)])
    vectors = space.null_vectors(width)
    cells = rank.signatures(target.members, vectors)
    derivable = rank.derivable(cells)
    wrong = [target.members[cell] for cell in np.flatnonzero(derivable & groups.small).tolist()]
    wrong += _derivable_others(target, vectors) + _named(target, vectors)
    wrong += _line_sums(target, groups, cells[0])
    wrong += _rest_sums(target, cells[0])
    if not wrong:
        wrong = _through_rank(target, published, derivable)
    if len(rows) > WIDE_SEARCH:
        return [tuple(space.combination(group).tolist()) for group in wrong]
    if not wrong:
        return []
    program = Combinations(target.members[:, space.first], rows, space.echelons[0][0])
    return [program.shortest(group[:, space.first]) for group in wrong[:MOST_WIDE]]


def sparser(target: Target, published: np.ndarray) -> csr_matrix:
    """Each cell less its nearest published descendants on the axis that leaves least.

    The same row space, in far fewer entries: most of a published cell is published in
    its parts.
    """
    from scipy.sparse import identity, vstack

    size = len(target.value)
    choices = [identity(size, dtype=np.int64, format="csr")]
    left = [np.diff(target.members.indptr)]
    for line in target.relations.lines.values():
        choice = (choices[0] - lines.nearest_known(published, line)).tocsr()
        rest = (choice @ target.members).tocsr()
        rest.eliminate_zeros()
        choices.append(choice)
        left.append(np.diff(rest.indptr))
    best = np.argmin(left, axis=0)
    return vstack(choices).tocsr()[best * size + np.arange(size)]


@dataclass(frozen=True)
class _Groups:
    """Small hidden groups: single cells, and those that share a line."""

    small: np.ndarray
    sums: list[tuple[np.ndarray, tuple[int, list[int]] | None]]


def _groups(target: Target, published: np.ndarray, space: rank.RowSpace) -> _Groups:
    small = lines.small(target.value, target.k) & ~published
    sizes = np.bincount(space.group)
    found = []
    for line in target.relations.lines.values():
        unplaced = lines.small(line.unplaced, target.k)
        for whole, children in line.lists.items():
            if line.additive[whole]:
                items = np.array([cell for cell in children if small[cell]], dtype=np.int64)
                rest = (whole, children) if unplaced[whole] else None
                if rest is None:
                    items = _closed(items, target.members, space.group, sizes)
                if len(items) + (rest is not None) > 1:
                    found.append((items, rest))
    return _Groups(small, found)


def _closed(
    items: np.ndarray, members: csr_matrix, group: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """Items that together fill the classes of equal columns they touch.

    A derivable sum holds a class wholly or not at all, so that no other item can be
    part of one.
    """
    while len(items) > 1:
        rows = members[items]
        classes = group[rows.indices]
        touched, inverse, filled = np.unique(classes, return_inverse=True, return_counts=True)
        open_class = (filled < sizes[touched])[inverse]
        owner = np.repeat(np.arange(len(items)), np.diff(rows.indptr))
        kept = np.bincount(owner, weights=open_class, minlength=len(items)) == 0
        if kept.all():
            return items
        items = items[kept]
    return items[:0]


def _line_sums(target: Target, groups: _Groups, signature: np.ndarray) -> list[csr_matrix]:
    """Sums of small hidden cells of one line, and its unplaced cases, that are derivable."""
    wrong = []
    for items, rest in groups.sums:
        marks, counts, numbers = signature[items], target.value[items], items
        if rest is not None:
            whole, children = rest
            mark = (signature[whole] - signature[children].sum(axis=0)) % rank.PRIMES[0]
            left = target.value[whole] - target.value[children].sum()
            marks, counts = np.vstack([marks, mark]), np.append(counts, left)
            numbers = np.append(items, NONE)
        for chosen in rank.sums(numbers, counts, marks, target.k):
            group = sum(target.members[cell] for cell in chosen if cell != NONE)
            if NONE in chosen:
                group = group + _unplaced(target, rest)
            wrong.append(group)
    return wrong


def _rest_sums(target: Target, signature: np.ndarray) -> list[csr_matrix]:
    """Sums, along the other axes, of cases that are in none of a place's parts."""
    place = target.relations.lines["place"]
    small = lines.small(place.unplaced, target.k) & place.additive
    wrong = []
    for axis, line in target.relations.lines.items():
        if axis == "place":
            continue
        for whole, children in line.lists.items():
            items = [cell for cell in children if small[cell] and cell in place.lists]
            if line.additive[whole] and len(items) > 1:
                marks = np.array([_rest_mark(signature, cell, place) for cell in items])
                counts = place.unplaced[items]
                wrong += [
                    sum(_unplaced(target, (cell, place.lists[cell])) for cell in chosen)
                    for chosen in rank.sums(np.array(items), counts, marks, target.k)
                ]
    return wrong


def _rest_mark(signature: np.ndarray, cell: int, place: Line) -> np.ndarray:
    return (signature[cell] - signature[place.lists[cell]].sum(axis=0)) % rank.PRIMES[0]


def _unplaced(target: Target, rest: tuple[int, list[int]]) -> csr_matrix:
    whole, children = rest
    return target.members[whole] - sum(target.members[cell] for cell in children)


def other_groups(target: Target) -> list[csr_matrix]:
    """Small groups that are no cells: unplaced cases of a cell; without a value, and of several."""
    return [group for line in target.relations.lines.values() for group in _of_line(target, line)]


def _derivable_others(target: Target, vectors: np.ndarray) -> list[csr_matrix]:
    from scipy.sparse import vstack

    groups = other_groups(target)
    if not groups:
        return []
    signature = rank.signatures(vstack(groups).tocsr(), [own[:, :2] for own in vectors])
    return [groups[number] for number in np.flatnonzero(rank.derivable(signature))]


def _named(target: Target, vectors: np.ndarray) -> list[csr_matrix]:
    """Groups that somebody else's attack derived, and this one derives too."""
    marks = [rank.signatures(group, [own[:, :2] for own in vectors]) for group in target.named]
    return [
        group for group, mark in zip(target.named, marks, strict=True) if rank.derivable(mark).all()
    ]


def _of_line(target: Target, line: Line) -> list[csr_matrix]:
    lists = line.lists
    found = []
    for whole in np.flatnonzero(lines.small(line.unplaced, target.k)).tolist():
        if whole in lists:
            inside = sum(target.members[cell] for cell in lists[whole])
            outside = target.members[whole] - (inside > 0).astype(np.int64)
            outside.eliminate_zeros()
            found.append(outside)
    for whole in np.flatnonzero(~line.additive).tolist():
        several = sum(target.members[cell] for cell in lists[whole]) > 1
        if lines.small((several @ target.cases).sum(), target.k):
            found.append(several.astype(np.int64))
        for cell in lists[whole]:
            if lines.small(target.value[whole] - target.value[cell], target.k):
                found.append(target.members[whole] - target.members[cell])
    return found


def _through_rank(target: Target, published: np.ndarray, derivable: np.ndarray) -> list[csr_matrix]:
    """Lines and boxes that use cells which only the rank test derives."""
    from scipy.sparse import csr_matrix

    known = published | (derivable & (target.value >= target.k))
    signs = lines.violations(target.value, known, target.relations, target.k)
    signs += _boxes(target, known)
    groups = []
    for each in signs:
        cells, factors = list(each), np.array([list(each.values())], dtype=np.int64)
        groups.append(csr_matrix(factors) @ target.members[cells])
    return groups

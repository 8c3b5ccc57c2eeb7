"""The attacker's equations: unpublished cells of the listed views, and what they sum to.

Unknowns are the cells of the listed views, and of the margins between them, that are not
published. In each view, siblings along an axis that have no published cell in this view or
in a finer one are lumped into one node: any numbers that fit the lump can be shared out
among its members, whatever their own margins are, so that nothing about a member could be
derived, and lumping loses nothing. (It loses a little where counts must not be negative:
a zero of one member of a lump is then used for the lump only.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from geo.audit.axes import Axis, axis
from geo.audit.evidence import Evidence
from geo.audit.space import Points, level_of
from geo.model import Block

View = tuple[int, ...]


@dataclass(frozen=True)
class System:
    """Equations over cells: in each, parents minus children is zero.

    Attributes
    ----------
    axes : tuple of Axis
    keys : numpy.ndarray of int
        One per cell, sorted: mixed radix of its nodes.
    listed : numpy.ndarray of bool
        Cells, remainders and lumps of a listed view.
    known : numpy.ndarray of bool
    values : numpy.ndarray of int
        Count where known, else 0.
    start, columns, signs : numpy.ndarray
        Equations as compressed rows; parents first, with sign 1.
    """

    axes: tuple[Axis, ...]
    keys: np.ndarray
    listed: np.ndarray
    known: np.ndarray
    values: np.ndarray
    start: np.ndarray
    columns: np.ndarray
    signs: np.ndarray

    def nodes(self, cells: np.ndarray) -> np.ndarray:
        """Nodes of some cells, cells x axes."""
        found, keys = [], self.keys[cells]
        for one in self.axes[::-1]:
            keys, node = np.divmod(keys, len(one.names))
            found.append(node)
        return np.stack(found[::-1], axis=-1)

    def describe(self, cell: int) -> tuple[str, str, str]:
        """Level, place and the other codes of a cell, in words."""
        nodes = self.nodes(np.array([cell]))[0]
        names = [one.names[node] for one, node in zip(self.axes, nodes, strict=True)]
        place = names[0].partition("|")[0]
        others = [name for name in names[1:] if name != "all"]
        if "|" in names[0]:
            others.insert(0, names[0])
        return level_of(place), place, " x ".join(others) or "total"

    def block(self, cell: int) -> Block:
        """Cases of a cell, by the codes they carry on each axis."""
        nodes = self.nodes(np.array([cell]))[0]
        return tuple(one.terms(int(node)) for one, node in zip(self.axes, nodes, strict=True))


@dataclass(frozen=True)
class _Frame:
    """Nodes of one view along each axis, and the lump that each node belongs to.

    `lump[d]` has one entry per node of axis d: itself where it is not lumped.
    """

    nodes: tuple[np.ndarray, ...]
    kept: tuple[frozenset[int], ...]
    lump: tuple[np.ndarray, ...]


def build(evidence: Evidence, points: Points) -> System:
    """Equations of a release."""
    axes = tuple(axis(evidence, tree) for tree in points.trees)
    shown, values = _shown(axes, points)
    listed = {_vector(axes, view) for view in evidence.views}
    views = sorted(_closed(listed))
    frames = _frames(axes, views, shown)
    radix = _radix(axes)
    entries = [block for view in views for block in _blocks(axes, view, frames, radix)]
    cells = [_cell_keys(frames[view], radix) for view in views]
    keys = np.unique(np.concatenate([*cells, shown @ radix, *(keys for _, keys, _ in entries)]))
    start, columns, signs = _compressed(entries, keys)
    known, counts = np.zeros(len(keys), dtype=bool), np.zeros(len(keys), dtype=np.int64)
    at = np.searchsorted(keys, shown @ radix)
    known[at], counts[at] = True, values
    promised = np.zeros(len(keys), dtype=bool)
    for view in listed:
        promised[np.searchsorted(keys, _cell_keys(frames[view], radix))] = True
    return System(axes, keys, promised, known, counts, start, columns, signs)


def _shown(axes: tuple[Axis, ...], points: Points) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and counts of the published cells that listed grains hold."""
    nodes = []
    for one, tree in zip(axes, points.trees, strict=True):
        number = {name: i for i, name in enumerate(one.names)}
        own = np.array([number.get(name, -1) for name in tree.names], dtype=np.int64)
        nodes.append(own[points.codes[:, len(nodes)]])
    table = np.column_stack(nodes)
    placed = (table >= 0).all(axis=1)
    return table[placed], points.values[placed]


def _vector(axes: tuple[Axis, ...], view: tuple[str, frozenset[str]]) -> View:
    level, grains = view
    wanted = {level} | grains
    return tuple(
        max((i + 1 for i, grain in enumerate(one.grains) if grain in wanted), default=0)
        for one in axes
    )


def _closed(listed: set[View]) -> set[View]:
    """Views with their margins, any two of them joined by steps along one axis at a time."""
    points = {
        tuple(g if keep else 0 for g, keep in zip(point, kept, strict=True))
        for point in listed
        for kept in product((True, False), repeat=len(point))
    }
    while True:
        meets = points | {tuple(map(min, a, b)) for a in points for b in points}
        grown = meets | ({_bridge(a, b, meets) for a in meets for b in meets} - {None})
        if grown == points:
            return points
        points = grown


def _bridge(low: View, high: View, points: set[View]) -> View | None:
    """View to add between two that no single steps join; None where they are joined."""
    if not all(a <= b for a, b in zip(low, high, strict=True)):
        return None
    differ = [i for i, (a, b) in enumerate(zip(low, high, strict=True)) if a != b]
    steps = [(*low[:i], high[i], *low[i + 1 :]) for i in differ]
    return None if len(differ) < 2 or any(step in points for step in steps) else steps[0]  # noqa: PLR2004


def _frames(axes, views, shown) -> dict[View, _Frame]:
    """Nodes and lumps of every view; new lumps get a node of their own."""
    kept = {view: _kept(axes, view, shown) for view in views}
    nodes = {
        view: tuple(_nodes(one, view[d], kept[view][d]) for d, one in enumerate(axes))
        for view in views
    }
    lumps = {
        view: [_lumps(one, view[d], kept[view][d]) for d, one in enumerate(axes)] for view in views
    }
    frames = {}
    for view in views:
        maps = []
        for one, lumped in zip(axes, lumps[view], strict=True):
            lump = np.arange(len(one.names))
            lump[list(lumped)] = list(lumped.values())
            maps.append(lump)
        frames[view] = _Frame(nodes[view], kept[view], tuple(maps))
    return frames


def _kept(axes, view: View, shown: np.ndarray) -> tuple[frozenset[int], ...]:
    """Nodes with a published cell in the view or a finer one, per axis."""
    inside = np.ones(len(shown), dtype=bool)
    for d, one in enumerate(axes):
        reaches = np.zeros(len(one.names), dtype=bool)
        reaches[list(one.above[view[d]])] = True
        inside &= reaches[shown[:, d]]
    return tuple(
        frozenset(
            up for node in np.unique(shown[inside, d]) for up in one.above[view[d]][int(node)]
        )
        for d, one in enumerate(axes)
    )


def _nodes(one: Axis, grain: int, kept: frozenset[int]) -> np.ndarray:
    """Nodes of a view along an axis; of several values a case, only those of kept codes."""
    if not one.multi or not grain:
        return np.array(one.levels[grain])
    found = set(kept)
    for (_, fine), parts in one.parts.items():
        if fine == grain:
            found |= {int(child) for part in parts if part.owner in kept for child in part.children}
    return np.array(sorted(found), dtype=np.int64)


def _lumps(one: Axis, grain: int, kept: frozenset[int]) -> dict[int, int]:
    """Lump of each node that is lumped: two or more siblings that are not kept."""
    if one.multi or not grain:
        return {}
    siblings: dict[int, list[int]] = {}
    for node in one.levels[grain]:
        if node not in kept:
            siblings.setdefault(one.above[grain - 1][node][0], []).append(node)
    lumps = {}
    for parent, members in siblings.items():
        if len(members) > 1:
            lumps |= dict.fromkeys(members, one.lump(parent, tuple(members)))
    return lumps


def _radix(axes) -> np.ndarray:
    sizes = [len(one.names) for one in axes]
    return np.array([int(np.prod(sizes[i + 1 :], dtype=np.int64)) for i in range(len(sizes))])


def _product(columns, radix) -> np.ndarray:
    """Keys of every combination of one node per axis."""
    keys = np.zeros(1, dtype=np.int64)
    for column, factor in zip(columns, radix, strict=True):
        keys = (keys[:, None] + column * factor).ravel()
    return keys


def _cell_keys(frame: _Frame, radix) -> np.ndarray:
    """Keys of all cells of one view, lumps as one."""
    columns = [np.unique(lump[nodes]) for nodes, lump in zip(frame.nodes, frame.lump, strict=True)]
    return _product(columns, radix)


def _blocks(axes, view: View, frames: dict[View, _Frame], radix):
    """Entries (equation, cell, sign) of equations whose children are cells of one view."""
    frame = frames[view]
    for d, grain in enumerate(view):
        coarser = [h for h in range(grain) if (*view[:d], h, *view[d + 1 :]) in frames]
        for coarse in [*coarser, grain] if axes[d].multi and grain else coarser[-1:]:
            above = frames[*view[:d], coarse, *view[d + 1 :]]
            parts = [
                part
                for part in axes[d].parts.get((coarse, grain), ())
                if _counts(axes[d], part, frame.kept[d], above.lump[d])
            ]
            if axes[d].multi:
                yield from (_block(d, frame, above, [part], radix) for part in parts)
            elif parts:
                yield _block(d, frame, above, parts, radix)


def _counts(one: Axis, part, kept: frozenset[int], lump: np.ndarray) -> bool:
    """Whether a part says anything: not of codes left out, nor "a node is itself"."""
    if one.multi:
        return part.owner in kept
    return part.children.tolist() != [part.node] or lump[part.node] != part.node


def _block(d: int, frame: _Frame, above: _Frame, parts, radix):
    """Sum of the equations of all nodes that are lumped in the finer view.

    Members of a lump are cells of their own in the coarser view, or lumped there already.
    """
    others = [nodes if e != d else np.zeros(1, np.int64) for e, nodes in enumerate(frame.nodes)]
    fine = _product([frame.lump[e][nodes] for e, nodes in enumerate(others)], radix)
    coarse = _product([above.lump[e][nodes] for e, nodes in enumerate(others)], radix)
    equations, cells, signs = [], [], []
    for part in parts:
        row = fine + above.lump[d][part.node] * radix[d]
        children = np.unique(frame.lump[d][part.children])
        equations += [row, np.repeat(row, len(children))]
        cells += [
            coarse + above.lump[d][part.node] * radix[d],
            (fine[:, None] + children * radix[d]).ravel(),
        ]
        signs += [np.ones(len(row), np.int8), np.full(len(row) * len(children), -1, np.int8)]
    return np.concatenate(equations), np.concatenate(cells), np.concatenate(signs)


def _compressed(blocks, keys) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of all blocks: every cell once, parents before children."""
    lengths, columns, signs = [np.zeros(1, np.int64)], [], []
    for equation, cell, sign in blocks:
        _, row = np.unique(equation, return_inverse=True)
        column = np.searchsorted(keys, cell)
        # A cell that stands on both sides says nothing: it is taken out of both.
        packed = np.unique((row * len(keys) + column) * 2 + (sign < 0))
        twice = np.isin(packed ^ 1, packed)
        place, child = np.divmod(packed[~twice], 2)
        row, column = np.divmod(place, len(keys))
        order = np.lexsort((column, child, row))
        lengths.append(np.unique(row, return_counts=True)[1])
        columns.append(column[order])
        signs.append(1 - 2 * child[order])
    if not columns:
        empty = np.zeros(0, dtype=np.int64)
        return np.zeros(1, dtype=np.int64), empty, empty
    return np.cumsum(np.concatenate(lengths)), np.concatenate(columns), np.concatenate(signs)

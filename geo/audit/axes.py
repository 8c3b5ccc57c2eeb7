"""How codes divide into one another along each axis, for the attacker's equations.

Along an axis with one value a case, a node is the disjoint union of its shown children and
of one remainder ("the cases not placed in any shown child", with every code the release
never shows). Along an axis with several values a case, nothing adds up; there a node is
split in two, "with this value" and "without it", and where an overlap is shown in four.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from geo.audit.evidence import Evidence
from geo.audit.lines import complete_children
from geo.audit.space import GRAIN_ORDER, Tree, ancestors, grains_of, parents
from geo.model import Term


class Part(NamedTuple):
    """`node` is the disjoint union of `children`; `owner` is the shown code that makes it so."""

    node: int
    children: np.ndarray
    owner: int


@dataclass
class Axis:
    """One axis of the system.

    Attributes
    ----------
    name : str
    multi : bool
        Whether a case may have several values.
    grains : tuple of str
        Coarse to fine; grain 0 is ``all``.
    names : list of str
        Nodes: codes, and remainders such as ``US|rest`` or ``all|not MX``; node 0 is ``all``.
    levels : list of list of int
        Nodes at each grain; one that is not divided further stands at the finer ones too.
    above : list of dict
        For each grain, the nodes of that grain which a node lies in; a node that is
        divided at this grain is missing.
    parts : dict
        (coarse, fine) grains to parts; with coarse equal to fine for overlaps.
    lumps : dict
        Siblings that some view treats as one, to the node that stands for them.
    """

    name: str
    multi: bool
    grains: tuple[str, ...]
    names: list[str] = field(default_factory=lambda: ["all"])
    levels: list[list[int]] = field(default_factory=lambda: [[0]])
    above: list[dict[int, tuple[int, ...]]] = field(default_factory=list)
    parts: dict[tuple[int, int], list[Part]] = field(default_factory=dict)
    lumps: dict[tuple[int, ...], int] = field(default_factory=dict)

    def node(self, name: str) -> int:
        """Number of a node, new if there is none of this name."""
        try:
            return self.names.index(name)
        except ValueError:
            self.names.append(name)
            return len(self.names) - 1

    def lump(self, parent: int, members: tuple[int, ...]) -> int:
        """Node that stands for some children of `parent`."""
        if members not in self.lumps:
            self.lumps[members] = len(self.names)
            self.names.append(f"{self.names[parent]}|others")
        return self.lumps[members]

    def terms(self, node: int) -> tuple[Term, ...]:
        """Codes that the cases of a node carry, and those that they do not."""
        for members, lump in self.lumps.items():
            if lump == node:
                return tuple(term for member in members for term in self.terms(member))
        code, _, without = self.names[node].partition("|")
        required = tuple(code.split("+"))
        if without == "rest":
            return (Term(required, self._below(code)),)
        return (Term(required, tuple(without.removeprefix("not ").split("+")) if without else ()),)

    def _below(self, code: str) -> tuple[str, ...]:
        """Shown codes that lie in `code`."""
        shown = [name for name in self.names if "|" not in name and "+" not in name]
        return tuple(name for name in shown if code in ancestors(self.name, name))


def axis(evidence: Evidence, tree: Tree) -> Axis:
    """Axis of a tree, at the grains that listed views use."""
    grains = _grains(evidence, tree.axis)
    if tree.multi:
        return _split_in_two(tree, grains)
    return _divided(tree, grains)


def _grains(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Grains of an axis that some listed view uses, coarse to fine."""
    if name == "place":
        used = {level for level, _ in evidence.views}
    else:
        used = {grain for _, grains in evidence.views for grain in grains}
    return tuple(grain for grain in GRAIN_ORDER[name] if grain in used)


def _divided(tree: Tree, grains: tuple[str, ...]) -> Axis:
    """An axis with one value a case."""
    found = Axis(tree.axis, False, grains)
    under: dict[int, list[int]] = {}
    plain = [code for code in tree.names if "+" not in code and _stands(tree, code, grains)]
    before = dict.fromkeys(plain, "all")
    for grain in grains:
        at = {code: _at_grain(tree, code, grain) for code in plain}
        level = []
        for node in found.levels[-1]:
            inside = {at[code] for code in plain if before[code] == found.names[node]}
            names = _children(tree.axis, grain, found.names[node], inside - {found.names[node]})
            under[node] = [found.node(name) for name in names]
            level.extend(under[node] or [node])
        found.levels.append(level)
        before = at
    found.parts = _parts(found.levels, under)
    found.above = [_containing(level, under, len(found.names)) for level in found.levels]
    return found


def _stands(tree: Tree, code: str, grains: tuple[str, ...]) -> bool:
    """Whether some view has cells of a code; a region is no sibling of its countries."""
    return bool(grains_of(tree.axis, code) & set(grains))


def _at_grain(tree: Tree, code: str, grain: str) -> str:
    """Code of the grain, or nearest above it, that a code is or lies in."""
    order = GRAIN_ORDER[tree.axis]
    for one in (code, *_codes_above(tree, code)):
        found = grains_of(tree.axis, one)
        if not found or min(map(order.index, found)) <= order.index(grain):
            return one
    return "all"


def _codes_above(tree: Tree, code: str) -> list[str]:
    return [tree.names[up] for up in tree.above[tree.index[code]]]


def _children(name: str, grain: str, code: str, inside: set[str]) -> list[str]:
    """Shown codes under `code`, and a remainder unless they are all there can be."""
    shown = sorted(inside)
    if not shown or _complete(name, grain, code, inside):
        return shown
    return [*shown, f"{code}|rest"]


def _complete(name: str, grain: str, code: str, shown: set[str]) -> bool:
    """Whether every case under `code` must lie under one of the shown codes."""
    expected = set(complete_children(name, code))
    if code == "all" and grain in ("sector", "region"):
        expected = {up or one for one, up in parents(name).items()} | {"unknown"}
    return bool(expected) and expected <= shown


def _parts(levels, under) -> dict[tuple[int, int], list[Part]]:
    """Disjoint unions between every two grains; a node that is not divided is its own part."""
    present = [set(level) for level in levels]
    parts = {}
    for coarse, level in enumerate(levels):
        reach = {node: [node] for node in level}
        for fine in range(coarse + 1, len(levels)):
            for node, found in reach.items():
                below = ([one] if one in present[fine] else under[one] for one in found)
                reach[node] = [child for children in below for child in children]
            parts[coarse, fine] = [
                Part(node, np.array(found), node) for node, found in reach.items()
            ]
    return parts


def _containing(level, under, size) -> dict[int, tuple[int, ...]]:
    """Node of the level that each node lies in."""
    found = {}
    for node in level:
        stack = [node]
        while stack:
            one = stack.pop()
            found[one] = (node,)
            stack.extend(under.get(one, ()))
    return found


def _split_in_two(tree: Tree, grains: tuple[str, ...]) -> Axis:
    """An axis with several values a case: with and without each value."""
    found = Axis(tree.axis, True, grains)
    codes = [["all"]]
    for grain in grains:
        here = [code for code in tree.names if grain in grains_of(tree.axis, code)]
        codes.append(here)
        found.levels.append([found.node(code) for code in here])
    for fine in range(1, len(codes)):
        found.parts[fine, fine] = _overlaps(codes[fine], found)
        for coarse in range(fine):
            found.parts[coarse, fine] = [
                _two(found, up, code)
                for code in codes[fine]
                if "+" not in code
                for up in _codes_above(tree, code)
                if up in codes[coarse]
            ]
    found.above = [_real_above(tree, found, level) for level in codes]
    return found


def _two(found: Axis, up: str, code: str) -> Part:
    own = found.node(code)
    return Part(found.node(up), np.array([own, found.node(f"{up}|not {code}")]), own)


def _overlaps(codes: list[str], found: Axis) -> list[Part]:
    """Two values and their overlap: with both, with one only, with neither."""
    parts = []
    pairs = [(code, *code.split("+")) for code in codes if "+" in code]
    if found.name == "place" and {"US", "MX"} <= set(codes):
        pairs.append(("US+MX", "US", "MX"))
    for both, a, b in pairs:
        if not {a, b} <= set(codes):
            continue
        owner = found.node(both if found.name != "place" else "US")
        only = [found.node(f"{a}|not {b}"), found.node(f"{b}|not {a}")]
        without = [found.node(f"all|not {b}"), found.node(f"all|not {a}")]
        # Every case lies in one of the two countries; it need not have either of two venues.
        neither = [] if found.name == "place" else [found.node(f"all|not {both}")]
        for value, own, other in zip((a, b), only, without, strict=True):
            parts.append(Part(found.node(value), np.array([found.node(both), own]), owner))
            parts.append(Part(other, np.array([own, *neither]), owner))
    return parts


def _real_above(tree: Tree, found: Axis, level: list[str]) -> dict[int, tuple[int, ...]]:
    """Nodes of a level that each shown code lies in, itself among them."""
    inside = {}
    for code in tree.names:
        nodes = [one for one in (code, *_codes_above(tree, code)) if one in level]
        if nodes:
            inside[found.node(code)] = tuple(found.node(one) for one in nodes)
    return inside

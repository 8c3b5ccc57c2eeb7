"""Trees of published codes and the published cells as points over them.

Codes are parsed here anew, apart from the engine's own trees: an audit that shares code
with what it audits shares its mistakes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import h3
import numpy as np

from geo import vocab
from geo.audit.evidence import Evidence
from geo.model import ATTRIBUTES, DIMENSIONS, LEVELS, ORIGIN, ORIGIN_GRAINS, Block, Term

AXES = ("place", *DIMENSIONS)
DETAIL_GRAINS = {**{name: (name,) for name in ATTRIBUTES}, ORIGIN: ORIGIN_GRAINS}
GRAIN_ORDER = {
    **DETAIL_GRAINS,
    "place": LEVELS[1:],
    "period": ("period", "quarter"),
    "venue": ("sector", "venue"),
    "nationality": ("region", "nationality"),
    "trafficking_type": ("trafficking_type",),
}
VOCABULARY = {
    "venue": "venues",
    "nationality": "nationalities",
    "trafficking_type": "trafficking_types",
}
DETAIL_VOCABULARY = {
    "gender": "genders",
    "age": "ages",
    "recruitment": "recruitment",
    "control": "control",
    "proximity": "proximity",
    "industry": "industries",
    "trafficker_nationality": "nationalities",
}
ABROAD = "outside"
HEXES = {"h3_3": 3, "h3_4": 4, "h3_5": 5}
_YEAR = re.compile(r"(19|20)\d\d")
_QUARTER = re.compile(r"((?:19|20)\d\d)-Q[1-4]")


@cache
def parents(axis: str) -> dict[str, str]:
    """Parent of every code of the axis' vocabulary, ``""`` at the top."""
    return vocab.load().parents(VOCABULARY[axis])


@cache
def values(attribute: str) -> tuple[str, ...]:
    """Codes of an attribute of profiles, none above another."""
    return tuple(vocab.load().parents(DETAIL_VOCABULARY[attribute]))


@cache
def groups(axis: str) -> frozenset[str]:
    """Codes that only group others: sectors, regions."""
    return frozenset(parents(axis).values()) - {""}


@cache
def states() -> frozenset[str]:
    """The states of the study area."""
    return frozenset(vocab.load().codes("states"))


def ancestors(axis: str, code: str) -> tuple[str, ...]:
    """Codes above `code`, the nearest first, ending in ``all``; empty for ``all`` itself.

    An overlap ``a+b`` lies under a, b and what is above them.

    Raises
    ------
    ValueError
        The code is none of the axis.

    >>> ancestors("period", "2015-Q3"), ancestors("place", "US-TX")
    (('2015', 'all'), ('US', 'all'))
    """
    if code == "all":
        return ()
    if axis == "place":
        return _above_place(code)
    if code == "unknown":
        return ("all",)
    if axis == ORIGIN:
        return _above_origin(code)
    if axis in DETAIL_VOCABULARY:
        if code not in values(axis):
            raise ValueError(f"not a code of {axis}: {code}")
        return ("all",)
    if axis == "period":
        return _above_period(code)
    return _above_code(axis, code)


def parses(axis: str, code: str) -> bool:
    """Whether a code is one of the axis."""
    try:
        ancestors(axis, code)
    except ValueError:
        return False
    return True


def _above_place(code: str) -> tuple[str, ...]:
    state, slash, cell = code.partition("/")
    country = state[:2]
    known = state in ("US", "MX") or state in states() or state in ("US-unknown", "MX-unknown")
    if not known or (slash and state not in states()):
        raise ValueError(f"not a place: {code}")
    if not slash:
        return ("all",) if state == country else (country, "all")
    if not h3.is_valid_cell(cell) or h3.get_resolution(cell) not in HEXES.values():
        raise ValueError(f"not a place: {code}")
    coarser = range(h3.get_resolution(cell) - 1, min(HEXES.values()) - 1, -1)
    above = [f"{state}/{h3.cell_to_parent(cell, resolution)}" for resolution in coarser]
    return (*above, state, country, "all")


def _above_origin(code: str) -> tuple[str, ...]:
    if "/" in code:
        raise ValueError(f"not a place of recruitment: {code}")
    return ("all",) if code == ABROAD else _above_place(code)


def _above_period(code: str) -> tuple[str, ...]:
    if _YEAR.fullmatch(code):
        return ("all",)
    quarter = _QUARTER.fullmatch(code)
    if not quarter:
        raise ValueError(f"not a period: {code}")
    return (quarter[1], "all")


def _above_code(axis: str, code: str) -> tuple[str, ...]:
    above = parents(axis)
    parts = code.split("+") if axis == "venue" else [code]
    if any(part not in above for part in parts) or parts != sorted(set(parts)) or len(parts) > 2:
        raise ValueError(f"not a code of {axis}: {code}")
    found = [] if len(parts) == 1 else list(parts)
    for part in parts:
        while above[part]:
            part = above[part]
            found.append(part)
    return (*dict.fromkeys(found), "all")


def level_of(place: str) -> str:
    """Place level an id is at."""
    if "/" in place:
        cell = place.partition("/")[2]
        return f"h3_{h3.get_resolution(cell)}" if h3.is_valid_cell(cell) else ""
    return "all" if place == "all" else ("state" if "-" in place else "country")


def grains_of(axis: str, code: str) -> frozenset[str]:
    """Grains at which a code may stand; empty for ``all``.

    >>> sorted(grains_of("period", "unknown")), sorted(grains_of("period", "2015"))
    (['period', 'quarter'], ['period'])
    """
    if code == "all":
        return frozenset()
    if axis == "place":
        return frozenset([level_of(code)])
    if code == "unknown":
        return frozenset(GRAIN_ORDER[axis])
    if axis == "period":
        return frozenset(["quarter" if "-Q" in code else "period"])
    if axis == ORIGIN:
        country = code in ("US", "MX")
        return frozenset(ORIGIN_GRAINS if code == ABROAD else ORIGIN_GRAINS[not country :][:1])
    if axis == "trafficking_type" or axis in DETAIL_VOCABULARY:
        return frozenset([axis])
    coarse, fine = GRAIN_ORDER[axis]
    if code in groups(axis):
        return frozenset([coarse])
    return frozenset([fine, coarse] if not parents(axis).get(code, "-") else [fine])


@dataclass(frozen=True)
class Tree:
    """Codes of one axis with their ancestors; node 0 is ``all``.

    Attributes
    ----------
    axis : str
    names : list of str
    parent : numpy.ndarray of int
        Nearest ancestor; -1 for ``all``. Of an overlap: its first part.
    above : list of tuple of int
        Every proper ancestor of each node.
    multi : bool
        Whether one case may lie under several siblings.
    """

    axis: str
    names: list[str]
    parent: np.ndarray
    above: list[tuple[int, ...]]
    multi: bool

    @property
    def index(self) -> dict[str, int]:
        """Number of each code."""
        return {name: number for number, name in enumerate(self.names)}


def tree(axis: str, codes: set[str], *, multi: bool) -> Tree:
    """Tree of `codes` and everything above them."""
    above = {code: ancestors(axis, code) for code in codes}
    above |= {up: ancestors(axis, up) for found in list(above.values()) for up in found}
    names = ["all", *sorted(set(above) - {"all"})]
    number = {name: i for i, name in enumerate(names)}
    lists = [tuple(number[up] for up in above.get(name, ())) for name in names]
    parent = np.array([found[0] if found else -1 for found in lists], dtype=np.int64)
    return Tree(axis, names, parent, lists, multi)


@dataclass(frozen=True)
class Points:
    """Cells whose count is known: published, or derived from published ones.

    Attributes
    ----------
    trees : tuple of Tree
        One per axis of :data:`AXES`.
    codes : numpy.ndarray of int, cells x axes
        Sorted by key.
    keys : numpy.ndarray of int
        One number per cell, mixed radix of `codes`.
    values : numpy.ndarray of int
    """

    trees: tuple[Tree, ...]
    codes: np.ndarray
    keys: np.ndarray
    values: np.ndarray

    @property
    def radix(self) -> np.ndarray:
        """Factor of each axis in a key."""
        sizes = [len(tree.names) for tree in self.trees]
        return np.array([int(np.prod(sizes[i + 1 :], dtype=np.int64)) for i in range(len(sizes))])

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Positions of `keys`, -1 where no such cell is known."""
        if not len(self.keys):
            return np.full(np.shape(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, at, -1)

    def describe(self, position: int) -> tuple[str, str, str]:
        """Level, place and the other codes of a cell, in words."""
        codes = self.codes[position]
        names = [tree.names[code] for tree, code in zip(self.trees, codes, strict=True)]
        others = [name for name in names[1:] if name != "all"]
        return level_of(names[0]), names[0], " x ".join(others) or "total"

    def block(self, position: int, terms: dict[int, tuple[Term, ...]]) -> Block:
        """Cases of a cell, narrowed by terms on some of its axes."""
        own = zip(self.trees, self.codes[position], strict=True)
        return tuple(
            terms.get(axis, (Term((tree.names[code],)),)) for axis, (tree, code) in enumerate(own)
        )

    def without(self, position: int, taken: dict[int, np.ndarray]) -> Block:
        """Cases of a cell that carry none of the codes `taken` on some of its axes."""
        terms = {}
        for axis, codes in taken.items():
            names = self.trees[axis].names
            excluded = tuple(names[code] for code in codes)
            terms[axis] = (Term((names[self.codes[position, axis]],), excluded),)
        return self.block(position, terms)


def points(trees: tuple[Tree, ...], codes: np.ndarray, values: np.ndarray) -> Points:
    """Cells sorted by key; of cells given twice the first counts."""
    empty = Points(trees, codes, np.zeros(0, dtype=np.int64), values)
    keys = codes @ empty.radix
    keys, first = np.unique(keys, return_index=True)
    return Points(trees, codes[first], keys, values[first])


def published(evidence: Evidence) -> Points:
    """Published cells of the measure ``cases`` whose codes can be parsed."""
    rows = evidence.rows()
    rows = rows[rows["measure"] == "cases"]
    valid = np.ones(len(rows), dtype=bool)
    for axis in AXES:
        good = {code: parses(axis, code) for code in rows[axis].unique()}
        valid &= rows[axis].map(good).to_numpy(dtype=bool)
    rows = rows[valid]
    trees = tuple(
        tree(
            axis,
            set(rows[axis]) | ({"US", "MX"} if axis == "place" else set()),
            multi=axis in evidence.multi_valued,
        )
        for axis in AXES
    )
    codes = np.column_stack([rows[tree.axis].map(tree.index).to_numpy(np.int64) for tree in trees])
    return points(trees, codes, rows["value"].to_numpy(np.int64))

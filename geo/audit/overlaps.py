"""Check 15: how many cases can have two values at once, or one without the other, or neither.

Of two values of a cell with a and b of its n cases, at least a + b - n and at most min(a, b)
cases have both (Fréchet). These bounds grow tighter where one cell lies in another: what is
sure to overlap in the parts is not left to overlap elsewhere. A group that must have at
least one case and cannot have k is told, although no number gives it exactly.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from geo.audit.findings import Recorder, Result
from geo.audit.space import Points, level_of
from geo.model import OVERLAP

MOST_ROUNDS = 6

Codes = tuple[int, ...]


@dataclass
class Pair:
    """Two values of one cell: the cell's codes without them, and the bounds of their overlap.

    Attributes
    ----------
    codes : tuple of int
        Codes on all axes, 0 on the axis of the two values.
    whole, first, second : int
        Cases of the cell and of each value.
    low, high : int
        Bounds of the cases with both.
    """

    codes: Codes
    whole: int
    first: int
    second: int
    low: int
    high: int

    def groups(self) -> dict[str, tuple[int, int]]:
        """Bounds of the four groups that two values make."""
        neither = self.whole - self.first - self.second
        return {
            "both": (self.low, self.high),
            "the first only": (self.first - self.high, self.first - self.low),
            "the second only": (self.second - self.high, self.second - self.low),
            "neither": (neither + self.low, neither + self.high),
        }


def overlaps(known: Points, k: int) -> Result:
    """No two values of a multi-valued dimension leave a group of surely 1 to k-1 cases."""
    recorder = Recorder(15, "overlaps")
    for axis, tree in enumerate(known.trees):
        if not tree.multi:
            continue
        for values, pairs in _pairs(known, axis).items():
            _tighten(known, axis, pairs)
            for pair in pairs.values():
                recorder.tested += 1
                _judge(known, axis, values, pair, k, recorder)
    return recorder.result()


def _judge(known, axis: int, values: Codes, pair: Pair, k: int, recorder: Recorder) -> None:
    names = [tree.names[code] for tree, code in zip(known.trees, pair.codes, strict=True)]
    others = " x ".join(name for name in names[1:] if name != "all") or "total"
    first, second = (known.trees[axis].names[value] for value in values)
    for group, (low, high) in pair.groups().items():
        if low >= 1 and high < k:
            words = f"{others}: of {first} and {second}, {group}: surely from 1 to k-1"
            recorder.fail(words, level_of(names[0]), names[0])


def _pairs(known: Points, axis: int) -> dict[Codes, dict[Codes, Pair]]:
    """Two values at a time that somewhere surely overlap, with every cell that has both known."""
    tree = known.trees[axis]
    cells: dict[Codes, dict[int, int]] = defaultdict(dict)
    for codes, value in zip(known.codes.tolist(), known.values.tolist(), strict=True):
        rest = (*codes[:axis], 0, *codes[axis + 1 :])
        cells[rest][codes[axis]] = value
    overlap = _overlap_codes(tree)
    plain = [bool(code) and OVERLAP not in name for code, name in enumerate(tree.names)]
    sure = {two for values in cells.values() for two, code in overlap.items() if values.get(code)}
    for values in cells.values():
        sure |= _sure(tree, {code: count for code, count in values.items() if plain[code]}, values)
    found: dict[Codes, dict[Codes, Pair]] = {}
    for two in sorted(sure):
        both = overlap.get(two, -1)
        pairs = ((rest, _pair(tree, rest, values, two, both)) for rest, values in cells.items())
        found[two] = {rest: pair for rest, pair in pairs if pair}
    return found


def _sure(tree, plain: dict[int, int], values: dict[int, int]) -> set[Codes]:
    """Pairs of values of one cell whose sum exceeds a known cell around both."""
    found = set()
    ordered = sorted(plain, key=plain.get, reverse=True)
    for number, first in enumerate(ordered):
        least = min((values[up] for up in tree.above[first] if up in values), default=None)
        for second in ordered[number + 1 :]:
            if least is None or plain[first] + plain[second] <= least:
                break
            whole = _whole(tree, values, first, second)
            if whole is not None and plain[first] + plain[second] > whole:
                found.add((min(first, second), max(first, second)))
    return found


def _overlap_codes(tree) -> dict[Codes, int]:
    """Code of the overlap of two values."""
    index = tree.index
    pairs = ((name.split(OVERLAP), code) for name, code in index.items() if OVERLAP in name)
    return {tuple(sorted(index[one] for one in two)): code for two, code in pairs}


def _whole(tree, values: dict[int, int], first: int, second: int) -> int | None:
    """Cases of the least known cell around two values, of which neither lies in the other."""
    if first in tree.above[second] or second in tree.above[first]:
        return None
    shared = set(tree.above[first]) & set(tree.above[second])
    return min((values[code] for code in shared if code in values), default=None)


def _pair(tree, rest: Codes, values: dict[int, int], two: Codes, both: int) -> Pair | None:
    """Bounds from one cell alone; None where a value or the cell itself is not known."""
    if any(code not in values for code in two):
        return None
    whole = _whole(tree, values, *two)
    if whole is None:
        return None
    first, second = (values[code] for code in two)
    if both in values:
        return Pair(rest, whole, first, second, values[both], values[both])
    return Pair(rest, whole, first, second, max(0, first + second - whole), min(first, second))


def _tighten(known: Points, axis: int, pairs: dict[Codes, Pair]) -> None:
    """Bounds passed between cells that lie in one another, until they stay."""
    lines = [
        (tree.multi, line)
        for other, tree in enumerate(known.trees)
        if other != axis
        for line in _lines(tree, other, pairs)
    ]
    for _ in range(MOST_ROUNDS):
        changed = [_pass(above, parts, multi) for multi, (above, parts) in lines]
        if not any(changed):
            return


def _lines(tree, axis: int, pairs: dict[Codes, Pair]) -> list[tuple[Pair, list[Pair]]]:
    """Each cell with the cells next below it along an axis."""
    found: dict[Codes, list[Pair]] = defaultdict(list)
    for codes, pair in pairs.items():
        for up in tree.above[codes[axis]]:
            above = (*codes[:axis], up, *codes[axis + 1 :])
            if above in pairs:
                found[above].append(pair)
                if not tree.multi:
                    break
    return [(pairs[above], parts) for above, parts in found.items()]


def _pass(above: Pair, parts: list[Pair], multi: bool) -> bool:
    """Tighten one line; parts that share cases are compared with their parent one by one."""
    before = [(pair.low, pair.high) for pair in (above, *parts)]
    sure = sum(part.low for part in parts)
    for part in parts:
        others = 0 if multi else sure - part.low
        part.high = min(part.high, above.high - others)
    least = max(part.low for part in parts) if multi else sure
    above.low = max(above.low, least)
    return before != [(pair.low, pair.high) for pair in (above, *parts)]

"""The attacker against slow ones that try everything on small tables: neither finds more."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from geo.audit import boxes, derived, evidence, lines, space, system
from tests.attacks.planted import cell, view, write

VENUES = ("cantina", "escort", "street")
KINDS = ("sex", "labor")
STATES = ("US-TX", "US-CA", "MX-CMX")
GRAINS = ((), ("venue",), ("trafficking_type",), ("venue", "trafficking_type"))
VIEWS = tuple(view(level, *grains) for level in ("all", "country", "state") for grains in GRAINS)
K = 11


def reduced_rank(rows):
    """Rank of a table of whole numbers, in fractions."""
    table, rank = [[Fraction(n) for n in row] for row in rows], 0
    for column in range(len(table[0]) if table else 0):
        by = next((i for i in range(rank, len(table)) if table[i][column]), None)
        if by is None:
            continue
        table[rank], table[by] = table[by], table[rank]
        pivot = table[rank]
        for i in range(rank + 1, len(table)):
            if table[i][column]:
                factor = table[i][column] / pivot[column]
                table[i] = [a - factor * b for a, b in zip(table[i], pivot, strict=True)]
        rank += 1
    return rank


def inside(place, leaf):
    return place == "all" or leaf.startswith(place)


def keys(venues=VENUES):
    places = [("all", "all"), ("country", "US"), ("country", "MX"), *(("state", s) for s in STATES)]
    return [
        (level, place, venue, kind)
        for level, place in places
        for venue in ("all", *venues)
        for kind in ("all", *KINDS)
    ]


def single_valued(draw):
    """Atoms of one value a case with their counts: every leaf, shown or not, has some."""
    leaves = itertools.product((*STATES, "US-rest", "MX-rest"), (*VENUES, "rest"), (*KINDS, "rest"))
    return {leaf: draw.randint(1, 40) for leaf in leaves}


def several_valued(draw):
    """Atoms whose venue is a set."""
    sets = [frozenset(c) for size in range(4) for c in itertools.combinations(VENUES, size)]
    leaves = itertools.product((*STATES, "US-rest", "MX-rest"), sets, (*KINDS, "rest"))
    return {leaf: draw.randint(1, 40) for leaf in leaves}


def holds(key, atom):
    _, place, venue, kind = key
    wanted = set() if venue == "all" else set(venue.split("+"))
    carried = atom[1] if isinstance(atom[1], frozenset) else {atom[1]}
    return inside(place, atom[0]) and wanted <= carried and kind in ("all", atom[2])


def released(draw, atoms, folder, venues=VENUES, share=0.45, **changes):
    """A release that shows a random choice of cells, and all venues, types and states somewhere."""
    always = {("all", "all", one, "all") for one in ("all", *VENUES)}
    always |= {("all", "all", "all", kind) for kind in KINDS}
    always |= {("state", state, "all", "all") for state in STATES}
    shown = [key for key in keys(venues) if key in always or draw.random() < share]
    vectors = {key: [int(holds(key, atom)) for atom in atoms] for key in keys(venues)}
    counts = {
        key: sum(n for n, one in zip(atoms.values(), vector, strict=True) if one)
        for key, vector in vectors.items()
    }
    rows = [
        cell(counts[key], key[0], key[1], venue=key[2], trafficking_type=key[3])
        for key in shown
        if counts[key] >= K
    ]
    write(folder, rows, VIEWS, **changes)
    return [key for key in shown if counts[key] >= K], vectors, counts


def learned(folder):
    found = evidence.gather(folder)
    shown = space.published(found)
    equations = system.build(found, shown)
    knowledge = derived.learn(equations, int(shown.values.max()))
    return shown, knowledge, derived.extended(shown, knowledge)


def derived_keys(known, shown):
    """Keys of cells in `known` that are not in `shown`, with their counts."""
    new = known.find(shown.keys)
    found = {}
    for at in set(range(len(known.keys))) - set(new.tolist()):
        names = [t.names[c] for t, c in zip(known.trees, known.codes[at], strict=True)]
        found[space.level_of(names[0]), names[0], names[2], names[4]] = int(known.values[at])
    return found


@pytest.mark.parametrize("seed", range(12))
def test_rank_derives_what_exact_fractions_over_all_atoms_derive(tmp_path, seed):
    draw = random.Random(seed)
    shown, vectors, counts = released(draw, single_valued(draw), tmp_path / "r")
    published, _, known = learned(tmp_path / "r")
    rank = reduced_rank([vectors[key] for key in shown])
    expected = {
        key: counts[key]
        for key in keys()
        if key not in shown
        and reduced_rank([*(vectors[one] for one in shown), vectors[key]]) == rank
    }
    assert derived_keys(known, published) == expected


@pytest.mark.parametrize("seed", range(8))
def test_several_values_derive_what_exact_fractions_over_all_sets_derive(tmp_path, seed):
    draw = random.Random(100 + seed)
    venues = (*VENUES, "cantina+escort")
    shown, vectors, counts = released(
        draw, several_valued(draw), tmp_path / "r", venues, multi_valued=["venue"]
    )
    published, knowledge, known = learned(tmp_path / "r")
    rank = reduced_rank([vectors[key] for key in shown])

    def derivable(vector):
        return reduced_rank([*(vectors[one] for one in shown), vector]) == rank

    expected = {
        key: counts[key] for key in keys(venues) if key not in shown and derivable(vectors[key])
    }
    assert derived_keys(known, published) == expected
    equations, settled = knowledge.system, knowledge.settled
    for level, place, venue, kind in keys():
        if venue == "all":
            continue
        whole, part = vectors[level, place, "all", kind], vectors[level, place, venue, kind]
        without = [a - b for a, b in zip(whole, part, strict=True)]
        names = (place, "all", f"all|not {venue}", "all", kind)
        assert known_group(equations, settled, names) in (None, derivable(without))


def known_group(equations, settled, names):
    """Whether a group is known; None where the attacker has no such group."""
    key = 0
    for axis, name in zip(equations.axes, names, strict=True):
        if name not in axis.names:
            return None
        key = key * len(axis.names) + axis.names.index(name)
    at = np.searchsorted(equations.keys, key)
    if at == len(equations.keys) or equations.keys[at] != key:
        return None
    return bool(settled.known[at])


def every_box(known):
    """Counts outside every choice of known sets of parts, over every one and more axes."""
    values = {
        tuple(codes): int(n) for codes, n in zip(known.codes.tolist(), known.values, strict=True)
    }
    for cell_, count in values.items():
        parts = [
            [
                node
                for node in range(len(tree.names))
                if cell_[d] in tree.above[node] and (*cell_[:d], node, *cell_[d + 1 :]) in values
            ]
            for d, tree in enumerate(known.trees)
        ]
        axes = [d for d, found in enumerate(parts) if found]
        for size in range(1, len(axes) + 1):
            for chosen in itertools.combinations(axes, size):
                yield from outside(known, values, cell_, count, chosen, parts)


def outside(known, values, cell_, count, chosen, parts):
    families = []
    for d in chosen:
        tree = known.trees[d]
        families.append(
            [
                family
                for size in range(1, len(parts[d]) + 1)
                for family in itertools.combinations(parts[d], size)
                if not any(a in tree.above[b] for a in family for b in family)
            ]
        )
    for sets in itertools.product(*families):
        terms = itertools.product(
            *([(cell_[d], 1), *((n, -1) for n in s)] for d, s in zip(chosen, sets, strict=True))
        )
        total = 0
        for term in terms:
            code, sign = list(cell_), 1
            for d, (node, one) in zip(chosen, term, strict=True):
                code[d], sign = node, sign * one
            if tuple(code) not in values:
                break
            total += sign * values[tuple(code)]
        else:
            yield total


def leaking(draw, axes):
    """Atoms that are few, all together, outside the shown codes of some axes."""
    if not axes:
        atoms = {atom: draw.choice((0, 0, 14, 25, 40)) for atom in single_valued(draw)}
        return atoms | {atom: draw.randint(0, 4) for atom in draw.sample(list(atoms), 2)}
    hidden = {atom for atom in single_valued(draw) if all("rest" in atom[d] for d in axes)}
    return {
        atom: draw.randint(1, 2) if atom in hidden else draw.randint(12, 40)
        for atom in single_valued(draw)
    }


@pytest.mark.parametrize("axes", [(), (0, 1), (0, 2), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("seed", range(5))
def test_lines_and_boxes_leave_few_exactly_where_some_box_does(tmp_path, seed, axes):
    draw = random.Random(1000 + seed)
    released(draw, leaking(draw, axes), tmp_path / "r", share=0.98 if len(axes) > 2 else 0.85)
    known = space.published(evidence.gather(tmp_path / "r"))
    expected = any(0 < count < K for count in every_box(known))
    results = [*lines.lines(known, K), boxes.boxes(known, K)]
    assert any(result.findings for result in results) == expected


def fits(block, atom):
    """Whether an atom is in a block of cases."""
    venues = atom[1] if isinstance(atom[1], frozenset) else {atom[1]}
    carried = (
        {"all", atom[0][:2], atom[0]},
        {"all"},
        {"all", *venues, *("+".join(p) for p in itertools.combinations(sorted(venues), 2))},
        {"all"},
        {"all", atom[2]},
    )
    return all(
        any(set(term.required) <= codes and codes.isdisjoint(term.excluded) for term in terms)
        for terms, codes in zip(block, carried, strict=True)
    )


@pytest.mark.parametrize("axes", [(0, 1), (0, 2), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("seed", range(3))
def test_groups_that_lines_and_boxes_name_are_small(tmp_path, seed, axes):
    """What is named can be hidden: each group counts from 1 to k-1 of the true cases."""
    draw = random.Random(1000 + seed)
    atoms = leaking(draw, axes)
    released(draw, atoms, tmp_path / "r", share=0.98)
    assert_small(tmp_path / "r", atoms)


@pytest.mark.parametrize("seed", range(3))
def test_groups_of_several_values_that_are_named_are_small(tmp_path, seed):
    draw = random.Random(2000 + seed)
    atoms = {atom: draw.choice((0, 2, 14, 25)) for atom in several_valued(draw)}
    released(draw, atoms, tmp_path / "r", (*VENUES, "cantina+escort"), 0.98, multi_valued=["venue"])
    assert_small(tmp_path / "r", atoms)


def assert_small(folder, atoms):
    known = space.published(evidence.gather(folder))
    results = [*lines.lines(known, K), boxes.boxes(known, K)]
    leaks = [leak for result in results for leak in result.leaks]
    assert leaks
    for leak in leaks:
        count = sum(n for atom, n in atoms.items() for block in leak if fits(block, atom))
        assert 0 < count < K

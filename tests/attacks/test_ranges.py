"""Checks 6, 7 and 10: ranges of hidden numbers, by hand and against slow programs of SciPy."""

import itertools
import random

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, linprog, milp

from geo import audit
from geo.audit import bounds, derived, evidence, insider, programs, siblings, space, system, whole
from tests.attacks.planted import cell, found, view, write

K = 11
GRAINS = ((), ("venue",), ("trafficking_type",), ("period",))
CROSSED = (("venue", "trafficking_type"), ("venue", "period"))
VIEWS = tuple(view("all", *grains) for grains in (*GRAINS, *CROSSED))


def policy(views):
    """One that enforces intervals, so that what is found decides and is named."""
    return {"id": "p", "k": K, "audience": "public", "views": list(views), "intervals": True}


def escorts(year):
    """29 cases with no cantina. Escorts: hidden; 19 of sex, `year` of 2014, so 0 to 10 of others."""
    return [
        cell(200),
        cell(171, venue="cantina"),
        cell(100, period="2014"),
        cell(30, venue="cantina", trafficking_type="labor"),
        cell(19, venue="escort", trafficking_type="sex"),
        cell(year, venue="escort", period="2014"),
    ]


@pytest.mark.parametrize(("year", "expected"), [(20, {(7, "sums of siblings")}), (19, set())])
def test_hidden_siblings_under_a_hidden_parent(tmp_path, year, expected):
    """20 escorts in 2014 and 19 of sex: 1 to 10 are of another type; with 19 there may be none."""
    folder = write(tmp_path / "r", escorts(year), VIEWS, policy=policy(VIEWS))
    attacked = audit.attack(folder)
    assert found(folder) == expected
    assert len(attacked.leaks) == len(expected)
    for leak in attacked.leaks:
        terms = {term for block in leak for term in block[4]}
        assert "labor" in {code for term in terms for code in term.required}
        assert "sex" in {code for term in terms for code in term.excluded}


def test_where_intervals_are_not_enforced_sums_are_counted_and_not_named(tmp_path):
    attacked = audit.attack(write(tmp_path / "r", escorts(20), VIEWS))
    assert attacked.passed
    assert attacked.leaks == ()
    assert attacked.report["siblings"]["inside"] == 1
    told = attacked.problems[attacked.problems["check"] == 7]["detail"].tolist()
    assert told == ["1 sums of hidden siblings lie within 1 and k-1"]


def test_a_hidden_cell_that_whole_numbers_confine(tmp_path):
    """Without a cantina by type, the types of escorts but sex are one cell of 1 to 10."""
    rows = [row for row in escorts(20) if row["value"] != 30]
    folder = write(tmp_path / "r", rows, VIEWS, policy=policy(VIEWS))
    assert {(6, "whole numbers"), (5, "intervals")} == found(folder)
    assert len(audit.attack(folder).leaks) == 1
    rows = [row for row in escorts(19) if row["value"] != 30]
    assert found(write(tmp_path / "clean", rows, VIEWS, policy=policy(VIEWS))) == set()


def program_of(matrix, right, size=None):
    """A program by hand: rows of whole numbers, every column listed."""
    from scipy.sparse import csr_matrix

    table = csr_matrix(np.array(matrix, dtype=float))
    columns = np.arange(table.shape[1])
    return programs.Program(table, np.array(right, dtype=float), columns, columns)


HALF = ([[-1, -1, 0, 0], [0, -1, -1, 0], [-1, 0, -1, 0], [1, 0, 0, -1]], [-21, -21, -21, 0])
"""a + b = b + c = a + c = 21: each is ten and a half, and nothing whole fits."""
BLEND = ([[-2, -3, 0], [0, -1, -1]], [-13, -20])
"""2a + 3b = 13, b + c = 20: b is at most 4 1/3, and only 1 or 3 in whole numbers."""


def test_whole_numbers_narrow_what_linear_programming_leaves():
    program = program_of(*BLEND)
    found_ = whole.whole(program, bounds.Bounds(program.cells[:0]), K)
    assert found_.ranges.low.tolist() == [2, 1, 17]
    assert found_.ranges.high.tolist() == [5, 3, 19]
    assert whole.summary(program, found_, K)["inside"] == 2


def together(size, lines):
    """A program in which each line of columns sums to a number."""
    rows = [[-1 if at in line else 0 for at in range(size)] for line, _ in lines]
    return program_of(rows, [-total for _, total in lines])


def confined_sums(program):
    ranges = bounds.intervals(program, K)
    found_ = siblings.sums(program, whole.whole(program, ranges, K).ranges, ranges, K)
    return found_.confined


def test_a_pair_that_only_a_program_confines():
    """a + b = 12, c + d = 12, b + d = 15 less 0 or 1: a + c is 9 or 10, and each may be none."""
    a, b, c, d, one, other, rest, last = range(8)
    lines = [((a, c, rest), 40), ((a, b), 12), ((c, d), 12), ((b, d, one), 15)]
    lines += [((one, other), 1), ((rest, last), 40)]
    assert confined_sums(together(8, lines))[a, c] == (9, 10)
    lines[3] = ((b, d, one), 13)
    assert (a, c) not in confined_sums(together(8, lines))


def test_three_siblings_that_together_are_few():
    """25 in four parts, the last of at most 20, the others of at most 3: these are 5 to 9."""
    lines = [((0, 1, 2, 3), 25), ((3, 4), 20), ((0, 5), 3), ((1, 6), 3), ((2, 7), 3)]
    assert confined_sums(together(8, lines))[0, 1, 2] == (5, 9)
    lines[0] = ((0, 1, 2, 3), 20)
    assert (0, 1, 2) not in confined_sums(together(8, lines))


def test_no_whole_numbers_fit():
    program = program_of(*HALF)
    found_ = whole.whole(program, bounds.Bounds(program.cells[:0]), K)
    assert found_.ranges.impossible


def test_a_large_component_is_skipped_and_counted(monkeypatch):
    monkeypatch.setattr(whole, "MOST_COLUMNS", 2)
    program = program_of(*BLEND)
    found_ = whole.whole(program, bounds.Bounds(program.cells[:0]), K)
    numbers = whole.summary(program, found_, K)
    assert (numbers["components"], numbers["skipped"], numbers["systems"]) == (1, 1, 0)


def test_programs_that_are_used_up_are_counted(monkeypatch):
    monkeypatch.setattr(whole, "MOST_PROGRAMS", 0)
    program = program_of(*BLEND)
    found_ = whole.whole(program, bounds.Bounds(program.cells[:0]), K)
    assert found_.left > 0


VENUES = ("cantina", "escort", "street")
KINDS = ("sex", "labor")
YEARS = ("2014", "2015")
DRAWN = tuple(
    view("all", *grains)
    for size in range(3)
    for grains in itertools.combinations(("venue", "trafficking_type", "period"), size)
)


def drawn(seed, folder):
    """A release of few cases in which cells hide at random, as nobody would hide them."""
    draw = random.Random(seed)
    leaves = itertools.product((*VENUES, "rest"), (*KINDS, "rest"), (*YEARS, "rest"))
    atoms = {leaf: draw.choice((0, 0, 0, 4, 12)) for leaf in leaves}
    rows = []
    for keep in itertools.product(("all", *VENUES), ("all", *KINDS), ("all", *YEARS)):
        count = sum(
            n
            for leaf, n in atoms.items()
            if all(code in ("all", own) for code, own in zip(keep, leaf, strict=True))
        )
        few = sum(code == "all" for code in keep)
        if few and count >= K and (few == 3 or draw.random() < 0.9):
            names = ("venue", "trafficking_type", "period")
            rows.append(cell(count, **dict(zip(names, keep, strict=True))))
    write(folder, rows, DRAWN)
    gathered = evidence.gather(folder)
    equations = system.build(gathered, space.published(gathered))
    knowledge = derived.learn(equations, int(equations.values.max(initial=0)))
    program = programs.program(knowledge)
    ranges = bounds.intervals(program, K)
    return knowledge, program, ranges, whole.whole(program, ranges, K)


def ends(program, columns, *, whole_numbers=False, least=()):
    """Least and most of a sum, by SciPy."""
    aim, low = np.zeros(len(program.cells)), np.zeros(len(program.cells))
    aim[list(columns)] = 1
    low[list(least)] = 1
    found_ = []
    for sign in (1, -1):
        if whole_numbers:
            fits = LinearConstraint(program.matrix, program.right, program.right)
            done = milp(sign * aim, integrality=np.ones(len(aim)), constraints=fits)
        else:
            limits = [(one, None) for one in low]
            done = linprog(sign * aim, A_eq=program.matrix, b_eq=program.right, bounds=limits)
        found_.append(np.inf if done.fun is None else sign * done.fun)
    return found_


def confined(low, high, least=1):
    return low >= least - 1e-5 and high <= K - 1 + 1e-5


@pytest.mark.parametrize("seed", range(12))
def test_whole_numbers_are_those_of_other_programs(tmp_path, seed):
    _, program, _, found_ = drawn(seed, tmp_path / "r")
    for column in program.targets:
        low, high = (round(min(end, 1000)) for end in ends(program, [column], whole_numbers=True))
        assert found_.ranges.low[column] == low
        if low:
            assert min(found_.ranges.high[column], 1000) == high
        assert found_.ranges.high[column] >= high


@pytest.mark.parametrize("seed", range(12))
def test_every_confined_pair_and_line_is_found_and_no_other(tmp_path, seed):
    _, program, ranges, found_ = drawn(seed, tmp_path / "r")
    sums = siblings.sums(program, found_.ranges, ranges, K)
    assert sums.left == 0
    looked = {one.columns for one in siblings._whole_lines(program, siblings._lines(program))}
    for line in siblings._lines(program):
        looked |= set(itertools.combinations(line.parts.tolist(), 2))
    expected = {one for one in looked if confined(*ends(program, one))}
    by_whole_numbers = {
        one for one in sums.confined if confined(*ends(program, one, whole_numbers=True))
    }
    assert expected <= set(sums.confined) == by_whole_numbers


def test_random_releases_have_something_to_find(tmp_path):
    sums = learned = 0
    for seed in range(12):
        knowledge, program, ranges, found_ = drawn(seed, tmp_path / str(seed))
        sums += len(siblings.sums(program, found_.ranges, ranges, K).confined)
        learned += insider.insiders(knowledge, program, found_.ranges, ranges, K).confined
    assert sums > 3
    assert learned


@pytest.mark.parametrize("seed", range(12))
def test_insiders_learn_what_other_programs_say_that_they_learn(tmp_path, seed):
    knowledge, program, ranges, found_ = drawn(seed, tmp_path / "r")
    counted = insider.insiders(knowledge, program, found_.ranges, ranges, K)
    held = program.targets[found_.ranges.high[program.targets] > 0]
    fresh = insider.Insiders()
    cases = insider._cases(knowledge, program, found_.ranges, held, fresh)
    expected = {"confined": 0, "impossible": 0, "pairs": 0}
    for case in cases:
        low = ends(program, case.columns, least=case.columns)[0]
        if np.isinf(low):
            expected["impossible"] += 1
            continue
        expected["pairs"] += len(case.groups)
        for group in case.groups:
            expected["confined"] += confined(*ends(program, [group], least=case.columns), least=2)
    assert counted.tried == len(cases)
    assert counted.open == 0
    assert {name: getattr(counted, name) for name in expected} == expected


@pytest.mark.parametrize(("year", "confined_"), [(21, 1), (19, 0)])
def test_somebody_who_knows_one_case_of_a_confined_group(tmp_path, year, confined_):
    """2 to 10 escorts of other types than sex: who is one of them learns of 1 to 9 others."""
    rows = [row for row in escorts(year) if row["value"] != 30]
    folder = write(tmp_path / "r", rows, VIEWS)
    numbers = audit.attack(folder).report["insider"]
    assert (numbers["confined"] > 0) == bool(confined_)
    assert found(folder) == set()
    deciding = write(tmp_path / "s", rows, VIEWS, policy=policy(VIEWS))
    assert ((10, "insider") in found(deciding)) == bool(confined_)


def test_a_known_number_of_k_leaves_two_people_with_fewer(tmp_path):
    rows = [cell(11, venue="cantina"), cell(30)]
    views = (view("all"), view("all", "venue"))
    assert audit.attack(write(tmp_path / "r", rows, views)).report["insider"]["two"] == 1
    rows = [cell(12, venue="cantina"), cell(30)]
    assert audit.attack(write(tmp_path / "s", rows, views)).report["insider"]["two"] == 0

"""Victims beside cases: where they show, and that no case can be read from them."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from geo import build, cube, ingest, protect, release
from geo.model import LOCATED, DataError, Policy, UnusableError, View
from geo.policy import policy
from geo.protect import victims
from tests.attacks.planted import cell, found, view, write
from tests.geo import made
from tests.geo.test_cube import EMPTY

K = 6
CODES = {"place": ("US-TX", "US-CA"), "period": ("2014", "2015"), "venue": ("cantina", "escort")}
AXES = [("period",), ("venue",), ("period", "venue")]
VIEWS = tuple(View(level, axes) for level in ("all", "state") for axes in [(), *AXES])
PARENTS = {"venue": {}, "nationality": {}}
RULES = Policy("test", "staff", K, VIEWS, measures=("cases", "victims"))


def drawn(seed):
    """BASE_WITH_VICTIMS table of eight base cells; a few cases have very many victims."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(list(product(*CODES.values())), columns=list(CODES))
    table = table.assign(nationality="HN", trafficking_type="sex", detail="unknown")
    table["cases"] = draw.integers(1, 25, len(table))
    people = [draw.geometric(0.5, n) - 1 + 40 * (draw.random(n) < 0.04) for n in table["cases"]]
    table["further"] = [int(each.sum()) for each in people]
    table["most"] = [int(each.max()) for each in people]
    table["unstated"] = (draw.random(len(table)) < 0.05).astype(int)
    return table.sort_values(list(CODES)).reset_index(drop=True)


def counted(table):
    return cube.count(table, VIEWS, {}, {})


def in_space(rows, target):
    solved = np.linalg.lstsq(rows.T, target, rcond=None)[0]
    return np.abs(rows.T @ solved - target).max() < 1e-9


def told_of_one_case(counts, shown):
    """Sums of base cells that follow from the victims shown and tell too much, by brute force.

    Too much: from 1 to k-1 further victims, one each, one case with more than half of the
    victims, or, without the case that has most, fewer than k-1 further ones.
    """
    rows, of = counts.members[shown].toarray().astype(float), counts.victims
    wrong = []
    for bits in range(1, 2 ** rows.shape[1]):
        group = (bits >> np.arange(rows.shape[1])) & 1
        further, most = int(group @ of.further), int((group * of.most).max())
        people = further + int(group @ counts.weights)
        fine = further >= K and 2 * (most + 1) <= people and further - most >= K - 1
        if not fine and len(rows) and in_space(rows, group.astype(float)):
            wrong.append(bits)
    return wrong


@pytest.mark.parametrize("intervals", [False, True])
def test_no_sum_of_base_cells_tells_of_one_case(intervals):
    naive, shown = 0, 0
    for seed in range(20):
        counts = counted(drawn(seed))
        made_ = protect.publish(counts, Policy(**{**vars(RULES), "intervals": intervals}), PARENTS)
        assert told_of_one_case(counts, made_.victims.shown) == []
        assert (made_.cells["value"] >= K).all()
        shown += made_.victims.shown.sum()
        large = (counts.cells["value"] >= K).to_numpy()
        naive += bool(told_of_one_case(counts, counts.stated & large))
    assert naive > 10
    assert shown > 60


def test_victims_narrow_no_range_of_cases():
    """Every table of cases that fits is one with victims that fit: the proof of the method."""
    from scipy.optimize import linprog

    for seed in range(10):
        counts = counted(drawn(seed))
        made_ = protect.publish(counts, RULES, PARENTS)
        cases = np.isin(
            np.arange(len(counts.cells)),
            np.flatnonzero(made_.search._published(made_.search.hidden)),
        )
        p, v = counts.members[cases].toarray(), counts.members[made_.victims.shown].toarray()
        size = p.shape[1]
        truth, people = counts.weights, counts.weights + counts.victims.further
        both = np.block([[p, np.zeros_like(p)], [np.zeros_like(v), v]])
        right = np.concatenate([p @ truth, v @ people])
        at_least_one = np.hstack([np.eye(size), -np.eye(size)])
        for base in range(size):
            for sign in (1, -1):
                aim = sign * np.eye(size)[base]
                alone = linprog(aim, A_eq=p, b_eq=p @ truth)
                beside = linprog(
                    np.append(aim, np.zeros(size)),
                    A_ub=at_least_one,
                    b_ub=np.zeros(size),
                    A_eq=both,
                    b_eq=right,
                )
                assert alone.status == beside.status
                assert alone.status or alone.fun == pytest.approx(beside.fun, abs=1e-6)


def test_intervals_leave_every_small_group_without_a_further_victim():
    from scipy.optimize import linprog

    for seed in range(10):
        counts = counted(drawn(seed))
        made_ = protect.publish(counts, Policy(**{**vars(RULES), "intervals": True}), PARENTS)
        rows = counts.members[made_.victims.shown].toarray()
        further = counts.victims.further
        small = (counts.cells["value"] < K).to_numpy()
        for group in counts.members[small].toarray():
            if len(rows):
                least = linprog(group, A_eq=rows, b_eq=rows @ further).fun
                assert least == pytest.approx(0, abs=1e-6)


def test_the_same_cube_gives_the_same_victims_in_any_order_of_rows():
    table = drawn(3)
    one, two = (protect.publish(counted(t), RULES, PARENTS).cells for t in (table, table.copy()))
    assert one.equals(two)
    assert one.equals(one.sort_values(list(one.columns[:-1]), kind="stable"))


def test_victims_are_the_sums_of_their_cases_and_stand_beside_them():
    counts = counted(drawn(1))
    cells = protect.publish(counts, RULES, PARENTS).cells
    truth = cube.told(counts).drop(columns="detail")
    assert cells.merge(truth, how="left").equals(cells)
    people, cases = (cells[cells["measure"] == name] for name in ("victims", "cases"))
    keys = list(cells.columns[:-2])
    assert len(people) == len(people.merge(cases, on=keys))


def test_what_hides_later_takes_its_victims_along():
    counts = counted(drawn(1))
    first = protect.publish(counts, RULES, PARENTS)
    shown = first.victims.shown.copy()
    shown[np.flatnonzero(shown)[0]] = False
    assert (victims.kept(first.victims, shown).shown == shown).all()


def located(*rows):
    """LOCATED rows: (case, cases, victims)."""
    texts = EMPTY | {"place": "US-TX", "period": "2015", "role": "exploitation"}
    texts |= dict.fromkeys(["venue", "nationality", "trafficking_type"], "unknown")
    table = pd.DataFrame(
        [
            texts | {"row": n, "case": c, "cases": m, "victims": v}
            for n, (c, m, v) in enumerate(rows)
        ]
    )
    numbers = [one.name for one in LOCATED.columns if one.kind == "int" and one.name not in table]
    return table.assign(**dict.fromkeys(numbers, pd.NA)).astype({"victims": "Int64"})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 1, 3), (2, 1, 1)], (2, 2, 0)),
        ([(1, 1, 3), (1, 1, 3), (2, 1, 2)], (3, 2, 0)),
        ([(1, 5, 12)], (7, 7, 0)),
        ([(1, 1, 3), (2, 1, None)], (2, 2, 1)),
        ([(1, 1, 0), (2, 4, 3)], (0, 0, 5)),
    ],
    ids=["two cases", "rows of one case", "a row of five", "not stated", "too few for the cases"],
)
def test_further_victims_of_a_base_cell(rows, expected):
    base = cube.base(located(*rows), victims=True)
    assert tuple(base[["further", "most", "unstated"]].iloc[0]) == expected


def test_a_cell_of_which_one_case_does_not_state_its_victims_shows_none():
    table = drawn(1).assign(unstated=0)
    table.loc[0, "unstated"] = 1
    counts = counted(table)
    cells = protect.publish(counts, RULES, PARENTS).cells
    people = cells[cells["measure"] == "victims"]
    assert len(people)
    assert not (
        (people["place"] == "all") & (people["period"] == "all") & (people["venue"] == "all")
    ).any()


# The attacker


LISTED = {"measures": {name: {"unit": {"en": name, "es": name}} for name in ("cases", "victims")}}
SEEN = (view("all"), view("country"), view("state"), view("all", "period"), view("state", "period"))
CASES = {
    ("all", "all", "all"): 1000,
    ("country", "US", "all"): 600,
    ("country", "MX", "all"): 400,
    ("state", "US-TX", "all"): 300,
    ("state", "US-TX", "2014"): 100,
    ("all", "all", "2014"): 400,
}
PEOPLE = {
    ("all", "all", "all"): 2000,
    ("country", "US", "all"): 1100,
    ("country", "MX", "all"): 900,
    ("state", "US-TX", "all"): 500,
    ("state", "US-TX", "2014"): 180,
    ("all", "all", "2014"): 900,
}


def rows(cases, people):
    listed = [cell(n, *key[:2], period=key[2]) for key, n in cases.items()]
    return listed + [
        cell(n, *key[:2], period=key[2]) | {"measure": "victims"} for key, n in people.items()
    ]


def released(folder, people=None, cases=None, **changes):
    table = rows(CASES | (cases or {}), PEOPLE | (people or {}))
    kept = [row for row in table if row["value"]]
    return write(folder / "r", kept, SEEN, **(LISTED | changes))


def test_a_release_with_victims_passes(tmp_path):
    assert found(released(tmp_path)) == set()


TEXAS = ("state", "US-TX", "all")
TEXAS_2014 = ("state", "US-TX", "2014")


@pytest.mark.parametrize(
    ("people", "cases", "expected"),
    [
        ({TEXAS_2014: 99}, {}, (0, "measures")),
        ({}, {TEXAS_2014: 0}, (0, "measures")),
        ({TEXAS: 300}, {}, (9, "further victims")),
        ({TEXAS_2014: 105}, {}, (9, "further victims")),
        ({TEXAS_2014: 300}, {}, (9, "further victims")),
        ({TEXAS_2014: 293}, {}, (2, "lines")),
        ({("country", "MX", "all"): 895}, {}, (2, "lines")),
        ({TEXAS_2014: 400}, {}, (2, "contradictions")),
        ({TEXAS_2014: 205, ("all", "all", "2014"): 1300}, {}, (2, "boxes")),
    ],
    ids=[
        "fewer than cases",
        "no cases beside",
        "one each",
        "few further",
        "the rest has one each",
        "the rest has few",
        "the rest of all has few",
        "more than the whole",
        "small in a box",
    ],
)
def test_what_victims_tell_is_found(tmp_path, people, cases, expected):
    assert expected in found(released(tmp_path, people, cases))


@pytest.mark.parametrize("listed", [("cases",), ("cases", "victims", "calls")])
def test_measures_of_the_manifest_are_those_of_the_cells(tmp_path, listed):
    units = {name: {"unit": {"en": name, "es": name}} for name in listed}
    names = {name for _, name in found(released(tmp_path, measures=units))}
    assert "measures" in names or "entries" in names


def test_victims_listed_without_a_row_are_found(tmp_path):
    folder = write(tmp_path / "r", rows(CASES, {}), SEEN, **LISTED)
    assert found(folder) == {(0, "measures")}


def test_victims_of_one_block_that_differ_from_an_earlier_release_are_found(tmp_path):
    before = released(tmp_path / "before")
    after = released(tmp_path / "after", {TEXAS: 540})
    assert (14, "changes") in found(after, earlier=[before])
    assert found(released(tmp_path / "same"), earlier=[before]) == set()


def test_two_releases_of_the_same_cases_are_attacked_together(tmp_path):
    gone = dict.fromkeys([TEXAS_2014], 0)
    before = released(tmp_path / "before", {**gone, TEXAS: 500})
    other = {TEXAS: 0, TEXAS_2014: 293}
    after = released(tmp_path / "after", other)
    assert found(after) == found(before) == set()
    assert (14, "stacked") in found(after, earlier=[before])


# The build

WITH = 'measures = ["cases", "victims"]\n'


def folder_of(path, table):
    made.folder(path, table)
    (path / "small.toml").write_text(WITH + made.POLICY, encoding="utf-8")
    return path


def ran(folder, out, **options):
    mapping, rules = ingest.mapping(folder / "made.toml"), policy(folder / "small.toml")
    return build.build([folder / "cases.csv"], out, mapping, rules, **options)


def cases(**columns):
    table = made.cases(150)[["country", "state", "date", "venue"]]
    return table.assign(victims=np.random.default_rng(2).geometric(0.35, len(table)), **columns)


def test_a_release_has_victims_with_their_unit_and_the_report_says_how_many(tmp_path):
    done = ran(folder_of(tmp_path / "in", cases()), tmp_path / "one")
    opened = release.read(done.folder)
    people = opened.cells[opened.cells["measure"] == "victims"]
    assert opened.manifest["measures"]["victims"]["unit"]["es"] == "víctimas potenciales"
    assert done.report["victims"]["2014–2015"]["published"] == len(people) > 0
    assert {"measures", "further victims"} <= {one["name"] for one in opened.audit["checks"]}
    assert "más de la mitad" in opened.receipt
    assert "more than half" in opened.receipt


def test_a_file_that_seldom_states_victims_gives_no_release_with_them(tmp_path):
    table = cases()
    table.loc[:20, "victims"] = 0
    with pytest.raises(DataError, match="14% of the cases do not state"):
        ran(folder_of(tmp_path / "in", table), tmp_path / "one")
    assert not (tmp_path / "one").exists()


def test_one_victim_a_case_everywhere_says_nothing_and_is_refused(tmp_path):
    with pytest.raises(DataError, match="no number of victims may be published"):
        ran(folder_of(tmp_path / "in", cases().assign(victims=1)), tmp_path / "one")


def test_a_later_year_has_victims_beside_the_block_that_is_repeated_and_not_restated(tmp_path):
    folder = folder_of(tmp_path / "in", cases())
    first = ran(folder, tmp_path / "one").folder
    with pytest.raises(DataError, match="cannot be restated"):
        ran(folder, tmp_path / "two", previous=[first], restate="2014-2015")
    late = cases(date=np.resize(["2016-02-03", "2016-11-20"], 150)).assign(victims=3)
    folder_of(folder, late)
    both = release.read(ran(folder, tmp_path / "two", previous=[first]).folder).cells
    year = both["period"].str.startswith("2016")
    before = release.read(first).cells
    assert both[~year].reset_index(drop=True).equals(before)
    assert set(both.loc[year, "measure"]) == {"cases", "victims"}
    (folder / "small.toml").write_text(made.POLICY, encoding="utf-8")
    with pytest.raises(UnusableError, match="other measures"):
        ran(folder, tmp_path / "three", previous=[first, tmp_path / "two"])


@pytest.mark.parametrize("listed", ['["victims"]', '["cases", "calls"]', '"cases"', "[]"])
def test_a_policy_counts_cases_and_perhaps_victims(tmp_path, listed):
    path = tmp_path / "mine.toml"
    path.write_text(f"measures = {listed}\n" + made.POLICY, encoding="utf-8")
    with pytest.raises(UnusableError, match="measures is"):
        policy(path)

"""What is compared with Mosaico is given the same cube, and judged by the same numbers."""

import json
import stat
import sys

import numpy as np
import pandas as pd
import pytest

from benchmarks import argus, engines, exact
from geo import build, ingest
from geo.policy import policy
from tests.geo import made

K = 11


@pytest.fixture(scope="module")
def counted():
    """Cube of the small made-up file without second venues; some cases have no point."""

    def only_first(table):
        table = table.assign(venue=table["venue"].str.split(";").str[0])
        table.loc[table.index % 7 == 0, ["lat", "lon"]] = ""
        return table

    def make(folder):
        made.folder(folder, only_first(made.cases()))
        rules = policy(folder / "small.toml")
        found = build.inspect([folder / "cases.csv"], ingest.mapping(folder / "made.toml"), rules)
        return build.counted(found.located, rules)[0]

    return make


def stand_in(folder, lines):
    """Interpreter that runs some lines in place of the script that it is given."""
    path = folder / "stand-in"
    head = [
        f"#!{sys.executable}",
        "import json, pathlib, sys",
        "folder = pathlib.Path(sys.argv[2])",
    ]
    head.append('cells = json.loads((folder / "table.json").read_text())["cells"]')
    path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def told(names):
    return [f'(folder / "secondary.json").write_text(json.dumps({names}))']


def test_every_table_adds_up_in_each_of_its_dimensions(counted, tmp_path):
    cube = counted(tmp_path)
    found = argus.crossings(cube)
    assert not any(one.holds(other) for one in found for other in found if one != other)
    for crossing in found:
        table = argus._table(cube, crossing, "MOD")
        own = pd.DataFrame(table.codes).assign(count=table.counts)
        names = list(range(len(crossing.dimensions) + 1))
        for name in names[1:]:
            others = [other for other in names if other != name]
            whole = own[own[name] == ""].set_index(others)["count"]
            parts = own[own[name] != ""].groupby(others)["count"].sum()
            assert (parts == whole.reindex(parts.index)).all()
        leaves = {line.lstrip("@") for line in table.trees["place"]} - parents(table)
        finest = own[own[0].isin(leaves)]
        assert finest["count"][(finest[names[1:]] == "").all(axis=1)].sum() == own["count"].max()


def parents(table):
    """Codes of places that have parts."""
    lines = table.trees["place"]
    depth = [len(line) - len(line.lstrip("@")) for line in lines]
    return {lines[at].lstrip("@") for at in range(len(lines) - 1) if depth[at + 1] > depth[at]}


def test_what_no_table_hides_is_published(counted, tmp_path):
    cube = counted(tmp_path)
    python = stand_in(tmp_path, told("[]"))
    found = argus.protected(cube, K, argus.Method("OPT"), python, folder(tmp_path), 60)
    assert (found.shown == (cube.standard & (cube.cells["value"] >= K))).all()
    assert (found.rounds, found.crashed, found.agreed) == (2, 0, True)


def test_what_one_table_hides_is_hidden_and_the_others_are_asked_again(counted, tmp_path):
    cube = counted(tmp_path)
    python = stand_in(tmp_path, told("[c[:-5] for c in cells if not any(c[:-5])]"))
    found = argus.protected(cube, K, argus.Method("OPT"), python, folder(tmp_path), 60)
    total = int(cube.cells["value"].argmax())
    assert not found.shown[total]
    assert found.shown.sum() == (cube.standard & (cube.cells["value"] >= K)).sum() - 1
    asked = [json.loads(one.read_text())["cells"] for one in tmp_path.glob("own/*/table.json")]
    assert all(cell[-3] for cells in asked for cell in cells if not any(cell[:-5]))


@pytest.mark.parametrize(("instead", "without"), [("0", 0), ("1", 1)])
def test_a_table_that_crashed_is_done_otherwise_or_publishes_nothing(
    counted, tmp_path, instead, without
):
    cube = counted(tmp_path)
    crash = [f'sys.exit(1) if sys.argv[3] == "OPT" else {instead} and sys.exit(1)']
    python = stand_in(tmp_path, [*crash, *told("[]")])
    found = argus.protected(cube, K, argus.Method("OPT"), python, folder(tmp_path), 60)
    assert found.crashed == found.tables * (1 + without)
    assert found.without == found.tables * without
    assert found.shown.any() == (not without)


def folder(path):
    path = path / "own"
    path.mkdir()
    return path


def test_without_tau_argus_one_line_says_how_to_get_it(capsys):
    assert not engines._has_argus("/bin/false")
    assert capsys.readouterr().err.count("benchmarks/requirements.txt") == 1


def test_the_table_has_the_mean_of_the_files_of_one_size():
    rows = [
        {"file": name, "engine": "greedy", "cases": 1_500, "note": "", "seconds": 1}
        | dict.fromkeys(engines.FOUND, found)
        | {"utility": utility}
        for name, utility, found in (("a", 0.5, 1), ("b", 0.7, 4))
    ]
    lines = engines.table(pd.DataFrame(rows).set_index(["file", "engine"]))
    assert lines[2].startswith("| 1,500 | greedy | 2 | 0.600 | 2.5 |")


@pytest.mark.parametrize("shape", exact.SHAPES, ids=[shape.name for shape in exact.SHAPES])
def test_the_best_choice_is_clean_and_no_worse_than_mosaico(shape):
    found = exact.compared(shape, 0)
    assert found.narrow == 0
    assert 0 < found.own <= found.best + 1e-9
    assert found.own >= exact.WITHIN * found.likewise


@pytest.mark.parametrize(("shape", "seed"), [(0, 11), (0, 12), (0, 18), (1, 14)])
def test_a_small_cube_is_protected_at_the_least_cost(shape, seed):
    """Rounds from above alone end at a dearer choice in these."""
    found = exact.compared(exact.SHAPES[shape], seed)
    assert found.own == pytest.approx(found.likewise)


def test_the_best_choice_is_the_best_of_all():
    """Every choice of a small instance tried, by the same programs."""
    counted = exact.instance(exact.SHAPES[0], 2)
    system = exact._System.of(counted)
    cost = np.arange(1.0, len(system.value) + 1)
    large = np.flatnonzero(system.value >= K)
    assert len(large) == 5
    costs = []
    for number in range(2 ** len(large)):
        shown = np.zeros(len(cost), dtype=bool)
        shown[large[[bool(number >> at & 1) for at in range(len(large))]]] = True
        if next(system.violations(shown), None) is None:
            costs.append(cost[~shown].sum())
    assert cost[~system.best(cost)].sum() == pytest.approx(min(costs))

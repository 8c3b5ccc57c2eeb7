"""Check 19: one case more changes what it may, and each thing that it may not is heard."""

import json

import numpy as np
import pandas as pd
import pytest

from geo import __main__, build, canary, cube, ingest
from geo.model import DIMENSIONS, KEY
from geo.policy import policy
from tests.geo import made

SMALL = """
id = "small"
audience = "staff"
k = 11
seed = 5
intervals = false

[[views]]
levels = ["all", "country", "state"]
grains = ["venue", "nationality"]
up_to = 1

[[views]]
levels = ["h3_3"]
grains = []
up_to = 0
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = made.folder(tmp_path_factory.mktemp("canary") / "made", made.cases(150))
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    return folder


def heard(files):
    rules = policy(files / "small.toml")
    sung = canary.canary([files / "cases.csv"], ingest.mapping(files / "made.toml"), rules)
    return {one.name: one for one in sung}


def test_one_case_more_changes_only_what_it_may(files, capsys):
    before = sorted(path.name for path in files.iterdir())
    call = [str(files / "cases.csv"), "--mapping", str(files / "made.toml")]
    assert __main__.main(["canary", *call, "--policy", str(files / "small.toml")]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "passed: one case more changes only what it may."
    assert [line.split()[0] for line in said.splitlines()[:-1]] == ["large", "small", "empty"]
    assert sorted(path.name for path in files.iterdir()) == before


def test_a_large_group_grows_by_one_and_an_empty_one_is_silent(files):
    found = heard(files)
    assert found["large"].grown > found["empty"].grown > 0
    assert found["large"].around >= found["large"].grown
    assert not any(one.problems for one in found.values())


def names_in_the_manifest(located):
    return ", ".join(sorted(set(located["nationality"])))


def test_a_value_named_in_the_manifest_is_heard(files, monkeypatch):
    plain = build._manifest

    def telling(name, mapping, rules, plan, located):
        content = plain(name, mapping, rules, plan, located)
        return {**content, "licence": names_in_the_manifest(located)}

    monkeypatch.setattr(build, "_manifest", telling)
    found = heard(files)
    assert found["large"].problems == found["small"].problems == ()
    assert any("licence" in problem for problem in found["empty"].problems)
    assert "datapackage.json differs" in found["empty"].problems


@pytest.mark.parametrize(
    ("case", "entry"),
    [
        ({"period": "1999-Q1"}, ""),
        ({"nationality": "HN;MX"}, ""),
        ({"nationality": "HN;MX"}, "multi_valued"),
    ],
)
def test_what_the_manifest_says_of_a_single_case_is_heard(files, monkeypatch, case, entry):
    """A case of a year or with two values of its own changes nothing, unless that is counted."""
    plain = canary.added
    if entry:
        monkeypatch.setattr(cube, "narrowed", lambda cells, least: (cells, {}))

    def telling(located):
        return {"telling": plain(located)["empty"].assign(**case)}

    monkeypatch.setattr(canary, "added", telling)
    problems = heard(files)["telling"].problems
    named = [one for one in problems if "manifest.json differs in" in one]
    assert [entry in one for one in named] == ([True] if entry else [])
    assert bool(problems) == bool(entry)


def counts(values):
    rows = [dict(zip(KEY, ("all", "all", *["all"] * len(DIMENSIONS), "cases"), strict=True), place=place)
            for place in values]  # fmt: skip
    return pd.DataFrame(rows).assign(value=list(values.values())).set_index(list(KEY))["value"]


def one_cell(row, measure):
    return pd.DataFrame([row], index=pd.Index([measure], name="measure")).astype("float64")


@pytest.mark.parametrize(
    ("true", "shown", "words"),
    [
        ((20, 21), (20, 21), None),
        ((20, 20), (20, 20), None),
        ((10, 11), (None, 11), None),
        ((20, 20), (20, None), None),
        ((20, 20), (20, 21), "changed by more than the case"),
        ((20, 21), (20, 20), "changed by more than the case"),
        ((20, 21), (None, 20), "not the count of their cases"),
        ((9, 10), (None, 10), "fewer than k"),
        ((20, 22), (20, 22), "more than one"),
    ],
)
def test_what_a_number_may_and_may_not_do(true, shown, words):
    row = {"true_before": true[0], "true_after": true[1],
           "shown_before": shown[0], "shown_after": shown[1]}  # fmt: skip
    problems = canary._numbers(one_cell(row, "cases"), 11)
    assert (problems == []) if words is None else any(words in one for one in problems)


def test_a_case_may_bring_several_victims_and_its_number_grows_by_these():
    row = {"true_before": 50, "true_after": 53, "shown_before": 50, "shown_after": 53}
    assert canary._numbers(one_cell(row, "victims"), 11) == []
    assert canary._numbers(one_cell(row | {"shown_after": 51}, "victims"), 11)


def test_files_and_entries_that_differ_are_named(tmp_path):
    for name, extra in (("one", {}), ("other", {"years": [2009]})):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps({"id": "r", **extra}), encoding="utf-8")
        (folder / "cells.csv").write_text("same", encoding="utf-8")
    (tmp_path / "other" / "more.txt").write_text("x", encoding="utf-8")
    found = canary._different(tmp_path / "one", tmp_path / "other")
    assert found == ["manifest.json differs in years", "more.txt differs"]
    assert canary._different(tmp_path / "one", tmp_path / "one") == []


def test_the_empty_case_has_codes_that_the_file_has_not(files):
    mapping, rules = ingest.mapping(files / "made.toml"), policy(files / "small.toml")
    located = build.inspect([files / "cases.csv"], mapping, rules).located
    cases = canary.added(located)
    empty = cases["empty"].iloc[0]
    for column in ("nationality", "venue", "place"):
        assert not located[column].str.contains(empty[column], regex=False).any()
    assert cases["large"].iloc[0]["nationality"] in set(located["nationality"])
    assert np.unique([len(case) for case in cases.values()]).tolist() == [1]
    assert not set(located["case"]) & {int(case["case"].iloc[0]) for case in cases.values()}

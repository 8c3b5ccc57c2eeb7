"""A series in time: 2010–2015, then 2016 beside it, late cases and corrections kept back."""

import json
import stat

import numpy as np
import pandas as pd
import pytest

from geo import audit, build, ingest, ledger, release, series
from geo.__main__ import DONE, FAILS, UNUSABLE, main
from geo.model import DataError, Policy, UnusableError, View
from geo.policy import policy
from tests.attacks.planted import found
from tests.geo.made import MAPPING

STATES = ("US-TX", "US-CA", "US-NY", "US-FL", "MX-CMX", "MX-PUE", "MX-TLA")
LISTS = {
    "state": STATES,
    "venue": ("residential_brothel", "escort", "cantina", "hotel_motel"),
    "nationality": ("MX", "HN", "GT", "SV"),
}
POLICY = """
id = "small"
audience = "staff"
k = 11
seed = 5
intervals = false

[[views]]
levels = ["all", "country", "state"]
grains = ["period", "venue", "nationality"]
up_to = 2

[[views]]
levels = ["all"]
grains = ["quarter"]
up_to = 1
"""
SOURCES = 'sources = [{{ name = "made", coverage_start = "2010-01-01", coverage_end = "{}" }}]'


def cases(rows, years, seed):
    """Skewed cases of some years; every case located to its state."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame({"case_id": [f"SYN-{seed}-{i}" for i in range(rows)]})
    quarters = draw.integers(1, 5, rows)
    table["date"] = [f"{y}-Q{q}" for y, q in zip(draw.choice(years, rows), quarters, strict=True)]
    for name, codes in LISTS.items():
        weights = 1 / np.arange(1, len(codes) + 1) ** 1.1
        table[name] = draw.choice(codes, rows, p=weights / weights.sum())
    return table.assign(country=table["state"].str[:2])


OLD = cases(3000, range(2010, 2016), 1)
NEW = cases(400, [2016], 2)
LATE = cases(40, range(2010, 2016), 3)
WRONG = OLD.sample(15, random_state=4)
CORRECTED = WRONG.assign(nationality=WRONG["nationality"].map({"MX": "GT"}).fillna("MX"))
MORE = cases(600, range(2010, 2016), 6)
WHOLE = pd.concat([OLD.drop(WRONG.index), CORRECTED, LATE])


class Series:
    """A folder with case files, a policy, and the releases built from them."""

    def __init__(self, folder):
        self.folder, self.releases = folder, folder / "releases"
        (folder / "small.toml").write_text(POLICY, encoding="utf-8")

    def covers(self, end):
        """Write the mapping: the sources cover 2010 to `end`, or do not say."""
        text = MAPPING + (SOURCES.format(end) if end else "")
        (self.folder / "made.toml").write_text(text, encoding="utf-8")

    def build(self, name, table, *previous, end="2016-12-31", **options):
        file = self.folder / f"{name}.csv"
        table.to_csv(file, index=False)
        self.covers(end)
        mapping = ingest.mapping(self.folder / "made.toml")
        folders = [self.releases / one for one in previous]
        rules = options.pop("policy", policy(self.folder / "small.toml"))
        out = options.pop("out", self.releases / name)
        return build.build([file], out, mapping, rules, previous=folders, **options)

    def note(self, name):
        return json.loads((self.folder / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """2010–2015 as `first`, and `second` with 2016, 40 late cases and 15 corrections in its file."""
    one = Series(tmp_path_factory.mktemp("series"))
    one.build("first", OLD, end="2015-12-31")
    file = pd.concat([NEW, LATE, CORRECTED])
    one.build("second", file, "first", queue=one.folder / "queue.json",
              report=one.folder / "report.json")  # fmt: skip
    return one


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_earlier_blocks_are_repeated_byte_for_byte_and_the_year_stands_beside(made):
    first, second = (made.releases / name / "cells.csv" for name in ("first", "second"))
    lines = second.read_bytes().splitlines()
    old = [line for line in lines if b",2016" not in line]
    assert old == first.read_bytes().splitlines()
    assert len(lines) > len(old) + 50
    before, after = (release.read(made.releases / name).manifest for name in ("first", "second"))
    assert after["blocks"][0] == before["blocks"][0]
    assert [block["label"] for block in after["blocks"]] == ["2010–2015", "2016"]
    assert [block["release"] for block in after["blocks"]] == ["first", "second"]
    assert after["coverage"] == before["coverage"]
    assert after["previous"] == build._digest(made.releases / "first")


def test_the_year_s_numbers_are_those_of_its_cases_alone(made):
    cells = release.read(made.releases / "second").cells.set_index(["level", "place", "period"])
    alone = cells[(cells[["venue", "nationality", "trafficking_type"]] == "all").all(axis=1)]
    assert alone.loc[("all", "all", "2016"), "value"] == 400
    assert alone.loc[("all", "all", "all"), "value"] == 3000
    texas = int((NEW["state"] == "US-TX").sum())
    assert alone.loc[("state", "US-TX", "2016"), "value"] == texas


def test_late_cases_and_corrections_wait_in_a_private_file_and_nowhere_else(made):
    queue = made.note("queue.json")
    assert stat.S_IMODE((made.folder / "queue.json").stat().st_mode) == 0o600
    (waiting,) = queue["waiting"]
    assert (waiting["block"], waiting["reading"]) == ("2010–2015", series.CHANGES)
    assert waiting["rows"] == list(range(401, 456))
    assert waiting["cases"] == 55


def test_nothing_public_tells_that_something_waits(made, tmp_path):
    """Without the 55 rows in its file the release is the same, byte for byte."""
    made.build("without", NEW, "first", out=tmp_path / "second")
    assert contents(tmp_path / "second") == contents(made.releases / "second")


def test_both_releases_pass_the_attack_together(made):
    second, first = made.releases / "second", made.releases / "first"
    assert found(second, earlier=[first]) == set()
    checks = {(one["check"], one["name"]) for one in audit.attack(second, [first]).report["checks"]}
    assert {(14, "blocks"), (14, "repeated blocks"), (14, "changes"), (14, "stacked")} <= checks


def test_the_new_block_keeps_most_of_what_k_allows(made):
    assert made.note("report.json")["blocks"]["2016"] >= 0.65


def test_a_whole_register_again_is_compared_by_its_published_cells(made, tmp_path):
    options = {"queue": tmp_path / "queue.json", "out": tmp_path / "later" / "second"}
    made.build("whole", pd.concat([WHOLE, NEW]), "first", **options)
    (waiting,) = json.loads((tmp_path / "queue.json").read_text("utf-8"))["waiting"]
    assert waiting["reading"] == series.WHOLE
    names = ("level", "period", "venue", "nationality")
    changed = {tuple(one[name] for name in names): one for one in waiting["cells"]}
    total = changed["all", "all", "all", "all"]
    assert (total["published"], total["counted"]) == (3000, 3040)
    assert contents(tmp_path / "later" / "second") == contents(made.releases / "second")


def test_a_register_without_a_change_leaves_nothing_to_wait(made, tmp_path):
    made.build("same", pd.concat([OLD, NEW]), "first", out=tmp_path / "same")


def test_a_restatement_of_many_late_cases_comes_out_under_a_new_label(made, tmp_path):
    table = pd.concat([WHOLE, MORE])
    made.build("third", table, "first", "second", restate="2010-2015", out=tmp_path / "third")
    before = release.read(made.releases / "second")
    after = release.read(tmp_path / "third")
    assert after.manifest["coverage"]["label"] == "2010–2015 (r2)"
    assert after.manifest["blocks"][0]["restates"] == "2010–2015"
    assert after.manifest["blocks"][1] == before.manifest["blocks"][1]
    earlier = [made.releases / "first", made.releases / "second"]
    assert found(tmp_path / "third", earlier=earlier) == set()
    keys = [name for name in after.cells.columns if name != "value"]
    both = after.cells.merge(before.cells, on=keys)
    change = (both["value_x"] - both["value_y"]).abs()
    assert change.max() == 640
    assert not change.between(1, 10).any()


def test_a_restatement_of_a_few_cases_is_refused_and_says_privately_what_is_missing(made, tmp_path):
    table = pd.concat([OLD, MORE.iloc[:5]])
    options = {"restate": "2010–2015", "report": tmp_path / "private.json", "out": tmp_path / "r"}
    with pytest.raises(DataError, match="cannot be restated yet"):
        made.build("few", table, "first", "second", **options)
    assert everything(tmp_path) == ["private.json"]
    missing = json.loads((tmp_path / "private.json").read_text("utf-8"))["missing"]
    assert ("all", 3005) in {(one["level"], one["value"]) for one in missing}
    assert stat.S_IMODE((tmp_path / "private.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("table", "end", "words"),
    [
        (NEW, "2016-06-30", "running"),
        (NEW, "2016-11-30", "the year 2016 is running"),
        (NEW, "2015-12-31", "running"),
        (cases(50, [2016], 9).assign(date="2016-Q1"), "", "seems to be running"),
        (NEW.assign(date="2090-Q1"), "2090-12-31", "2090 is running"),
        (LATE, "2016-12-31", "nothing to publish"),
    ],
    ids=["half a year", "eleven months", "beyond", "no last quarter", "future", "no new year"],
)
def test_a_block_that_is_not_closed_is_refused(made, tmp_path, table, end, words):
    with pytest.raises(DataError, match=words):
        made.build("open", table, "first", end=end, out=tmp_path / "r", queue=tmp_path / "q.json")
    assert everything(tmp_path) == []


def test_rows_that_must_wait_need_a_private_file(made, tmp_path):
    with pytest.raises(UnusableError, match="--queue"):
        made.build("late", pd.concat([NEW, LATE]), "first", out=tmp_path / "r")
    undated = NEW.assign(date=["", *NEW["date"][1:]])
    with pytest.raises(UnusableError, match="--queue"):
        made.build("undated", undated, "first", out=tmp_path / "r")
    with pytest.raises(UnusableError, match="outside every release"):
        made.build("late", NEW, "first", out=tmp_path / "r", queue=made.releases / "first" / "q")
    assert everything(tmp_path) == []


def test_a_release_is_told_of_others_of_its_series_beside_it(made, tmp_path):
    import shutil

    root = shutil.copytree(made.releases, tmp_path / "releases")
    apart = made.build("apart", pd.concat([OLD, NEW]), out=root / "apart").apart
    assert apart == ("first", "second")
    shutil.rmtree(root / "apart")
    again = made.build("apart", pd.concat([OLD, NEW]), out=root / "apart").apart
    assert again == ("first", "second")
    assert [one.id for one in ledger.read(root)] == ["first", "second", "apart"]


def test_a_withdrawn_id_is_not_used_again(made, tmp_path):
    entries = ledger.read(made.releases)
    ledger.write(tmp_path, ledger.without(entries, "second"))
    with pytest.raises(UnusableError, match="withdrawn"):
        made.build("second", OLD, out=tmp_path / "second")


def test_the_ledger_lists_the_releases_and_nothing_of_what_is_in_them(made):
    entries = ledger.read(made.releases)
    assert [(one.event, one.id, one.series) for one in entries] == [
        ("released", "first", "made"),
        ("released", "second", "made"),
    ]
    assert entries[1].manifest == build._digest(made.releases / "second")


def test_a_series_keeps_its_rules(made, tmp_path):
    rules = policy(made.folder / "small.toml")
    changed = {name: getattr(rules, name) for name in rules.__dataclass_fields__}
    for changes in ({"k": 12}, {"views": (*rules.views, View("country", ("quarter",)))}):
        with pytest.raises(UnusableError, match="keep its policy"):
            made.build(
                "rules", NEW, "first", policy=Policy(**changed | changes), out=tmp_path / "r"
            )
    assert everything(tmp_path) == []


def test_a_withdrawn_release_is_not_shown_and_a_broken_ledger_shows_none(made, tmp_path):
    import shutil

    root = shutil.copytree(made.releases, tmp_path / "releases")
    ledger.write(root, ledger.without(ledger.read(root), "first"))
    assert [(one.folder.name, bool(one.refused)) for one in release.releases(root)] == [
        ("first", True),
        ("second", False),
    ]
    (root / ledger.FILE).write_text("{}", encoding="utf-8")
    assert all("ledger" in one.refused for one in release.releases(root))


def test_the_command_line_continues_a_series(made, tmp_path, capsys):
    file, out = made.folder / "line.csv", tmp_path / "r"
    pd.concat([NEW, LATE]).to_csv(file, index=False)
    made.covers("2016-12-31")
    call = ["build", str(file), "--mapping", str(made.folder / "made.toml")]
    call += ["--policy", str(made.folder / "small.toml"), "--out", str(out)]
    previous = ["--previous", str(made.releases / "first")]
    assert main([*call, "--queue", str(tmp_path / "q")]) == UNUSABLE
    assert main([*call, *previous]) == UNUSABLE
    assert main([*call, *previous, "--restate", "1999", "--queue", str(tmp_path / "q")]) == UNUSABLE
    assert "this series has 2010–2015" in capsys.readouterr().err
    (tmp_path / "ledger.json").write_text("{}", encoding="utf-8")
    assert main([*call, *previous, "--queue", str(tmp_path / "q")]) == FAILS
    (tmp_path / "ledger.json").unlink()
    assert main([*call, *previous, "--queue", str(tmp_path / "q")]) == DONE
    assert main(["audit", str(out), *previous]) == DONE
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ledger.json",
        "q",
        "r",
        "r.clusters.json",
    ]


BLOCK = series.TimeBlock("all", "2007–2016", "2007-12-01", "2016-06-30", "first")


@pytest.mark.parametrize(
    ("period", "place"),
    [
        ("2010-Q1", "2007–2016"),
        ("2007", "2007–2016"),
        ("2016-Q2", "2007–2016"),
        ("2016-Q3", series.STRADDLING),
        ("2017-Q1", "2017"),
        ("2018-Q1", series.BEYOND),
        ("2006-Q1", series.UNCOVERED),
        ("unknown", series.UNDATED),
    ],
)
def test_where_a_case_belongs_in_time(period, place):
    located = pd.DataFrame({"case": [1], "period": [period]})
    assert series.placed(located, [BLOCK], "2007-12-01", "2017-12-31").tolist() == [place]


def test_a_case_of_several_rows_is_in_one_period_its_earliest():
    located = pd.DataFrame({"case": [1, 1, 1], "period": ["2017-Q1", "unknown", "2015-Q1"]})
    assert series.placed(located, [BLOCK]).tolist() == ["2007–2016"] * 3


def test_a_year_that_straddles_the_end_of_a_block_is_refused_with_the_reason():
    located = pd.DataFrame({"case": [1], "period": ["2016-Q4"]})
    places = series.placed(located, [BLOCK])
    with pytest.raises(DataError, match="straddles"):
        series.new_years(places, located, "", "", "2026-01-01")


def test_a_part_of_a_year_is_no_block():
    located = pd.DataFrame({"case": [1], "period": ["2017-Q4"]})
    places = series.placed(located, [BLOCK], "2017-03-01", "2017-12-31")
    with pytest.raises(DataError, match="a whole year"):
        series.new_years(places, located, "2017-03-01", "2017-12-31", "2026-01-01")


def chain(**previous):
    return {
        name: {"series": "made", "audience": "public", "previous": before}
        for name, before in previous.items()
    }


def test_the_newest_release_of_a_chain_is_continued():
    assert series.newest(chain(a=None, b="a", c="b"), "public") == "c"
    assert series.newest(chain(a=None), "coalition") == ""


@pytest.mark.parametrize("releases", [chain(b="a"), chain(a=None, b=None), chain(a=None, c="b")])
def test_a_chain_with_a_gap_or_two_ends_is_refused(releases):
    with pytest.raises(UnusableError, match="--previous"):
        series.newest(releases, "public")

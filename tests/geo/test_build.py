"""The whole chain on a made-up file: published numbers are true, and broken releases fail."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import h3
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo import audit, build, cube, ingest, places, protect, release, vocab
from geo.model import FINDINGS, KEY, PUBLISHED, DataError, ReleaseError, UnusableError, check
from geo.policy import policy
from tests.geo import made

ROOT = Path(__file__).parent.parent.parent


def ran(folder, out, report=None):
    """Build of the made-up file in `folder`."""
    mapping = ingest.mapping(folder / "made.toml")
    small = policy(folder / "small.toml")
    return build.build([folder / "cases.csv"], out, mapping, small, report=report)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = made.folder(tmp_path_factory.mktemp("made"))
    ran(folder, folder / "releases" / "one", folder / "private.json")
    return folder


@pytest.fixture
def copied(built, tmp_path):
    """The release, free to be altered."""
    return Path(shutil.copytree(built / "releases" / "one", tmp_path / "one"))


def cells_of(folder):
    return pd.read_csv(folder / "cells.csv", dtype={"value": "int64"}, keep_default_na=False)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def holds(values, code, groups):
    """Mask of rows whose ';'-separated `values` hold `code`, an overlap or a group of codes."""
    if code == "unknown":
        return values == ""
    sets = values.str.split(";")
    if code in groups.values():
        members = {one for one, above in groups.items() if above == code}
        return sets.map(lambda codes: bool(members & set(codes)))
    return sets.map(lambda codes: set(code.split("+")) <= set(codes))


def hexes(cases, resolution):
    """State and hex of each row with a point, by way of the finest cell; else blank."""
    return [
        state + "/" + h3.cell_to_parent(h3.latlng_to_cell(float(lat), float(lon), 5), resolution)
        if lat
        else ""
        for state, lat, lon in zip(cases["state"], cases["lat"], cases["lon"], strict=True)
    ]


def masks(cases):
    """For each dimension a function from a code to the rows of the file that it counts."""
    study = cases["country"].isin(["US", "MX"])
    finer = {f"h3_{n}": pd.Series(hexes(cases, n), index=cases.index) for n in (3, 4)}
    period = cases["date"].str[:4]
    days = cases["date"]
    quarter = days.map(lambda day: f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}" if day[5:] else day)
    unplaced = cases["country"] + "-unknown"
    state = cases["state"].where(cases["state"] != "", unplaced)

    def place(level, code):
        by = {"country": cases["country"], "state": state, **finer}
        return study if level == "all" else study & (by[level] == code)

    def in_period(code):
        if code == "unknown":
            return period == ""
        return quarter == code if "-Q" in code else period == code

    return place, {
        "period": in_period,
        "venue": lambda code: holds(cases["venue"], code, made.SECTORS),
        "nationality": lambda code: holds(cases["nationality"], code, made.REGIONS),
    }


def counted(cases, cells):
    """Cases of the file for each published cell, counted without Mosaico."""
    place, by = masks(cases)
    counts = []
    for cell in cells.to_dict("records"):
        mask = place(cell["level"], cell["place"])
        for name, chosen in by.items():
            if cell[name] != "all":
                mask = mask & chosen(cell[name])
        counts.append(int(mask.sum()))
    return counts


def test_every_published_value_is_the_count_in_the_file(built):
    cells = cells_of(built / "releases" / "one")
    cases = pd.read_csv(built / "cases.csv", dtype="str", keep_default_na=False)
    assert {"all", "country", "state", "h3_3", "h3_4"} == set(cells["level"])
    assert cells["venue"].str.contains("+", regex=False).any()
    assert {"unknown", "MX", "north_america"} <= set(cells["nationality"])
    assert cells["period"].str.contains("-Q").any()
    assert "US-unknown" in set(cells["place"])
    assert cells["value"].tolist() == counted(cases, cells)
    assert cells["value"].min() >= 11


def test_the_total_leaves_out_cases_elsewhere_and_tells_them(built):
    manifest = json.loads((built / "releases" / "one" / "manifest.json").read_text("utf-8"))
    cases = pd.read_csv(built / "cases.csv", dtype="str", keep_default_na=False)
    assert manifest["outside"] == int((cases["country"] == "GT").sum()) >= 11
    assert sorted(manifest["multi_valued"]) == ["venue"]


def test_the_sealed_release_is_read_and_its_audit_passes_again(built):
    folder = built / "releases" / "one"
    read = release.read(folder)
    assert read.manifest["audit"]["passed"] is True
    again = audit.attack(folder)
    assert again.passed
    for name in ("k", "intervals", "equations", "not_run"):
        assert again.report[name] == read.audit[name]
    found = [(one["name"], one["found"]) for one in again.report["checks"]]
    assert found == [(one["name"], one["found"]) for one in read.audit["checks"]]


def test_another_process_with_other_hashes_writes_the_same_bytes(built, tmp_path):
    code = "import sys; from geo import protect; from geo.__main__ import main; "
    code += f"protect.ROUNDS = {protect.ROUNDS}; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "build", str(built / "cases.csv")]
    command += ["--mapping", str(built / "made.toml"), "--policy", str(built / "small.toml")]
    command += ["--out", str(tmp_path / "one")]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert contents(tmp_path / "one") == contents(built / "releases" / "one")


def test_the_order_of_rows_and_columns_is_irrelevant(built, tmp_path):
    cases = pd.read_csv(built / "cases.csv", dtype="str", keep_default_na=False)
    shuffled = cases.sample(frac=1, random_state=3)[cases.columns[::-1]]
    folder = made.folder(tmp_path / "made", shuffled)
    ran(folder, folder / "one")
    assert contents(folder / "one") == contents(built / "releases" / "one")


def test_an_existing_folder_is_refused_and_untouched(built):
    folder = built / "releases" / "one"
    before = contents(folder)
    with pytest.raises(UnusableError, match="exists"):
        ran(built, folder)
    assert contents(folder) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["ledger.json", "one"]


def test_a_failing_attack_leaves_nothing(built, tmp_path, monkeypatch):
    problems = pd.DataFrame(
        [{"check": 2, "name": "lines", "severity": "fail", "level": "", "place": "", "detail": ""}]
    )
    monkeypatch.setattr(
        build.audit, "attack", lambda *_, **__: audit.Audit(problems, {"checks": []})
    )
    with pytest.raises(DataError, match=r"1 problem.*nothing was released") as raised:
        ran(built, tmp_path / "deep" / "one", tmp_path / "private.json")
    assert raised.value.findings["rule"].tolist() == ["lines"]
    assert not list(tmp_path.rglob("*.parquet"))
    assert not (tmp_path / "deep").exists()
    assert not (tmp_path / "private.json").exists()


def test_findings_of_a_failed_attack_say_the_check_the_cells_and_what_to_do():
    names = ["check", "name", "severity", "level", "place", "detail"]
    cells = [("state", place, "cantina: minus its parts") for place in ("US-TX", "US-CA", "US-NY")]
    cells += [("state", "US-TX", "cantina: minus its parts"), ("country", "MX", "total: minus")]
    rows = [(2, "lines", "fail", *cell) for cell in cells]
    rows += [(5, "intervals", "report", "", "", "narrow")]
    rows += [(18, "texts", "fail", "", "", "manifest: title.en holds a day")]
    rows += [(17, "rows", "fail", "", "", "rows are not sorted by key")]
    found = check(build._as_findings(pd.DataFrame(rows, columns=names)), FINDINGS)
    assert found[["rule", "severity", "count"]].to_numpy().tolist() == [
        ["lines", "error", 5], ["rows", "error", 1], ["texts", "error", 1],
    ]  # fmt: skip
    lines, order, texts = found["message"]
    assert lines.startswith(
        "check 2 (No total minus its parts leaves a count below k): state US-TX: cantina: minus its "
        "parts; state US-CA: cantina: minus its parts; state US-NY: cantina: minus its parts; and "
        "2 more. "
    )
    assert "fewer views" in lines
    assert "title.en holds a day" in texts
    assert "[release]" in texts
    assert "report" in order
    assert "more" not in order


def test_the_seal_itself_refuses_what_an_attack_found(copied, tmp_path):
    problems = pd.DataFrame([{"check": 2, "name": "lines", "severity": "fail"}])
    before = contents(copied)
    with pytest.raises(DataError, match="not released"):
        release.seal(copied, tmp_path / "two", audit.Audit(problems, {"checks": []}))
    assert not (tmp_path / "two").exists()
    assert contents(copied) == before


def test_the_private_report_is_for_its_owner_only_and_outside_the_release(built):
    path = built / "private.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    account = json.loads(path.read_text("utf-8"))
    assert 0 < account["utility"] <= 1
    assert {"views", "notes", "findings", "audit"} <= set(account)
    told = {"block", "level", "filters", "eligible", "published", "lost_to", "gives_back", "worth"}
    assert all(told <= set(view) for view in account["views"])
    for view in account["views"]:
        assert sum(view["lost_to"].values()) == view["eligible"] - view["published"]
    names = {path.name for path in (built / "releases" / "one").iterdir()}
    assert names == {*release.FILES, release.MANIFEST}
    published = b"".join(contents(built / "releases" / "one").values())
    assert b'"utility"' not in published
    assert b'"eligible"' not in published


@pytest.mark.parametrize("where", ["out/report.json", "out", "cases.csv", "old/report.json", "."])
def test_a_report_is_refused_where_it_would_do_harm(built, tmp_path, where):
    folder = made.folder(tmp_path / "made")
    shutil.copytree(built / "releases" / "one", folder / "old")
    before = (folder / "cases.csv").read_bytes()
    with pytest.raises(UnusableError):
        ran(folder, folder / "out", folder / where)
    assert (folder / "cases.csv").read_bytes() == before
    assert not (folder / "out").exists()
    assert not (folder / "old" / "report.json").exists()


def test_counts_that_only_pass_the_threshold_fail_with_many_findings(built, tmp_path):
    mapping = ingest.mapping(built / "made.toml")
    small = policy(built / "small.toml")
    located = build.inspect([built / "cases.csv"], mapping, small).located
    base = cube.base(located)
    parents = [vocab.load().parents(name) for name in ("venues", "nationalities")]
    full = cube.count(base, small.views_for(made.ROWS), *parents)
    shown = full.cells[full.cells["value"] >= small.k].reset_index(drop=True)
    shown = shown.drop(columns="detail")
    sealed = release.read(built / "releases" / "one")
    inside = [place for place in sealed.places["place"] if "/" not in place]
    drawn = places.parts(
        [*inside, *sorted({place for place in shown["place"] if "/" in place})], places.world()
    )
    drawn = drawn.assign(name_en="x", name_es="x")[list(release.PLACE_MEANINGS)]
    release.write(tmp_path / "one", shown, drawn, sealed.manifest)
    problems = audit.attack(tmp_path / "one").problems
    failing = problems[problems["severity"] == "fail"]
    assert len(shown) > len(sealed.cells)
    assert len(failing) >= 50
    assert {2, 3} & set(failing["check"])


def hashed_anew(folder):
    """What a careful forger does: hashes that fit the altered files."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]
    }
    path.write_text(json.dumps(manifest), encoding="utf-8")


def rewritten(folder, cells):
    """Both files of cells, holding `cells`."""
    cells = cells.sort_values(list(KEY)).reset_index(drop=True)
    cells.to_csv(folder / "cells.csv", index=False, lineterminator="\n")
    kinds = {"int": pa.int64(), "text": pa.string()}
    arrays = [pa.array(cells[one.name].tolist(), kinds[one.kind]) for one in PUBLISHED.columns]
    pq.write_table(pa.Table.from_arrays(arrays, PUBLISHED.names), folder / "cells.parquet")


def failing(folder):
    problems = audit.attack(folder).problems
    return problems[problems["severity"] == "fail"]


def seven(cells):
    hidden = cells.iloc[[0]].assign(
        level="state", place="US-WY", period="all", venue="all", nationality="all", value=7
    )
    return pd.concat([cells, hidden], ignore_index=True)


def one_more(cells):
    total = (cells[["period", "venue", "nationality"]] == "all").all(axis=1)
    return cells.assign(value=cells["value"] + (total & (cells["level"] == "country")))


@pytest.mark.parametrize(
    ("change", "names"), [(seven, "small values"), (one_more, "")], ids=["seven", "one more"]
)
def test_a_changed_number_fails_even_with_hashes_made_anew(copied, change, names):
    rewritten(copied, change(cells_of(copied)))
    with pytest.raises(ReleaseError, match="altered"):
        release.read(copied)
    hashed_anew(copied)
    found = failing(copied)
    assert len(found)
    assert not names or names in set(found["name"])


def test_the_same_numbers_written_again_do_not_fail(copied):
    rewritten(copied, cells_of(copied))
    assert not {"small values", "lines", "boxes"} & set(failing(copied)["name"])


@pytest.mark.parametrize("name", ["cells.parquet", "cells.csv", "places.parquet", "audit.json"])
def test_one_altered_hash_is_refused(copied, name):
    path = copied / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"][name] = "0" * 64
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ReleaseError, match="altered"):
        release.read(copied)


def test_a_withheld_value_listed_in_a_filter_fails(copied):
    path = copied / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    assert "SV" not in set(cells_of(copied)["nationality"])
    manifest["filters"] = {"nationality": ["HN", "MX", "SV"]}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    found = failing(copied)
    assert len(found)
    assert set(found["check"]) <= {17, 18}


@pytest.mark.parametrize(
    ("statement", "true"),
    [
        ('["trafficking_type", "sex"]', True),
        ('["venue", "escort", "nationality", "MX"]', False),
        ('["nationality", "north_america"]', False),
        ('["venue", "cantina", "venue", "bars_and_cantinas"]', True),
    ],
)
def test_a_scope_must_be_true_of_every_case(built, tmp_path, statement, true):
    text = (built / "made.toml").read_text("utf-8")
    assert "[release]\n" in text
    scoped = text.replace("[release]\n", f"[release]\nscope = [{statement}]\n")
    (tmp_path / "made.toml").write_text(scoped, "utf-8")
    mapping = ingest.mapping(tmp_path / "made.toml")
    small = policy(built / "small.toml")
    located = build.inspect([built / "cases.csv"], mapping, small).located
    if true:
        build._refuse_untrue_scope(located, mapping)
        return
    with pytest.raises(DataError, match=r"release\.scope says"):
        build._refuse_untrue_scope(located, mapping)

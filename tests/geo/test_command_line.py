"""The command line: exit statuses, one clear line for each defect, and no case's value."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from geo import __version__
from geo.__main__ import DONE, FAILS, UNUSABLE, main
from geo.model import UnusableError
from tests.geo import made

ROOT = Path(__file__).parent.parent.parent
SECRET = "SECRETVALUE"
COLUMNS = ("case_id", "date", "country", "state", "lat", "lon", "place", "venue", "nationality")
COMMAND = [sys.executable, "-m", "geo"]


@pytest.fixture(autouse=True)
def signals():
    """``main`` takes SIGTERM and SIGHUP; give them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Case file, mapping, policy and a release of them."""
    made_up = made.folder(tmp_path_factory.mktemp("made"))
    done = subprocess.run(
        [*COMMAND, *building(made_up, made_up / "one")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (DONE, "")
    return made_up


def building(made_up, out, source=None):
    source = source or made_up / "cases.csv"
    return [
        "build", str(source), "--mapping", str(made_up / "made.toml"),
        "--policy", str(made_up / "small.toml"), "--out", str(out),
    ]  # fmt: skip


def table(rows=100, **changed):
    """Rows that break no rule, but for the columns given: a value for all, or for the first."""
    values = dict.fromkeys(COLUMNS, "") | {"date": "2015-06-01", "country": "US", "state": "US-TX"}
    made_up = pd.DataFrame([values] * rows)
    made_up["case_id"] = [f"{SECRET}{number}" for number in range(rows)]
    for name, value in changed.items():
        made_up[name] = [value] + ([made_up[name][1]] * (rows - 1))
    return made_up


def written(path, content):
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content.to_csv(path, index=False)
    return path


def said(capsys):
    """Both streams; neither may hold a traceback or a value of a case."""
    out, err = capsys.readouterr()
    for text in (out, err):
        assert "Traceback" not in text
        assert SECRET not in text
    return out, err


def one_line(err):
    lines = err.splitlines()
    assert len(lines) == 1, err
    assert lines[0].startswith("mosaico: ")
    return lines[0]


def everything(path):
    return sorted(str(each.relative_to(path)) for each in path.rglob("*"))


def test_a_clean_file_is_checked_with_status_0(folder, capsys):
    arguments = ["check", str(folder / "cases.csv"), "--mapping", str(folder / "made.toml")]
    assert main(arguments) == DONE
    out, err = said(capsys)
    assert out.splitlines()[-1] == f"{made.ROWS} usable rows, {made.ROWS} cases."
    assert err == ""


def test_the_release_of_the_made_up_file_is_whole_and_nothing_lies_beside_it(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "cases.csv", "ledger.json", "made.toml", "one", "one.clusters.json", "small.toml",
    ]  # fmt: skip


UNUSABLE_FILES = {
    "empty": (b"", "empty"),
    "blank lines": (b"\n\n\n", ""),
    "no header": (f"{SECRET}1,{SECRET}2,{SECRET}3\n".encode() * 30, "column"),
    "wrong encoding": (
        b"date,state,venue\n" + f"2015-06-01,Michoacán,{SECRET}\n".encode("latin-1"),
        "encoding",
    ),
    "binary": (b"\x00\x01\x02" + SECRET.encode() * 9 + b"\x00\xff\xfe", ""),
    "cut xlsx": (b"PK\x03\x04" + SECRET.encode() * 20, ""),
    "cut parquet": (b"PAR1" + SECRET.encode() * 20 + b"PAR1", ""),
    "open quote": (f'date,state\n2015,"{SECRET}\n'.encode() * 3, ""),
}


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("name", sorted(UNUSABLE_FILES))
def test_a_file_that_cannot_be_used_is_one_line(tmp_path, capsys, command, name):
    content, told = UNUSABLE_FILES[name]
    path = written(tmp_path / "cases.csv", content)
    out = ["--out", str(tmp_path / "one")] if command == "build" else []
    assert main([command, str(path), *out]) in (FAILS, UNUSABLE)
    _, err = said(capsys)
    assert told in one_line(err)
    assert everything(tmp_path) == ["cases.csv"]


@pytest.mark.parametrize("name", ["empty", "no header", "wrong encoding"])
def test_an_unusable_file_has_status_2(tmp_path, capsys, name):
    path = written(tmp_path / "cases.csv", UNUSABLE_FILES[name][0])
    assert main(["check", str(path)]) == UNUSABLE
    said(capsys)


def test_a_folder_or_nothing_in_place_of_a_file(tmp_path, capsys):
    for path in (tmp_path, tmp_path / "none.csv"):
        assert main(["check", str(path)]) == UNUSABLE
        assert path.name in one_line(said(capsys)[1])


def test_a_header_without_rows_is_no_usable_row(tmp_path, capsys):
    path = written(tmp_path / "cases.csv", table().head(0))
    assert main(["check", str(path)]) in (FAILS, UNUSABLE)
    assert "row" in one_line(said(capsys)[1])


DEFECTS = {
    "date": ("2031-02-30", "date_impossible"),
    "lat": ("123", "coordinates_impossible"),
    "state": ("Atlantis", "state_unknown"),
    "venue": (SECRET, "venue_unknown"),
    "nationality": (SECRET, "nationality_unknown"),
    "country": (SECRET, "country_unknown"),
}


@pytest.mark.parametrize("column", sorted(DEFECTS))
def test_one_bad_row_is_a_finding_and_many_are_an_error(tmp_path, capsys, column):
    value, rule = DEFECTS[column]
    longitude = {"lon": "-99"} if column == "lat" else {}
    one = table(**{column: value}, **longitude)
    assert main(["check", str(written(tmp_path / "one.csv", one))]) == DONE
    out, err = said(capsys)
    assert re.search(rf"^warning +{rule}: 1 \(1\.0%\).*\(rows 1\)$", out, re.M), out
    assert value not in out + err
    many = one.assign(**{column: value}, **longitude)
    assert main(["check", str(written(tmp_path / "many.csv", many))]) == FAILS
    out, err = said(capsys)
    assert re.search(rf"^error +{rule}: 100 \(100\.0%\)", out, re.M), out
    assert value not in out + err


def test_a_secret_in_every_column_is_never_said(tmp_path, capsys):
    every = pd.DataFrame([dict.fromkeys([*COLUMNS, "victims", "zip", "role", "cases"], SECRET)] * 9)
    path = written(tmp_path / "cases.csv", every)
    for command in (["check"], ["build", "--out", str(tmp_path / "one")]):
        assert main([command[0], str(path), *command[1:]]) == FAILS
        said(capsys)
    assert everything(tmp_path) == ["cases.csv"]


def test_a_build_that_a_rule_stops_prints_findings_and_names_the_way_on(tmp_path, capsys):
    path = written(tmp_path / "cases.csv", table().assign(date="2031-02-30"))
    assert main(["build", str(path), "--out", str(tmp_path / "one")]) == FAILS
    out, err = said(capsys)
    assert "date_impossible: 100 (100.0%)" in out
    assert "--accept date_impossible" in one_line(err)
    assert everything(tmp_path) == ["cases.csv"]


def test_an_accepted_rule_stops_nothing(tmp_path, capsys):
    path = written(tmp_path / "cases.csv", table().assign(date="2031-02-30"))
    assert main(["check", str(path), "--accept", "date_impossible"]) == DONE
    said(capsys)
    assert main(["check", str(path), "--accept", "date_imposible"]) == UNUSABLE
    assert "date_impossible" in one_line(said(capsys)[1])


STRAYS = {
    "point_outside_country": {
        "lat": [f"48.{n:03}" for n in range(100)],
        "lon": "2.35",
        "state": "",
    },
    "default_geocode": {"lat": ["31.4347"] * 100, "lon": "-99.2818"},
}


@pytest.mark.parametrize("rule", sorted(STRAYS))
def test_points_that_mean_no_place_stop_past_their_share_unless_accepted(tmp_path, capsys, rule):
    many = table().assign(**STRAYS[rule])
    one = many.assign(**{name: [many[name][0], *[""] * 99] for name in ("lat", "lon")})
    assert main(["check", str(written(tmp_path / "one.csv", one))]) == DONE
    assert re.search(rf"^warning +{rule}: 1 \(1\.0%\)", said(capsys)[0], re.M)
    path = str(written(tmp_path / "many.csv", many))
    assert main(["check", path]) == FAILS
    assert re.search(rf"^error +{rule}: 100 \(100\.0%\)", said(capsys)[0], re.M)
    assert main(["build", path, "--out", str(tmp_path / "r")]) == FAILS
    assert f"--accept {rule}" in one_line(said(capsys)[1])
    assert main(["check", path, "--accept", rule]) == DONE
    assert re.search(rf"^warning +{rule}: 100 \(100\.0%\)", said(capsys)[0], re.M)


def two_files(tmp_path, first, second):
    return [str(written(tmp_path / "a.csv", first)), str(written(tmp_path / "b.csv", second))]


def test_findings_name_the_file_where_several_are_given(tmp_path, capsys):
    stray = {"lat": "48.85", "lon": "2.35", "state": ""}
    second = table().assign(case_id="", colour=SECRET)
    for column, value in {"date": "2031-02-30", **stray}.items():
        second.loc[3, column] = value
    a, b = two_files(tmp_path, table(date="2031-02-30"), second)
    assert main(["check", a, b, "--accept", "case_id_missing"]) == DONE
    out, _ = said(capsys)
    assert re.findall(r"date_impossible: 1 \(1\.0%\).*\((rows .*)\)", out) == [
        f"rows 1 of {a}", f"rows 4 of {b}",
    ]  # fmt: skip
    assert re.search(rf"point_outside_country: 1 \(1\.0%\).*\(rows 4 of {b}\)$", out, re.M)
    assert re.search(rf"column_unread: .*: colour \({b}\)$", out, re.M)
    assert "200 usable rows, 200 cases." in out


def test_rules_that_fail_in_one_of_several_files_are_told_and_counted_once(tmp_path, capsys):
    bad = table().assign(date="2031-02-30", case_id="")
    a, b = two_files(tmp_path, bad, bad)
    assert (
        main(["build", a, b, "--out", str(tmp_path / "r"), "--accept", "case_id_missing"]) == FAILS
    )
    out, err = said(capsys)
    assert out.count("error   date_impossible: 100 (100.0%)") == 2
    assert "1 rule(s) fail" in one_line(err)


def test_a_file_without_a_usable_row_is_named_where_several_are_given(tmp_path, capsys):
    a, b = two_files(tmp_path, table(), table(1).assign(cases="0"))
    assert main(["check", a, b]) == FAILS
    assert f"{b}: no usable row" in one_line(said(capsys)[1])


def test_a_case_id_of_two_files_is_one_case_and_a_finding_that_names_rows_and_files(
    tmp_path, capsys
):
    second = table()
    second.loc[3:, "case_id"] = [f"{SECRET}{number}" for number in range(100, 197)]
    a, b = two_files(tmp_path, table(), second)
    assert main(["check", a, b]) == DONE
    out, _ = said(capsys)
    told = [line for line in out.splitlines() if "case_in_several_files: 3 (3.0%)" in line]
    assert [line.rpartition(" (")[2] for line in told] == [
        f"rows 1 2 3 of {a})",
        f"rows 1 2 3 of {b})",
    ]
    assert "200 usable rows, 197 cases." in out


def test_files_that_number_their_cases_apart_stop_unless_accepted(tmp_path, capsys):
    arguments = ["check", *two_files(tmp_path, table(), table())]
    assert main(arguments) == FAILS
    assert "error   case_in_several_files: 100 (100.0%)" in said(capsys)[0]
    assert main([*arguments, "--accept", "case_in_several_files"]) == DONE
    assert "200 usable rows, 100 cases." in said(capsys)[0]


def test_a_column_nobody_knows_is_a_finding_and_its_values_are_not_said(tmp_path, capsys):
    path = written(tmp_path / "cases.csv", table().assign(colour=SECRET))
    assert main(["check", str(path)]) == DONE
    assert re.search(r"^warning +column_unread: .*: colour", said(capsys)[0], re.M)


def test_a_mapping_that_asks_for_a_column_the_file_lacks(tmp_path, capsys):
    path = written(tmp_path / "cases.csv", table())
    mapping = tmp_path / "mine.toml"
    mapping.write_text('[columns]\ndate = "datum"\n', encoding="utf-8")
    assert main(["check", str(path), "--mapping", str(mapping)]) == UNUSABLE
    assert "'datum'" in one_line(said(capsys)[1])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[colums]\ndate = "date"\n', "'columns'"),
        ('[columns]\ndate = "date"\nvenu = "venue"\n', "'venue'"),
        ("[columns\n", "TOML"),
    ],
)
def test_a_mapping_with_a_typo_is_told_the_nearest_word(tmp_path, capsys, text, told):
    path = written(tmp_path / "cases.csv", table())
    mapping = tmp_path / "mine.toml"
    mapping.write_text(text, encoding="utf-8")
    arguments = [str(path), "--mapping", str(mapping)]
    assert main(["build", *arguments, "--out", str(tmp_path / "one")]) == UNUSABLE
    assert told in one_line(said(capsys)[1])
    assert everything(tmp_path) == ["cases.csv", "mine.toml"]


@pytest.mark.parametrize("option", ["--mapping", "--policy"])
def test_a_name_that_does_not_exist_is_told_those_that_do(folder, capsys, option):
    assert main(["check", str(folder / "cases.csv"), option, "publik"]) == UNUSABLE
    assert {"--mapping": "us_hotline", "--policy": "public"}[option] in one_line(said(capsys)[1])


def test_targets_that_cannot_be_written(folder, tmp_path, capsys):
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    (tmp_path / "there").mkdir()
    for out in (tmp_path / "file", tmp_path / "file" / "one", tmp_path / "there"):
        assert main(building(folder, out)) == UNUSABLE
        assert out.name in one_line(said(capsys)[1])
    assert everything(tmp_path) == ["file", "there"]
    assert (tmp_path / "file").read_text("utf-8") == "kept"


def test_a_report_that_cannot_be_written_is_said_before_the_build(folder, tmp_path, capsys):
    for report in (tmp_path, tmp_path / "none" / "report.json", tmp_path / "one" / "report.json"):
        assert main([*building(folder, tmp_path / "one"), "--report", str(report)]) == UNUSABLE
        one_line(said(capsys)[1])
    assert everything(tmp_path) == []


def test_a_public_release_of_real_cases_is_refused(folder, tmp_path, capsys):
    mapping = tmp_path / "real.toml"
    mapping.write_text("canonical = true\n", encoding="utf-8")
    arguments = building(folder, tmp_path / "one")
    arguments[arguments.index("--mapping") + 1] = str(mapping)
    arguments[arguments.index("--policy") + 1] = "public"
    assert main(arguments) == FAILS
    assert "synthetic" in one_line(said(capsys)[1])
    assert everything(tmp_path) == ["real.toml"]


def test_an_attack_that_finds_something_is_said_as_the_audit_says_it(folder, tmp_path, capsys):
    made_up = made.folder(tmp_path / "made")
    text = (made_up / "made.toml").read_text("utf-8")
    title = '[release]\ntitle = { en = "Only 7 cases", es = "Pilotaje" }\n'
    (made_up / "made.toml").write_text(text.replace("[release]\n", title), "utf-8")
    assert main(building(made_up, tmp_path / "one")) == FAILS
    out, err = said(capsys)
    (line,) = [line for line in out.splitlines() if line.startswith("error")]
    assert line.startswith("error   small values: 3 check 1 (No number below k stands in any file")
    assert "manifest: title.en tells a count below k in words; " in line
    assert "Only" not in line
    assert "[release]" in line
    assert "3 problem(s)" in one_line(err)
    assert not (tmp_path / "one").exists()


def test_a_release_passes_and_an_altered_one_fails(folder, tmp_path, capsys):
    assert main(["audit", str(folder / "one")]) == DONE
    assert said(capsys)[0].splitlines()[-1].startswith("passed")
    copied = Path(shutil.copytree(folder / "one", tmp_path / "one"))
    text = (copied / "cells.csv").read_text("utf-8")
    lines = text.splitlines()
    lines[1] = re.sub(r"\d+$", lambda number: str(int(number[0]) + 1), lines[1])
    (copied / "cells.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["audit", str(copied)]) == FAILS
    out = said(capsys)[0]
    assert "altered" in out
    assert out.count("Not so, by check 17 files: No file too many, none altered.") == 1
    assert out.splitlines()[-1].startswith("failed")


def test_the_report_of_an_audit_is_json(folder, capsys):
    assert main(["audit", str(folder / "one"), "--json"]) == DONE
    report = json.loads(said(capsys)[0])
    assert (report["passed"], report["refused"]) == (True, "")
    assert {entry["check"] for entry in report["checks"]} >= {1, 2, 3, 4, 5, 11, 12, 17, 18}


@pytest.mark.parametrize("change", ["no manifest", "no json", "no folder", "no release"])
def test_what_is_no_release_is_not_audited(folder, tmp_path, capsys, change):
    path = tmp_path / "one"
    if change == "no release":
        path.mkdir()
    elif change != "no folder":
        shutil.copytree(folder / "one", path)
    if change == "no manifest":
        (path / "manifest.json").unlink()
    if change == "no json":
        (path / "manifest.json").write_text("{", encoding="utf-8")
    assert main(["audit", str(path)]) in (FAILS, UNUSABLE)
    out, err = said(capsys)
    assert out + err


def test_the_demonstration_writes_a_file_once(tmp_path, capsys):
    arguments = ["demo", "--like", "national", "--cases", "50", "--seed", "3", "--out"]
    assert main([*arguments, str(tmp_path / "a.csv")]) == DONE
    assert "synthetic" in said(capsys)[0]
    assert main([*arguments, str(tmp_path / "b.csv")]) == DONE
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    capsys.readouterr()
    assert main([*arguments, str(tmp_path / "a.csv" / "c.csv")]) == UNUSABLE
    one_line(said(capsys)[1])


@pytest.mark.parametrize(
    "arguments", [[], ["publish"], ["build"], ["check", "--out", "x"], ["demo", "--like", "moon"]]
)
def test_a_wrong_call_has_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == UNUSABLE
    assert "usage" in said(capsys)[1]


def test_help_says_what_each_command_does(capsys):
    for arguments in ([], ["check"], ["build"], ["audit"], ["demo"]):
        with pytest.raises(SystemExit) as stopped:
            main([*arguments, "--help"])
        assert stopped.value.code == DONE
    out, err = said(capsys)
    for word in ("case files", "protected", "attack", "synthetic", "Exit status", "--accept"):
        assert word in out
    assert err == ""


def test_the_version_is_the_package_s(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == DONE
    assert capsys.readouterr().out == f"Mosaico {__version__}\n"


def test_an_interrupted_command_says_so(folder, capsys, monkeypatch):
    from geo import build

    def interrupted(*_):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    monkeypatch.setattr(build, "inspect", interrupted)
    assert main(["check", str(folder / "cases.csv")]) == UNUSABLE
    assert "nothing was written" in one_line(said(capsys)[1])


@pytest.mark.parametrize(
    ("error", "told"),
    [(MemoryError(), "memory"), (OSError(28, "No space left on device", "f"), "No space left")],
)
def test_the_machine_s_limits_are_one_line(folder, capsys, monkeypatch, error, told):
    from geo import build

    def failing(*_):
        raise error

    monkeypatch.setattr(build, "inspect", failing)
    assert main(["check", str(folder / "cases.csv")]) == UNUSABLE
    assert told in one_line(said(capsys)[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_inside_the_running_of_a_text_ends_with_the_usual_status(folder, tmp_path, number):
    (tmp_path / "stopped.py").write_text(
        "import os, signal, sys\n"
        "from geo import build\n"
        "from geo.__main__ import main\n"
        "def stopped(*_):\n"
        f"    exec('os.kill(os.getpid(), {int(number)}); signal.pause()')\n"
        "build.inspect = stopped\n"
        f"sys.exit(main(['check', {str(folder / 'cases.csv')!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "stopped"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=60,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # a shell's job may ignore it
    )  # fmt: skip
    assert done.returncode == UNUSABLE
    assert "nothing was written" in one_line(done.stderr)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, "stopped while clusters were looked for"),
        (UnusableError("two.clusters.json cannot be written"), "two.clusters.json cannot be"),
        (KeyError(SECRET), "a defect of Mosaico: KeyError"),
    ],
)
def test_a_build_that_ends_while_it_finds_clusters_says_that_its_release_stays(
    folder, tmp_path, capsys, monkeypatch, error, told
):
    from geo import ahead, release

    def ended(*_):
        if error:
            raise error
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    monkeypatch.setattr(ahead, "cluster", ended)
    assert main(building(folder, tmp_path / "two")) == UNUSABLE
    out, err = said(capsys)
    line = one_line(err)
    assert "released for" in out
    assert told in line
    assert "the release is whole and stays" in line
    assert f"python -m geo clusters {tmp_path / 'two'}" in line
    assert "nothing was" not in line
    assert release.verify(tmp_path / "two")


def test_a_stopped_search_for_clusters_names_the_files_that_are_whole(
    folder, tmp_path, capsys, monkeypatch
):
    from geo import ahead

    shutil.copytree(folder / "one", tmp_path / "a")
    shutil.copytree(folder / "one", tmp_path / "b")
    cluster = ahead.cluster

    def stopped(one):
        if one.name == "a":
            return cluster(one)
        os.kill(os.getpid(), signal.SIGTERM)
        return time.sleep(60)

    monkeypatch.setattr(ahead, "readable", lambda _: [tmp_path / "a", tmp_path / "b"])
    monkeypatch.setattr(ahead, "cluster", stopped)
    assert main(["clusters", str(tmp_path)]) == UNUSABLE
    out, err = said(capsys)
    assert f"{tmp_path / 'a.clusters.json'}: " in out
    assert "the files named above are whole, no other was written" in one_line(err)


def killed(folder, tmp_path, number, reached):
    """A build that got `number` when its draft had `reached`; status and standard error."""
    process = subprocess.Popen(
        [*COMMAND, *building(folder, tmp_path / "one")],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # nohup ignores it
    )  # fmt: skip
    while not list(tmp_path.glob(f".one.draft-*/{reached}")) and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode != DONE
    return process.returncode, err


def test_a_terminated_build_tidies_up(folder, tmp_path):
    status, err = killed(folder, tmp_path, signal.SIGTERM, "")
    assert status == UNUSABLE
    assert "nothing was written" in one_line(err)
    assert everything(tmp_path) == []


def test_a_killed_build_leaves_no_release_and_the_next_one_removes_its_draft(
    folder, tmp_path, capsys
):
    status, _ = killed(folder, tmp_path, signal.SIGKILL, "cells.parquet")
    assert status == -signal.SIGKILL
    assert not (tmp_path / "one").exists()
    (draft,) = tmp_path.iterdir()
    assert draft.name.startswith(".one.draft-")
    assert draft.stat().st_mode & 0o077 == 0
    assert main(building(folder, tmp_path / "other", folder / "none.csv")) == UNUSABLE
    one_line(said(capsys)[1])
    assert everything(tmp_path) == []


def test_a_module_that_starts_fast_imports_nothing_heavy():
    code = "import sys, geo, geo.__main__, geo.model; print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"pandas", "numpy", "numba", "geopandas", "shapely", "scipy", "pyarrow", "h3", "rich"}
    assert not heavy & set(done.stdout.split())


def test_help_from_another_folder_needs_only_the_path(tmp_path):
    done = subprocess.run(
        [*COMMAND, "--help"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == DONE
    assert "Exit status" in done.stdout


def test_a_secret_in_every_column_of_some_rows_reaches_no_release_and_no_report(folder, tmp_path):
    cases = made.cases()
    every = [*COLUMNS, "municipality", "zip", "role", "source", "trafficking_type", "industry",
             "recruitment", "control", "proximity", "trafficker_nationality", "victims", "notes"]  # fmt: skip
    for number, name in enumerate(every):
        cases[name] = cases.get(name, "")
        cases.loc[number * 8 : number * 8 + 7, name] = SECRET
    cases["place"] = cases["municipality"] = SECRET
    cases["case_id"] = [f"{SECRET}{number}" for number in range(len(cases))]
    path = written(tmp_path / "cases.csv", cases)
    report = tmp_path / "report.json"
    arguments = [*building(folder, tmp_path / "one", path), "--report", str(report)]
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == DONE, done
    files = [report, *(tmp_path / "one").iterdir()]
    said_and_written = [
        done.stdout,
        done.stderr,
        *(f.read_bytes().decode("latin-1") for f in files),
    ]
    assert len(files) == 8
    assert not [text for text in said_and_written if SECRET.lower() in text.lower()]


def test_an_error_nobody_foresaw_is_one_line_without_its_message(folder, capsys, monkeypatch):
    from geo import build

    def failing(*_):
        raise KeyError(SECRET)

    monkeypatch.setattr(build, "inspect", failing)
    assert main(["check", str(folder / "cases.csv")]) == UNUSABLE
    assert re.search(r"KeyError in __main__\.py, line \d+", one_line(said(capsys)[1]))


def test_a_file_given_twice_is_refused(folder, capsys):
    path = folder / "cases.csv"
    assert main(["check", str(path), str(path.parent / "." / path.name)]) == UNUSABLE
    assert "given twice" in one_line(said(capsys)[1])


def test_a_rule_that_does_not_exist_is_said_before_any_file_is_read(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.csv"), "--accept", "date_imposible"]) == UNUSABLE
    assert "no rule 'date_imposible' (nearest: 'date_impossible')" in one_line(said(capsys)[1])


@pytest.mark.parametrize("name", ["made.toml", "small.toml"])
def test_a_report_never_covers_the_mapping_or_the_policy(folder, tmp_path, capsys, name):
    before = (folder / name).read_bytes()
    arguments = [*building(folder, tmp_path / "one"), "--report", str(folder / name)]
    assert main(arguments) == UNUSABLE
    assert name in one_line(said(capsys)[1])
    assert (folder / name).read_bytes() == before
    assert everything(tmp_path) == []


def test_a_demonstration_never_covers_a_case_file(tmp_path, capsys):
    path = written(tmp_path / "cases.csv", table())
    before = path.read_bytes()
    arguments = ["demo", "--like", "national", "--cases", "50", "--out"]
    assert main([*arguments, str(path)]) == UNUSABLE
    assert "no demonstration file" in one_line(said(capsys)[1])
    assert path.read_bytes() == before
    for _ in range(2):
        assert main([*arguments, str(tmp_path / "demo.csv")]) == DONE
    said(capsys)


def test_findings_are_said_where_the_terminal_knows_ascii_only(tmp_path):
    path = written(tmp_path / "cases.csv", table(country="", state="México"))
    done = subprocess.run(
        [*COMMAND, "check", str(path)], cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "state_ambiguous: 1 (1.0%)" in done.stdout


def test_a_reader_that_stops_reading_is_no_error(folder):
    command = f'"{sys.executable}" -m geo audit "{folder / "one"}" --json | head -n 1'
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_a_build_whose_terminal_is_closed_tidies_up(folder, tmp_path):
    status, err = killed(folder, tmp_path, signal.SIGHUP, "")
    assert (status, everything(tmp_path)) == (UNUSABLE, [])
    assert "nothing was written" in one_line(err)


def test_a_hangup_that_is_ignored_stays_ignored(capsys):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with pytest.raises(SystemExit):
        main(["--version"])
    said(capsys)
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_a_finding_of_no_row_counts_none(tmp_path, capsys):
    path = written(tmp_path / "cases.csv", table().assign(colour=SECRET))
    assert main(["check", str(path)]) == DONE
    out, _ = said(capsys)
    assert "column_unread: 1 of 10 columns" in out
    assert "rows none" not in out

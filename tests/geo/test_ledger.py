"""The ledger: entries are only added, and a broken chain is refused."""

import json

import pytest

from geo import ledger
from geo.__main__ import DONE, FAILS, UNUSABLE, main
from geo.model import ReleaseError


def manifest(name, **changes):
    return {"id": name, "series": "made", "audience": "public", **changes}


@pytest.fixture
def folder(tmp_path):
    entries = ledger.released((), manifest("one"), "a" * 64)
    ledger.write(tmp_path, ledger.released(entries, manifest("two"), "b" * 64))
    return tmp_path


def changed(folder, change):
    path = folder / ledger.FILE
    content = json.loads(path.read_text("utf-8"))
    change(content["entries"])
    path.write_text(json.dumps(content), encoding="utf-8")


def test_no_ledger_is_an_empty_one(tmp_path):
    assert ledger.read(tmp_path) == ()


def test_what_was_written_is_read_and_each_entry_holds_the_hash_before(folder):
    first, second = ledger.read(folder)
    assert (first.id, second.id) == ("one", "two")
    assert (first.before, second.before) == ("", first.hash)
    assert [path.name for path in folder.iterdir()] == [ledger.FILE]


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries.pop(0),
        lambda entries: entries.reverse(),
        lambda entries: entries[0].update(id="three"),
        lambda entries: entries[1].update(manifest="c" * 64),
        lambda entries: entries[1].update(event="withdrawn"),
        lambda entries: entries[0].update(held=3),
        lambda entries: entries[0].pop("hash"),
    ],
    ids=["left out", "turned", "renamed", "other content", "other event", "more", "less"],
)
def test_a_broken_chain_is_refused(folder, change, capsys):
    changed(folder, change)
    with pytest.raises(ReleaseError, match=r"chain is broken|no ledger"):
        ledger.read(folder)
    assert main(["ledger", str(folder)]) == FAILS
    assert "ledger.json" in capsys.readouterr().err


def test_a_release_is_listed_once_and_again_with_other_content(folder):
    entries = ledger.read(folder)
    assert ledger.released(entries, manifest("two"), "b" * 64) == entries
    anew = ledger.released(entries, manifest("two"), "c" * 64)
    assert anew[:-1] == entries
    assert (anew[-1].id, anew[-1].manifest) == ("two", "c" * 64)


def test_a_release_is_withdrawn_once_and_stays_listed(folder, capsys):
    assert main(["ledger", str(folder), "--withdraw", "one"]) == DONE
    assert capsys.readouterr().out.splitlines() == [
        "released  one  series made, for public",
        "released  two  series made, for public",
        "withdrawn one  series made, for public",
        "3 entries; the chain holds.",
    ]
    assert ledger.withdrawn(ledger.read(folder)) == {"one"}
    assert main(["ledger", str(folder), "--withdraw", "one"]) == UNUSABLE
    assert main(["ledger", str(folder), "--withdraw", "none"]) == UNUSABLE
    assert len(ledger.read(folder)) == 3


def test_a_folder_that_is_none_is_unusable(tmp_path):
    assert main(["ledger", str(tmp_path / "none")]) == UNUSABLE

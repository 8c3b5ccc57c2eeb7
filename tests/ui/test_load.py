"""Releases and served files."""

import gzip
import json
import shutil

import pytest

from geo.model import ReleaseError
from ui import geometry, load
from ui.packed import unpacked


@pytest.fixture
def static(tmp_path, monkeypatch):
    monkeypatch.setattr(load, "STATIC", tmp_path)
    caches = (load._hexes, load.served)
    for cached in caches:
        cached.clear()
    yield tmp_path
    for cached in caches:
        cached.clear()


@pytest.fixture(autouse=True)
def folder(releases, monkeypatch):
    monkeypatch.setenv("MOSAICO_RELEASES", str(releases))


def test_the_national_demonstration_opens_first_then_by_id(as_staff):
    assert [one.id for one in load.listings()] == ["national", "little", "staff"]


def test_an_altered_release_is_refused_with_a_reason(releases, tmp_path, monkeypatch):
    shutil.copytree(releases / "little", tmp_path / "little")
    with (tmp_path / "little" / "cells.csv").open("a") as file:
        file.write("\n")
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    assert load.listings() == ()
    assert "altered" in load.refused()[0].refused
    with pytest.raises(ReleaseError):
        load.opened("little")


def test_a_release_changed_on_disk_is_read_again(releases, tmp_path, monkeypatch):
    shutil.copytree(releases / "little", tmp_path / "little")
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    load.opened("little")
    (tmp_path / "little" / "manifest.json").write_text("{}")
    with pytest.raises(ReleaseError):
        load.opened("little")


def test_a_public_release_is_served_as_a_file_named_by_its_content(source, static):
    served = load.hexes(source)
    name = served["url"].rpartition("/")[2]
    assert (static / name).exists()
    assert "places" not in served


def test_a_release_that_is_not_public_is_never_served_as_a_file(staff, static):
    sent = load.hexes(staff)
    assert "url" not in sent
    assert len(unpacked(sent["packed"])["places"]) == len(staff.near)
    assert list(static.iterdir()) == []


def test_geometry_is_served_as_it_is_compressed_once(source, static):
    """The server compresses what it serves for every reader, but for files that already are."""
    base, hexes = (
        static / address.rpartition("/")[2]
        for address in (load.served().base, load.hexes(source)["url"])
    )
    assert json.loads(gzip.decompress(base.read_bytes())) == json.loads(json.dumps(geometry.base()))
    assert len(json.loads(gzip.decompress(hexes.read_bytes()))["places"]) == len(source.near)


def test_every_served_file_is_whole_and_on_this_server(static):
    served = load.served()
    for address in vars(served).values():
        assert address.startswith("../../app/static/")
        assert (static / address.rpartition("/")[2]).stat().st_size > 0
    assert not [path for path in static.iterdir() if path.name.startswith(".")]


def test_served_styles_and_scripts_name_no_other_host(static):
    load.served()
    for path in static.glob("m*.*s"):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text, path.name


def test_a_look_up_is_by_a_short_text_that_changes_with_the_files_it_stands_for(tmp_path):
    """The caches hash what they are asked with; of a long list that took longer than a page."""
    (tmp_path / "one").mkdir()
    stamps = [load._stamp(tmp_path), load._stamp(tmp_path / "missing")]
    for path in ("one/cells.csv", "ledger.json"):
        (tmp_path / path).write_text("a")
        stamps.append(load._stamp(tmp_path))
        (tmp_path / path).write_text("a longer text")
        stamps.append(load._stamp(tmp_path))
    (tmp_path / "notes.txt").write_text("beside the releases")
    assert load._stamp(tmp_path) == stamps[-1]
    assert len(set(stamps)) == len(stamps) - 1  # a folder that is empty or missing holds no file
    assert {len(stamp) for stamp in stamps} == {32}

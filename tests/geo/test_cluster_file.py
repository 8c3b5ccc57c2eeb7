"""Clusters found ahead: a file beside a release that is of this very release, or none."""

import json
import stat

import pandas as pd
import pytest

from geo import ahead, cluster_file, clusters, release
from geo.__main__ import main
from geo.cluster_file import FEW_PLACES, View
from tests.ui import sample

DEMOS = sample.ROOT / "data" / "aggregates"
ALL_CASES = ("state", "all", "all", "all", "all")
METHOD = {"neighbours": 5, "permutations": 99, "discovery": 0.05, "least_places": 30, "seed": 1}
VIEWS = [
    View(ALL_CASES, 30, "", ("US-TX", "US-NM"), ("MX-TLA",)),
    View(("state", "2015", "all", "all", "all"), 12, FEW_PLACES, (), ()),
]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pilot"
    made.mkdir()
    (made / "manifest.json").write_text("{}")
    return made


def test_what_was_written_is_read_back(folder):
    cluster_file.write(folder, METHOD, VIEWS)
    read = cluster_file.read(folder)
    assert read.method == METHOD
    assert read.views == {view.key: view for view in VIEWS}


def test_who_may_read_the_release_may_read_the_file(folder):
    (folder / "manifest.json").chmod(0o640)
    assert stat.S_IMODE(cluster_file.write(folder, METHOD, VIEWS).stat().st_mode) == 0o640


def test_a_file_of_another_release_is_not_read(folder):
    cluster_file.write(folder, METHOD, VIEWS)
    (folder / "manifest.json").write_text('{"id": "another"}')
    assert cluster_file.read(folder) is None


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "mosaico-clusters/9"},
        {"views": [{}]},
        {"views": 3},
        {"method": None},
        {"method": METHOD | {"discovery": "5"}},
    ],
)
def test_a_file_that_nobody_here_wrote_is_not_read(folder, change):
    path = cluster_file.write(folder, METHOD, VIEWS)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert cluster_file.read(folder) is None


def test_a_reason_that_is_none_is_not_read(folder):
    path = cluster_file.write(folder, METHOD, VIEWS)
    path.write_text(path.read_text().replace(FEW_PLACES, "because"))
    assert cluster_file.read(folder) is None


def test_without_a_file_nothing_is_read(folder):
    assert cluster_file.read(folder) is None


def test_the_file_is_found_once_and_again_only_for_another_method(tmp_path, monkeypatch):
    folder = sample.write(tmp_path, "national")
    first, again = ahead.cluster(folder), ahead.cluster(folder)
    assert first.views
    assert not again.views
    monkeypatch.setitem(clusters.METHOD, "seed", 2)
    assert ahead.cluster(folder).views == first.views


def test_the_command_finds_clusters_of_every_release_of_a_folder(tmp_path, capsys):
    sample.write_all(tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{}")
    assert main(["clusters", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    files = sorted(path.name for path in tmp_path.glob("*.clusters.json"))
    assert files
    assert all(name in told for name in files)
    assert "broken.clusters.json" not in files


def test_the_command_says_that_a_folder_has_no_release(tmp_path, capsys):
    assert main(["clusters", str(tmp_path)]) == 1
    assert "no release that can be read" in capsys.readouterr().err


def test_every_view_with_a_published_place_is_told_and_each_alone_is_the_same():
    folder = DEMOS / "demo-deck"
    read = release.read(folder)
    views = {view.key: view for view in cluster_file.read(folder).views.values()}
    cells = read.cells[read.cells["level"].isin(clusters.LEVELS)]
    known = cells[(cells["measure"] == "cases") & ~cells["place"].str.endswith("-unknown")]
    keys = ["level", "period", "venue", "nationality", "trafficking_type"]
    assert set(views) == {tuple(key) for key in known[keys].drop_duplicates().to_numpy()}
    alone = clusters.of_release(read.cells, read.places, read.manifest, "state", {})
    assert views[ALL_CASES].places == alone.places == 30
    assert views[ALL_CASES].many == alone.named("many")


@pytest.mark.parametrize("name", ["demo-national", "demo-deck", "demo-sheet"])
def test_the_committed_file_is_what_the_committed_release_gives(name):
    folder = DEMOS / name
    read, there = release.read(folder), cluster_file.read(folder)
    assert there.method == clusters.METHOD
    assert list(there.views.values()) == list(
        clusters.of_views(read.cells, read.places, read.manifest)
    )


def test_a_cluster_is_of_places_that_show_a_count():
    cells = pd.read_parquet(DEMOS / "demo-national" / "cells.parquet")
    shown = set(cells["place"])
    views = cluster_file.read(DEMOS / "demo-national").views.values()
    assert any(view.many for view in views)
    assert all({*view.many, *view.few} <= shown for view in views)

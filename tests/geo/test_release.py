"""Release folders: deterministic, atomic, verified; a bad one is refused in words."""

import json
import os
import shutil

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from geo import audit, release
from geo.model import KEY, DataError, ReleaseError, UnusableError
from tests.attacks.planted import alter, cell, manifest, outlines, table, view

VIEWS = (view("all"), view("country"), view("state"))
ROWS = (
    cell(1000),
    cell(600, "country", "US"),
    cell(400, "country", "MX"),
    cell(300, "state", "US-TX"),
)


def draft(folder, rows=ROWS, **changes):
    cells = table(rows)
    release.write(folder, cells, outlines(cells), manifest(VIEWS, **changes))
    return folder


def made(folder, **changes):
    with release.draft(folder) as temporary:
        draft(temporary, **changes)
        return release.seal(temporary, folder, audit.attack(temporary))


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return made(tmp_path_factory.mktemp("releases") / "made")


@pytest.fixture
def folder(original, tmp_path):
    return shutil.copytree(original, tmp_path / "made")


def test_what_is_read_is_what_was_written(folder):
    found = release.read(folder)
    expected = table(ROWS).sort_values(list(KEY)).reset_index(drop=True)
    pd.testing.assert_frame_equal(found.cells, expected)
    assert list(found.places.columns) == ["place", "level", "name_en", "name_es", "geometry"]
    assert found.places.crs.to_epsg() == 4326
    assert found.manifest["audit"]["passed"] is True
    assert {0, 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 17, 18} <= set(found.manifest["audit"]["checks"])
    assert found.audit["passed"]
    assert found.folder == folder


def test_same_tables_in_any_order_give_the_same_bytes(folder, tmp_path):
    again = made(tmp_path / "again", rows=ROWS[::-1])
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {path.name: path.read_bytes() for path in again.iterdir()} == written


def test_rows_are_sorted_and_csv_equals_parquet(folder):
    cells = pq.ParquetFile(folder / "cells.parquet").read().to_pandas()
    assert cells.equals(cells.sort_values(list(KEY)))
    text = (folder / "cells.csv").read_bytes()
    assert b"\r" not in text
    assert text.splitlines()[0] == ",".join(cells.columns).encode()
    listed = pd.read_csv(folder / "cells.csv", keep_default_na=False, dtype={"period": "str"})
    assert listed.to_numpy().tolist() == cells.to_numpy().tolist()


def test_geoparquet_is_read_by_geopandas(folder):
    places = gpd.read_parquet(folder / "places.parquet")
    assert len(places) == 84
    assert set(places.geom_type) == {"Polygon"}


def test_data_dictionary_describes_every_column(folder):
    resources = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    columns = {one["path"]: [f["name"] for f in one["schema"]["fields"]] for one in resources}
    for name, listed in columns.items():
        if name.endswith(".parquet"):
            assert pq.ParquetFile(folder / name).schema_arrow.names == listed
    assert columns["cells.csv"] == columns["cells.parquet"]
    assert all(f["description"] for one in resources for f in one["schema"]["fields"])


def test_receipt_is_in_both_languages_and_says_what_is_not_promised(folder):
    text = release.read(folder).receipt
    assert "at least 11 reports" in text
    assert "al menos 11 reportes" in text
    for words in ("not promised here", "no se prometen", "intervals", "insider", "time"):
        assert words in text
    assert not set("${}") & set(text)


def test_receipt_says_more_where_intervals_are_enforced(tmp_path):
    rule = {"id": "p", "k": 11, "views": list(VIEWS), "intervals": True}
    folder = made(tmp_path / "r", policy=rule)
    text = release.read(folder).receipt
    for words in (
        "nor narrow one to a range inside 1 to 10",
        "ni acotarlo a un intervalo",
        "made-up cases",
    ):
        assert words in text
    assert "two further protections" not in text
    assert not set("${}") & set(text)


def test_receipt_has_words_for_every_check(folder):
    report = audit.attack(folder, earlier=[folder]).report
    for language in ("en", "es"):
        words = release._words(language)["checks"]
        words = {name for name in words if not name.startswith("detail ")}
        deciding = {one["name"] for one in report["checks"] if one["decides"]}
        later = {"homogeneity", "insider", "intervals", "sums of siblings", "whole numbers"}
        later |= {"measures", "further victims", "rests"}
        assert deciding | later == words


@pytest.mark.parametrize("name", sorted(release.FILES))
def test_altered_file_is_refused(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(ReleaseError, match=f"{name} was altered"):
        release.read(folder)


@pytest.mark.parametrize("name", [*sorted(release.FILES), "manifest.json"])
def test_missing_file_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ReleaseError, match=f"{name}.* missing"):
        release.read(folder)


def test_file_too_many_is_refused(folder):
    (folder / "notes.txt").write_text("x", "utf-8")
    with pytest.raises(ReleaseError, match="no release holds"):
        release.read(folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"schema": "mosaico-release/9"}, "unknown schema"),
        ({"audit": {"passed": False, "checks": []}}, "did not pass"),
        ({"audit": True}, "did not pass"),
        ({"files": {}}, "must list"),
        ({"files": []}, "must list"),
    ],
)
def test_manifest_that_cannot_be_trusted_is_refused(folder, changes, words):
    alter_manifest(folder, **changes)
    with pytest.raises(ReleaseError, match=words):
        release.read(folder)


def alter_manifest(folder, **changes):
    content = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**content, **changes}), "utf-8")


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_manifest_that_is_none_is_refused(folder, text):
    (folder / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(ReleaseError, match="manifest"):
        release.read(folder)


def test_manifest_without_an_entry_is_refused(folder):
    content = json.loads((folder / "manifest.json").read_text("utf-8"))
    del content["series"]
    (folder / "manifest.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(ReleaseError, match="lacks series"):
        release.read(folder)


def test_failed_audit_file_is_refused_even_with_its_hash(folder):
    alter(folder, "audit.json", passed=False)
    with pytest.raises(ReleaseError, match="did not pass"):
        release.read(folder)


def test_release_before_its_audit_is_refused(tmp_path):
    with pytest.raises(ReleaseError, match="lacks audit"):
        release.read(draft(tmp_path / "r"))


def test_no_folder_is_refused(tmp_path):
    with pytest.raises(ReleaseError, match="no such"):
        release.read(tmp_path / "none")


def test_listing_tells_what_can_be_read_and_why_others_cannot(folder, tmp_path):
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "cells.csv").write_text("", "utf-8")
    (tmp_path / "published").mkdir()
    (tmp_path / ".made.draft-1").mkdir()
    found = release.releases(tmp_path)
    assert [one.folder.name for one in found] == ["broken", "made"]
    assert "altered" in found[0].refused
    assert found[1].refused == ""
    assert (found[1].id, found[1].series, found[1].synthetic) == ("made", "made", True)
    assert found[1].title["es"] == "Hecho a mano"
    assert found[1].coverage["label"] == "2012–2016"
    assert found[1].audience == "public"


def test_root_that_does_not_exist_has_no_releases(tmp_path):
    assert release.releases(tmp_path / "none") == []


def test_public_release_of_real_cases_is_refused(tmp_path):
    with pytest.raises(DataError, match="must be synthetic"):
        draft(tmp_path / "r", synthetic=False)
    draft(tmp_path / "staff", synthetic=False, audience="staff")


def test_public_release_with_a_small_k_is_refused(tmp_path):
    with pytest.raises(DataError, match="at least 10"):
        draft(tmp_path / "r", k=9)


def test_value_below_k_is_never_written(tmp_path):
    with pytest.raises(DataError, match="1 values below k"):
        draft(tmp_path / "r", [*ROWS, cell(10, "state", "US-CA")])
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("code", ["=1+1", "+x", "-x", "@x", "a,b", 'a"b', "a b", "\tx"])
def test_code_that_a_spreadsheet_would_run_is_refused(tmp_path, code):
    with pytest.raises(DataError, match="codes of letters"):
        draft(tmp_path / "r", [*ROWS, cell(20, venue=code)])


def test_places_that_are_points_are_refused(tmp_path):
    places = outlines(table(ROWS))
    places.loc[0, "geometry"] = shapely.Point(0, 0)
    with pytest.raises(DataError, match="outlines expected"):
        release.write(tmp_path / "r", table(ROWS), places, manifest(VIEWS))


def test_manifest_without_a_title_is_refused(tmp_path):
    content = manifest(VIEWS)
    del content["title"]
    cells = table(ROWS)
    with pytest.raises(DataError, match="title"):
        release.write(tmp_path / "r", cells, outlines(cells), content)


def test_failed_attack_is_never_sealed(tmp_path):
    rows = [*ROWS[:3], cell(595, "state", "US-TX")]
    with (
        pytest.raises(DataError, match="not released"),
        release.draft(tmp_path / "out") as temporary,
    ):
        draft(temporary, rows)
        release.seal(temporary, tmp_path / "out", audit.attack(temporary))
    assert list(tmp_path.iterdir()) == []


def test_existing_folder_is_never_rewritten(folder, tmp_path):
    before = (folder / "cells.csv").read_bytes()
    with pytest.raises(UnusableError, match="never rewritten"), release.draft(folder):
        pass
    temporary = draft(tmp_path / "other", [*ROWS[:3], cell(310, "state", "US-TX")])
    with pytest.raises(UnusableError, match="never rewritten"):
        release.seal(temporary, folder, audit.attack(temporary))
    assert (folder / "cells.csv").read_bytes() == before


def test_second_release_of_an_id_with_other_numbers_is_refused(folder, tmp_path):
    rows = [*ROWS[:3], cell(310, "state", "US-TX")]
    with pytest.raises(UnusableError, match="with other content"):
        made(tmp_path / "second", rows=rows)
    assert made(tmp_path / "third", rows=rows, id="third").is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "third"]


def test_interrupted_build_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), release.draft(tmp_path / "out") as temporary:
        draft(temporary)
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_draft_is_private_and_the_release_is_not(tmp_path):
    with release.draft(tmp_path / "out") as temporary:
        assert temporary.stat().st_mode & 0o077 == 0
        draft(temporary)
        folder = release.seal(temporary, tmp_path / "out", audit.attack(temporary))
    mask = os.umask(0)
    os.umask(mask)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~mask


def test_draft_of_a_killed_build_is_removed_by_the_next(tmp_path):
    gone = tmp_path / ".out.draft-999999999"
    gone.mkdir()
    alive = tmp_path / f".other.draft-{os.getppid()}"
    alive.mkdir()
    with release.draft(tmp_path / "out"):
        assert not gone.exists()
    assert alive.exists()


def test_target_under_a_file_is_unusable(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with (
        pytest.raises(UnusableError, match="cannot be written"),
        release.draft(tmp_path / "file" / "out"),
    ):
        pass


@pytest.mark.parametrize("name", ["My release", "año", ".hidden", "x" * 61, "a+b", "x\udcff"])
def test_a_name_that_no_address_can_hold_is_refused(tmp_path, name):
    with pytest.raises(UnusableError, match="choose another name"):
        made(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_release_inside_a_release_is_refused(folder):
    before = sorted(folder.iterdir())
    with pytest.raises(UnusableError, match="lies inside the release"):
        made(folder / "inner")
    with pytest.raises(UnusableError, match="lies inside the release"):
        made(folder / "deep" / "inner")
    assert sorted(folder.iterdir()) == before


def test_folders_made_for_a_release_that_failed_are_removed(tmp_path):
    (tmp_path / "kept").mkdir()
    with pytest.raises(RuntimeError), release.draft(tmp_path / "kept" / "a" / "b" / "one"):
        raise RuntimeError
    assert list(tmp_path.rglob("*")) == [tmp_path / "kept"]


def test_folders_made_for_a_release_stay_with_it(tmp_path):
    assert release.read(made(tmp_path / "a" / "b" / "one")).manifest["series"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "A"), ("title", {"en": "A"}), ("id", {}), ("series", []), ("k", True),
        ("measures", []), ("coverage", 2015), ("sources", {}), ("policy", []), ("citation", {}),
    ],
)  # fmt: skip
def test_a_manifest_with_something_else_in_a_place_is_refused(folder, name, value):
    path = folder / "manifest.json"
    content = json.loads(path.read_text("utf-8")) | {name: value}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReleaseError, match=f"{name} of its manifest"):
        release.read(folder)

"""Each check of the attacker: a release in which it must fire, beside one in which it must not.

The clean release of `clean` passes every check (first test), so that each defect below is
what makes its check fire.
"""

import json
import shutil
from pathlib import Path

import h3
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo import audit, release, vocab
from geo.audit import documents, evidence, space, values
from geo.model import UnusableError
from tests.attacks.planted import (
    TEXAS,
    alter,
    cell,
    found,
    outlines,
    rehash,
    rewrite,
    rows_of,
    view,
    write,
)

RELEASES = Path(__file__).parent.parent.parent / "data" / "aggregates"
HEX = f"US-TX/{TEXAS}"
VIEWS = (
    view("all"),
    view("country"),
    view("state"),
    view("h3_3"),
    view("all", "period"),
    view("all", "quarter"),
    view("all", "venue"),
    view("all", "sector"),
    view("all", "nationality"),
    view("all", "region"),
)
ROWS = (
    cell(1000),
    cell(600, "country", "US"),
    cell(400, "country", "MX"),
    cell(300, "state", "US-TX"),
    cell(150, "h3_3", HEX),
    cell(500, period="2015"),
    cell(200, period="2015-Q3"),
    cell(400, venue="residential"),
    cell(250, venue="residential_brothel"),
    cell(700, nationality="north_america"),
    cell(650, nationality="MX"),
)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return write(tmp_path_factory.mktemp("clean") / "r", ROWS, VIEWS)


@pytest.fixture
def clean(original, tmp_path):
    return shutil.copytree(original, tmp_path / "r")


def sealed(folder, target):
    return release.seal(folder, target, audit.attack(folder))


def test_clean_release_passes_every_check_before_and_after_it_is_sealed(clean, tmp_path):
    before = audit.attack(clean)
    assert before.passed
    assert before.problems[before.problems["severity"] == "fail"].empty
    after = audit.attack(sealed(clean, tmp_path / "sealed"))
    assert after.passed


def test_report_is_the_same_twice(clean):
    assert json.dumps(audit.attack(clean).report) == json.dumps(audit.attack(clean).report)


def test_report_names_what_was_run_and_what_was_not(clean):
    report = audit.attack(clean).report
    deciding = {entry["check"] for entry in report["checks"] if entry["decides"]}
    assert {1, 2, 3, 4, 11, 12, 17, 18} <= deciding
    assert 5 not in deciding
    assert set(report["not_run"]).isdisjoint(deciding)


def test_progress_is_told(clean):
    steps = []
    audit.attack(clean, progress=lambda step, done, total: steps.append(step))
    assert steps


def test_no_release_folder_is_unusable(tmp_path):
    with pytest.raises(UnusableError, match="found none"):
        audit.attack(tmp_path / "none")
    with pytest.raises(UnusableError, match="manifest"):
        audit.attack(tmp_path)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"schema": "other/9"}, "manifest"),
        ({"k": 1}, "manifest"),
        ({"k": "11"}, "manifest"),
        ({"k": True}, "manifest"),
        ({"k": 12}, "manifest"),
        ({"synthetic": False}, "manifest"),
        ({"audience": "everybody"}, "manifest"),
        ({"multi_valued": ["colour"]}, "manifest"),
        ({"policy": {"views": []}}, "listed views"),
        ({"policy": {"views": [{"level": "street", "grains": []}]}}, "listed views"),
        ({"policy": {"views": [view("all")]}}, "listed views"),
    ],
)
def test_manifest_must_be_as_a_release_s(clean, changes, name):
    alter(clean, "manifest.json", **changes)
    assert (0, name) in found(clean)


def test_public_release_needs_k_of_ten_a_staff_release_does_not(clean):
    policy = json.loads((clean / "manifest.json").read_text("utf-8"))["policy"]
    alter(clean, "manifest.json", k=5, policy=policy | {"k": 5})
    assert (0, "manifest") in found(clean)
    alter(clean, "manifest.json", audience="staff")
    assert (0, "manifest") not in found(clean)


def test_public_release_goes_no_finer_than_res_4(clean):
    policy = json.loads((clean / "manifest.json").read_text("utf-8"))["policy"]
    policy["views"].append(view("h3_5"))
    alter(clean, "manifest.json", policy=policy)
    assert (0, "manifest") in found(clean)
    alter(clean, "manifest.json", audience="staff", synthetic=False)
    assert (0, "manifest") not in found(clean)


def test_level_must_be_the_place_s(clean):
    rows = [row | {"level": "state"} if row["place"] == HEX else row for row in rows_of(clean)]
    rewrite(clean, rows)
    assert (0, "listed views") in found(clean)


@pytest.mark.parametrize(
    ("axis", "code", "grains"),
    [
        ("period", "unknown", {"period", "quarter"}),
        ("period", "2015-Q3", {"quarter"}),
        ("venue", "residential", {"sector"}),
        ("venue", "cantina", {"venue"}),
        ("venue", "escort+residential_brothel", {"venue"}),
        ("nationality", "north_america", {"region"}),
        ("nationality", "MX", {"nationality"}),
        ("trafficking_type", "sex", {"trafficking_type"}),
        ("place", "US-unknown", {"state"}),
        ("venue", "all", set()),
    ],
)
def test_grain_of_a_code(axis, code, grains):
    assert space.grains_of(axis, code) == grains


@pytest.mark.parametrize(
    ("axis", "code"),
    [
        ("place", "US-XX"),
        ("place", "FR"),
        ("place", "US/83446cfffffffff"),
        ("place", "US-TX/83446c"),
        ("place", "US-TX/82446ffffffffff"),
        ("period", "15"),
        ("period", "2015-Q5"),
        ("venue", "residential_brothel+escort"),
        ("venue", "cantina+cantina"),
        ("nationality", "all except MX"),
        ("trafficking_type", "not_sex"),
    ],
)
def test_code_of_no_list(axis, code):
    with pytest.raises(ValueError, match="not a"):
        space.ancestors(axis, code)


def test_overlap_lies_under_both_its_values():
    above = space.ancestors("venue", "escort+residential_brothel")
    assert set(above) >= {"escort", "residential_brothel", "residential", "all"}


@pytest.mark.parametrize("value", [1, 10])
def test_small_value_in_a_table(clean, value):
    rewrite(clean, [*rows_of(clean), cell(value, "state", "US-WY")])
    assert (1, "small values") in found(clean)


@pytest.mark.parametrize(
    "changes",
    [
        {"outside": 7},
        {"sources": [{"name": "made", "cases": 3}]},
        {"title": {"en": "Only 7 reported cases", "es": "Hecho"}},
        {"title": {"en": "Made", "es": "Apenas siete casos"}},
    ],
)
def test_small_value_in_the_manifest(clean, changes):
    alter(clean, "manifest.json", **changes)
    assert found(clean) - {(18, "entries")} == {(1, "small values")}


def test_cases_outside_are_told_from_k_on(clean):
    alter(clean, "manifest.json", outside=11)
    assert found(clean) == set()


def test_small_value_in_the_receipt(clean, tmp_path):
    folder = sealed(clean, tmp_path / "sealed")
    text = (folder / "RECEIPT.md").read_text("utf-8")
    (folder / "RECEIPT.md").write_text(f"{text}\nWyoming had 4 cases.\n", "utf-8")
    rehash(folder)
    assert found(folder) == {(1, "small values")}


def test_cell_twice_with_two_values(clean):
    rows = rows_of(clean)
    at = next(i for i, row in enumerate(rows) if row["place"] == "US-TX")
    rewrite(clean, [*rows[: at + 1], rows[at] | {"value": 301}, *rows[at + 1 :]])
    assert found(clean) == {(11, "one value")}


def test_csv_with_another_value_than_parquet(clean):
    text = (clean / "cells.csv").read_text("utf-8")
    (clean / "cells.csv").write_text(text.replace(",300\n", ",310\n"), "utf-8")
    rehash(clean)
    assert found(clean) == {(11, "one value")}


def test_csv_with_a_row_more_than_parquet(clean):
    text = (clean / "cells.csv").read_text("utf-8")
    line = "state,US-WY,all,all,all,all,cases,20\n"
    (clean / "cells.csv").write_text(text + line, "utf-8")
    rehash(clean)
    assert found(clean) == {(11, "one value")}


@pytest.mark.parametrize(
    "code", [{"nationality": "all except MX"}, {"venue": "rest"}, {"trafficking_type": "not_sex"}]
)
def test_complement_as_a_value(clean, code):
    rewrite(clean, [*rows_of(clean), cell(350, **code)])
    assert (12, "complements") in found(clean)


def test_overlap_where_cases_are_said_to_have_one_value(clean):
    rewrite(clean, [*rows_of(clean), cell(50, venue="cantina+escort")])
    assert (12, "complements") in found(clean)


@pytest.mark.parametrize("name", ["notes.txt", "index.html", ".cells.csv.swp", "cells.geojson"])
def test_file_that_no_release_holds(clean, name):
    (clean / name).write_text("x", "utf-8")
    assert found(clean) == {(17, "files")}


def test_folder_inside_a_release(clean):
    (clean / "private").mkdir()
    assert found(clean) == {(17, "files")}


def test_missing_file(clean):
    (clean / "datapackage.json").unlink()
    assert (17, "files") in found(clean)


def test_file_that_is_a_link(clean, tmp_path):
    (tmp_path / "elsewhere.csv").write_bytes((clean / "cells.csv").read_bytes())
    (clean / "cells.csv").unlink()
    (clean / "cells.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert found(clean) == {(17, "files")}


@pytest.mark.parametrize("value", [0, None, -3, 12.5])
def test_row_without_a_count(clean, value):
    rewrite(clean, [*rows_of(clean), cell(value, "state", "US-WY")])
    assert (17, "rows") in found(clean)


def test_rows_in_another_order_than_by_key(clean):
    rewrite(clean, rows_of(clean)[::-1])
    assert found(clean) == {(17, "rows")}


def test_column_too_many(clean):
    rewrite(clean, [row | {"mark": "shown"} for row in rows_of(clean)])
    assert (17, "rows") in found(clean)


def test_statistics_of_columns(clean):
    rewrite(clean, rows_of(clean), write_statistics=True)
    assert found(clean) == {(17, "formats")}


def test_metadata_of_a_data_frame(clean):
    pd.DataFrame(rows_of(clean)).to_parquet(clean / "cells.parquet", write_statistics=False)
    rehash(clean)
    assert (17, "formats") in found(clean)


def test_formula_in_the_csv(clean):
    text = (clean / "cells.csv").read_text("utf-8")
    (clean / "cells.csv").write_text(text.replace("US-TX,", "=1+1,"), "utf-8")
    rehash(clean)
    assert (17, "formats") in found(clean)


@pytest.mark.parametrize(
    "changes",
    [
        {"filters": ["HN"]},
        {"filters": {"HN": "Honduras"}},
        {"years": ["2011"]},
        {"places": ["US-WY"]},
        {"measures": {"cases": {"unit": {"en": "reported cases"}, "venues": ["cantina"]}}},
        {"policy": {"id": "public", "views": list(VIEWS), "seed": 1234}},
    ],
)
def test_list_that_names_a_withheld_value(clean, changes):
    alter(clean, "manifest.json", **changes)
    assert (17, "options") in found(clean)


def test_list_of_published_values_and_of_the_years_that_sources_cover(clean):
    sources = [{"name": "made", "coverage_start": "2011", "coverage_end": "2016-12"}]
    alter(clean, "manifest.json", filters=["MX", "2015", "US-TX"], sources=sources)
    assert found(clean) == {(18, "entries")}


def rewrite_places(folder, table):
    columns = {name: table[name].tolist() for name in ("place", "level", "name_en", "name_es")}
    columns["geometry"] = shapely.to_wkb(np.asarray(table["geometry"], dtype=object)).tolist()
    options = {"write_statistics": False, "store_schema": False}
    pq.write_table(pa.table(columns), folder / "places.parquet", **options)
    rehash(folder)


def places_of(folder):
    return outlines(pd.DataFrame({"place": [row["place"] for row in rows_of(folder)]}))


def test_outline_of_a_hex_part_without_a_cell(clean):
    rewrite_places(clean, places_of(clean))
    assert found(clean) == set()
    rewrite(clean, [row for row in rows_of(clean) if row["place"] != HEX])
    assert found(clean) == {(17, "places")}


def test_outlines_of_some_states_only(clean):
    listed = places_of(clean)
    rewrite_places(clean, listed[listed["place"] != "US-WY"])
    assert found(clean) == {(17, "places")}
    rewrite_places(clean, listed[listed["place"].isin(["US-TX", HEX])])
    assert found(clean) == set()


def test_states_of_the_audit_are_the_study_area_s():
    assert space.states() == set(vocab.load().codes("states"))


FOREIGN = "Maria, 15, seen at the motel"


def in_cells(folder, **codes):
    """Rows of which the last is about a person, in both files."""
    rewrite(folder, [*rows_of(folder), cell(40, "state", "US-WY") | codes])


def said(folder, **options):
    """Every word of the problems of a folder."""
    return audit.attack(folder, **options).problems.to_csv()


@pytest.mark.parametrize("value", [40, 7, 0, None])
@pytest.mark.parametrize("column", ["level", "place", "venue", "measure"])
def test_a_foreign_text_in_a_cell_is_found_and_not_said(clean, column, value):
    in_cells(clean, **{column: FOREIGN, "value": value})
    assert not audit.attack(clean).passed
    assert "Maria" not in said(clean)
    if column == "place":
        assert f"row {len(rows_of(clean))}" in said(clean)
        assert "no place id" in said(clean)


def test_a_foreign_text_given_twice_or_in_one_file_only_is_not_said(clean):
    in_cells(clean, place=FOREIGN)
    rewrite(clean, [*rows_of(clean), rows_of(clean)[-1]])
    text = (clean / "cells.csv").read_text("utf-8")
    (clean / "cells.csv").write_text(text.replace(",300\n", ",310\n"), "utf-8")
    assert (11, "one value") in found(clean)
    assert "Maria" not in said(clean)


def test_a_foreign_text_in_an_earlier_release_is_not_said(clean, tmp_path):
    earlier = shutil.copytree(clean, tmp_path / "earlier")
    in_cells(earlier, place=FOREIGN, value=40)
    in_cells(clean, place=FOREIGN, value=41)
    assert (11, "one value") in found(clean, earlier=[earlier])
    assert "Maria" not in said(clean, earlier=[earlier])


@pytest.mark.parametrize("place", [FOREIGN, f"US-TX/{FOREIGN}", f"{FOREIGN}/{TEXAS}"])
@pytest.mark.parametrize("shape", [shapely.Point(-99, 31.5), shapely.box(-110, 20, -90, 40)])
def test_a_foreign_text_in_the_outlines_is_found_and_not_said(clean, place, shape):
    listed = places_of(clean)
    listed.loc[listed["place"] == HEX, ["place", "geometry"]] = [place, shape]
    rewrite_places(clean, listed)
    assert (17, "places") in found(clean)
    assert "Maria" not in said(clean)
    assert "no place id" in said(clean)


def test_the_finest_hexagons_are_no_place_ids_and_are_not_said(clean):
    point = f"US-TX/{h3.latlng_to_cell(31.5, -99, 12)}"
    in_cells(clean, level="h3_4", place=point)
    assert not audit.attack(clean).passed
    assert point not in said(clean)


def test_the_name_of_a_foreign_column_is_not_said(clean):
    rewrite(clean, [row | {f"{FOREIGN} 2015-03-02": "x" * 99} for row in rows_of(clean)])
    assert (18, "texts") in found(clean)
    assert "Maria" not in said(clean)


@pytest.mark.parametrize("column", ["lat", "case_id", "longitude", "address", "notes", "row"])
def test_column_about_single_cases(clean, column):
    rewrite(clean, [row | {column: "x"} for row in rows_of(clean)])
    assert (18, "columns") in found(clean)


@pytest.mark.parametrize(
    "text",
    [
        "29.7604, -95.3698",
        "2015-03-02",
        "2015-03-02T14:30",
        "about 14:30 at night",
        "SIM-7-0000123",
        "case 48213",
        "someone@example.org",
        "<iframe src='x'></iframe>",
        "words " * 300,
    ],
)
def test_text_about_a_single_case(clean, text):
    alter(clean, "manifest.json", remarks=text)
    assert (18, "texts") in found(clean)


def with_entry(content, path, value):
    """A JSON document with one entry set; a path's numbers are positions in lists."""
    *above, last = path
    inner = content
    for key in above:
        inner = inner[key]
    if isinstance(inner, list) and last == len(inner):
        inner.append(value)
    else:
        inner[last] = value
    return content


FOREIGN_ENTRIES = {
    "datapackage.json": [
        (["note"],),
        (["title"],),
        (["name"],),
        (["description"],),
        (["licenses", 0, "title"],),
        (["licenses", 1], {"title": FOREIGN}),
        (["resources", 0, "note"],),
        (["resources", 1, "format"],),
        (["resources", 3], {"name": "cells", "note": FOREIGN}),
        (["resources", 3],),
        (["resources", 0, "schema", "primaryKey", 0],),
        (["resources", 0, "schema", "fields", 0, "description"],),
        (["resources", 0, "schema", "fields", 2, "note"],),
        (["resources", 2, "schema", "fields", 2, "type"],),
        (["resources", 0, "schema", "fields", 0, "constraints", "enum"], [FOREIGN]),
        (["resources", 0, "schema", "fields", 0, "constraints", "required"],),
        ([FOREIGN], True),
    ],
    "manifest.json": [
        (["note"],),
        (["note"], {"a": [FOREIGN]}),
        ([FOREIGN], None),
        (["id"],),
        (["title", "note"],),
        (["policy", "note"],),
        (["policy", "views", 0, "note"],),
        (["sources", 0, "contact"],),
        (["sources", 0, "coverage_start"],),
        (["sources", 1],),
        (["coverage", "label"],),
        (["covered"], [FOREIGN]),
        (["measures", "victims"], {"unit": {"en": FOREIGN}}),
        (["measures", "cases", "unit"],),
        (["outside"],),
        (["boundaries", "basemap.geojson"],),
        (["boundaries", FOREIGN], "0" * 64),
        (["code", "mosaico"],),
        (["previous"],),
        (["audit"], {"passed": True, "by": FOREIGN}),
        (["files", FOREIGN], "0" * 64),
    ],
}


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        (name, entry[0], entry[1] if len(entry) > 1 else FOREIGN)
        for name, entries in FOREIGN_ENTRIES.items()
        for entry in entries
    ],
)
def test_an_entry_that_no_release_has_is_found_and_not_said(clean, name, path, value):
    content = json.loads((clean / name).read_text("utf-8"))
    alter(clean, name, **with_entry(content, path, value))
    assert (18, "entries") in found(clean)
    assert "Maria" not in said(clean)


@pytest.mark.parametrize("name", ["manifest.json", "datapackage.json"])
def test_the_name_of_a_foreign_entry_is_not_said_whatever_it_holds(clean, name):
    for value in (3, "2015-03-02", "US-WY", "3 cases", "words " * 300):
        alter(clean, name, **{FOREIGN: {FOREIGN: [value]}})
        assert {(1, "small values"), (17, "options"), (18, "texts")} & found(clean)
        assert "Maria" not in said(clean)


def test_a_text_that_a_second_entry_of_the_same_name_covers_is_found(clean):
    text = (clean / "datapackage.json").read_text("utf-8")
    (clean / "datapackage.json").write_text(text.replace("{", f'{{"id": "{FOREIGN}",', 1), "utf-8")
    rehash(clean)
    assert (17, "files") in found(clean)
    assert "Maria" not in said(clean)


def test_the_name_of_a_foreign_file_is_not_said(clean):
    (clean / f"{FOREIGN}.txt").write_text("x", "utf-8")
    assert (17, "files") in found(clean)
    assert "Maria" not in said(clean)


def test_what_a_mapping_may_say_of_a_release_is_no_foreign_entry(clean):
    alter(
        clean, "manifest.json", series="A register", licence="CC0-1.0",
        sources=[{"name": "A register", "coverage_start": "2012", "coverage_end": "2016-12-31"}],
        coverage={"start": "2012", "end": "2016-12-31", "label": "2012–2016"}, covered=["US"],
    )  # fmt: skip
    package = json.loads((clean / "datapackage.json").read_text("utf-8"))
    alter(clean, "datapackage.json", licenses=[{"title": "CC0-1.0"}], title=package["title"])
    assert found(clean) == set()


@pytest.mark.parametrize("name", ["demo-national", "demo-deck", "demo-sheet"])
def test_a_release_that_is_published_has_no_foreign_entry(name):
    assert not documents.entries(evidence.gather(RELEASES / name)).findings


def test_the_boundaries_that_a_manifest_may_name_are_those_of_the_sources():
    listed = pd.read_csv(RELEASES.parent / "boundaries" / "sources.csv")["file"]
    assert set(documents.BOUNDARIES) == set(listed)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(-99, 31.5),
        shapely.LineString([(-99, 31), (-98, 31)]),
        shapely.Point(-99, 31.5).buffer(1e-5),
        shapely.box(-103, 27, -95, 35),
    ],
)
def test_hex_part_that_is_no_area_in_its_hex(clean, shape):
    listed = places_of(clean)
    listed.loc[listed["place"] == HEX, "geometry"] = shape
    rewrite_places(clean, listed)
    assert found(clean) == {(18, "shapes")}


def test_intervals_are_reported_and_do_not_decide(tmp_path):
    """Two hidden countries sum to 12, both seen to be under 12: narrow, and still released."""
    rows = [cell(112, nationality="all"), cell(100, nationality="MX")]
    folder = write(tmp_path / "r", rows, [view("all"), view("all", "nationality")])
    attacked = audit.attack(folder)
    assert attacked.passed
    rows = [
        cell(1000),
        cell(600, "country", "US"),
        cell(400, "country", "MX"),
        cell(595, "state", "US-TX"),
    ]
    narrow = write(tmp_path / "narrow", rows, [view("all"), view("country"), view("state")])
    assert not audit.attack(narrow).passed


def test_narrow_interval_is_seen(tmp_path):
    """Texas and California by venue: 100 - 95 hidden brothel cases lie within 1 and 10."""
    views = [view(level, *g) for level in ("country", "state") for g in ((), ("venue",))]
    rows = [cell(200, "country", "US"), cell(112, "country", "US", venue="cantina")]
    rows += [cell(100, "state", "US-TX"), cell(89, "state", "US-TX", venue="cantina")]
    rows += [cell(100, "state", "US-CA")]
    intervals = audit.attack(write(tmp_path / "r", rows, views)).report["intervals"]
    assert intervals["feasible"]
    assert intervals["cells"] > 0
    assert (
        intervals["wide"] + intervals["solved"] + intervals["not_attempted"] == intervals["cells"]
    )


def test_numbers_no_table_fits_are_infeasible_or_contradict(tmp_path):
    rows = [cell(100), cell(80, "country", "US"), cell(70, "country", "MX")]
    folder = write(tmp_path / "r", rows, [view("all"), view("country")])
    assert (2, "contradictions") in found(folder)


def test_values_of_a_column_that_is_missing(clean):
    rewrite(clean, [{"level": "all", "value": 100}])
    assert {(11, "one value"), (17, "rows")} <= found(clean)


def test_published_codes_hold_what_lies_above_them(clean):
    codes = values.published_codes(evidence.gather(clean))
    assert {"2015", "residential", "north_america", "US-TX", HEX} <= codes
    assert "HN" not in codes


@pytest.mark.parametrize(
    "changes",
    [
        {"multi_valued": [["venue"]]},
        {"policy": {"id": "public", "k": 11, "views": [{"level": "all", "grains": [["period"]]}]}},
        {"k": 10**30},
    ],
)
def test_a_manifest_of_another_shape_is_a_finding_and_no_defect(clean, changes):
    alter(clean, "manifest.json", **changes)
    assert not audit.attack(clean).passed


def test_a_data_package_of_another_shape_is_read_and_a_receipt_that_is_a_folder_found(clean):
    package = json.loads((clean / "datapackage.json").read_text())
    package["resources"] = [{"name": "cells", "schema": "none"}, 3]
    (clean / "datapackage.json").write_text(json.dumps(package))
    (clean / "RECEIPT.md").unlink(missing_ok=True)
    (clean / "RECEIPT.md").mkdir()
    assert not audit.attack(clean).passed


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "MX"},
        {"scope": [["nationality"]]},
        {"scope": [["nationality", "all except MX"]]},
        {"scope": [["place", "US"]]},
        {"policy": {"id": "public", "k": 11, "views": list(VIEWS), "sensitive": ["colour"]}},
        {"policy": {"id": "public", "k": 11, "views": list(VIEWS), "sensitive": "nationality"}},
    ],
)
def test_a_scope_or_a_sensitive_dimension_that_does_not_exist(clean, changes):
    alter(clean, "manifest.json", **changes)
    assert (0, "manifest") in found(clean)


def test_a_scope_may_name_a_value_that_no_cell_has(clean):
    alter(clean, "manifest.json", scope=[["nationality", "HN"]])
    assert found(clean) == set()


def test_coalition_release_needs_k_of_ten(clean):
    policy = json.loads((clean / "manifest.json").read_text("utf-8"))["policy"]
    alter(clean, "manifest.json", k=9, policy=policy | {"k": 9}, audience="coalition")
    assert (0, "manifest") in found(clean)
    alter(clean, "manifest.json", k=11, policy=policy | {"k": 11}, audience="coalition")
    assert found(clean) == set()


def test_venues_without_their_sectors_are_parts_of_the_total(tmp_path):
    """No view is broken down by sectors: they are no parts beside their venues."""
    codes = [code for code in vocab.load().codes("venues") if vocab.load().parents("venues")[code]]
    rows = [cell(20, venue=code) for code in (*codes, "unknown")]
    rows += [cell(20, venue=code) for code, up in vocab.load().parents("venues").items()
             if not up and code not in vocab.load().parents("venues").values()]  # fmt: skip
    total = cell(20 * len(rows))
    views = (view("all"), view("all", "venue"))
    assert found(write(tmp_path / "r", [total, *rows], views)) == set()

"""Findings that the mutation run saw no test reach, each by its words."""

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from geo import audit
from geo.audit import bounds, derived, evidence, space, system, whole
from tests.attacks import test_planted_leaks as leaks
from tests.attacks import test_ranges as ranges
from tests.attacks.planted import alter, rehash, view, write
from tests.attacks.test_each_check import (
    PROFILES,
    VIEWS,
    altered,
    clean,
    more,
    no_labor,
    numbers,
    said,
    with_rows,
)
from tests.geo import test_audit as forms

COLUMNS = ("level", "place", "attribute", "code", "measure", "value")


def details(folder):
    """What each finding says."""
    return set(audit.attack(folder).problems["detail"])


def profiles(change):
    """The clean release with other rows of its profiles in both files."""

    def made(folder):
        clean(folder)
        rows = change([dict(zip(COLUMNS, row, strict=True)) for row in sorted(PROFILES)])
        lines = [",".join(COLUMNS), *(",".join(map(str, row.values())) for row in rows)]
        (folder / "profiles.csv").write_text("\n".join(lines) + "\n", "utf-8")
        with_rows(folder, "profiles", rows)
        return folder

    return made


def first(**changes):
    return profiles(lambda rows: [rows[0] | changes, *rows[1:]])


def outlined(**columns):
    """The clean release with other columns in its outlines."""

    def change(folder):
        table = pq.ParquetFile(folder / "places.parquet").read().to_pylist()
        with_rows(folder, "places", [row | columns for row in table])

    return altered(change)


def no_rows(folder):
    path = folder / "profiles.parquet"
    empty = pq.ParquetFile(path).read().slice(0, 0)
    pq.write_table(empty, path, write_statistics=False, store_schema=False)
    rehash(folder)


def unlisted(folder, name="datapackage.json"):
    """A file that the manifest does not list."""
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    alter(folder, "manifest.json", files={one: files[one] for one in files if one != name})


def missing(folder):
    """A file that is neither there nor listed."""
    unlisted(folder)
    (folder / "datapackage.json").unlink()


def in_csv(old, new):
    """The clean release with other bytes in its cells.csv."""

    def change(folder):
        path = folder / "cells.csv"
        path.write_bytes(path.read_bytes().replace(old, new))
        rehash(folder)

    return altered(change)


def listed_places(change):
    """The clean release with other rows of its outlines."""
    return altered(lambda folder: forms.rewrite_places(folder, change(forms.places_of(folder))))


def by_views(*views, **changes):
    """The clean release with a policy that says no k, and other entries of its manifest."""
    return said(policy={"id": "public", "audience": "public", "views": list(views)}, **changes)


FINDINGS = {
    "profiles.parquet has other columns than a release has": profiles(
        lambda rows: [row | {"mark": "x"} for row in rows]
    ),
    "profiles.parquet has no row: a release has the file only with one": altered(no_rows),
    "rows of profiles.parquet are not sorted by key, or one is given twice": profiles(
        lambda rows: rows[::-1]
    ),
    "a row of profiles.parquet lacks part of its key": first(code=""),
    "profiles.csv has other line ends than LF, or a cell that is a formula": first(code="=1+1"),
    "profiles.parquet, row 1: an attribute that no release has": first(attribute="height"),
    "profiles.parquet, row 1: level and place do not agree": first(level="country"),
    "the manifest lists no files": altered(lambda f: alter(f, "manifest.json", files="none")),
    "a row lacks part of its key": more(40, "state", "US-WY", venue=""),
    "places.parquet has other columns than a release has": outlined(mark="x"),
    "places.parquet: a column that no release has holds a number from 1 to k-1": outlined(mark=4),
    "places.parquet, row 1: an outline cannot be read": outlined(geometry=b"x"),
    "total: a box of period x venue falls below zero": numbers(leaks.box(-1), leaks.CROSSED),
    "datapackage.json is missing": altered(missing),
    "datapackage.json is in the folder or in the manifest's list, not in both": altered(unlisted),
    "cells.csv does not end its lines with LF": in_csv(b"\n", b"\r\n"),
    "places are not sorted, or are given twice": listed_places(lambda listed: listed[::-1]),
    "level and place do not agree": outlined(level="state"),
    "a published hex part has no outline": listed_places(
        lambda listed: listed[listed["place"] != forms.HEX]
    ),
    "k is missing or no whole number of at least 2": by_views(*VIEWS, k="11"),
    "policy.views lists no view": by_views(),
    "policy.views names an unknown level or dimension": by_views(*VIEWS, view("all", "colour")),
    "cells.csv and cells.parquet do not have the same columns": in_csv(b"venue", b"where"),
    "whole numbers confine 1 hidden cells to 1 to k-1": numbers(no_labor(20), ranges.VIEWS),
}


@pytest.mark.parametrize("words", FINDINGS)
def test_each_thing_is_said(tmp_path, words):
    assert words in details(FINDINGS[words](tmp_path / "r"))


def test_nothing_of_the_kind_is_said_of_what_fits(tmp_path):
    folder = profiles(lambda rows: rows)(tmp_path / "r")
    assert not set(FINDINGS) & details(folder)


@pytest.mark.parametrize("feasible", [True, False])
def test_that_no_table_fits_is_said(feasible):
    found = bounds.Bounds(np.arange(2))
    found.feasible = feasible
    said = [finding.detail for finding in audit._bounded(found, 11, decides=True).findings]
    assert said == ([] if feasible else ["no table fits the numbers"])


def test_that_no_whole_numbers_fit_is_said():
    program = ranges.program_of(*ranges.HALF)
    found = whole.whole(program, bounds.Bounds(program.cells[:0]), 11)
    said = [one.detail for one in whole.check(program, found, None, 11, decides=True).findings]
    assert said == ["no whole numbers fit what is published"]


@pytest.mark.parametrize("many", [0, 2])
def test_that_combinations_of_numbers_are_no_counts_is_said(tmp_path, many):
    content = evidence.gather(write(tmp_path / "r", leaks.clean(), leaks.PLACES))
    knowledge = derived.learn(system.build(content, space.published(content)), 1000)
    knowledge = replace(knowledge, last=replace(knowledge.last, contradictions=many))
    said = [one.detail for result in derived.rank(knowledge, 11) for one in result.findings]
    assert said == ([f"{many} combinations of numbers are no counts"] if many else [])

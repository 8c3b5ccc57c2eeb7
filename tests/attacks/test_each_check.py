"""Every check that an audit reports, by its name: a release in which it fires, a twin in which not.

The registry `PLANTED` must name exactly the checks of a report, so that a check added without
a planted release fails here. ``tools/mutate.py`` silences each in turn.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo import audit, release
from geo.model import DETAIL_TABLES
from tests.attacks import planted
from tests.attacks import test_planted_leaks as leaks
from tests.attacks import test_ranges as ranges
from tests.attacks import test_releases_in_time as time
from tests.attacks.planted import alter, cell, outlines, rehash, rewrite, rows_of, view, write
from tests.geo import test_audit as forms
from tests.geo import test_audit_groups as groups
from tests.geo import test_audit_zones as zones

VIEWS = [
    *forms.VIEWS,
    *(view(level, "gender") for level in ("all", "country")),
    view("state", "origin"),
]
PROFILES = [
    (level, place, "gender", code, "cases", count)
    for level, place, counts in (
        ("all", "all", (550, 400)),
        ("country", "US", (320, 250)),
        ("country", "MX", (230, 150)),
    )
    for code, count in zip(("female", "male"), counts, strict=True)
]
CORRIDORS = [("state", "US-TX", "MX-CHH", "cases", 30)]
SEVERAL_PLACES = {"multi_valued": ["place"]}
SEVERAL_VENUES = {"multi_valued": ["venue"]}


def clean(folder, profiles=PROFILES, rows=forms.ROWS, views=VIEWS):
    """Cells, a profile and a corridor of which no check has anything to say."""
    frames = {}
    for name, listed in (("profiles", profiles), ("corridors", CORRIDORS)):
        spec = DETAIL_TABLES[name]
        frame = pd.DataFrame(listed, columns=spec.names)
        frames[name] = frame.astype({**dict.fromkeys(spec.key, "str"), "value": "int64"})
    cells = planted.table(rows)
    release.write(folder, cells, outlines(cells), planted.manifest(views), frames)
    return folder


def numbers(rows, views, **changes):
    return lambda folder: write(folder, rows, views, **changes)


def escorts(rows):
    return numbers(rows, ranges.VIEWS, policy=ranges.policy(ranges.VIEWS))


def no_labor(year):
    return [row for row in ranges.escorts(year) if row["value"] != 30]


def altered(change):
    """The clean release with something done to its folder."""

    def made(folder):
        change(clean(folder))
        return folder

    return made


def more(value, *at, **codes):
    return altered(lambda folder: rewrite(folder, [*rows_of(folder), cell(value, *at, **codes)]))


def said(**changes):
    return altered(lambda folder: alter(folder, "manifest.json", **changes))


def drawn(shapes=None, **counts):
    return lambda folder: zones.drawn(folder, zones.numbers(**counts), shapes)


def later(made, before):
    """A release with an earlier one of its series."""
    return lambda folder: (made(folder), before(folder.with_name(f"{folder.name}-before")))


def with_rows(folder, name, rows):
    """A table beside the cells as a careless writer would leave it."""
    options = {"write_statistics": False, "store_schema": False}
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet", **options)
    rehash(folder)


def small_profile(folder):
    rows = pq.ParquetFile(folder / "profiles.parquet").read().to_pylist()
    with_rows(folder, "profiles", [rows[0] | {"value": 4}, *rows[1:]])


def point_for_a_hex(folder):
    listed = forms.places_of(folder)
    listed.loc[listed["place"] == forms.HEX, "geometry"] = shapely.Point(-99, 31.5)
    forms.rewrite_places(folder, listed)


def without_wyoming(folder):
    listed = forms.places_of(folder)
    forms.rewrite_places(folder, listed[listed["place"] != "US-WY"])


def first(folder):
    return time.release(folder, time.OLD, [time.block(time.OLD)], id="first")


def repeated(value):
    """The first block once more, with another number of one state, beside a later year."""

    def made(folder):
        rows = [row | {"value": value} if row["place"] == "MX-CMX" else row for row in time.OLD]
        return time.release(folder, [*rows, *time.YEAR], [time.block(rows), time.year()], id="b")

    return made


def countries(folder):
    rows = [cell(1000), cell(600, "country", "US"), cell(400, "country", "MX")]
    return time.release(folder, rows, [time.block(rows)], time.PLACES, id="first")


def coalition(shown):
    """A state of Mexico, whose 400 cases another release of the same time shows."""

    def made(folder):
        rows = [cell(1000), cell(shown, "state", "MX-CMX")]
        block = time.block(rows, release="b")
        return time.release(folder, rows, [block], time.PLACES, id="b", audience="coalition")

    return made


def square(cantina, escort):
    """Two states by two venues: what stands in one crossing follows by elimination only."""
    rows = [cell(270), cell(270, "country", "US")]
    rows += [cell(140, "state", "US-TX"), cell(130, "state", "US-CA")]
    rows += [cell(150, venue="cantina"), cell(150, "country", "US", venue="cantina")]
    rows += [cell(120, venue="escort"), cell(120, "country", "US", venue="escort")]
    rows += [cell(cantina, "state", "US-TX", venue="cantina")]
    return [*rows, cell(escort, "state", "US-CA", venue="escort")]


def several_places(us):
    rows = [cell(100), cell(us, "country", "US"), cell(45, "country", "MX")]
    return numbers(rows, leaks.PLACES, **SEVERAL_PLACES)


PLANTED = {
    (0, "manifest"): (said(k=12), clean),
    (0, "listed views"): (said(policy={"id": "public", "k": 11, "views": []}), clean),
    (0, "detail views"): (lambda f: clean(f, [*PROFILES[:2], ("country", "CA", *PROFILES[2][2:])]), clean),
    (1, "small values"): (more(10, "state", "US-WY"), more(11, "state", "US-WY")),
    (1, "detail values"): (altered(small_profile), clean),
    (2, "lines"): (
        numbers([*leaks.countries(), cell(590, "state", "US-TX")], leaks.PLACES),
        numbers([*leaks.countries(), cell(589, "state", "US-TX")], leaks.PLACES),
    ),
    (2, "boxes"): (numbers(leaks.box(10), leaks.CROSSED), numbers(leaks.box(11), leaks.CROSSED)),
    (2, "contradictions"): (
        numbers([cell(149), cell(80, "country", "US"), cell(70, "country", "MX")], leaks.PLACES),
        numbers([cell(150), cell(80, "country", "US"), cell(70, "country", "MX")], leaks.PLACES),
    ),
    (3, "several hidden"): (numbers(leaks.two_hidden(10), leaks.BY_YEAR), numbers(leaks.two_hidden(11), leaks.BY_YEAR)),
    (4, "rank"): (
        numbers(square(133, 113), leaks.BY_VENUE), numbers(square(107, 87), leaks.BY_VENUE)
    ),
    (4, "sums of hidden"): (numbers(leaks.two_hidden(10), leaks.BY_YEAR), numbers(leaks.two_hidden(11), leaks.BY_YEAR)),
    (5, "intervals"): (escorts(no_labor(20)), escorts(no_labor(19))),
    (6, "whole numbers"): (escorts(no_labor(20)), escorts(no_labor(19))),
    (7, "sums of siblings"): (escorts(ranges.escorts(20)), escorts(ranges.escorts(19))),
    (8, "forced to zero"): (
        lambda f: groups.hidden_zero(f, mexico=0), lambda f: groups.hidden_zero(f, mexico=400)
    ),
    (9, "homogeneity"): (
        numbers(groups.nations(300), groups.BY_NATION),
        numbers(groups.nations(250), groups.BY_NATION),
    ),
    (9, "equal parts"): (
        numbers([cell(600), cell(600, nationality="MX")], groups.BY_NATION),
        numbers([cell(600), cell(550, nationality="MX")], groups.BY_NATION),
    ),
    (9, "rests"): (
        numbers(groups.two_years(210), groups.BY_YEAR_AND_NATION),
        numbers(groups.two_years(211), groups.BY_YEAR_AND_NATION),
    ),
    (10, "insider"): (escorts(no_labor(21)), escorts(no_labor(19))),
    (11, "one value"): (more(301, "state", "US-TX"), more(20, "state", "US-WY")),
    (11, "detail repeats"): (later(lambda f: clean(f, PROFILES[:2]), clean), later(clean, clean)),
    (12, "complements"): (more(350, nationality="all except MX"), more(40, nationality="HN")),
    (13, "apart"): (
        drawn({"US-CA": zones.CALIFORNIA, "US-NY": shapely.box(-114.5, 32, -105, 42)}),
        drawn({"US-CA": zones.CALIFORNIA, "US-NY": shapely.box(-114, 32, -105, 42)}),
    ),
    (13, "inside"): (drawn({"US-TX": shapely.box(-96, 26, -94, 30)}), drawn()),
    (13, "slivers"): (drawn(texas=160), drawn(texas=161)),
    (14, "blocks"): (
        lambda f: time.release(f, time.YEAR, [time.year()]),
        lambda f: time.release(f, [*time.OLD, *time.YEAR], [time.block(time.OLD), time.year()]),
    ),
    (14, "repeated blocks"): (later(repeated(170), first), later(repeated(150), first)),
    (14, "changes"): (
        later(lambda f: time.cumulative(f, 10), first), later(lambda f: time.cumulative(f, 11), first)
    ),
    (14, "stacked"): (later(coalition(390), countries), later(coalition(389), countries)),
    (15, "several values"): (several_places(60), several_places(80)),
    (15, "overlaps"): (
        numbers(groups.venues(4), groups.BY_VENUE, **SEVERAL_VENUES),
        numbers(groups.venues(0), groups.BY_VENUE, **SEVERAL_VENUES),
    ),
    (16, "rates"): (said(outside_percent=0.6), said(outside_percent=12.5)),
    (17, "files"): (altered(lambda f: (f / "notes.txt").write_text("x")), clean),
    (17, "rows"): (altered(lambda f: rewrite(f, rows_of(f)[::-1])), clean),
    (17, "detail rows"): (
        altered(lambda f: with_rows(f, "corridors", [{"level": "state", "value": 30}])), clean
    ),
    (17, "formats"): (altered(lambda f: rewrite(f, rows_of(f), write_statistics=True)), clean),
    (17, "options"): (said(filters=["HN"]), said(filters=["MX"])),
    (17, "places"): (altered(without_wyoming), clean),
    (18, "columns"): (altered(lambda f: rewrite(f, [r | {"lat": "x"} for r in rows_of(f)])), clean),
    (18, "texts"): (said(remarks="about 14:30 at night"), said(remarks="about the night")),
    (18, "shapes"): (altered(point_for_a_hex), clean),
    (18, "entries"): (said(remarks="x"), clean),
    (20, "minimality"): (
        numbers(groups.states(165, 100, 30), groups.BY_VENUE),
        numbers(groups.states(150, 100, 30), groups.BY_VENUE),
    ),
}  # fmt: skip


def told(made, folder):
    """(check, name) of everything that is found, whether it decides or is reported."""
    written = made(folder)
    newest, *earlier = written if isinstance(written, tuple) else (written,)
    problems = audit.attack(newest, earlier).problems
    return set(zip(problems["check"], problems["name"], strict=True))


def test_the_registry_names_every_check_of_a_report(tmp_path):
    entries = audit.attack(clean(tmp_path / "r"), [clean(tmp_path / "first")]).report["checks"]
    assert {(entry["check"], entry["name"]) for entry in entries} == set(PLANTED)
    run = {check for check, _ in PLANTED} - {0}
    assert run | set(audit.NOT_RUN) == set(range(1, 21))
    deciding = {entry["name"] for entry in entries if entry["decides"]}
    assert all(deciding <= set(release.check_words(language)) for language in ("en", "es"))


def test_no_check_has_anything_to_say_of_the_clean_release(tmp_path):
    assert told(clean, tmp_path / "r") == set()


@pytest.mark.parametrize("check", PLANTED, ids=lambda check: f"{check[0]} {check[1]}")
def test_a_check_fires_on_its_planted_release_and_not_on_the_twin(tmp_path, check):
    planted_leak, twin = PLANTED[check]
    assert check in told(planted_leak, tmp_path / "leak")
    assert check not in told(twin, tmp_path / "twin")

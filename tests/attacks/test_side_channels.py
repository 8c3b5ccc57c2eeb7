"""Inputs that differ only in counts that are withheld: every byte that a reader gets is the same.

The files of the release, and what the dashboard makes of them: values and markup of the maps,
legends, option lists, tables, charts, pictures, downloads, and the words of the nearest
combinations. A list at the end says what of ``ui`` this goes through, so that a page, a chart
or a file that is new goes through it too.
"""

import json
import re
import sys
from dataclasses import replace
from functools import partial
from importlib import import_module
from inspect import isfunction
from itertools import product
from pathlib import Path

import folium
import pandas as pd
import pytest

from geo import build, ingest, release
from geo.model import ALL
from geo.policy import policy
from tests.geo import made
from ui import (
    compare,
    corridors,
    coverage,
    export,
    figures,
    geometry,
    lookup,
    maps,
    profile,
    profiles,
    tables,
    trends,
    words,
)
from ui.choice import BY, COMPARED, Choice
from ui.export import sheets
from ui.figures import compare as charts
from ui.figures import corridors as arcs
from ui.figures import profiles as people
from ui.figures import trends as lines
from ui.figures import venues
from ui.i18n import LANGUAGES, texts

HIDDEN = {"US-WY": 3, "US-MT": 5, "US-ND": 0}
SHOWN = {"US-TX": 140, "US-GA": 70, "MX-CHH": 80}
POINTS = {"US-TX": (32.78, -96.80), "US-GA": (33.0, -83.6), "MX-CHH": (28.63, -106.08)}
POLICY = """
id = "small"
audience = "staff"
k = 11
seed = 5
intervals = false

[[views]]
levels = ["all", "country", "state"]
grains = ["period", "venue", "nationality"]
up_to = 1

[[views]]
levels = ["h3_3"]
grains = ["venue"]
up_to = 1

[[profiles]]
attributes = ["recruitment"]
levels = ["all", "country"]
reason = "one that is shown and one that is withheld"

[[corridors]]
origins = ["origin_country", "origin"]
levels = ["all", "country", "state"]
reason = "some that are shown and some that are withheld"
"""
TWINS = {
    "three and five, five and three": {"US-WY": 5, "US-MT": 3},
    "all in a state that had none": {"US-WY": 0, "US-MT": 0, "US-ND": 8},
    "one each way": {"US-WY": 4, "US-MT": 4},
}


def cases(hidden, elsewhere=3, rare="GT"):
    """Fixed cases of three states, and eight of one kind that are in the states of `hidden`.

    `elsewhere`: cases outside the study area; `rare`: nationality of four, withheld everywhere.
    """
    rows = []
    for state, count in SHOWN.items():
        for number in range(count):
            rows.append({
                "state": state,
                "date": ("2014-02-03", "2015-08-09")[number % 2],
                "venue": ("cantina", "escort", "cantina")[number % 3],
                "nationality": ("MX", "HN", "MX", "MX")[number % 4],
                "recruitment": ("romance", "job_offer")[number % 2],
                "lat": f"{POINTS[state][0] + number * 1e-3:.5f}",
                "lon": f"{POINTS[state][1]:.5f}",
            })  # fmt: skip
    for row in rows[:4]:
        row["nationality"], row["recruitment"] = rare, "work"
    plain = {
        "date": "2014-02-03",
        "venue": "cantina",
        "nationality": "MX",
        "recruitment": "romance",
    }
    rows += [plain | {"state": state} for state, count in hidden.items() for _ in range(count)]
    table = pd.DataFrame(rows).assign(country=lambda rows: rows["state"].str[:2])
    abroad = pd.DataFrame([plain | {"country": "GT"}] * elsewhere)
    known = pd.concat([table, abroad], ignore_index=True)
    known["case_id"], known["role"] = [f"case {number}" for number in known.index], "exploitation"
    return pd.concat([known, _recruited(known, hidden)], ignore_index=True).fillna("")


def _recruited(known, hidden):
    """Rows of recruitment in Chihuahua: of every third case, and of all in the states `hidden`."""
    some = (known.index % 3 == 0) & known["state"].notna() | known["state"].isin(hidden)
    where = {"country": "MX", "state": "MX-CHH", "role": "recruitment", "lat": "", "lon": ""}
    return known[some].assign(**where)


def built(root, table):
    """A sealed release of a case file; all that `root` is called by stays out of it."""
    files = made.folder(root / "files", table)
    (files / "small.toml").write_text(POLICY, encoding="utf-8")
    mapping, rules = ingest.mapping(files / "made.toml"), policy(files / "small.toml")
    return build.build([files / "cases.csv"], root / "out" / "r", mapping, rules).folder


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def dashboard(folder):
    """Everything that the dashboard makes of a release: every page, its charts and its files."""
    source = lookup.opened(release.read(folder), ("r",))
    told = [repr(source.offered), repr(sorted(source.views, key=repr)), repr(sorted(source.near))]
    for lang in LANGUAGES:
        t = texts(lang)
        opening = next(_choices(source, lang))
        for page in (_map, _compared, _over_time, _venues, _people, _corridors):
            told += page(source, opening, t)
    told += _pictures(source, opening, t)
    return [*told, export.folder_zip(source)]


def _map(source, opening, t):
    """Map page: every layer, filter and level, opened places, and the files of the view."""
    names = {place: {t.lang: words.place(source, place, t)} for place in source.near}
    told = [json.dumps(geometry.hexes(source.release.places, names))]
    for choice in _choices(source, t.lang):
        found = lookup.shown(source, choice)
        painted = maps.values(source, choice, found, {"id": "x"}, t)
        told += [json.dumps(painted), *([_markup(painted)] if choice == opening else [])]
        told += [export.as_csv(source, choice, found, t)]
        told += [export.as_geojson(source, choice, found, t)]
        told += [json.dumps(figures.ranking(source, choice, found, t), default=str)]
        told += [repr(lookup.nearest(source, choice)), export.file_name(source, choice, "csv")]
        told += [repr(lookup.left_out(found))]
        some = ("MX-CHH", "US-TX", "US-WY", *source.near)[:4] if choice.level == "auto" else ()
        for place in some:  # which level is on the map says nothing of an opened place
            over_time = figures.over_time(lookup.over_time(source, choice, place), t)
            counts = lookup.by_venue(source, choice, place)
            least = lookup.by_venue_least(source, choice, place)
            told += [over_time.to_json(), repr((counts, least))]
            if counts is not None and len(counts):
                told += [figures.by_venue(counts, t, least=least).to_json()]
    return told


def _compared(source, opening, t):
    """Compare page: layers, periods and the overlap, with their tables and files."""
    told = [repr(compare.compared(source, replace(opening, compare="periods")).pair)]
    for mode, codes in product(COMPARED, ({}, {"nationality": "MX"}, {"nationality": "GT"})):
        choice = replace(opening, compare=mode, versus="2014", period="2015", **codes)
        seen = compare.compared(source, choice)
        told += [json.dumps(charts.values(source, seen, {"id": "x"}, t))]
        told += [json.dumps(charts.table(source, seen, t), default=str)]
        told += [charts.as_csv(source, seen, t), charts.file_name(source, seen)]
        told += [repr(compare.nearest(source, choice, seen))]
        if seen.pair:
            rows = [*compare.totals(seen.found).iterrows()]
            rows += [(place, compare.at(source, seen, place)) for place in ("US-TX", "US-WY")]
            told += [charts.sentence(source, seen, row, t) for _, row in rows]
        if mode == "overlap":
            told += [json.dumps(charts.crosstab(source, seen, t))]
    return told


def _over_time(source, opening, t):
    """Trends page: every dimension and place, as chart, table and file."""
    told = []
    for by, where in product(BY, trends.places(source)):
        choice = replace(opening, by=by, where=where)
        counts = trends.table(source, choice)
        told += [counts.to_json(), repr(trends.nearest(source, choice))]
        told += [repr(trends.followed(choice)), repr(trends.left_out(choice))]
        told += [repr(trends.released_together(source, choice))]
        if not trends.released(source, choice) or counts.empty:
            continue
        name = partial(words.series, by, t=t)
        breaks = coverage.breaks(source.release.manifest, "year")
        shown = lines.tabled(counts, breaks, name, t)
        told += [lines.described(counts, name, t), shown.to_json()]
        told += [lines.single(counts.iloc[:, :1], breaks, by, t).to_json()]
        told += [lines.lines(trends.few(counts, choice), breaks, name, t).to_json()]
        told += [one.to_json() for one in lines.multiples(counts, breaks, name, t).values()]
        told += [export.trend_csv(source, choice, shown, t), export.trend_file(source, choice)]
    return told


def _venues(source, opening, t):
    """Venue profiles: totals, overlap, states and years of each layer."""
    told = []
    for layer in source.offered.layers[1:]:
        found = profile.profile(source, replace(opening, layers=(layer,)))
        told += [repr(found.layer.totals), repr(found.both), found.years.to_json()]
        told += [venues.rows(source, found.states, "place", t).to_json()]
        told += [tables.venue_csv(source, found, t)]
        if not found.states.empty:
            told += [venues.states(source, found.states, t).to_json()]
    return told


def _people(source, opening, t):
    """People and methods: every profile of both countries and of each, as chart and file."""
    told = []
    for country in (ALL, "US", "MX"):
        choice = replace(opening, country=country)
        for attribute, found in profiles.found(source, choice).items():
            told += [json.dumps(people.chart(source, found, t)), people.known(source, found, t)]
            told += [*people.notes(source, found, t), tables.profile_csv(source, choice, found, t)]
            told += [tables.file_name(source, choice, attribute), repr(profiles.by_victim(found))]
    return told


def _corridors(source, opening, t):
    """Corridors: both countries and each, and a state that is shown and one that is not."""
    told = []
    for country, place in product((ALL, "US", "MX"), ("", "US-TX", "US-WY")):
        choice = replace(opening, country=country, place=place)
        found = corridors.found(source, choice)
        told += [json.dumps(arcs.drawn(source, choice, found, t), default=str)]
        told += [json.dumps(arcs.ranking(source, choice, found, t), default=str)]
        told += [json.dumps(arcs.by_country(source, choice, found, t), default=str)]
        told += [tables.corridors_csv(source, choice, found, t)]
        told += [tables.corridors_file(source, choice, found)]
    return told


def _pictures(source, opening, t):
    """Picture of every page that has one: few, and in one language, as each takes its time."""
    view = replace(opening, layers=("cantina", "escort"), level="state")
    found = lookup.shown(source, view)
    told = [export.as_png(source, view, found, t), export.as_svg(source, view, found, t)]
    for mode in ("periods", "overlap"):
        seen = compare.compared(source, replace(opening, compare=mode))
        told += [charts.as_picture(source, seen, "svg", t)]
    drawn = [
        sheets.of_trends(source, replace(opening, by=ALL), t),
        sheets.of_venue(source, profile.profile(source, replace(opening, layers=("cantina",))), t),
        sheets.of_profile(source, opening, profiles.found(source, opening)["nationality"], t),
        sheets.of_corridors(source, opening, corridors.found(source, opening), t),
    ]
    return [*told, *(export.as_charts(sheet, "svg", t) for sheet in drawn)]


def _choices(source, lang):
    """Layers by filters by levels, withheld and foreign values among them.

    One level in the second language: its words differ, and what is looked up does not.
    """
    layers = ((ALL,), ("cantina",), ("cantina", "escort"))
    codes = ({}, {"period": "2014"}, {"nationality": "MX"}, {"nationality": "GT"})
    levels = ("auto", "state", "h3_3") if lang == LANGUAGES[0] else ("auto",)
    for chosen, filters, level in product(layers, codes, levels):
        yield Choice(lang, "r", chosen, level=level, **filters)


def _markup(painted):
    """A whole map painted, without the random names that folium gives its parts."""
    drawn = folium.Map(tiles=None)
    maps.painted(painted).add_to(drawn)
    return re.sub(r"[0-9a-f]{32}", "", drawn.get_root().render())


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return built(tmp_path_factory.mktemp("first"), cases(HIDDEN))


@pytest.fixture(scope="module")
def called():
    """What was called while ``seen`` was made."""
    return set()


@pytest.fixture(scope="module")
def seen(first, called):
    for name in [name for name in sys.modules if name.partition(".")[0] == "ui"]:
        for value in vars(sys.modules[name]).values():
            if hasattr(value, "cache_info"):
                value.cache_clear()  # what another test asked for is made again
    sys.setprofile(lambda frame, event, _: called.add(frame.f_code) if event == "call" else None)
    try:
        return dashboard(first)
    finally:
        sys.setprofile(None)


def test_the_counts_that_differ_are_withheld_and_the_others_are_not(first):
    read = release.read(first)
    cells, corridors = read.cells, read.corridors
    assert not set(HIDDEN) & {*cells["place"], *corridors["place"]}
    assert "GT" not in set(cells["nationality"])
    assert "work" not in set(read.profiles["code"])
    assert {"all", "US", "US-TX", "MX-CHH"} <= set(cells["place"])
    assert {"romance", "job_offer"} <= set(read.profiles["code"])
    assert ("US-GA", "MX-CHH") in set(zip(corridors["place"], corridors["origin"], strict=True))


OTHERS = [pytest.param(TWINS[name], id=name) for name in [*TWINS][1:]]


@pytest.mark.parametrize("hidden", OTHERS)
def test_a_withheld_count_changes_no_byte_of_a_release(first, tmp_path, hidden):
    assert contents(built(tmp_path, cases(HIDDEN | hidden))) == contents(first)


def test_a_withheld_count_changes_no_byte_of_a_release_nor_of_the_dashboard(first, seen, tmp_path):
    other = built(tmp_path, cases(HIDDEN | next(iter(TWINS.values()))))
    assert contents(other) == contents(first)
    assert dashboard(other) == seen


@pytest.mark.parametrize("changes", [{"elsewhere": 7}, {"rare": "SV"}], ids=["outside", "rare"])
def test_nor_do_cases_outside_or_the_code_of_a_withheld_value(first, tmp_path, changes):
    assert contents(built(tmp_path, cases(HIDDEN, **changes))) == contents(first)


def test_a_published_count_changes_them(first, seen, tmp_path):
    other = built(tmp_path, cases(HIDDEN | {"US-TX": 1}))
    assert contents(other) != contents(first)
    assert dashboard(other) != seen


def builders():
    """What makes a part of a page or a file: public functions, by module and name."""
    modules = [lookup, maps, tables, compare, trends, corridors, profile, profiles]
    for package in (figures, export):
        names = sorted(path.stem for path in Path(package.__file__).parent.glob("[!_]*.py"))
        modules += [package, *(import_module(f"{package.__name__}.{name}") for name in names)]
    return {
        value.__code__: f"{module.__name__.removeprefix('ui.')}.{name}"
        for module in modules
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
    }


ELSEWHERE = {  # ask about a click or a name that was typed, or are of printed figures
    "lookup.place_at", "maps.clicked", "maps.base", "figures.published.bars",
    "figures.published.value", "figures.published.table", "figures.published.checked",
}  # fmt: skip


def test_all_that_makes_a_page_or_a_file_is_gone_through(seen, called):
    assert {name for code, name in builders().items() if code not in called} == ELSEWHERE

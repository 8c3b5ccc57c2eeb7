"""Inputs that differ only in counts that are withheld: every byte that a reader gets is the same.

The files of the release, and what the dashboard makes of them: values and markup of the map,
legends, option lists, tables, charts, downloads, and the words of the nearest combinations.
"""

import json
import re
from itertools import product

import folium
import pandas as pd
import pytest

from geo import build, ingest, release
from geo.model import ALL
from geo.policy import policy
from tests.geo import made
from ui import export, figures, geometry, lookup, maps, words
from ui.choice import Choice
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
                "lat": f"{POINTS[state][0] + number * 1e-3:.5f}",
                "lon": f"{POINTS[state][1]:.5f}",
            })  # fmt: skip
    for row in rows[:4]:
        row["nationality"] = rare
    plain = {"date": "2014-02-03", "venue": "cantina", "nationality": "MX"}
    rows += [plain | {"state": state} for state, count in hidden.items() for _ in range(count)]
    table = pd.DataFrame(rows).assign(country=lambda rows: rows["state"].str[:2])
    abroad = pd.DataFrame([plain | {"country": "GT"}] * elsewhere)
    return pd.concat([table, abroad], ignore_index=True).fillna("")


def built(root, table):
    """A sealed release of a case file; all that `root` is called by stays out of it."""
    files = made.folder(root / "files", table)
    (files / "small.toml").write_text(POLICY, encoding="utf-8")
    mapping, rules = ingest.mapping(files / "made.toml"), policy(files / "small.toml")
    return build.build([files / "cases.csv"], root / "out" / "r", mapping, rules).folder


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def dashboard(folder):
    """Everything that the dashboard makes of a release, for every layer, filter and level."""
    source = lookup.opened(release.read(folder), ("r",))
    told = [repr(source.offered), repr(sorted(source.views, key=repr)), repr(sorted(source.near))]
    for lang in LANGUAGES:
        t = texts(lang)
        opening = next(_choices(source, lang))
        names = {place: {lang: words.place(source, place, t)} for place in source.near}
        told.append(json.dumps(geometry.hexes(source.release.places, names)))
        for choice in _choices(source, lang):
            found = lookup.shown(source, choice)
            painted = maps.values(source, choice, found, {"id": "x"}, t)
            told += [json.dumps(painted), *([_markup(painted)] if choice == opening else [])]
            told += [export.as_csv(source, choice, found, t)]
            told += [export.as_geojson(source, choice, found, t)]
            told += [json.dumps(figures.ranking(source, choice, found, t), default=str)]
            told += [repr(lookup.nearest(source, choice))]
            for place in sorted(source.offered.places)[:3]:
                over_time = figures.over_time(lookup.over_time(source, choice, place), t)
                told.append(over_time.to_json())
                told.append(repr(lookup.by_venue(source, choice, place)))
    return told


def _choices(source, lang):
    """Layers by filters by levels, withheld and foreign values among them."""
    layers = ((ALL,), ("cantina",), ("cantina", "escort"))
    codes = ({}, {"period": "2014"}, {"nationality": "MX"}, {"nationality": "GT"})
    for chosen, filters, level in product(layers, codes, ("auto", "state", "h3_3")):
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
def seen(first):
    return dashboard(first)


def test_the_counts_that_differ_are_withheld_and_the_others_are_not(first):
    cells = release.read(first).cells
    assert not set(HIDDEN) & set(cells["place"])
    assert "GT" not in set(cells["nationality"])
    assert {"all", "US", "US-TX", "MX-CHH"} <= set(cells["place"])


@pytest.mark.parametrize("hidden", TWINS.values(), ids=TWINS)
def test_a_withheld_count_changes_no_byte_of_a_release_nor_of_the_dashboard(
    first, seen, tmp_path, hidden
):
    other = built(tmp_path, cases(HIDDEN | hidden))
    assert contents(other) == contents(first)
    assert dashboard(other) == seen


@pytest.mark.parametrize("changes", [{"elsewhere": 7}, {"rare": "SV"}], ids=["outside", "rare"])
def test_nor_do_cases_outside_or_the_code_of_a_withheld_value(first, tmp_path, changes):
    assert contents(built(tmp_path, cases(HIDDEN, **changes))) == contents(first)


def test_a_published_count_changes_them(first, seen, tmp_path):
    other = built(tmp_path, cases(HIDDEN | {"US-TX": 1}))
    assert contents(other) != contents(first)
    assert dashboard(other) != seen

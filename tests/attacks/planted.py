"""Releases made by hand, with and without a leak, and a simulated file that is only thresholded."""

import csv
import hashlib
import itertools
import json
import random
import shutil
from collections import Counter

import geopandas as gpd
import h3
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo import audit, release, vocab
from geo.model import DIMENSIONS, KEY, PUBLISHED

TEXAS = h3.latlng_to_cell(31.5, -99.0, 3)
TEXAS_PARTS = tuple(sorted(h3.cell_to_children(TEXAS, 4)))


def cell(value, level="all", place="all", **codes):
    """One row; dimensions that are not named are not broken down."""
    row = {"level": level, "place": place, **dict.fromkeys(DIMENSIONS, "all"), **codes}
    return {**row, "measure": "cases", "value": value}


def view(level, *grains):
    return {"level": level, "grains": list(grains)}


def manifest(views, k=11, **changes):
    content = {
        "id": "made",
        "series": "made",
        "title": {"en": "Made by hand", "es": "Hecho a mano"},
        "synthetic": True,
        "audience": "public",
        "sources": [{"name": "made", "coverage_start": "2012-01", "coverage_end": "2016-12"}],
        "coverage": {"start": "2012-01", "end": "2016-12", "label": "2012–2016"},
        "k": k,
        "policy": {"id": "public", "k": k, "audience": "public", "views": list(views)},
        "multi_valued": [],
        "measures": {"cases": {"unit": {"en": "reported cases", "es": "casos reportados"}}},
        "outside": None,
        "boundaries": {},
        "code": {"mosaico": "0.1.0"},
        "previous": None,
        "licence": "CC-BY-4.0",
        "citation": {"en": "Made by hand", "es": "Hecho a mano"},
    }
    return {**content, **changes}


def outline(place):
    """A whole hex; Texas around the hexes of the tests; any other state a square of its own."""
    if "/" in place:
        corners = h3.cell_to_boundary(place.split("/")[1])
        return shapely.Polygon([(lon, lat) for lat, lon in corners])
    if place == "US-TX":
        return shapely.box(-104, 26, -94, 36)
    east, north = divmod(sorted(vocab.load().codes("states")).index(place), 10)
    return shapely.box(-80 + east, north, -79 + east, north + 1)


def outlines(cells):
    codes = set(vocab.load().codes("states"))
    listed = sorted(codes | {place for place in cells["place"] if "/" in place})
    levels = [f"h3_{h3.get_resolution(p.split('/')[1])}" if "/" in p else "state" for p in listed]
    table = {"place": listed, "level": levels, "name_en": listed, "name_es": listed}
    return gpd.GeoDataFrame(table, geometry=[outline(p) for p in listed], crs="EPSG:4326")


def table(rows):
    frame = pd.DataFrame(rows, columns=PUBLISHED.names)
    return frame.astype({**dict.fromkeys(KEY, "str"), "value": "int64"})


def write(folder, rows, views, **changes):
    """A release folder, not yet sealed, whose files are all as a release's are."""
    cells = table(rows)
    release.write(folder, cells, outlines(cells), manifest(views, **changes))
    return folder


def rehash(folder):
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for name in content["files"]:
        content["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(content), encoding="utf-8")


def alter(folder, name, /, **changes):
    """Change top entries of a JSON file."""
    path = folder / name
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **changes}), encoding="utf-8")
    if name != "manifest.json":
        rehash(folder)


def rewrite(folder, rows, **options):
    """Cells as a careless writer would: both files, in the order given, hashes right."""
    names = list(rows[0])
    columns = {name: [row.get(name) for row in rows] for name in names}
    settings = {"write_statistics": False, "store_schema": False, **options}
    pq.write_table(pa.table(columns), folder / "cells.parquet", **settings)
    with (folder / "cells.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    rehash(folder)


def rows_of(folder):
    return pq.ParquetFile(folder / "cells.parquet").read().to_pylist()


def found(folder, **options):
    """(check, name) of everything that fails."""
    problems = audit.attack(folder, **options).problems
    failing = problems[problems["severity"] == "fail"]
    return set(zip(failing["check"], failing["name"], strict=True))


def copy(folder, target):
    shutil.copytree(folder, target)
    return target


STATES = ("US-TX", "US-CA", "US-NY", "US-FL", "US-GA", "MX-CMX", "MX-PUE", "MX-TLA")
VENUES = ("cantina", "escort", "residential_brothel", "hotel_motel", "unknown")
NATIONS = ("MX", "HN", "GT", "SV", "US", "DO")
TYPES = ("sex", "labor", "sex_and_labor", "other")


def simulated(size, seed):
    """Cases as tuples (state, year, venue, nationality, type), skewed as hotline data is."""
    draw = random.Random(seed)
    lists = (STATES, tuple("20122013201420152016"[i : i + 4] for i in range(0, 20, 4)))
    lists += (VENUES, NATIONS, TYPES)
    weights = [[1 / (i + 1) ** 1.2 for i in range(len(one))] for one in lists]
    weights[1] = [1] * len(lists[1])
    columns = [draw.choices(one, w, k=size) for one, w in zip(lists, weights, strict=True)]
    return list(zip(*columns, strict=True))


SIMULATED_VIEWS = tuple(
    view(level, *grains)
    for level in ("all", "country", "state")
    for size in range(3)
    for grains in itertools.combinations(DIMENSIONS, size)
)


def thresholded(cases, k=11):
    """Every count of at least k of every view, nothing else hidden: what dashboards do."""
    counts = Counter()
    for one in SIMULATED_VIEWS:
        shown = [name in one["grains"] for name in DIMENSIONS]
        for state, *codes in cases:
            place = {"all": "all", "country": state[:2], "state": state}[one["level"]]
            named = (code if keep else "all" for code, keep in zip(codes, shown, strict=True))
            counts[one["level"], place, *named] += 1
    names = ("level", "place", *DIMENSIONS)
    return [
        {**dict(zip(names, key, strict=True)), "measure": "cases", "value": value}
        for key, value in counts.items()
        if value >= k
    ]

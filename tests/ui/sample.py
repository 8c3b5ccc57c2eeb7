"""Small made-up releases: every count is a state's total times fixed shares, rounded down.

So a test can say what it expects: Texas has 400 cases, 30 % of them in cantinas, 60 % of
those in 2015: 72.
"""

from __future__ import annotations

import math
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import h3
import pandas as pd
import shapely

from geo import release, vocab
from geo.model import ALL, DIMENSIONS, PUBLISHED

ROOT = Path(__file__).parent.parent.parent
K = 11

STATES = {
    "US-TX": 400, "US-CA": 300, "US-NY": 200, "US-FL": 120, "US-IL": 100, "US-AZ": 90,
    "US-GA": 80, "US-WA": 40, "US-unknown": 60,
    "MX-CMX": 150, "MX-BCN": 90, "MX-CHH": 80, "MX-TLA": 50, "MX-unknown": 30,
}  # fmt: skip
HOUSTON = h3.latlng_to_cell(29.76, -95.45, 4)
TIJUANA = h3.latlng_to_cell(32.45, -116.93, 4)
HOUSTON_WIDE = h3.cell_to_parent(HOUSTON, 3)
SMALL = {f"US-TX/{HOUSTON}": 150, f"MX-BCN/{TIJUANA}": 60}
WIDE = {f"US-TX/{HOUSTON_WIDE}": 200, f"MX-BCN/{h3.cell_to_parent(TIJUANA, 3)}": 70}

SHARES = {
    "period": {"2014": 0.4, "2015": 0.6},
    "venue": {"residential_brothel": 0.4, "cantina": 0.3, "escort": 0.2, "hotel_motel": 0.1},
    "nationality": {"MX": 0.6, "HN": 0.2, "unknown": 0.1},
    "trafficking_type": {"sex": 0.8, "labor": 0.2},
}

VIEWS = [
    *((level, grains) for level in ("all", "country", "state")
      for n in range(3) for grains in combinations(DIMENSIONS, n)),
    *((level, grains) for level in ("h3_3", "h3_4")
      for n in range(2) for grains in combinations(DIMENSIONS, n)),
    ("h3_3", ("period", "venue")),
]  # fmt: skip


def totals(scale: float) -> dict[str, dict[str, float]]:
    """Cases by level and place."""
    states = {place: count * scale for place, count in STATES.items()}
    countries = {
        country: sum(count for place, count in states.items() if place.startswith(country))
        for country in ("US", "MX")
    }
    return {
        "all": {ALL: sum(states.values())},
        "country": countries,
        "state": states,
        "h3_3": {place: count * scale for place, count in WIDE.items()},
        "h3_4": {place: count * scale for place, count in SMALL.items()},
    }


def cells(scale: float = 1.0) -> pd.DataFrame:
    """Published cells: every view, counts of k and more."""
    rows = []
    places = totals(scale)
    for level, grains in VIEWS:
        for codes in product(*(SHARES[grain].items() for grain in grains)):
            share = math.prod(part for _, part in codes)
            values = dict(zip(grains, (code for code, _ in codes), strict=True))
            for place, count in places[level].items():
                filled = [values.get(name, ALL) for name in DIMENSIONS]
                rows.append([level, place, *filled, "cases", math.floor(count * share + 1e-9)])
    table = pd.DataFrame(rows, columns=PUBLISHED.names)
    return table[table["value"] >= K].reset_index(drop=True)


def places(of: pd.DataFrame) -> gpd.GeoDataFrame:
    """Outlines of all states, and of the hex parts with a published cell."""
    drawn = gpd.read_parquet(ROOT / "data" / "boundaries" / "states_draw.parquet")
    hexes = sorted({place for place in of["place"] if "/" in place})
    outlines = [
        shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(place.split("/")[1])])
        for place in hexes
    ]
    ids = [*drawn["state"], *hexes]
    levels = ["state"] * len(drawn) + [f"h3_{place.split('/')[1][1]}" for place in hexes]
    words = vocab.load()
    names = {
        f"name_{lang}": [words.label("states", place.split("/")[0], lang) for place in ids]
        for lang in ("en", "es")
    }
    table = {"place": ids, "level": levels, **names}
    geometry = [*drawn.geometry, *outlines]
    return gpd.GeoDataFrame(pd.DataFrame(table).astype("str"), geometry=geometry, crs="EPSG:4326")


def manifest(name: str, **other: object) -> dict:
    """A manifest as the build makes it."""
    return {
        "id": name, "series": name, "title": {"en": f"Sample {name}", "es": f"Muestra {name}"},
        "synthetic": True, "audience": "public",
        "sources": [{"name": "made up", "coverage_start": "2014-01", "coverage_end": "2015-12"}],
        "coverage": {"start": "2014-01", "end": "2015-12", "label": "2014–2015"},
        "k": K,
        "policy": {
            "id": "public", "k": K, "audience": "public",
            "views": [{"level": level, "grains": list(grains)} for level, grains in VIEWS],
        },
        "multi_valued": [],
        "measures": {"cases": {"unit": {"en": "reported cases", "es": "casos reportados"}}},
        "outside": None, "boundaries": {}, "code": {"mosaico": "0.1.0"}, "previous": None,
        "licence": "CC BY 4.0",
        "citation": {"en": f"Sample {name}, cited.", "es": f"Muestra {name}, citada."},
        **other,
    }  # fmt: skip


def passed() -> SimpleNamespace:
    """An audit that found nothing, as if it had been run."""
    entry = {"check": 1, "name": "small values", "decides": True, "tested": 9, "found": 0,
             "not_exhaustive": 0}  # fmt: skip
    intervals = dict.fromkeys(
        ("cells", "systems", "wide", "solved", "inside", "forced", "not_attempted", "narrowest"), 0
    )
    problems = pd.DataFrame({"check": [], "name": [], "severity": []})
    report = {"checks": [entry], "intervals": intervals}
    return SimpleNamespace(problems=problems, report=report)


def write(root: Path, name: str, scale: float = 1.0, **other: object) -> Path:
    """Write a sample release in `root`."""
    made = cells(scale)
    with release.draft(root / name) as temporary:
        release.write(temporary, made, places(made), manifest(name, **other))
        return release.seal(temporary, root / name, passed())


def write_all(root: Path) -> Path:
    """Three releases: the one that opens first, a small one, and one that is not public."""
    write(root, "national", series="demo-national")
    write(root, "little", scale=0.25)
    files = {"en": "investigation files", "es": "carpetas de investigación"}
    measures = {"cases": {"unit": files}}
    write(root, "staff", audience="staff", synthetic=False, covered=["US"], measures=measures)
    return root

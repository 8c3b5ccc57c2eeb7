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
from geo.model import ALL, DIMENSIONS, PROFILES, PUBLISHED
from geo.model import CORRIDORS as CORRIDOR_COLUMNS

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

PROFILE_SHARES = {
    "gender": {"female": 0.7, "male": 0.2, "unknown": 0.1},
    "age": {"adult": 0.6, "minor": 0.3, "unknown": 0.2},
    "recruitment": {"romance": 0.3, "job_offer": 0.2, "unknown": 0.4},
    "control": {"isolation": 0.5, "economic": 0.4, "documents": 0.1, "unknown": 0.3},
    "proximity": {"self": 0.4, "direct": 0.3, "indirect": 0.2},
    "trafficker_nationality": {"MX": 0.2, "US": 0.1, "unknown": 0.7},
}  # no industry: the sources do not tell it

CORRIDORS = {
    ("US-TX", "MX-TLA"): 60, ("US-TX", "MX-CHH"): 45, ("US-NY", "MX-TLA"): 40,
    ("US-TX", "US-TX"): 30, ("MX-CMX", "MX-TLA"): 25, ("MX-CHH", "US-TX"): 12,
    ("US-TX", "unknown"): 150, ("US-TX", "outside"): 20,
}  # fmt: skip

VIEWS = [
    *((level, grains) for level in ("all", "country", "state")
      for n in range(3) for grains in combinations(DIMENSIONS, n)),
    *((level, grains) for level in ("h3_3", "h3_4")
      for n in range(2) for grains in combinations(DIMENSIONS, n)),
    ("h3_3", ("period", "venue")),
]  # fmt: skip
DETAILS = [
    *((level, (name,)) for level in ("all", "country") for name in (*PROFILE_SHARES, "industry")),
    *((level, ("origin",)) for level in ("all", "country", "state")),
]


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


def details(scale: float) -> dict[str, pd.DataFrame]:
    """Profiles of both countries and of each, and corridors; counts of k and more."""
    wide = [
        (level, place, count)
        for level in ("all", "country")
        for place, count in totals(scale)[level].items()
    ]
    told = [
        [level, place, attribute, code, "cases", math.floor(count * share + 1e-9)]
        for level, place, count in wide
        for attribute, shares in PROFILE_SHARES.items()
        for code, share in shares.items()
    ]
    between = [["state", *pair, "cases", count] for pair, count in CORRIDORS.items()]
    for code in dict.fromkeys(place[:2] for place, _ in CORRIDORS):
        some = pd.Series({pair: n for pair, n in CORRIDORS.items() if pair[0].startswith(code)})
        sums = some.groupby(level=1).sum()
        between += [["country", code, origin, "cases", n] for origin, n in sums.items()]
        whole = sums[sums.index.str.contains("-")].groupby(lambda origin: origin[:2]).sum()
        between += [["country", code, origin, "cases", n] for origin, n in whole.items()]
    tables = {
        "profiles": pd.DataFrame(told, columns=PROFILES.names),
        "corridors": pd.DataFrame(between, columns=CORRIDOR_COLUMNS.names),
    }
    return {name: table[table["value"] * (scale if name == "corridors" else 1) >= K]
            for name, table in tables.items()}  # fmt: skip


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
            "views": [{"level": level, "grains": list(grains)} for level, grains in VIEWS + DETAILS],
        },
        "multi_valued": ["age", "control"],
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


def write(
    root: Path,
    name: str,
    scale: float = 1.0,
    *,
    made: pd.DataFrame | None = None,
    detailed: bool = True,
    **other: object,
) -> Path:
    """Write a sample release in `root`, with profiles and corridors where `detailed`.

    `made`: its cells, in place of those of `scale`.
    """
    made = cells(scale) if made is None else made
    beside = details(scale) if detailed else {}
    with release.draft(root / name) as temporary:
        release.write(temporary, made, places(made), manifest(name, **other), beside)
        return release.seal(temporary, root / name, passed())


def write_all(root: Path) -> Path:
    """Three releases: the one that opens first, a small one, and one that is not public."""
    write(root, "national", series="demo-national")
    write(root, "little", scale=0.25)
    files = {"en": "investigation files", "es": "carpetas de investigación"}
    measures = {"cases": {"unit": files}}
    plain = manifest("staff")["policy"] | {
        "views": [{"level": level, "grains": list(grains)} for level, grains in VIEWS]
    }
    write(
        root,
        "staff",
        detailed=False,
        policy=plain,
        audience="staff",
        synthetic=False,
        covered=["US"],
        measures=measures,
    )
    return root


def write_edges(root: Path) -> Path:
    """Three releases at the edge: no cell, none of the mission layers, and one state alone."""
    every = cells()
    texas = every["place"].isin([ALL, "US"]) | every["place"].str.startswith("US-TX")
    write(root, "empty", made=every.head(0), detailed=False)
    write(root, "hidden", made=every[every["venue"] == ALL].reset_index(drop=True), detailed=False)
    write(root, "one-state", made=every[texas].reset_index(drop=True), covered=["US"])
    return root

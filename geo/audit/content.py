"""Check 18: nothing of a single case anywhere in the folder."""

from __future__ import annotations

import re

import h3
import shapely

from geo.audit.documents import where
from geo.audit.evidence import Evidence, column_name, leaves
from geo.audit.findings import Recorder, Result

FORBIDDEN = re.compile(
    r"(^|_)(lat|latitude|latitud|lon|lng|long|longitude|longitud|x|y|coordinates?|geo_?point|point"
    r"|case|case_id|caseid|id_case|folio|carpeta|victim|victim_id|person|name|first_name|last_name"
    r"|nombre|apellido|address|direccion|dirección|domicilio|street|calle|phone|telefono|teléfono"
    r"|email|correo|zip|postal|notes?|narrative|narrativa|relato|comments?|comentarios?|description"
    r"|hora|hour|time|timestamp|datetime|dob|birth|row|rowid|index|__index_level_\d+__)$",
    re.IGNORECASE,
)
LONGEST_CODE = 60
LONGEST_NAME = 120
LONGEST_TEXT = 1_000
LEAST_AREA = 0.01
_PATTERNS = {
    "a pair of coordinates": re.compile(r"-?\d{1,3}\.\d{2,}\s*[,;/ ]\s*-?\d{1,3}\.\d{2,}"),
    "a time of day": re.compile(
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\b([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?\b"
    ),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE),
    "an id of a record": re.compile(
        r"\b[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b"
        r"|\b[A-Z]{2,10}-[A-Z0-9]*-?\d{5,}\b|\b[Cc]ase[_ -]?([Ii][Dd])?[ #:]*\d{3,}\b"
    ),
    "an embedded page": re.compile(r"<\s*(iframe|script|object|embed|img)\b", re.IGNORECASE),
}
_DAY = re.compile(r"\b(19|20)\d\d-\d\d-\d\d\b")
DAYS_ALLOWED = ("sources", "coverage", "blocks", "boundaries", "title", "citation")


def columns(evidence: Evidence) -> Result:
    """No table has a column of coordinates, ids, names, addresses or notes."""
    recorder = Recorder(18, "columns")
    tables = {
        "cells.parquet": evidence.cells,
        "cells.csv": evidence.csv,
        "places.parquet": evidence.places,
        **{f"{name}.parquet": table for name, table in evidence.beside.items()},
        **{f"{name}.csv": table for name, table in evidence.beside_csv.items()},
    }
    listed = [
        (name, str(column))
        for name, table in tables.items()
        if table is not None
        for column in table.columns
    ]
    resources = evidence.datapackage.get("resources")
    listed += [("datapackage.json", name) for name in _names(resources)]
    for name, column in listed:
        recorder.tested += 1
        if FORBIDDEN.search(column):
            recorder.fail(f"{name}: a column that may describe single cases")
    return recorder.result()


def _names(resources: object) -> list[str]:
    """Every name below the resources of a data package, whatever their shape."""
    return [str(value) for path, value in leaves(resources) if path and path[-1] == "name"]


def texts(evidence: Evidence) -> Result:
    """No coordinates, times, ids, addresses, pages or long free text in any file."""
    recorder = Recorder(18, "texts")
    tables = {"cells.parquet": evidence.cells, "places.parquet": evidence.places}
    tables |= {f"{name}.parquet": table for name, table in evidence.beside.items()}
    for name, table in tables.items():
        if table is None:
            continue
        longest = LONGEST_NAME if name.startswith("places") else LONGEST_CODE
        for column in table.columns.difference(["geometry", "value"]):
            for text in map(str, table[column].unique()):
                recorder.tested += 1
                told = f"{name}: {column_name(str(column))}"
                _text(told, text, longest, recorder, days=False)
    for name, content in (("manifest", evidence.manifest), ("datapackage", evidence.datapackage)):
        for path, value in leaves(content):
            recorder.tested += 1
            days = path[0] in DAYS_ALLOWED
            _text(where(name, path), str(value), LONGEST_TEXT, recorder, days=days)
    for name in ("RECEIPT.md", "audit.json"):
        if (evidence.folder / name).is_file():
            recorder.tested += 1
            text = (evidence.folder / name).read_text(encoding="utf-8", errors="replace")
            _text(name, text, None, recorder, days=False)
    return recorder.result()


def _text(told: str, text: str, longest: int | None, recorder: Recorder, *, days: bool) -> None:
    for meaning, pattern in _PATTERNS.items():
        if pattern.search(text):
            recorder.fail(f"{told} holds {meaning}")
    if not days and _DAY.search(text):
        recorder.fail(f"{told} holds a day")
    if longest and len(text) > longest:
        recorder.fail(f"{told} holds a long text")


def shapes(evidence: Evidence) -> Result:
    """Places are areas; a hex part lies in its hex and is no point in disguise."""
    recorder = Recorder(18, "shapes")
    table = evidence.places
    if table is None or "geometry" not in table:
        return recorder.result()
    named = table["place"].map(str) if "place" in table else [""] * len(table)
    for number, (place, wkb) in enumerate(zip(named, table["geometry"], strict=True), 1):
        recorder.tested += 1
        row = f"places.parquet, row {number}"
        try:
            shape = shapely.from_wkb(wkb)
        except (shapely.GEOSException, TypeError):
            recorder.fail(f"{row}: an outline cannot be read", place=place)
            continue
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
            recorder.fail(f"{row}: a place is not an area", place=place)
        elif "/" in place:
            for words in _hex_part(place, shape, _least_area(evidence)):
                recorder.fail(f"{row}: {words}", place=place)
    return recorder.result()


def _least_area(evidence: Evidence) -> float:
    """Square kilometres under which an outline is a point: outlines are drawn simplified."""
    policy = evidence.manifest.get("policy")
    floor = policy.get("least_area_km2") if isinstance(policy, dict) else None
    return max(floor / 10 if isinstance(floor, int | float) else 0.0, LEAST_AREA)


def _hex_part(place: str, shape, least: float) -> list[str]:
    """Say what is wrong with the outline of a hex part."""
    cell = place.partition("/")[2]
    if not h3.is_valid_cell(cell):
        return ["a hex part's id is no H3 cell"]
    whole = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
    wrong = []
    if shape.area / whole.area * h3.cell_area(cell, "km^2") < least:
        wrong.append("a hex part is as small as a point")
    if shape.difference(whole.buffer(whole.length * 0.01)).area > 0:
        wrong.append("a hex part reaches out of its hex")
    return wrong

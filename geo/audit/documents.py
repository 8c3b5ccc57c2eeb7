"""Check 18: the manifest and the data package say what a release says, and nothing beside it.

Both are described here anew, apart from the code that writes them: their entries, and the form
of every value. What the mapping of a file gives (titles, units, citations, a licence, the names
of series, sources and policies) is free text; of that, ``content.texts`` looks for what single
cases leave behind.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.audit.evidence import KNOWN, PLACE_COLUMNS, Evidence
from geo.audit.findings import Recorder, Result
from geo.model import (
    ALL,
    ATTRIBUTES,
    CASES_MEASURE,
    CELLS_MEANING,
    COUNTRIES,
    DETAIL_MEANINGS,
    DETAIL_TABLES,
    DIMENSIONS,
    GRAINS,
    LEVELS,
    MEASURES,
    ORIGIN,
    PLACE_MEANINGS,
    PUBLISHED,
    SIGNAL,
    SIGNAL_LEAST,
    Column,
    TableSpec,
    published_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUNDARIES = (
    "accuracy.csv",
    "basemap.geojson",
    "certain.npz",
    "default_points.parquet",
    "gazetteer.parquet",
    "states_assign.parquet",
    "states_draw.parquet",
    "states_parts.parquet",
)


@dataclass(frozen=True)
class OneOf:
    """A value must be one of these, and of the same kind."""

    values: tuple

    def holds(self, value: object) -> bool:
        """Whether `value` is one of them; true is not 1."""
        return any(type(value) is type(one) and value == one for one in self.values)


@dataclass(frozen=True)
class Perhaps:
    """Null, or what `form` describes."""

    form: object


# A form is a table of entries (by name, or by a pattern of names), a list of one form (for every
# member), a tuple of forms (one for each member), a kind, a pattern, `OneOf` or `Perhaps`.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}")
_DAY = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?")
_LABEL = re.compile(r"((\d{4})?(–(\d{4})?)?|unknown)( \(r\d{1,3}\))?")
_HASH = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"\d+(\.\d+){1,3}[a-z0-9.+]{0,12}")
_CODE = re.compile(r"[A-Za-z_]{1,40}")
_IN_LANGUAGES = {re.compile(r"[a-z]{2}"): str}
_SEVERAL = OneOf(("place", *DIMENSIONS, *ATTRIBUTES, ORIGIN))
_AUDIENCE = OneOf(("public", "coalition", "staff"))

MANIFEST = {
    "schema": str,  # check 0 compares it
    "id": _ID,
    "series": str,
    "title": _IN_LANGUAGES,
    "synthetic": bool,
    "audience": _AUDIENCE,
    "sources": [{"name": str, "coverage_start": _DAY, "coverage_end": _DAY}],
    "coverage": {"start": _DAY, "end": _DAY, "label": _LABEL},
    "blocks": [
        {
            "period": re.compile(r"all|(19|20)\d\d"),
            "label": _LABEL,
            "start": _DAY,
            "end": _DAY,
            "release": _ID,
            "multi_valued": [_SEVERAL],
            "sha256": _HASH,
            "restates": _LABEL,
        }
    ],
    "covered": [OneOf(COUNTRIES)],
    "scope": [[_CODE]],  # check 0 reads the statements
    "k": int,
    "policy": {
        "id": str,
        "k": int,
        "audience": _AUDIENCE,
        "least_area_km2": float,
        "sensitive": [OneOf(DIMENSIONS)],
        "intervals": bool,
        "views": [{"level": OneOf(LEVELS), "grains": [OneOf(tuple(GRAINS))]}],
    },
    "multi_valued": [_SEVERAL],
    "measures": {measure: {"unit": _IN_LANGUAGES} for measure in MEASURES},
    "outside": Perhaps(int),
    "boundaries": dict.fromkeys(BOUNDARIES, _HASH),
    "code": {"mosaico": _VERSION},
    "previous": Perhaps(_HASH),
    "licence": str,
    "citation": _IN_LANGUAGES,
    "files": dict.fromkeys(sorted(KNOWN - {"manifest.json"}), _HASH),
    "audit": {"passed": bool, "checks": [int]},
}


_LEVEL_WEIGHT = dict(zip(LEVELS, (8.0, 8.0, 4.0, 2.0, 1.0, 0.5), strict=True))
_FILTER_WEIGHT = (4.0, 2.0, 1.0, 0.5, 0.25)


def entries(evidence: Evidence) -> Result:
    """No entry, and no value of an entry, that no release has in its two documents.

    Of the attack's own report, which anyone can make anew, the one entry that does not come
    from the files: how much of the signal is kept, in one of the bands, and only where much is
    published.
    """
    recorder = Recorder(18, "entries")
    for name, content, form in (
        ("manifest", evidence.manifest, MANIFEST),
        ("datapackage", evidence.datapackage, _package(evidence.manifest, tuple(evidence.beside))),
    ):
        for path, words in _looked_at(content, form, ()):
            recorder.tested += 1
            if words:
                told = f"{name}: {'.'.join(path)}" if path else name
                recorder.fail(f"{told} {words}")
    _signal(evidence, recorder)
    return recorder.result()


def _signal(evidence: Evidence, recorder: Recorder) -> None:
    report = _report(evidence)
    if "signal" not in report:
        return
    recorder.tested += 1
    if not OneOf(tuple(SIGNAL)).holds(report["signal"]):
        recorder.fail("audit.json: signal is none of the bands")
    elif _weight(evidence) < SIGNAL_LEAST:
        recorder.fail("audit.json: so few numbers are published that the band of the signal tells")


def _report(evidence: Evidence) -> dict:
    """The sealed report of an attack; nothing where there is none."""
    try:
        content = json.loads((evidence.folder / "audit.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _weight(evidence: Evidence) -> float:
    """Published cells by weight: of a cell the more, the coarser its place and the fewer filters."""
    rows = evidence.rows()
    rows = rows[rows["measure"] == CASES_MEASURE]
    filters = (rows[list(DIMENSIONS)] != ALL).sum(axis=1)
    weights = rows["level"].map(_LEVEL_WEIGHT) * filters.map(dict(enumerate(_FILTER_WEIGHT)))
    return float(weights.sum())


def _package(manifest: dict, beside: tuple[str, ...]) -> dict:
    """Form of the data package of a release with this manifest and tables beside its cells."""
    title, measures = manifest.get("title"), manifest.get("measures")
    columns = published_columns(measures if isinstance(measures, dict) else ())
    return {
        "name": OneOf((str(manifest.get("id")).lower(),)),
        "id": OneOf((manifest.get("id"),)),
        "title": OneOf((title.get("en") if isinstance(title, dict) else None,)),
        "licenses": ({"title": OneOf((manifest.get("licence"),))},),
        "description": OneOf((CELLS_MEANING,)),
        "resources": (
            *_twins("cells", PUBLISHED, columns),
            _resource("places", "places.parquet", "parquet", _place_fields(), ("place",)),
            *(
                one | {"description": OneOf((DETAIL_MEANINGS[name],))}
                for name in beside
                for one in _twins(name, DETAIL_TABLES[name])
            ),
        ),
    }


def _twins(name: str, spec: TableSpec, columns: tuple[Column, ...] = ()) -> tuple[dict, dict]:
    """A table as CSV and as Parquet."""
    fields = _cell_fields(columns or spec.columns)
    return (
        _resource(name, f"{name}.csv", "csv", fields, spec.key),
        _resource(f"{name}-parquet", f"{name}.parquet", "parquet", fields, spec.key),
    )


def _resource(name: str, path: str, kind: str, fields: tuple, key: tuple[str, ...]) -> dict:
    schema = {"fields": fields, "primaryKey": tuple(OneOf((column,)) for column in key)}
    words = {"name": name, "path": path, "format": kind}
    if kind == "csv":
        words |= {"encoding": "utf-8", "mediatype": "text/csv"}
    return {key: OneOf((word,)) for key, word in words.items()} | {"schema": schema}


def _cell_fields(columns: tuple[Column, ...]) -> tuple[dict, ...]:
    return tuple(
        {
            "name": OneOf((column.name,)),
            "type": OneOf(("integer" if column.kind == "int" else "string",)),
            "description": OneOf((column.meaning,)),
            "constraints": {"required": OneOf((True,))},
        }
        for column in columns
    )


def _place_fields() -> tuple[dict, ...]:
    return tuple(
        {
            "name": OneOf((name,)),
            "type": OneOf(("any" if name == "geometry" else "string",)),
            "description": OneOf((PLACE_MEANINGS[name],)),
        }
        for name in PLACE_COLUMNS
    )


def _looked_at(content: object, form: object, path: tuple[str, ...]) -> Iterator[tuple]:
    """Path of each entry looked at and what is wrong with it, ``""`` for nothing.

    A path ends above an entry that no release has: its name may be a text about a case.
    """
    if isinstance(form, Perhaps):
        if content is not None:
            yield from _looked_at(content, form.form, path)
    elif isinstance(form, dict) and isinstance(content, dict):
        for key, value in content.items():
            inner = _entry(form, key)
            if inner is None:
                yield path, "has an entry that no release has"
            else:
                yield from _looked_at(value, inner, (*path, key))
    elif isinstance(form, list | tuple) and isinstance(content, list):
        forms = form * len(content) if isinstance(form, list) else form
        for number, (value, inner) in enumerate(zip(content, forms, strict=False)):
            yield from _looked_at(value, inner, (*path, str(number)))
        if len(content) > len(forms):
            yield path, "has more members than a release has"
    else:
        yield path, "" if _is_value(content, form) else "is not what a release says there"


def _entry(form: dict, key: str) -> object:
    """Form of the entry `key`, None where there is none."""
    patterns = [name for name in form if isinstance(name, re.Pattern) and name.fullmatch(key)]
    return form.get(key, form[patterns[0]] if patterns else None)


def _is_value(content: object, form: object) -> bool:
    if isinstance(form, OneOf):
        return form.holds(content)
    if isinstance(form, re.Pattern):
        return isinstance(content, str) and bool(form.fullmatch(content))
    if form is float:
        return isinstance(content, int | float) and not isinstance(content, bool)
    return isinstance(form, type) and type(content) is form


def where(name: str, path: tuple[str, ...]) -> str:
    """Say which entry of a document, without the names that no release has."""
    known = [part if part in _NAMES else "…" for part in path]
    return f"{name}: {'.'.join(known)}"


def _names(form: object) -> Iterator[str]:
    """Names of all entries of a form."""
    if isinstance(form, dict):
        for key, inner in form.items():
            yield from _names(inner)
            if isinstance(key, str):
                yield key
    elif isinstance(form, list | tuple):
        for inner in form:
            yield from _names(inner)


_NAMES = frozenset(
    {"*", "en", "es", *_names(MANIFEST), *_names(_package({}, tuple(DETAIL_TABLES)))}
)

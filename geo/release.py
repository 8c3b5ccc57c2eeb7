"""Release folders: written once, sealed with a receipt, verified each time they are read.

A release is a folder of plain files. ``write`` makes the tables, ``seal`` adds what the
attacker found and moves the folder to its place by one rename, ``read`` refuses a folder
that was altered, never audited, or made by an unknown schema. The same tables give the
same bytes: rows are sorted, formats are fixed, and no file holds a time of writing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import ledger
from geo.model import (
    CELLS_MEANING,
    DETAIL_MEANINGS,
    DETAIL_TABLES,
    LEAST_PUBLIC_K,
    PLACE_MEANINGS,
    PUBLISHED,
    SIGNAL,
    Column,
    DataError,
    ReleaseError,
    TableError,
    TableSpec,
    UnusableError,
    check,
    published_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import geopandas as gpd

SCHEMA = "mosaico-release/1"
CELLS, CELLS_CSV, PLACES = "cells.parquet", "cells.csv", "places.parquet"
MANIFEST, DATAPACKAGE = "manifest.json", "datapackage.json"
AUDIT, RECEIPT = "audit.json", "RECEIPT.md"
WRITTEN = (CELLS, CELLS_CSV, PLACES, DATAPACKAGE)
FILES = (*WRITTEN, AUDIT, RECEIPT)
DETAIL_FILES = {name: (f"{name}.csv", f"{name}.parquet") for name in DETAIL_TABLES}
"""Files that a release has only where such a table has a row; always both."""

MANIFEST_KEYS = (
    "schema",
    "id",
    "series",
    "title",
    "synthetic",
    "audience",
    "sources",
    "coverage",
    "k",
    "policy",
    "multi_valued",
    "measures",
    "licence",
    "citation",
)

_KINDS = {
    "id": str,
    "series": str,
    "title": dict,
    "synthetic": bool,
    "audience": str,
    "sources": list,
    "coverage": dict,
    "k": int,
    "policy": dict,
    "multi_valued": list,
    "measures": dict,
    "licence": str,
    "citation": dict,
}

TEXTS = Path(__file__).parent / "texts"

# Codes only: no cell of a spreadsheet can begin a formula (=, +, -, @, tab).
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/+.\-]*")

_LONGEST_ID = 60
_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.\-]{{0,{_LONGEST_ID - 1}}}")

_PARQUET = {
    "compression": "zstd",
    "compression_level": 9,
    "version": "2.6",
    "data_page_version": "1.0",
    "use_dictionary": True,
    "write_statistics": False,
    "store_schema": False,
}


@dataclass(frozen=True)
class Release:
    """A verified release.

    Attributes
    ----------
    manifest : dict
    cells : pandas.DataFrame
        A ``PUBLISHED`` table, sorted by key.
    profiles, corridors : pandas.DataFrame
        ``PROFILES`` and ``CORRIDORS`` tables, sorted by key; empty where a release has none.
    places : geopandas.GeoDataFrame
        place, level, name_en, name_es, geometry; EPSG:4326.
    audit : dict
        ``audit.json``: what the attacker ran and found.
    receipt : str
        ``RECEIPT.md``, English and Spanish.
    folder : pathlib.Path
    """

    manifest: dict
    cells: pd.DataFrame
    places: gpd.GeoDataFrame
    audit: dict
    receipt: str
    folder: Path
    profiles: pd.DataFrame = field(default_factory=lambda: empty("profiles"))
    corridors: pd.DataFrame = field(default_factory=lambda: empty("corridors"))


def empty(name: str) -> pd.DataFrame:
    """Table of `DETAIL_TABLES` without a row."""
    spec = DETAIL_TABLES[name]
    kinds = {column.name: _dtype(column.kind) for column in spec.columns}
    return pd.DataFrame(columns=spec.names).astype(kinds)


def _dtype(kind: str | None) -> str:
    return "int64" if kind == "int" else "str"


@dataclass(frozen=True)
class Listing:
    """One folder under a root of releases; `refused` says why it cannot be read, or is empty.

    `why` is the kind of that reason, as of `geo.model.ReleaseError`.
    """

    folder: Path
    refused: str = ""
    why: str = ""
    id: str = ""
    title: dict[str, str] | None = None
    series: str = ""
    synthetic: bool = False
    coverage: dict[str, str] | None = None
    audience: str = ""


@contextmanager
def draft(folder: str | Path) -> Iterator[Path]:
    """Private temporary folder beside `folder`, removed at the end whatever happens.

    Drafts that a killed build left in the same place are removed too.

    Raises
    ------
    UnusableError
        `folder` exists, has a name that no release may have, lies inside a release, or its
        parent cannot be written.
    """
    folder = Path(folder)
    _must_be_new(folder)
    _must_be_named(folder)
    _must_be_outside(folder)
    made = [parent for parent in folder.parents if not parent.exists()]
    temporary = folder.parent / f".{folder.name}.draft-{os.getpid()}"
    try:
        with _writing(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(folder.parent)
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(mode=0o700)
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        _remove_empty(made)


def write(
    folder: str | Path,
    cells: pd.DataFrame,
    places: gpd.GeoDataFrame,
    manifest: dict,
    details: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Write tables, data dictionary and manifest into `folder`, ready for the attack.

    Parameters
    ----------
    folder : path
        A draft: made here if it is not there.
    cells : pandas.DataFrame
        A ``PUBLISHED`` table: published cells only, every value at least the manifest's k.
    places : geopandas.GeoDataFrame
        place, level, name_en, name_es, geometry (EPSG:4326).
    manifest : dict
        Everything but ``schema``, ``files`` and ``audit``, which are set here and in `seal`.
    details : mapping, optional
        ``profiles`` and ``corridors``; one without a row gets no file.

    Raises
    ------
    DataError
        A release that must not exist: a count below k, a public one of real cases, a
        code that is not safe in a spreadsheet.
    UnusableError
        The folder cannot be written.
    """
    folder = Path(folder)
    manifest = {**manifest, "schema": SCHEMA}
    _check_manifest(manifest)
    tables = {CELLS: _sorted_cells(cells, manifest["k"])}
    given = {name: table for name, table in (details or {}).items() if len(table)}
    for name, table in given.items():
        tables[f"{name}.parquet"] = _sorted_cells(table, manifest["k"], DETAIL_TABLES[name])
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for files in DETAIL_FILES.values():
            for file in files:
                (folder / file).unlink(missing_ok=True)
        for file, table in tables.items():
            spec = DETAIL_TABLES.get(Path(file).stem, PUBLISHED)
            _write_parquet(folder / file, _cells_arrow(table, spec))
            text = table.to_csv(index=False, lineterminator="\n")
            _write_text((folder / file).with_suffix(".csv"), text)
        _write_parquet(folder / PLACES, _places_arrow(places))
        _write_json(folder / DATAPACKAGE, _datapackage(manifest, tuple(given)))
        written = (*WRITTEN, *_detail_files(given))
        _write_json(folder / MANIFEST, {**manifest, "files": _hashes(folder, written)})


def seal(temporary: str | Path, folder: str | Path, audit, signal: str | None = None) -> Path:
    """Add the receipt and move the release to its place by one rename.

    Parameters
    ----------
    temporary : path
        A folder that `write` made.
    folder : path
        Where the release is to be; must not exist.
    audit : geo.audit.Audit
        ``problems`` (columns check, name, severity, …) and ``report``.
    signal : str, optional
        Key of `geo.model.SIGNAL`: how much of what k allows is shown.

    Returns
    -------
    pathlib.Path
        `folder`.

    Raises
    ------
    DataError
        The attack found something; nothing is written to `folder`.
    UnusableError
        `folder`, or a release with this id and other content beside it, exists.
    """
    temporary, folder = Path(temporary), Path(folder)
    _must_have_passed(audit)
    manifest = _json_of(temporary / MANIFEST)
    _must_be_new(folder)
    _must_be_only(folder, manifest)
    checks = sorted({entry["check"] for entry in audit.report["checks"] if entry["decides"]})
    manifest["audit"] = {"passed": True, "checks": checks}
    if signal is not None and signal not in SIGNAL:
        raise DataError("the signal of a receipt is told in bands only")
    report = audit.report | ({"signal": signal} if signal else {})
    with _writing(folder):
        _write_json(temporary / AUDIT, {**report, "passed": True})
        _write_text(temporary / RECEIPT, _receipt(manifest, report))
        manifest["files"] = _hashes(temporary, (*FILES, *_detail_files(_details_in(temporary))))
        _write_json(temporary / MANIFEST, manifest)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _make_public(temporary)
        os.rename(temporary, folder)
        _flush(folder.parent)
    return folder


def read(folder: str | Path) -> Release:
    """Read a release after verifying schema, every hash, the list of files and the audit.

    Raises
    ------
    ReleaseError
        In plain words: what does not hold, and that the folder must not be used.
    """
    folder = Path(folder)
    manifest = verify(folder)
    try:
        cells = check(_cells_frame(folder / CELLS), PUBLISHED)
        details = {
            name: check(_cells_frame(folder / f"{name}.parquet", spec), spec)
            for name, spec in DETAIL_TABLES.items()
            if f"{name}.parquet" in manifest["files"]
        }
        places = _places_frame(folder / PLACES)
    except (TableError, OSError, ValueError, KeyError) as error:
        raise ReleaseError(f"{folder.name}: its tables cannot be read: {error}") from None
    receipt = (folder / RECEIPT).read_text(encoding="utf-8")
    return Release(manifest, cells, places, _json_of(folder / AUDIT), receipt, folder, **details)


def verify(folder: str | Path) -> dict:
    """Manifest of a release folder whose files all are what the manifest says.

    Raises
    ------
    ReleaseError
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ReleaseError(f"{folder}: no such release folder")
    manifest = _json_of(folder / MANIFEST)
    if manifest.get("schema") != SCHEMA:
        raise ReleaseError(f"{folder.name}: unknown schema, {SCHEMA} expected")
    missing = [key for key in (*MANIFEST_KEYS, "files", "audit") if key not in manifest]
    if missing:
        why = "unaudited" if missing == ["audit"] else "unreadable"
        raise ReleaseError(f"{folder.name}: its manifest lacks {', '.join(missing)}", why)
    _check_kinds(folder, manifest)
    _check_files(folder, manifest["files"])
    _check_audit(folder, manifest["audit"])
    return manifest


def releases(root: str | Path) -> list[Listing]:
    """Every release folder under `root`, by name: those that can be read, and why others cannot.

    Withdrawn ones are refused, those whose manifest is not the one that the ledger lists, and
    all where the ledger's chain is broken.

    A folder without a manifest and without cells is not a release and is left out.
    """
    root = Path(root)
    if not root.is_dir():
        return []
    folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] != ".")
    found = [path for path in folders if (path / MANIFEST).exists() or (path / CELLS).exists()]
    try:
        entries = ledger.read(root)
    except ReleaseError as error:
        return [Listing(folder, refused=str(error), why="ledger") for folder in found]
    return [_listing(folder, entries) for folder in found]


def check_words(language: str) -> dict[str, str]:
    """What each check of the attack proves where it finds nothing, as receipts say it."""
    return _words(language)["checks"]


def _listing(folder: Path, entries: tuple[ledger.Entry, ...]) -> Listing:
    try:
        manifest = verify(folder)
        if manifest["id"] in ledger.withdrawn(entries):
            raise ReleaseError(f"{folder.name}: was withdrawn", "withdrawn")
        sealed = [one.manifest for one in entries if one.id == manifest["id"]]
        if sealed and sealed[-1] != _hash(folder / MANIFEST):
            raise ReleaseError(
                f"{folder.name}: is not the release that the ledger lists", "altered"
            )
    except ReleaseError as error:
        return Listing(folder, refused=str(error), why=error.why)
    names = ("id", "title", "series", "synthetic", "coverage", "audience")
    return Listing(folder, **{name: manifest[name] for name in names})


def _check_manifest(manifest: dict) -> None:
    missing = [key for key in MANIFEST_KEYS if key not in manifest]
    if missing:
        raise DataError(f"manifest: expected {', '.join(missing)}, found none")
    if manifest["audience"] != "public":
        return
    if not manifest["synthetic"]:
        raise DataError(
            "a public release must be synthetic in this version: its protection has not been "
            "reviewed by others yet; build it for staff instead"
        )
    if manifest["k"] < LEAST_PUBLIC_K:
        raise DataError(f"a public release needs k of at least {LEAST_PUBLIC_K}")


def _details_in(folder: Path) -> list[str]:
    """Detail tables that a folder has a file of."""
    return [n for n, files in DETAIL_FILES.items() if any((folder / f).exists() for f in files)]


def _detail_files(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(file for name in names for file in DETAIL_FILES[name])


def _sorted_cells(cells: pd.DataFrame, k: int, spec: TableSpec = PUBLISHED) -> pd.DataFrame:
    check(cells, spec)
    small = int((cells["value"] < k).sum())
    if small:
        raise DataError(f"{spec.name}: {small} values below k; none may be there")
    for name in spec.key:
        if not cells[name].map(_SAFE.fullmatch).astype(bool).all():
            raise DataError(f"{spec.name}.{name}: codes of letters, digits and _ / + . - expected")
    ordered = cells.sort_values(list(spec.key), kind="stable").reset_index(drop=True)
    return ordered.astype({"value": "int64"})


def _cells_arrow(cells: pd.DataFrame, spec: TableSpec):
    import pyarrow as pa

    schema = pa.schema(
        [
            pa.field(column.name, pa.int64() if column.kind == "int" else pa.string(), False)
            for column in spec.columns
        ]
    )
    arrays = [pa.array(cells[field.name].tolist(), field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _places_arrow(places: gpd.GeoDataFrame):
    import pyarrow as pa
    import shapely

    if list(places.columns) != list(PLACE_MEANINGS):
        raise DataError(f"places: expected columns {list(PLACE_MEANINGS)}, found {list(places)}")
    if places["place"].duplicated().any():
        raise DataError("places: several rows share one place")
    ordered = places.sort_values("place", kind="stable")
    shapes = np.asarray(ordered["geometry"], dtype=object)
    kinds = sorted({shape.geom_type for shape in shapes})
    if not set(kinds) <= {"Polygon", "MultiPolygon"}:
        raise DataError(f"places: outlines expected, found {', '.join(kinds)}")
    texts = list(PLACE_MEANINGS)[:-1]
    fields = [pa.field(name, pa.string(), False) for name in texts]
    fields.append(pa.field("geometry", pa.binary(), False))
    column = {"encoding": "WKB", "geometry_types": kinds}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    schema = pa.schema(fields, metadata={"geo": json.dumps(geo, sort_keys=True)})
    wkb = shapely.to_wkb(shapes, output_dimension=2, byte_order=1).tolist()
    arrays = [pa.array(ordered[name].tolist(), pa.string()) for name in texts]
    return pa.Table.from_arrays([*arrays, pa.array(wkb, pa.binary())], schema=schema)


def _cells_frame(path: Path, spec: TableSpec = PUBLISHED) -> pd.DataFrame:
    import pyarrow.parquet as pq

    table = pq.ParquetFile(path).read()
    kinds = {column.name: column.kind for column in spec.columns}
    return pd.DataFrame(
        {
            name: pd.Series(table.column(name).to_pylist(), dtype=_dtype(kinds.get(name)))
            for name in table.column_names
        }
    )


def _places_frame(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pyarrow.parquet as pq
    import shapely

    table = pq.ParquetFile(path).read()
    columns = {name: table.column(name).to_pylist() for name in PLACE_MEANINGS}
    shapes = shapely.from_wkb(columns.pop("geometry"))
    texts = {name: pd.Series(values, dtype="str") for name, values in columns.items()}
    return gpd.GeoDataFrame(texts, geometry=shapes, crs="EPSG:4326")


def _write_parquet(path: Path, table) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, table.schema, **_PARQUET) as writer:
        writer.write_table(table, row_group_size=max(table.num_rows, 1))
        if table.schema.metadata:
            writer.add_key_value_metadata(table.schema.metadata)


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _write_json(path: Path, content: dict) -> None:
    text = json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    _write_text(path, text + "\n")


def _json_of(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"{path.parent.name}: {path.name} is missing") from None
    except (OSError, ValueError):
        raise ReleaseError(f"{path.parent.name}: {path.name} cannot be read") from None
    if not isinstance(content, dict):
        raise ReleaseError(f"{path.parent.name}: {path.name} is not what a release holds")
    return content


def _words(language: str) -> dict:
    return json.loads((TEXTS / f"receipt.{language}.json").read_text(encoding="utf-8"))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hashes(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    return {name: _hash(folder / name) for name in sorted(names)}


def _check_kinds(folder: Path, manifest: dict) -> None:
    """Refuse a manifest that a reader would stumble over: it carries no hash of its own."""
    for name, kind in _KINDS.items():
        value = manifest[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ReleaseError(f"{folder.name}: {name} of its manifest is not what a release holds")
    for name in ("title", "citation"):
        if not all(isinstance(manifest[name].get(lang), str) for lang in ("en", "es")):
            raise ReleaseError(f"{folder.name}: {name} of its manifest lacks a language")


def _check_files(folder: Path, files: dict) -> None:
    allowed = {(*FILES, *_detail_files(names)) for names in _choices(DETAIL_FILES)}
    if not isinstance(files, dict) or set(files) not in map(set, allowed):
        raise ReleaseError(f"{folder.name}: its manifest must list {', '.join(sorted(FILES))}")
    found = {path.name for path in folder.iterdir()} - {MANIFEST}
    if found - set(files):
        raise ReleaseError(
            f"{folder.name}: {len(found - set(files))} files that no release holds", "altered"
        )
    if set(files) - found:
        raise ReleaseError(
            f"{folder.name}: {', '.join(sorted(set(files) - found))} missing", "altered"
        )
    for name, expected in sorted(files.items()):
        path = folder / name
        if path.is_symlink() or not path.is_file():
            raise ReleaseError(f"{folder.name}: {name} is not a plain file", "altered")
        if _hash(path) != expected:
            raise ReleaseError(f"{folder.name}: {name} was altered after its audit", "altered")


def _choices(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Every choice of some names."""
    listed = tuple(names)
    return [some for size in range(len(listed) + 1) for some in combinations(listed, size)]


def _check_audit(folder: Path, recorded: object) -> None:
    passed = isinstance(recorded, dict) and recorded.get("passed") is True
    if not passed or _json_of(folder / AUDIT).get("passed") is not True:
        raise ReleaseError(f"{folder.name}: it did not pass an audit", "unaudited")


def _must_be_new(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():
        raise UnusableError(f"{folder} exists: a release is never rewritten; choose another folder")


def _must_be_named(folder: Path) -> None:
    """A release's id stands in its files, in the addresses of pages and in names of downloads."""
    if not _ID.fullmatch(folder.name):
        raise UnusableError(
            f"{folder}: a release's folder has a name of letters (a to z), digits, _ . and -, "
            f"at most {_LONGEST_ID}; choose another name"
        )


def _must_be_outside(folder: Path) -> None:
    for parent in folder.resolve().parents:
        if (parent / MANIFEST).exists() and (parent / CELLS).exists():
            raise UnusableError(f"{folder}: lies inside the release {parent}; choose another place")


def _remove_empty(folders: list[Path]) -> None:
    """Remove the folders made for a release that came to nothing, the innermost first."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _must_be_only(folder: Path, manifest: dict) -> None:
    """Refuse a second release of one id beside the first, but for an identical copy."""
    if not folder.parent.is_dir():
        return
    for path in sorted(folder.parent.glob(f"*/{MANIFEST}")):
        if path.parent.name[0] == ".":
            continue
        try:
            other = _json_of(path)
        except ReleaseError:
            continue
        names = (*WRITTEN, *_detail_files(DETAIL_FILES))
        same = {name: other.get("files", {}).get(name) for name in names}
        if other.get("id") == manifest["id"] and same != _pick(manifest["files"], names):
            raise UnusableError(
                f"release {manifest['id']} exists in {path.parent} with other content"
            )


def _pick(content: dict, names: tuple[str, ...]) -> dict:
    return {name: content.get(name) for name in names}


def _must_have_passed(audit) -> None:
    failed = audit.problems[audit.problems["severity"] == "fail"]
    if len(failed):
        names = ", ".join(sorted(failed["name"].unique()))
        raise DataError(f"the attack found {len(failed)} problems ({names}): not released")


def _make_public(folder: Path) -> None:
    """Give the private draft the permissions that new files have here, and flush it."""
    mask = os.umask(0)
    os.umask(mask)
    for path in folder.iterdir():
        path.chmod(0o666 & ~mask)
        _flush(path)
    folder.chmod(0o777 & ~mask)
    _flush(folder)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_abandoned(parent: Path) -> None:
    for path in parent.glob(".*.draft-*"):
        number = path.name.rpartition("-")[2]
        if number.isdigit() and not _alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnusableError(f"{folder} cannot be written: {error.strerror}") from None


def _datapackage(manifest: dict, details: tuple[str, ...] = ()) -> dict:
    places = [
        {"name": name, "type": "any" if name == "geometry" else "string", "description": meaning}
        for name, meaning in PLACE_MEANINGS.items()
    ]
    cells_schema = _schema(PUBLISHED, published_columns(manifest["measures"]))
    return {
        "name": manifest["id"].lower(),
        "title": manifest["title"]["en"],
        "id": manifest["id"],
        "licenses": [{"title": manifest["licence"]}],
        "description": CELLS_MEANING,
        "resources": [
            _resource("cells", CELLS_CSV, "csv", cells_schema),
            _resource("cells-parquet", CELLS, "parquet", cells_schema),
            _resource("places", PLACES, "parquet", {"fields": places, "primaryKey": ["place"]}),
            *(one for name in details for one in _detail_resources(name)),
        ],
    }


def _detail_resources(name: str) -> list[dict]:
    """A detail table as CSV and as Parquet, with what it counts."""
    schema, told = _schema(DETAIL_TABLES[name]), {"description": DETAIL_MEANINGS[name]}
    as_csv, as_parquet = DETAIL_FILES[name]
    return [
        _resource(name, as_csv, "csv", schema) | told,
        _resource(f"{name}-parquet", as_parquet, "parquet", schema) | told,
    ]


def _schema(spec: TableSpec, columns: tuple[Column, ...] = ()) -> dict:
    fields = [
        {
            "name": column.name,
            "type": "integer" if column.kind == "int" else "string",
            "description": column.meaning,
            "constraints": {"required": True},
        }
        for column in columns or spec.columns
    ]
    return {"fields": fields, "primaryKey": list(spec.key)}


def _resource(name: str, path: str, kind: str, schema: dict) -> dict:
    text = {"encoding": "utf-8", "mediatype": "text/csv"} if kind == "csv" else {}
    return {"name": name, "path": path, "format": kind, **text, "schema": schema}


def _receipt(manifest: dict, report: dict) -> str:
    return "\n".join(_receipt_in(language, manifest, report) for language in ("en", "es"))


def _measured(words: dict, report: dict) -> list[str]:
    """What was measured and does not decide, as far as a report holds it."""
    lines = [words["intervals"].format(**report["intervals"])]
    held = (name for name in words["measured"] if name in report)
    lines += [words["measured"][name].format(**report[name]) for name in held]
    return [*lines, words["signal"][report["signal"]]] if "signal" in report else lines


def _receipt_in(language: str, manifest: dict, report: dict) -> str:
    words = _words(language)
    text = (TEXTS / f"receipt.{language}.md").read_text(encoding="utf-8")
    proved = [
        words["line"].format(words=words["checks"][entry["name"]], **entry)
        for entry in report["checks"]
        if entry["decides"]
    ]
    cut_short = sum(entry["not_exhaustive"] for entry in report["checks"])
    if cut_short:
        proved.append(words["not_exhaustive"].format(count=cut_short))
    least = manifest["k"] - 1
    rule = "by_intervals" if manifest["policy"].get("intervals") else "by_subtraction"
    promises = {name: said.format(least=least) for name, said in words["rule"][rule].items()}
    return Template(text).substitute(
        promises,
        title=manifest["title"][language],
        coverage=manifest["coverage"]["label"],
        standing=words["synthetic" if manifest["synthetic"] else "real"],
        k=manifest["k"],
        least=least,
        proved="\n".join(proved),
        measured="\n".join(_measured(words, report)),
        id=manifest["id"],
        series=manifest["series"],
        version=manifest.get("code", {}).get("mosaico", ""),
    )

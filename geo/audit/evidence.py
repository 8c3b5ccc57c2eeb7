"""What the public reads: the files of a release folder, parsed without trusting them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.model import (
    ATTRIBUTES,
    DETAIL_TABLES,
    DIMENSIONS,
    KEY,
    ORIGIN,
    PUBLISHED,
    TableSpec,
    UnusableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_K = 11
LARGEST_K = 1_000_000
FILES = frozenset(
    [
        "cells.parquet",
        "cells.csv",
        "places.parquet",
        "datapackage.json",
        "manifest.json",
        "audit.json",
        "RECEIPT.md",
    ]
)
BESIDE_FILES = frozenset(f"{name}.{kind}" for name in DETAIL_TABLES for kind in ("csv", "parquet"))
"""Files that a release may lack, each with its twin."""
KNOWN = FILES | BESIDE_FILES
PLACE_COLUMNS = ("place", "level", "name_en", "name_es", "geometry")
STATEMENT_SIZES = (2, 4)
DEFAULT_SENSITIVE = ("nationality",)
SINGLE_TABLES = ("cells.parquet", "cells.csv", "places.parquet")


@dataclass(frozen=True)
class Evidence:
    """The parsed folder.

    Attributes
    ----------
    folder : pathlib.Path
    names : tuple of str
        Every file and folder below it, relative.
    manifest, datapackage : dict
        Empty where the file is missing or not an object.
    cells : pandas.DataFrame
        Columns as found in cells.parquet; texts as str, `value` as object (None for null).
    csv : pandas.DataFrame or None
        cells.csv, all texts.
    places : pandas.DataFrame or None
        Columns as found in places.parquet; geometry as WKB.
    unreadable : tuple of str
        Files that should be there and cannot be parsed.
    beside : dict of pandas.DataFrame
        Tables beside the cells, ``profiles`` and ``corridors``: columns as found.
    beside_csv : dict
        The same as the CSV files have them, all texts.
    """

    folder: Path
    names: tuple[str, ...]
    manifest: dict
    datapackage: dict
    cells: pd.DataFrame
    csv: pd.DataFrame | None
    places: pd.DataFrame | None
    unreadable: tuple[str, ...]
    beside: dict[str, pd.DataFrame] = field(default_factory=dict)
    beside_csv: dict[str, pd.DataFrame | None] = field(default_factory=dict)

    @property
    def k(self) -> int:
        """Threshold of the manifest, or the default where it names none."""
        k = self.manifest.get("k")
        whole = isinstance(k, int) and not isinstance(k, bool)
        return k if whole and 0 < k <= LARGEST_K else DEFAULT_K

    @property
    def multi_valued(self) -> frozenset[str]:
        """Dimensions in which a case may carry several values, as the manifest says."""
        listed = self.manifest.get("multi_valued")
        known = {"place", *DIMENSIONS, *ATTRIBUTES, ORIGIN}
        return frozenset(_texts(listed) & known)

    @property
    def by_intervals(self) -> bool:
        """Whether the policy enforces the interval rule."""
        policy = self.manifest.get("policy")
        return isinstance(policy, dict) and policy.get("intervals") is True

    @property
    def sensitive(self) -> frozenset[str]:
        """Dimensions that the policy calls sensitive; nationality where it does not say."""
        policy = self.manifest.get("policy")
        listed = policy.get("sensitive") if isinstance(policy, dict) else None
        if not isinstance(listed, list):
            return frozenset(DEFAULT_SENSITIVE)
        return frozenset(_texts(listed) & set(DIMENSIONS))

    @property
    def scope(self) -> tuple[tuple[str, ...], ...]:
        """What the definitions say anyway: (dimension, code), or two such pairs in one."""
        listed = self.manifest.get("scope")
        return tuple(
            tuple(one)
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, list) and all(isinstance(word, str) for word in one)
            if len(one) in STATEMENT_SIZES
        )

    @property
    def views(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Listed views: place level and grains."""
        policy = self.manifest.get("policy")
        listed = policy.get("views") if isinstance(policy, dict) else None
        return tuple(
            (str(view.get("level")), frozenset(_texts(view.get("grains"))))
            for view in (listed if isinstance(listed, list) else ())
            if isinstance(view, dict)
        )

    def rows(self) -> pd.DataFrame:
        """Rows of cells.parquet that count something: key of texts, whole `value`.

        The index is the row's position in the file.
        """
        if not set(PUBLISHED.names) <= set(self.cells.columns):
            return pd.DataFrame(columns=PUBLISHED.names).astype({"value": "int64"})
        whole = self.cells["value"].map(lambda value: type(value) is int)
        rows = self.cells.loc[whole, PUBLISHED.names].drop_duplicates(list(KEY))
        return rows.astype({"value": "int64"})


def _texts(listed: object) -> set[str]:
    """Texts of a list; nothing where it is no list."""
    return {one for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()


def gather(folder: str | Path) -> Evidence:
    """Read every file of the folder.

    Raises
    ------
    UnusableError
        Not a folder, or one without manifest.json and cells.parquet.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UnusableError(f"{folder}: expected a release folder, found none")
    if not (folder / "manifest.json").is_file() and not (folder / "cells.parquet").is_file():
        raise UnusableError(f"{folder}: expected a release folder, found no manifest.json in it")
    unreadable: list[str] = []
    names = tuple(sorted(str(path.relative_to(folder)) for path in folder.rglob("*")))
    beside = [n for n in DETAIL_TABLES if {f"{n}.csv", f"{n}.parquet"} & set(names)]
    tables = {n: _cells(folder / f"{n}.parquet", unreadable, DETAIL_TABLES[n]) for n in beside}
    texts = {n: _csv(folder / f"{n}.csv", unreadable) for n in beside}
    return Evidence(
        folder,
        names,
        _object(folder / "manifest.json", unreadable),
        _object(folder / "datapackage.json", unreadable),
        _cells(folder / "cells.parquet", unreadable, PUBLISHED),
        _csv(folder / "cells.csv", unreadable),
        _parquet(folder / "places.parquet", unreadable),
        tuple(unreadable),
        tables,
        texts,
    )


def _object(path: Path, unreadable: list[str]) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (OSError, ValueError):
        unreadable.append(path.name)
        return {}
    if isinstance(content, dict):
        return content
    unreadable.append(path.name)
    return {}


def _once(pairs: list[tuple[str, object]]) -> dict:
    """Entries of an object; of two with one name, readers would see the last only."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("an entry stands twice")
    return dict(pairs)


def _parquet(path: Path, unreadable: list[str]) -> pd.DataFrame | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowException):
        unreadable.append(path.name)
        return None
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    return pd.DataFrame({name: pd.Series(one, dtype=object) for name, one in columns.items()})


def _cells(path: Path, unreadable: list[str], spec: TableSpec) -> pd.DataFrame:
    table = _parquet(path, unreadable)
    if table is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in spec.names})
    texts = [name for name in spec.key if name in table]
    return table.assign(**{name: table[name].fillna("").astype("str") for name in texts})


def _csv(path: Path, unreadable: list[str]) -> pd.DataFrame | None:
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
    except (OSError, ValueError, csv.Error):
        unreadable.append(path.name)
        return None
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        unreadable.append(path.name)
        return None
    return pd.DataFrame(rows[1:], columns=rows[0], dtype="str")


def column_name(name: str) -> str:
    """Name of a column, where a release has one of this name: others may hold anything."""
    specs = (PUBLISHED, *DETAIL_TABLES.values())
    known = any(name in spec.names for spec in specs) or name in PLACE_COLUMNS
    return name if known else "a column that no release has"


def leaves(content: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every value of a JSON document with its path; list positions count as ``*``.

    >>> list(leaves({"a": [1, {"b": "c"}]}))
    [(('a', '*'), 1), (('a', '*', 'b'), 'c')]
    """
    if isinstance(content, dict):
        for key, value in content.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(content, list):
        for value in content:
            yield from leaves(value, (*path, "*"))
    else:
        yield path, content

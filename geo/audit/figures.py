"""Every number in a release that is not a count: rates, percentages, shares and ranks.

A release of this version holds counts only. This looks through all of its files as if it
might not, by names of columns, keys and measures, by decimals, and by words in texts.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import pandas as pd

from geo.audit.evidence import Evidence, leaves
from geo.model import DIMENSIONS

SHARE, PERCENT, RATE, RANK = "share", "percent", "rate", "rank"
CELL = ("place", *DIMENSIONS)
NOT_FIGURES = frozenset([*CELL, "level", "measure", "geometry", "name_en", "name_es"])
OWN_REPORT = "audit.json"
PER_PERSONS = 100_000
LARGEST_PERCENT = 100

_KINDS = {
    RANK: re.compile(r"(^|[_ ])(rank|ranking|rango|puesto|lugar|posici[oó]n)($|[_ ])", re.I),
    PERCENT: re.compile(r"percent|pct|porcentaje|porciento|%", re.I),
    SHARE: re.compile(r"share|proportion|fraction|ratio|proporci[oó]n|cuota", re.I),
    RATE: re.compile(r"(^|[_ ])(rate|tasa)|(^|[_ ])(per|por)[_ ]", re.I),
}
_PER = re.compile(
    r"(?:per|por)[_ ](?:cada[_ ])?(\d[\d_, ]*)(k|[_ ]?mil)?\b|(?:per|por)[_ ]mill", re.I
)
_IN_WORDS = {
    PERCENT: re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%|per ?cent\b|por ciento\b)", re.I),
    RATE: re.compile(r"(\d+(?:[.,]\d+)?)\s(?:per|por(?: cada)?)\s(100[, ]?000)\b", re.I),
}


class Figure(NamedTuple):
    """A number that is no count.

    Attributes
    ----------
    where : str
        File and column, key or kind.
    kind : str
        share, percent, rate or rank.
    per : int
        What it is given per: 1, 100, or persons.
    shown : Decimal
    half : Decimal
        Half of its last shown digit.
    cell : tuple of str or None
        Place and dimensions of its row; None where it stands for itself.
    """

    where: str
    kind: str
    per: int
    shown: Decimal
    half: Decimal
    cell: tuple[str, ...] | None


def figures(evidence: Evidence) -> Iterator[Figure]:
    """All figures of all files of the folder."""
    for name in evidence.names:
        path = evidence.folder / name
        if not path.is_file() or name == OWN_REPORT:
            continue
        if name.endswith((".csv", ".parquet")):
            yield from _in_table(name, _table(evidence, name))
        elif name.endswith((".json", ".geojson")):
            yield from _in_json(name, _text(path))
        elif name.endswith((".md", ".txt", ".html", ".svg")):
            yield from _in_words(name, _text(path))


def _text(path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _table(evidence: Evidence, name: str) -> pd.DataFrame:
    """A table of the folder, without its geometry; empty where it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if name.endswith(".csv"):
        try:
            rows = list(csv.reader(io.StringIO(_text(evidence.folder / name), newline="")))
        except csv.Error:
            return pd.DataFrame()
        whole = [row for row in rows[1:] if len(row) == len(rows[0])]
        return pd.DataFrame(whole, columns=rows[0] if rows else [], dtype="object")
    try:
        table = pq.ParquetFile(evidence.folder / name).read()
    except (OSError, pa.ArrowException):
        return pd.DataFrame()
    kept = [column for column in table.column_names if column != "geometry"]
    return pd.DataFrame(
        {column: pd.Series(table.column(column).to_pylist(), dtype=object) for column in kept}
    )


def _in_table(name: str, table: pd.DataFrame) -> Iterator[Figure]:
    columns = [column for column in table.columns if column not in NOT_FIGURES]
    for row in table.to_dict("records"):
        cell = tuple(str(row.get(axis) or "all") for axis in CELL)
        for column in columns:
            measure = str(row.get("measure") or "cases")
            called = measure if column == "value" and measure != "cases" else str(column)
            figure = _figure(f"{name}: {called}", called, row[column], cell, named=False)
            if figure:
                yield figure


def _in_json(name: str, text: str) -> Iterator[Figure]:
    try:
        content = json.loads(text)
    except ValueError:
        return
    for path, value in leaves(content):
        called = next((part for part in reversed(path) if part != "*"), "")
        figure = _figure(f"{name}: {called}", called, value, None, named=True)
        if figure:
            yield figure


def _in_words(name: str, text: str) -> Iterator[Figure]:
    for kind, pattern in _IN_WORDS.items():
        per = LARGEST_PERCENT if kind == PERCENT else PER_PERSONS
        for match in pattern.finditer(text):
            shown = Decimal(match[1].replace(",", "."))
            yield Figure(f"{name}: a {kind} in words", kind, per, shown, _half(shown), None)


def _figure(where: str, called: str, value: object, cell, *, named: bool) -> Figure | None:
    """The number as a figure; None for texts, and for whole numbers without a figure's name."""
    shown = _number(value)
    if shown is None:
        return None
    kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(called)), None)
    if kind is None and (named or shown == shown.to_integral_value()):
        return None
    kind = kind or _guessed(shown)
    per = {SHARE: 1, PERCENT: LARGEST_PERCENT, RANK: 1}.get(kind) or persons(called)
    return Figure(where, kind, per, shown, _half(shown), cell)


def _number(value: object) -> Decimal | None:
    """The number as it is shown; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        shown = Decimal(str(value).strip().removesuffix("%").strip())
    except InvalidOperation:
        return None
    return shown if shown.is_finite() else None


def _half(shown: Decimal) -> Decimal:
    return Decimal(5).scaleb(min(int(shown.as_tuple().exponent), 0) - 1)


def _guessed(shown: Decimal) -> str:
    """Kind of a number with decimals and no telling name, by its size."""
    if shown <= 1:
        return SHARE
    return PERCENT if shown <= LARGEST_PERCENT else RATE


def persons(called: str) -> int:
    """Persons that a rate is given per, by its name; 100,000 where it does not say.

    >>> persons("rate_per_10000"), persons("tasa_por_100_mil"), persons("rate")
    (10000, 100000, 100000)
    """
    match = _PER.search(called)
    if not match:
        return PER_PERSONS
    if not match[1]:
        return 1_000_000
    return int(re.sub(r"\D", "", match[1])) * (1_000 if match[2] else 1)

"""Read a CSV, XLSX or Parquet file: the wanted columns as text, as delivered."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv as arrow
from python_calamine import CalamineError, CalamineWorkbook

from geo.mapping import CANONICAL, Mapping, canonical, nearest
from geo.model import SEPARATOR, UnusableError
from geo.vocab import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"
_SEVERAL = 8
_BLOCK = 16_000_000
_LONGEST_NAME = 60
csv.field_size_limit(2**31 - 1)  # a long narrative is no defect of a file


@dataclass(frozen=True)
class Raw:
    """A file's wanted columns as text.

    Attributes
    ----------
    table : pandas.DataFrame
        Text columns named as in the file (canonically for the identity mapping), blanks
        around texts gone; the index is the row number, the first data row being 1.
    rows : int
        Data rows of the file, broken ones included.
    broken : tuple of int
        Numbers of rows with more or fewer cells than the header; not in `table`.
    columns : int
        Columns of the file.
    unread : tuple of str
        Columns an identity mapping does not know; blank names where they may not be said.
    sheets : int
        Sheets of the workbook beside the one that was read and that the mapping did not name.
    """

    table: pd.DataFrame
    rows: int
    broken: tuple[int, ...] = ()
    columns: int = 0
    unread: tuple[str, ...] = ()
    sheets: int = 0


def read(path: str | Path, mapping: Mapping | None = None) -> Raw:
    """Read `path` through `mapping` (the identity without one).

    CSV (any delimiter; UTF-8, a marked UTF-16, or the mapping's encoding), XLSX and
    the like, and Parquet are told apart by their first bytes, not by their names.

    Raises
    ------
    UnusableError
        No such file, a folder, nothing in it, an encoding that does not fit, no header,
        or a column or sheet of the mapping that the file lacks.
    """
    mapping = mapping or canonical()
    path = Path(path)
    data = _bytes(path)
    if data.startswith(b"PAR1"):
        return _parquet(path, mapping)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheet(path, mapping)
    return _text(path, data, mapping)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise UnusableError(f"{path}: a folder; expected a CSV, XLSX or Parquet file")
    try:
        with path.open("rb") as file:
            head = file.read(4)
            data = head if head == b"PAR1" else head + file.read()
    except FileNotFoundError as error:
        raise UnusableError(f"{path}: no such file") from error
    except OSError as error:
        raise UnusableError(f"{path}: cannot be read: {error.strerror}") from error
    if not data.strip():
        raise UnusableError(f"{path}: the file is empty; expected a header and rows")
    return data


@dataclass(frozen=True)
class _Chosen:
    """Positions of the wanted columns in the file and what to call them."""

    places: tuple[int, ...]
    names: tuple[str, ...]
    unread: tuple[str, ...] = ()


def _chosen(path: Path | str, header: Sequence[str], mapping: Mapping) -> _Chosen:
    header = [name.strip() for name in header]
    if not any(header):
        line = mapping.header_row
        raise UnusableError(f"{path}: no header; expected the names of columns in line {line}")
    return (_identical if mapping.identity else _mapped)(path, header, mapping)


def _identical(path: Path | str, header: list[str], mapping: Mapping) -> _Chosen:
    known = {fold(name): name for name in CANONICAL}
    found = [known.get(fold(name), "") for name in header]
    if not any(found):
        raise UnusableError(
            f"{path}: none of its {len(header)} columns has a canonical name: it has no header, "
            f"or needs a mapping (--mapping); expected some of {', '.join(CANONICAL[:_SEVERAL])} …"
        )
    found = [
        canon or (name if name in mapping.wanted else "")
        for name, canon in zip(header, found, strict=True)
    ]
    _refuse_missing(path, found, mapping)
    twice = sorted({name for name in found if name and found.count(name) > 1})
    if twice:
        raise UnusableError(f"{path}: column {twice[0]!r} stands twice; rename one of them")
    unread = [name for name, canon in zip(header, found, strict=True) if not canon]
    sayable = len(unread) <= len(header) - len(unread)
    places = tuple(place for place, name in enumerate(found) if name)
    return _Chosen(
        places,
        tuple(found[place] for place in places),
        tuple(name if sayable and _is_name(name) else "" for name in unread),
    )


def _is_name(text: str) -> bool:
    """Whether a terminal can show the text in one short piece."""
    return text.isprintable() and len(text) <= _LONGEST_NAME


def _refuse_missing(path: Path | str, header: list[str], mapping: Mapping) -> None:
    missing = [name for name in mapping.required if name not in header]
    if missing:
        some = len(missing) < len(mapping.required)
        near = nearest(missing[0], list(filter(_is_name, header))) if some else ""
        raise UnusableError(
            f"{path}: no column {', '.join(map(repr, missing[:_SEVERAL]))}{near}, "
            f"which mapping {mapping.name!r} needs; its header is line {mapping.header_row}"
        )


def _mapped(path: Path | str, header: list[str], mapping: Mapping) -> _Chosen:
    _refuse_missing(path, header, mapping)
    names = tuple(name for name in mapping.wanted if name in header)
    twice = [name for name in names if header.count(name) > 1]
    if twice:
        raise UnusableError(f"{path}: column {twice[0]!r} stands twice; rename one of them")
    if not names:
        raise UnusableError(f"{path}: has no column that mapping {mapping.name!r} names")
    return _Chosen(tuple(map(header.index, names)), names)


@dataclass(frozen=True)
class _Grid:
    """The wanted columns as delivered, with the number of every row."""

    columns: list[pd.Series]
    numbers: np.ndarray
    rows: int
    broken: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Layout:
    """How a CSV is written: its header, delimiter and the lines above its first row."""

    header: list[str]
    delimiter: str
    lines: int


def _text(path: Path, data: bytes, mapping: Mapping) -> Raw:
    text = _decoded(path, data, mapping.encoding)
    _refuse_nul(path, text)
    layout = _layout(path, text, mapping)
    _closed(path, text, layout.delimiter)
    chosen = _chosen(path, layout.header, mapping)
    return _raw(_csv(path, text, layout, chosen), chosen, len(layout.header), mapping)


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    used = marked or encoding or "utf-8"
    try:
        return data.decode(used)
    except UnicodeDecodeError as error:
        raise UnusableError(
            f"{path}: byte {error.start} is not {used}; set the file's encoding in a mapping, "
            'for example [file] encoding = "latin-1"'
        ) from error
    except UnicodeError as error:
        raise UnusableError(f"{path}: not {used}; set the file's encoding in a mapping") from error


def _refuse_nul(path: Path, text: str) -> None:
    found = text.find("\0")
    if found >= 0:
        line = text.count("\n", 0, found) + 1
        raise UnusableError(
            f"{path}: line {line} holds a NUL, which no text has; remove it, or, if the file is "
            'UTF-16 without a mark, set [file] encoding = "utf-16-le" in a mapping'
        )


def _layout(path: Path, text: str, mapping: Mapping) -> _Layout:
    stream = io.StringIO(text, newline="")
    for _ in range(mapping.header_row - 1):
        if not stream.readline():
            break
    start = stream.tell()
    delimiter = mapping.delimiter or _delimiter(stream.readline())
    stream.seek(start)
    reader = csv.reader(stream, delimiter=delimiter)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise UnusableError(f"{path}: line {mapping.header_row} is no header of a CSV") from error
    return _Layout(header, delimiter, mapping.header_row - 1 + reader.line_num)


def _delimiter(line: str) -> str:
    bare = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _csv(path: Path, text: str, layout: _Layout, chosen: _Chosen) -> _Grid:
    broken: list[int] = []

    def leave_out(row: arrow.InvalidRow) -> str:
        broken.append(row.number - layout.lines)
        return "skip"

    names = [str(place) for place in range(len(layout.header))]
    wanted = [names[place] for place in chosen.places]
    body = text if text.endswith(("\n", "\r")) else text + "\n"
    try:
        table = arrow.read_csv(
            pa.BufferReader(body.encode()),
            arrow.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=names, skip_rows=layout.lines
            ),
            arrow.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=leave_out,
            ),
            arrow.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        raise UnusableError(f"{path}: cannot be read as a CSV of {len(names)} columns") from None
    rows = table.num_rows + len(broken)
    numbers = np.setdiff1d(np.arange(1, rows + 1), broken)
    return _Grid([table[name].to_pandas() for name in wanted], numbers, rows, tuple(broken))


def _closed(path: Path, text: str, delimiter: str) -> None:
    if text.count('"') % 2 == 0:
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 0
    try:
        for _ in reader:
            start = reader.line_num
    except csv.Error as error:
        raise UnusableError(
            f"{path}: a quote opened on line {start + 1} is not closed properly; mend that line"
        ) from error


def _sheet(path: Path, mapping: Mapping) -> Raw:
    try:
        book = CalamineWorkbook.from_path(path)
        if not book.sheet_names:
            raise UnusableError(f"{path}: the workbook has no sheet")
        if mapping.sheet and mapping.sheet not in book.sheet_names:
            raise UnusableError(
                f"{path}: no sheet {mapping.sheet!r}{nearest(mapping.sheet, book.sheet_names)}; "
                f"it has {len(book.sheet_names)} sheets"
            )
        sheet = book.get_sheet_by_name(mapping.sheet or book.sheet_names[0])
        lines = sheet.to_python(skip_empty_area=False)
    except CalamineError:
        raise UnusableError(f"{path}: cannot be read as a workbook; save it anew") from None
    others = 0 if mapping.sheet else len(book.sheet_names) - 1
    told = f"{path}, the first of {others + 1} sheets" if others else path
    if len(lines) < mapping.header_row:
        raise UnusableError(f"{told}: no header; the sheet has {len(lines)} rows")
    header = [_cell(value) for value in lines[mapping.header_row - 1]]
    chosen = _chosen(told, header, mapping)
    body = lines[mapping.header_row :]
    columns = [pd.Series([_cell(line[at]) for line in body], dtype="str") for at in chosen.places]
    grid = _Grid(columns, np.arange(1, len(body) + 1), len(body))
    return replace(_raw(grid, chosen, len(header), mapping), sheets=others)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return str(value)


def _parquet(path: Path, mapping: Mapping) -> Raw:
    try:
        file = pq.ParquetFile(path)
        header = file.schema_arrow.names
        chosen = _chosen(path, header, mapping)
        table = file.read(columns=[header[place] for place in chosen.places])
        table.validate(full=True)
    except (pa.ArrowException, OSError):
        raise UnusableError(f"{path}: cannot be read as Parquet; write it anew") from None
    columns = [_strings(path, header[place], table[header[place]]) for place in chosen.places]
    grid = _Grid(columns, np.arange(1, table.num_rows + 1), table.num_rows)
    return _raw(grid, chosen, len(header), mapping)


def _strings(path: Path, name: str, column: pa.ChunkedArray) -> pd.Series:
    try:
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            column = pc.binary_join(column.cast(pa.list_(pa.string())), SEPARATOR)
        return pc.fill_null(column.cast(pa.string()), "").to_pandas()
    except pa.ArrowException:
        raise UnusableError(
            f"{path}: column {name!r} is of a kind that cannot be read; expected texts, numbers, "
            "dates or lists of them; write it as text"
        ) from None


def _raw(grid: _Grid, chosen: _Chosen, width: int, mapping: Mapping) -> Raw:
    skipped = mapping.skip_rows
    index = pd.Index(grid.numbers - skipped, name="row")
    stripped = {
        name: column.astype("str").str.strip().set_axis(index)
        for name, column in zip(chosen.names, grid.columns, strict=True)
    }
    table = pd.DataFrame(stripped, index=index)
    broken = tuple(number - skipped for number in grid.broken if number > skipped)
    rows = max(grid.rows - skipped, 0)
    return Raw(table[table.index > 0], rows, broken, width, chosen.unread)

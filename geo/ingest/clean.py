"""Canonical columns of text to CASES: codes, periods, places as written, case numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.ingest.cases import case_ids, in_several_files, numbered, united
from geo.ingest.dates import periods
from geo.ingest.shape import by_value, note, shape
from geo.ingest.states import states
from geo.mapping import COUNT_COLUMNS, LIST_COLUMNS, Mapping
from geo.model import CASES, NOTES, SEPARATOR, UNKNOWN, DataError, check
from geo.rules import Ledger, findings
from geo.vocab import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.ingest.files import Raw
    from geo.vocab import Vocab

_LISTS = {
    "venue": "venues",
    "trafficking_type": "trafficking_types",
    "nationality": "nationalities",
    "industry": "industries",
    "recruitment": "recruitment",
    "control": "control",
    "proximity": "proximity",
    "trafficker_nationality": "nationalities",
}
_NEVER_EMPTY = ("venue", "trafficking_type", "nationality")
_BOTH = {"sex", "labor"}
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?|\d{3,4}")
_ZIP_DIGITS = 5
_MOST = 10_000_000
_HALF_TURN, _QUARTER_TURN = 180, 90


@dataclass(frozen=True)
class Cleaned:
    """What became of a file.

    Attributes
    ----------
    cases : pandas.DataFrame
        :data:`geo.model.CASES`.
    findings : pandas.DataFrame
        :data:`geo.model.FINDINGS`.
    notes : pandas.DataFrame
        :data:`geo.model.NOTES`.
    """

    cases: pd.DataFrame
    findings: pd.DataFrame
    notes: pd.DataFrame


class _File:
    """A shaped file being cleaned: its text, its file rows and what was found."""

    def __init__(self, text: pd.DataFrame, rows: pd.Series, ledger: Ledger, vocab: Vocab):
        self.text = text
        self.rows = rows
        self.ledger = ledger
        self.vocab = vocab
        common = vocab.index("common").items()
        self._absent = {label for label, code in common if code == UNKNOWN}

    def column(self, name: str) -> pd.Series:
        """Text of a canonical column; blank where it is absent or says "not known"."""
        if name not in self.text:
            return pd.Series("", index=self.text.index, dtype="str")
        return by_value(self.text[name], lambda cell: "" if self.absent(cell) else cell)

    def numbers(self, name: str, decimal: str = ".") -> tuple[pd.Series, pd.Series]:
        """Numbers of a canonical column (NaN where there is none), and where a text is none."""
        if name not in self.text:
            return pd.Series(np.nan, index=self.text.index), self.nowhere()
        text = self.text[name]
        plain = text if decimal == "." else text.str.replace(decimal, ".", regex=False)
        numbers = pd.to_numeric(plain.where(plain != ""), errors="coerce").astype("float64")
        return numbers, self.failing(text, numbers.isna())

    def failing(self, text: pd.Series, failed: pd.Series) -> pd.Series:
        """Where a text `failed` to be read, but for those that mean "not known"."""
        odd = text[failed & (text != "")]
        failing = self.nowhere()
        failing.loc[odd.index] = by_value(odd, lambda cell: "" if self.absent(cell) else "x") != ""
        return failing

    def nowhere(self) -> pd.Series:
        """Mark no row."""
        return pd.Series(False, index=self.text.index)

    def absent(self, cell: str) -> bool:
        """Whether the text means that nothing is known."""
        return not cell or fold(cell) in self._absent

    def find(self, rule: str, failing: pd.Series) -> None:
        """Rows where `failing` is true fail `rule`."""
        self.ledger.add(rule, self.rows[failing])


class _Read(NamedTuple):
    """What was read of a file before its rows are joined to cases.

    Attributes
    ----------
    cases : pandas.DataFrame
        A ``CASES`` table without the number of the case.
    ids : pandas.Series of str
        The case id of every row, ``""`` for none.
    rows : pandas.Series of int
        The file's row of every row.
    ledger : Ledger
    notes : list of dict
    """

    cases: pd.DataFrame
    ids: pd.Series
    rows: pd.Series
    ledger: Ledger
    notes: list[dict]


class _Codes(NamedTuple):
    codes: str
    bad: bool


def clean(raw: Raw, mapping: Mapping, vocab: Vocab) -> Cleaned:
    """Turn a file into cases; a defect makes its value unknown and is a finding.

    Raises
    ------
    DataError
        No usable row: none left by the filters, or no row stands for a case.
    """
    return clean_all([("", raw)], mapping, vocab)


def clean_all(files: Iterable[tuple[str, Raw]], mapping: Mapping, vocab: Vocab) -> Cleaned:
    """Turn several files into the cases of all; rows keep the numbers of their file.

    Rows of one case id are one case, in one file or in several; ids end here.

    Parameters
    ----------
    files : iterable of (str, Raw)
        Each with the name that findings call it by.
    mapping : Mapping
        Of every file.
    vocab : Vocab

    Raises
    ------
    DataError
        A file without a usable row.
    """
    read = [_read(name, raw, mapping, vocab) for name, raw in files]
    of_file = np.repeat(np.arange(len(read)), [len(one.cases) for one in read])
    cases, ids, rows = (
        pd.concat([getattr(one, name) for one in read], ignore_index=True)
        for name in ("cases", "ids", "rows")
    )
    cases, joined, failures = united(cases.assign(case=numbered(ids)))
    failures["case_in_several_files"] = in_several_files(cases["case"], of_file)
    for rule, failing in failures.items():
        for number, one in enumerate(read):
            one.ledger.add(rule, rows[failing & (of_file == number)])
    notes = [line for one in read for line in one.notes] + joined
    cases = check(cases[CASES.names], CASES)
    return Cleaned(cases, findings(one.ledger for one in read), _noted(notes))


def _read(name: str, raw: Raw, mapping: Mapping, vocab: Vocab) -> _Read:
    shaped = shape(raw, mapping)
    notes = list(shaped.notes)
    ledger = Ledger(name, shaped.rows.nunique() + len(raw.broken))
    file = _File(shaped.text, shaped.rows, ledger, vocab)
    ledger.add("row_broken", raw.broken)
    _tell_unread(raw, ledger)
    counts = _counted(file, mapping, notes)
    if counts.empty:
        told = f"{name}: " if name else ""
        raise DataError(told + _nothing(raw, len(shaped.text)), findings([ledger]))
    cases = pd.DataFrame({"cases": counts}).assign(**_attributes(file, mapping))
    cases = cases.assign(file=name, **_places(file, mapping), **_numbers(file))
    ids = case_ids(file.text, file.rows, ledger)
    return _Read(cases.reset_index(names="row"), ids, file.rows, ledger, notes)


def _nothing(raw: Raw, left: int) -> str:
    if not raw.rows:
        return "no usable row: expected rows below the header, found none"
    if left:
        why = "none stands for a case; look at the column of counts (cases)"
    else:
        why = "none is left; look at the mapping's filters, and for blank or broken rows"
    return f"no usable row: {raw.rows} rows read, {why}"


def _tell_unread(raw: Raw, ledger: Ledger) -> None:
    if raw.sheets:
        ledger.say(
            "sheet_unread",
            f"the first sheet was read, {raw.sheets} more were not; to read another, name it in a "
            'mapping: [file] sheet = "…"',
        )
    if raw.unread:
        named = ", ".join(name for name in raw.unread if name)
        ledger.say(
            "column_unread",
            f"{len(raw.unread)} of {raw.columns} columns have no canonical name and are not "
            f"read{': ' + named if named else ''}",
        )


def _counted(file: _File, mapping: Mapping, notes: list[dict]) -> pd.Series:
    """How many cases every row stands for; `file` keeps only the rows that have some."""
    before = len(file.text)
    if "cases" in file.text:
        numbers, bad = _whole(file, "cases", mapping.decimal)
        file.find("count_unreadable", bad)
        counts = numbers.fillna(0)
    else:
        counts = pd.Series(1, index=file.text.index)
    some = counts > 0
    if not some.all():
        file.text, file.rows = file.text[some], file.rows[some]
        notes.append(note("count", before, len(file.text), 0, "zero_or_blank_cases"))
    return counts[some].astype("int64")


def _whole(file: _File, name: str, decimal: str = ".") -> tuple[pd.Series, pd.Series]:
    """Whole numbers, 0 or more (NA where there is none), and where a text is not one."""
    numbers, bad = file.numbers(name, decimal)
    good = numbers.between(0, _MOST) & (numbers == numbers.round())
    return numbers.where(good).astype("Int64"), bad | (numbers.notna() & ~good)


def _attributes(file: _File, mapping: Mapping) -> dict[str, pd.Series]:
    found = {name: _list(file, mapping, name) for name in LIST_COLUMNS}
    found["trafficking_type"] = by_value(found["trafficking_type"], _one_type)
    for name in _NEVER_EMPTY:
        found[name] = found[name].mask(found[name] == "", UNKNOWN)
    found["period"] = _periods(file, mapping)
    found["role"] = _single(file, "role", "roles").replace("", "exploitation")
    found["source"] = _single(file, "source", "sources")
    return found


def _periods(file: _File, mapping: Mapping) -> pd.Series:
    if "date" not in file.text:
        return pd.Series(UNKNOWN, index=file.text.index, dtype="str")
    dates = periods(file.text["date"], mapping.dates)
    file.find("date_band", dates["problem"] == "band")
    file.find("date_impossible", file.failing(file.text["date"], dates["problem"] == "impossible"))
    return dates["period"]


def _list(file: _File, mapping: Mapping, name: str) -> pd.Series:
    if name not in file.text:
        return pd.Series("", index=file.text.index, dtype="str")
    separator = mapping.lists.get(name, SEPARATOR)
    given = mapping.translations.get(name, {})
    codes, values = pd.factorize(file.text[name])
    read = [_codes(cell, separator, given, file, _LISTS[name]) for cell in values]
    table = pd.DataFrame(read, columns=["codes", "bad"]).take(codes).set_axis(file.text.index)
    file.find(f"{name}_unknown", table["bad"].astype("bool"))
    return table["codes"].astype("str")


def _codes(cell: str, separator: str, given: dict[str, str], file: _File, name: str) -> _Codes:
    """Codes of a list cell, sorted; a label that holds the separator is tried whole first."""
    index = file.vocab.index(name)
    whole = given.get(cell, cell)
    items = [whole] if fold(whole) in index else _items(cell, separator, given)
    known = [item for item in items if not file.absent(item)]
    found = {index.get(fold(item), "") for item in known}
    return _Codes(SEPARATOR.join(sorted(found - {""})), "" in found)


def _items(cell: str, separator: str, given: dict[str, str]) -> list[str]:
    """Items through the value map, once; it may answer with several codes."""
    if cell in given:
        return given[cell].split(SEPARATOR)
    items = (item.strip() for item in cell.split(separator))
    return [one for item in items for one in given.get(item, item).split(SEPARATOR)]


def _one_type(codes: str) -> str:
    types = set(codes.split(SEPARATOR))
    if "sex_and_labor" in types or types >= _BOTH:
        return "sex_and_labor"
    return next((one for one in ("sex", "labor", "other") if one in types), "")


def _single(file: _File, name: str, vocabulary: str) -> pd.Series:
    text = file.column(name)
    codes = file.vocab.match(vocabulary, text)
    file.find(f"{name}_unknown", (text != "") & (codes == ""))
    return codes


def _places(file: _File, mapping: Mapping) -> dict[str, pd.Series]:
    lat, lon = _coordinates(file, mapping.decimal)
    zips = _zips(file)
    located = states(file.column("state"), file.column("country"), file.vocab, mapping.state_codes)
    for rule in ("state_unknown", "state_ambiguous", "state_contradicts_country"):
        file.find(rule, located["problem"] == rule)
    file.find("country_unknown", located["country_bad"])
    country = located["country"].mask((located["country"] == UNKNOWN) & (zips != ""), "US")
    return {
        "country": country,
        "state": located["state"],
        "place_name": by_value(file.column("place"), _one_blank),
        "municipality": by_value(file.column("municipality"), _one_blank),
        "zip": zips.mask(country != "US", ""),
        "lat": lat,
        "lon": lon,
    }


def _one_blank(text: str) -> str:
    return " ".join(text.split())


def _coordinates(file: _File, decimal: str) -> tuple[pd.Series, pd.Series]:
    (lat, lat_bad), (lon, lon_bad) = (file.numbers(name, decimal) for name in ("lat", "lon"))
    good = (lat.abs() <= _QUARTER_TURN) & (lon.abs() <= _HALF_TURN) & ~((lat == 0) & (lon == 0))
    given = lat.notna() | lon.notna()
    file.find("coordinates_impossible", lat_bad | lon_bad | (given & ~good))
    return lat.where(good), lon.where(good)


def _zips(file: _File) -> pd.Series:
    text = file.column("zip")
    zips = by_value(text, _zip)
    file.find("zip_impossible", (text != "") & (zips == ""))
    return zips


def _zip(text: str) -> str:
    """Five digits; a spreadsheet's lost leading zeros come back."""
    return text[:_ZIP_DIGITS].zfill(_ZIP_DIGITS) if _ZIP.fullmatch(text) else ""


def _numbers(file: _File) -> dict[str, pd.Series]:
    numbers = {}
    for name in COUNT_COLUMNS:
        numbers[name], bad = _whole(file, name)
        file.find("victims_unreadable", bad)
    return numbers


def _noted(notes: list[dict]) -> pd.DataFrame:
    table = pd.DataFrame(notes, columns=NOTES.names)
    kinds = {column.name: "str" if column.kind == "text" else "int64" for column in NOTES.columns}
    return check(table.astype(kinds), NOTES)

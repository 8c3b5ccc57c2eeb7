"""Mappings: how a real file becomes the canonical columns, as TOML instead of code.

A mapping names the file's own columns and texts on one side and the canonical ones
on the other. Texts of a mapping are compared exactly, but for blanks around them;
what a mapping leaves as it is, is then looked up in the vocabularies (:mod:`geo.vocab`).
Every key, each optional but for one of ``canonical`` and ``[columns]``::

    canonical = true                  # the file has the canonical columns already
    missing = ["-99"]                 # texts that mean no value, in any column
    dates = ["%d/%m/%Y"]              # tried in order, before the ISO forms
    state_codes = "inegi"             # text, fips, inegi or geonames
    records_need = ["A", "B"]         # a row in which all these are blank is no record

    [file]                            # encoding, delimiter, decimal, sheet,
    encoding = "latin-1"              # header_row (from 1), skip_rows (below the header)

    [columns]                         # canonical column = column of the file
    date = "fecha_hecho"
    [optional_columns]                # the same, where the file has them
    [constants]                       # canonical column = text of every row
    country = "MX"
    [values.venue]                    # text of the file = canonical text; "" is not known
    "Bar" = "cantina"
    [lists]                           # canonical column = separator of its list cells
    venue = ","

    [months]                          # twelve columns of counts become twelve rows
    year = "Año"
    columns = ["Enero", "Febrero", …]

    [[filters]]                       # keep or drop rows; optional: where the column exists
    column = "Tipo de delito"
    keep = ["Trata de personas"]

    [[flags]]                         # a column that says yes becomes a value
    column = "isForcedLabour"
    is = ["1"]
    to = "trafficking_type"
    value = "labor"                   # and otherwise = "…"

    [release]                         # title, series, unit, sources, synthetic: for a release
    scope = [                         # what its definitions say of every case it may hold:
      ["trafficking_type", "sex"],                             # all cases are of this type;
      ["venue", "escort", "trafficking_type", "sex"],         # all with the one, the other
    ]
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from geo import vocab
from geo.model import COUNTRIES, UnusableError

FOLDER = Path(__file__).parent / "mappings"

PLACE_COLUMNS = ("lat", "lon", "place", "state", "zip", "municipality", "country")
LIST_COLUMNS = (
    "venue",
    "trafficking_type",
    "nationality",
    "industry",
    "recruitment",
    "control",
    "proximity",
    "trafficker_nationality",
)
COUNT_COLUMNS = (
    "victims",
    "victims_female",
    "victims_male",
    "victims_gender_minority",
    "victims_gender_unknown",
    "victims_adult",
    "victims_minor",
    "victims_age_unknown",
)
CANONICAL = (
    "case_id",
    "date",
    *PLACE_COLUMNS,
    "role",
    "source",
    *LIST_COLUMNS,
    *COUNT_COLUMNS,
    "cases",
)

STATE_CODES = ("text", "fips", "inegi", "geonames")
MONTHS = 12

_PLAIN = re.compile(r"[!#-/:-@\[-`{-~\t ]")
_COVERAGE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_DIRECTIVES = re.compile(r"(?=.*%[yY])(?:[^%]|%[aAbBdfHIjmMpSyYzZ%])*")
_KEYS = {
    "": {
        "canonical": bool,
        "file": dict,
        "columns": dict,
        "optional_columns": dict,
        "constants": dict,
        "values": dict,
        "filters": list,
        "flags": list,
        "months": dict,
        "lists": dict,
        "missing": list,
        "dates": list,
        "state_codes": str,
        "records_need": list,
        "release": dict,
    },
    "file": {
        "encoding": str,
        "delimiter": str,
        "decimal": str,
        "sheet": str,
        "header_row": int,
        "skip_rows": int,
    },
    "filters": {"column": str, "keep": list, "drop": list, "optional": bool},
    "flags": {"column": str, "is": list, "to": str, "value": str, "otherwise": str},
    "months": {"year": str, "columns": list},
    "release": {
        "title": dict,
        "series": str,
        "unit": dict,
        "sources": list,
        "synthetic": bool,
        "licence": str,
        "citation": dict,
        "covered": list,
        "scope": list,
    },
    "release.sources": {"name": str, "coverage_start": str, "coverage_end": str},
}
SCOPE_DIMENSIONS = {
    "venue": "venues",
    "nationality": "nationalities",
    "trafficking_type": "trafficking_types",
}
_BOTH_LANGUAGES = ("title", "unit", "citation")


@dataclass(frozen=True)
class Filter:
    """Rows kept, or dropped, by the text of one column; `optional`: where it exists."""

    column: str
    texts: tuple[str, ...]
    keep: bool
    optional: bool = False


@dataclass(frozen=True)
class Flag:
    """`value` in canonical column `to` where `column` is one of `texts`."""

    column: str
    texts: tuple[str, ...]
    to: str
    value: str
    otherwise: str = ""


@dataclass(frozen=True)
class Mapping:
    """One file's way into the canonical columns.

    Attributes
    ----------
    name : str
        Name of the TOML file without its ending; ``canonical`` for the identity.
    identity : bool
        The file has the canonical columns already.
    encoding, delimiter, sheet : str
        ``""``: UTF-8 (or as the file's mark says), as the header shows, the first.
    header_row, skip_rows : int
        Line of the header, the first being 1; rows below it that are no data.
    columns, optional_columns : dict
        Canonical column to column of the file; an optional one may be absent.
    constants : dict
        Canonical column to the text of every row.
    translations : dict of dict
        Canonical column to {text of the file: canonical text}; ``""`` is unknown.
    filters : tuple of Filter
    flags : tuple of Flag
    year, months : str, tuple of str
        Column of the year and the twelve month columns of counts, January first.
    lists : dict
        Canonical column to the separator of its list cells (``;`` by default).
    missing : tuple of str
        Texts that mean no value, in any column.
    dates : tuple of str
        strptime formats, tried in order before the ISO forms.
    state_codes : str
        What ``state`` holds: text, or numbers of fips, inegi or geonames.
    records_need : tuple of str
        A row in which all these columns are blank is no record.
    release : dict
        Title, series, unit, sources, synthetic, the countries that the sources cover
        (both where not named), and the scope: what a release of the file says.
    """

    name: str = "canonical"
    identity: bool = False
    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    sheet: str = ""
    header_row: int = 1
    skip_rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    optional_columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    flags: tuple[Flag, ...] = ()
    year: str = ""
    months: tuple[str, ...] = ()
    lists: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    state_codes: str = "text"
    records_need: tuple[str, ...] = ()
    release: dict = field(default_factory=dict)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns the file must have."""
        filters = [one.column for one in self.filters if not one.optional]
        flags = [flag.column for flag in self.flags]
        year = [self.year] if self.year else []
        return tuple(dict.fromkeys([*self.columns.values(), *filters, *flags, *year, *self.months]))

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """Columns read where the file has them; no other column is read at all."""
        filters = [one.column for one in self.filters]
        optional = self.optional_columns.values()
        return tuple(dict.fromkeys([*self.required, *optional, *filters, *self.records_need]))


def canonical() -> Mapping:
    """Return the identity: a file whose columns are the canonical ones."""
    return Mapping(identity=True)


def names() -> tuple[str, ...]:
    """Names of the mappings that ship with the engine."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def mapping(name_or_path: str | Path) -> Mapping:
    """Read the mapping of that name in ``geo/mappings``, or the TOML file at that path.

    Raises
    ------
    UnusableError
        No such mapping, no TOML, or a key or value that no mapping has; the message
        names the key and the nearest one that exists.
    """
    path = _found(name_or_path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnusableError(
            f"{path}: byte {error.start} is not UTF-8; save the mapping as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UnusableError(f"{path}: not TOML: {error}") from error
    except RecursionError:
        raise UnusableError(f"{path}: not a mapping: its lists are nested too deeply") from None
    return _checked(document, path)


def nearest(word: str, words: tuple[str, ...] | list[str]) -> str:
    """Return `` (nearest: …)`` where one of `words` is like `word`, else ``""``."""
    close = get_close_matches(word, words, n=1)
    return f" (nearest: {close[0]!r})" if close else ""


def _found(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    shipped = FOLDER / f"{path}.toml"
    if path.name == str(path) and path.suffix == "" and shipped.is_file():
        return shipped
    if path.is_dir():
        raise UnusableError(f"{path}: a folder; expected a mapping, a TOML file")
    if not path.exists():
        known = ", ".join(names())
        raise UnusableError(
            f"{path}: no such mapping{nearest(path.stem, names())}; "
            f"give one of {known}, or the path of a TOML file"
        )
    return path


def _checked(document: dict, path: Path) -> Mapping:
    check = _Checker(path)
    check.keys(document, "")
    for table in ("file", "months", "release"):
        check.keys(document.get(table, {}), table)
    for table in ("filters", "flags"):
        for one in document.get(table, []):
            check.keys(one, table)
    for table in ("columns", "optional_columns", "constants", "values", "lists"):
        check.canonical(document.get(table, {}), table)
    for table in ("columns", "optional_columns", "constants", "lists"):
        check.texts(document.get(table, {}), table)
    for column, texts in document.get("values", {}).items():
        check.texts(texts, f"values.{column}")
    for table in ("columns", "optional_columns", "lists"):
        check.filled(document.get(table, {}), table)
    _check_lists(document, check)
    _check_release(document.get("release", {}), check)
    return _assembled(document, check)


def _check_lists(document: dict, check: _Checker) -> None:
    found = {key: document.get(key, []) for key in ("missing", "dates", "records_need")}
    found["months.columns"] = document.get("months", {}).get("columns", [])
    for table in ("filters", "flags"):
        for one in document.get(table, []):
            for key in ("keep", "drop", "is"):
                found[f"{table}.{key}"] = [*found.get(f"{table}.{key}", []), *one.get(key, [])]
    for where, texts in found.items():
        if not all(isinstance(text, str) for text in texts):
            check.fail(f"{where} is not a list of texts in quotes")
    for form in found["dates"]:
        if not _DIRECTIVES.fullmatch(form) or not _tells_the_year(form):
            check.fail(f"dates: {form!r} is no strptime format, for example '%d/%m/%Y'")


def _tells_the_year(form: str) -> bool:
    """Whether a day written in this format is read back with its year."""
    day = dt.datetime(2015, 6, 28, 13, 45, tzinfo=dt.UTC)
    try:
        return dt.datetime.strptime(day.strftime(form), form).year == day.year
    except (ValueError, re.error):
        return False


def _check_release(about: dict, check: _Checker) -> None:
    for name in _BOTH_LANGUAGES:
        texts = about.get(name, {"en": "", "es": ""})
        check.texts(texts, f"release.{name}")
        if not {"en", "es"} <= set(texts):
            check.fail(f'release.{name} needs both languages: {{ en = "…", es = "…" }}')
    covered = about.get("covered", ["US"])
    if not covered or not all(country in COUNTRIES for country in covered):
        check.fail('release.covered: expected the countries of the sources, ["US"], ["MX"] or both')
    for statement in about.get("scope", []):
        _check_statement(statement, check)
    for source in about.get("sources", []):
        check.keys(source, "release.sources")
        if not source.get("name"):
            check.fail('each of release.sources needs a name: { name = "…" }')
        for key in ("coverage_start", "coverage_end"):
            if not _COVERAGE.fullmatch(source.get(key, "2015")):
                check.fail(f"release.sources.{key}: expected a day, '2015-12-31', or a year")


def _check_statement(statement: object, check: _Checker) -> None:
    """Refuse a statement of the scope that is not one or two pairs of dimension and code."""
    sizes = (2, 4)
    if not isinstance(statement, list) or len(statement) not in sizes:
        check.fail(
            'each of release.scope is ["dimension", "code"], or two such pairs in one list: '
            "every case with the first has the second"
        )
    words = vocab.load()
    for dimension, code in zip(statement[::2], statement[1::2], strict=True):
        if dimension not in SCOPE_DIMENSIONS:
            known = ", ".join(SCOPE_DIMENSIONS)
            check.fail(f"release.scope: no dimension {dimension!r}; expected one of {known}")
        codes = words.codes(SCOPE_DIMENSIONS[dimension])
        if code not in codes:
            near = nearest(str(code), list(codes))
            check.fail(f"release.scope: no {dimension} {code!r}{near}")


def _assembled(document: dict, check: _Checker) -> Mapping:
    file = document.get("file", {})
    months = document.get("months", {})
    built = Mapping(
        name=check.path.stem,
        identity=document.get("canonical", False),
        encoding=file.get("encoding", ""),
        delimiter=file.get("delimiter", ""),
        decimal=file.get("decimal", "."),
        sheet=file.get("sheet", ""),
        header_row=file.get("header_row", 1),
        skip_rows=file.get("skip_rows", 0),
        columns=document.get("columns", {}),
        optional_columns=document.get("optional_columns", {}),
        constants=document.get("constants", {}),
        translations=document.get("values", {}),
        filters=tuple(_filter(one, check) for one in document.get("filters", [])),
        flags=tuple(_flag(one, check) for one in document.get("flags", [])),
        year=months.get("year", ""),
        months=tuple(months.get("columns", ())),
        lists=document.get("lists", {}),
        missing=tuple(document.get("missing", ())),
        dates=tuple(document.get("dates", ())),
        state_codes=document.get("state_codes", "text"),
        records_need=tuple(document.get("records_need", ())),
        release=document.get("release", {}),
    )
    _consistent(built, check)
    return built


def _filter(one: dict, check: _Checker) -> Filter:
    if "column" not in one or ("keep" in one) == ("drop" in one):
        check.fail("a filter needs 'column' and one of 'keep' and 'drop'")
    texts = one["keep"] if "keep" in one else one["drop"]
    return Filter(one["column"], tuple(texts), "keep" in one, one.get("optional", False))


def _flag(one: dict, check: _Checker) -> Flag:
    lacking = [key for key in ("column", "is", "to", "value") if key not in one]
    if lacking:
        check.fail(f"a flag needs {', '.join(map(repr, lacking))}")
    check.canonical({one["to"]: ""}, "flags.to")
    return Flag(one["column"], tuple(one["is"]), one["to"], one["value"], one.get("otherwise", ""))


def _consistent(built: Mapping, check: _Checker) -> None:
    if built.encoding and not _is_encoding(built.encoding):
        check.fail(f"encoding {built.encoding!r} is not known; for example 'latin-1'")
    if built.months and (len(set(built.months)) != MONTHS or not built.year):
        check.fail(f"months needs 'year' and {MONTHS} different 'columns', January first")
    if built.state_codes not in STATE_CODES:
        check.fail(f"state_codes {built.state_codes!r}: expected one of {', '.join(STATE_CODES)}")
    for name, sign in (("delimiter", built.delimiter or ","), ("decimal", built.decimal)):
        if not _PLAIN.fullmatch(sign):
            check.fail(f"{name} is one character: a punctuation mark, a blank or a tab")
    if built.header_row < 1 or built.skip_rows < 0:
        check.fail("header_row counts from 1 and skip_rows from 0")
    named = built.columns or built.optional_columns or built.months or built.flags
    if built.identity == bool(named):
        check.fail("expected either canonical = true or [columns] with canonical = 'column'")
    twice = sorted(set(built.columns) & {*built.optional_columns, *built.constants})
    made = {*(flag.to for flag in built.flags), *(("date", "cases") if built.months else ())}
    twice += sorted(made & {*built.columns, *built.optional_columns, *built.constants})
    if twice:
        check.fail(f"given twice: {', '.join(twice)}")


def _is_encoding(name: str) -> bool:
    """Whether bytes can be read as text in this encoding (``hex``, for one, is none)."""
    try:
        b"date".decode(name)
    except UnicodeDecodeError:
        return True
    except (LookupError, ValueError):
        return False
    return True


class _Checker:
    """Says which key of a mapping is wrong, and the nearest right one."""

    def __init__(self, path: Path):
        self.path = path

    def fail(self, what: str) -> None:
        raise UnusableError(f"{self.path}: {what}")

    def keys(self, table: object, section: str) -> None:
        known = _KEYS[section]
        if not isinstance(table, dict):
            self.fail(f"{section} is not a table")
        for key, value in table.items():
            where = f"{section}.{key}" if section else key
            if key not in known:
                self.fail(f"unknown key {where!r}{nearest(key, list(known))}")
            if not isinstance(value, known[key]) or (known[key] is int and isinstance(value, bool)):
                self.fail(f"{where} is not {_KINDS[known[key]]}")

    def canonical(self, table: dict, section: str) -> None:
        for column in table:
            if column not in CANONICAL:
                self.fail(
                    f"unknown canonical column '{section}.{column}'{nearest(column, CANONICAL)}"
                )

    def texts(self, table: object, section: str) -> None:
        if not isinstance(table, dict):
            self.fail(f"{section} is not a table of texts")
        for key, value in table.items():
            if not isinstance(value, str):
                self.fail(f"{section}.{key} is not a text in quotes")

    def filled(self, table: dict, section: str) -> None:
        for key, value in table.items():
            if not value:
                self.fail(f"{section}.{key} is blank; give a text, or leave the line out")


_KINDS = {
    bool: "true or false",
    str: "a text in quotes",
    int: "a whole number",
    list: "a list",
    dict: "a table",
}

"""Tables, policies and errors that every stage shares.

The specifications below are the contract between stages: a stage's exit is
checked against its table's spec with :func:`check`, so that a wrong column is
found where it was made.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_matrix

ALL = "all"
UNKNOWN = "unknown"
OUTSIDE = "outside"
COUNTRIES = ("US", "MX")
SEPARATOR = ";"
OVERLAP = "+"

DIMENSIONS = ("period", "venue", "nationality", "trafficking_type")
LEVELS = ("all", "country", "state", "h3_3", "h3_4", "h3_5")
KEY = ("level", "place", *DIMENSIONS, "measure")

ATTRIBUTES = (
    "gender",
    "age",
    "recruitment",
    "control",
    "proximity",
    "industry",
    "trafficker_nationality",
)
"""What profile views break a country down by, one at a time and by nothing else."""
ORIGIN = "origin"
ORIGIN_GRAINS = ("origin_country", ORIGIN)
"""Where people were recruited: what corridor views break the place of exploitation down by."""
PROFILE_LEVELS = ("all", "country")
CORRIDOR_LEVELS = ("all", "country", "state")
DETAIL = "detail"
"""Dimension of a cube that holds the values of all attributes and origins, each as
``attribute=code``."""
DETAIL_SIGN = "="
CASES_MEASURE, VICTIMS_MEASURE = "cases", "victims"
MEASURES = (CASES_MEASURE, VICTIMS_MEASURE)
VICTIMS_UNIT = {"en": "potential victims", "es": "víctimas potenciales"}
CUBE_KEY = ("level", "place", *DIMENSIONS, DETAIL, "measure")

SIGNAL = {
    "three_quarters_or_more": 0.75,
    "half_to_three_quarters": 0.5,
    "a_quarter_to_half": 0.25,
    "under_a_quarter": 0.0,
}
"""Bands in which a receipt tells how much of what k allows is shown, and where each begins."""
SIGNAL_LEAST = 96.0
"""Published weight from which a band is told: three times what the heaviest cell weighs."""

LEAST_PUBLIC_K = 10
FINEST_PUBLIC_LEVEL = "h3_4"


class MosaicoError(Exception):
    """Base of every error Mosaico raises on purpose.

    The message says what was expected, what was found and what to do. It never
    carries a value of a case.
    """


class UnusableError(MosaicoError):
    """A call or a file that cannot be used at all (exit status 2)."""


class DataError(MosaicoError):
    """Data that fails what was asked of it (exit status 1).

    Parameters
    ----------
    message : str
        One line for people.
    findings : pandas.DataFrame, optional
        A :data:`FINDINGS` table.
    """

    def __init__(self, message: str, findings: pd.DataFrame | None = None):
        super().__init__(message)
        self.findings = findings


class ReleaseError(MosaicoError):
    """A release that must not be read.

    Attributes
    ----------
    why : {'altered', 'unaudited', 'withdrawn', 'ledger', 'unreadable'}
        Kind of reason, for whoever says it in other words: a file is not what was sealed, no
        audit was passed, the ledger says withdrawn, the ledger is broken, or anything else.
    """

    def __init__(self, message: str, why: str = "unreadable") -> None:
        super().__init__(message)
        self.why = why


class TableError(MosaicoError):
    """A table that does not fit its specification: a defect of the stage that made it."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    kind : {'text', 'int', 'float', 'bool'}
    meaning : str
        What a value says, with its unit.
    empty : bool
        Whether a value may be missing (text: ``""``; numbers: NA).
    """

    name: str
    kind: str
    meaning: str
    empty: bool = False


@dataclass(frozen=True)
class TableSpec:
    """A table's name, columns in order, and the columns that identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [column.name for column in self.columns]


FINDINGS = TableSpec(
    "findings",
    (
        Column("rule", "text", "name of the rule, as --accept takes it"),
        Column("severity", "text", "error, warning or note"),
        Column("column", "text", "canonical column the rule looks at", empty=True),
        Column("count", "int", "rows that fail the rule; of an attack, how often it succeeds"),
        Column("share", "float", "count over usable rows, 0 to 1; 0 where none are looked at"),
        Column("file", "text", "the file, where several were given", empty=True),
        Column("rows", "text", "first row numbers of the file, separated by blanks", empty=True),
        Column("message", "text", "what was expected, what to do; never a case's value"),
    ),
)

NOTES = TableSpec(
    "notes",
    (
        Column("step", "text", "what was done"),
        Column("rows_in", "int", "rows before"),
        Column("rows_out", "int", "rows after"),
        Column("changed", "int", "rows changed"),
        Column("reason", "text", "why, as a code"),
    ),
)

_ATTRIBUTES = (
    Column("period", "text", "finest known period: 2015-Q3, 2015 or unknown"),
    Column("venue", "text", "venue codes, sorted, separated by ';', or unknown"),
    Column("nationality", "text", "ISO 3166-1 alpha-2 codes, sorted, separated by ';', or unknown"),
    Column("trafficking_type", "text", "sex, labor, sex_and_labor, other or unknown"),
)

_DETAILS = (
    Column("source", "text", "which hotline or register", empty=True),
    Column("industry", "text", "industry codes, separated by ';'", empty=True),
    Column("recruitment", "text", "recruitment codes, separated by ';'", empty=True),
    Column("control", "text", "control method codes, separated by ';'", empty=True),
    Column("proximity", "text", "caller proximity codes", empty=True),
    Column("trafficker_nationality", "text", "ISO 3166-1 codes, separated by ';'", empty=True),
    Column("victims", "int", "victims of the case", empty=True),
    Column("victims_female", "int", "of them female", empty=True),
    Column("victims_male", "int", "of them male", empty=True),
    Column("victims_gender_minority", "int", "of them of a gender minority", empty=True),
    Column("victims_gender_unknown", "int", "of them of unknown gender", empty=True),
    Column("victims_adult", "int", "of them adult at contact", empty=True),
    Column("victims_minor", "int", "of them minor at contact", empty=True),
    Column("victims_age_unknown", "int", "of them of unknown age", empty=True),
)

CASES = TableSpec(
    "cases",
    (
        Column("file", "text", "the file, where several were given", empty=True),
        Column("row", "int", "row number in the file, the first data row being 1"),
        Column("case", "int", "number of the case; rows of one case share it"),
        Column("cases", "int", "how many cases the row stands for, at least 1"),
        *_ATTRIBUTES,
        Column("role", "text", "exploitation, recruitment, transit or entry"),
        Column("country", "text", "US, MX, outside or unknown, as the record says"),
        Column("state", "text", "ISO 3166-2 code as the record says", empty=True),
        Column("place_name", "text", "town or city as the record says", empty=True),
        Column("municipality", "text", "municipality or county as the record says", empty=True),
        Column("zip", "text", "US ZIP code", empty=True),
        Column("lat", "float", "latitude, degrees, WGS 84", empty=True),
        Column("lon", "float", "longitude, degrees, WGS 84", empty=True),
        *_DETAILS,
    ),
    key=("file", "row"),
)

LOCATED = TableSpec(
    "located",
    (
        Column("file", "text", "the file, where several were given", empty=True),
        Column("row", "int", "row number in the file"),
        Column("case", "int", "number of the case"),
        Column("cases", "int", "how many cases the row stands for"),
        Column("place", "text", "finest place: US-TX/85…, US-TX, US-unknown, outside or unknown"),
        *_ATTRIBUTES,
        Column("role", "text", "exploitation, recruitment, transit or entry"),
        *_DETAILS,
    ),
    key=("file", "row"),
)

BASE = TableSpec(
    "base",
    (
        Column("place", "text", "set of finest places, sorted, separated by ';'"),
        *_ATTRIBUTES,
        Column("detail", "text", "attribute=code of every counted attribute, or unknown"),
        Column("cases", "int", "distinct cases with exactly this combination"),
    ),
    key=("place", *DIMENSIONS, DETAIL),
)

BASE_WITH_VICTIMS = TableSpec(
    "base",
    (
        *BASE.columns,
        Column("further", "int", "victims beyond one a case, of the cases that state them"),
        Column("most", "int", "of these, the most that one case may have"),
        Column("unstated", "int", "cases that do not state their victims"),
    ),
    key=BASE.key,
)

PUBLISHED = TableSpec(
    "cells",
    (
        Column("level", "text", "all, country, state, h3_3, h3_4 or h3_5"),
        Column("place", "text", "all, US, US-TX or US-TX/83446cfffffffff"),
        Column("period", "text", "2015, 2015-Q3, unknown, or all where not broken down"),
        Column("venue", "text", "venue code, a+b for an overlap, unknown, or all"),
        Column("nationality", "text", "ISO 3166-1 alpha-2 code, region code, unknown, or all"),
        Column("trafficking_type", "text", "sex, labor, sex_and_labor, other, unknown, or all"),
        Column("measure", "text", "what is counted: cases"),
        Column("value", "int", "the count"),
    ),
    key=KEY,
)

COUNTS = TableSpec(
    "counts",
    (
        *PUBLISHED.columns[:-2],
        Column(DETAIL, "text", "attribute=code, or all where not broken down"),
        *PUBLISHED.columns[-2:],
    ),
    key=CUBE_KEY,
)

PROFILES = TableSpec(
    "profiles",
    (
        Column("level", "text", "all or country"),
        Column("place", "text", "place of exploitation: all, US or MX"),
        Column("attribute", "text", f"what is told: {', '.join(ATTRIBUTES)}"),
        Column("code", "text", "code of the attribute, or unknown"),
        Column("measure", "text", "what is counted: cases"),
        Column("value", "int", "the count"),
    ),
    key=("level", "place", "attribute", "code", "measure"),
)

CORRIDORS = TableSpec(
    "corridors",
    (
        Column("level", "text", "level of the place of exploitation: all, country or state"),
        Column("place", "text", "place of exploitation: all, US or US-TX"),
        Column("origin", "text", "where recruited: MX-CHH, MX, MX-unknown, outside or unknown"),
        Column("measure", "text", "what is counted: cases"),
        Column("value", "int", "the count"),
    ),
    key=("level", "place", "origin", "measure"),
)

DETAIL_TABLES = {"profiles": PROFILES, "corridors": CORRIDORS}

VICTIMS_MEANING = "what is counted: cases, or victims, the people in these cases"
"""Meaning of the column ``measure`` in the cells of a release that has victims."""
VICTIMS_VALUE = "the count; victims of a cell only where its cases are there too"

# The audit compares these words and the meanings above with those of a release: where one changes,
# releases of the earlier words fail, so that the schema of a release must change with it.
CELLS_MEANING = (
    "Distinct reported cases by place and up to three dimensions "
    f"({', '.join(DIMENSIONS)}). A cell without a row is fewer than k, none, or withheld "
    "to protect people."
)

DETAIL_MEANINGS = {
    "profiles": "Distinct reported cases by country and one attribute of people or methods.",
    "corridors": "Distinct reported cases by place of exploitation and where people were recruited.",
}

PLACE_MEANINGS = {
    "place": "place id, as in cells",
    "level": "state, h3_3, h3_4 or h3_5",
    "name_en": "name in English",
    "name_es": "name in Spanish",
    "geometry": "outline, longitude and latitude in degrees (WGS 84), WKB",
}


def published_columns(measures: Iterable[str]) -> tuple[Column, ...]:
    """Columns of the cells of a release with these measures."""
    if VICTIMS_MEASURE not in measures:
        return PUBLISHED.columns
    meanings = {"measure": VICTIMS_MEANING, "value": VICTIMS_VALUE}
    return tuple(
        replace(one, meaning=meanings.get(one.name, one.meaning)) for one in PUBLISHED.columns
    )


_DTYPES = {"text": "O", "int": "i", "float": "f", "bool": "b"}


def _fits(series: pd.Series, column: Column) -> bool:
    import pandas.api.types as types

    return {
        "text": types.is_string_dtype,
        "int": types.is_integer_dtype,
        "float": types.is_float_dtype,
        "bool": types.is_bool_dtype,
    }[column.kind](series)


def check(table: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Return `table` unchanged, or say how it departs from `spec`.

    Raises
    ------
    TableError
        Wrong columns, a wrong kind, a value missing where none may be, or two
        rows with one key.
    """
    if list(table.columns) != spec.names:
        raise TableError(f"{spec.name}: expected columns {spec.names}, found {list(table.columns)}")
    for column in spec.columns:
        series = table[column.name]
        if not _fits(series, column):
            raise TableError(
                f"{spec.name}.{column.name}: expected {column.kind}, found {series.dtype}"
            )
        if series.isna().any() and not (column.empty and column.kind != "text"):
            raise TableError(
                f"{spec.name}.{column.name}: {int(series.isna().sum())} missing values"
            )
        if column.kind == "text" and not column.empty and (series == "").any():
            raise TableError(f"{spec.name}.{column.name}: {int((series == '').sum())} empty values")
    if spec.key and table.duplicated(list(spec.key)).any():
        raise TableError(f"{spec.name}: several rows share one key {spec.key}")
    return table


class Term(NamedTuple):
    """Cases that carry every code of `required` and none of `excluded`, on one dimension."""

    required: tuple[str, ...]
    excluded: tuple[str, ...] = ()


Block = tuple[tuple[Term, ...], ...]
"""For place and each of `DIMENSIONS`, and perhaps for `DETAIL`, the terms of which a case must fit
one."""

Leak = tuple[Block, ...]
"""Disjoint blocks of cases whose count together can be derived from a release and is small."""


@dataclass(frozen=True)
class View:
    """A place level and the set of dimensions it is broken down by.

    Dimensions are named at a grain: ``period`` (years), ``quarter``, ``venue``,
    ``sector``, ``nationality`` (countries), ``region``, ``trafficking_type``. A profile view
    has one of `ATTRIBUTES` and nothing else, a corridor view one of `ORIGIN_GRAINS`.
    """

    level: str
    grains: tuple[str, ...] = ()

    @property
    def is_detail(self) -> bool:
        """Whether it is a profile or corridor view."""
        return any(GRAINS[grain] == DETAIL for grain in self.grains)


GRAINS = {
    "period": "period",
    "quarter": "period",
    "venue": "venue",
    "sector": "venue",
    "nationality": "nationality",
    "region": "nationality",
    "trafficking_type": "trafficking_type",
    **dict.fromkeys((*ATTRIBUTES, *ORIGIN_GRAINS), DETAIL),
}


@dataclass(frozen=True)
class Policy:
    """What a release may show, and to whom. One TOML file of ``geo/policies`` each.

    Attributes
    ----------
    id : str
    audience : {'public', 'coalition', 'staff'}
    k : int
        The least count that is shown.
    views : tuple of View
        The closed list of views of a release.
    views_from : tuple of (int, tuple of View)
        Views added where the file has at least so many cases.
    least_area_km2 : float
        A hex part smaller than this is published only inside its parent.
    default_geocode_rows, default_geocode_share : int, float
        A coordinate shared by at least so many rows and such a share of the
        file is a default geocode and locates to the state only.
    error_share : float
        A rule that fails in more than this share of rows stops the build.
    seed : int
        Breaks ties among equally good suppressions.
    sensitive : tuple of str
        Dimensions of which nobody may learn that everybody in a group below country level
        has one value.
    intervals : bool
        Whether every small group must also be able to be none and to reach k, for all
        that is published; takes minutes at a few thousand cases.
    measures : tuple of str
        What is counted: ``cases``, and perhaps ``victims`` beside them.
    """

    id: str
    audience: str
    k: int
    views: tuple[View, ...]
    views_from: tuple[tuple[int, tuple[View, ...]], ...] = ()
    least_area_km2: float = 0.0
    default_geocode_rows: int = 20
    default_geocode_share: float = 0.01
    error_share: float = 0.05
    seed: int = 0
    sensitive: tuple[str, ...] = ("nationality",)
    intervals: bool = False
    measures: tuple[str, ...] = (CASES_MEASURE,)
    notes: dict = field(default_factory=dict)

    @property
    def with_victims(self) -> bool:
        """Whether victims are published beside cases."""
        return VICTIMS_MEASURE in self.measures

    def views_for(self, cases: int) -> tuple[View, ...]:
        """All views a file of `cases` cases gets."""
        more = [view for least, views in self.views_from if cases >= least for view in views]
        return tuple(dict.fromkeys((*self.views, *more)))


@dataclass(frozen=True)
class Victims:
    """Victims of base cells beyond one a case: *further* victims. Private.

    Attributes
    ----------
    further : numpy.ndarray of int
        Of the cases that state their victims.
    most : numpy.ndarray of int
        The most that one case may have: of a row that stands for several cases, all of its.
    stated : numpy.ndarray of bool
        Whether every case of the base cell states its victims.
    """

    further: np.ndarray
    most: np.ndarray
    stated: np.ndarray


@dataclass(frozen=True)
class Cube:
    """True counts of every cell of every listed view. Private: never written to a release.

    Attributes
    ----------
    cells : pandas.DataFrame
        A ``COUNTS`` table, sorted by key: every cell with at least one case.
    members : scipy.sparse.csr_matrix
        Cells x base cells, 1 where a base cell belongs to the cell.
    weights : numpy.ndarray
        Cases of each base cell.
    standard : numpy.ndarray of bool
        Cells at the standard grain of every dimension (years, venues, countries),
        without overlaps: the ones that utility is measured on.
    multi_valued : tuple of str
        Dimensions (``place`` among them), attributes and ``origin``, of which cases carry
        several values.
    victims : Victims or None
        Where victims were asked for.
    narrowed : dict
        Of others, how many cases carried several, too few to be told: each counts under one.
    """

    cells: pd.DataFrame
    members: csr_matrix
    weights: np.ndarray
    standard: np.ndarray
    multi_valued: tuple[str, ...]
    victims: Victims | None = None
    narrowed: dict[str, int] = field(default_factory=dict)

    @property
    def people(self) -> np.ndarray:
        """Victims of each cell, of the cases that state them."""
        return self.cells["value"].to_numpy() + self.members @ self.victims.further

    @property
    def stated(self) -> np.ndarray:
        """Cells not broken down by a detail, all of whose cases state their victims."""
        unstated = self.members @ (~self.victims.stated).astype("int64")
        return (unstated == 0) & (self.cells[DETAIL] == ALL).to_numpy()

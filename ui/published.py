"""What the two source documents print, as they print it, and whether it adds up.

Read from ``data/aggregates/published``, which is no release. The numbers are the documents'
own: no release is joined to them, and those of one document are never added to the other's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent.parent / "data" / "aggregates" / "published"
FILES = ("figures", "lists", "documents")

HEADLINE = "headline"
BASE = ("sheet", HEADLINE, "victims")  # what all printed percentages are parts of
CONSIDERED = ("deck", HEADLINE, "countries_considered")
NO_COUNT = "not_stated"


@dataclass(frozen=True)
class Published:
    """The folder, read.

    Attributes
    ----------
    figures : pandas.DataFrame
        A row a printed number: `document`, `section`, `figure`, `label_en`, `label_es`,
        `qualifier` (``over`` or ``nearly``: the value is a bound), `value` (in `unit`),
        `unit`, `percent` (NA where none is printed), `sums_to`, `heading`, `note`.
    lists : pandas.DataFrame
        What is named without a number: `list`, `position`, `code`, labels, `origin`.
    documents : pandas.DataFrame
        Index `document`: title, publisher, coverage, scope and own caveat, in both languages.
    """

    figures: pd.DataFrame
    lists: pd.DataFrame
    documents: pd.DataFrame

    def section(self, document: str, section: str) -> pd.DataFrame:
        """Figures of one section, in the order of the document."""
        figures = self.figures
        return figures[(figures["document"] == document) & (figures["section"] == section)]

    def sections(self, document: str) -> tuple[str, ...]:
        """Sections of a document that are charts: all but its headline, in its order."""
        figures = self.figures
        drawn = figures[(figures["document"] == document) & (figures["unit"] != "people")]
        return tuple(name for name in drawn["section"].unique() if name != HEADLINE)

    def value(self, document: str, section: str, figure: str) -> int:
        """One printed number."""
        found = self.section(document, section)
        return int(found.loc[found["figure"] == figure, "value"].iloc[0])

    def named(self, name: str) -> pd.DataFrame:
        """One list, in the order of the document."""
        return self.lists[self.lists["list"] == name]


@dataclass(frozen=True)
class Check:
    """One thing that must hold among printed numbers.

    Attributes
    ----------
    kind : {'sum', 'percent', 'list'}
        Parts sum to the total; a percentage is the nearest whole number; a list is as long
        as the number printed for it.
    section, figure : str
        What is checked; `figure` is ``""`` for a sum.
    parts : tuple of int
        What is summed, or the one count that the percentage is of.
    found : int
        The sum, or the length of the list; for a percentage, tenths of a percent, rounded
        half up.
    printed : int
        The total, the length or the percentage that the document prints.
    holds : bool
    """

    kind: str
    section: str
    figure: str
    parts: tuple[int, ...]
    found: int
    printed: int
    holds: bool


def read(folder: Path | None = None) -> Published:
    """Folder of printed figures, read once; the one of this repository where none is named."""
    return _read(folder or FOLDER)


@cache
def _read(folder: Path) -> Published:
    figures, lists, documents = (
        pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False) for name in FILES
    )
    figures["value"] = figures["value"].astype("int64")
    figures["percent"] = pd.to_numeric(figures["percent"].replace("", None)).astype("Int64")
    return Published(figures, lists, documents.set_index("document"))


def checks(printed: Published) -> tuple[Check, ...]:
    """Every sum, percentage and list of the documents, checked on the numbers they print."""
    return (*_sums(printed), *_percentages(printed), *_lists(printed))


def _sums(printed: Published) -> list[Check]:
    total = printed.value(*BASE)
    split = printed.figures[printed.figures["sums_to"] == BASE[-1]]
    made = []
    for section, rows in split.groupby("section", sort=False):
        parts = tuple(int(value) for value in rows["value"])
        made.append(Check("sum", section, "", parts, sum(parts), total, sum(parts) == total))
    return made


def _percentages(printed: Published) -> list[Check]:
    base = printed.value(*BASE)
    rows = printed.figures.dropna(subset="percent")
    return [_percentage(row, base) for row in rows.itertuples()]


def _percentage(row: tuple, base: int) -> Check:
    """Check in whole numbers: a percentage is the nearest where it is at most ½ away."""
    count, percent = int(row.value), int(row.percent)
    tenths = (2000 * count + base) // (2 * base)
    nearest = abs(200 * count - 2 * percent * base) <= base
    return Check("percent", row.section, row.figure, (count,), tenths, percent, nearest)


def _lists(printed: Published) -> list[Check]:
    """The countries listed are as many as printed; with those without cases, all considered."""
    listed = len(printed.named("countries_with_cases"))
    without = len(printed.named("countries_without_cases"))
    stated = printed.value("deck", HEADLINE, "countries")
    considered = printed.value(*CONSIDERED)
    both = listed + without
    return [
        Check("list", HEADLINE, "countries", (listed,), listed, stated, listed == stated),
        Check(
            "list", HEADLINE, CONSIDERED[-1], (listed, without), both, considered,
            both == considered,
        ),
    ]  # fmt: skip

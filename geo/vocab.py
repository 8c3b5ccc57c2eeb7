"""Code lists of ``data/vocab``: codes, labels in English and Spanish, parents, source labels.

Every list is one CSV file with the columns

======================  ==========================================================
code                    what the engine stores
label_en, label_es      what people read
parent                  code one level up in the same list, ``""`` at the top
source_labels           raw labels that map to the code, separated by ``;``
note                    origin, or what the code must not be confused with
reviewed                ``yes`` where a native speaker's list gave the Spanish term
======================  ==========================================================

and, in some, more: ``layer`` (venues that are map layers), ``deck`` (number of a
control method on the slide deck), ``fips_or_inegi`` and ``geonames_admin1`` (states).
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.model import OVERLAP, UnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent.parent / "data" / "vocab"

COLUMNS = ("code", "label_en", "label_es", "parent", "source_labels", "note", "reviewed")

LISTS = (
    "venues",
    "trafficking_types",
    "nationalities",
    "states",
    "industries",
    "recruitment",
    "control",
    "proximity",
    "genders",
    "ages",
    "roles",
    "sources",
    "attributes",
    "common",
)


def fold(text: str) -> str:
    """Text as labels are compared: lower case, no accents, punctuation as one blank.

    >>> fold("  District-Columbia ")
    'district columbia'
    >>> fold("Edo. de MÉXICO")
    'edo de mexico'
    """
    bare = (
        char
        for char in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(char)
    )
    return " ".join("".join(char if char.isalnum() else " " for char in bare).split())


@dataclass(frozen=True)
class Vocab:
    """All code lists, one DataFrame each with the columns of this module's docstring.

    ``attributes`` names what profile and corridor views tell; ``common`` holds the codes
    every dimension shares: ``all``, ``unknown``, ``outside``, ``US-unknown`` and
    ``MX-unknown``.
    """

    venues: pd.DataFrame
    trafficking_types: pd.DataFrame
    nationalities: pd.DataFrame
    states: pd.DataFrame
    industries: pd.DataFrame
    recruitment: pd.DataFrame
    control: pd.DataFrame
    proximity: pd.DataFrame
    genders: pd.DataFrame
    ages: pd.DataFrame
    roles: pd.DataFrame
    sources: pd.DataFrame
    attributes: pd.DataFrame
    common: pd.DataFrame

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """Venue codes that are layers of the map, in the order of the list."""
        return tuple(self.venues.loc[self.venues["layer"] == "yes", "code"])

    @cached_property
    def _indexes(self) -> dict[str, dict[str, str]]:
        return {name: _index(getattr(self, name)) for name in LISTS}

    @cached_property
    def _labels(self) -> dict[tuple[str, str], dict[str, str]]:
        return {
            (name, lang): dict(
                zip(getattr(self, name)["code"], getattr(self, name)[f"label_{lang}"], strict=True)
            )
            for name in LISTS
            for lang in ("en", "es")
        }

    def codes(self, name: str) -> tuple[str, ...]:
        """Codes of list `name`, in the order of its file."""
        return tuple(getattr(self, name)["code"])

    def parents(self, name: str) -> dict[str, str]:
        """Parent of every code of list `name`; ``""`` at the top."""
        table = getattr(self, name)
        return dict(zip(table["code"], table["parent"], strict=True))

    def index(self, name: str) -> Mapping[str, str]:
        """Code of every folded code, label and source label of list `name`, but for groups."""
        return self._indexes[name]

    def match(self, name: str, series: pd.Series) -> pd.Series:
        """Codes of the texts in `series`, ``""`` where list `name` has no such label.

        Parameters
        ----------
        name : str
            Name of a list.
        series : pandas.Series of str
            One label or code a cell; compared by :func:`fold`. Sectors and regions group
            codes and are never matched: no record holds them.

        Returns
        -------
        pandas.Series of str
            With the index of `series`.
        """
        index = self._indexes[name]
        known = {text: index.get(fold(text), "") for text in series.unique()}
        return series.map(known).astype("str")

    def label(self, name: str, code: str, lang: str = "en") -> str:
        """Words for `code` of list `name` in language `lang` (``en`` or ``es``).

        An overlap ``a+b`` reads "A + B"; ``all``, ``unknown``, ``outside`` and the two
        countries among the states are known in every list.

        Raises
        ------
        KeyError
            The list has no such code.
        """
        parts = code.split(OVERLAP)
        if len(parts) > 1:
            return " + ".join(self.label(name, part, lang) for part in parts)
        for source in (name, "common", "nationalities" if name == "states" else name):
            found = self._labels[source, lang].get(code)
            if found is not None:
                return found
        raise KeyError(f"no code {code!r} in list {name!r}")


def _index(table: pd.DataFrame) -> dict[str, str]:
    columns = ("code", "label_en", "label_es")
    groups = set(table["parent"])
    index: dict[str, str] = {}
    for row in table[~table["code"].isin(groups)].to_dict("records"):
        labels = [*(row[column] for column in columns), *row["source_labels"].split(";")]
        for label in filter(None, map(fold, labels)):
            if index.setdefault(label, row["code"]) != row["code"]:
                raise UnusableError(
                    f"data/vocab: label {label!r} belongs to {index[label]} and {row['code']}; "
                    "take it from one of them"
                )
    return index


def _table(name: str) -> pd.DataFrame:
    path = FOLDER / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [column for column in COLUMNS if not rows or column not in rows[0]]
    if missing:
        raise UnusableError(f"{path}: expected columns {', '.join(missing)}; add them")
    return pd.DataFrame(rows).astype("str")


@cache
def load() -> Vocab:
    """All lists of ``data/vocab``, read once.

    Raises
    ------
    UnusableError
        A list lacks a column, or gives one label to two codes.
    """
    vocab = Vocab(**{name: _table(name) for name in LISTS})
    for name in LISTS:
        vocab.index(name)
    return vocab

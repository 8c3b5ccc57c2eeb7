"""Text columns of a file to canonical columns, through the mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.mapping import CANONICAL, LIST_COLUMNS, MONTHS, Flag, Mapping
from geo.model import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.ingest.files import Raw


@dataclass(frozen=True)
class Shaped:
    """Canonical columns as text.

    Attributes
    ----------
    text : pandas.DataFrame
        Canonical columns the file has, by a unique row number: the file's own, or, where
        months became rows, 12 * (row - 1) + month.
    rows : pandas.Series of int
        The file's row of every row of `text`.
    notes : list of dict
        Records of :data:`geo.model.NOTES`.
    """

    text: pd.DataFrame
    rows: pd.Series
    notes: list[dict]


def note(step: str, rows_in: int, rows_out: int, changed: int, reason: str) -> dict:
    """One record of :data:`geo.model.NOTES`."""
    return {
        "step": step,
        "rows_in": rows_in,
        "rows_out": rows_out,
        "changed": changed,
        "reason": reason,
    }


def by_value(texts: pd.Series, function: Callable[[str], str]) -> pd.Series:
    """Apply `function` to every text, once for each distinct one."""
    codes, values = pd.factorize(texts)
    mapped = pd.Series([function(value) for value in values], dtype="str")
    return mapped.take(codes).set_axis(texts.index)


def shape(raw: Raw, mapping: Mapping) -> Shaped:
    """Filter rows, turn months into rows, and name, fill and translate the columns."""
    notes = [note("read", raw.rows, len(raw.table), 0, "broken_rows")]
    table = _filtered(_records(raw.table, mapping, notes), mapping, notes)
    table = _present(table, mapping)
    text = table if mapping.identity else _canonical(table, mapping)
    rows = pd.Series(table.index, index=table.index)
    if mapping.months:
        text, rows = _long(text, table, mapping)
        notes.append(note("months", len(table), len(text), len(text), "one_row_a_month"))
    return Shaped(_translated(_filled(text, mapping), mapping), rows, notes)


def _records(table: pd.DataFrame, mapping: Mapping, notes: list[dict]) -> pd.DataFrame:
    needed = [name for name in mapping.records_need if name in table] or list(table.columns)
    some = (table[needed] != "").any(axis=1)
    if not some.all():
        notes.append(note("records", len(table), int(some.sum()), 0, "blank_rows"))
    return table[some]


def _filtered(table: pd.DataFrame, mapping: Mapping, notes: list[dict]) -> pd.DataFrame:
    for one in mapping.filters:
        if one.column in table:
            kept = table[table[one.column].isin(one.texts) == one.keep]
            notes.append(note("filter", len(table), len(kept), 0, one.column))
            table = kept
    return table


def _present(table: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    if not mapping.missing:
        return table
    gone = {name: table[name].mask(table[name].isin(mapping.missing), "") for name in table}
    return pd.DataFrame(gone, index=table.index)


def _canonical(table: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    found = {**mapping.optional_columns, **mapping.columns}
    text = {name: table[column] for name, column in found.items() if column in table}
    for to in dict.fromkeys(flag.to for flag in mapping.flags):
        text[to] = _flagged(table, [flag for flag in mapping.flags if flag.to == to])
    return pd.DataFrame(text, index=table.index).astype("str")


def _flagged(table: pd.DataFrame, flags: list[Flag]) -> pd.Series:
    raised = [
        np.where(table[flag.column].isin(flag.texts), flag.value, flag.otherwise) for flag in flags
    ]
    joined = pd.DataFrame(dict(enumerate(raised)), index=table.index).astype("str")
    together = joined[0]
    for name in list(joined)[1:]:
        together = together.str.cat(joined[name], sep=SEPARATOR)
    return together.str.strip(SEPARATOR)


def _long(
    text: pd.DataFrame, table: pd.DataFrame, mapping: Mapping
) -> tuple[pd.DataFrame, pd.Series]:
    rows = np.repeat(table.index.to_numpy(), MONTHS)
    months = np.tile(np.arange(1, MONTHS + 1), len(table))
    index = pd.Index((rows - 1) * MONTHS + months, name="row")
    spread = text.take(np.repeat(np.arange(len(text)), MONTHS)).set_axis(index)
    numbers = pd.Series(months, index=index).astype("str").str.zfill(2)
    years = table[mapping.year].take(np.repeat(np.arange(len(table)), MONTHS)).set_axis(index)
    counts = table[list(mapping.months)].to_numpy(dtype=object).ravel()
    spread["date"] = years + "-" + numbers
    spread["cases"] = pd.Series(counts, index=index, dtype="str")
    return spread, pd.Series(rows, index=index)


def _filled(text: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    constants = {name: value for name, value in mapping.constants.items() if name not in text}
    filled = text.assign(**constants).astype("str")
    return filled[[name for name in CANONICAL if name in filled]]


def _translated(text: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Whole cells through the value maps; items of list cells are translated when read."""
    whole = {
        name: by_value(text[name], lambda cell, texts=texts: texts.get(cell, cell))
        for name, texts in mapping.translations.items()
        if name in text and name not in LIST_COLUMNS
    }
    return text.assign(**whole)

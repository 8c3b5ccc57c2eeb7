"""Findings: what each rule expects, how many rows fail it, and what stops a build.

Shared by the stages that look at rows: reading (:mod:`geo.ingest`) and locating
(:mod:`geo.places`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.mapping import nearest
from geo.model import FINDINGS, UnusableError
from geo.model import check as fits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from geo.model import Policy

SHOWN_ROWS = 10


@dataclass(frozen=True)
class Rule:
    """What a row is expected to have; `note`: said, but never stops a build."""

    column: str
    message: str
    note: bool = False


_CODES = (
    "a text that is not in data/vocab/{list}.csv, taken as not known; add a value map, or the label"
)

RULES = {
    "row_broken": Rule("", "more or fewer cells than the header has; left out"),
    "sheet_unread": Rule("", "sheets that no mapping names; not read", note=True),
    "column_unread": Rule("", "not a canonical column; not read"),
    "count_unreadable": Rule(
        "cases", "expected a whole number of cases, 0 or more; the row is left out"
    ),
    "case_id_missing": Rule("case_id", "no case id in a file that has them; each is its own case"),
    "case_in_several_files": Rule(
        "case_id",
        "a case id that rows of another file have too; taken for one case and counted once: where "
        "the files number their cases apart, make the ids differ",
    ),
    "case_differs": Rule(
        "case_id", "rows of one case with another period or type; the earliest, or both types"
    ),
    "victims_differ": Rule("victims", "rows of one case with other victims; the largest number"),
    "victims_unreadable": Rule("victims", "expected a whole number, 0 or more; taken as not known"),
    "date_impossible": Rule(
        "date",
        "no date, month, quarter or year that exists, in ISO form or a format of the mapping; "
        "taken as not known",
    ),
    "date_band": Rule(
        "date", "a range wider than a year; counted, its period not known", note=True
    ),
    "coordinates_impossible": Rule(
        "lat", "expected lat from -90 to 90 and lon from -180 to 180, not both 0; both not known"
    ),
    "default_geocode": Rule(
        "lat",
        "expected the place of the case, found a point that stands for a whole state, county "
        "or country, or that many rows share; such rows are located to their state only",
    ),
    "point_outside_country": Rule(
        "lat",
        "expected a point in the country of the record, found one outside it; check the order "
        "and sign of the coordinates; such rows count in their country only",
    ),
    "state_unknown": Rule(
        "state", "a text that is no state of the study area; the case stays at its country"
    ),
    "state_ambiguous": Rule(
        "state",
        "the State of México or the country; the case stays at its country: write MX-MEX, "
        "or give the country",
    ),
    "state_contradicts_country": Rule(
        "state", "a state of the other country; the case stays at its country"
    ),
    "country_unknown": Rule("country", "a text that is no country; taken as outside"),
    "zip_impossible": Rule("zip", "expected five digits (or ZIP+4); taken as not known"),
    "role_unknown": Rule(
        "role",
        "a text that is not in data/vocab/roles.csv, taken as a place of exploitation; add a "
        "value map, or the label",
    ),
    "source_unknown": Rule("source", _CODES.format(list="sources")),
    "venue_unknown": Rule("venue", _CODES.format(list="venues")),
    "trafficking_type_unknown": Rule("trafficking_type", _CODES.format(list="trafficking_types")),
    "nationality_unknown": Rule("nationality", _CODES.format(list="nationalities")),
    "industry_unknown": Rule("industry", _CODES.format(list="industries")),
    "recruitment_unknown": Rule("recruitment", _CODES.format(list="recruitment")),
    "control_unknown": Rule("control", _CODES.format(list="control")),
    "proximity_unknown": Rule("proximity", _CODES.format(list="proximity")),
    "trafficker_nationality_unknown": Rule(
        "trafficker_nationality", _CODES.format(list="nationalities")
    ),
}


class Ledger:
    """Collects which rows of a file fail which rule.

    Parameters
    ----------
    file : str
        Its name, where there are several; else blank.
    usable : int
        Its rows that shares are taken of.
    """

    def __init__(self, file: str = "", usable: int = 0) -> None:
        self.file = file
        self.usable = usable
        self._rows: dict[str, list[np.ndarray]] = {}
        self._said: dict[str, str] = {}

    def add(self, rule: str, rows: Iterable[int]) -> None:
        """File rows `rows` fail `rule`."""
        self._rows.setdefault(rule, []).append(np.asarray(rows, dtype=np.int64))

    def say(self, rule: str, message: str) -> None:
        """Note a failing of `rule` that is no row's."""
        self._said[rule] = message

    def records(self) -> list[dict]:
        """Make a record of FINDINGS for each rule that fails."""
        found = {name: np.unique(np.concatenate(rows)) for name, rows in self._rows.items()}
        none = np.array([], dtype=np.int64)
        return [
            self._record(name, found.get(name, none))
            for name in RULES
            if name in self._said or len(found.get(name, none))
        ]

    def _record(self, name: str, rows: np.ndarray) -> dict:
        rule = RULES[name]
        shown = " ".join(map(str, rows[:SHOWN_ROWS])) or "none"
        more = " …" if len(rows) > SHOWN_ROWS else ""
        return {
            "rule": name,
            "severity": "note" if rule.note else "warning",
            "column": rule.column,
            "count": len(rows),
            "share": len(rows) / self.usable if self.usable else 0.0,
            "file": self.file,
            "rows": shown + more,
            "message": self._said.get(name, rule.message),
        }


_KINDS = {"text": "str", "int": "int64", "float": "float64"}


def findings(ledgers: Iterable[Ledger]) -> pd.DataFrame:
    """Make FINDINGS of everything that the ledgers of some files hold, file by file."""
    records = [record for ledger in ledgers for record in ledger.records()]
    table = pd.DataFrame(records, columns=FINDINGS.names)
    kinds = {column.name: _KINDS[column.kind] for column in FINDINGS.columns}
    return fits(table.astype(kinds), FINDINGS)


def known(accepted: Collection[str]) -> None:
    """Refuse the name of a rule that does not exist.

    Raises
    ------
    UnusableError
    """
    for name in accepted:
        if name not in RULES:
            raise UnusableError(
                f"no rule {name!r}{nearest(name, list(RULES))} that stops a build; a rule's name "
                "is the second word of a finding"
            )


def check(found: pd.DataFrame, policy: Policy, accepted: Collection[str] = ()) -> pd.DataFrame:
    """Give findings the severity ``error`` where a rule fails too often and is not accepted.

    Parameters
    ----------
    found : pandas.DataFrame
        A ``FINDINGS`` table.
    policy : Policy
        `error_share`: a rule that fails in more than this share of rows is an error.
    accepted : collection of str
        Names of rules that never stop this build.

    Raises
    ------
    UnusableError
        `accepted` names a rule that does not exist.
    """
    known(accepted)
    stops = (
        (found["share"] > policy.error_share)
        & (found["severity"] != "note")
        & ~found["rule"].isin(list(accepted))
    )
    return found.assign(severity=found["severity"].mask(stops, "error"))

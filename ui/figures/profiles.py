"""Profile charts as values: ranked bars with their numbers, which are a table at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.model import CASES_MEASURE, UNKNOWN
from ui import palette, profiles, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.i18n import Texts
    from ui.lookup import Opened
    from ui.profiles import Profile

FIRST = 10  # rows before "show all": the slide deck's top ten,
WHOLE = 12  # but where there are not more than its twelve methods
COLOURS = {"cases": palette.hue("all"), "victims": palette.hue("escort")}


def chart(source: Opened, profile: Profile, t: Texts) -> dict:
    """Ranked bars of one profile.

    Returns
    -------
    dict
        ``columns`` (title, denominator, colour, what a full bar is), ``rows`` and ``lost`` (name,
        and a value or None a column, its text and its share), ``first`` (rows shown at once) and
        the words.
    """
    rows = [
        _row(profile, t.code(profile.attribute, code), profile.counts.loc[code], t)
        for code in profile.counts.index
    ]
    unknown = pd.Series(profile.unknown, index=profile.measures, dtype="Int64")
    name = t.code(profile.attribute, UNKNOWN)
    return {
        "caption": t(f"people.title.{profile.attribute}"),
        "value": t("people.value"),
        "columns": [_column(source, profile, measure, t) for measure in profile.measures],
        "rows": rows,
        "lost": [_row(profile, name, unknown, t)],
        "first": len(rows) if len(rows) <= WHOLE else FIRST,
        "hidden": t("rank.hidden"),
        "hidden_long": t("mark.hidden", k=source.k),
        "more": t("people.more", count=len(rows)),
        "fewer": t("people.fewer", count=FIRST),
    }


def _column(source: Opened, profile: Profile, measure: str, t: Texts) -> dict:
    total = profile.totals.get(measure)
    return {
        "title": words.capitalised(words.unit(source, t, measure)),
        "of": t("people.of_hidden") if total is None else t("people.of", total=total),
        "colour": COLOURS[measure],
        "most": int(max(profile.counts[measure].dropna(), default=1)),
    }


def _row(profile: Profile, name: str, counts: pd.Series, t: Texts) -> dict:
    values = [
        int(one) if shown else None for one, shown in zip(counts, counts.notna(), strict=True)
    ]
    pairs = list(zip(profile.measures, values, strict=True))
    return {
        "name": name,
        "values": values,
        "texts": [None if value is None else t.number(value) for value in values],
        "shares": [_share(value, profile.totals.get(measure), t) for measure, value in pairs],
    }


def _share(value: int | None, total: int | None, t: Texts) -> str:
    if value is None or total is None:
        return ""
    return percent(profiles.share(value, total), value == total, t)


def told_share(profile: Profile, row: Mapping[str, object], t: Texts) -> str:
    """Share that a published count of a profile has of its total, as the chart says it."""
    return _share(row["value"], profile.totals.get(row["measure"]), t)


def percent(share: int, whole: bool, t: Texts) -> str:
    """Whole percentage in words: some are not 0 %, and not all are not 100 %.

    >>> from ui.i18n import texts
    >>> [percent(share, False, texts("en")).split() for share in (0, 63, 100)]
    [['under', '1', '%'], ['63', '%'], ['over', '99', '%']]
    """
    if share == 0:
        return t("people.percent_under")
    return t("people.percent_over") if share == 100 and not whole else t("people.percent", n=share)


def known(source: Opened, profile: Profile, t: Texts) -> str:
    """Of how many cases, and victims, the attribute is known; or that it is not published."""
    parts = []
    for measure in profile.measures:
        share = profiles.known(profile, measure)
        unit = words.unit(source, t, measure)
        if share is None:
            parts.append(t("people.known_hidden", unit=unit, mark=t("rank.hidden")))
        else:
            parts.append(t("people.known", unit=unit, share=percent(share, False, t)))
    return words.capitalised(" · ".join(parts))


def notes(source: Opened, profile: Profile, t: Texts) -> list[str]:
    """What must be read with a chart: several values, the unit, what is not listed."""
    asked = {
        "people.several": profile.several,
        f"people.note.{profile.attribute}": f"people.note.{profile.attribute}" in t.words,
        "people.cases_only": _lacks_victims(source, profile),
        "people.unlisted": profile.attribute not in profiles.CLOSED,
        "mark.hidden": _has_gaps(profile),
    }
    return [t(key, k=source.k) for key, holds in asked.items() if holds]


def _lacks_victims(source: Opened, profile: Profile) -> bool:
    counted = source.release.manifest["measures"]
    return set(counted) != {CASES_MEASURE} and not profiles.by_victim(profile)


def _has_gaps(profile: Profile) -> bool:
    """Whether the mark of what is not published stands on the chart."""
    missing = set(profile.measures) - set(profile.unknown)
    return bool(profile.counts.isna().any(axis=None) or missing)

"""Profiles and corridors as files: what is on the screen, with its caveat and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.model import ALL, CASES_MEASURE, CORRIDORS, OVERLAP, PROFILES, UNKNOWN
from ui import corridors, export, profiles, words
from ui.figures import profiles as charts
from ui.profile import OVERLAPPING

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.corridors import Corridors
    from ui.i18n import Texts
    from ui.lookup import Opened
    from ui.profile import Profile as Layered
    from ui.profiles import Profile


def profile_csv(source: Opened, choice: Choice, profile: Profile, t: Texts) -> str:
    """CSV of one profile: lines that say what it is, then its published counts and totals."""
    lines = profile_about(source, choice, profile, t) | {
        t("people.known_title"): charts.known(source, profile, t).replace("*", ""),
        t("people.notes"): " ".join(charts.notes(source, profile, t)),
    }
    at = {"level": "country" if choice.country != ALL else ALL, "place": choice.country}
    made = [
        {**at, "attribute": profile.attribute, "code": code, "measure": measure, "value": value}
        for measure in profile.measures
        for code, value in _counts(profile, measure)
    ]
    names = {code: t.code(profile.attribute, code) for code in [*profile.counts.index, UNKNOWN]}
    names[ALL] = t("people.total")
    named = [
        {**row, "name": names[row["code"]], "share": charts.told_share(profile, row, t)}
        for row in made
    ]
    columns = [*PROFILES.names[:4], "name", *PROFILES.names[4:], "share"]
    return export.written(lines, columns, named)


def profile_about(source: Opened, choice: Choice, profile: Profile, t: Texts) -> dict[str, str]:
    """Lines of one profile: its title, country, period and unit among them."""
    units = [words.unit(source, t, measure) for measure in profile.measures]
    lines = _about(source, choice, t(f"people.title.{profile.attribute}"), t)
    return lines | {t("export.unit"): words.listed(units, t)}


def _counts(profile: Profile, measure: str) -> list[tuple[str, int]]:
    """Code and count of all that is published of a profile, its total as ``all``."""
    known = profile.counts[measure].dropna().astype(int).to_dict()
    rest = {UNKNOWN: profile.unknown.get(measure), ALL: profile.totals.get(measure)}
    return [*known.items(), *((code, value) for code, value in rest.items() if value is not None)]


def corridors_csv(source: Opened, choice: Choice, found: Corridors, t: Texts) -> str:
    """CSV of the corridors shown: from state to state, then by country of exploitation."""
    rows = [
        {
            **row,
            "origin_name": t.code("origin", row["origin"]),
            "place_name": words.place(source, row["place"], t),
        }
        for row in shown(found).to_dict("records")
    ]
    columns = [*CORRIDORS.names, "origin_name", "place_name"]
    return export.written(corridors_about(source, choice, found, t), columns, rows)


def shown(found: Corridors) -> pd.DataFrame:
    """Rows of the release that the page of corridors shows, in its order."""
    table = found.table
    between = found.arcs.merge(table[table["level"] == "state"], on=["origin", "place", "value"])
    return pd.concat([between[list(CORRIDORS.names)], table[table["level"] == "country"]])


def corridors_about(source: Opened, choice: Choice, found: Corridors, t: Texts) -> dict[str, str]:
    """Lines of the corridors shown: their country, and the state where one is chosen."""
    lines = _about(source, choice, t("corridors.file"), t)
    at = corridors.chosen(choice)
    if at not in found.states:
        return lines
    only = f"{t('corridors.state')}: {words.place(source, at, t)}"
    return lines | {t("export.view"): f"{lines[t('export.view')]} · {only}"}


def venue_csv(source: Opened, found: Layered, t: Texts) -> str:
    """CSV of the numbers of one mission layer: totals, overlap, states and years as shown."""
    venue = found.layer.venue
    both = OVERLAP.join(OVERLAPPING)
    made = [
        *(_row(venue, place, ALL, count) for place, count in found.layer.totals.items()),
        *(_row(both, place, ALL, count) for place, count in _overlap(found)),
        *(_row(venue, place, ALL, count) for place, count in found.states.iloc[:, 0].items()),
        *(_row(venue, ALL, year, count) for year, count in _years(found)),
    ]
    rows = [{**row, "name": words.place(source, row["place"], t)} for row in made]
    columns = ["level", "place", "name", "period", "venue", "measure", "value"]
    return export.written(venue_about(source, found, t), columns, rows)


def _row(venue: str, place: str, period: str, count: int) -> dict[str, object]:
    level = "state" if "-" in place else ALL if place == ALL else "country"
    told = {"level": level, "place": place, "period": period, "venue": venue}
    return {**told, "measure": CASES_MEASURE, "value": int(count)}


def _overlap(found: Layered) -> list[tuple[str, int]]:
    """Cases of both overlapping layers in both countries, where that is published."""
    return [] if found.both is None or ALL not in found.both.index else [(ALL, found.both[ALL])]


def _years(found: Layered) -> list[tuple[str, int]]:
    return [] if found.years.columns.empty else list(found.years.iloc[:, 0].dropna().items())


def venue_about(source: Opened, found: Layered, t: Texts) -> dict[str, str]:
    """Lines of the numbers of one mission layer."""
    return export.about(source, found.choice, t)


def _about(source: Opened, choice: Choice, title: str, t: Texts) -> dict[str, str]:
    lines = export.about(source, profiles.plain(choice), t)
    period = words.value(source, "period", ALL, t)
    places = t(f"place.{choice.country}")
    lines.pop(t("export.missing"))
    return lines | {
        t("export.view"): f"{title} · {places} · {period}",
        t("people.missing"): t("mark.hidden", k=source.k),
    }


def corridors_file(source: Opened, choice: Choice, found: Corridors) -> str:
    """Name of the files of the corridors shown, without an ending."""
    at = corridors.chosen(choice)
    stem = file_name(source, choice, "corridors")
    return f"{stem}_{at}" if at in found.states else stem


def file_name(source: Opened, choice: Choice, name: str) -> str:
    """Name of a file without its ending: release, what it shows, the country if one is chosen."""
    country = [choice.country] if choice.country != ALL else []
    return "_".join([source.release.manifest["id"], name, *country])

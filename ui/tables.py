"""Profiles and corridors as files: what is on the screen, with its caveat and its source."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from geo.model import ALL, CORRIDORS, PROFILES, UNKNOWN
from ui import export, profiles, words
from ui.figures import profiles as charts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.choice import Choice
    from ui.corridors import Corridors
    from ui.i18n import Texts
    from ui.lookup import Opened
    from ui.profiles import Profile


def profile_csv(source: Opened, choice: Choice, profile: Profile, t: Texts) -> str:
    """CSV of one profile: lines that say what it is, then its published counts and totals."""
    title = t(f"people.title.{profile.attribute}")
    lines = _about(source, choice, title, t) | {
        t("export.unit"): words.listed([words.unit(source, t, m) for m in profile.measures], t),
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
    named = [{**row, "name": names[row["code"]]} for row in made]
    return _written(lines, [*PROFILES.names[:4], "name", *PROFILES.names[4:]], named)


def _counts(profile: Profile, measure: str) -> list[tuple[str, int]]:
    """Code and count of all that is published of a profile, its total as ``all``."""
    known = profile.counts[measure].dropna().astype(int).to_dict()
    rest = {UNKNOWN: profile.unknown.get(measure), ALL: profile.totals.get(measure)}
    return [*known.items(), *((code, value) for code, value in rest.items() if value is not None)]


def corridors_csv(source: Opened, choice: Choice, found: Corridors, t: Texts) -> str:
    """CSV of all corridors of a release: lines that say what they are, then the counts."""
    lines = _about(source, choice, t("corridors.file"), t)
    rows = [
        {
            **row,
            "origin_name": t.code("origin", row["origin"]),
            "place_name": words.place(source, row["place"], t),
        }
        for row in found.table.to_dict("records")
    ]
    return _written(lines, [*CORRIDORS.names, "origin_name", "place_name"], rows)


def _about(source: Opened, choice: Choice, title: str, t: Texts) -> dict[str, str]:
    lines = export.about(source, profiles.plain(choice), t)
    period = words.value(source, "period", ALL, t)
    places = t(f"place.{choice.country}")
    lines.pop(t("export.missing"))
    return lines | {
        t("export.view"): f"{title} · {places} · {period}",
        t("people.missing"): t("mark.hidden", k=source.k),
    }


def _written(lines: dict[str, str], columns: list[str], rows: Iterable[dict]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for name, text in lines.items():
        writer.writerow([export.safe(f"# {name}"), export.safe(text)])
    writer.writerow(columns)
    writer.writerows([[export.safe(row[name]) for name in columns] for row in rows])
    return file.getvalue()


def file_name(source: Opened, choice: Choice, name: str) -> str:
    """Name of a downloaded CSV: release, what it shows, and the country where one is chosen."""
    country = [choice.country] if choice.country != ALL else []
    return f"{'_'.join([source.release.manifest['id'], name, *country])}.csv"

"""The view as files: what is on the screen, with its caveat and its source."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import shapely

from geo import rates
from geo.model import DIMENSIONS, UNKNOWN
from ui import clusters, load, rating, words
from ui.choice import COUNT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from ui.choice import Choice
    from ui.export.sheets import Sheet
    from ui.i18n import Texts
    from ui.lookup import Opened, Shown

COLUMNS = ("level", "place", "name", *DIMENSIONS, "measure", "value", "bound")
RATE_COLUMNS = (
    *("rate", "rate_low", "rate_high", "rate_state", "denominator"),
    *("denominator_of", "denominator_year", "denominator_source"),
)
CLUSTER_COLUMN = "cluster"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def about(source: Opened, choice: Choice, t: Texts, found: Shown | None = None) -> dict[str, str]:
    """Lines every export has: title, unit, period, place rule, caveat, source, help.

    With what was `found`, also which levels of which layers are not released, where any are,
    and what its clusters are.
    """
    manifest = source.release.manifest
    lines = load.settings()["help"]
    standing = t("export.synthetic") if manifest["synthetic"] else t("export.real")
    refused = words.refused(found, t) if found else ""
    told = [*clusters.sentences(found, t), clusters.method(found, t)] if found else []
    return {
        t("export.title"): f"{manifest['title'][t.lang]} ({standing})",
        t("export.view"): words.described(source, choice, t, found.measure if found else COUNT),
        t("export.unit"): words.unit(source, t),
        t("export.period"): words.periods(source, choice, t),
        t("export.places"): t("export.place_rule"),
        t("export.missing"): t("mark.hidden", k=source.k),
        t("export.caveat"): t("caveat.short"),
        t("export.release"): manifest["id"],
        t("export.citation"): manifest["citation"][t.lang],
        t("export.licence"): manifest["licence"],
        t("export.bound"): t("export.bound_rule"),
        t("export.help"): t("help.line", **numbers(lines)).replace("**", ""),
        **({t("export.refused"): refused} if refused else {}),
        **(
            {t("export.clusters"): " ".join(filter(None, told)).replace("**", "")}
            if any(told)
            else {}
        ),
    }


def numbers(lines: dict) -> dict[str, str]:
    """Help numbers by the names the texts give them."""
    return {"us": lines["us"]["phone"], "text": lines["us"]["text"], "mx": lines["mx"]["phone"]}


def rows(source: Opened, choice: Choice, found: Shown, t: Texts) -> list[dict]:
    """Cells of a view, unplaced ones too, in the columns of the release, a name and a bound.

    Several periods are joined by commas. ``bound`` is ``at_least`` where the value is the sum
    of some of them only, as the others are not published. Where clusters are asked for,
    ``cluster`` says which a place is part of.
    """
    made = []
    parts = [
        (number, layer, part)
        for number, layer in enumerate(found.layers)
        for part in (layer, layer.least)
        if part
    ]
    for number, layer, part in parts:
        codes = dict(zip(DIMENSIONS, choice.cell(layer.venue), strict=True))
        codes["period"] = ",".join(choice.times())
        tables = [*part.cells.items(), ("state", part.unplaced)]
        rated = {
            place: cell
            for level, counts in tables
            if len(counts)
            for place, cell in _rates(source, choice, counts, found.measure).items()
        }
        made += [
            {
                "level": level,
                "place": place,
                "name": words.place(source, place, t),
                **codes,
                "measure": "cases",
                "value": int(count),
                "bound": "exact" if part is layer else "at_least",
                **rated[place],
                **_cluster(found, number, level, place),
            }
            for level, counts in tables
            for place, count in counts.items()
        ]
    return made


def _cluster(found: Shown, number: int, level: str, place: str) -> dict[str, str]:
    if found.clusters is None:
        return {}
    unplaced = place.endswith(f"-{UNKNOWN}")
    told = "" if unplaced else clusters.of_cell(found.clusters, number, level, place)
    return {CLUSTER_COLUMN: told}


def _rates(
    source: Opened, choice: Choice, counts: pd.Series, measure: str
) -> dict[str, dict[str, object]]:
    """Rate columns by place; the state of each says why it has no rate, if it has none."""
    if choice.periods:
        none = dict.fromkeys(RATE_COLUMNS) | {"rate_state": "several_periods"}
        return dict.fromkeys(counts.index, none)
    table = rating.rated(source, choice, counts, measure)
    about_them = rates.denominators(rating.kind(measure))
    return {place: _rate(table.loc[place], place, about_them, measure) for place in table.index}


def _rate(row: pd.Series, place: str, about_them: pd.DataFrame, measure: str) -> dict:
    known = place in about_them.index
    limits = [row[name] for name in ("rate", "low", "high")]
    shown = [round(float(value), 4) if row["state"] == rates.RATED else None for value in limits]
    people = int(row["denominator"]) if known else None
    whose = about_them.loc[place] if known else None
    told = (
        *(*shown, row["state"], people, rating.kind(measure) if known else None),
        *((int(whose["year"]), whose["source"]) if known else (None, None)),
    )
    return dict(zip(RATE_COLUMNS, told, strict=True))


def as_csv(source: Opened, choice: Choice, found: Shown, t: Texts) -> str:
    """CSV of the view: lines that say what it is, then the cells."""
    columns = (*COLUMNS, *RATE_COLUMNS, *([CLUSTER_COLUMN] if found.clusters else ()))
    return written(about(source, choice, t, found), columns, rows(source, choice, found, t))


def written(lines: Mapping[str, str], columns: Sequence[str], table: Iterable[Mapping]) -> str:
    """CSV of a table under the lines that say what it is. No cell starts a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for name, text in lines.items():
        writer.writerow([safe(f"# {name}"), safe(text)])
    writer.writerow([safe(name) for name in columns])
    for row in table:
        writer.writerow([safe(row[name]) for name in columns])
    return file.getvalue()


def trend_view(source: Opened, choice: Choice, t: Texts) -> str:
    """One line that says the whole view of the trends: dimension, unit, grain, place."""
    parts = (
        t(f"trends.view.{choice.by}"),
        words.unit(source, t),
        t(f"trends.grain.{choice.grain}").lower(),
        words.place(source, choice.where, t),
    )
    return " · ".join(parts)


def trend_about(source: Opened, choice: Choice, table: pd.DataFrame, t: Texts) -> dict[str, str]:
    """Lines of a table over time, whose mark of what is not published stands in its cells."""
    own = {
        t("export.view"): trend_view(source, choice, t),
        t("export.period"): f"{table.index[0]} – {table.index[-1]}",
    }
    renamed = {t("export.missing"): t("rank.hidden")}
    lines = about(source, choice, t) | own
    return {renamed.get(name, name): text for name, text in lines.items()}


def trend_csv(source: Opened, choice: Choice, table: pd.DataFrame, t: Texts) -> str:
    """CSV of a table over time: lines that say what it is, then the table as shown."""
    columns = [table.index.name, *table.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in table.itertuples(name=None)]
    return written(trend_about(source, choice, table, t), columns, rows)


def trend_file(source: Opened, choice: Choice) -> str:
    """Name of the files of a table over time, without its ending."""
    parts = (source.release.manifest["id"], "trends", choice.by, choice.grain, choice.where)
    return "_".join(parts)


def safe(value: object) -> object:
    """Value that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe(12)
    ("'=1+1", 12)
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def as_geojson(source: Opened, choice: Choice, found: Shown, t: Texts) -> str:
    """GeoJSON of the view: an outline for each cell that has a place on the map."""
    outlines = source.release.places.set_index("place").geometry
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": json.loads(shapely.to_geojson(outlines[row["place"]])),
        }
        for row in rows(source, choice, found, t)
        if row["place"] in outlines.index
    ]
    content = {
        "type": "FeatureCollection",
        "about": about(source, choice, t, found),
        "features": features,
    }
    return json.dumps(content, ensure_ascii=False)


def as_png(source: Opened, choice: Choice, found: Shown, t: Texts) -> bytes:
    """PNG of the map view. matplotlib is loaded only here and for SVG: it is large."""
    from ui.export import pictures

    return pictures.of_view(source, choice, found, t, "png")


def as_svg(source: Opened, choice: Choice, found: Shown, t: Texts) -> bytes:
    """SVG of the map view: each place with its name and count."""
    from ui.export import pictures

    return pictures.of_view(source, choice, found, t, "svg")


def folder_zip(source: Opened) -> bytes:
    """All files of a release in one archive: the same bytes every time, no dates."""
    folder = source.release.folder
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            entry = zipfile.ZipInfo(f"{source.release.manifest['id']}/{path.name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return file.getvalue()


def as_charts(sheet: Sheet, ending: str, t: Texts) -> bytes:
    """PNG or SVG of the charts of a page."""
    from ui.export import plots

    return plots.of_sheet(sheet, t, ending)


def file_stem(source: Opened, choice: Choice) -> str:
    """Name of a downloaded file without its ending: release, layers and filters as codes."""
    parts = [source.release.manifest["id"], *choice.layers, *choice.filters().values()]
    return "_".join(parts).replace(",", "_")


def file_name(source: Opened, choice: Choice, ending: str) -> str:
    """Name of a downloaded file: release, layers and filters as codes."""
    return f"{file_stem(source, choice)}.{ending}"

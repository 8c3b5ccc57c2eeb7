"""The view as files: what is on the screen, with its caveat and its source."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import shapely

from geo.model import DIMENSIONS
from ui import load, words

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.lookup import Opened, Shown

COLUMNS = ("level", "place", "name", *DIMENSIONS, "measure", "value")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def about(source: Opened, choice: Choice, t: Texts) -> dict[str, str]:
    """Lines every export has: title, unit, period, place rule, caveat, source, help."""
    manifest = source.release.manifest
    lines = load.settings()["help"]
    standing = t("export.synthetic") if manifest["synthetic"] else t("export.real")
    return {
        t("export.title"): f"{manifest['title'][t.lang]} ({standing})",
        t("export.view"): words.described(source, choice, t),
        t("export.unit"): words.unit(source, t),
        t("export.period"): words.value(source, "period", choice.period, t),
        t("export.places"): t("export.place_rule"),
        t("export.missing"): t("mark.hidden", k=source.k),
        t("export.caveat"): t("caveat.short"),
        t("export.release"): manifest["id"],
        t("export.citation"): manifest["citation"][t.lang],
        t("export.licence"): manifest["licence"],
        t("export.help"): t("help.line", **numbers(lines)),
    }


def numbers(lines: dict) -> dict[str, str]:
    """Help numbers by the names the texts give them."""
    return {"us": lines["us"]["phone"], "text": lines["us"]["text"], "mx": lines["mx"]["phone"]}


def rows(source: Opened, choice: Choice, found: Shown, t: Texts) -> list[dict]:
    """Cells of a view, unplaced ones too, in the columns of the release and a name."""
    made = []
    for layer in found.layers:
        codes = dict(zip(DIMENSIONS, choice.cell(layer.venue), strict=True))
        tables = [*layer.cells.items(), ("state", layer.unplaced)]
        made += [
            {
                "level": level,
                "place": place,
                "name": words.place(source, place, t),
                **codes,
                "measure": "cases",
                "value": int(count),
            }
            for level, counts in tables
            for place, count in counts.items()
        ]
    return made


def as_csv(source: Opened, choice: Choice, found: Shown, t: Texts) -> str:
    """CSV of the view: lines that say what it is, then the cells. No cell starts a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for name, text in about(source, choice, t).items():
        writer.writerow([safe(f"# {name}"), safe(text)])
    writer.writerow(COLUMNS)
    for row in rows(source, choice, found, t):
        writer.writerow([safe(row[name]) for name in COLUMNS])
    return file.getvalue()


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
    content = {"type": "FeatureCollection", "about": about(source, choice, t), "features": features}
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


def file_name(source: Opened, choice: Choice, ending: str) -> str:
    """Name of a downloaded file: release, layers and filters as codes."""
    parts = [source.release.manifest["id"], *choice.layers, *choice.filters().values()]
    return f"{'_'.join(parts)}.{ending}"

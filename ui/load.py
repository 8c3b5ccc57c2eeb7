"""Releases read once, and the files the browser gets.

Served files are named by their content, so a page that is open never mixes two versions.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from geo import cluster_file, ledger, release
from geo.model import ReleaseError
from ui import access, geometry, lookup, standing, themes, words
from ui.i18n import LANGUAGES, texts
from ui.packed import compressed, packed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
ASSETS = ROOT / "ui" / "assets"
OPENS_FIRST = "demo-national"
LEAFLET = ("leaflet.js", "leaflet.css")


@dataclass(frozen=True)
class Served:
    """Addresses of the files of the base map, relative to the frame of streamlit-folium."""

    leaflet_js: str
    leaflet_css: str
    font_css: str
    map_js: str
    map_css: str
    base: str


@cache
def settings() -> dict:
    """``ui/settings.toml``."""
    return tomllib.loads((ROOT / "ui" / "settings.toml").read_text(encoding="utf-8"))


def root() -> Path:
    """Folder of the releases: ``MOSAICO_RELEASES``, or the committed ones."""
    return Path(os.environ.get("MOSAICO_RELEASES") or ROOT / "data" / "aggregates")


def home() -> str:
    """Path of the home page, where the login provider leads back to."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}/" if base else "/"


def reader() -> access.Reader:
    """Who reads now."""
    return access.reader(settings()["readers"], settings()["signed_in_hours"])


def listings(who: access.Reader | None = None) -> tuple[release.Listing, ...]:
    """Releases that `who`, or who reads now, may read: the national one first, then by id."""
    who = who or reader()
    sealed = [one for one in _listings(root(), _stamp(root())) if not one.refused]
    found = [one for one in sealed if who.may_read(one.audience)]
    return tuple(sorted(found, key=lambda one: (one.series != OPENS_FIRST, one.id)))


def refused() -> tuple[release.Listing, ...]:
    """Releases that must not be shown, with the reason; those for others are not told of."""
    who = reader()
    found = [one for one in _listings(root(), _stamp(root())) if one.refused]
    return tuple(one for one in found if who.may_read(_claimed(one.folder)))


def _claimed(folder: Path) -> str:
    """Audience that an unverified manifest claims; empty where it cannot be read."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        manifest = json.loads((folder / release.MANIFEST).read_text(encoding="utf-8"))
        return str(manifest.get("audience"))
    return ""


def today() -> date:
    """Day that the age of a release is told by."""
    return datetime.now(UTC).date()


def old(source: lookup.Opened) -> bool:
    """Whether a release ended more years ago than ``ui/settings.toml`` allows."""
    return standing.old(source.release.manifest, today(), settings()["old_after_years"])


def later(source: lookup.Opened) -> standing.Later | None:
    """Release that took the place of an opened one, if any did."""
    manifests = {
        one.folder.name: _manifest(one.folder, _stamp(one.folder.parent)) for one in listings()
    }
    return standing.later(source.release.folder.name, manifests, ledger.read(root()))


@st.cache_resource(show_spinner=False, max_entries=64)
def _manifest(folder: Path, stamp: str) -> dict:
    return release.verify(folder)


@st.cache_resource(show_spinner=False, max_entries=4)
def _listings(folder: Path, stamp: str) -> list[release.Listing]:
    return release.releases(folder)


def _stamp(folder: Path) -> str:
    """Digest of name, size and time of every file and the ledger: what changed is verified again.

    One short text, because the caches hash what they are asked with at every look-up.
    """
    told = repr(sorted(_stamps(folder)))
    return hashlib.blake2b(told.encode("utf-8"), digest_size=16).hexdigest()


def _stamps(folder: Path, within: bool = True) -> Iterator[tuple[str, int, int]]:
    """Of the files of each release, and of the ledger and what else stands beside them."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        for entry in found:
            if within and entry.is_dir():
                yield from _stamps(Path(entry.path), within=False)
            elif entry.is_file() and (not within or entry.name.endswith(".json")):
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns


def opened(name: str, who: access.Reader | None = None) -> lookup.Opened:
    """Release in folder `name`, verified and indexed, where `who`, or who reads now, may read it.

    Raises
    ------
    geo.model.ReleaseError
    """
    names = tuple(one.folder.name for one in listings(who))
    if name not in names:
        raise ReleaseError(name)
    return _opened(root() / name, _stamp(root()), names)


@st.cache_resource(show_spinner=False, max_entries=8)
def _opened(folder: Path, stamp: str, names: tuple[str, ...]) -> lookup.Opened:
    read = release.read(folder)
    try:
        return lookup.opened(read, names, cluster_file.read(folder))
    except (AttributeError, KeyError, TypeError, ValueError):  # a manifest that no build wrote
        raise ReleaseError(folder.name) from None


@st.cache_resource(show_spinner=False)
def served() -> Served:
    """Write the files of the base map into ``static/`` and say where they are.

    Geometry is compressed here, once: the server compresses all else anew for every reader.
    """
    package = files("xstatic.pkg.leaflet") / "data"
    leaflet = {name: _serve(name, (package / name).read_bytes()) for name in LEAFLET}
    map_js = _serve("map.js", (ASSETS / "map.js").read_bytes())
    sheets = themes.frame_sheet().encode("utf-8") + (ASSETS / "map.css").read_bytes()
    map_css = _serve("map.css", sheets)
    base = _serve("base.json.gz", compressed(geometry.base()))
    return Served(leaflet["leaflet.js"], leaflet["leaflet.css"], _font(), map_js, map_css, base)


def _font() -> str:
    """Style that gives the frame the page's own font, which Streamlit brings along."""
    media = Path(st.__file__).parent / "static" / "static" / "media"
    font = next(media.glob("SourceSansVF-Upright*.woff2"), None)
    if font is None:
        return _serve("font.css", b"")
    url = Path(_serve("font.woff2", font.read_bytes())).name
    face = f'@font-face {{ font-family: "Source Sans"; font-weight: 200 900; src: url("{url}"); }}'
    return _serve("font.css", face.encode("utf-8"))


def hexes(source: lookup.Opened) -> dict:
    """Hex parts of a release for the map: an address, or a packed text where it is not public.

    Files under ``/app/static/`` are served without login and to any origin.
    """
    folder = source.release.folder
    return _hexes(str(folder), source.release.manifest["files"]["places.parquet"], source)


@st.cache_resource(show_spinner=False, max_entries=8)
def _hexes(folder: str, stamp: str, _source: lookup.Opened) -> dict:
    names = {
        place: {lang: words.place(_source, place, texts(lang)) for lang in LANGUAGES}
        for place in _source.near
    }
    places = geometry.hexes(_source.release.places, names)
    if _source.release.manifest["audience"] != "public":
        return {"id": stamp[:16], "packed": packed(places)}
    return {"id": stamp[:16], "url": _serve("hexes.json.gz", compressed(places))}


def _serve(name: str, content: bytes) -> str:
    """Write `content` under a name with its hash, whole or not at all."""
    stem, _, suffix = name.partition(".")
    path = STATIC / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    if not path.exists():
        STATIC.mkdir(exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)
    return f"../../app/static/{path.name}"

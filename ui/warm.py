"""What the first page needs, loaded before its first reader: modules, files, a release, a view."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from folium import plugins

from geo.model import ReleaseError
from ui import access, load, maps, nav, search, shared
from ui.choice import parse
from ui.i18n import LANGUAGES, texts

if TYPE_CHECKING:
    from ui.lookup import Opened

# Imported, which takes longer than all that is loaded. Not the parts that draw the map:
# streamlit-folium says where its files are to the session that imports it, and only there.
FIRST_PAGE = (nav, plugins)


def opening() -> Opened | None:
    """Make what the public sees first, in every language; nothing where no release may be shown.

    Returns
    -------
    ui.lookup.Opened or None
        The release that opens first.
    """
    maps.base(load.served())
    public = access.Reader(access.PUBLIC)
    for listing in load.listings(public):
        with suppress(ReleaseError):  # the page says why, and opens the next
            source = load.opened(listing.folder.name, public)
            _views(source)
            return source
    return None


def _views(source: Opened) -> None:
    hexes = load.hexes(source)
    for lang in LANGUAGES:
        t = texts(lang)
        choice, _ = parse({"lang": lang}, source.offered)
        shared.values(source, choice, hexes, t)
        shared.ranking(source, choice, t)
        search.options(t)

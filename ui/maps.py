"""The map as values: a constant base map, and what is painted on it.

The base map never changes, so that the browser keeps the map, its zoom and its centre
when a filter, a layer or the release changes. Painting sends one class digit a place
and layer, and the published counts; geometry is loaded once from static files.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import folium
from folium.template import Template

from geo import trees
from ui import geometry, lookup, palette, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.load import Served
    from ui.lookup import Layer, Opened, Shown

CREDIT = "US Census Bureau · INEGI · Natural Earth · GeoNames"
MARKS = ("012345", "0abcde")  # a class in full colour, and behind finer cells of its layer

MAP_OPTIONS = {
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
    "wheelPxPerZoomLevel": 110,
    "minZoom": 2.5,
    "maxZoom": 9,
    "zoomControl": False,
    "keyboard": False,
    "trackResize": False,
    "maxBounds": [[-60, -260], [84, 40]],
    "worldCopyJump": False,
}

AREAS = ("home", "home_short", "alaska", "hawaii", "puerto_rico")
HELP_TEXTS = ("keys", "zoom_in", "zoom_out", *AREAS)
TIP_TEXTS = ("hidden", "ground", "uncovered", "failed", "locale")


class Start(folium.MacroElement):
    """Script of the base map: load geometry once, draw what never changes."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mosaico.start({{ this._parent.get_name() }}, {{ this.options | tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, base: str):
        super().__init__()
        self._name = "Start"
        self.options = {"base": base, "map": MAP_OPTIONS}


class Paint(folium.MacroElement):
    """Script that repaints: values only."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mosaico.paint({{ this.values | tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, values: dict):
        super().__init__()
        self._name = "Paint"
        self.values = values


def base(files: Served) -> folium.Map:
    """Draw the base map without tiles, with every script and style from this server."""
    drawn = folium.Map(
        location=(32.5, -96),
        zoom_start=4,
        tiles=None,
        prefer_canvas=False,
        **{name: value for name, value in MAP_OPTIONS.items() if name != "maxBounds"},
    )
    drawn.default_js = [("leaflet", files.leaflet_js), ("mosaico", files.map_js)]
    drawn.default_css = [
        ("leaflet_css", files.leaflet_css),
        ("font_css", files.font_css),
        ("mosaico_css", files.map_css),
    ]
    Start(files.base).add_to(drawn)
    return drawn


def painted(values: dict) -> folium.FeatureGroup:
    """Feature group that repaints the base map with `values`."""
    group = folium.FeatureGroup(name="values")
    Paint(values).add_to(group)
    return group


def values(source: Opened, choice: Choice, found: Shown, hexes: dict, t: Texts) -> dict:
    """All that the map needs to paint a choice.

    Parameters
    ----------
    source : Opened
    choice : Choice
    found : Shown
        What the choice shows.
    hexes : dict
        Hex parts, or the address of their file.
    t : Texts
    """
    order = {level: geometry.order(source.release.places, level) for level in found.levels}
    uncovered = [country for country in ("US", "MX") if country not in source.covered]
    return {
        "lang": t.lang,
        "label": t("map.label"),
        "credit": CREDIT,
        "layers": [_layer(layer, order, source.k, t) for layer in found.layers],
        "levels": list(found.levels),
        "front": found.front,
        "uncovered": uncovered,
        "selected": choice.place,
        "hexes": hexes,
        "legend": legend(choice.layers, source, t),
        "texts": {
            **{name: t(f"map.{name}") for name in HELP_TEXTS},
            **{name: t(f"tip.{name}", k=source.k) for name in TIP_TEXTS},
            "unit": words.unit(source, t),
        },
    }


def _layer(layer: Layer, order: dict[str, list[str]], k: int, t: Texts) -> dict:
    behind = with_finer(layer)
    return {
        "title": t.code("venue", layer.venue),
        "colours": palette.scale(layer.venue),
        "pale": palette.pale(layer.venue),
        "cells": {
            level: packed(cells, order[level], k, behind) for level, cells in layer.cells.items()
        },
    }


def with_finer(layer: Layer) -> frozenset[str]:
    """Places of a layer in which a finer one is shown: they stay behind it."""
    shown = {place for cells in layer.cells.values() for place in cells.index}
    return frozenset(
        above for place in shown for above in trees.place_path(place) if above not in ("", place)
    )


def packed(counts: pd.Series, order: Sequence[str], k: int, behind: frozenset[str]) -> dict:
    """Class mark of all places in order (0: not published), and the published counts.

    Parameters
    ----------
    counts : pandas.Series
        Published counts by place.
    order : sequence of str
        Place ids as the browser has them.
    behind : frozenset of str
        Places with a finer one before them.
    """
    known = counts.to_dict()
    marks = [
        MARKS[place in behind][palette.digit(known[place], k)] if place in known else "0"
        for place in order
    ]
    return {
        "digits": "".join(marks),
        "values": [int(known[place]) for place in order if place in known],
    }


def legend(venues: Sequence[str], source: Opened, t: Texts) -> dict:
    """Legend that lists every mark, whatever is on the map."""
    k = source.k
    marks = ["hidden", "ground", "behind", "uncovered", "unplaced"]
    return {
        "title": words.capitalised(words.unit(source, t)),
        "unit": t("legend.unit"),
        "classes": class_labels(k, t),
        "layers": [
            {
                "title": t.code("venue", venue),
                "colours": palette.scale(venue)[: len(palette.breaks(k))],
                "pale": [tones[: len(palette.breaks(k))] for tones in palette.pale(venue)],
            }
            for venue in venues
        ],
        "marks": [{"kind": mark, "text": t(f"mark.{mark}", k=k)} for mark in marks],
    }


def class_labels(k: int, t: Texts) -> list[str]:
    """Whole-number labels of the classes, none overlapping, the last open."""
    return ranges(palette.breaks(k), t)


def ranges(least: Sequence[int], t: Texts) -> list[str]:
    """Labels of classes by their least counts."""
    closed = [t("legend.range", least=low, most=high - 1) for low, high in pairwise(least)]
    return [*closed, t("legend.last", least=least[-1])]


def clicked(source: Opened, found: Shown, click: dict | None) -> str:
    """Place that a click opens; a place opened by key is named in the click.

    Parameters
    ----------
    click : dict
        ``lat``, ``lng`` in degrees, and perhaps ``place``; untrusted.
    """
    if not click:
        return ""
    named = click.get("place")
    if named in source.offered.places:
        return named
    return lookup.place_at(source, found, float(click["lat"]), float(click["lng"]))

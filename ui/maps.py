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

from geo import rates, trees
from ui import geometry, lookup, palette, rating, themes, words
from ui.choice import COUNT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.load import Served
    from ui.lookup import Layer, Opened, Shown

CREDIT = "US Census Bureau · INEGI · Natural Earth · GeoNames"
RATE_MARKS = {rates.TOO_FEW: "t", rates.NO_DENOMINATOR: "n"}
# A class in full colour, and behind finer cells of its layer; then the same for "at least".
MARKS = (("012345", "0abcde"), ("0vwxyz", "0VWXYZ"))

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

AREAS = ("home", "home_short", "border", "border_short", "alaska", "hawaii", "puerto_rico")
HELP_TEXTS = ("keys", "zoom_in", "zoom_out", *AREAS, "fit", "full", "full_off")
TIP_TEXTS = (
    *("hidden", "ground", "uncovered", "failed", "locale", "least", "refused"),
    *("too_few", "no_denominator", "many", "few"),
)


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
        self.options = {"base": base, "map": MAP_OPTIONS, "twins": themes.TWINS}


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


def values(
    source: Opened, choice: Choice, found: Shown, hexes: dict, t: Texts, sought: int = 0
) -> dict:
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
    sought : int
        Number of places searched by name so far: where it grows, the map moves to the place.
    """
    order = {level: geometry.order(source.release.places, level) for level in found.levels}
    uncovered = [country for country in ("US", "MX") if country not in source.covered]
    return {
        "lang": t.lang,
        "label": t("map.label"),
        "credit": CREDIT,
        "layers": [
            _layer(layer, source, choice, found, order, t) | _clusters(found, number)
            for number, layer in enumerate(found.layers)
        ],
        "levels": list(found.levels),
        "front": found.front,
        "uncovered": uncovered,
        "selected": choice.place,
        "sought": sought,
        "hexes": hexes,
        "legend": legend(choice.layers, source, t, found.measure, found.clustered),
        "texts": {
            **{name: t(f"map.{name}") for name in HELP_TEXTS},
            **{name: t(f"tip.{name}", k=source.k) for name in TIP_TEXTS},
            "unit": words.unit(source, t),
            "rate": _rate_text(found.measure, t),
        },
    }


def _clusters(found: Shown, number: int) -> dict:
    """Places of the clusters of one layer, and the kind of each; nothing where nobody asked."""
    return {"clusters": dict(found.clusters.layers[number].kinds)} if found.clusters else {}


def _rate_text(measure: str, t: Texts) -> str:
    """Words of the tooltip for a rate, with braces where the browser puts its numbers."""
    unit = t(f"unit.{rating.kind(measure)}")
    return t("tip.rate", unit=unit, rate="{0}", low="{1}", high="{2}", count="{3}")


def _layer(
    layer: Layer,
    source: Opened,
    choice: Choice,
    found: Shown,
    order: dict[str, list[str]],
    t: Texts,
) -> dict:
    if rating.is_rate(found.measure):
        table = rating.rated(source, choice, layer.cells.get("state", lookup.EMPTY), found.measure)
        cells = {"state": packed_rates(table, order["state"], found.measure)} if order else {}
    else:
        behind = with_finer(layer)
        cells = {
            level: packed(
                layer.known(level), order[level], source.k, behind, layer.partly(level).index
            )
            for level in layer.cells
        }
    return {
        "title": t.code("venue", layer.venue),
        "note": t(f"panel.{layer.lack}") if layer.lack else "",
        "colours": palette.scale(layer.venue),
        "pale": palette.pale(layer.venue),
        "cells": cells,
    }


def with_finer(layer: Layer) -> frozenset[str]:
    """Places of a layer in which a finer one is shown: they stay behind it."""
    shown = {place for level in layer.cells for place in layer.known(level).index}
    return frozenset(
        above for place in shown for above in trees.place_path(place) if above not in ("", place)
    )


def packed(
    counts: pd.Series,
    order: Sequence[str],
    k: int,
    behind: frozenset[str],
    least: Collection[str] = (),
) -> dict:
    """Class mark of all places in order (0: not published), and the published counts.

    Parameters
    ----------
    counts : pandas.Series
        Published counts by place.
    order : sequence of str
        Place ids as the browser has them.
    behind : frozenset of str
        Places with a finer one before them.
    least : collection of str
        Places whose count is of some of several periods: "at least" so many.
    """
    known, partly = counts.to_dict(), frozenset(least)
    marks = [
        MARKS[place in partly][place in behind][palette.digit(known[place], k)]
        if place in known
        else "0"
        for place in order
    ]
    return {
        "digits": "".join(marks),
        "values": [int(known[place]) for place in order if place in known],
    }


def packed_rates(table: pd.DataFrame, order: Sequence[str], measure: str) -> dict:
    """Class mark of the rates of all places in order, and the published counts with their rates.

    Parameters
    ----------
    table : pandas.DataFrame
        As of ``geo.rates.rated``: a row for each published count.

    Returns
    -------
    dict
        ``digits`` and ``values`` as of :func:`packed`, with ``t`` for too few for a rate and
        ``n`` for no denominator; ``rates``: rate, low and high as text, or None.
    """
    known = table.to_dict("index")
    rows = [known[place] for place in order if place in known]
    marks = [_rate_mark(known.get(place), measure) for place in order]
    told = [
        [rating.shown(row[name]) for name in ("rate", "low", "high")]
        if row["state"] == rates.RATED
        else None
        for row in rows
    ]
    return {
        "digits": "".join(marks),
        "values": [int(row["count"]) for row in rows],
        "rates": told,
    }


def _rate_mark(row: dict | None, measure: str) -> str:
    if row is None:
        return "0"
    if row["state"] != rates.RATED:
        return RATE_MARKS[row["state"]]
    return str(palette.rate_digit(float(rating.shown(row["rate"])), measure))


def legend(
    venues: Sequence[str],
    source: Opened,
    t: Texts,
    measure: str = COUNT,
    clusters: bool = False,
) -> dict:
    """Legend that lists every mark, whatever is on the map; outlines of clusters where on."""
    k = source.k
    marks = ["hidden", "ground", "behind", "too_few", "no_denominator", "uncovered"]
    marks += ["least", "unplaced"]
    marks = ["many", "few", *marks] if clusters else marks
    rate = rating.is_rate(measure)
    classes = len(palette.breaks(k)) if not rate else len(palette.RATE_STEPS[measure]) + 1
    return {
        "title": t("legend.rate") if rate else words.capitalised(words.unit(source, t)),
        "unit": t("legend.count") if not rate else t(f"unit.{rating.kind(measure)}"),
        "classes": rate_labels(measure, t) if rate else class_labels(k, t),
        "layers": [
            {
                "title": t.code("venue", venue),
                "colours": palette.scale(venue)[:classes],
                "pale": [tones[:classes] for tones in palette.pale(venue)],
            }
            for venue in venues
        ],
        "marks": [
            {"kind": mark, "text": t(f"mark.{mark}", k=k, least=rates.LEAST_CASES)}
            for mark in marks
        ],
    }


def marked(legend: dict, measure: str) -> dict:
    """Legend without the marks of rates where counts are shown and nobody can ask for rates."""
    if rating.is_rate(measure):
        return legend
    kept = [mark for mark in legend["marks"] if mark["kind"] not in RATE_MARKS]
    return legend | {"marks": kept}


def alone(legend: dict, told: Mapping[str, str], t: Texts) -> dict:
    """Legend of a map without tooltip and table, with the words `told` of some marks."""
    words_of = {mark: t(f"mark.alone.{mark}", least=rates.LEAST_CASES) for mark in RATE_MARKS}
    words_of |= told
    marks = [{**one, "text": words_of.get(one["kind"], one["text"])} for one in legend["marks"]]
    return legend | {"marks": marks}


def class_labels(k: int, t: Texts) -> list[str]:
    """Whole-number labels of the classes, none overlapping, the last open."""
    return ranges(palette.breaks(k), t)


def ranges(least: Sequence[int], t: Texts) -> list[str]:
    """Labels of classes by their least counts."""
    closed = [t("legend.range", least=low, most=high - 1) for low, high in pairwise(least)]
    return [*closed, t("legend.last", least=least[-1])]


def rate_labels(measure: str, t: Texts) -> list[str]:
    """Labels of the classes of rates at the digits shown, none overlapping, both ends open."""
    steps = palette.RATE_STEPS[measure]
    unit = 10**-rating.DECIMALS
    ranges = [
        t("legend.range", least=rating.shown(low), most=rating.shown(high - unit))
        for low, high in pairwise(steps)
    ]
    first = t("legend.below", most=rating.shown(steps[0]))
    return [first, *ranges, t("legend.last", least=rating.shown(steps[-1]))]


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

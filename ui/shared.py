"""What a release alone decides about a view: made once a server, and shared by all sessions.

Sessions get copies. What one does to its own changes no other's.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from ui import figures, lookup, maps
from ui.choice import FILTERS, Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ui.clusters import Clusters
    from ui.i18n import Texts
    from ui.lookup import Layer, Opened, Shown

# Parts of a choice that the map and its table depend on; each session adds its own place.
VIEWED = ("release", "layers", "level", "measure", *FILTERS, "periods", "clusters")


def shown(source: Opened, choice: Choice) -> Shown:
    """What a choice shows, as of :func:`ui.lookup.shown`."""
    view = _view(choice)
    return _own(source.once.of(("shown", view), lambda: lookup.shown(source, view)))


def values(source: Opened, choice: Choice, hexes: dict, t: Texts, sought: int = 0) -> dict:
    """All that the map needs to paint a choice, as of :func:`ui.maps.values`."""
    view = _view(choice)

    def make() -> dict:
        return maps.values(source, view, shown(source, view), {}, t)

    own = {"hexes": hexes, "selected": choice.place, "sought": sought}
    return _parsed(source, ("values", view, t.lang), make) | own


def ranking(source: Opened, choice: Choice, t: Texts) -> dict:
    """Ranked table of a choice, as of :func:`ui.figures.ranking`."""
    view = _view(choice)

    def make() -> dict:
        return figures.ranking(source, view, shown(source, view), t)

    own = {"selected": choice.place}
    return _parsed(source, ("ranking", view, t.lang), make) | own


def _view(choice: Choice) -> Choice:
    return Choice(lang="", **{name: getattr(choice, name) for name in VIEWED})


def _parsed(source: Opened, key: Hashable, make: Callable[[], dict]) -> dict:
    """Fresh copy of a result that is kept as text, which nobody can change."""
    return json.loads(source.once.of(key, lambda: json.dumps(make(), ensure_ascii=False)))


def _own(found: Shown) -> Shown:
    """What a choice shows, with tables of its own: pandas copies them where they are changed."""
    seen = found.clusters and _own_clusters(found.clusters)
    return replace(found, layers=tuple(map(_own_layer, found.layers)), clusters=seen)


def _own_layer(layer: Layer) -> Layer:
    return replace(
        layer,
        cells={level: counts.copy(deep=False) for level, counts in layer.cells.items()},
        totals=layer.totals.copy(deep=False),
        unplaced=layer.unplaced.copy(deep=False),
        least=layer.least and _own_layer(layer.least),
    )


def _own_clusters(seen: Clusters) -> Clusters:
    layers = tuple(one._replace(kinds=dict(one.kinds)) for one in seen.layers)
    return seen._replace(layers=layers, method=dict(seen.method))

"""What a release alone decides about a view: made once a server, and shared by all sessions.

Sessions get copies, or text that nobody can change: what one does changes no other's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ui import figures, lookup, maps, themes
from ui.choice import FILTERS, Choice
from ui.packed import compressed, packed

if TYPE_CHECKING:
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
    """All that the map needs to paint a choice: what is shared is packed, beside a session's own.

    See :func:`ui.maps.values`.
    """
    view = _view(choice)

    def make() -> str:
        return packed(maps.values(source, view, shown(source, view), {}, t))

    text = source.once.of(("values", view, t.lang), make)
    return {"packed": text, "hexes": hexes, "selected": choice.place, "sought": sought}


def ranking(source: Opened, choice: Choice, t: Texts) -> bytes:
    """Ranked table of a choice: the place that is opened, a line feed, the table compressed.

    See :func:`ui.figures.ranking`; here ``rows`` are columns, which is shorter.
    """
    view = _view(choice)

    def make() -> bytes:
        table = themes.both(figures.ranking(source, view, shown(source, view), t))
        return compressed(table | {"rows": _columns(table["rows"])})

    table = source.once.of(("ranking", view, t.lang), make)
    return choice.place.encode("ascii") + b"\n" + table


def _columns(rows: list[dict]) -> dict[str, list]:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _view(choice: Choice) -> Choice:
    return Choice(lang="", **{name: getattr(choice, name) for name in VIEWED})


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

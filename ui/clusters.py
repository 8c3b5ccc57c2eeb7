"""Clusters of reports in what is shown: looked up in what was found ahead, never computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo.cluster_file import FEW_PLACES
from ui import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.cluster_file import Read
    from ui.choice import Choice
    from ui.i18n import Texts
    from ui.lookup import Layer, Opened, Shown

MISSING, PERIODS = "missing", "periods"
KINDS = ("many", "few")
NO_CLUSTER = "–"


class Clustered(NamedTuple):
    """Clusters of one layer, or why none are told.

    Attributes
    ----------
    refused : str
        ``missing`` (nobody has looked for them yet), ``periods`` (several are added up), or as of
        `geo.cluster_file.View`; ``""`` where places were compared.
    places : int
        Places that can be compared.
    kinds : mapping of str to str
        ``many`` or ``few``, by place.
    """

    refused: str
    places: int
    kinds: Mapping[str, str]


class Clusters(NamedTuple):
    """Clusters of all layers of a view.

    Attributes
    ----------
    level : str
        Level of the places that are compared.
    layers : tuple of Clustered
        In the order of the layers shown.
    method : mapping
        How they were found, as the file says; empty where there is none.
    """

    level: str
    layers: tuple[Clustered, ...]
    method: Mapping[str, int | float | str]

    @property
    def compared(self) -> bool:
        """Whether the places of any layer were compared."""
        return not all(layer.refused for layer in self.layers)


def of_choice(read: Read | None, choice: Choice, level: str) -> Clusters:
    """Clusters among the places of one level, a layer of the choice after the other."""
    layers = tuple(_of_layer(read, choice, level, venue) for venue in choice.layers)
    return Clusters(level, layers, read.method if read else {})


def _of_layer(read: Read | None, choice: Choice, level: str, venue: str) -> Clustered:
    if read is None:
        return Clustered(MISSING, 0, {})
    if choice.periods:
        return Clustered(PERIODS, 0, {})
    view = read.views.get((level, *choice.cell(venue)))
    if view is None:
        return Clustered(FEW_PLACES, 0, {})
    kinds = {place: kind for kind in KINDS for place in getattr(view, kind)}
    return Clustered(view.refused, view.places, kinds)


def of_cell(found: Clusters, number: int, level: str, place: str) -> str:
    """Column of a file: ``many``, ``few``, ``none``; empty where the place was not compared."""
    layer = found.layers[number]
    if layer.refused or level != found.level:
        return ""
    return layer.kinds.get(place, "none")


def of_row(found: Shown, place: str, t: Texts) -> str:
    """Column of the ranked table: the clusters a place is part of, by layer where several show."""
    told = {
        layer.venue: t(f"clusters.{clustered.kinds[place]}")
        for layer, clustered in zip(found.layers, found.clusters.layers, strict=True)
        if place in clustered.kinds
    }
    if len(found.layers) == 1:
        return next(iter(told.values()), NO_CLUSTER)
    named = [f"{t.code('venue', venue)}: {kind}" for venue, kind in told.items()]
    return "; ".join(named) or NO_CLUSTER


def sentences(found: Shown, t: Texts) -> list[str]:
    """What the clusters are and are not, and why a layer has none; nothing where nobody asked."""
    seen = found.clusters
    if seen is None:
        return []
    lines = [_note(seen, t)] if seen.compared else []
    if seen.compared and not any(layer.kinds for layer in seen.layers):
        lines.append(t("clusters.none"))
    return lines + _reasons(found, t)


def _note(seen: Clusters, t: Texts) -> str:
    level = words.level(seen.level, t).lower()
    return t("clusters.note", level=level, neighbours=int(seen.method["neighbours"]))


def method(found: Shown, t: Texts) -> str:
    """How the clusters were found, for the small print; "" where none were looked for."""
    seen = found.clusters
    if seen is None or not seen.compared:
        return ""
    what = t("clusters.states" if seen.level == "state" else "clusters.hexagons")
    share = round(100 * float(seen.method["discovery"]))
    permutations = int(seen.method["permutations"])
    return t("clusters.method", what=what, share=share, permutations=permutations)


def _reasons(found: Shown, t: Texts) -> list[str]:
    """Reasons why layers have no clusters; each once, with its layers where others differ."""
    seen = found.clusters
    least = int(seen.method.get("least_places", 0))
    by_reason: dict[str, list[Layer]] = {}
    for layer, clustered in zip(found.layers, seen.layers, strict=True):
        if clustered.refused:
            reason = t(f"clusters.{clustered.refused}", least=least, places=clustered.places)
            by_reason.setdefault(reason, []).append(layer)
    return [
        reason if len(layers) == len(found.layers) else _of_layers(layers, reason, t)
        for reason, layers in by_reason.items()
    ]


def _of_layers(layers: list[Layer], reason: str, t: Texts) -> str:
    named = ", ".join(t.code("venue", layer.venue) for layer in layers)
    return t("notice.of_layers", layers=named, reason=reason)


def listed(source: Opened, found: Shown, t: Texts) -> str:
    """Places of the clusters in words, for pictures: a sentence a kind and layer."""
    seen = found.clusters
    if seen is None:
        return ""
    lines = []
    for layer, clustered in zip(found.layers, seen.layers, strict=True):
        for kind in KINDS:
            named = [words.place(source, p, t) for p, one in clustered.kinds.items() if one == kind]
            whose = f"{t.code('venue', layer.venue)}, " if len(found.layers) > 1 else ""
            lines += [f"{whose}{t(f'tip.{kind}')}: {', '.join(named)}."] if named else []
    return " ".join(lines)

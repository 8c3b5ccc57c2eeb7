"""Check 13: the drawn zones laid over one another, and what their differences count.

Zones are the outlines of ``places.parquet``, with a country as the union of its states. Two
zone systems are two levels. Counts nest by their ids: a hex part lies in its state, and in
the coarser part that ``cell_to_parent`` names, whatever their outlines share, because H3
cells do not contain their children exactly. So the outlines must agree with the ids, and the
region that is left of a zone when the zones of a finer level are cut out of it counts
the difference of published numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import shapely

from geo.audit.evidence import Evidence
from geo.audit.findings import Recorder, Result
from geo.audit.space import ancestors, level_of
from geo.model import COUNTRIES, DIMENSIONS, LEVELS

ROUNDING = 1e-9
"""Share of the smaller of two areas that they may share at one level: rounding of corners."""

SIMPLIFIED = 0.03
"""Degrees by which a state's drawn outline may be off: it is simplified to about 1 km."""

MOSTLY = 0.5
WITHIN = ["place", *DIMENSIONS]


@dataclass(frozen=True)
class Zones:
    """Zones of one level.

    Attributes
    ----------
    level : str
    places : list of str
    shapes : numpy.ndarray of shapely.Geometry
    """

    level: str
    places: list[str]
    shapes: np.ndarray


def drawn(evidence: Evidence) -> dict[str, Zones]:
    """Zone systems of a release that can be drawn: the outlines of each level, and countries."""
    table = evidence.places
    found: dict[str, dict[str, shapely.Geometry]] = {level: {} for level in LEVELS[1:]}
    if table is not None and {"place", "geometry"} <= set(table.columns):
        for place, wkb in zip(table["place"].map(str), table["geometry"], strict=True):
            shape = _area(wkb)
            if shape is not None and _is_place(place):
                found[level_of(place)][place] = shape
    for country in COUNTRIES:
        inside = [shape for place, shape in found["state"].items() if place[:2] == country]
        if inside:
            found["country"][country] = shapely.union_all(inside)
    return {
        level: Zones(level, list(shapes), np.array(list(shapes.values()), dtype=object))
        for level, shapes in found.items()
        if shapes
    }


def _area(wkb: object) -> shapely.Geometry | None:
    """A sound area; what is none is a finding of check 18."""
    try:
        shape = shapely.from_wkb(wkb)
    except (shapely.GEOSException, TypeError):
        return None
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        return None
    return shapely.make_valid(shape)


def _is_place(place: str) -> bool:
    try:
        return place != "all" and bool(ancestors("place", place))
    except ValueError:
        return False


def overlay(evidence: Evidence, zones: dict[str, Zones], k: int) -> list[Result]:
    """Outlines that agree with the ids, and no region between two levels with 1 to k-1 cases."""
    apart, inside, slivers = (Recorder(13, name) for name in ("apart", "inside", "slivers"))
    for one in zones.values():
        _apart(one, apart)
    if "state" in zones:
        for level in (level for level in zones if level.startswith("h3")):
            _inside(zones[level], zones["state"], inside)
    cells = evidence.rows()
    cells = cells[cells["measure"] == "cases"]
    for coarse, fine in combinations(zones.values(), 2):
        _slivers(coarse, fine, cells, "place" in evidence.multi_valued, k, slivers)
    return [apart.result(), inside.result(), slivers.result()]


def _apart(zones: Zones, recorder: Recorder) -> None:
    """No two zones of one level cover the same ground."""
    first, second = shapely.STRtree(zones.shapes).query(zones.shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    recorder.tested += len(first)
    shared = shapely.area(shapely.intersection(zones.shapes[first], zones.shapes[second]))
    smaller = np.minimum(shapely.area(zones.shapes[first]), shapely.area(zones.shapes[second]))
    for at in np.flatnonzero(shared > ROUNDING * smaller):
        words = f"is drawn over {zones.places[second[at]]}"
        recorder.fail(words, zones.level, zones.places[first[at]])


def _inside(parts: Zones, states: Zones, recorder: Recorder) -> None:
    """A hex part is drawn in the state that its id names."""
    outline = dict(zip(states.places, states.shapes, strict=True))
    for place, shape in zip(parts.places, parts.shapes, strict=True):
        state = outline.get(place.partition("/")[0])
        if state is None:
            continue
        recorder.tested += 1
        out = shapely.difference(shape, state)
        if out.area > MOSTLY * shape.area:
            out = shapely.difference(shape, shapely.buffer(state, SIMPLIFIED))
        if out.area > MOSTLY * shape.area:
            recorder.fail("is drawn outside its state", parts.level, place)


def _slivers(
    coarse: Zones, fine: Zones, cells: pd.DataFrame, multi: bool, k: int, recorder: Recorder
) -> None:
    """What is left of each coarse zone when the fine zones in it are cut out.

    Where a case may have several places, finer zones are cut out one at a time.
    """
    around = _around(coarse, fine)
    recorder.tested += len(around)
    cut = cells[cells["place"].isin(around)]
    cut = cut.assign(part=cut["place"], place=cut["place"].map(around))
    if not multi:
        cut = cut.assign(part="the finer zones")
    taken = cut.groupby([*WITHIN, "part"], sort=True)["value"].sum().reset_index()
    whole = cells[cells["level"] == coarse.level][[*WITHIN, "value"]]
    both = whole.merge(taken, on=WITHIN, suffixes=("", "_taken"))
    left = both["value"] - both["value_taken"]
    for row in both[(left != 0) & (left < k)].itertuples(index=False):
        others = " x ".join(code for code in row[1 : len(WITHIN)] if code != "all") or "total"
        words = f"{others}: the region outside of {row.part} of level {fine.level}"
        recorder.fail(f"{words} counts from 1 to k-1, or less than none", coarse.level, row.place)


def _around(coarse: Zones, fine: Zones) -> dict[str, str]:
    """Coarse zone that each fine zone shares ground with and whose cases hold its cases."""
    small, large = shapely.STRtree(coarse.shapes).query(fine.shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(fine.shapes[small], coarse.shapes[large])) > 0
    pairs = zip(small[shared], large[shared], strict=True)
    named = ((fine.places[one], coarse.places[other]) for one, other in pairs)
    return {place: up for place, up in named if up in ancestors("place", place)}

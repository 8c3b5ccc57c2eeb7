"""Looking up what is set side by side: layers, two periods, or where two layers overlap.

Every number is a published cell. A change is told only where both of its cells are
published, and periods that share a day are refused: one would hold part of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from geo import vocab
from geo.model import ALL, OVERLAP, UNKNOWN
from ui import geometry, lookup, palette
from ui.choice import COUNT
from ui.lookup import EMPTY, Shown

if TYPE_CHECKING:
    from ui.choice import Choice
    from ui.lookup import Layer, Opened

CROSSED = ("residential_brothel", "escort")
BOTH = OVERLAP.join(sorted(CROSSED))  # cases that name both, as a release writes them
MOST_STEPS = 8
WHOLE = 12  # months of a year


@dataclass(frozen=True)
class Compared:
    """What the page sets side by side.

    Attributes
    ----------
    choice : Choice
        The choice as this page reads it: its layers, level and first period.
    pair : tuple of str
        Periods compared, the earlier first; empty where layers are compared.
    refused : str
        Why the two periods are not compared: ``same``, ``overlap``, ``undated``; or ``""``.
    found : Shown
        A layer a panel; in an overlap the two layers, then the cases that name both.
    """

    choice: Choice
    pair: tuple[str, ...]
    refused: str
    found: Shown


def compared(source: Opened, choice: Choice) -> Compared:
    """Look up what the chosen way of comparing shows: counts, whatever the map shows."""
    choice = replace(choice, measure=COUNT)
    if choice.compare == "periods":
        return _periods(source, choice)
    if choice.compare == "overlap":
        wanted = replace(choice, layers=CROSSED, level="state")
        found = lookup.shown(source, replace(wanted, layers=(*CROSSED, BOTH)))
        return Compared(wanted, (), "", found)
    wanted = replace(choice, layers=vocab.load().layers)
    return Compared(wanted, (), "", lookup.shown(source, wanted))


def _periods(source: Opened, choice: Choice) -> Compared:
    chosen = pair(source, choice)
    why = refusal(source, chosen)
    wanted = replace(choice, layers=choice.layers[:1], period=chosen[0])
    if why:
        hidden = lookup.Layer(wanted.layers[0], {}, EMPTY, EMPTY)
        return Compared(wanted, chosen, why, Shown((hidden, hidden), (), "state", ()))
    one, other = (lookup.shown(source, replace(wanted, period=period)) for period in chosen)
    levels = tuple(level for level in lookup.MAPPED if level in {*one.levels, *other.levels})
    layers = (*one.layers, *other.layers)
    filled = [level for level in levels if any(len(layer.cells.get(level, ())) for layer in layers)]
    front = (filled or levels or (one.front,))[-1]
    return Compared(wanted, chosen, "", Shown(layers, levels, front, one.refused))


def pair(source: Opened, choice: Choice) -> tuple[str, str]:
    """Two periods of a choice, the earlier first; where none is chosen, the last whole years."""
    if choice.versus:
        one, other = sorted((choice.period, choice.versus), key=lambda code: _span(source, code))
        return one, other
    years = [code for code in source.offered.filters["period"] if code != UNKNOWN]
    whole = [code for code in years if months(source, code) >= WHOLE]
    known = years if choice.period in years or len(whole) < 2 else whole
    last = known.index(choice.period) if choice.period in known else len(known) - 1
    near = known[max(0, last - 1) :][:2]
    return (near[0], near[1]) if len(near) > 1 else (choice.period, choice.period)


def refusal(source: Opened, chosen: tuple[str, str]) -> str:
    """Why two periods may not be compared, or ``""``."""
    if chosen[0] == chosen[1]:
        return "same"
    if UNKNOWN in chosen:
        return "undated"
    (_, end), (start, _) = (_span(source, code) for code in chosen)
    return "overlap" if start <= end else ""


def _span(source: Opened, period: str) -> tuple[str, str]:
    """First and last month of a period, as "2015-01"; of a date not known, none."""
    if period == UNKNOWN:
        return "", ""
    return _blocks(source).get(period, (f"{period}-01", f"{period}-12"))


def _blocks(source: Opened) -> dict[str, tuple[str, str]]:
    manifest = source.release.manifest
    blocks = [*manifest.get("blocks", ()), {"period": ALL, **manifest["coverage"]}]
    return {block["period"]: (block["start"][:7], block["end"][:7]) for block in blocks}


def months(source: Opened, period: str) -> int:
    """Months of a period that the release covers: fewer than twelve in a year cut short."""
    start, end = _span(source, period)
    for first, last in _blocks(source).values():
        if first <= end and start <= last:
            start, end = max(start, first), min(end, last)
            break
    return WHOLE * (int(end[:4]) - int(start[:4])) + int(end[5:]) - int(start[5:]) + 1


def front(found: Shown) -> str:
    """Level of the table: states, where finer cells lie before them."""
    return "state" if "state" in found.levels else found.front


def changes(found: Shown) -> pd.DataFrame:
    """Published counts of two periods by place, and their difference where both are there.

    Returns
    -------
    pandas.DataFrame
        Index `place`; ``Int64`` columns `earlier`, `later`, `change` (later minus earlier),
        NA where not published. Most of the later period first.
    """
    level = front(found)
    return _changed(*(layer.cells.get(level, EMPTY) for layer in found.layers))


def unplaced(found: Shown) -> pd.DataFrame:
    """Changes of the cases whose place is not known, by country."""
    return _changed(*(layer.unplaced for layer in found.layers))


def totals(found: Shown) -> pd.DataFrame:
    """Changes of ``all``, ``US`` and ``MX``."""
    return _changed(*(layer.totals for layer in found.layers)).reindex([ALL, "US", "MX"])


def at(source: Opened, seen: Compared, place: str) -> pd.Series:
    """Change of one place, whatever its level."""
    level = source.levels[place]
    counts = [layer.cells.get(level, EMPTY) for layer in seen.found.layers]
    return _changed(*counts).reindex([place]).loc[place]


def _changed(earlier: pd.Series, later: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"earlier": earlier, "later": later}).astype("Int64")
    table["change"] = table["later"] - table["earlier"]
    table = table.rename_axis("place").reset_index()
    order = table.sort_values(["later", "earlier", "place"], ascending=[False, False, True])
    return order.set_index("place")


def classes(source: Opened, found: Shown) -> pd.DataFrame:
    """Class of both layers in every covered state: from 1, and 0 where not published.

    Returns
    -------
    pandas.DataFrame
        Index state, in the order the browser has them; a column a layer of ``CROSSED``.
    """
    states = geometry.order(source.release.places, "state")
    covered = [state for state in states if state.startswith(tuple(source.covered))]
    columns = {
        layer.venue: [_class(layer, state, source.k) for state in covered]
        for layer in found.layers
        if layer.venue in CROSSED
    }
    return pd.DataFrame(columns, index=pd.Index(covered, name="place"), columns=list(CROSSED))


def _class(layer: Layer, state: str, k: int) -> int:
    cells = layer.cells.get("state", EMPTY)
    return palette.crossed_digit(int(cells[state]), k) if state in cells.index else 0


def crosstab(source: Opened, found: Shown) -> dict[tuple[int, int], list[str]]:
    """States by class of the first and of the second layer, 0 for not published."""
    table = classes(source, found)
    steps = range(len(palette.crossed_breaks(source.k)) + 1)
    first, second = (table[venue] for venue in CROSSED)
    return {
        (a, b): table.index[(first == a) & (second == b)].tolist() for a in steps for b in steps
    }


def nearest(source: Opened, choice: Choice, seen: Compared) -> tuple[Choice, ...]:
    """Choices near one that shows nothing: fewer filters or coarser places, the rest as it is."""
    near = lookup.nearest(source, seen.choice, MOST_STEPS)
    kept = [one for one in near if one.layers == seen.choice.layers]
    if seen.pair:
        kept = [one for one in kept if one.period == seen.choice.period]
    return tuple(_taken(choice, one, seen) for one in kept)


def _taken(choice: Choice, near: Choice, seen: Compared) -> Choice:
    return replace(
        choice,
        level=choice.level if choice.compare == "overlap" else near.level,
        period=choice.period if seen.pair else near.period,
        nationality=near.nationality,
        trafficking_type=near.trafficking_type,
    )

"""Corridors as values: arcs between states, and ranked tables of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.model import COUNTRIES
from ui import corridors, flat, maps, palette, words

if TYPE_CHECKING:
    import pandas as pd

    from ui.choice import Choice
    from ui.corridors import Corridors
    from ui.i18n import Texts
    from ui.lookup import Opened

WIDTHS = (1.6, 2.8, 4.4, 6.4, 9.0)  # units of the drawing, a class each
BEND = 0.17  # how far an arc bows out, as a share of its length
GAP = 6.0  # units between a state's point and the end of an arc
RING = 11.0  # radius of the ring of a state that people were recruited and exploited in
NAMED = 14  # states with their name on the drawing: those of the largest corridors
# Sides of a point where its name may stand, right and down: first where fewer arcs arrive.
SIDES = {
    "US": ((0, -1), (0, 1), (1, 0), (-1, 0)),
    "MX": ((0, 1), (0, -1), (1, 0), (-1, 0)),
}
LETTER, LINE = 7.6, 17.0  # units that a letter and a line of a name take
COLOURS = {"US": palette.hue("all"), "MX": palette.hue("cantina")}


def drawn(source: Opened, choice: Choice, found: Corridors, t: Texts) -> dict:
    """Drawing of the corridors: outlines, arcs from many to few, names and legend.

    Returns
    -------
    dict
        ``width``, ``height``, ``states`` (id, name, path), ``arcs`` (path, head, colour, width,
        text), ``names`` (text, at), ``legend`` and the words. A head is the outline of an arrow's
        tip, or ``""`` on a ring.
    """
    sheet = flat.sheet()
    return {
        "width": flat.WIDTH,
        "height": sheet.height,
        "label": t("corridors.label"),
        "states": [
            {"id": code, "name": words.place(source, code, t), "path": path}
            for code, path in sheet.outlines.items()
        ],
        "arcs": [_arc(row, source.k, t) for row in found.arcs.itertuples()],
        "names": _names(found, t),
        "selected": corridors.chosen(choice),
        "legend": _legend(source, t),
    }


def _arc(row, k: int, t: Texts) -> dict:
    points = flat.sheet().points
    number = palette.digit(row.value, k) - 1
    start, end = np.array(points[row.origin]), np.array(points[row.place])
    path, head = ring(start) if row.origin == row.place else arc(start, end, WIDTHS[number])
    names = {"origin": t.code("origin", row.origin), "place": t.code("origin", row.place)}
    return {
        "path": path,
        "head": head,
        "colour": palette.scale("all")[number],
        "width": WIDTHS[number],
        "text": t("corridors.tip", count=int(row.value), **names),
    }


def arc(start: np.ndarray, end: np.ndarray, width: float) -> tuple[str, str]:
    """SVG paths of an arc that bows out to its left, and of the arrow's tip at its end.

    Two arcs that lead to and fro lie beside each other.

    Parameters
    ----------
    start, end : numpy.ndarray
        Right and down, in units of the drawing.
    width : float
        Of the line, in the same units.
    """
    way = end - start
    bow = (start + end) / 2 + BEND * np.array([way[1], -way[0]])
    into = (end - bow) / np.hypot(*(end - bow))
    out = (bow - start) / np.hypot(*(bow - start))
    tip, long = end - GAP * into, min(10 + 1.5 * width, 0.45 * np.hypot(*way))
    neck, side = tip - long * into, (4.5 + 0.85 * width) * np.array([into[1], -into[0]])
    line = f"M{_at(start + GAP * out)}Q{_at(bow)} {_at(neck + 1.5 * into)}"
    return line, f"M{_at(tip)}L{_at(neck + side)}L{_at(neck - side)}Z"


def ring(middle: np.ndarray) -> tuple[str, str]:
    """SVG path of a ring, and no tip."""
    left, right = (middle + np.array([sign * RING, 0]) for sign in (-1, 1))
    half = f"A{RING:g},{RING:g} 0 1 1 "
    return f"M{_at(left)}{half}{_at(right)}{half}{_at(left)}Z", ""


def _at(point: np.ndarray) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _names(found: Corridors, t: Texts) -> list[dict]:
    """Names of the states of the largest corridors, at most ``NAMED``, none over another."""
    pairs = found.arcs[["origin", "place"]].to_numpy().ravel().tolist()
    points, taken, made = flat.sheet().points, [], []
    for code in list(dict.fromkeys(pairs))[:NAMED]:
        text, point = t.code("origin", code), points[code]
        boxes = [_box(point, len(text), *side) for side in SIDES[code[:2]]]
        free = [box for box in boxes if not any(_meet(box, other) for other in taken)]
        for left, up, right, down in free[:1]:
            taken.append((left, up, right, down))
            made.append({"text": text, "at": ((left + right) / 2, down - 4), "point": point})
    return made


def _box(point: tuple[float, float], letters: int, right: int, down: int) -> tuple[float, ...]:
    """Box of a name beside a point: left, up, right, down."""
    half = letters * LETTER / 2
    x, y = point[0] + right * (half + 9), point[1] + down * 14
    return x - half, y - LINE / 2, x + half, y + LINE / 2


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    return not apart


def _legend(source: Opened, t: Texts) -> dict:
    labels = maps.class_labels(source.k, t)
    colours = palette.scale("all")
    return {
        "title": words.capitalised(words.unit(source, t)),
        "classes": [
            {"text": text, "colour": colours[i], "width": WIDTHS[i]}
            for i, text in enumerate(labels)
        ],
        "ring": t("corridors.ring"),
        "arrow": t("corridors.arrow"),
        "hidden": t("corridors.hidden", k=source.k),
        "schematic": t("corridors.schematic"),
    }


def ranking(source: Opened, choice: Choice, found: Corridors, t: Texts) -> dict:
    """Ranked table of corridors from state to state, as :func:`ui.figures.ranking`."""
    rows = [
        _row(row.place, _pair(row.origin, row.place, t), [int(row.value)], t)
        for row in found.arcs.itertuples()
    ]
    column = {"title": words.capitalised(words.unit(source, t)), "colour": palette.hue("all")}
    at = corridors.chosen(choice)
    shown = words.place(source, at, t) if at in found.states else ""
    caption = t("corridors.caption_at", state=shown) if shown else t("corridors.caption")
    return _table(source, t, caption, t("corridors.pair"), [column], rows, []) | {"selected": at}


def _pair(origin: str, place: str, t: Texts) -> str:
    names = {"origin": t.code("origin", origin), "place": t.code("origin", place)}
    return t("corridors.within" if origin == place else "corridors.from_to", **names)


def by_country(source: Opened, choice: Choice, found: Corridors, t: Texts) -> dict:
    """Ranked table of states of recruitment, a column a country of exploitation."""
    columns = [
        {"title": t("corridors.exploited", place=t(f"place.{code}")), "colour": COLOURS[code]}
        for code in COUNTRIES
    ]
    rows, lost = (
        [_row(*_origin(code, t), _known(table.loc[code]), t) for code in table.index]
        for table in (found.origins, found.lost)
    )
    caption = t("corridors.origins")
    table = _table(source, t, caption, t("corridors.recruited"), columns, rows, lost)
    return table | {"selected": corridors.chosen(choice) or None}


def _origin(code: str, t: Texts) -> tuple[str, str]:
    """State that a row of an origin opens, ``""`` for all of them, and its name."""
    name = t.code("origin", code)
    return ("", t("corridors.whole", country=name)) if code in COUNTRIES else (code, name)


def _known(counts: pd.Series) -> list[int | None]:
    return [int(one) if shown else None for one, shown in zip(counts, counts.notna(), strict=True)]


def _row(code: str, name: str, values: list[int | None], t: Texts) -> dict:
    texts = [None if value is None else t.number(value) for value in values]
    partly = [False] * len(values)  # corridors are of the block: no period is missing
    return {"id": code, "name": name, "values": values, "texts": texts, "partly": partly}


def _table(
    source: Opened, t: Texts, caption: str, first: str, columns: list, rows: list, lost: list
) -> dict:
    counts = [one for row in (*rows, *lost) for one in row["values"] if one is not None]
    return {
        "caption": caption,
        "place": first,
        "columns": columns,
        "rows": rows,
        "unplaced": lost,
        "most": max(counts, default=1),
        "selected": "",
        "hidden": t("rank.hidden"),
        "hidden_long": t("mark.hidden", k=source.k),
        "unplaced_colour": palette.UNPLACED,
        "note": t("corridors.hidden", k=source.k),
    }

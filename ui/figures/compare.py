"""The page that compares, as values: what its maps paint, its tables, its crosstab."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.model import ALL
from ui import compare, export, figures, maps, palette, words

if TYPE_CHECKING:
    import pandas as pd

    from ui.compare import Compared
    from ui.i18n import Texts
    from ui.lookup import Opened

HIDDEN, FIRST, SECOND = "0", "x", "y"  # neither published, one of the two; else 1 to 9
ARRANGED = {"layers": "row", "periods": "row", "overlap": "beside"}
PERIOD_CLASSES = (1, 3)  # class whose colour stands for the earlier and the later period


def values(source: Opened, seen: Compared, hexes: dict, t: Texts) -> dict:
    """All that the map needs to paint what is compared: as ``maps.values``, a panel a layer."""
    painted = maps.values(source, seen.choice, seen.found, hexes, t)
    mode = seen.choice.compare
    names = _periods(source, seen, t)
    periods = t("compare.versus", first=names[0], second=names[-1]) if seen.pair else names[0]
    painted |= {"label": t(f"compare.map.{mode}"), "arranged": ARRANGED[mode]}
    painted["texts"]["under"] = t("compare.rule", periods=periods)
    unit = t(f"compare.legend.{mode}", layer=words.layers(seen.choice, t), periods=periods)
    painted["legend"] = maps.marked(painted["legend"], seen.found.measure) | {"unit": unit}
    if seen.pair:
        titled = zip(painted["layers"], names, strict=True)
        return painted | {"layers": [{**layer, "title": name} for layer, name in titled]}
    return _of_overlap(source, seen, painted, t) if mode == "overlap" else painted


def _of_overlap(source: Opened, seen: Compared, painted: dict, t: Texts) -> dict:
    *singles, both = painted["layers"]
    crossed = {
        **both,
        "title": t("compare.crossed"),
        "note": "",
        "told": both["title"],
        "crossed": marks(source, seen),
        "colours": colours(source.k),
        "only": only_colours(),
    }
    legend = {
        **painted["legend"],
        "layers": maps.legend(compare.CROSSED, source, t)["layers"],
        "crossed": matrix(source, t),
        "marks": _marks(source, t),
    }
    return {**painted, "layers": [crossed, *singles], "legend": legend}


def period(source: Opened, code: str, t: Texts) -> str:
    """Name of a period: a year, the label of a block, or that the date is not known."""
    return words.value(source, "period", code, t)


def marks(source: Opened, seen: Compared) -> dict[str, str]:
    """Mark of each state: a cell of the matrix, one of the two published, or neither."""
    if not seen.found.levels:
        return {}
    return {
        state: mark(int(row.iloc[0]), int(row.iloc[1]))
        for state, row in compare.classes(source, seen.found).iterrows()
    }


def mark(first: int, second: int) -> str:
    """Mark of two classes, 0 being not published.

    >>> mark(1, 1), mark(3, 1), mark(1, 3), mark(2, 0), mark(0, 2), mark(0, 0)
    ('1', '3', '7', 'x', 'y', '0')
    """
    if first and second:
        return str(first + len(palette.CROSSED) * (second - 1))
    return FIRST if first else SECOND if second else HIDDEN


def colours(k: int) -> list[str]:
    """Colours of the marks from 1 to 9; with fewer classes, those that are used."""
    steps = len(palette.crossed_breaks(k))
    return [colour for row in palette.CROSSED[:steps] for colour in row]


def only_colours() -> list[str]:
    """Colours of the stripes where only the first, or only the second, is published."""
    return [palette.hue(venue) for venue in compare.CROSSED]


def matrix(source: Opened, t: Texts) -> dict:
    """Legend of the crossed map: class labels of both layers, colours from few to many."""
    least = palette.crossed_breaks(source.k)
    return {
        "title": t("compare.crossed"),
        "first": t.code("venue", compare.CROSSED[0]),
        "second": t.code("venue", compare.CROSSED[1]),
        "classes": maps.ranges(least, t),
        "colours": [list(row[: len(least)]) for row in palette.CROSSED[: len(least)]],
    }


def _marks(source: Opened, t: Texts) -> list[dict]:
    first, second = (t.code("venue", venue) for venue in compare.CROSSED)
    one, other = only_colours()
    hidden = t("compare.mark.neither", k=source.k)
    return [
        {"kind": "first", "text": t("compare.mark.only", shown=first, other=second), "colour": one},
        {"kind": "second", "text": t("compare.mark.only", shown=second, other=first), "colour": other},
        {"kind": "hidden", "text": hidden},
        {"kind": "uncovered", "text": t("mark.uncovered")},
        {"kind": "unplaced", "text": t("mark.unplaced")},
    ]  # fmt: skip


def table(source: Opened, seen: Compared, t: Texts) -> dict:
    """Table twin of the maps, as ``figures.ranking``; two periods with what changed."""
    if not seen.pair:
        return figures.ranking(source, seen.choice, seen.found, t)
    level = compare.front(seen.found)
    changes, lost = compare.changes(seen.found), compare.unplaced(seen.found)
    known = [*changes["later"].dropna(), *changes["earlier"].dropna(), *lost["later"].dropna()]
    tones = palette.scale(seen.choice.layers[0])
    return {
        "caption": t("compare.caption", level=words.level(level, t)),
        "place": t("rank.place"),
        "columns": [
            {"title": period(source, code, t), "colour": tones[tone]}
            for code, tone in zip(seen.pair, PERIOD_CLASSES, strict=True)
        ],
        "extra": t("compare.change"),
        "rows": [_row(code, words.place(source, code, t), changes.loc[code], t)
                 for code in changes.index],
        "unplaced": [_row(code, t("rank.unplaced", country=words.unplaced(code, t)), lost.loc[code], t)
                     for code in sorted(lost.index)],
        "most": max(map(int, known), default=1),
        "selected": seen.choice.place,
        "hidden": t("rank.hidden"),
        "hidden_long": t("mark.hidden", k=source.k),
        "unplaced_colour": palette.UNPLACED,
        "note": t("compare.note.change", k=source.k),
    }  # fmt: skip


def _row(code: str, name: str, row: pd.Series, t: Texts) -> dict:
    counts = [None if shown else int(row[part]) for part, shown in row.isna().items()][:2]
    told = figures.row(code, name, counts, [False] * len(counts), t)
    return {**told, "extra": difference(counts, t)}


def difference(counts: list[int | None], t: Texts) -> str:
    """Words for a change of two published counts; for one or none, that it is not told."""
    if None in counts:
        return t("compare.untold")
    change = counts[1] - counts[0]
    if change == 0:
        return t("compare.unchanged")
    return t("compare.more" if change > 0 else "compare.fewer", count=abs(change))


def sentence(source: Opened, seen: Compared, row: pd.Series, t: Texts) -> str:
    """What became of the reported cases of a place: two published counts, or which is not."""
    earlier, later = (None if row.isna()[part] else int(row[part]) for part in ("earlier", "later"))
    names = dict(zip(("first", "second"), _periods(source, seen, t), strict=True))
    said = {**names, "unit": words.unit(source, t)}
    if earlier is None and later is None:
        return t("compare.said.neither", **said)
    if earlier is None or later is None:
        key, count = ("later", later) if earlier is None else ("earlier", earlier)
        return t(f"compare.said.only_{key}", count=count, **said)
    key = "same" if earlier == later else "rose" if later > earlier else "fell"
    return t(f"compare.said.{key}", earlier=earlier, later=later, **said)


def crosstab(source: Opened, seen: Compared, t: Texts) -> dict:
    """Crosstab of states by class of both layers: how many, and which.

    Returns
    -------
    dict
        ``head`` (classes of the first layer), ``rows`` from many of the second layer to few
        and not published, each with its cells: mark, colour, count as text, names.
    """
    found = compare.crosstab(source, seen.found)
    labels = maps.ranges(palette.crossed_breaks(source.k), t)
    steps = [*range(1, len(labels) + 1), 0]
    first, second = (t.code("venue", venue) for venue in compare.CROSSED)
    names = [*labels, t("rank.hidden")]
    return {
        "caption": t("compare.crosstab"),
        "first": first,
        "second": second,
        "head": names,
        "rows": [
            {
                "label": names[b - 1],
                "cells": [_cell(source, found[a, b], mark(a, b), t) for a in steps],
            }
            for b in (*reversed(steps[:-1]), 0)
        ],
        "stripes": only_colours(),
        "note": t("compare.crosstab.note", k=source.k),
    }  # fmt: skip


def _cell(source: Opened, states: list[str], code: str, t: Texts) -> dict:
    listed = [words.place(source, state, t) for state in states] if code != HIDDEN else []
    return {
        "mark": code,
        "colour": colours(source.k)[int(code) - 1] if code not in (HIDDEN, FIRST, SECOND) else "",
        "count": t.number(len(states)),
        "names": ", ".join(sorted(listed)),
    }


def wide(source: Opened, seen: Compared, t: Texts) -> tuple[list[str], list[dict]]:
    """Columns and rows of two periods for a file: counts as published, the change where told."""
    columns = ["level", "place", "name", "venue", "nationality", "trafficking_type", *seen.pair]
    rows = []
    for level in seen.found.levels:
        one = replace(seen.found, levels=(level,), front=level)
        changes = compare.changes(one)
        rows += [_line(source, seen, level, place, changes, t) for place in changes.index]
    lost = compare.unplaced(seen.found)
    rows += [_line(source, seen, "state", place, lost, t) for place in lost.index]
    return [*columns, "change"], rows


def _line(
    source: Opened, seen: Compared, level: str, place: str, changes: pd.DataFrame, t: Texts
) -> dict:
    row = changes.loc[place].astype("object").where(changes.loc[place].notna(), "")
    return {
        "level": level,
        "place": place,
        "name": words.place(source, place, t),
        "venue": seen.choice.layers[0],
        "nationality": seen.choice.nationality,
        "trafficking_type": seen.choice.trafficking_type,
        seen.pair[0]: row["earlier"],
        seen.pair[1]: row["later"],
        "change": row["change"],
    }


def as_csv(source: Opened, seen: Compared, t: Texts) -> str:
    """CSV of what is compared: for two periods a column each and the change where told."""
    if not seen.pair:
        return export.as_csv(source, seen.choice, seen.found, t)
    return export.written(about(source, seen, t), *wide(source, seen, t))


def about(source: Opened, seen: Compared, t: Texts) -> dict[str, str]:
    """Lines of what is compared, as a file has them; of two periods, both."""
    if not seen.pair:
        return export.about(source, seen.choice, t, seen.found)
    lines = export.about(source, seen.choice, t)
    lines[t("export.period")] = "; ".join(period(source, code, t) for code in seen.pair)
    lines[t("export.view")] = described(source, seen, t)
    lines[t("compare.change")] = t("compare.note.change", k=source.k)
    return lines


def titles(source: Opened, seen: Compared, t: Texts) -> list[str]:
    """Names of the maps side by side: layers, or the two periods."""
    if seen.pair:
        return _periods(source, seen, t)
    return [t.code("venue", layer.venue) for layer in seen.found.layers]


def as_picture(source: Opened, seen: Compared, ending: str, t: Texts) -> bytes:
    """PNG or SVG of what is compared. matplotlib is loaded only here: it is large."""
    from ui.export import pictures

    return pictures.of_compared(source, seen, t, ending)


def described(source: Opened, seen: Compared, t: Texts) -> str:
    """One line that says what is compared: layer, unit, both periods, filters."""
    filters = [
        words.value(source, name, code, t)
        for name, code in seen.choice.filters().items()
        if name != "period"
    ]
    names = _periods(source, seen, t)
    periods = t("compare.versus", first=names[0], second=names[1])
    return " · ".join([words.layers(seen.choice, t), words.unit(source, t), periods, *filters])


def _periods(source: Opened, seen: Compared, t: Texts) -> list[str]:
    return [period(source, code, t) for code in seen.pair or (seen.choice.period,)]


def file_name(source: Opened, seen: Compared) -> str:
    """Name of the files without an ending: what is compared, layers, periods and filters."""
    stem = export.file_stem(source, replace(seen.choice, period=ALL))
    return "_".join([stem, seen.choice.compare, *seen.pair])

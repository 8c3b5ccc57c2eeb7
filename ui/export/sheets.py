"""What the pictures of charts hold, as values: the tables that the screen draws, and words.

No matplotlib here: a page makes a sheet, and only a picture that is asked for draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from geo.model import ALL
from ui import coverage, export, palette, tables, trends, words
from ui.figures import corridors as corridor_charts
from ui.figures import profiles as profile_charts
from ui.figures import trends as trend_charts
from ui.figures import venues as venue_charts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ui.choice import Choice
    from ui.corridors import Corridors
    from ui.i18n import Texts
    from ui.lookup import Opened
    from ui.profile import Profile as Layered
    from ui.profiles import Profile

BAR, LINE, RANKED = "bar", "line", "ranked"
MOST_BARS = 12  # periods; with more a chart of one series is a line, as on the screen


@dataclass(frozen=True)
class Frame:
    """What every picture says around its drawing.

    Attributes
    ----------
    title, view : str
        Question, and the view in words.
    standing : str
        "synthetic demonstration ..." or ``""``.
    about : mapping of str to str
        Lines of :func:`ui.export.about`, the help numbers last.
    """

    title: str
    view: str
    standing: str
    about: Mapping[str, str]


@dataclass(frozen=True)
class Panel:
    """One chart of a sheet.

    Attributes
    ----------
    table : pandas.DataFrame
        Index: words of the categories or periods; an ``Int64`` column of counts a series,
        named in words; NA where nothing is published, drawn as its mark and never as zero.
    kind : {'bar', 'line', 'ranked'}
        Upright bars, lines, or bars that lie in rows, a column a series.
    colours : sequence of str
        A colour a series.
    title : str
    shares : pandas.DataFrame or None
        Words beside each count, shaped as `table`; ``""`` for none.
    most : int
        What a full bar is, where several panels have one scale; 0 for the panel's own.
    lost : int
        Rows at the end that are of no known value or place: grey.
    own : bool
        Whether each series has a scale of its own.
    """

    table: pd.DataFrame
    kind: str
    colours: Sequence[str]
    title: str = ""
    shares: pd.DataFrame | None = None
    most: int = 0
    lost: int = 0
    own: bool = False


@dataclass(frozen=True)
class Sheet:
    """Charts of a page in one frame, and what must be read with them.

    Attributes
    ----------
    drawing : mapping
        Of corridors, as :func:`ui.figures.corridors.drawn`; empty for none. It stands before
        the panels.
    """

    frame: Frame
    panels: Sequence[Panel] = field(default_factory=tuple)
    note: str = ""
    drawing: Mapping = field(default_factory=dict)


def frame(source: Opened, title: str, view: str, lines: Mapping[str, str], t: Texts) -> Frame:
    """Frame of a picture with the lines that a file of the same view has."""
    about = {name: text for name, text in lines.items() if name != t("export.bound")}
    about[t("export.help")] = about.pop(t("export.help"))  # last: the foot's largest line
    standing = t("export.synthetic") if source.release.manifest["synthetic"] else ""
    return Frame(title, view, standing, about)


def told(sheet: Sheet, t: Texts) -> str:
    """Numbers of all charts in words: each series, each category."""
    return " ".join(_told(panel, t) for panel in sheet.panels)


def _told(panel: Panel, t: Texts) -> str:
    lines = [panel.title + ":"] if panel.title else []
    for name in panel.table:
        values = [
            f"{place} {t('rank.hidden') if value is None else t.number(value)}"
            for place, value in zip(panel.table.index, plain(panel.table[name]), strict=True)
        ]
        lines.append(f"{name}: {', '.join(values)}.")
    return " ".join(lines)


def plain(values: pd.Series) -> list[int | None]:
    """Counts as plain numbers, None where nothing is published."""
    known = values.notna()
    return [int(value) if shown else None for value, shown in zip(values, known, strict=True)]


def of_trends(source: Opened, choice: Choice, t: Texts) -> Sheet:
    """Lines, bars or small multiples of the trends: the series that the chart shows."""
    counts = trends.table(source, choice)
    breaks = coverage.breaks(source.release.manifest, choice.grain)
    name = partial(words.series, choice.by, t=t)
    twin = trend_charts.tabled(counts, breaks, name, t)
    shown = trends.charted(counts, choice).set_axis(twin.index)
    view = export.trend_view(source, choice, t)
    lines = export.trend_about(source, choice, twin, t)
    told = [coverage.told(one, t) for one in breaks] + [t("trends.gap", k=source.k)]
    told += [t(f"trends.note.{choice.by}")] if choice.by != ALL else []
    made = frame(source, t("trends.question"), view, lines, t)
    return Sheet(made, _over_time(shown, name), " ".join(told))


def _over_time(shown: pd.DataFrame, name: partial) -> list[Panel]:
    """One chart of the few main lines, or a small one a series on one scale."""
    coloured = {code: palette.line(code, number) for number, code in enumerate(shown)} if len(
        shown.columns
    ) <= trends.FEW else {code: palette.line(code, 0) for code in shown}  # fmt: skip
    kind = BAR if len(shown) <= MOST_BARS else LINE
    if len(shown.columns) > trends.FEW:
        most = int(shown.max().max())
        return [
            Panel(shown[[code]].rename(columns=name), kind, [coloured[code]], name(code), most=most)
            for code in shown
        ]
    kind = kind if len(shown.columns) == 1 else LINE
    return [Panel(shown.rename(columns=name), kind, list(coloured.values()))]


def of_profile(source: Opened, choice: Choice, profile: Profile, t: Texts) -> Sheet:
    """Ranked bars of one profile, as the page of people and methods shows them."""
    drawn = profile_charts.chart(source, profile, t)
    lines = tables.profile_about(source, choice, profile, t)
    panel = _ranked(drawn, [column["colour"] for column in drawn["columns"]], own=True)
    said = [
        f"{profile_charts.known(source, profile, t).replace('*', '')}.",
        *profile_charts.notes(source, profile, t),
    ]
    view = lines[t("export.view")].partition(" · ")[2]
    return Sheet(frame(source, drawn["caption"], view, lines, t), [panel], " ".join(said))


def _ranked(drawn: dict, colours: Sequence[str], *, own: bool = False, title: str = "") -> Panel:
    """Panel of a ranked table of the screen: its rows, and those of no known place or value."""
    lost = drawn["unplaced"] if "unplaced" in drawn else drawn["lost"]
    rows = [*drawn["rows"], *lost]
    columns = [column["title"] for column in drawn["columns"]]
    names = pd.Index([row["name"] for row in rows])
    counts = pd.DataFrame([row["values"] for row in rows], names, columns).astype("Int64")
    shares = None
    if own:
        shares = pd.DataFrame([row["shares"] for row in rows], names, columns)
    return Panel(counts, RANKED, colours, title, shares, lost=len(lost), own=own)


def of_corridors(source: Opened, choice: Choice, found: Corridors, t: Texts) -> Sheet:
    """Arcs and ranked table of corridors; by country where none from state to state is shown."""
    if found.arcs.empty:
        made, drawing = corridor_charts.by_country(source, choice, found, t), {}
    else:
        made = corridor_charts.ranking(source, choice, found, t)
        drawing = corridor_charts.drawn(source, choice, found, t)
    colours = [column["colour"] for column in made["columns"]]
    panels = [_ranked(made, colours, title=made["caption"])]
    lines = tables.corridors_about(source, choice, found, t)
    view = lines[t("export.view")].partition(" · ")[2]
    note = f"{t('corridors.hidden', k=source.k)} {t('corridors.several')}"
    made_frame = frame(source, t("corridors.question"), view, lines, t)
    return Sheet(made_frame, panels, note, drawing)


def of_venue(source: Opened, found: Layered, t: Texts) -> Sheet:
    """States and years of one mission layer, where they are published."""
    unit, colour = words.capitalised(words.unit(source, t)), palette.hue(found.layer.venue)
    panels = []
    for dimension, table, kind, title in (
        ("place", found.states, RANKED, t("venues.states", unit=words.unit(source, t))),
        ("period", found.years, BAR, t("place.over_time")),
    ):
        if table.notna().any(axis=None):
            names = venue_charts.rows(source, table, dimension, t).iloc[:, 0]
            shown = table.set_axis(pd.Index(names)).set_axis([unit], axis=1).astype("Int64")
            panels.append(Panel(shown, kind, [colour], title.replace("*", "")))
    lines = tables.venue_about(source, found, t)
    note = f"{t('venues.states.note')} {t('mark.hidden', k=source.k)}."
    return Sheet(frame(source, t("venues.title"), lines[t("export.view")], lines, t), panels, note)

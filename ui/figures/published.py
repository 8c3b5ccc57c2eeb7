"""Charts and tables of what the source documents print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from ui import palette
from ui.figures import styled

if TYPE_CHECKING:
    from ui.i18n import Texts
    from ui.published import Check

PRINTED = "#3f5f4a"  # of no venue: nothing here is a layer of a release


def bars(rows: pd.DataFrame, t: Texts) -> go.Figure:
    """Chart of one section, in the document's order: printed number, percentage and unit.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one section of ``Published.figures``: one unit.
    """
    rows = rows[::-1]
    unit = t(f"published.unit.{rows['unit'].iloc[0]}")
    figure = go.Figure(
        go.Bar(
            x=rows["value"].tolist(),
            y=rows[f"label_{t.lang}"].tolist(),
            orientation="h",
            marker_color=PRINTED,
            text=[value(row, t) for row in rows.itertuples()],
            textposition="outside",
            textfont_size=15,
            cliponaxis=False,
            customdata=[unit] * len(rows),
            hovertemplate="%{y}: %{text}, %{customdata}<extra></extra>",
        )
    )
    most = int(rows["value"].max())
    figure.update_xaxes(showticklabels=False, range=[0, most * 1.28], title_text=unit)
    figure.update_xaxes(title_font={"size": 13, "color": palette.MUTED}, zeroline=False)
    figure.update_yaxes(ticklabelposition="outside", tickfont_size=15)
    figure.update_layout(showlegend=False, height=74 + 38 * len(rows))
    return styled(figure).update_layout(margin_b=34)


def value(row: tuple, t: Texts) -> str:
    """Number as printed: with its "over", and the percentage beside it where there is one."""
    number = t.number(int(row.value))
    if row.qualifier:
        number = t(f"published.qualifier.{row.qualifier}", number=number)
    if pd.isna(row.percent):
        return number
    return t("published.with_percent", number=number, percent=int(row.percent))


def table(rows: pd.DataFrame, checks: tuple[Check, ...], t: Texts) -> pd.DataFrame:
    """Twin of a chart: what is printed, its unit, and the check of its percentage.

    Returns
    -------
    pandas.DataFrame
        Columns in the words of the language, a row a figure.
    """
    found = {one.figure: one for one in checks if one.section == rows["section"].iloc[0]}
    columns = {
        t("published.column.label"): rows[f"label_{t.lang}"].tolist(),
        t("published.column.value"): [value(row, t) for row in rows.itertuples()],
        t("published.column.unit"): [t(f"published.unit.{unit}") for unit in rows["unit"]],
    }
    if any(figure in found for figure in rows["figure"]):
        columns[t("published.column.check")] = [
            checked(found[figure], t) if figure in found else t("published.unchecked")
            for figure in rows["figure"]
        ]
    return pd.DataFrame(columns)


def checked(check: Check, t: Texts) -> str:
    """One check in words: what was computed, and whether it is what is printed."""
    standing = t("published.holds" if check.holds else "published.fails")
    values = {"standing": standing, "printed": check.printed}
    if check.kind == "percent":
        exact = f"{check.found // 10}.{check.found % 10}"
        return t("published.check.percent", exact=exact, **values)
    parts = " + ".join(t.number(part) for part in check.parts)
    return t(f"published.check.{check.kind}", parts=parts, found=check.found, **values)

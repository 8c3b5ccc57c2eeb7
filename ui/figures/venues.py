"""Chart and table of the states of one layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from ui import palette, words
from ui.figures import styled

if TYPE_CHECKING:
    from ui.i18n import Texts
    from ui.lookup import Opened


def states(source: Opened, table: pd.DataFrame, t: Texts) -> go.Figure:
    """Chart of published states, most at the top.

    Parameters
    ----------
    table : pandas.DataFrame
        Index `place`; one column of counts, named by its venue, most first.
    """
    counts = table.iloc[::-1, 0]
    figure = go.Figure(
        go.Bar(
            x=[int(count) for count in counts],
            y=[words.place(source, place, t) for place in counts.index],
            orientation="h",
            marker_color=palette.hue(counts.name),
            text=[t.number(int(count)) for count in counts],
            textposition="outside",
            textfont_size=14,
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_xaxes(showticklabels=False, rangemode="tozero", zeroline=False)
    figure.update_xaxes(title_text=words.unit(source, t))
    figure.update_xaxes(title_font={"size": 13, "color": palette.MUTED})
    figure.update_yaxes(ticklabelposition="outside", tickfont_size=14)
    figure.update_layout(showlegend=False, height=84 + 28 * len(counts))
    return styled(figure).update_layout(margin_b=36, margin_r=46)


def rows(source: Opened, table: pd.DataFrame, dimension: str, t: Texts) -> pd.DataFrame:
    """Twin of a chart in words: places or years, and counts or the one mark for none.

    Parameters
    ----------
    table : pandas.DataFrame
        Index place or year; one column of counts, NA where not published.
    dimension : {'place', 'period'}
    """
    names = [words.place(source, code, t) if dimension == "place" else code for code in table.index]
    counts = [t("rank.hidden") if pd.isna(n) else t.number(int(n)) for n in table.iloc[:, 0]]
    unit = words.capitalised(words.unit(source, t))
    return pd.DataFrame({t(f"venues.column.{dimension}"): names, unit: counts})

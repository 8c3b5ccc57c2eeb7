"""Where the people of synthetic cases were recruited: a further row of the case, to its state."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.demo.draws import drawn, hit
from geo.demo.records import calibration
from geo.model import COUNTRIES, SEPARATOR


def with_origins(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> pd.DataFrame:
    """Cases with a row of role ``recruitment`` after those whose place of recruitment is known.

    People of the two countries were recruited in their own, some of them in the state where they
    were exploited, the others by the weights of ``origins.csv``; people of other nationalities in
    theirs.

    Parameters
    ----------
    rng : numpy.random.Generator
    table : pandas.DataFrame
        Finished cases, one row each.
    share : dict
        ``origin_known``: share of the cases with a nationality; ``origin_same_state``: of those
        exploited in their own country.
    """
    told = (table["nationality"] != "") & hit(rng, share["origin_known"], len(table))
    rows = table[told].assign(role="recruitment", lat=np.nan, lon=np.nan, place="")
    nation = rows["nationality"].str.split(SEPARATOR).str[0]
    same = (nation == rows["country"]) & hit(rng, share["origin_same_state"], len(rows))
    states = rows["state"].where(same & (rows["state"] != ""), _states(rng, nation))
    both = pd.concat([table, rows.assign(country=nation, state=states)])
    return both.sort_values("case_id", kind="stable", ignore_index=True).astype(table.dtypes)


def _states(rng: np.random.Generator, nation: pd.Series) -> pd.Series:
    """State of each nationality drawn by weight, ``""`` for those of neither country."""
    origins = calibration("origins")
    states = pd.Series("", index=nation.index, dtype="str")
    for country in COUNTRIES:
        own = origins[origins["state"].str.startswith(country)]
        chosen = own["state"].to_numpy()[drawn(rng, own["national"].to_numpy(), len(nation))]
        states = states.mask(nation == country, pd.Series(chosen, index=nation.index))
    return states.astype("str")

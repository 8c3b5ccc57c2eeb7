"""The file in the scope of the slide deck."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.demo.draws import assigned, drawn, sets, spread
from geo.demo.records import calibration, dates, details, finished, further, placed, shares
from geo.model import COUNTRIES, UNKNOWN

SEED = 20072016


def deck(seed: int = SEED) -> pd.DataFrame:
    """Cases of the slide deck: sex trafficking of women and girls from Latin America.

    Every count by state and layer, by country and venue, by year and by first
    nationality is a fixed quota; the seed moves only which case carries what, days,
    points and second nationalities.

    Parameters
    ----------
    seed : int

    Returns
    -------
    pandas.DataFrame
        As :func:`geo.demo.national`, without places of recruitment.
    """
    rng = np.random.default_rng(seed)
    share = shares("deck")
    table = _venues(rng).assign(trafficking_type="sex", source="us_hotline")
    table["nationality"] = _nationalities(rng, table, share)
    years = calibration("years")
    rows = rng.permutation(np.repeat(np.arange(len(years)), years["deck"]))
    start, end = (years[edge].to_numpy()[rows] for edge in ("from", "to"))
    table["date"] = dates(rng, start, end, share["whole_date"])
    table = details(rng, placed(rng, table, share["place"]), share)
    table["victims"] = spread(rng, share["victims"], len(table), evenness=0.9)
    table["victims_female"] = table["victims"]
    ages = ["victims_adult", "victims_minor", "victims_age_unknown"]
    table[ages] = rng.multinomial(table["victims"], share["age"])
    return finished(table, "DECK")


def _venues(rng: np.random.Generator) -> pd.DataFrame:
    """State, country and venue of every case, from the table of counts."""
    counts = calibration("deck").melt("state", var_name="venue", value_name="cases")
    table = counts.loc[counts.index.repeat(counts["cases"]), ["state", "venue"]]
    table = table.reset_index(drop=True)
    country = table["state"].str[:2]
    venues = calibration("venues")
    for code in COUNTRIES:
        rows = (country == code) & (table["venue"] == "elsewhere")
        quotas = venues[f"deck_{code.lower()}"]
        table.loc[rows, "venue"] = rng.permutation(np.repeat(venues["venue"], quotas))
    known = ~table["state"].str.endswith(UNKNOWN)
    return table.assign(
        state=table["state"].where(known, ""),
        country=country,
        venue=table["venue"].where(table["venue"] != UNKNOWN, ""),
    )


def _nationalities(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> np.ndarray:
    """Nationalities by quota, with an affinity to cantinas; some cases have two."""
    nations = calibration("nationalities").query("deck > 0")
    names, quotas = nations["nationality"].to_numpy(), nations["deck"].to_numpy()
    cantina = table["venue"].str.contains("cantina").to_numpy()
    affinity = np.ones((len(table), len(names)))
    affinity[np.ix_(cantina, np.isin(names, ["HN", "SV"]))] = share["cantina_affinity"]
    first = assigned(rng, quotas, affinity)
    other = drawn(rng, quotas, len(table))
    return sets(names, first, further(rng, first, other, names, share["further_nationality"]))

"""The file in the scope of the fact sheet, with the victim figures that it prints."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.demo.draws import assigned, drawn_each, hit, packed, spread
from geo.demo.records import calibration, dates, details, finished, placed, shares, us_source
from geo.model import COUNTRIES, UNKNOWN

SEED = 20152017
PERIOD = ("2015-09-30", "2017-07-31")


def sheet(seed: int = SEED) -> pd.DataFrame:
    """Cases of the fact sheet, with every victim figure that it prints.

    A victim figure of a type, venue or nationality is the sum of ``victims`` over the
    cases that carry it; the sheet states no unit for venues and industries, and
    victims were chosen. Every case is in the US or Mexico and has a nexus to Mexico:
    the place, a victim's nationality or a trafficker's.

    Parameters
    ----------
    seed : int

    Returns
    -------
    pandas.DataFrame
        As :func:`geo.demo.national`, without places of recruitment.
    """
    rng = np.random.default_rng(seed)
    share = shares("sheet")
    table = _groups(rng)
    size = len(table)
    table["nationality"] = _nationalities(rng, table)
    table["state"] = _states(rng, table, share["in_mexico"])
    table["country"] = table["state"].str[:2]
    table["state"] = table["state"].where(hit(rng, share["state_known"], size), "")
    start, end = (np.full(size, day) for day in PERIOD)
    table["date"] = dates(rng, start, end, share["whole_date"])
    table["source"] = _sources(rng, table["country"], share)
    table = details(rng, placed(rng, table, share["place"]), share)
    table["trafficker_nationality"] = _nexus(table)
    return finished(_with_people(rng, table, share), "SHEET")


def _groups(rng: np.random.Generator) -> pd.DataFrame:
    """Type, venue and victims of every case, from the table of cases and victims."""
    groups = calibration("sheet")
    table = groups.loc[groups.index.repeat(groups["cases"]), ["trafficking_type", "venue"]]
    table = table.reset_index(drop=True)
    victims = [spread(rng, row.victims, row.cases, evenness=0.5) for row in groups.itertuples()]
    venue = table["venue"].where(table["venue"] != UNKNOWN, "")
    return table.assign(venue=venue, victims=np.concatenate(victims))


def _nationalities(rng: np.random.Generator, table: pd.DataFrame) -> np.ndarray:
    nations = calibration("sheet_nationalities")
    labor = (table["trafficking_type"] == "labor").to_numpy()[:, None]
    affinity = np.where(labor, nations["labor"].to_numpy(), nations["sex"].to_numpy())
    chosen = packed(rng, table["victims"].to_numpy(), nations["victims"].to_numpy(), affinity)
    names = nations["nationality"].where(nations["nationality"] != UNKNOWN, "")
    return names.to_numpy()[chosen]


def _states(rng: np.random.Generator, table: pd.DataFrame, in_mexico: dict) -> pd.Series:
    """States by weight; victims from the US are seldom in Mexico, those from Mexico sooner."""
    states = calibration("states")
    mexican = states["state"].str.startswith("MX").to_numpy()
    tilt = table["nationality"].map(in_mexico).fillna(in_mexico["else"]).to_numpy()[:, None]
    weights = np.where(mexican, tilt, 1.0) * states["sheet"].to_numpy()
    return pd.Series(states["state"].to_numpy()[drawn_each(rng, weights)], dtype="str")


def _sources(rng: np.random.Generator, country: pd.Series, share: dict) -> np.ndarray:
    mexican = np.array(country.map({code: share["linea_nacional"][code] for code in COUNTRIES}))
    us = us_source(rng, len(country), share["befree"])
    return np.where(hit(rng, mexican, len(country)), "linea_nacional", us)


def _nexus(table: pd.DataFrame) -> pd.Series:
    """Traffickers' nationality, with Mexico where nothing else ties the case to it."""
    tied = (table["country"] == "MX") | table["nationality"].str.contains("MX")
    return table["trafficker_nationality"].where(tied, "MX")


def _with_people(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> pd.DataFrame:
    """Victims by gender and age with the sheet's totals: men mostly in labor cases."""
    case = np.repeat(np.arange(len(table)), table["victims"])
    labor = (table["trafficking_type"] == "labor").to_numpy()[case][:, None]
    for kind in ("gender", "age"):
        quotas = share[f"{kind}s"]
        affinity = np.where(labor, *share[kind].values())
        chosen = assigned(rng, list(quotas.values()), affinity)
        for number, name in enumerate(quotas):
            counts = np.bincount(case[chosen == number], minlength=len(table))
            table = table.assign(**{f"victims_{name}": counts})
    return table

"""The file of a made-up national hotline."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo import vocab
from geo.demo.draws import drawn, drawn_each, hit, sets
from geo.demo.origins import with_origins
from geo.demo.records import (
    COLUMNS,
    calibration,
    dates,
    details,
    finished,
    further,
    placed,
    shares,
    us_source,
)
from geo.model import COUNTRIES

CASES = 25_000
SEED = 20122016

_TYPES = np.array(["sex", "labor", "sex_and_labor", "other"], dtype=object)
_ABROAD = np.array(["GT", "HN", "SV", "CA", "CO"], dtype=object)
_PEOPLE = [column for column in COLUMNS if column.startswith("victims")]


def national(cases: int = CASES, seed: int = SEED) -> pd.DataFrame:
    """Cases of a made-up national hotline, 2012-2016.

    Parameters
    ----------
    cases : int
        How many, at least 1.
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row a case, and one more of role ``recruitment`` where it is known where somebody
        was recruited; the columns of ``COLUMNS``; ``lat`` and ``lon`` in degrees (WGS 84),
        victims in persons. Sorted by date.
    """
    rng = np.random.default_rng(seed)
    share = shares("national")
    states = calibration("states")
    state = states["state"].to_numpy()[drawn(rng, states["national"].to_numpy(), cases)]
    table = pd.DataFrame({"state": state}, dtype="str")
    table["country"] = table["state"].str[:2]
    table["trafficking_type"] = _types(rng, table["country"], share["type"])
    table["venue"] = _venues(rng, table, share)
    table["nationality"] = _nationalities(rng, table, share)
    table["date"] = dates(rng, *_years(rng, cases), share["whole_date"])
    us = us_source(rng, cases, share["befree"])
    table["source"] = np.where(table["country"] == "US", us, "linea_nacional")
    table = details(rng, _places(rng, table, share), share)
    return with_origins(rng, finished(_with_people(rng, table, share), "NATIONAL"), share)


def _types(rng: np.random.Generator, country: pd.Series, share: dict) -> np.ndarray:
    weights = np.array([share[code] for code in COUNTRIES])
    return _TYPES[drawn_each(rng, weights[np.array(country.map(COUNTRIES.index))])]


def _venues(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> np.ndarray:
    """Venues by country and type, the layers tilted by state; some cases have two."""
    venues = calibration("venues").set_index("venue")
    groups, group = np.unique(
        table["country"].str.lower() + "_" + table["trafficking_type"], return_inverse=True
    )
    weights = venues[groups].to_numpy(dtype=float).T[group]
    layers = list(vocab.load().layers)
    tilt = calibration("states").set_index("state").loc[table["state"], layers]
    weights[:, venues.index.get_indexer(layers)] *= tilt.to_numpy()
    first, other = drawn_each(rng, weights), drawn_each(rng, weights)
    names = venues.index.to_numpy()
    second = further(rng, first, other, names, share["further_venue"])
    brothel, escort = venues.index.get_indexer(["residential_brothel", "escort"])
    escorts = (table["country"] == "US").to_numpy() & (first == escort)
    both = escorts & hit(rng, share["escort_with_brothel"], len(table))
    return sets(names, first, np.where(both, brothel, second))


def _nationalities(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> np.ndarray:
    nations = calibration("nationalities").set_index("nationality")
    sex = table["trafficking_type"].str.startswith("sex")
    groups, group = np.unique(
        table["country"].str.lower() + np.where(sex, "_sex", "_labor"), return_inverse=True
    )
    weights = nations[groups].to_numpy(dtype=float).T[group]
    first, other = drawn_each(rng, weights), drawn_each(rng, weights)
    names = nations.index.to_numpy()
    return sets(names, first, further(rng, first, other, names, share["further_nationality"]))


def _years(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each case's year, drawn by the years' weights."""
    years = calibration("years")
    rows = drawn(rng, years["national"].to_numpy(), size)
    return years["from"].to_numpy()[rows], years["to"].to_numpy()[rows]


def _places(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> pd.DataFrame:
    """Places, with some cases in no known state, outside both countries, or nowhere known."""
    vague = rng.random(len(table))
    with_state = table["state"].where(vague >= share["no_state"], "")
    abroad = _ABROAD[rng.integers(0, len(_ABROAD), len(table))]
    country = np.where(vague < share["outside"], abroad, table["country"])
    country = np.where(vague < share["no_country"], "", country)
    return placed(rng, table.assign(state=with_state, country=country), share["place"])


def _with_people(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> pd.DataFrame:
    """Victims by gender and age; some cases do not say how many they are."""
    size = len(table)
    labor = (table["trafficking_type"] == "labor").to_numpy()
    chance = np.where(labor, *share["one_victim"].values())
    more = rng.geometric(chance, size) - 1
    victims = 1 + np.minimum(more, share["most_further_victims"])
    split = [
        rng.multinomial(victims, np.where(labor[:, None], *share[kind].values()))
        for kind in ("gender", "age")
    ]
    counts = pd.DataFrame(np.column_stack([victims, *split]), columns=_PEOPLE).astype("Int64")
    untold = hit(rng, share["victims_not_told"], (size, 1))
    return table.join(counts.mask(np.broadcast_to(untold, counts.shape)))

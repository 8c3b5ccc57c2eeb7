"""What every synthetic record holds: dates, places, methods; and the canonical columns."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from geo import vocab
from geo.demo.draws import drawn_each, hit, joined
from geo.model import SEPARATOR, UNKNOWN

FOLDER = Path(__file__).parent.parent.parent / "data" / "demo"

COLUMNS = (
    "case_id",
    "date",
    "lat",
    "lon",
    "place",
    "state",
    "country",
    "role",
    "source",
    "venue",
    "trafficking_type",
    "nationality",
    "industry",
    "recruitment",
    "control",
    "proximity",
    "trafficker_nationality",
    "victims",
    "victims_female",
    "victims_male",
    "victims_gender_minority",
    "victims_gender_unknown",
    "victims_adult",
    "victims_minor",
    "victims_age_unknown",
)

_KM_PER_DEGREE = 111.2
_DENSER_INSIDE = 0.7


@cache
def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", keep_default_na=False)


@cache
def shares(name: str) -> dict:
    """Section of ``data/demo/shares.toml`` with what holds for all files."""
    document = tomllib.loads((FOLDER / "shares.toml").read_text(encoding="utf-8"))
    return {**document["all"], **document[name]}


def calibration(name: str) -> pd.DataFrame:
    """Table of ``data/demo`` of that name."""
    return _read(name).copy()


def dates(rng: np.random.Generator, start: np.ndarray, end: np.ndarray, whole: float) -> np.ndarray:
    """Dates between `start` and `end`: `whole` of them days, the others months or years."""
    first, last = (np.asarray(edge, dtype="datetime64[D]") for edge in (start, end))
    length = (last - first).astype(int) + 1
    days = first + (rng.random(len(first)) * length).astype("timedelta64[D]")
    text = np.datetime_as_string(days).astype(object)
    month = np.datetime_as_string(days.astype("datetime64[M]")).astype(object)
    year = np.datetime_as_string(days.astype("datetime64[Y]")).astype(object)
    precision = rng.random(len(first))
    part = (1 - whole) / 2
    return np.where(precision < whole, text, np.where(precision < whole + part, month, year))


def placed(rng: np.random.Generator, table: pd.DataFrame, place: dict) -> pd.DataFrame:
    """Point, town or nothing for every case with a state.

    Parameters
    ----------
    rng : numpy.random.Generator
    table : pandas.DataFrame
        With ``state``, ``""`` where it is not known.
    place : dict
        ``point``, ``town``: shares of cases with a point, and with a town's name alone.
        ``pull``: power of a town's residents that it is drawn by; above 1 the largest
        towns of a state hold more than their share.

    Returns
    -------
    pandas.DataFrame
        With ``lat`` and ``lon`` (degrees, WGS 84) and ``place``. A point lies in a disc
        that the table of towns keeps inside the state, denser towards the middle.
    """
    towns = calibration("towns")
    row = _town_rows(rng, towns, table["state"].to_numpy(), place["pull"])
    known = row >= 0
    how = rng.random(len(table))
    town = towns.iloc[np.maximum(row, 0)].reset_index(drop=True)
    distance = town["spread_km"] * rng.random(len(table)) ** _DENSER_INSIDE
    angle = rng.random(len(table)) * 2 * np.pi
    lat = town["lat"] + distance * np.sin(angle) / _KM_PER_DEGREE
    squeeze = np.cos(np.radians(town["lat"]))
    lon = town["lon"] + distance * np.cos(angle) / (_KM_PER_DEGREE * squeeze)
    point = known & (how < place["point"])
    named = known & ~point & (how < place["point"] + place["town"])
    return table.assign(
        lat=lat.round(4).where(point),
        lon=lon.round(4).where(point),
        place=np.where(named, town["town"], ""),
    )


def _town_rows(
    rng: np.random.Generator, towns: pd.DataFrame, state: np.ndarray, pull: float
) -> np.ndarray:
    """Row of a town of each state, drawn by its residents to the power `pull`; -1 without state."""
    weight = towns["residents"].to_numpy() ** pull
    ends = np.cumsum(weight)
    last = pd.Series(ends).groupby(towns["state"]).max()
    total = pd.Series(weight).groupby(towns["state"]).sum()
    start = pd.Series(state).map(last - total).to_numpy()
    span = pd.Series(state).map(total).to_numpy()
    at = start + rng.random(len(state)) * span * (1 - 1e-9)
    rows = np.searchsorted(ends, np.nan_to_num(at), side="right")
    return np.where(np.isnan(start), -1, rows)


def further(
    rng: np.random.Generator,
    first: np.ndarray,
    other: np.ndarray,
    names: np.ndarray,
    share: float,
) -> np.ndarray:
    """Numbers from `other` for a `share` of the cases whose `first` is known; -1 for none."""
    known = (names[first] != UNKNOWN) & (names[other] != UNKNOWN)
    return np.where(known & (first != other) & hit(rng, share, len(first)), other, -1)


def us_source(rng: np.random.Generator, size: int, textline: float) -> np.ndarray:
    """Hotline or, in a share of `textline`, textline of the United States."""
    return np.where(hit(rng, textline, size), "befree", "us_hotline").astype(object)


def details(rng: np.random.Generator, table: pd.DataFrame, share: dict) -> pd.DataFrame:
    """Industry, recruitment, control, proximity and the traffickers' nationality."""
    industries = set(vocab.load().codes("industries"))
    venues = {cell: cell.split(SEPARATOR) for cell in table["venue"].unique()}
    industry = {
        cell: SEPARATOR.join(venue for venue in several if venue in industries)
        for cell, several in venues.items()
    }
    labor = (table["trafficking_type"] == "labor").to_numpy()
    same = hit(rng, share["trafficker_as_victim"], len(table))
    return table.assign(
        industry=table["venue"].map(industry),
        recruitment=_one_of(rng, "recruitment", labor, share["recruitment_known"]),
        control=_several_of(rng, "control", labor, share["control_known"]),
        proximity=_one_of(rng, "proximity", labor, share["proximity_known"]),
        trafficker_nationality=table["nationality"].where(same, ""),
    )


def _methods(name: str, labor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes of a list, and for each case their weights."""
    methods = calibration("methods").query("list == @name")
    weights = np.where(labor[:, None], methods["labor"].to_numpy(), methods["sex"].to_numpy())
    return methods["code"].to_numpy(), weights


def _one_of(rng: np.random.Generator, name: str, labor: np.ndarray, known: float) -> np.ndarray:
    codes, weights = _methods(name, labor)
    chosen = codes[drawn_each(rng, weights)]
    return np.where(hit(rng, known, len(labor)), chosen, "")


def _several_of(rng: np.random.Generator, name: str, labor: np.ndarray, known: float) -> np.ndarray:
    """Codes each held with its weight as a percentage."""
    codes, weights = _methods(name, labor)
    flags = rng.random(weights.shape) * 100 < weights
    return joined(flags & hit(rng, known, (len(labor), 1)), codes)


def finished(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Canonical columns in order, a missing one 0; sorted by date, numbered."""
    filled = table.assign(role="exploitation").sort_values("date", kind="stable")
    filled = filled.reset_index(drop=True)
    counts = [column for column in COLUMNS if column.startswith("victims")]
    filled = filled.reindex(columns=list(COLUMNS), fill_value=0)
    filled["case_id"] = [f"SYNTHETIC-{name}-{number:06d}" for number in range(1, len(filled) + 1)]
    texts = filled.columns.difference([*counts, "lat", "lon"])
    kinds = {**dict.fromkeys(texts, "str"), **dict.fromkeys(counts, "Int64")}
    return filled.astype(kinds)

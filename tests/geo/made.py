"""A made-up case file, small and drawn from a fixed seed, and the mapping and policy it needs."""

import numpy as np
import pandas as pd

SEED = 20140203
ROWS = 400
TOWNS = (
    ("US", "US-TX", 32.78, -96.80, 0.36),
    ("US", "US-TX", 31.00, -97.50, 0.14),
    ("US", "US-GA", 33.00, -83.60, 0.22),
    ("MX", "MX-CHH", 28.63, -106.08, 0.20),
    ("US", "", np.nan, np.nan, 0.05),
    ("GT", "", np.nan, np.nan, 0.03),
)
SECTORS = {
    "cantina": "bars_and_cantinas",
    "escort": "escort_delivery",
    "residential_brothel": "residential",
}
REGIONS = {"MX": "north_america", "HN": "central_america"}

MAPPING = """
canonical = true
[release]
series = "made"
synthetic = true
"""

POLICY = """
id = "small"
audience = "staff"
k = 11
seed = 5
intervals = false

[[views]]
levels = ["all", "country", "state"]
grains = ["period", "venue", "nationality"]
up_to = 2

[[views]]
levels = ["all"]
grains = ["quarter", "sector", "region"]
up_to = 1

[[views]]
levels = ["h3_3", "h3_4"]
grains = ["venue"]
up_to = 1
"""


def cases(rows=ROWS, seed=SEED):
    """Case file of `rows` rows in canonical columns; every value text, blank where not known."""
    rng = np.random.default_rng(seed)
    town = rng.choice(len(TOWNS), rows, p=[town[-1] for town in TOWNS])
    table = pd.DataFrame([TOWNS[i][:4] for i in town], columns=["country", "state", "lat", "lon"])
    for column in ("lat", "lon"):
        points = table[column] + rng.normal(0, 0.06, rows)
        table[column] = points.map(lambda degrees: "" if np.isnan(degrees) else f"{degrees:.5f}")
    dates = ["2014-02-03", "2014-11-20", "2015-08-09", "2015", ""]
    table["date"] = rng.choice(dates, rows, p=[0.3, 0.2, 0.3, 0.15, 0.05])
    venues = ["cantina", "escort", "escort;residential_brothel", ""]
    table["venue"] = rng.choice(venues, rows, p=[0.5, 0.25, 0.2, 0.05])
    table["nationality"] = rng.choice(["MX", "HN", ""], rows, p=[0.55, 0.3, 0.15])
    return table


def folder(path, table=None):
    """Write case file, mapping and policy into a new folder `path`."""
    path.mkdir(parents=True, exist_ok=True)
    (cases() if table is None else table).to_csv(path / "cases.csv", index=False)
    (path / "made.toml").write_text(MAPPING, encoding="utf-8")
    (path / "small.toml").write_text(POLICY, encoding="utf-8")
    return path

"""Real files, found through MOSAICO_REAL: published counts equal counts made without Mosaico."""

import os
from pathlib import Path

import h3
import pandas as pd
import pytest

from geo import audit, build, ingest, release

REAL = Path(os.environ.get("MOSAICO_REAL") or "not-set")
pytestmark = pytest.mark.skipif(
    not REAL.is_dir(),
    reason="real files are not part of the project: set MOSAICO_REAL to their folder",
)
TRATA = (415, 383, 304, 387, 545, 553, 621)
ALL = {"venue": "all", "nationality": "all", "trafficking_type": "all"}


def built(tmp_path_factory, name, mapping):
    read = ingest.mapping(mapping)
    out = tmp_path_factory.mktemp("real") / mapping
    return build.build([REAL / name], out, read, build.default_policy(read)).folder


@pytest.fixture(scope="module")
def hotline(tmp_path_factory):
    return built(tmp_path_factory, "us_hotline_calls_cases_2012_2016.csv", "us_hotline")


@pytest.fixture(scope="module")
def sesnsp(tmp_path_factory):
    return built(tmp_path_factory, "mx_sesnsp_idefc_2015_2021.csv", "sesnsp")


@pytest.fixture(scope="module")
def cdmx(tmp_path_factory):
    return built(tmp_path_factory, "mx_cdmx_carpetas_2019_2025.csv", "cdmx")


def cells(folder):
    return pd.read_csv(folder / "cells.csv", keep_default_na=False)


def values(folder, level, *, years):
    """Published values by place, or by place and year, nothing else broken down."""
    found = cells(folder)
    for name, code in (ALL | {"level": level}).items():
        found = found[found[name] == code]
    if not years:
        return found[found["period"] == "all"].set_index("place")["value"].to_dict()
    found = found[found["period"].str.fullmatch(r"\d{4}")]
    return found.set_index(["place", "period"])["value"].to_dict()


def held(published, true, least_share):
    """Every published value is true, and so many of those of 11 and more are published."""
    assert published
    assert published == {key: true[key] for key in published}
    large = {key for key, value in true.items() if value >= 11}
    assert len(set(published)) >= least_share * len(large)


def codes(column):
    """State code of each name or abbreviation, from the file of state codes."""
    path = Path(__file__).parent.parent.parent / "data" / "vocab" / "states.csv"
    listed = pd.read_csv(path, dtype="str", keep_default_na=False)
    return dict(zip(listed[column], listed["code"], strict=True))


@pytest.fixture(scope="module")
def hotline_rows():
    rows = pd.read_csv(REAL / "us_hotline_calls_cases_2012_2016.csv")
    return rows.assign(place="US-" + rows["postal"], period=rows["Year_Date"].astype("str"))


@pytest.fixture(scope="module")
def trata():
    """SESNSP rows of trata with the year's sum and the state's code by INEGI number."""
    rows = pd.read_csv(REAL / "mx_sesnsp_idefc_2015_2021.csv", encoding="latin-1")
    rows = rows[rows["Tipo de delito"] == "Trata de personas"]
    by_number = {
        int(number): code
        for number, code in codes("fips_or_inegi").items()
        if code.startswith("MX-")
    }
    return pd.DataFrame(
        {
            "place": rows["Clave_Ent"].map(by_number),
            "period": rows["Año"].astype("str"),
            "cases": rows.loc[:, "Enero":"Diciembre"].fillna(0).sum(axis=1).astype("int64"),
        }
    )


def test_the_hotline_adds_up_to_24430(hotline, hotline_rows):
    assert int(hotline_rows["Cases_Reported"].sum()) == 24_430
    assert values(hotline, "all", years=False) == {"all": 24_430}
    assert values(hotline, "country", years=False) == {"US": 24_430}


def test_hotline_states_are_the_sums_of_the_file(hotline, hotline_rows):
    true = hotline_rows.groupby("place")["Cases_Reported"].sum().to_dict()
    held(values(hotline, "state", years=False), true, 0.95)


def test_hotline_states_by_year_are_the_rows_of_the_file(hotline, hotline_rows):
    true = hotline_rows.groupby(["place", "period"])["Cases_Reported"].sum().to_dict()
    held(values(hotline, "state", years=True), true, 0.9)


def test_trata_in_mexico_by_year_is_what_the_publisher_counts(sesnsp, trata):
    assert trata.groupby("period")["cases"].sum().tolist() == list(TRATA)
    published = values(sesnsp, "all", years=True)
    assert published == {("all", str(2015 + n)): value for n, value in enumerate(TRATA)}
    assert values(sesnsp, "all", years=False) == {"all": sum(TRATA)}


def test_trata_by_state_is_the_sum_of_the_file(sesnsp, trata):
    held(values(sesnsp, "state", years=False), trata.groupby("place")["cases"].sum().to_dict(), 0.9)


def test_trata_by_state_and_year_is_the_sum_of_the_file(sesnsp, trata):
    true = trata.groupby(["place", "period"])["cases"].sum().to_dict()
    held(values(sesnsp, "state", years=True), true, 0.6)


@pytest.fixture(scope="module")
def carpetas():
    rows = pd.read_csv(REAL / "mx_cdmx_carpetas_2019_2025.csv")
    return rows[rows["delito"] == "TRATA DE PERSONAS"]


def test_mexico_city_has_319_records_and_the_state_all_of_them(cdmx, carpetas):
    assert len(carpetas) == 319
    assert values(cdmx, "state", years=False) == {"MX-CMX": 319}


@pytest.mark.parametrize(("level", "resolution"), [("h3_3", 3), ("h3_4", 4)])
def test_hexes_are_counts_of_parents_of_the_finest_cell(cdmx, carpetas, level, resolution):
    points = carpetas.dropna(subset=["latitud", "longitud"])
    finest = [
        h3.latlng_to_cell(lat, lon, 5)
        for lat, lon in zip(points["latitud"], points["longitud"], strict=True)
    ]
    parents = pd.Series([h3.cell_to_parent(cell, resolution) for cell in finest])
    true = {f"MX-CMX/{cell}": count for cell, count in parents.value_counts().items()}
    held(values(cdmx, level, years=False), true, 0.3)


def test_hexes_by_year_are_counts_of_parents_too(cdmx, carpetas):
    points = carpetas.dropna(subset=["latitud", "longitud"])
    keys = [
        (f"MX-CMX/{h3.cell_to_parent(h3.latlng_to_cell(lat, lon, 5), 3)}", str(day)[:4])
        for lat, lon, day in zip(
            points["latitud"], points["longitud"], points["fecha_hecho"], strict=True
        )
    ]
    held(values(cdmx, "h3_3", years=True), pd.Series(keys).value_counts().to_dict(), 0.3)


@pytest.mark.parametrize("name", ["hotline", "sesnsp", "cdmx"])
def test_the_attack_finds_nothing_and_the_release_is_for_staff(name, request):
    folder = request.getfixturevalue(name)
    assert audit.attack(folder).passed
    manifest = release.read(folder).manifest
    assert (manifest["synthetic"], manifest["audience"]) == (False, "staff")
    assert cells(folder)["value"].min() >= 11


@pytest.mark.parametrize(("name", "covered"), [("hotline", ["US"]), ("sesnsp", ["MX"])])
def test_a_country_that_the_source_does_not_cover_is_said(name, covered, request):
    assert release.read(request.getfixturevalue(name)).manifest["covered"] == covered

"""The synthetic case files: what is printed holds for every seed, and no point strays."""

from __future__ import annotations

import pandas as pd
import pytest

from geo import demo, ingest, mapping, places, vocab
from geo.model import Policy, UnusableError

K = 11
SEEDS = (demo.SEEDS["sheet"], 1, 2)
FOLDERS = ("national", "deck", "sheet")
MAKERS = {"national": demo.national, "deck": demo.deck, "sheet": demo.sheet}

DECK_COUNTRIES = "AR;BO;BR;CO;CR;CU;DO;EC;GT;HN;HT;MX;NI;PA;PE;SV;VE"
TOP_SEX_VENUES = {"residence_based": 78, "hotel_motel": 58, "escort": 38}
TOP_INDUSTRIES = {"agriculture": 329, "domestic_work": 91, "illicit_activities": 72}


@pytest.fixture(scope="module")
def files() -> dict[str, pd.DataFrame]:
    """One row a case: without the rows of places of recruitment."""
    made = {like: make() for like, make in MAKERS.items()}
    return {like: table[table["role"] == "exploitation"] for like, table in made.items()}


@pytest.fixture(scope="module")
def national() -> pd.DataFrame:
    return demo.national(3_000, seed=4)


@pytest.fixture(scope="module", params=SEEDS)
def sheet(request) -> pd.DataFrame:
    return demo.sheet(request.param)


@pytest.fixture(scope="module", params=SEEDS)
def deck(request) -> pd.DataFrame:
    return demo.deck(request.param)


def held(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per case and value of a multi-valued column, blanks left out."""
    long = table.assign(value=table[column].str.split(";")).explode("value")
    return long[long["value"] != ""]


def victims_by(table: pd.DataFrame, column: str) -> dict[str, int]:
    return held(table, column).groupby("value")["victims"].sum().to_dict()


@pytest.mark.parametrize("like", FOLDERS)
def test_columns_are_canonical(files, like):
    assert list(files[like].columns) == list(demo.COLUMNS)
    assert set(demo.COLUMNS) < set(mapping.CANONICAL)


@pytest.mark.parametrize("like", FOLDERS)
def test_same_seed_same_bytes_and_another_seed_others(tmp_path, like):
    cases = 300 if like == "national" else None
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        demo.write(like, tmp_path / name, cases, seed)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


@pytest.mark.parametrize("like", FOLDERS)
def test_every_case_says_that_it_is_synthetic(files, like):
    ids = files[like]["case_id"]
    assert ids.str.startswith("SYNTHETIC-").all()
    assert ids.is_unique


@pytest.mark.parametrize("like", FOLDERS)
def test_mapping_says_that_the_release_is_synthetic(like):
    release = ingest.mapping(f"demo_{like}").release
    assert release["synthetic"] is True
    assert release["series"] == f"demo-{like}"
    assert release["title"]["en"].startswith("Synthetic demonstration")
    assert release["title"]["es"].startswith("Demostración sintética")


@pytest.mark.parametrize("like", FOLDERS)
def test_dates_lie_in_the_coverage_of_the_mapping(files, like):
    source = ingest.mapping(f"demo_{like}").release["sources"][0]
    start, end = source["coverage_start"], source["coverage_end"]
    date = files[like]["date"]
    length = date.str.len()
    assert set(length.unique()) <= {4, 7, 10}
    for digits in (4, 7, 10):
        some = date[length == digits]
        assert some.between(start[:digits], end[:digits]).all()


@pytest.mark.parametrize("like", FOLDERS)
def test_engine_reads_it_without_a_finding_and_every_point_lies_in_its_state(tmp_path, like):
    path = tmp_path / "cases.csv"
    demo.write(like, path)
    given = ingest.mapping(f"demo_{like}")
    cleaned = ingest.clean(ingest.read(path, given), given, vocab.load())
    assert cleaned.findings.empty
    policy = Policy(id="test", audience="public", k=K, views=())
    found = places.locate(cleaned.cases, places.world(), policy)
    assert found.findings.empty
    with_point = cleaned.cases["lat"].notna().to_numpy()
    assert with_point.any()
    hexed = found.located.loc[with_point, "place"].str.split("/", expand=True)
    assert hexed[1].notna().all()
    assert hexed[0].tolist() == cleaned.cases.loc[with_point, "state"].tolist()


@pytest.mark.parametrize("like", FOLDERS)
def test_victims_split_into_themselves_by_gender_and_by_age(files, like):
    table = files[like].dropna(subset=["victims"])
    genders = ["female", "male", "gender_minority", "gender_unknown"]
    ages = ["adult", "minor", "age_unknown"]
    for parts in (genders, ages):
        assert (table[[f"victims_{part}" for part in parts]].sum(axis=1) == table["victims"]).all()


def test_national_covers_both_countries_five_years_and_all_types(files):
    table = files["national"]
    assert len(table) == demo.CASES
    share = table["country"].value_counts(normalize=True)
    assert share["US"] > 0.7
    assert share["MX"] > 0.15
    assert table.loc[table["country"] == "MX", "state"].nunique() == 33
    assert table.loc[table["country"] == "US", "state"].nunique() == 53
    assert set(table["trafficking_type"]) == {"sex", "labor", "sex_and_labor", "other"}
    years = table["date"].str[:4].value_counts().sort_index()
    assert list(years.index) == ["2012", "2013", "2014", "2015", "2016"]
    assert years.is_monotonic_increasing


def test_national_has_the_gaps_of_a_real_file(files):
    table = files["national"]
    several = table["venue"].str.contains(";") | table["nationality"].str.contains(";")
    assert 0.05 < several.mean() < 0.10
    assert 0.20 < (table["nationality"] == "").mean() < 0.30
    assert 0.10 < (table["venue"] == "").mean() < 0.20
    no_point = table["lat"].isna() & (table["place"] == "") & (table["state"] != "")
    assert 0.06 < no_point.mean() < 0.10
    country_only = (table["state"] == "") & table["country"].isin(["US", "MX"])
    assert 0.02 < country_only.mean() < 0.04
    elsewhere = ~table["country"].isin(["US", "MX"])
    assert K <= elsewhere.sum() < 0.02 * len(table)


def test_national_takes_any_number_of_cases():
    made = [demo.national(cases, seed=3) for cases in (1, 2, 40)]
    assert [table["case_id"].nunique() for table in made] == [1, 2, 40]


def test_national_tells_where_some_were_recruited_right_after_their_case(national):
    told = national["role"] == "recruitment"
    assert told.any()
    before = national["case_id"].shift()
    assert (national.loc[told, "case_id"] == before[told]).all()
    assert not national.loc[~told, "case_id"].duplicated().any()


def test_a_place_of_recruitment_is_known_to_its_state_at_most(national):
    told = national[national["role"] == "recruitment"]
    assert told[["lat", "lon"]].isna().all(axis=None)
    assert (told["place"] == "").all()
    own = told["country"].isin(["US", "MX"])
    assert (told.loc[own, "state"].str[:2] == told.loc[own, "country"]).all()
    assert (told.loc[~own, "state"] == "").all()


def test_people_are_recruited_in_the_country_of_their_first_nationality(national):
    told = national[national["role"] == "recruitment"]
    assert (told["country"] == told["nationality"].str[:2]).all()
    assert not (told["nationality"] == "").any()


def test_the_rest_of_a_case_is_the_same_in_its_row_of_recruitment(national):
    told = national[national["role"] == "recruitment"].set_index("case_id")
    case = national[national["role"] == "exploitation"].set_index("case_id").loc[told.index]
    apart = ["role", "lat", "lon", "place", "state", "country"]
    assert told.drop(columns=apart).equals(case.drop(columns=apart))


def test_the_cases_themselves_do_not_depend_on_places_of_recruitment(national, monkeypatch):
    monkeypatch.setattr("geo.demo.hotline.with_origins", lambda _rng, table, _share: table)
    cases = national[national["role"] == "exploitation"].reset_index(drop=True)
    assert demo.national(3_000, seed=4).equals(cases)


def test_the_two_documents_files_tell_no_place_of_recruitment(sheet, deck):
    assert set(sheet["role"]) == set(deck["role"]) == {"exploitation"}


def test_the_national_file_is_large_enough_for_corridors():
    table = demo.national()
    told = table[table["role"] == "recruitment"].set_index("case_id")["state"]
    cases = table[table["role"] == "exploitation"].set_index("case_id")["state"]
    pairs = pd.concat([told, cases.loc[told.index]], axis=1, keys=["origin", "place"])
    known = pairs[(pairs != "").all(axis=1) & pairs["origin"].str.startswith("MX")]
    counts = known[known["place"].str.startswith("US")].value_counts()
    assert (counts >= K).sum() >= 8


def test_deck_keeps_the_printed_totals(deck):
    assert len(deck) == 1_560
    assert deck["victims"].sum() == 5_240
    assert deck["date"].str[:4].value_counts()[["2007", "2016"]].tolist() == [14, 24]
    assert deck.loc[deck["state"].str.startswith("US"), "state"].nunique() == 44
    assert ";".join(sorted(set(held(deck, "nationality")["value"]))) == DECK_COUNTRIES
    assert set(deck["trafficking_type"]) == {"sex"}
    assert (deck["victims_female"] == deck["victims"]).all()


def test_deck_has_ten_known_venues_with_the_layers_ahead(deck):
    venues = held(deck, "venue")["value"].value_counts()
    assert len(venues) == 10
    assert set(venues.index[:3]) == {"residential_brothel", "cantina", "escort"}


def test_deck_brothels_and_escorts_are_in_the_us_and_overlap(deck):
    mexico = deck[deck["country"] == "MX"]
    assert not mexico["venue"].str.contains("residential_brothel|escort").any()
    escort = deck[deck["venue"].str.contains("escort")]
    assert escort["venue"].str.contains("residential_brothel").mean() > 0.3


@pytest.mark.parametrize(
    ("layer", "states", "mexican"),
    [("residential_brothel", 12, 0), ("cantina", 12, 6), ("escort", 12, 0)],
)
def test_deck_layer_is_concentrated_enough_to_be_shown(deck, layer, states, mexican):
    totals = deck[deck["state"] != ""].groupby("state").size()
    counts = deck[deck["venue"].str.contains(layer) & (deck["state"] != "")].groupby("state").size()
    shown = counts[counts >= K]
    assert (totals[shown.index] - shown).min() >= K
    assert len(shown) >= states
    assert shown.index.str.startswith("MX").sum() >= mexican
    assert counts.sum() - shown.sum() >= K


def test_sheet_keeps_the_printed_totals(sheet):
    assert len(sheet) == 727
    assert sheet["victims"].sum() == 1_257
    assert sheet.groupby("trafficking_type")["victims"].sum().to_dict() == {
        "labor": 793,
        "sex": 389,
        "sex_and_labor": 50,
        "other": 25,
    }


def test_sheet_keeps_the_printed_genders_and_ages(sheet):
    columns = ["male", "female", "gender_minority", "gender_unknown", "adult", "minor"]
    sums = [int(sheet[f"victims_{name}"].sum()) for name in (*columns, "age_unknown")]
    assert sums == [572, 609, 12, 64, 881, 203, 173]


def test_sheet_keeps_the_printed_nationalities_and_no_other_comes_before_them(sheet):
    victims = pd.Series(victims_by(sheet, "nationality")).sort_values(ascending=False)
    assert victims.head(4).to_dict() == {"MX": 758, "US": 117, "HN": 57, "GT": 30}
    assert victims.iloc[4] < 30
    assert sheet["nationality"].str.contains(";").any()


@pytest.mark.parametrize(
    ("kind", "top"), [("sex", TOP_SEX_VENUES), ("labor", TOP_INDUSTRIES)], ids=["sex", "labor"]
)
def test_sheet_keeps_the_printed_venues_and_no_other_comes_before_them(sheet, kind, top):
    every = pd.Series(victims_by(sheet, "venue"))
    of_kind = pd.Series(victims_by(sheet[sheet["trafficking_type"] == kind], "venue"))
    assert every[list(top)].to_dict() == top
    assert of_kind.nlargest(3).to_dict() == top
    assert of_kind.nlargest(4).iloc[-1] < min(top.values())


def test_sheet_industry_is_the_labor_venue(sheet):
    victims = victims_by(sheet, "industry")
    assert {name: victims[name] for name in TOP_INDUSTRIES} == TOP_INDUSTRIES
    assert "escort" not in victims


def test_sheet_cases_are_in_the_us_or_mexico_and_tied_to_mexico(sheet):
    assert set(sheet["country"]) == {"US", "MX"}
    tied = (
        (sheet["country"] == "MX")
        | sheet["nationality"].str.contains("MX")
        | sheet["trafficker_nationality"].str.contains("MX")
    )
    assert tied.all()
    assert 0.1 < (sheet["state"] == "").mean() < 0.25


@pytest.mark.parametrize(
    ("like", "cases", "seed", "said"),
    [
        ("nation", None, None, "national, deck, sheet"),
        ("deck", 100, None, "leave out"),
        ("sheet", 727, None, "leave out"),
        ("national", 0, None, "1 or more"),
        ("national", 5, -1, "0 or more"),
    ],
)
def test_write_refuses_what_cannot_be(tmp_path, like, cases, seed, said):
    with pytest.raises(UnusableError, match=said):
        demo.write(like, tmp_path / "cases.csv", cases, seed)
    assert list(tmp_path.iterdir()) == []


def test_write_refuses_a_folder_a_missing_folder_and_a_device(tmp_path):
    device = tmp_path / "device"
    device.symlink_to("/dev/null")
    with pytest.raises(UnusableError, match="not a plain file"):
        demo.write("sheet", device)
    with pytest.raises(UnusableError, match="a folder"):
        demo.write("sheet", tmp_path)
    with pytest.raises(UnusableError, match="no such folder"):
        demo.write("sheet", tmp_path / "none" / "cases.csv")


def test_write_says_why_a_file_cannot_be_written_and_leaves_nothing(tmp_path, monkeypatch):
    def full(_table, path, **_kwargs):
        path.write_text("case_id,")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(UnusableError, match="No space left"):
        demo.write("sheet", tmp_path / "cases.csv")
    assert list(tmp_path.iterdir()) == []

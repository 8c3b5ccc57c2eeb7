"""The code lists: complete, unambiguous, and matched as records write them."""

from __future__ import annotations

import pandas as pd
import pytest

from geo import vocab
from geo.model import UnusableError

VOCAB = vocab.load()


def matched(name: str, *texts: str) -> list[str]:
    return list(VOCAB.match(name, pd.Series(texts, dtype="str")))


@pytest.mark.parametrize("name", vocab.LISTS)
def test_codes_are_unique_and_labelled_in_both_languages(name):
    table = getattr(VOCAB, name)
    assert table["code"].is_unique
    assert (table[["code", "label_en", "label_es"]] != "").all(axis=None)
    assert set(table["reviewed"]) <= {"yes", "no"}


@pytest.mark.parametrize("name", [n for n in vocab.LISTS if n not in {"states", "common"}])
def test_parents_are_codes_of_the_list_one_level_up(name):
    parents = VOCAB.parents(name)
    assert all(parents[parent] == "" for parent in parents.values() if parent)


def test_layers_are_the_three_of_the_mission_in_order():
    assert VOCAB.layers == ("residential_brothel", "cantina", "escort")


def test_every_country_has_a_region():
    parents = VOCAB.parents("nationalities")
    countries = [code for code in parents if len(code) == 2]
    assert len(countries) == 249
    assert all(parents[code] for code in countries)
    assert {parents[code] for code in ("MX", "HN", "GT", "SV", "US", "CO", "DO")} == {
        "north_america",
        "central_america",
        "south_america",
        "caribbean",
    }


def test_states_are_52_and_32():
    assert VOCAB.states["parent"].value_counts().to_dict() == {"US": 52, "MX": 32}


def test_the_twelve_control_methods_of_the_deck():
    deck = VOCAB.control.loc[VOCAB.control["deck"] != "", "deck"]
    assert list(deck) == [str(number) for number in range(1, 13)]


def test_states_match_by_name_in_both_languages_postal_code_and_hyphen():
    assert matched("states", "west-virginia", "district-columbia", "Nueva York", "tx", "US-CA") == [
        "US-WV",
        "US-DC",
        "US-NY",
        "US-TX",
        "US-CA",
    ]
    assert matched("states", "MICHOACAN", "Edo. de México", "CDMX", "Veracruz") == [
        "MX-MIC",
        "MX-MEX",
        "MX-CMX",
        "MX-VER",
    ]


def test_washington_the_state_is_not_washington_dc():
    assert matched("states", "Washington", "Washington, D.C.") == ["US-WA", "US-DC"]


def test_labels_of_the_sources_match_their_venue():
    texts = ("Residential Brothels", "Hotel/Motel-based", "Residence-based", "Agriculture/Farms")
    assert matched("venues", *texts) == [
        "residential_brothel",
        "hotel_motel",
        "residence_based",
        "agriculture",
    ]


def test_unknown_text_matches_nothing():
    assert matched("venues", "a bakery", "") == ["", ""]


def test_sectors_and_regions_are_never_matched():
    assert matched("venues", "bars_and_cantinas") == [""]
    assert matched("nationalities", "Central America") == [""]


def test_na_is_namibia():
    assert matched("nationalities", "NA", "U.S.A.", "hondureña") == ["NA", "US", "HN"]


def test_label_of_an_overlap_names_both():
    assert VOCAB.label("venues", "cantina+escort", "es") == (
        "Cantina + Servicio de acompañantes o a domicilio"
    )


def test_label_of_shared_codes_is_known_in_every_list():
    assert VOCAB.label("venues", "unknown") == "Not known"
    assert VOCAB.label("states", "MX", "es") == "México"
    assert VOCAB.label("states", "US-unknown") == "United States, state not known"


def test_label_of_no_code_is_an_error():
    with pytest.raises(KeyError):
        VOCAB.label("venues", "bakery")


def test_one_label_for_two_codes_is_refused():
    rows = [
        {"code": code, "label_en": label, "label_es": label, "parent": "", "source_labels": "Bar"}
        for code, label in (("one", "One"), ("two", "Two"))
    ]
    with pytest.raises(UnusableError, match="belongs to one and two"):
        vocab._index(pd.DataFrame(rows))


def test_index_of_the_match_follows_the_series():
    series = pd.Series(["escort", "cantina"], index=[7, 3], dtype="str")
    assert list(VOCAB.match("venues", series).index) == [7, 3]

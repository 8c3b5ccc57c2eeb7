"""Venue profiles, published figures, help: what each says, and what changes when a reader acts."""

import re
import shutil

import pytest

from geo import release
from tests.pages.test_pages import said
from tests.ui import sample
from ui import published
from ui.i18n import texts

UNITS = {"en": "reported cases", "es": "casos reportados"}


def test_a_profile_opens_on_the_first_layer_of_the_address(app):
    shown = app("venues", layers="cantina")
    assert shown.segmented_control(key="profile").value == "cantina"
    assert shown.header[0].value == "Cantinas"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_another_profile_goes_into_the_address_with_its_prose_and_numbers(app, lang):
    shown = app("venues", lang=lang)
    shown.segmented_control(key="profile").set_value("escort").run()
    t = texts(lang)
    assert dict(shown.query_params)["layers"] in ("escort", ["escort"])
    assert t.page("venue_escort") in said(shown)
    assert t("venues.count", count=358, unit=UNITS[lang]) in said(shown)


def test_a_profile_taken_back_keeps_the_layer(app):
    shown = app("venues", layers="cantina")
    shown.segmented_control(key="profile").set_value(None).run()
    assert not shown.exception
    assert shown.segmented_control(key="profile").value == "cantina"


def test_a_profile_links_to_the_map_with_its_layer(app):
    shown = app("venues", layers="cantina", period="2015")
    links = [link.proto for link in shown.get("page_link")]
    found = [link for link in links if "Cantinas" in link.label]
    assert len(found) == 1
    assert "layers=cantina" in found[0].query_string
    assert "period" not in found[0].query_string


def test_a_tampered_layer_falls_back_on_the_profile_and_is_told(app):
    shown = app("venues")
    shown.query_params["layers"] = "<script>"
    shown.run()
    assert not shown.exception
    assert len(shown.warning) == 1
    assert "<script>" not in said(shown)
    assert shown.segmented_control(key="profile").value == "residential_brothel"


def test_a_country_that_is_not_covered_says_so(app, as_staff):
    shown = app("venues", release="staff")
    assert texts("en")("mark.uncovered") in said(shown)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_figures_say_that_they_are_not_the_releases_and_never_summed(app, lang):
    shown = app("published", lang=lang)
    t = texts(lang)
    assert t("published.own") in said(shown)
    assert t("published.never_summed") in said(shown)
    assert t("published.all_hold", base=1257, percent=15, sum=3, list=2) in said(shown)
    assert not shown.error


def test_the_figures_are_the_same_whatever_release_is_chosen(app):
    tables = [
        [table.value.to_csv() for table in app("published", release=name).table]
        for name in ("national", "little")
    ]
    assert tables[0] == tables[1]
    assert len(tables[0]) == 6


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_number_that_does_not_add_up_is_told_in_words(app, lang, tmp_path, monkeypatch):
    folder = shutil.copytree(published.FOLDER, tmp_path / "published")
    path = folder / "figures.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",,881,", ",,880,"), encoding="utf-8")
    monkeypatch.setattr(published, "FOLDER", folder)
    shown = app("published", lang=lang)
    t = texts(lang)
    assert len(shown.error) == 1
    assert t("published.section.age") in shown.error[0].value
    assert t("published.fails") in shown.error[0].value
    assert "880 + 203 + 173 = 1,256" in shown.error[0].value


@pytest.mark.parametrize("lang", ["en", "es"])
def test_help_has_the_numbers_and_fills_every_gap(app, lang):
    text = said(app("help", lang=lang))
    for number in ("1-888-373-7888", "233733", "800 5533 000"):
        assert text.count(number) >= 2
    assert not re.search(r"{\w+}", text)


def test_help_names_the_six_remedies_and_that_it_is_no_advice(app):
    text = said(app("help"))
    assert "not legal advice" in text
    for remedy in ("Continued Presence", "T visa", "U visa", "VAWA", "Asylum", "Special Immigrant"):
        assert remedy in text


def test_help_cites_the_release_that_is_chosen(app):
    assert "Sample little, cited. Release little." in said(app("help", release="little"))


def test_the_folder_of_printed_figures_is_no_refused_release():
    found = release.releases(sample.ROOT / "data" / "aggregates")
    assert not [one for one in found if one.folder.name == "published"]

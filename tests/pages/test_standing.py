"""Warnings of how a release stands, and refusals: in words, with the way on, in both languages."""

import json
from datetime import date

import pytest

from geo import ledger, release
from tests.pages.test_pages import said
from tests.ui import sample
from ui import load
from ui.i18n import texts

LANGUAGES = pytest.mark.parametrize("lang", ["en", "es"])


def rewritten(folder, name, **changes):
    """Change a JSON file of a release, as who alters it would."""
    path = folder / name
    content = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Folder with one whole release, ``good``, and one that a test does something to, ``bad``."""
    for name in ("bad", "good"):
        sample.write(tmp_path, name, scale=0.25, detailed=False)
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    return tmp_path


def altered(root):
    (root / "bad" / "cells.csv").write_text("level", encoding="utf-8")


def unaudited(root):
    rewritten(root / "bad", "manifest.json", audit={"passed": False})


def withdrawn(root):
    entries = ledger.released((), sample.manifest("bad"), release._hash(root / "bad/manifest.json"))
    ledger.write(root, ledger.without(entries, "bad"))


def altered_manifest(root):
    """No file of the release tells: only the ledger knows what its manifest was."""
    sealed = release._hash(root / "bad" / "manifest.json")
    ledger.write(root, ledger.released((), sample.manifest("bad"), sealed))
    rewritten(root / "bad", "manifest.json", synthetic=False)


def unreadable(root):
    (root / "bad" / "manifest.json").write_text("{", encoding="utf-8")


REFUSED = {
    "altered": altered,
    "altered manifest": altered_manifest,
    "unaudited": unaudited,
    "withdrawn": withdrawn,
    "unreadable": unreadable,
}


@LANGUAGES
@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_release_is_named_with_the_reason_and_another_stays_usable(
    app, root, what, lang, request
):
    if what == "unreadable":  # for whom it was, nobody knows: so the public is not told
        request.getfixturevalue("as_staff")
    REFUSED[what](root)
    t = texts(lang)
    shown = app(lang=lang, release="bad")
    reason = t(f"refused.{what.split()[0]}")
    assert not shown.exception
    assert [one.value for one in shown.warning] == [t("refused.asked", name="bad", reason=reason)]
    assert t("none.refused", name="bad", reason=reason) in said(shown)
    assert shown.selectbox(key="release").options == [sample.manifest("good")["title"][lang]]
    assert not shown.run().warning


def test_without_being_asked_for_a_refused_release_is_named_at_the_foot_alone(app, root):
    altered(root)
    shown = app()
    assert not shown.warning
    assert "**Not shown: bad.**" in said(shown)


@LANGUAGES
def test_a_broken_ledger_shows_no_release_and_says_why_and_where_help_is(app, root, lang):
    (root / ledger.FILE).write_text("{}", encoding="utf-8")
    shown, t = app(lang=lang), texts(lang)
    assert not shown.exception
    assert t("refused.ledger") in said(shown)
    assert "1-888-373-7888" in said(shown)


def test_a_release_withdrawn_while_the_page_is_open_goes(app, root):
    shown = app(release="good")
    assert not shown.warning
    sealed = release._hash(root / "good" / "manifest.json")
    entries = ledger.released((), sample.manifest("good"), sealed)
    ledger.write(root, ledger.without(entries, "good"))
    shown.query_params["release"] = "good"
    shown.run()
    assert texts("en")("refused.withdrawn") in shown.warning[0].value


def sealed_wrong(root):
    """Hashes hold and the audit passed, and yet the manifest is of no build."""
    rewritten(root / "bad", "manifest.json", policy={})


def test_a_release_that_only_opening_shows_to_be_broken_is_refused_too(app, root):
    sealed_wrong(root)
    for address in ({}, {"release": "bad"}):
        shown = app(**address)
        assert not shown.exception
        assert texts("en")("refused.unreadable") in shown.warning[0].value
        assert "Sample good, cited." in said(shown)


def test_to_switch_to_a_release_that_cannot_be_opened_says_why(app, root):
    sealed_wrong(root)
    shown = app(release="good")
    shown.selectbox(key="release").set_value("bad").run()
    assert not shown.exception
    assert texts("en")("refused.unreadable") in shown.warning[0].value
    assert "Sample good, cited." in said(shown)


def test_where_nothing_can_be_opened_the_page_says_so(app, root):
    sealed_wrong(root)
    rewritten(root / "good", "manifest.json", policy={})
    shown = app()
    assert not shown.exception
    assert texts("en")("none.intro") in said(shown)
    assert all(f"**Not shown: {name}.**" in said(shown) for name in ("bad", "good"))


@LANGUAGES
def test_an_old_release_says_when_it_ends(app, monkeypatch, lang):
    t = texts(lang)
    told = t("banner.old", month=f"{t('month.12')} 2015", years="3")
    monkeypatch.setattr(load, "today", lambda: date(2018, 12, 31))
    assert told not in said(app(lang=lang))
    monkeypatch.setattr(load, "today", lambda: date(2019, 1, 1))
    assert told in said(app(lang=lang))


def test_the_years_of_the_configuration_are_a_whole_number():
    assert isinstance(load.settings()["old_after_years"], int)


@LANGUAGES
def test_a_superseded_release_names_the_later_one_and_its_button_opens_it(
    app, tmp_path, monkeypatch, lang
):
    for name in ("first", "second"):
        sample.write(tmp_path, name, scale=0.25, detailed=False, series="one")
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    t = texts(lang)
    title = sample.manifest("second")["title"][lang]
    shown = app(lang=lang, release="first", layers="cantina")
    assert t("banner.later", name=f"{title} (second)") in said(shown)
    shown.button(key="open-later").click().run()
    assert not shown.exception
    assert shown.selectbox(key="release").value == "second"
    assert t("banner.later", name=f"{title} (second)") not in said(shown)


def test_a_later_release_that_is_elsewhere_is_named_without_a_button(app, root):
    entries = ()
    for name in ("good", "later"):
        sealed = release._hash(root / "good" / "manifest.json")
        entries = ledger.released(entries, sample.manifest(name, series="good"), sealed)
    ledger.write(root, entries)
    shown = app(release="good")
    assert texts("en")("banner.elsewhere", name="later") in said(shown)
    assert "open-later" not in {button.key for button in shown.button}

"""Public and staff: what each reader is shown, and that the others' releases are not there at all."""

import json
import shutil
import time

import pytest

from geo.model import ReleaseError
from tests.pages.test_pages import PAGES, said
from tests.ui import sample
from ui import load
from ui.i18n import texts

TITLES = ["Sample national", "Sample little", "Sample friends", "Sample staff"]
LANGUAGES = pytest.mark.parametrize("lang", ["en", "es"])


@pytest.fixture(scope="session")
def releases(releases, tmp_path_factory):
    """Releases for each audience, and a broken one for staff."""
    root = tmp_path_factory.mktemp("audiences") / "all"
    shutil.copytree(releases, root)
    sample.write(root, "friends", scale=0.25, detailed=False, audience="coalition", synthetic=False)
    shutil.copytree(root / "staff", root / "torn")
    (root / "torn" / "cells.csv").write_text("level", encoding="utf-8")
    return root


@pytest.fixture
def signed(monkeypatch):
    """Reader who is signed in with an address, or, without one, could sign in."""

    def reader(email="", ago=0):
        signed_at = time.time() - ago
        known = {"email": email, "email_verified": True, "iat": signed_at} if email else {}
        monkeypatch.setattr("streamlit.user", {"is_logged_in": bool(email), **known})
        monkeypatch.setenv("MOSAICO_STAFF", "ana@example.org")
        monkeypatch.setenv("MOSAICO_COALITION", "@partner.example")

    return reader


def keys(shown):
    return [one.key for one in shown.button]


@pytest.mark.parametrize("page", [path.stem for path in PAGES])
def test_without_a_login_no_page_tells_of_what_is_not_public(app, page):
    shown = app(page)
    assert not [*shown.exception, *shown.error, *shown.warning]
    told = said(shown) + repr(shown.main)
    assert not [word for word in ("Sample staff", "Sample friends", "torn") if word in told]
    assert not {"sign-in", "sign-out"} & set(keys(shown))


def test_without_a_login_the_public_releases_are_offered(app):
    assert app().selectbox(key="release").options == TITLES[:2]


@pytest.mark.parametrize("hidden", ["staff", "friends", "torn"])
def test_the_address_of_a_hidden_release_says_what_that_of_none_says(app, hidden):
    asked, none = app(release=hidden), app(release="nothing-of-the-kind")
    assert not asked.exception
    assert said(asked) == said(none)
    assert "Sample staff" not in said(asked)


def test_a_page_that_forgets_to_ask_cannot_open_a_hidden_release(releases, monkeypatch):
    monkeypatch.setenv("MOSAICO_RELEASES", str(releases))
    assert load.opened("national")
    with pytest.raises(ReleaseError, match="staff"):
        load.opened("staff")


@LANGUAGES
def test_signed_out_the_public_is_shown_and_a_way_to_sign_in(app, signed, lang):
    signed()
    shown = app(lang=lang)
    assert len(shown.selectbox(key="release").options) == 2
    assert shown.button(key="sign-in").label == texts(lang)("access.in")
    assert "sign-out" not in keys(shown)


@LANGUAGES
def test_signed_in_and_not_listed_sees_the_public_and_is_told(app, signed, lang):
    signed("bo@example.org")
    shown = app(lang=lang, release="staff")
    t = texts(lang)
    assert len(shown.selectbox(key="release").options) == 2
    assert [one.value for one in shown.info] == [t("access.unlisted")]
    assert shown.button(key="sign-out").label == t("access.out")
    assert t("banner.private") not in said(shown)


@LANGUAGES
def test_who_signed_in_long_ago_sees_the_public_and_is_told_and_can_sign_in_again(
    app, signed, lang
):
    signed("ana@example.org", ago=13 * 3600)
    shown = app(lang=lang, release="staff")
    t = texts(lang)
    assert len(shown.selectbox(key="release").options) == 2
    assert [one.value for one in shown.info] == [t("access.lapsed")]
    assert shown.button(key="sign-in").label == t("access.in")


@LANGUAGES
def test_a_provider_that_does_not_answer_is_told_once_and_the_page_stays(
    app, signed, monkeypatch, lang
):
    signed()
    monkeypatch.setattr("ui.access.provider_answers", lambda: False)
    shown = app(lang=lang)
    shown.button(key="sign-in").click().run()
    t = texts(lang)
    assert [one.value for one in shown.warning] == [t("access.unanswered")]
    assert t("map.question") in said(shown)
    shown.run()
    assert not shown.warning


def test_a_provider_that_answers_is_where_the_reader_is_led(app, signed, monkeypatch):
    signed()
    led = []
    monkeypatch.setattr("ui.access.provider_answers", lambda: True)
    monkeypatch.setattr("streamlit.login", lambda: led.append("to the provider"))
    shown = app()
    shown.button(key="sign-in").click().run()
    assert led == ["to the provider"]
    assert not [*shown.warning, *shown.exception]


def test_a_release_that_is_asked_for_is_kept_until_the_reader_has_signed_in(app, signed):
    signed()
    shown = app(release="staff", place="US-TX")
    assert shown.session_state["asked"] == "release=staff&place=US-TX"
    shown.segmented_control(key="lang").set_value("es").run()
    assert "asked" not in shown.session_state  # she went on from what she was shown


def test_an_address_of_any_length_is_not_kept(app, signed):
    signed()
    assert "asked" not in app(release="x" * 5_000).session_state


@LANGUAGES
def test_signed_in_and_listed_opens_what_staff_read(app, signed, lang):
    signed("ana@example.org")
    shown = app(lang=lang, release="staff")
    t = texts(lang)
    assert len(shown.selectbox(key="release").options) == 4
    assert not [*shown.info, *shown.warning, *shown.exception]
    assert t("banner.private") in said(shown)
    assert t("none.refused", name="torn", reason=t("refused.altered")) in said(shown)


def test_the_coalition_opens_its_own_and_not_what_is_for_staff(app, signed):
    signed("bo@partner.example")
    shown = app(release="friends")
    assert shown.selectbox(key="release").options == [TITLES[0], TITLES[2], TITLES[1]]
    assert texts("en")("banner.private") in said(shown)
    assert "torn" not in said(shown)


def test_who_signs_out_in_the_middle_is_back_among_the_public(app, signed):
    signed("ana@example.org")
    shown = app(release="staff")
    signed()
    shown.run()
    assert not shown.exception
    assert len(shown.selectbox(key="release").options) == 2
    assert texts("en")("banner.private") not in said(shown)


@LANGUAGES
def test_where_all_is_for_staff_the_public_can_sign_in_and_leave(
    app, signed, releases, tmp_path, monkeypatch, lang
):
    shutil.copytree(releases / "staff", tmp_path / "staff")
    signed()
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    shown = app(lang=lang)
    t = texts(lang)
    assert [one.value for one in shown.error] == [t("none.intro")]
    assert shown.button(key="sign-in").label == t("access.in")
    assert "staff" not in said(shown)


def test_a_session_holds_choices_and_no_data(app, signed):
    signed("ana@example.org")
    shown = app(release="staff", place="US-TX")
    kept = shown.session_state.to_dict()
    assert kept
    assert len(json.dumps(kept)) < 2_000  # texts and numbers only, or this fails

"""Frame of every page: top row, banner, and the caveat and help numbers at its foot."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from ui import access, export, load, standing, state, themes, words
from ui.i18n import LANGUAGES, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.release import Listing
    from ui.i18n import Texts
    from ui.state import Page


# One that begins a line; what stands elsewhere may be part of a text.
COMMENT = re.compile(r"^\s*/\*.*?\*/", re.DOTALL | re.MULTILINE)


@cache
def asset(name: str) -> str:
    """Script or style of ``ui/assets`` without indents and comments: Streamlit sends it often."""
    text = (load.ASSETS / name).read_text(encoding="utf-8")
    lines = COMMENT.sub("", text).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def component(name: str, html: str = "") -> Callable:
    """What draws a component of ``ui/assets``: its markup, or a box of its name to be filled.

    Colours in its data are light; the browser has the dark one of each too.
    """
    draw = st.components.v2.component(
        f"mosaico.{name}",
        html=html or f'<div class="{name}"></div>',
        css=asset(f"{name}.css"),
        js=asset(f"{name}.js"),
    )
    return lambda data, **options: draw(data=themes.both(data), **options)


def unseen(name: str, data: dict[str, str | bool], **heard: Callable) -> None:
    """Run the script of a component of ``ui/assets`` that shows nothing; `heard` is its callbacks."""
    draw = st.components.v2.component(f"mosaico.{name}", js=asset(f"{name}.js"))
    draw(data=data, key=f"unseen-{name}", **heard)


def style() -> None:
    """Style sheet of the application, and the tones of both themes."""
    st.html(themes.sheet())
    st.html(load.ASSETS / "app.css")


def brand(page: Page) -> None:
    """Name and motto."""
    t = page.t
    words_beside = f"<b>{t('name')}</b><span>{t('motto')}</span>"
    st.html(f'<div class="brand"><div>{words_beside}</div></div>', width="content")


def release_switch(page: Page) -> None:
    """Which release is shown."""
    titles = {one.folder.name: one.title[page.t.lang] for one in load.listings()}
    st.selectbox(
        page.t("switch.release"),
        list(titles),
        format_func=titles.get,
        key=state.seed("release", page.choice.release),
        on_change=state.switch,
        args=(page, "release"),
        label_visibility="collapsed",
        width=500,
    )


def language_switch(page: Page) -> None:
    """English or Spanish, each named in itself."""
    st.segmented_control(
        page.t("switch.lang"),
        LANGUAGES,
        format_func=lambda lang: page.t(f"language.{lang}"),
        key=state.seed("lang", page.choice.lang),
        on_change=state.change,
        args=(page, "lang"),
        label_visibility="collapsed",
    )


def account(t: Texts) -> None:
    """Sign in or out, in words, where a login is configured; the key where one opens more."""
    who = load.reader()
    if not who.login:
        if access.may_be_opened():
            unseen("key", {})
        return
    told = {"lang": t.lang, "asked": state.asked(), "home": load.home(), "signed": who.signed_in}
    told["stayed"] = state.signing() == "unanswered"
    unseen("back", told, on_failed_change=state.sign_in_failed)
    if who.signed_in:
        st.button(t("access.out"), key="sign-out", on_click=st.logout, type="tertiary")
    else:
        st.button(t("access.in"), key="sign-in", on_click=state.sign_in, type="tertiary")


def standing_of_account(t: Texts) -> None:
    """Tell who signed in long ago, in vain or on no list, that they see what the public sees."""
    who, signing = load.reader(), state.signing(forget=True)
    if signing and not who.signed_in:
        st.warning(t(f"access.{signing}"))
    elif who.lapsed:
        st.info(t("access.lapsed"))
    elif who.signed_in and who.audience == access.PUBLIC:
        st.info(t("access.unlisted"))


def quick_exit(t: Texts) -> None:
    """Button that leaves at once, to the address of ``ui/settings.toml``; Shift three times too.

    It is drawn first, so that it is among the first that a key reaches, and placed at the right.
    Its script also names what Streamlit leaves unnamed to a screen reader: the language, the
    navigation, the page that is open, tables that scroll.
    """
    draw = component(
        "exit",
        '<button type="button"></button>',
    )
    data = {
        "lang": t.lang,
        "label": t("exit"),
        "hint": t("exit.hint"),
        "address": load.settings()["quick_exit"],
        "skip": t("nav.skip"),
        "pages": t("nav.label"),
        "table": t("nav.table"),
    }
    draw(data=data, key="exit", width="content")


def banner(page: Page) -> None:
    """Warn of what must not be overlooked: the release's standing, an unusable address."""
    with st.container():  # always there: the map keeps its place on the page, and so its view
        standing_of_account(page.t)
        _standing(page)
        if page.refused:
            st.warning(page.t("refused.asked", **_refusal(page.refused, page.t)))
        for name in page.problems:
            st.warning(page.t("problem.address", part=page.t(f"part.{name}")))
        if state.summed_elsewhere(page):
            whole = words.periods(page.source, page.choice, page.t)
            st.caption(page.t("period.elsewhere", period=whole))


def _standing(page: Page) -> None:
    """Standing of a release, in words, and a button to the one that took its place."""
    manifest, later = page.source.release.manifest, load.later(page.source)
    standings = {
        "banner.synthetic": manifest["synthetic"],
        "banner.private": manifest["audience"] != "public",
        "banner.old": load.old(page.source),
    }
    lines = [_told(page, key) for key, holds in standings.items() if holds]
    if not lines and not later:
        return
    with st.container(key="banner"):
        if lines:
            st.markdown(" ".join(lines))
        if later:
            _later(page, later)


def _told(page: Page, key: str) -> str:
    """Sentence of the banner; an old release says when it ends, and how many years are many."""
    if key != "banner.old":
        return page.t(key)
    end = standing.ended(page.source.release.manifest)
    month = f"{page.t(f'month.{end.month}')} {end.year}"
    return page.t(key, month=month, years=str(load.settings()["old_after_years"]))


def _later(page: Page, later: standing.Later) -> None:
    """That a later release took the place of this one, with a button where it is here."""
    titles = {one.folder.name: one.title for one in load.listings()}
    with st.container(horizontal=True, vertical_alignment="center", key="later"):
        title = titles[later.folder][page.t.lang] if later.folder else ""
        name = f"{title} ({later.id})" if title else later.id
        key = "banner.later" if later.folder else "banner.elsewhere"
        st.markdown(page.t(key, name=name), width="content")
        if later.folder:
            args = (page, later.folder)
            st.button(page.t("banner.open"), key="open-later", on_click=state.other, args=args)


def _refusal(one: Listing, t: Texts) -> dict[str, str]:
    """Name of a refused release, and the reason in the reader's language."""
    return {"name": one.folder.name, "reason": t(f"refused.{one.why}")}


def foot(page: Page) -> None:
    """Caveat, citation, what is refused, and help numbers: on every page."""
    manifest = page.source.release.manifest
    with st.container(key="caveat"):
        st.markdown(page.t("caveat"))
        st.caption(
            page.t(
                "source.line",
                release=manifest["id"],
                citation=manifest["citation"][page.t.lang],
                licence=manifest["licence"],
            )
        )
        for one in load.refused():
            st.caption(page.t("none.refused", **_refusal(one, page.t)))
    with st.container(key="help"):
        st.markdown(page.t("help.line", **export.numbers(load.settings()["help"])))


def no_release(lang: str) -> None:
    """Why nothing can be shown: no release, or none that may be read."""
    t = texts(lang)
    with st.container(horizontal=True, key="masthead", vertical_alignment="center"):
        quick_exit(t)
        st.title(t("name"), anchor=False, width="content")
        st.space("stretch")
        account(t)
    standing_of_account(t)
    st.error(t("none.intro"))
    broken = [replace(one, why="unreadable") for one in load.listings()]  # sealed, yet not opened
    for one in (*load.refused(), *broken):
        st.markdown(t("none.refused", **_refusal(one, t)))
    st.markdown(t("none.next"))
    st.markdown(t("help.line", **export.numbers(load.settings()["help"])))

"""Frame of every page: top row, banner, and the caveat and help numbers at its foot."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from ui import export, load, state, words
from ui.i18n import LANGUAGES, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.state import Page


@cache
def asset(name: str) -> str:
    """Text of a file of ``ui/assets``."""
    return (load.ASSETS / name).read_text(encoding="utf-8")


def component(name: str, html: str = "") -> Callable:
    """What draws a component of ``ui/assets``: its markup, or a box of its name to be filled."""
    return st.components.v2.component(
        f"mosaico.{name}",
        html=html or f'<div class="{name}"></div>',
        css=asset(f"{name}.css"),
        js=asset(f"{name}.js"),
    )


def style() -> None:
    """Style sheet of the application."""
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


def quick_exit(page: Page) -> None:
    """Button that leaves at once, to the address of ``ui/settings.toml``."""
    draw = component(
        "exit",
        '<button type="button"></button>',
    )
    data = {
        "lang": page.t.lang,
        "label": page.t("exit"),
        "hint": page.t("exit.hint"),
        "address": load.settings()["quick_exit"],
    }
    draw(data=data, key="exit", width="content")


def banner(page: Page) -> None:
    """Warn of what must not be overlooked: the release's standing, an unusable address."""
    manifest = page.source.release.manifest
    standings = {
        "banner.synthetic": manifest["synthetic"],
        "banner.private": manifest["audience"] != "public",
    }
    with st.container():  # always there: the map keeps its place on the page, and so its view
        if any(standings.values()):
            with st.container(key="banner"):
                for key, holds in standings.items():
                    if holds:
                        st.markdown(page.t(key))
        for name in page.problems:
            st.warning(page.t("problem.address", part=page.t(f"part.{name}")))
        if state.summed_elsewhere(page):
            whole = words.periods(page.source, page.choice, page.t)
            st.caption(page.t("period.elsewhere", period=whole))


def foot(page: Page) -> None:
    """Caveat, citation and help numbers: on every page."""
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
    with st.container(key="help"):
        st.markdown(page.t("help.line", **export.numbers(load.settings()["help"])))


def no_release(lang: str) -> None:
    """Why nothing can be shown: no release, or none that may be read."""
    t = texts(lang)
    st.title(t("name"), anchor=False)
    st.error(t("none.intro"))
    for one in load.refused():
        st.markdown(t("none.refused", name=one.folder.name, reason=one.refused))

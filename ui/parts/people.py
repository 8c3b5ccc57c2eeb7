"""People and methods page: profile charts, each with its unit and of how many it is known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from geo.model import ALL
from ui import state, tables, words
from ui.export import sheets
from ui.figures import profiles as charts
from ui.parts import downloads, frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.profiles import Profile
    from ui.state import Page

SECTIONS = {
    "who": (("gender", "age"), ("nationality",)),
    "how": (("recruitment",), ("control",)),
    "where": (("venue", "trafficking_type"), ("industry", "trafficker_nationality")),
}


def heading(page: Page) -> None:
    """Question that the page answers, and what it shows in one line."""
    period = words.value(page.source, "period", ALL, page.t)
    shown = [page.t(f"place.{page.choice.country}"), words.unit(page.source, page.t), period]
    with st.container(horizontal=True, key="heading"):
        st.title(page.t("people.question"), anchor=False, width="content")
        st.markdown(" · ".join(shown), width="content")


def controls(page: Page) -> None:
    """Country of exploitation."""
    with st.container(horizontal=True, key="filters"):
        country(page)
    st.caption(page.t("people.intro"))


def country(page: Page) -> None:
    """Switch between both countries and each that the release covers."""
    st.segmented_control(
        page.t("people.country"),
        [ALL, *(code for code in ("US", "MX") if code in page.source.covered)],
        format_func=lambda code: page.t(f"place.{code}"),
        key=state.seed("country", page.choice.country),
        on_change=state.change,
        args=(page, "country"),
    )


def totals(page: Page, found: Mapping[str, Profile]) -> None:
    """Totals that the shares are of, or that they are not published."""
    t = page.t
    counted = found["gender"].totals
    with st.container(horizontal=True, key="totals"):
        for measure in page.source.release.manifest["measures"]:
            unit = words.unit(page.source, t, measure)
            if measure in counted:
                line = t("people.total_line", count=counted[measure], unit=unit)
            else:
                line = t("totals.hidden", layer=words.capitalised(unit), mark=t("rank.hidden"))
            st.markdown(line, width="content")


def section(page: Page, found: Mapping[str, Profile], name: str) -> None:
    """One group of charts under a heading, in two columns."""
    st.header(page.t(f"people.section.{name}"), anchor=False)
    for column, stacked in zip(st.columns(2, gap="medium"), SECTIONS[name], strict=True):
        with column:
            for attribute in stacked:
                profile(page, found[attribute])


def callers(page: Page, found: Mapping[str, Profile]) -> None:
    """How near the callers were, and which sources the release has."""
    st.header(page.t("people.section.quality"), anchor=False)
    t, (left, right) = page.t, st.columns(2, gap="medium")
    with left:
        profile(page, found["proximity"])
    with right, st.container(border=True, key="profile-source"):
        st.markdown(f"### {t('people.title.source')}")
        for source in page.source.release.manifest["sources"]:
            st.markdown(t("people.source", **source))
        st.markdown(t("people.source_split"))


def profile(page: Page, profile: Profile) -> None:
    """One chart, or why there is none."""
    t, name = page.t, profile.attribute
    with st.container(border=True, key=f"profile-{name}"):
        if profile.nothing:
            st.markdown(f"### {t(f'people.title.{name}')}")
            key = "people.nothing" if profile.released else "people.not_released"
            st.markdown(t(key, k=page.source.k))
            return
        st.markdown(f"### {t(f'people.title.{name}')}")
        st.markdown(charts.known(page.source, profile, t))
        _bars(page, profile)
        for note in charts.notes(page.source, profile, t):
            st.caption(note)
        _download(page, profile)


def _download(page: Page, profile: Profile) -> None:
    asked = page.source, page.choice, profile, page.t
    makers = {"csv": partial(tables.profile_csv, *asked)}
    makers |= downloads.charts(page, partial(sheets.of_profile, *asked))
    stem = tables.file_name(page.source, page.choice, profile.attribute)
    downloads.files(page, stem, makers, profile.attribute)


def _bars(page: Page, profile: Profile) -> None:
    draw = frame.component("profile")
    draw(data=charts.chart(page.source, profile, page.t), key=f"bars-{profile.attribute}")

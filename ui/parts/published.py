"""Published figures page: what the two source documents print, each with its check."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import streamlit as st

from ui import published, words
from ui.figures import published as drawn
from ui.parts.view import chart

if TYPE_CHECKING:
    from ui.published import Check
    from ui.state import Page

NAMED = ("force_fraud_coercion", "mapped_venues", "escort_locations")


def standing(page: Page) -> None:
    """Title, and that these numbers are not the release's, whatever the banner says of it."""
    t = page.t
    with st.container(key="title"):
        st.title(t("published.title"), anchor=False)
    with st.container(key="printed"):
        st.markdown(t("published.own"))
    st.markdown(t("published.never_summed"))


def verdict(page: Page) -> None:
    """Whether every check holds, counted; each that fails, in words."""
    t = page.t
    found = published.checks(published.read())
    failed = [one for one in found if not one.holds]
    counts = {kind: sum(one.kind == kind for one in found) for kind in ("percent", "sum", "list")}
    with st.container(key="verdict"):
        if not failed:
            st.markdown(t("published.all_hold", base=_base(), **counts))
        for one in failed:
            name = t(
                "published.figure", section=_title(page, one.section), figure=_label(page, one)
            )
            st.error(f"{name} {drawn.checked(one, t)}")


def _base() -> int:
    """Victims that the sheet prints: what its percentages are parts of."""
    return published.read().value(*published.BASE)


def _title(page: Page, section: str) -> str:
    return page.t(f"published.section.{section}")


def _label(page: Page, check: Check) -> str:
    """Printed label of the figure that a check is about; a sum is about its whole section."""
    figures = published.read().figures
    here = (figures["section"] == check.section) & (figures["figure"] == check.figure)
    labels = figures.loc[here, f"label_{page.t.lang}"]
    return labels.iloc[0] if len(labels) else page.t("published.sum")


def document(page: Page, name: str) -> None:
    """What a document is: title, publisher, period, scope, and its own caveat."""
    told = published.read().documents.loc[name]
    lang = page.t.lang
    st.header(page.t(f"published.document.{name}"), anchor=False, divider="gray")
    st.markdown(
        page.t(
            "published.about",
            title=told[f"title_{lang}"],
            publisher=told["publisher"],
            start=told["coverage_start"],
            end=told["coverage_end"],
            scope=told[f"scope_{lang}"],
        )
    )
    st.caption(told[f"caveat_{lang}"])


def headline(page: Page, name: str) -> None:
    """Headline figures of a document, with their "over" and their unit."""
    t = page.t
    rows = published.read().section(name, published.HEADLINE)
    with st.container(key=f"headline-{name}"):
        for column, row in zip(st.columns(len(rows)), rows.to_dict("records"), strict=True):
            with column.container(border=True, height="stretch"):
                number = drawn.value(SimpleNamespace(**row), t)
                unit = t(f"published.unit.{row['unit']}")
                st.markdown(t("published.headline", number=number, unit=unit))
                st.caption(row[f"label_{t.lang}"])
    st.caption(t(f"published.note.headline_{name}", heading=rows["heading"].iloc[0]))


def countries(page: Page) -> None:
    """Latin American countries with and without cases, and whether they are as many as printed."""
    t, printed = page.t, published.read()
    label = f"label_{t.lang}"
    lists = {
        name: words.listed(printed.named(f"countries_{name}_cases")[label].tolist(), t)
        for name in ("with", "without")
    }
    st.subheader(t("published.countries"), anchor=False)
    st.markdown(t("published.countries.lists", having=lists["with"], lacking=lists["without"]))
    for one in published.checks(printed):
        if one.kind == "list":
            st.markdown(f"- {drawn.checked(one, t)}")
    st.caption(t("published.countries.note"))


def named(page: Page) -> None:
    """What the deck names without a number, and what was a picture in it."""
    t, printed = page.t, published.read()
    st.subheader(t("published.named"), anchor=False)
    st.caption(t("published.named.note"))
    for column, name in zip(st.columns([0.5, 0.25, 0.25]), NAMED, strict=True):
        labels = printed.named(name)[f"label_{t.lang}"]
        with column:
            st.markdown(f"**{_title(page, name)}**")
            st.markdown("\n".join(f"{n}. {label}" for n, label in enumerate(labels, 1)))
    world = printed.section("deck", "problem")
    number = drawn.value(next(world.itertuples()), t)
    st.caption(t("published.world", number=number))


def sections(page: Page, name: str) -> None:
    """Charts of a document, two a row, each with its table, its check and its note."""
    found = published.checks(published.read())
    names = published.read().sections(name)
    for first in range(0, len(names), 2):
        for column, section in zip(
            st.columns(2, gap="large"), names[first : first + 2], strict=False
        ):
            with column, st.container(border=True, height="stretch", key=f"section-{section}"):
                _section(page, name, section, found)


def _section(page: Page, name: str, section: str, found: tuple[Check, ...]) -> None:
    t = page.t
    rows = published.read().section(name, section)
    st.subheader(_title(page, section), anchor=False)
    chart(drawn.bars(rows, t), f"chart-{section}")
    st.table(drawn.table(rows, found, t), border="horizontal", hide_index=True)
    for one in found:
        if (one.kind, one.section) == ("sum", section):
            st.markdown(drawn.checked(one, t))
    st.caption(
        t(
            "published.where",
            heading=rows["heading"].iloc[0],
            note=t(f"published.note.{section}", base=_base()),
        )
    )


def files(page: Page) -> None:
    """The figures as files, as they are kept."""
    t = page.t
    st.subheader(t("published.files"), anchor=False)
    st.caption(t("published.files.note"))
    with st.container(horizontal=True):
        for name in published.FILES:
            st.download_button(
                f"{name}.csv",
                (published.FOLDER / f"{name}.csv").read_bytes(),
                file_name=f"published_{name}.csv",
                mime="text/csv",
                key=f"published-{name}",
                on_click="ignore",
            )

"""Privacy page: the promise, the receipt, the columns and the files of a release."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from geo import rates
from ui import export, words

if TYPE_CHECKING:
    from ui.state import Page

RELEASE_FILES = (
    "cells.csv",
    "cells.parquet",
    "profiles.csv",
    "corridors.csv",
    "places.parquet",
    "manifest.json",
    "audit.json",
)


def promise(page: Page) -> None:
    """Promise in plain words, and what stands behind it in numbers."""
    manifest, t = page.source.release.manifest, page.t
    st.title(t("privacy.title"), anchor=False)
    st.markdown(t.page("promise").format(k=page.source.k, least=page.source.k - 1))
    facts = {
        "privacy.k": page.source.k,
        "privacy.checks": len(manifest["audit"]["checks"]),
        "privacy.cells": len(page.source.release.cells),
    }
    for column, (key, value) in zip(st.columns(len(facts)), facts.items(), strict=True):
        column.metric(t(key), t.number(value), border=True)


def receipt(page: Page) -> None:
    """Receipt of the release, in the reader's language."""
    with st.container(border=True, key="receipt"):
        st.markdown(words.receipt(page.source.release.receipt, page.t.lang))


def dictionary(page: Page) -> None:
    """Columns of the data, and what each says."""
    st.header(page.t("dictionary.title"), anchor=False)
    st.markdown(page.t.page("dictionary").format(k=page.source.k))


def denominators(page: Page) -> None:
    """Residents that rates are over: who, of which year, by whom."""
    t = page.t
    st.header(t("denominators.title"), anchor=False)
    st.markdown(t("denominators.intro", least=rates.LEAST_CASES))
    rows = []
    for kind in (rates.RESIDENTS, rates.HISPANIC):
        table = rates.denominators(kind)
        states = table[table.index.str.contains("-")]
        for country, of in states.groupby(states.index.str[:2], sort=True):
            rows.append(
                {
                    t("denominators.who"): t(f"denominators.{kind}"),
                    t("denominators.where"): t(f"place.{country}"),
                    t("denominators.people"): t.number(int(of["population"].sum())),
                    t("denominators.year"): str(of["year"].iloc[0]),
                    t("denominators.source"): of["source"].iloc[0],
                }
            )
    st.table(rows)


def release_files(page: Page) -> None:
    """Files of the release, as they are."""
    st.header(page.t("files.title"), anchor=False)
    st.markdown(page.t("files.intro"))
    with st.container(horizontal=True):
        st.download_button(
            page.t("files.zip"),
            partial(export.folder_zip, page.source),
            file_name=f"{page.source.release.manifest['id']}.zip",
            mime="application/zip",
            key="file-zip",
            on_click="ignore",
        )
        folder = page.source.release.folder
        for name in (one for one in RELEASE_FILES if (folder / one).is_file()):
            st.download_button(
                name,
                (folder / name).read_bytes(),
                file_name=f"{page.source.release.manifest['id']}_{name}",
                key=f"file-{name}",
                on_click="ignore",
            )

"""Privacy page: the promise, the receipt, the columns and the files of a release."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

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
    st.subheader(page.t("dictionary.title"), anchor=False)
    st.markdown(page.t.page("dictionary").format(k=page.source.k))


def release_files(page: Page) -> None:
    """Files of the release, as they are."""
    st.subheader(page.t("files.title"), anchor=False)
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

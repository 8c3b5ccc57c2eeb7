"""Clusters of a release in a file beside it: written ahead, read by the dashboard.

The file stands outside the release, as rates do: it is a reading of published cells, made again
where the way to read them changes, while a release never changes. It names the release by the
hash of its manifest, and holds no count.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from geo.model import DIMENSIONS, UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "mosaico-clusters/1"
ENDING = ".clusters.json"
MANIFEST = "manifest.json"
FEW_PLACES, EQUAL = "few_places", "equal"
REASONS = ("", FEW_PLACES, EQUAL)
NUMBERS = ("neighbours", "permutations", "discovery", "least_places")
"""Of the method: what a reader is told."""


class View(NamedTuple):
    """Clusters of one level of one view.

    Attributes
    ----------
    key : tuple of str
        Level, then a code for each of ``geo.model.DIMENSIONS``.
    places : int
        Places that were compared.
    refused : str
        ``few_places`` or ``equal`` where there is nothing to compare, else ``""``.
    many, few : tuple of str
        Places of clusters of many, and of few, reports.
    """

    key: tuple[str, ...]
    places: int
    refused: str
    many: tuple[str, ...]
    few: tuple[str, ...]


class Read(NamedTuple):
    """A file of clusters: how they were found, and each view by its key."""

    method: dict[str, int | float | str]
    views: dict[tuple[str, ...], View]


def beside(folder: str | Path) -> Path:
    """Path of the file of a release folder."""
    folder = Path(folder)
    return folder.parent / f"{folder.name}{ENDING}"


def digest(folder: str | Path) -> str:
    """Hash by which a file names its release: that of the manifest, as in the ledger."""
    return hashlib.sha256((Path(folder) / MANIFEST).read_bytes()).hexdigest()


def write(folder: str | Path, method: dict, views: Iterable[View]) -> Path:
    """Write the file of a release, whole or not at all: who may read the one may read the other.

    Raises
    ------
    UnusableError
        The folder that the release lies in cannot be written.
    """
    folder, path = Path(folder), beside(folder)
    head = {"schema": SCHEMA, "release": folder.name, "manifest": digest(folder), "method": method}
    lines = ",\n".join(json.dumps(_plain(view)) for view in views)
    text = f'{json.dumps(head)[:-1]}, "views": [\n{lines}\n]}}\n'
    try:
        replace(path, text, mode=(folder / MANIFEST).stat().st_mode)
    except OSError as error:
        raise UnusableError(f"{path} cannot be written: {error.strerror}") from None
    return path


def replace(path: Path, text: str, mode: int = 0o600) -> None:
    """Put a text in place of a file, whole or not at all; as it is, for its owner only."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(draft).chmod(mode & 0o777)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _plain(view: View) -> dict:
    codes = dict(zip(("level", *DIMENSIONS), view.key, strict=True))
    return codes | {name: getattr(view, name) for name in View._fields[1:]}


def read(folder: str | Path) -> Read | None:
    """Clusters of a release; None without a file that is of this very release and can be read."""
    try:
        content = json.loads(beside(folder).read_text(encoding="utf-8"))
        if (content["schema"], content["manifest"]) != (SCHEMA, digest(folder)):
            return None
        method = content["method"] | {name: content["method"][name] + 0 for name in NUMBERS}
        views = [_view(row) for row in content["views"]]
        return Read(method, {view.key: view for view in views})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _view(row: dict) -> View:
    key = tuple(str(row[name]) for name in ("level", *DIMENSIONS))
    if row["refused"] not in REASONS:
        raise ValueError(row["refused"])
    named = (tuple(map(str, row[name])) for name in ("many", "few"))
    return View(key, int(row["places"]), row["refused"], *named)

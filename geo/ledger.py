"""The ledger beside a folder's releases: which came out, and which were withdrawn.

``ledger.json`` is a list to which entries are only added. Each carries the hash of the one
before it, so that none can be changed, left out or put between without its being seen.
An entry says which release and nothing of what is in it, was hidden in it, or waits.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from geo.model import ReleaseError, UnusableError

SCHEMA = "mosaico-ledger/1"
FILE = "ledger.json"
RELEASED, WITHDRAWN = "released", "withdrawn"
READABLE = 0o666


@dataclass(frozen=True)
class Entry:
    """One event.

    Attributes
    ----------
    event : {'released', 'withdrawn'}
    id, series, audience : str
        Of the release.
    manifest : str
        SHA-256 of its manifest, which holds the hash of every other file.
    before : str
        Hash of the entry before this one, empty for the first.
    hash : str
        SHA-256 of the other fields.
    """

    event: str
    id: str
    series: str
    audience: str
    manifest: str
    before: str
    hash: str


def read(folder: str | Path) -> tuple[Entry, ...]:
    """Entries of the ledger of `folder`, oldest first; none where there is no ledger.

    Raises
    ------
    ReleaseError
        The ledger cannot be read, or its chain is broken.
    """
    path = Path(folder) / FILE
    if not path.exists():
        return ()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = tuple(Entry(**one) for one in content["entries"])
    except (OSError, ValueError, TypeError, KeyError):
        raise ReleaseError(f"{path}: is no ledger, or cannot be read") from None
    if content.get("schema") != SCHEMA:
        raise ReleaseError(f"{path}: unknown schema, {SCHEMA} expected")
    before = ""
    for number, entry in enumerate(entries, start=1):
        if entry.before != before or entry.hash != _hash(entry):
            raise ReleaseError(
                f"{path}: its chain is broken at entry {number}; put the ledger back from a copy"
            )
        before = entry.hash
    return entries


def released(entries: tuple[Entry, ...], manifest: dict, digest: str) -> tuple[Entry, ...]:
    """Entries with one more: a release came out, or came out anew with other content."""
    same = [one for one in entries if one.event == RELEASED and one.id == manifest["id"]]
    if same and same[-1].manifest == digest:
        return entries
    return _added(
        entries, RELEASED, manifest["id"], manifest["series"], manifest["audience"], digest
    )


def without(entries: tuple[Entry, ...], name: str) -> tuple[Entry, ...]:
    """Entries with one more: the release `name` is withdrawn.

    Raises
    ------
    UnusableError
        No such release came out, or it was withdrawn before.
    """
    listed = [one for one in entries if one.id == name]
    if not listed:
        raise UnusableError(f"{name}: the ledger lists no such release")
    if listed[-1].event == WITHDRAWN:
        raise UnusableError(f"{name}: is withdrawn already")
    last = listed[-1]
    return _added(entries, WITHDRAWN, last.id, last.series, last.audience, last.manifest)


def withdrawn(entries: tuple[Entry, ...]) -> frozenset[str]:
    """Ids of the releases that are withdrawn."""
    return frozenset(one.id for one in entries if one.event == WITHDRAWN)


def write(folder: str | Path, entries: tuple[Entry, ...]) -> None:
    """Write the ledger of `folder` by one rename."""
    path = Path(folder) / FILE
    content = {"schema": SCHEMA, "entries": [asdict(one) for one in entries]}
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    mask = os.umask(0)
    os.umask(mask)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(READABLE & ~mask)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise UnusableError(f"{path} cannot be written: {error.strerror}") from None


def _added(entries: tuple[Entry, ...], *fields: str) -> tuple[Entry, ...]:
    entry = Entry(*fields, before=entries[-1].hash if entries else "", hash="")
    return (*entries, Entry(**{**asdict(entry), "hash": _hash(entry)}))


def _hash(entry: Entry) -> str:
    fields = {name: value for name, value in asdict(entry).items() if name != "hash"}
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode("utf-8")).hexdigest()

"""Check 17: what a release tells by anything but its numbers."""

from __future__ import annotations

import hashlib
import re

from geo.audit.documents import where
from geo.audit.evidence import BESIDE_FILES, FILES, KNOWN, PLACE_COLUMNS, Evidence, leaves
from geo.audit.findings import Recorder, Result
from geo.audit.space import level_of, states
from geo.audit.values import known_codes, published_codes
from geo.model import COUNTRIES, KEY, PUBLISHED

SEALED = frozenset(["audit.json", "RECEIPT.md"])
METADATA = {
    "cells.parquet": frozenset(),
    "places.parquet": frozenset([b"geo"]),
    **{name: frozenset() for name in sorted(BESIDE_FILES) if name.endswith(".parquet")},
}
# Where a year is what the sources cover, a country what the outlines are of, and a code what
# the release is about: no options.
COVERING = ("coverage", "blocks", "sources", "title", "citation")
PRIVATE_KEYS = frozenset(
    ["seed", "suppressed", "hidden", "primary", "secondary", "true_value", "weight"]
)
_PERIOD = re.compile(r"(19|20)\d\d(-Q[1-4])?")
_PLACE = re.compile(r"(US|MX)-[A-Z]{2,3}(/8[0-9a-f]{14})?")


def files(evidence: Evidence) -> Result:
    """The list of files, every hash, and every file readable."""
    recorder = Recorder(17, "files")
    recorder.tested = len(evidence.names)
    for number, name in enumerate(evidence.names, 1):
        if name not in KNOWN:
            # Its name may be a text about a case.
            recorder.fail(f"the folder's entry {number} by name is a file that no release holds")
    twins = {f"{name}.{kind}" for name in evidence.beside for kind in ("csv", "parquet")}
    for name in sorted((FILES | twins) - SEALED - set(evidence.names)):
        recorder.fail(f"{name} is missing")
    for name in evidence.unreadable:
        if name in evidence.names:
            recorder.fail(f"{name} cannot be read")
    listed = evidence.manifest.get("files")
    if not isinstance(listed, dict):
        recorder.fail("the manifest lists no files")
        return recorder.result()
    present = (set(evidence.names) & KNOWN) - {"manifest.json"}
    for name in sorted(set(listed) ^ present):
        told = name if name in KNOWN else "a file that no release holds"
        recorder.fail(f"{told} is in the folder or in the manifest's list, not in both")
    for name in sorted(set(listed) & present):
        path = evidence.folder / name
        if path.is_symlink() or not path.is_file():
            recorder.fail(f"{name} is not a plain file")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != listed[name]:
            recorder.fail(f"{name} is not the file the manifest's hash is of")
    return recorder.result()


def rows(evidence: Evidence) -> Result:
    """Columns, order and presence of rows: no zero, no null, no mark, sorted by key."""
    recorder = Recorder(17, "rows")
    table = evidence.cells
    recorder.tested = len(table)
    if list(table.columns) != PUBLISHED.names:
        recorder.fail("cells.parquet has other columns than a release has")
    if not set(PUBLISHED.names) <= set(table.columns):
        return recorder.result()
    for number, row in enumerate(table.to_dict("records"), 1):
        value = row["value"]
        if type(value) is not int:
            recorder.fail(f"row {number}: without a whole number", row["level"], row["place"])
        elif value <= 0:
            recorder.fail(f"row {number}: a cell with none", row["level"], row["place"])
    if any((table[name] == "").any() for name in KEY):
        recorder.fail("a row lacks part of its key")
    keys = list(table[list(KEY)].itertuples(index=False, name=None))
    if keys != sorted(keys):
        recorder.fail("rows are not sorted by key")
    return recorder.result()


def formats(evidence: Evidence) -> Result:
    """Nothing beside the rows in the Parquet files, and plain line ends in the CSV file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    recorder = Recorder(17, "formats")
    absent = BESIDE_FILES - set(evidence.names)
    for name, allowed in METADATA.items():
        if name in absent:
            continue
        recorder.tested += 1
        try:
            metadata = pq.ParquetFile(evidence.folder / name).metadata
        except (OSError, pa.ArrowException):
            continue
        if set(metadata.metadata or {}) - allowed:
            recorder.fail(f"{name} carries metadata that no release has")
        columns = [
            metadata.row_group(group).column(number)
            for group in range(metadata.num_row_groups)
            for number in range(metadata.num_columns)
        ]
        if any(column.is_stats_set for column in columns):
            recorder.fail(f"{name} carries column statistics")
    path = evidence.folder / "cells.csv"
    if path.is_file() and (b"\r" in path.read_bytes() or not path.read_bytes().endswith(b"\n")):
        recorder.fail("cells.csv does not end its lines with LF")
    if path.is_file() and re.search(rb"(^|[,\n])\"?[=+\-@\t]", path.read_bytes()):
        recorder.fail("cells.csv has a cell that a spreadsheet takes for a formula")
    return recorder.result()


def options(evidence: Evidence) -> Result:
    """No list names a value that has no published cell."""
    recorder = Recorder(17, "options")
    shown, codes = published_codes(evidence), known_codes(evidence)
    for name, content in (("manifest", evidence.manifest), ("datapackage", evidence.datapackage)):
        for path, value in _texts(content):
            recorder.tested += 1
            if value not in shown and _is_option(path[0], value, codes):
                recorder.fail(f"{where(name, path)} names a value without a published cell")
            if path[-1] in PRIVATE_KEYS:
                recorder.fail(f"{where(name, path[:-1])}: {path[-1]} is private")
    return recorder.result()


def _is_option(top: str, value: str, codes: frozenset[str]) -> bool:
    if _PERIOD.fullmatch(value):
        return top not in COVERING
    if top in ("boundaries", "covered") and value in COUNTRIES:
        return False
    if top == "scope":
        return False
    return value in codes or bool(_PLACE.fullmatch(value))


def _texts(content: dict):
    """Every text of a document, values and names of entries."""
    for path, value in leaves(content):
        yield path, str(value)
        for depth in range(1, len(path) + 1):
            if path[depth - 1] != "*":
                yield path[:depth], path[depth - 1]


def places(evidence: Evidence) -> Result:
    """Outlines: all states or the published ones, and hex parts with a published cell only."""
    recorder = Recorder(17, "places")
    table = evidence.places
    if table is None:
        return recorder.result()
    recorder.tested = len(table)
    if tuple(table.columns) != PLACE_COLUMNS:
        recorder.fail("places.parquet has other columns than a release has")
    if "place" not in table or "level" not in table:
        return recorder.result()
    listed = [str(place) for place in table["place"]]
    if listed != sorted(set(listed)):
        recorder.fail("places are not sorted, or are given twice")
    if any(level_of(place) != level for place, level in zip(listed, table["level"], strict=True)):
        recorder.fail("level and place do not agree")
    shown = set(evidence.rows()["place"].unique())
    hexes = {place for place in listed if "/" in place}
    for place in sorted(hexes - shown):
        words = (
            f"places.parquet, row {listed.index(place) + 1}: a hex part without a published cell"
        )
        recorder.fail(words, level_of(place), place)
    for place in sorted({place for place in shown if "/" in place} - hexes):
        recorder.fail("a published hex part has no outline", level_of(place), place)
    outlined = set(listed) - hexes
    for place in sorted(outlined - states()):
        words = f"places.parquet, row {listed.index(place) + 1}: an outline of no state"
        recorder.fail(words, level_of(place), place)
    if outlined not in (set(states()), {place for place in shown if place in states()}):
        recorder.fail("outlines must be of all states or of just the published ones")
    return recorder.result()

"""Checks 0, 1, 11 and 12: what the manifest must be, and single published numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geo.audit.documents import where
from geo.audit.evidence import FILES, Evidence, column_name, leaves
from geo.audit.findings import Recorder, Result
from geo.audit.space import (
    AXES,
    VOCABULARY,
    ancestors,
    grains_of,
    groups,
    level_of,
    parents,
    parses,
    states,
)
from geo.model import (
    ATTRIBUTES,
    DIMENSIONS,
    FINEST_PUBLIC_LEVEL,
    GRAINS,
    KEY,
    LEAST_PUBLIC_K,
    LEVELS,
    MEASURES,
    ORIGIN,
    PUBLISHED,
)

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "mosaico-release/1"
NUMBERS = {
    ("k",),
    ("policy", "k"),
    ("policy", "least_area_km2"),
    ("audit", "checks", "*"),
}
_SMALL_IN_WORDS = re.compile(
    r"\b(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|dos|tres|cuatro|cinco"
    r"|seis|siete|ocho|nueve|diez)\s+(?:\w+\s+){0,2}"
    r"(?:cases?|casos?|victims?|víctimas?|calls?|llamadas?|reports?|reportes?)\b",
    re.IGNORECASE,
)


def manifest(evidence: Evidence) -> Result:
    """What a manifest must say: schema, k, levels, listed views, synthetic where public."""
    recorder = Recorder(0, "manifest")
    content = evidence.manifest
    recorder.tested = 8
    if content.get("schema") != SCHEMA:
        recorder.fail(f"expected schema {SCHEMA}")
    k = content.get("k")
    if not isinstance(k, int) or isinstance(k, bool) or k < 2:
        recorder.fail("k is missing or no whole number of at least 2")
    policy = content.get("policy")
    if isinstance(policy, dict) and policy.get("k", k) != k:
        recorder.fail("k of the policy and of the manifest differ")
    if content.get("audience") not in ("public", "coalition", "staff"):
        recorder.fail("audience must be public, coalition or staff")
    if content.get("audience") == "public":
        _public(evidence, recorder)
    if content.get("audience") == "coalition" and evidence.k < LEAST_PUBLIC_K:
        recorder.fail(f"a coalition release needs k of at least {LEAST_PUBLIC_K}")
    _statements(evidence, recorder)
    listed = content.get("multi_valued")
    several = (*AXES, *ATTRIBUTES, ORIGIN)
    if not isinstance(listed, list) or not all(one in several for one in listed):
        recorder.fail(f"multi_valued must list dimensions out of {', '.join(several)}")
    return recorder.result()


def _statements(evidence: Evidence, recorder: Recorder) -> None:
    """What excuses equal cells must be of the right shape, or it excuses nothing."""
    policy = evidence.manifest.get("policy")
    listed = policy.get("sensitive", []) if isinstance(policy, dict) else []
    if not isinstance(listed, list) or not all(one in DIMENSIONS for one in listed):
        recorder.fail(f"policy.sensitive must list dimensions out of {', '.join(DIMENSIONS)}")
    scope = evidence.manifest.get("scope", [])
    good = [
        one
        for one in evidence.scope
        if all(
            dimension in VOCABULARY and code in parents(dimension)
            for dimension, code in zip(one[::2], one[1::2], strict=True)
        )
    ]
    if not isinstance(scope, list) or len(good) < len(scope):
        recorder.fail("scope must list pairs of dimension and code, one or two to a statement")


def _public(evidence: Evidence, recorder: Recorder) -> None:
    if evidence.k < LEAST_PUBLIC_K:
        recorder.fail(f"a public release needs k of at least {LEAST_PUBLIC_K}")
    if evidence.manifest.get("synthetic") is not True:
        recorder.fail("a public release must be synthetic until its protection is reviewed")
    finest = LEVELS.index(FINEST_PUBLIC_LEVEL)
    shown = {level for level, _ in evidence.views} | {
        level_of(place) for place in evidence.rows()["place"].unique() if parses("place", place)
    }
    if any(level not in LEVELS or LEVELS.index(level) > finest for level in shown):
        recorder.fail(f"a public release goes no finer than {FINEST_PUBLIC_LEVEL}")


def listed_views(evidence: Evidence) -> Result:
    """Every cell belongs to a view that the manifest lists."""
    recorder = Recorder(0, "listed views")
    if not evidence.views:
        recorder.fail("policy.views lists no view")
    for level, grains in evidence.views:
        if level not in LEVELS or not grains <= set(GRAINS):
            recorder.fail("policy.views names an unknown level or dimension")
    listed = set(evidence.views)
    for row in evidence.rows().itertuples():
        recorder.tested += 1
        if not parses("place", row.place) or level_of(row.place) != row.level:
            words = f"row {row.Index + 1}: level and place do not agree"
            recorder.fail(words, row.level, row.place)
        elif not _candidates(row) & listed:
            words = f"row {row.Index + 1}: no listed view holds this cell"
            recorder.fail(words, row.level, row.place)
    return recorder.result()


def _candidates(row) -> set[tuple[str, frozenset[str]]]:
    """Views a cell may belong to, as far as its codes tell."""
    found = {frozenset()}
    for axis in AXES[1:]:
        code = getattr(row, axis)
        if code == "all":
            continue
        if not parses(axis, code):
            return set()
        found = {held | {grain} for held in found for grain in grains_of(axis, code)}
    return {(row.level, grains) for grains in found}


def small_values(evidence: Evidence) -> Result:
    """No published number is from 1 to k-1: tables, manifest, texts."""
    recorder = Recorder(1, "small values")
    for table, name in ((evidence.cells, "cells.parquet"), (evidence.csv, "cells.csv")):
        rows = (table if table is not None else evidence.cells.iloc[:0]).to_dict("records")
        for number, row in enumerate(rows, 1):
            recorder.tested += 1
            if _is_small(row.get("value"), evidence.k):
                cell = str(row.get("level", "")), str(row.get("place", ""))
                recorder.fail(f"{name}, row {number}: a value from 1 to k-1", *cell)
    if evidence.places is not None:
        for column in evidence.places.columns.difference(["geometry"]):
            if any(_is_small(value, evidence.k) for value in evidence.places[column]):
                told = f"places.parquet: {column_name(str(column))}"
                recorder.fail(f"{told} holds a number from 1 to k-1")
    for name, content in (("manifest", evidence.manifest), ("datapackage", evidence.datapackage)):
        _small_numbers(name, content, evidence.k, recorder)
    for name in evidence.names:
        if name.endswith((".md", ".txt", ".html", ".svg")):
            _small_words(evidence, name, recorder)
    return recorder.result()


def _is_small(value: object, k: int) -> bool:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return False
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < k


def _small_numbers(name: str, content: dict, k: int, recorder: Recorder) -> None:
    for path, value in leaves(content):
        recorder.tested += 1
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float) and path not in NUMBERS and value < k:
            recorder.fail(f"{where(name, path)} is a number below k")
        elif isinstance(value, str) and _tells_small(value, k):
            recorder.fail(f"{where(name, path)} tells a count below k in words")


def _small_words(evidence: Evidence, name: str, recorder: Recorder) -> None:
    recorder.tested += 1
    if not (evidence.folder / name).is_file():
        return
    text = (evidence.folder / name).read_text(encoding="utf-8", errors="replace")
    if _tells_small(text, evidence.k):
        told = name if name in FILES else "a file that no release holds"
        recorder.fail(f"{told} tells a count below k in words")


def _tells_small(text: str, k: int) -> bool:
    found = (match[1] for match in _SMALL_IN_WORDS.finditer(text))
    return any(not word.isdigit() or 0 < int(word) < k for word in found)


def one_value(evidence: Evidence, earlier: tuple[pd.DataFrame, ...]) -> Result:
    """One cell, one value: in every row, in both files, in every block that came out before.

    Parameters
    ----------
    evidence : Evidence
    earlier : tuple of pandas.DataFrame
        For each earlier release the rows of the blocks that this one has too.
    """
    recorder = Recorder(11, "one value")
    if not set(KEY) <= set(evidence.cells.columns):
        recorder.fail("cells.parquet lacks columns of the key")
        return recorder.result()
    keys = list(KEY)
    twice = evidence.cells[evidence.cells.duplicated(keys, keep=False)]
    for number, row in twice.to_dict("index").items():
        words = f"cells.parquet, row {number + 1}: a cell that is given twice"
        recorder.fail(words, row["level"], row["place"])
    recorder.tested = len(evidence.cells)
    _same_in_csv(evidence, recorder)
    own = _values(evidence.rows())
    for rows in earlier:
        for key, value in _values(rows).items():
            recorder.tested += 1
            if own.get(key, value) != value:
                recorder.fail("an earlier release gives another value", key[0], key[1])
    return recorder.result()


def _values(rows: pd.DataFrame) -> dict[tuple, int]:
    return dict(zip(zip(*(rows[name] for name in KEY), strict=True), rows["value"], strict=True))


def _same_in_csv(evidence: Evidence, recorder: Recorder) -> None:
    if evidence.csv is None or list(evidence.csv.columns) != list(evidence.cells.columns):
        recorder.fail("cells.csv and cells.parquet do not have the same columns")
        return
    texts = evidence.cells.astype("str")
    if len(texts) != len(evidence.csv):
        recorder.fail("cells.csv and cells.parquet do not have the same number of rows")
        return
    differ = (texts.to_numpy() != evidence.csv.astype("str").to_numpy()).any(axis=1)
    for number, row in texts[differ].to_dict("index").items():
        words = f"row {number + 1}: cells.csv and cells.parquet differ"
        recorder.fail(words, row["level"], row["place"])


def complements(evidence: Evidence) -> Result:
    """Every code is one of the code lists: no "all except", no "rest", no invented value."""
    recorder = Recorder(12, "complements")
    rows = evidence.cells
    if not set(PUBLISHED.names) <= set(rows.columns):
        return recorder.result()
    for axis in AXES:
        for code in rows[axis].unique():
            recorder.tested += 1
            if not parses(axis, code):
                recorder.fail(f"{axis} holds a value that is in no code list")
            elif "+" in code and axis not in evidence.multi_valued:
                recorder.fail(f"{axis} holds an overlap, but the manifest says one value a case")
    if set(rows["measure"]) - set(MEASURES):
        recorder.fail("measure holds another than cases and victims")
    return recorder.result()


def known_codes(evidence: Evidence) -> frozenset[str]:
    """Every code of the dimensions that could stand in a list of options."""
    axes = ("venue", "nationality", "trafficking_type")
    codes = {code for axis in axes for code in parents(axis)}
    return frozenset(codes | groups("venue") | groups("nationality") | states())


def published_codes(evidence: Evidence) -> frozenset[str]:
    """Codes that at least one published cell has, and everything above them."""
    rows, found = evidence.rows(), {"all"}
    for axis in AXES:
        for code in rows[axis].unique():
            if parses(axis, code):
                found |= {code, *ancestors(axis, code)}
    return frozenset(found)

"""Profiles and corridors: the tables beside the cells, attacked with the totals that they break down.

Each attribute, and the places of recruitment, break the totals of places down and cross nothing
else. What their numbers and the cells have in common is therefore functions of the place alone,
and where every number of them stands below a published total these are sums of published totals,
which the cells hold already. So each is attacked as a table of its own, with the totals: nothing
follows from all tables together that does not follow from one of them (``docs/method.md``). That
rests on the rule that no number of them stands where the total of its place is withheld, which
check 0 decides.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.audit.blocks import ALL, blocks
from geo.audit.evidence import Evidence
from geo.audit.findings import Recorder, Result
from geo.audit.space import (
    AXES,
    DETAIL_GRAINS,
    Points,
    grains_of,
    level_of,
    parses,
    points,
    tree,
)
from geo.model import (
    ATTRIBUTES,
    CORRIDOR_LEVELS,
    DETAIL_SIGN,
    DETAIL_TABLES,
    DIMENSIONS,
    ORIGIN,
    PROFILE_LEVELS,
    Leak,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_GRAINS = frozenset(grain for grains in DETAIL_GRAINS.values() for grain in grains)
_FORMULA = re.compile(rb"(^|[,\n])\"?[=+\-@\t]")


def tables(evidence: Evidence, earlier: Sequence[Evidence] = ()) -> list[Result]:
    """Form of the tables beside the cells; nothing where a release has none.

    Returns
    -------
    list of Result
        ``detail views`` (check 0), ``detail values`` (1), ``detail repeats`` (11) and ``detail
        rows`` (17).
    """
    if not evidence.beside and not any(one.beside for one in earlier):
        return []
    views, values = Recorder(0, "detail views"), Recorder(1, "detail values")
    rows, repeats = Recorder(17, "detail rows"), Recorder(11, "detail repeats")
    totals = _totals(evidence)
    for name, table in evidence.beside.items():
        _form(evidence, name, table, rows)
        if set(DETAIL_TABLES[name].names) <= set(table.columns):
            _values(name, table, evidence.k, values)
            _placed(evidence, name, totals, views)
    for other in earlier:
        _repeated(evidence, other, repeats)
    return [views.result(), values.result(), repeats.result(), rows.result()]


def _form(evidence: Evidence, name: str, table: pd.DataFrame, recorder: Recorder) -> None:
    """Columns, order, one value a key, the same in both files, no mark and no formula."""
    recorder.tested += len(table)
    spec, text = DETAIL_TABLES[name], evidence.folder / f"{name}.csv"
    if list(table.columns) != spec.names:
        recorder.fail(f"{name}.parquet has other columns than a release has")
        return
    if not len(table):
        recorder.fail(f"{name}.parquet has no row: a release has the file only with one")
    keys = list(table[list(spec.key)].itertuples(index=False, name=None))
    if keys != sorted(set(keys)):
        recorder.fail(f"rows of {name}.parquet are not sorted by key, or one is given twice")
    if (table[list(spec.key)] == "").any(axis=None):
        recorder.fail(f"a row of {name}.parquet lacks part of its key")
    own, other = table.astype("str"), evidence.beside_csv.get(name)
    if other is None or list(other.columns) != spec.names or not _equal(own, other):
        recorder.fail(f"{name}.csv and {name}.parquet differ")
    raw = text.read_bytes() if text.is_file() else b""
    if b"\r" in raw or not raw.endswith(b"\n") or _FORMULA.search(raw):
        recorder.fail(f"{name}.csv has other line ends than LF, or a cell that is a formula")


def _equal(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return len(one) == len(other) and bool((one.to_numpy() == other.to_numpy()).all())


def _values(name: str, table: pd.DataFrame, k: int, recorder: Recorder) -> None:
    for number, value in enumerate(table["value"], 1):
        recorder.tested += 1
        if type(value) is not int or value < k:
            recorder.fail(f"{name}.parquet, row {number}: a value below k, or no whole number")


def _placed(evidence: Evidence, name: str, totals: set[str], recorder: Recorder) -> None:
    """Every row is of a listed view, of known codes, and stands below a published total."""
    for row in _rows(evidence, name).itertuples():
        recorder.tested += 1
        told = f"{name}.parquet, row {row.Index + 1}"
        axis = row.attribute
        if axis not in DETAIL_GRAINS or (axis == ORIGIN) != (name == "corridors"):
            recorder.fail(f"{told}: an attribute that no release has")
        elif not parses("place", row.place) or level_of(row.place) != row.level:
            recorder.fail(f"{told}: level and place do not agree")
        elif row.code == ALL or not parses(axis, row.code):
            recorder.fail(f"{told}: a code that is in no code list")
        elif row.measure != "cases" or not _listed(evidence, row.level, axis, row.code):
            recorder.fail(f"{told}: no listed view holds this number")
        elif row.place not in totals:
            recorder.fail(f"{told}: the total of its place is not published", row.level, row.place)
    for level, grains in evidence.views:
        if grains & _GRAINS and (len(grains) > 1 or level not in _levels(grains)):
            recorder.fail("policy.views crosses a profile or corridor, or has one of a finer place")


def _levels(grains: frozenset[str]) -> tuple[str, ...]:
    return PROFILE_LEVELS if grains & set(ATTRIBUTES) else CORRIDOR_LEVELS


def _listed(evidence: Evidence, level: str, axis: str, code: str) -> bool:
    return any((level, frozenset([grain])) in evidence.views for grain in grains_of(axis, code))


def _rows(evidence: Evidence, name: str) -> pd.DataFrame:
    """Rows of a table with ``attribute`` and ``code``, whatever it calls them."""
    table = evidence.beside[name]
    if name == "corridors":
        table = table.assign(attribute=ORIGIN, code=table["origin"])
    return table[["level", "place", "attribute", "code", "measure", "value"]]


def _first_block(evidence: Evidence) -> Evidence:
    return next((one.evidence for one in blocks(evidence) if one.period == ALL), evidence)


def _bare(evidence: Evidence) -> pd.DataFrame:
    """Published totals of the places of the first block."""
    rows = _first_block(evidence).rows()
    whole = (rows[list(DIMENSIONS)] == ALL).all(axis=1) & (rows["measure"] == "cases")
    return rows[whole]


def _totals(evidence: Evidence) -> set[str]:
    return set(_bare(evidence)["place"])


def _repeated(evidence: Evidence, other: Evidence, recorder: Recorder) -> None:
    """Details come out once, with the first block of a series; what has them again repeats them.

    A first block that was restated, or is another one, has none: what changed in them was
    never tested.
    """
    recorder.tested += 1
    both = set(evidence.beside) & set(other.beside)
    if not both and not (evidence.beside and other.beside):
        return
    own, old = (_label(one) for one in (evidence, other))
    if own != old:
        recorder.fail("another first block than an earlier release's, and both have details")
    for name in sorted(both):
        if not _equal(evidence.beside[name].astype("str"), other.beside[name].astype("str")):
            recorder.fail(f"{name}: an earlier release of the same block has other rows")


def _label(evidence: Evidence) -> tuple[str, ...]:
    return next(
        ((one.label, one.start, one.end) for one in blocks(evidence) if one.period == ALL), ()
    )


def parts(evidence: Evidence) -> list[tuple[Evidence, Points]]:
    """For every attribute, and the origins, with a row: its views, and its numbers with the totals."""
    found = []
    for name in evidence.beside:
        if not set(DETAIL_TABLES[name].names) <= set(evidence.beside[name].columns):
            continue
        rows = _rows(evidence, name)
        whole = rows["value"].map(lambda value: type(value) is int).astype(bool)
        for axis, own in rows[whole].groupby("attribute", sort=True):
            if axis in DETAIL_GRAINS:
                found.append(_part(evidence, axis, own))
    return found


def _part(evidence: Evidence, axis: str, rows: pd.DataFrame) -> tuple[Evidence, Points]:
    good = rows["place"].map(lambda place: parses("place", place)).astype(bool)
    good &= rows["code"].map(lambda code: parses(axis, code)).astype(bool)
    views = [
        {"level": level, "grains": sorted(grains)}
        for level, grains in evidence.views
        if grains & set(DETAIL_GRAINS[axis])
    ]
    levels = list(dict.fromkeys(["all", *(view["level"] for view in views)]))
    views = [*({"level": level, "grains": []} for level in levels), *views]
    policy = evidence.manifest.get("policy")
    content = {**(policy if isinstance(policy, dict) else {}), "views": views}
    first = _first_block(evidence)
    own = replace(first, manifest={**first.manifest, "policy": content})
    totals = _bare(evidence).assign(code=ALL)
    totals = totals[totals["level"].isin(levels)]
    columns = ["place", "code", "value"]
    return own, _points(own, axis, pd.concat([totals[columns], rows.loc[good, columns]]))


def _points(evidence: Evidence, axis: str, rows: pd.DataFrame) -> Points:
    """Numbers over the axes of the cells, of which only the place is broken down, and one more."""
    multi = evidence.multi_valued
    places = tree("place", {*rows["place"], "US", "MX"}, multi="place" in multi)
    own = tree(axis, set(rows["code"]), multi=axis in multi)
    trees = (places, *(tree(one, {ALL}, multi=False) for one in AXES[1:]), own)
    codes = np.zeros((len(rows), len(trees)), dtype=np.int64)
    codes[:, 0] = rows["place"].map(places.index)
    codes[:, -1] = rows["code"].map(own.index)
    return points(trees, codes, rows["value"].to_numpy(np.int64))


def named(result: Result, axis: str) -> Result:
    """A result whose leaks name the codes of the attribute with the attribute."""
    return replace(result, leaks=[_named(leak, axis) for leak in result.leaks])


def _named(leak: Leak, axis: str) -> Leak:
    def told(code: str) -> str:
        return code if code == ALL else f"{axis}{DETAIL_SIGN}{code}"

    return tuple(
        (
            *block[: len(AXES)],
            tuple(
                term._replace(
                    required=tuple(map(told, term.required)),
                    excluded=tuple(map(told, term.excluded)),
                )
                for term in block[len(AXES)]
            ),
        )
        for block in leak
    )

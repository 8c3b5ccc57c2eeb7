"""The chain from case files to a sealed release; the only file that joins stages."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from geo import (
    __version__,
    audit,
    cube,
    ingest,
    ledger,
    places,
    protect,
    release,
    rules,
    series,
    trees,
    vocab,
)
from geo.model import (
    ALL,
    CASES,
    COUNTRIES,
    DETAIL,
    DETAIL_TABLES,
    FINDINGS,
    KEY,
    LOCATED,
    OUTSIDE,
    PUBLISHED,
    UNKNOWN,
    VICTIMS_MEASURE,
    VICTIMS_UNIT,
    Block,
    DataError,
    Leak,
    Policy,
    UnusableError,
    View,
    check,
)
from geo.policy import policy as read_policy

Progress = Callable[[str, int, int], None]
LICENCE = "CC-BY-4.0"
PRIVATE = 0o600
SHOWN_PROBLEMS = 3
"""Problems of a check that a failed build tells; ``audit`` on a release tells all."""
NUMBER_CHECKS = (2, 3, 4)
"""Checks that find what follows from published numbers together."""
QUEUED = "cases that wait for a restatement of their block; never publish, never into a release"
MISSING = "totals that changed by 1 to k-1, as the files count them now; never publish"
_PERIOD = 1
"""Place of the period among the axes of a leak's block."""
SERIES_CHECK = 14
MOST_UNSTATED = 0.05
"""Share of cases without a number of victims beyond which a release has no victims."""
MOST_MENDINGS = 8
MOST_RESTATED = 40
"""Times that what the attack derived is hidden and the release attacked anew: of a new block,
and of a restated one, where each small change may uncover another."""


@dataclass(frozen=True)
class Inspected:
    """What became of the case files before anything is counted.

    Attributes
    ----------
    located : pandas.DataFrame
        A ``LOCATED`` table.
    findings : pandas.DataFrame
        A ``FINDINGS`` table; severity ``error`` stops a build.
    notes : pandas.DataFrame
        A ``NOTES`` table.
    """

    located: pd.DataFrame
    findings: pd.DataFrame
    notes: pd.DataFrame


@dataclass(frozen=True)
class Built:
    """A sealed release and the private account of how it was made."""

    folder: Path
    problems: pd.DataFrame
    report: dict
    apart: tuple[str, ...] = ()
    """Releases of the series in the same folder that it was not told of."""


@dataclass(frozen=True)
class Earlier:
    """Earlier releases of the series that a build continues.

    Attributes
    ----------
    folders : tuple of pathlib.Path
        All of them; each is attacked together with the new one.
    last : geo.release.Release or None
        The one that the new release continues: it repeats every block of it.
    digest : str or None
        SHA-256 of its manifest file.
    restate : str
        Block to publish anew, or empty.
    """

    folders: tuple[Path, ...] = ()
    last: release.Release | None = None
    digest: str | None = None
    restate: str = ""

    @property
    def blocks(self) -> tuple[series.TimeBlock, ...]:
        """Blocks that came out."""
        return series.blocks(self.last.manifest) if self.last else ()


@dataclass(frozen=True)
class _Part:
    """A block that this release publishes first, with its true counts."""

    block: series.TimeBlock
    counts: cube.Cube
    views: tuple[View, ...]


@dataclass(frozen=True)
class _Plan:
    """What a release will hold: new blocks, and rows that it repeats.

    `waiting` is private: late and corrected cases of blocks that came out.
    """

    parts: tuple[_Part, ...]
    kept: pd.DataFrame
    kept_blocks: tuple[series.TimeBlock, ...]
    earlier: Earlier
    waiting: list[dict] = field(default_factory=list)

    @property
    def kept_details(self) -> dict[str, pd.DataFrame]:
        """Profiles and corridors that it repeats, with the first block that they are of."""
        last = self.earlier.last
        repeats = last and any(one.period == ALL for one in self.kept_blocks)
        return {name: getattr(last, name) for name in DETAIL_TABLES} if repeats else {}


@dataclass(frozen=True)
class Trial:
    """A first release of cases at hand, written and attacked but never sealed. Private.

    Attributes
    ----------
    folder : pathlib.Path
        The written files.
    true : pandas.DataFrame
        A ``COUNTS`` table: what the cases come to.
    report : dict
        What the attack would leave in ``audit.json``.
    plan, protected, manifest
        What `rewritten` writes it from.
    """

    folder: Path
    true: pd.DataFrame
    report: dict
    plan: _Plan
    protected: dict[str, protect.Protected]
    manifest: dict


def silent(step: str, done: int, total: int) -> None:
    """Progress for nobody."""


def inspect(
    inputs: Sequence[str | Path],
    mapping: ingest.Mapping,
    policy: Policy,
    accepted: Sequence[str] = (),
    progress: Progress = silent,
) -> Inspected:
    """Read, clean and locate case files, and say what is wrong with them.

    Raises
    ------
    UnusableError
        A file that cannot be used at all.
    DataError
        A file without a usable row.
    """
    cleaned = ingest.clean_all(_read(inputs, mapping, progress), mapping, vocab.load())
    progress("locating", 0, 1)
    placed = places.locate(check(cleaned.cases, CASES), places.world(), policy)
    found = _joined([cleaned.findings, placed.findings])
    findings = check(rules.check(found, policy, accepted), FINDINGS)
    notes = _joined([cleaned.notes, placed.notes])
    return Inspected(check(placed.located, LOCATED), findings, notes)


def _read(
    inputs: Sequence[str | Path], mapping: ingest.Mapping, progress: Progress
) -> Iterator[tuple[str, ingest.Raw]]:
    """Read file after file, each with its name where there are several."""
    for number, path in enumerate(inputs):
        progress("reading", number, len(inputs))
        yield str(path) if len(inputs) > 1 else "", ingest.read(path, mapping)


def build(
    inputs: Sequence[str | Path],
    out: str | Path,
    mapping: ingest.Mapping,
    policy: Policy,
    accepted: Sequence[str] = (),
    report: str | Path | None = None,
    progress: Progress = silent,
    previous: Sequence[str | Path] = (),
    queue: str | Path | None = None,
    restate: str = "",
) -> Built:
    """Make a release of case files: count, protect, attack, seal.

    Parameters
    ----------
    inputs : sequence of path
    out : path
        The release folder, whose name is the release's id; must not exist.
    mapping, policy
    accepted : sequence of str
        Rules that may fail often without stopping the build.
    report : path, optional
        Where the private account goes; never inside a release.
    progress : callable
        Called with (step, done, total).
    previous : sequence of path
        Every earlier release of the series: their blocks are repeated, closed years added.
    queue : path, optional
        Where late and corrected cases of earlier blocks are noted, privately.
    restate : str
        Label of an earlier block, which the files hold whole, to publish anew.

    Raises
    ------
    DataError
        The files fail a rule, or the attack found something; nothing is written.
    UnusableError
        A call or file that cannot be used; nothing is written.
    """
    out = Path(out)
    _refuse_real_for_public(mapping, policy)
    _check_privates((report, queue), out, inputs)
    entries = ledger.read(out.parent)
    earlier = _earlier(previous, policy, restate)
    with release.draft(out) as temporary:
        apart = _apart(out, mapping, entries, earlier)
        inspected = inspect(inputs, mapping, policy, accepted, progress)
        _stop_on_errors(inspected.findings)
        _refuse_untrue_scope(inspected.located, mapping)
        plan = _planned(inspected.located, out.name, mapping, policy, earlier)
        _refuse_plan(plan, policy, report, queue)
        manifest = _manifest(out.name, mapping, policy, plan, inspected.located)
        protected, attacked = _protected(temporary, plan, policy, manifest, progress)
        account = _account(inspected, plan, protected, attacked)
        _write_accounts(account, report, plan.waiting, queue)
        release.seal(temporary, out, attacked, _signal(plan, protected))
        ledger.write(out.parent, _listed(entries, out, earlier))
    return Built(out, attacked.problems, account, apart)


def trial(
    inspected: Inspected,
    folder: Path,
    mapping: ingest.Mapping,
    policy: Policy,
    progress: Progress = silent,
) -> Trial:
    """What a build would write of these cases, into `folder`, and the true counts beside it.

    Raises
    ------
    DataError
        As `build`.
    """
    _refuse_real_for_public(mapping, policy)
    _stop_on_errors(inspected.findings)
    _refuse_untrue_scope(inspected.located, mapping)
    plan = _planned(inspected.located, folder.name, mapping, policy, Earlier())
    manifest = _manifest(folder.name, mapping, policy, plan, inspected.located)
    protected, attacked = _protected(folder, plan, policy, manifest, progress)
    true = cube.told(plan.parts[0].counts)
    return Trial(folder, true, attacked.report, plan, protected, manifest)


def rewritten(told: Trial, published: Trial, folder: Path) -> None:
    """Write the published cells of one trial with all else that a release says of another."""
    labels = [part.block.label for part in told.plan.parts]
    cells = dict(zip(labels, published.protected.values(), strict=True))
    _write_draft(folder, told.plan, cells, told.manifest)


def _write_accounts(
    account: dict, report: str | Path | None, waiting: list[dict], queue: str | Path | None
) -> None:
    """Write the private files that were asked for: the build report, and what waits."""
    if report is not None:
        _write_private(Path(report), account)
    if queue is not None and waiting:
        _write_private(Path(queue), {"private": QUEUED, "waiting": waiting})


def _earlier(previous: Sequence[str | Path], policy: Policy, restate: str) -> Earlier:
    """Earlier releases, read and verified; the newest of the same audience is continued."""
    folders = tuple(Path(folder) for folder in previous)
    digests = {}
    for folder in folders:
        digests[_digest(folder)] = release.verify(folder)
    newest = series.newest(digests, policy.audience) if digests else ""
    if restate and not newest:
        raise UnusableError("--restate needs --previous: the releases that the block came out in")
    if not newest:
        return Earlier(folders)
    last = next(folder for folder in folders if _digest(folder) == newest)
    return Earlier(folders, release.read(last), newest, restate)


def _digest(folder: Path) -> str:
    """Hash of a manifest file; whether it is one is for `release.verify` to say."""
    path = folder / release.MANIFEST
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()


def _apart(
    out: Path, mapping: ingest.Mapping, entries: tuple[ledger.Entry, ...], earlier: Earlier
) -> tuple[str, ...]:
    """Releases of the same series beside it that a release was not told of."""
    manifests = [release.verify(folder) for folder in earlier.folders]
    named = {one["id"] for one in manifests}
    own = mapping.release.get("series") or next((one["series"] for one in manifests), out.name)
    if manifests and manifests[0]["series"] != own:
        raise UnusableError(
            f"--previous is of the series {manifests[0]['series']}, and the mapping says {own}"
        )
    if out.name in ledger.withdrawn(entries):
        raise UnusableError(
            f"the ledger in {out.parent} lists {out.name} as withdrawn: choose another id"
        )
    listed = {one.id for one in entries if one.series == own} - ledger.withdrawn(entries)
    return tuple(sorted(listed - named - {out.name}))


def _listed(
    entries: tuple[ledger.Entry, ...], out: Path, earlier: Earlier
) -> tuple[ledger.Entry, ...]:
    """Entries with the new release, and with earlier ones beside it that were not listed."""
    beside = [one for one in earlier.folders if one.resolve().parent == out.resolve().parent]
    for folder in (*beside, out):
        entries = ledger.released(entries, release.verify(folder), _digest(folder))
    return entries


def _planned(
    located: pd.DataFrame, name: str, mapping: ingest.Mapping, policy: Policy, earlier: Earlier
) -> _Plan:
    """Blocks that a release publishes first, blocks that it repeats, and what waits."""
    if policy.with_victims:
        _refuse_few_stated(located)
    if earlier.last is None:
        coverage = _coverage(mapping.release, located, policy.k)
        counts, views = counted(located, policy)
        block = series.TimeBlock(ALL, **{**coverage, "release": name})
        nothing = pd.DataFrame(columns=PUBLISHED.names)
        return _Plan((_part(block, counts, views),), nothing, (), earlier)
    views, old = series.same_rules(policy, earlier.last.manifest), earlier.blocks
    start, end = _covered(mapping.release)
    belongs = series.placed(located, old, start, end)
    if earlier.restate:
        fresh = (series.restated(old, earlier.restate, name),)
        whole = [fresh[0].restates, *([series.UNDATED] if fresh[0].period == ALL else [])]
        chosen = (belongs.isin(whole),)
        kept, waiting = tuple(one for one in old if one.label != fresh[0].restates), []
    else:
        years = series.new_years(belongs, located, start, end, _today())
        fresh = tuple(series.TimeBlock(y, y, f"{y}-01-01", f"{y}-12-31", name) for y in years)
        chosen = tuple(belongs == year for year in years)
        kept, waiting = old, _waiting(located, belongs, policy, earlier)
    rows = [series.rows(earlier.last.cells, one, old) for one in kept]
    repeated = pd.concat(rows, ignore_index=True) if rows else earlier.last.cells.iloc[:0]
    parts = [
        _counted_part(located[mask], block, views, policy)
        for block, mask in zip(fresh, chosen, strict=True)
    ]
    return _Plan(tuple(parts), repeated, kept, earlier, waiting)


def _refuse_few_stated(located: pd.DataFrame) -> None:
    """Refuse victims that too few cases state: a number shows only where all its cases do."""
    base = cube.base(located, victims=True)
    unstated = base["unstated"].sum() / base["cases"].sum()
    if unstated > MOST_UNSTATED:
        raise DataError(
            f"{unstated:.0%} of the cases do not state their victims (a whole number, at least one "
            f"a case), and the policy publishes victims; at most {MOST_UNSTATED:.0%} may be "
            "without: mend the file or its mapping, or take victims out of the policy's measures"
        )


def _part(block: series.TimeBlock, counts: cube.Cube, views: tuple[View, ...]) -> _Part:
    return _Part(replace(block, multi_valued=counts.multi_valued), counts, views)


def _counted_part(
    located: pd.DataFrame, block: series.TimeBlock, views: tuple[View, ...], policy: Policy
) -> _Part:
    """One block's true counts: of a later block, with the year as the total."""
    if not len(located):
        raise DataError(f"the files hold no case of the block {block.restates or block.label}")
    own = views if block.period == ALL else series.of_block(views)
    base = cube.base(located, victims=policy.with_victims)
    return _part(block, _counts(base, own, policy), own)


def _waiting(
    located: pd.DataFrame, belongs: pd.Series, policy: Policy, earlier: Earlier
) -> list[dict]:
    """Private: cases of blocks that came out, or of none, which this release leaves out."""
    found = []
    for block in earlier.blocks:
        late = located[belongs == block.label]
        if not len(late):
            continue
        before = series.rows(earlier.last.cells, block, earlier.blocks)
        base = cube.base(late)
        note = {"block": block.label, "reading": series.reading(int(base["cases"].sum()), before)}
        if note["reading"] == series.CHANGES:
            found.append(note | _numbers(late))
            continue
        own = earlier.last.manifest["policy"]["views"]
        views = series.without_details(View(one["level"], tuple(one["grains"])) for one in own)
        part = _counted_part(late, block, views, policy)
        changed = series.differences(_dated(cube.told(part.counts), block.period), before)
        if len(changed):
            found.append(note | {"cells": changed.to_dict("records")})
    for reason in series.WAITING:
        if (belongs == reason).any():
            found.append({"block": "", "reading": reason} | _numbers(located[belongs == reason]))
    return found


def _numbers(located: pd.DataFrame) -> dict:
    cases = located.drop_duplicates("case")["cases"].sum()
    return {"cases": int(cases), "rows": located["row"].astype("int64").tolist()}


def _dated(cells: pd.DataFrame, period: str) -> pd.DataFrame:
    """Cells of a block with the code of its total in place of ``all``."""
    cells = cells.drop(columns=DETAIL, errors="ignore")
    return cells.assign(period=cells["period"].replace(ALL, period))


def _covered(about: dict) -> tuple[str, str]:
    """First and last day that the sources say they cover, or empty."""
    given = about.get("sources", [])
    starts = [source["coverage_start"] for source in given if source.get("coverage_start")]
    ends = [source["coverage_end"] for source in given if source.get("coverage_end")]
    return min(starts, default=""), max(ends, default="")


def _today() -> str:
    """Today, or the day of SOURCE_DATE_EPOCH. It only ever refuses a year; nothing is dated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.date().isoformat()


def _refuse_plan(
    plan: _Plan, policy: Policy, report: str | Path | None, queue: str | Path | None
) -> None:
    """Refuse a restatement that cannot hold, and rows that would be forgotten."""
    if plan.earlier.restate and policy.with_victims:
        raise DataError(
            f"{plan.parts[0].block.restates} cannot be restated: what changes in victims is not "
            "tested, only what changes in cases; leave the block as it came out, or begin a new "
            "series"
        )
    if plan.earlier.restate:
        _refuse_restating(plan, policy, report)
    if plan.waiting and queue is None:
        raise UnusableError(
            "some rows belong to blocks that came out, or to no closed year, and must wait: name "
            "a private file for them (--queue FILE)"
        )


def _few_changed(plan: _Plan, part: _Part, k: int) -> pd.Series:
    """Cells of a restated block that came out and changed by fewer than k; none otherwise."""
    last = plan.earlier
    cells = _dated(part.counts.cells, part.block.period)
    if not last.restate:
        return pd.Series(False, index=cells.index)
    old = next(one for one in last.blocks if one.label == part.block.restates)
    return series.small_changes(cells, series.rows(last.last.cells, old, last.blocks), k)


def _refuse_restating(plan: _Plan, policy: Policy, report: str | Path | None) -> None:
    """Refuse a restatement that would have to hide a total of all or of a country."""
    part = plan.parts[0]
    cells = _dated(part.counts.cells, part.block.period)
    few = _few_changed(plan, part, policy.k) & series.totals(cells, part.block.period)
    if not few.any():
        return
    if report is not None:
        missing = cells[few].to_dict("records")
        _write_private(Path(report), {"private": MISSING, "missing": missing})
    raise DataError(
        f"{part.block.restates} cannot be restated yet: a total changed by fewer than k; the "
        "private report (--report FILE) says which; nothing was released"
    )


def _protected(
    folder: Path, plan: _Plan, policy: Policy, manifest: dict, progress: Progress
) -> tuple[dict[str, protect.Protected], audit.Audit]:
    """Protect, write the draft and attack it; what the attack derives is hidden too."""
    done = {
        part.block.label: protect.publish(
            part.counts,
            policy,
            parents(),
            lambda step, hidden: progress(step, hidden, 0),
            np.flatnonzero(_few_changed(plan, part, policy.k)).tolist(),
            manifest["scope"],
        )
        for part in plan.parts
    }
    attacked = _attacked_draft(folder, plan, done, manifest, progress)
    for _ in range(MOST_RESTATED if plan.earlier.restate else MOST_MENDINGS):
        leaks = {part.block.label: _leaks_of(part, plan, attacked) for part in plan.parts}
        if attacked.passed or not any(leaks.values()):
            break
        for part in plan.parts:
            label = part.block.label
            if leaks[label]:
                done[label] = protect.mended(done[label], part.counts, policy, leaks[label])
        attacked = _attacked_draft(folder, plan, done, manifest, progress)
    if not attacked.passed:
        raise DataError(_failed(attacked.problems), _as_findings(attacked.problems))
    return done, attacked


def _leaks_of(part: _Part, plan: _Plan, attacked: audit.Audit) -> list[Leak]:
    """Leaks of one block, in the codes of its cube."""
    later = {one.block.period for one in plan.parts} | {one.period for one in plan.kept_blocks}
    own = part.block.period
    found = []
    for leak in attacked.leaks:
        years = {term.required[0][:4] for block in leak for term in block[_PERIOD]} & later - {ALL}
        if years == ({own} - {ALL}):
            found.append(tuple(_total(block, own) for block in leak))
    return found


def _total(block: Block, year: str) -> Block:
    """Codes of a leak in a cube whose total is the year."""
    terms = tuple(
        term._replace(required=(ALL,)) if term.required == (year,) else term
        for term in block[_PERIOD]
    )
    return (*block[:_PERIOD], terms, *block[_PERIOD + 1 :])


def _attacked_draft(
    folder: Path,
    plan: _Plan,
    done: dict[str, protect.Protected],
    manifest: dict,
    progress: Progress,
) -> audit.Audit:
    """Write the release into its draft folder and attack what was written."""
    _write_draft(folder, plan, done, manifest)
    return audit.attack(folder, plan.earlier.folders, progress=progress)


def _write_draft(
    folder: Path, plan: _Plan, done: dict[str, protect.Protected], manifest: dict
) -> None:
    """Write the release into its draft folder: rows repeated, and published cells."""
    fresh = [_dated(done[part.block.label].cells, part.block.period) for part in plan.parts]
    for part, cells in zip(plan.parts, fresh, strict=True):
        if plan.earlier.last and not len(cells):
            raise DataError(f"nothing of the block {part.block.label} may be published")
    cells = pd.concat([plan.kept, *fresh] if len(plan.kept) else fresh, ignore_index=True)
    cells = cells.sort_values(list(KEY), kind="stable").reset_index(drop=True)
    listed = sorted(
        (*plan.kept_blocks, *(part.block for part in plan.parts)),
        key=lambda block: (block.period != ALL, block.period),
    )
    written = manifest | {"blocks": series.entries(listed, cells)}
    if VICTIMS_MEASURE in manifest["measures"] and not (cells["measure"] == VICTIMS_MEASURE).any():
        raise DataError(
            "no number of victims may be published: take victims out of the policy's measures"
        )
    release.write(folder, cells, _places(cells), written, _details(plan, done))


def _details(plan: _Plan, done: dict[str, protect.Protected]) -> dict[str, pd.DataFrame]:
    """Profiles and corridors: of the first block where it is new, else those that it came with."""
    first = [done[part.block.label] for part in plan.parts if part.block.period == ALL]
    if first and not plan.earlier.last:
        return {name: getattr(first[0], name) for name in DETAIL_TABLES}
    return plan.kept_details


def default_policy(mapping: ingest.Mapping) -> Policy:
    """Public for synthetic files; staff for all others, until others have reviewed the rule."""
    return read_policy("public" if mapping.release.get("synthetic") else "staff")


def _refuse_real_for_public(mapping: ingest.Mapping, policy: Policy) -> None:
    """Say before the work what `release.write` would say after it."""
    if policy.audience == "public" and not mapping.release.get("synthetic"):
        raise DataError(
            "a public release must be synthetic in this version: its protection has not been "
            "reviewed by others yet; build it with --policy staff"
        )


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]


def _stop_on_errors(findings: pd.DataFrame) -> None:
    errors = findings[findings["severity"] == "error"]
    if len(errors):
        raise DataError(
            f"{errors['rule'].nunique()} rule(s) fail in too many rows; mend the file or its mapping, or accept "
            f"a rule by name (--accept {errors['rule'].iloc[0]})",
            findings,
        )


def _refuse_untrue_scope(located: pd.DataFrame, mapping: ingest.Mapping) -> None:
    """A scope excuses equal cells, so every case whose values are known must fit it."""
    for statement in mapping.release.get("scope", []):
        pairs = list(zip(statement[::2], statement[1::2], strict=True))
        fits = [_carries(located[dimension], dimension, code) for dimension, code in pairs]
        known = located[pairs[-1][0]] != UNKNOWN
        concerned = known if len(fits) == 1 else known & fits[0]
        rows = int((concerned & ~fits[-1]).sum())
        if rows:
            raise DataError(
                f"release.scope says {' '.join(statement)}; {rows} rows are otherwise: mend the "
                "file, or take the statement out of the mapping"
            )


def _carries(values: pd.Series, dimension: str, code: str) -> pd.Series:
    """Rows that carry a code of a dimension, or one that lies under it."""
    above = parents().get(dimension, {})
    fits = {
        joined: any(code in (one, above.get(one)) for one in joined.split(";"))
        for joined in values.unique()
    }
    return values.map(fits).astype(bool)


def parents() -> dict[str, dict[str, str]]:
    """Code to parent code, of venues and of nationalities."""
    words = vocab.load()
    return {"venue": words.parents("venues"), "nationality": words.parents("nationalities")}


def counted(located: pd.DataFrame, policy: Policy) -> tuple[cube.Cube, tuple[View, ...]]:
    """True counts of every view that a policy gives a file of this size, and the views.

    Parameters
    ----------
    located : pandas.DataFrame
        A ``LOCATED`` table.
    policy : Policy
    """
    base = cube.base(located, victims=policy.with_victims)
    views = policy.views_for(int(base["cases"].sum()))
    if any(view.is_detail for view in views):
        base = cube.base(located, views, victims=policy.with_victims)
    return _counts(base, views, policy), views


def _counts(base: pd.DataFrame, views: tuple[View, ...], policy: Policy) -> cube.Cube:
    """True counts of some views."""
    above = parents()
    tiny = _too_small(base, views, policy)
    return cube.count(base, views, above["venue"], above["nationality"], tiny, policy.k)


def _too_small(base: pd.DataFrame, views: tuple[View, ...], policy: Policy) -> frozenset[str]:
    """Hex parts under the policy's area floor."""
    levels = {view.level for view in views}
    leaves = {leaf for joined in base["place"].unique() for leaf in joined.split(";")}
    paths = trees.place_paths(sorted(leaf for leaf in leaves if "/" in leaf))
    parts = {part for level in levels if level.startswith("h3") for part in paths[level]} - {""}
    return frozenset(places.small_parts(sorted(parts), places.world(), policy.least_area_km2))


def _manifest(
    name: str,
    mapping: ingest.Mapping,
    policy: Policy,
    plan: _Plan,
    located: pd.DataFrame,
) -> dict:
    about, last = mapping.release, plan.earlier.last
    blocks = (*plan.kept_blocks, *(part.block for part in plan.parts))
    coverage = _block_of_all(blocks)
    ends = max(block.end for block in blocks)
    views = plan.parts[0].views
    title = about.get("title") or {"en": "Reported cases", "es": "Casos reportados"}
    unit = about.get("unit") or {"en": "reported cases", "es": "casos reportados"}
    return {
        "id": name,
        "series": about.get("series") or _series(plan.earlier, name),
        "title": title,
        "synthetic": bool(about.get("synthetic", False)),
        "audience": policy.audience,
        "sources": [
            {
                "name": source["name"],
                "coverage_start": source.get("coverage_start") or coverage["start"],
                "coverage_end": source.get("coverage_end") or ends,
            }
            for source in about.get("sources", [])
        ],
        "coverage": coverage,
        "covered": sorted(about.get("covered", COUNTRIES)),
        "k": policy.k,
        "policy": {
            "id": policy.id,
            "k": policy.k,
            "audience": policy.audience,
            "least_area_km2": policy.least_area_km2,
            "sensitive": list(policy.sensitive),
            "intervals": policy.intervals,
            "views": last.manifest["policy"]["views"] if last else _as_listed(views),
        },
        "multi_valued": _several(blocks),
        "measures": _measures(policy, unit),
        "scope": [list(statement) for statement in about.get("scope", [])],
        "outside": last.manifest.get("outside") if last else _outside(located, policy.k),
        "boundaries": _boundaries(),
        "code": {"mosaico": __version__},
        "previous": plan.earlier.digest,
        "licence": about.get("licence") or LICENCE,
        "citation": about.get("citation")
        or {lang: f"Mosaico. {text}" for lang, text in title.items()},
    }


def _measures(policy: Policy, unit: dict) -> dict:
    """What is counted, with its unit in every language."""
    victims = {VICTIMS_MEASURE: {"unit": VICTIMS_UNIT}} if policy.with_victims else {}
    return {"cases": {"unit": unit}, **victims}


def _series(earlier: Earlier, name: str) -> str:
    """Series of earlier releases, of any audience; a first release's is its own name."""
    return release.verify(earlier.folders[0])["series"] if earlier.folders else name


def _several(blocks: Sequence[series.TimeBlock]) -> list[str]:
    """Dimensions in which a case of some block carries several values."""
    found = {name for block in blocks for name in block.multi_valued}
    return [name for name in cube.SEVERAL if name in found]


def _as_listed(views: tuple[View, ...]) -> list[dict]:
    return [asdict(view) | {"grains": list(view.grains)} for view in views]


def _block_of_all(blocks: Sequence[series.TimeBlock]) -> dict:
    """Coverage of a release: the fixed block that ``all`` is, whatever stands beside it."""
    first = next(block for block in blocks if block.period == ALL)
    return {"start": first.start, "end": first.end, "label": first.label}


def _coverage(about: dict, located: pd.DataFrame, k: int) -> dict:
    """The release's block in time: what its sources say, else the years of the file.

    The first of these is the year by which k cases are dated, the last that from which k are:
    no single case says when it was.
    """
    start, end = _covered(about)
    dated = located.drop_duplicates("case").assign(year=located["period"].map(trees.year))
    years = dated[dated["year"] != UNKNOWN].groupby("year", sort=True)["cases"].sum()
    start = start or next(iter(years.index[years.cumsum() >= k]), "")
    end = end or next(iter(years.index[::-1][years[::-1].cumsum() >= k]), "")
    first, last = start[:4], end[:4]
    label = first if first == last else f"{first}–{last}"
    return {"start": start, "end": end, "label": label or UNKNOWN}


def _outside(located: pd.DataFrame, k: int) -> int | None:
    """Cases elsewhere or of unknown country, told only when they are at least k."""
    base = cube.base(located)
    count = int(base.loc[base["place"].isin([OUTSIDE, UNKNOWN]), "cases"].sum())
    return count if count >= k else None


def _boundaries() -> dict:
    path = Path(__file__).parent.parent / "data" / "boundaries" / "sources.csv"
    listed = pd.read_csv(path, dtype="str", keep_default_na=False)
    return dict(sorted(zip(listed["file"], listed["sha256"], strict=True)))


def _places(cells: pd.DataFrame) -> pd.DataFrame:
    """Outlines of all states, and of each hex part with a published cell."""
    words = vocab.load()
    hexes = sorted({place for place in cells["place"] if "/" in place})
    drawn = places.parts([*sorted(words.codes("states")), *hexes], places.world())
    names = {
        f"name_{lang}": drawn["place"].map(
            lambda p, lang=lang: words.label("states", p.split("/")[0], lang)
        )
        for lang in ("en", "es")
    }
    return drawn.assign(**names)[["place", "level", "name_en", "name_es", "geometry"]]


def _failed(problems: pd.DataFrame) -> str:
    failing = problems[problems["severity"] == "fail"]
    return f"the attack on the release found {len(failing)} problem(s); nothing was released"


def _as_findings(problems: pd.DataFrame) -> pd.DataFrame:
    """One finding a check that failed, in the words of the audit."""
    failing = problems[problems["severity"] == "fail"]
    records = [
        {
            "rule": name,
            "severity": "error",
            "column": "",
            "count": len(some),
            "share": 0.0,
            "file": "",
            "rows": "",
            "message": _told(number, name, some.to_dict("records")),
        }
        for (number, name), some in failing.groupby(["check", "name"], sort=True)
    ]
    return pd.DataFrame(records, columns=FINDINGS.names)


def _told(number: int, name: str, problems: list[dict]) -> str:
    """The check, the first things it found, and what to do."""
    first = list(dict.fromkeys(map(audit.told, problems[:SHOWN_PROBLEMS])))
    more = f"; and {len(problems) - len(first)} more" if len(problems) > len(first) else ""
    found = "; ".join(first) + more
    return f"check {number} ({release.check_words('en')[name]}): {found}. {_way_on(number, found)}"


def _way_on(number: int, found: str) -> str:
    if number in NUMBER_CHECKS:
        return (
            "No change of the file helps: build with fewer views or a larger k (--policy), and "
            "report this line, since Mosaico should have hidden more"
        )
    if number == SERIES_CHECK:
        return "What came out before of the same time does not allow this release beside it"
    if "manifest" in found:
        return "Mend the texts that [release] of the mapping gives the release"
    return "A defect of Mosaico, not of the file: please report this line"


def _account(
    inspected: Inspected,
    plan: _Plan,
    protected: dict[str, protect.Protected],
    attacked: audit.Audit,
) -> dict:
    """The private build report: what came in, what each view kept and why, what the attack saw."""
    kept = pd.concat([one.utility for one in protected.values()], ignore_index=True)
    rounds = sum(one.rounds for one in protected.values())
    people = {label: protect.victims_kept(one) for label, one in protected.items() if one.victims}
    return {
        "private": "true counts and utility; never publish, never put into a release",
        "findings": inspected.findings.to_dict("records"),
        "notes": inspected.notes.to_dict("records"),
        "narrowed": {part.block.label: part.counts.narrowed for part in plan.parts},
        "utility": protect.share_kept(kept),
        "blocks": {label: protect.share_kept(one.utility) for label, one in protected.items()},
        "views": [
            {"block": part.block.label, **row}
            for part in plan.parts
            for row in protect.views(protected[part.block.label], part.counts)
        ],
        "suppression": {"rounds": rounds, "cuts": sum(one.cuts for one in protected.values())},
        **({"victims": people} if people else {}),
        "audit": attacked.report,
    }


def _signal(plan: _Plan, protected: dict[str, protect.Protected]) -> str | None:
    """Band of the share that is shown of the blocks that come out first with this release.

    Of a block that is restated none: two bands of nearly the same cases, one after the other,
    would tell more than either.
    """
    if plan.earlier.restate or not protected:
        return None
    return protect.band(pd.concat([one.utility for one in protected.values()], ignore_index=True))


def _check_privates(
    paths: Sequence[str | Path | None], out: Path, inputs: Sequence[str | Path]
) -> None:
    """Refuse places where private files would be published or cover a case file."""
    for path in paths:
        if path is not None:
            _check_private(Path(path), out, inputs)


def _check_private(report: Path, out: Path, inputs: Sequence[str | Path]) -> None:
    inside = report.resolve()
    if inside.is_relative_to(out.resolve()) or any(
        (folder / release.MANIFEST).exists() for folder in inside.parents
    ):
        raise UnusableError(f"{report}: a private file must lie outside every release folder")
    if inside in {Path(path).resolve() for path in inputs}:
        raise UnusableError(f"{report}: is one of the case files; name another file")
    if report.is_dir() or not os.access(inside.parent, os.W_OK):
        raise UnusableError(f"{report}: cannot be written; name a file in a folder you may write")


def _write_private(path: Path, account: dict) -> None:
    """One rename from a file only the user can read."""
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    try:
        os.fchmod(handle, PRIVATE)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(account, stream, indent=2, sort_keys=True, ensure_ascii=False, default=int)
            stream.write("\n")
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)

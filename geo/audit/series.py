"""Check 14: a release and every earlier one of its series, in pairs and all together.

Two blocks of time are disjoint, the same, one inside the other, or straddling; the last is
a finding. Where one block has two publications, and they agree, their numbers are attacked
as one release (a public and a coalition release of the same cases). Where they differ, or
one block reaches further, the *change* of every cell known in both is attacked: it is 0 or
at least k either way, and so is what its lines and boxes leave. That catches cumulative
totals, and numbers held back one by one while their totals moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from geo.audit import boxes, change, derived, lines, space, system, victims
from geo.audit.blocks import ALL, Block, blocks, digest
from geo.audit.evidence import Evidence
from geo.audit.findings import Recorder, Result
from geo.model import KEY

CHECK = 14
APART, SAME, INSIDE, AROUND, STRADDLING = "apart", "same", "inside", "around", "straddling"
_QUARTERS = {
    ("01-01", "03-31"): "-Q1",
    ("04-01", "06-30"): "-Q2",
    ("07-01", "09-30"): "-Q3",
    ("10-01", "12-31"): "-Q4",
    ("01-01", "12-31"): "",
}


def own_blocks(evidence: Evidence) -> Result:
    """Blocks of one release: disjoint, one of them ``all``, each with the rows of its hash."""
    recorder = Recorder(CHECK, "blocks")
    found = blocks(evidence)
    recorder.tested = len(found)
    totals = [block.period for block in found]
    if totals.count(ALL) != 1 or len(set(totals)) < len(totals):
        recorder.fail("a release has one block that is all, and each later one once")
    for block in found:
        if block.period != ALL and (block.start[:4], block.end[:4]) != (block.period,) * 2:
            recorder.fail(
                f"{_named(block)}: a later block is a year, from its first day to its last"
            )
        if "blocks" in evidence.manifest and digest(block.evidence) != block.sha256:
            recorder.fail(f"{_named(block)}: its rows are not those the manifest's hash is of")
    for number, block in enumerate(found):
        if any(relation(block, other) != APART for other in found[number + 1 :]):
            recorder.fail(f"{_named(block)}: shares time with another block of the release")
    return recorder.result()


def between(evidence: Evidence, earlier: Sequence[Evidence], progress=None) -> list[Result]:
    """Every pair of blocks of a release and earlier ones, and all of one block stacked.

    Nothing is tested without earlier releases.
    """
    if not earlier:
        return []
    repeated, changes = Recorder(CHECK, "repeated blocks"), Recorder(CHECK, "changes")
    stacked = Recorder(CHECK, "stacked")
    before = [block for other in earlier for block in blocks(other)]
    for number, own in enumerate(blocks(evidence)):
        if progress:
            progress("earlier releases", number, len(before))
        agreeing = []
        for old in before:
            how = relation(own, old)
            _repeats(own, old, how, repeated)
            if how in (SAME, INSIDE, AROUND):
                pair = _aligned(own, old) if how != AROUND else _aligned(old, own)
                if how != SAME or _differ(*pair):
                    _changed(pair, how, evidence.k, changes)
                if not _differ(*pair):
                    agreeing.append((pair, how))
        _stacked(own, agreeing, stacked, progress)
    return [repeated.result(), changes.result(), stacked.result()]


def _named(block: Block) -> str:
    """Words for a block that repeat no text of a manifest but a year."""
    return "the first block" if block.period == ALL else f"the block {block.period}"


def relation(own: Block, old: Block) -> str:
    """How two blocks lie in time; of unknown days they count as the same."""
    if not (own.start and own.end and old.start and old.end):
        return SAME
    if own.end < old.start or old.end < own.start:
        return APART
    if (own.start, own.end) == (old.start, old.end):
        return SAME
    if old.start <= own.start and own.end <= old.end:
        return AROUND
    return INSIDE if own.start <= old.start and old.end <= own.end else STRADDLING


def same_block(evidence: Evidence, other: Evidence) -> pd.DataFrame:
    """Rows of another release whose block the release has too, under the same label."""
    labels = {(block.period, block.label) for block in blocks(evidence)}
    kept = [block.rows for block in blocks(other) if (block.period, block.label) in labels]
    return pd.concat(kept, ignore_index=True) if kept else other.rows().iloc[:0]


def _repeats(own: Block, old: Block, how: str, recorder: Recorder) -> None:
    """A block comes out once; what repeats it repeats every row; nothing straddles."""
    recorder.tested += 1
    if how == STRADDLING:
        recorder.fail(f"{_named(own)} straddles {_named(old)} of an earlier release")
    if how != SAME or own.label != old.label:
        return
    if _differ(own.evidence, old.evidence):
        recorder.fail(f"{_named(own)}: an earlier release gives other values for this block")
    elif own.release == old.release and digest(own.evidence) != digest(old.evidence):
        recorder.fail(f"{_named(own)}: does not repeat the rows that it came out with")


def _aligned(large: Block, small: Block) -> tuple[Evidence, Evidence]:
    """Evidence of two blocks in which one code means the same cases."""
    if large.period == small.period == ALL and (large.start, large.end) == (small.start, small.end):
        return large.evidence, small.evidence
    return _by_calendar(large), _by_calendar(small)


def _by_calendar(block: Block) -> Evidence:
    """Evidence whose total of a year or quarter stands under that year or quarter."""
    code = _QUARTERS.get((block.start[5:], block.end[5:]))
    if block.period != ALL or code is None or block.start[:4] != block.end[:4]:
        return block.evidence
    code = block.start[:4] + code
    cells = block.evidence.cells
    cells = cells[~cells["period"].isin(["unknown", code])]
    views = [
        {"level": level, "grains": sorted(grains | {"quarter" if "-Q" in code else "period"})}
        for level, grains in block.evidence.views
        if not grains & {"period", "quarter"}
    ]
    views += [{"level": level, "grains": sorted(g)} for level, g in block.evidence.views]
    content = block.evidence.manifest | {"policy": {"views": views}}
    return replace(
        block.evidence,
        manifest=content,
        cells=cells.assign(period=cells["period"].replace(ALL, code)),
    )


def _values(evidence: Evidence) -> dict[tuple, int]:
    rows = evidence.rows()
    return dict(zip(zip(*(rows[name] for name in KEY), strict=True), rows["value"], strict=True))


def _differ(one: Evidence, other: Evidence) -> bool:
    """Whether a cell of both has two values."""
    own = _values(one)
    return any(own.get(key, value) != value for key, value in _values(other).items())


def _changed(pair: tuple[Evidence, Evidence], how: str, k: int, recorder: Recorder) -> None:
    """Attack what changed between two publications of one time, the larger one first."""
    multi = pair[0].multi_valued | pair[1].multi_valued
    people = [victims.further(one) for one in pair]
    for both, words in ((pair, ""), (people, f"{victims.WORDS}: ")):
        if None in both:
            continue
        large, small = (_known(one) for one in both)
        known = change.points(large, small, multi, nested=how != SAME)
        found = change.small(known, min(k, pair[0].k, pair[1].k))
        recorder.tested += len(known.values)
        for one in found:
            leak = one.leak if both is pair else ()
            recorder.fail(f"{words}{one.words}", one.level, one.place, leak)
    if None not in people and how == SAME and _differ(*people):
        recorder.fail("victims of one time differ: what changed in them is not tested enough")


def _known(evidence: Evidence) -> space.Points:
    """Published and derived cells of a block."""
    return _solved(evidence, None)[0]


def _solved(evidence: Evidence, progress) -> tuple[space.Points, derived.Knowledge]:
    published = space.published(evidence)
    equations = system.build(evidence, published)
    knowledge = derived.learn(equations, int(equations.values.max(initial=0)), progress)
    return derived.extended(published, knowledge), knowledge


def _stacked(own: Block, agreeing: list, recorder: Recorder, progress) -> None:
    """Attack the numbers of several publications of one time as those of one release."""
    together, unions = own.evidence, []
    for (large, small), how in agreeing:
        if how == AROUND or large is not own.evidence:
            unions.append(_union(large, small, how))
        else:
            together = _union(together, small, how)
    for one in [together, *unions]:
        recorder.tested += 1
        if len(one.rows()) > max(len(own.rows), *(len(pair[0].rows()) for pair, _ in agreeing), 0):
            _attacked(one, recorder, progress)


def _union(large: Evidence, small: Evidence, how: str) -> Evidence:
    """Rows and views of both; of a block inside, without its own total and undated cases."""
    added = small.cells
    if how != SAME:
        added = added[~added["period"].isin([ALL, "unknown"])]
    cells = pd.concat([large.cells, added], ignore_index=True).drop_duplicates(list(KEY))
    views = [
        {"level": level, "grains": sorted(grains)}
        for level, grains in dict.fromkeys((*large.views, *small.views))
    ]
    multi = sorted(large.multi_valued | small.multi_valued)
    content = {"policy": {"views": views}, "multi_valued": multi, "k": min(large.k, small.k)}
    return replace(large, cells=cells, manifest={**large.manifest, **content})


def _attacked(evidence: Evidence, recorder: Recorder, progress) -> None:
    known, knowledge = _solved(evidence, progress)
    k = evidence.k
    results = [*lines.lines(known, k), boxes.boxes(known, k, progress), *derived.rank(knowledge, k)]
    leaks = [leak for result in results for leak in result.leaks]
    people = victims.further(evidence)
    if people is not None:
        known, knowledge = _solved(people, progress)
        more = [*lines.lines(known, k), boxes.boxes(known, k), *derived.rank(knowledge, k)]
        results += [*map(victims.named, more), victims.told(evidence)]
    for finding in (finding for result in results for finding in result.findings):
        recorder.fail(f"together: {finding.detail}", finding.level, finding.place)
    recorder.leaks += leaks
    recorder.limited += sum(result.limited for result in results)

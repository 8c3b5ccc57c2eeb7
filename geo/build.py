"""The chain from case files to a sealed release; the only file that joins stages."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from geo import __version__, audit, cube, ingest, places, protect, release, rules, trees, vocab
from geo.model import (
    CASES,
    COUNTRIES,
    FINDINGS,
    LOCATED,
    OUTSIDE,
    UNKNOWN,
    DataError,
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
MOST_MENDINGS = 8
"""Times that what the attack derived is hidden and the release attacked anew."""


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
) -> Built:
    """Make a release of case files: count, protect, attack, seal.

    Parameters
    ----------
    inputs : sequence of path
    out : path
        The release folder, whose name is the release's id; must not exist.
    mapping : Mapping
    policy : Policy
    accepted : sequence of str
        Rules that may fail often without stopping the build.
    report : path, optional
        Where the private account goes; never inside a release.
    progress : callable
        Called with (step, done, total).

    Raises
    ------
    DataError
        The files fail a rule, or the attack found something; nothing is written.
    UnusableError
        A call or file that cannot be used; nothing is written.
    """
    out = Path(out)
    _refuse_real_for_public(mapping, policy)
    if report is not None:
        _check_report(Path(report), out, inputs)
    with release.draft(out) as temporary:
        inspected = inspect(inputs, mapping, policy, accepted, progress)
        _stop_on_errors(inspected.findings)
        _refuse_untrue_scope(inspected.located, mapping)
        counts, views = counted(inspected.located, policy)
        manifest = _manifest(out.name, mapping, policy, views, counts, inspected.located)
        protected, attacked = _protected(temporary, counts, policy, manifest, progress)
        account = _account(inspected, protected, attacked)
        if report is not None:
            _write_private(Path(report), account)
        release.seal(temporary, out, attacked)
    return Built(out, attacked.problems, account)


def _protected(
    folder: Path, counts: cube.Cube, policy: Policy, manifest: dict, progress: Progress
) -> tuple[protect.Protected, audit.Audit]:
    """Protect, write the draft and attack it; what the attack derives is hidden too."""
    protected = protect.publish(
        counts, policy, parents(), lambda step, hidden: progress(step, hidden, 0)
    )
    attacked = _attacked_draft(folder, protected, manifest, progress)
    for _ in range(MOST_MENDINGS):
        if attacked.passed or not attacked.leaks:
            break
        protected = protect.mended(protected, counts, policy, attacked.leaks)
        attacked = _attacked_draft(folder, protected, manifest, progress)
    if not attacked.passed:
        raise DataError(_failed(attacked.problems), _as_findings(attacked.problems))
    return protected, attacked


def _attacked_draft(
    folder: Path, protected: protect.Protected, manifest: dict, progress: Progress
) -> audit.Audit:
    """Write the release into its draft folder and attack what was written."""
    release.write(folder, protected.cells, _places(protected.cells), manifest)
    return audit.attack(folder, progress=progress)


def default_policy(mapping: ingest.Mapping) -> Policy:
    """Public for synthetic files; staff for all others, until the interval rule is built."""
    return read_policy("public" if mapping.release.get("synthetic") else "staff")


def _refuse_real_for_public(mapping: ingest.Mapping, policy: Policy) -> None:
    """Say before the work what `release.write` would say after it."""
    if policy.audience == "public" and not mapping.release.get("synthetic"):
        raise DataError(
            "a public release must be synthetic in this version: intervals, the insider and time "
            "are not proved yet; build it with --policy staff"
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
    base = cube.base(located)
    views = policy.views_for(int(base["cases"].sum()))
    above = parents()
    tiny = _too_small(base, views, policy)
    counts = cube.count(base, views, above["venue"], above["nationality"], tiny)
    return counts, views


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
    views: tuple[View, ...],
    counted: cube.Cube,
    located: pd.DataFrame,
) -> dict:
    about = mapping.release
    coverage = _coverage(about, located)
    title = about.get("title") or {"en": "Reported cases", "es": "Casos reportados"}
    unit = about.get("unit") or {"en": "reported cases", "es": "casos reportados"}
    return {
        "id": name,
        "series": about.get("series") or name,
        "title": title,
        "synthetic": bool(about.get("synthetic", False)),
        "audience": policy.audience,
        "sources": [
            {
                "name": source["name"],
                "coverage_start": source.get("coverage_start") or coverage["start"],
                "coverage_end": source.get("coverage_end") or coverage["end"],
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
            "views": [asdict(view) | {"grains": list(view.grains)} for view in views],
        },
        "multi_valued": list(counted.multi_valued),
        "measures": {"cases": {"unit": unit}},
        "scope": [list(statement) for statement in about.get("scope", [])],
        "outside": _outside(located, policy.k),
        "boundaries": _boundaries(),
        "code": {"mosaico": __version__},
        "previous": None,
        "licence": about.get("licence") or LICENCE,
        "citation": about.get("citation")
        or {lang: f"Mosaico. {text}" for lang, text in title.items()},
    }


def _coverage(about: dict, located: pd.DataFrame) -> dict:
    """The release's block in time: what its sources say, else the years of the file."""
    given = about.get("sources", [])
    starts = [source["coverage_start"] for source in given if source.get("coverage_start")]
    ends = [source["coverage_end"] for source in given if source.get("coverage_end")]
    years = sorted({trees.year(period) for period in located["period"].unique()} - {UNKNOWN})
    start = min(starts) if starts else (years[0] if years else "")
    end = max(ends) if ends else (years[-1] if years else "")
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
    if "manifest" in found:
        return "Mend the texts that [release] of the mapping gives the release"
    return "A defect of Mosaico, not of the file: please report this line"


def _account(inspected: Inspected, protected: protect.Protected, attacked: audit.Audit) -> dict:
    """The private build report: what came in, what each view kept, what the attack saw."""
    return {
        "private": "true counts and utility; never publish, never put into a release",
        "findings": inspected.findings.to_dict("records"),
        "notes": inspected.notes.to_dict("records"),
        "utility": protect.share_kept(protected.utility),
        "views": protected.utility.to_dict("records"),
        "suppression": {"rounds": protected.rounds, "cuts": protected.cuts},
        "audit": attacked.report,
    }


def _check_report(report: Path, out: Path, inputs: Sequence[str | Path]) -> None:
    """Refuse a place where the private account would be published or cover a case file."""
    inside = report.resolve()
    if inside.is_relative_to(out.resolve()) or any(
        (folder / release.MANIFEST).exists() for folder in inside.parents
    ):
        raise UnusableError(f"{report}: the private report must lie outside every release folder")
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

"""The command line: check, build, audit, canary, ledger, clusters, demo. It reaches the stages through build."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from geo import __version__
from geo.model import DataError, MosaicoError, ReleaseError, UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from geo import ahead

DONE, FAILS, UNUSABLE = 0, 1, 2
SHOWN = 40
SYNTHETIC = b"SYNTHETIC-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit status 0 done, 1 data or release fails, 2 unusable call or file."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        status = _status(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing is left to be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNUSABLE
    return status


def _status(options: argparse.Namespace) -> int:
    """Run the command of a call; every error becomes one line and an exit status."""
    try:
        return options.run(options)
    except DataError as error:
        if error.findings is not None:
            _print_findings(error.findings)
        return _say(str(error), FAILS)
    except ReleaseError as error:
        return _say(str(error), FAILS)
    except MosaicoError as error:
        return _say(str(error), UNUSABLE)
    except (_Stopped, KeyboardInterrupt):
        return _say("stopped; nothing was written", UNUSABLE)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or "cannot be read or written"
        return _say(f"{error.filename or 'a file'}: {reason}", UNUSABLE)
    except MemoryError:
        return _say("not enough memory for this file; split it or use a larger machine", UNUSABLE)
    except Exception as error:
        return _say(_defect(error), UNUSABLE)


class _Stopped(BaseException):
    """A signal asked the command to end.

    Not a KeyboardInterrupt: Python remembers one that passes through ``exec`` of a text, as
    inside the making of a dataclass, and then dies of SIGINT at its end although it was caught.
    """


def _stop(*_: object) -> None:
    raise _Stopped


def _defect(error: Exception) -> str:
    """What is safe to say of an error nobody foresaw: never its message, which may hold a value."""
    here = str(Path(__file__).parent)
    steps = traceback.extract_tb(error.__traceback__)
    own = [step for step in steps if step.filename.startswith(here)][-1]
    return (
        f"a defect of Mosaico: {type(error).__name__} in {Path(own.filename).name}, line "
        f"{own.lineno}; nothing was released; please report this line"
    )


def _say(message: str, status: int) -> int:
    print(f"mosaico: {' '.join(message.split())}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m geo",
        description="Turn case files into a release of protected counts, and attack releases.",
        epilog="Exit status: 0 done; 1 the data or the release fails what was asked (findings are "
        "printed); 2 the call or a file cannot be used.",
    )
    parser.add_argument("--version", action="version", version=f"Mosaico {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_check(commands)
    _add_build(commands)
    _add_audit(commands)
    _add_canary(commands)
    _add_ledger(commands)
    _add_clusters(commands)
    _add_demo(commands)
    return parser


def _add_inputs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="a case file (CSV, XLSX or Parquet), or several with the same columns",
    )
    command.add_argument(
        "--mapping",
        metavar="MAPPING",
        help="how the file's columns are to be read: the name of a mapping that ships with "
        "Mosaico, or a TOML file; without it the file has Mosaico's own columns",
    )
    command.add_argument(
        "--policy",
        metavar="POLICY",
        help="what may be shown, and to whom: public, staff, or a TOML file; without it a "
        "synthetic file is for the public, every other for staff",
    )
    command.add_argument(
        "--accept",
        metavar="RULE",
        action="append",
        default=[],
        help="go on although this rule fails in many rows (its values count as unknown); a "
        "rule's name is the second word of a finding",
    )


def _add_check(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "check",
        help="say what is wrong with case files; writes nothing",
        description=_check.__doc__,
    )
    _add_inputs(command)
    command.set_defaults(run=_check)


def _add_build(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "build", help="make a protected release of case files", description=_build.__doc__
    )
    _add_inputs(command)
    command.add_argument(
        "--out", required=True, metavar="DIR", help="the release folder to make; must not exist"
    )
    command.add_argument(
        "--report",
        metavar="FILE",
        help="also write a private account to this file: what came in, what each view kept; "
        "keep it out of every release",
    )
    command.add_argument(
        "--previous",
        metavar="DIR",
        nargs="+",
        default=[],
        help="every earlier release of the series: its blocks are repeated, and each closed year "
        "that the files add stands beside them",
    )
    command.add_argument(
        "--queue",
        metavar="FILE",
        help="with --previous: note late and corrected cases of earlier blocks in this private "
        "file; they are in no release",
    )
    command.add_argument(
        "--restate",
        metavar="BLOCK",
        default="",
        help="with --previous: publish this earlier block anew, under a new label; the files hold "
        "all its cases",
    )
    command.set_defaults(run=_build)


def _add_audit(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "audit", help="attack a release and say what was found", description=_audit.__doc__
    )
    command.add_argument("release", metavar="RELEASE", help="a release folder")
    command.add_argument(
        "--previous",
        metavar="DIR",
        nargs="+",
        default=[],
        help="earlier releases of the same series, to be compared",
    )
    command.add_argument("--json", action="store_true", help="print the whole report as JSON")
    command.set_defaults(run=_audit)


def _add_canary(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "canary",
        help="say what one case more would change in a release; writes nothing",
        description=_canary.__doc__,
    )
    _add_inputs(command)
    command.set_defaults(run=_canary)


def _add_ledger(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "ledger", help="list the releases of a folder, or withdraw one", description=_ledger.__doc__
    )
    command.add_argument("folder", metavar="FOLDER", help="the folder that releases are in")
    command.add_argument(
        "--withdraw", metavar="ID", help="note that this release is withdrawn; no file is removed"
    )
    command.set_defaults(run=_ledger)


def _add_clusters(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "clusters",
        help="say where a release's published reports lie together",
        description=_clusters.__doc__,
    )
    command.add_argument(
        "release", metavar="RELEASE", help="a release folder, or the folder that releases are in"
    )
    command.add_argument("--level", default="state", choices=["state", "h3_3", "h3_4", "h3_5"])
    for name in ("period", "venue", "nationality", "trafficking-type"):
        command.add_argument(f"--{name}", default="all", metavar="CODE", help="a published code")
    command.add_argument(
        "--out", metavar="FILE", help="write one view to this CSV file instead, for its owner only"
    )
    command.set_defaults(run=_clusters)


def _add_demo(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "demo", help="write a synthetic case file to try Mosaico with", description=_demo.__doc__
    )
    command.add_argument(
        "--like",
        required=True,
        choices=["national", "deck", "sheet"],
        help="a national hotline; or with the printed totals of the slide deck or the fact sheet",
    )
    command.add_argument("--out", required=True, metavar="FILE", help="the CSV file to write")
    command.add_argument("--cases", type=int, metavar="N", help="number of cases (national only)")
    command.add_argument(
        "--seed", type=int, metavar="S", help="a whole number; another one gives another file"
    )
    command.set_defaults(run=_demo)


def _check(options: argparse.Namespace) -> int:
    """Read and locate case files and print what was found. No value of a case is printed."""
    from geo import build

    mapping = _mapping(options)
    with _progress() as progress:
        inspected = build.inspect(
            options.inputs, mapping, _policy(options, mapping), options.accept, progress
        )
    _print_findings(inspected.findings)
    print(_placed(inspected.located))
    return FAILS if (inspected.findings["severity"] == "error").any() else DONE


def _build(options: argparse.Namespace) -> int:
    """Count, protect, attack and seal. Nothing is written unless the attack finds nothing."""
    from geo import build

    mapping = _mapping(options)
    _refuse_covering(options)
    policy = _policy(options, mapping)
    with _progress() as progress:
        built = build.build(
            options.inputs,
            options.out,
            mapping,
            policy,
            options.accept,
            options.report,
            progress,
            options.previous,
            options.queue,
            options.restate,
        )
    print(
        f"{built.folder}: released for {policy.audience}, k = {policy.k}; the attack found nothing."
    )
    if policy.audience != "public":
        print("Not for publication: its protection has not been reviewed by others yet.")
    if built.apart:
        print(
            f"{len(built.apart)} other release(s) of this series are here ({built.apart[0]}), and "
            "were not named with --previous. Two releases of the same cases can give away what "
            "each hides: before one is shared, run "
            f"`python -m geo audit {built.folder} --previous {built.folder.parent / built.apart[0]}`.",
            file=sys.stderr,
        )
    return _cluster(built.folder)


def _cluster(folder: Path) -> int:
    """Find the clusters of a release that was just sealed; whatever happens, it stays released."""
    from geo import ahead

    try:
        ahead.cluster(folder)
    except (_Stopped, KeyboardInterrupt):
        why = "stopped while clusters were looked for"
    except MosaicoError as error:
        why = str(error)
    except Exception as error:
        why = f"a defect of Mosaico: {type(error).__name__}"
    else:
        return DONE
    return _say(
        f"{why}; the release is whole and stays, its clusters are missing: "
        f"`python -m geo clusters {folder}` finds them",
        UNUSABLE,
    )


def _audit(options: argparse.Namespace) -> int:
    """Run every check on a release folder, reading only what the public reads."""
    from geo import audit, release

    with _progress() as progress:
        attacked = audit.attack(options.release, options.previous, progress)
    altered = _refusal(options.release, release)
    passed = attacked.passed and not altered
    if options.json:
        listed = attacked.problems.to_dict("records")
        content = {**attacked.report, "passed": passed, "refused": altered, "problems": listed}
        print(json.dumps(content, indent=2, ensure_ascii=False, default=int))
        return DONE if passed else FAILS
    _print_problems(attacked.problems)
    if altered:
        print(altered)
    failing = int((attacked.problems["severity"] == "fail").sum())
    print("passed: the attack found nothing." if passed else f"failed: {failing} problem(s) found.")
    return DONE if passed else FAILS


def _canary(options: argparse.Namespace) -> int:
    """Build without and with one more case, and compare everything that would come out.

    Three cases are tried: in the largest group, in a small one, and where there is none. Takes
    as long as four builds. Nothing is written; what is printed is private, and holds no value.
    """
    from geo import canary

    mapping = _mapping(options)
    policy = _policy(options, mapping)
    with _progress() as progress:
        sung = canary.canary(options.inputs, mapping, policy, options.accept, progress)
    for one in sung:
        print(
            f"{one.name:6} counted in {one.around} cells: {one.grown} published numbers grew by "
            f"one, {one.appeared} cells appeared ({one.crossed} that reach k with it), "
            f"{one.vanished} vanished" + ("; the files are the same." if one.identical else ".")
        )
        for problem in one.problems:
            print(f"{one.name:6} [fail] {problem}")
    failing = sum(len(one.problems) for one in sung)
    print(
        f"failed: {failing} problem(s) found."
        if failing
        else "passed: one case more changes only what it may."
    )
    return FAILS if failing else DONE


def _refusal(folder: str, release: object) -> str:
    try:
        release.verify(folder)
    except ReleaseError as error:
        return str(error)
    return ""


def _ledger(options: argparse.Namespace) -> int:
    """List what came out and what was withdrawn; the chain of entries is verified first."""
    from geo import ledger

    if not Path(options.folder).is_dir():
        raise UnusableError(f"{options.folder}: expected the folder that releases are in")
    entries = ledger.read(options.folder)
    if options.withdraw:
        entries = ledger.without(entries, options.withdraw)
        ledger.write(options.folder, entries)
    for entry in entries:
        print(f"{entry.event:10}{entry.id}  series {entry.series}, for {entry.audience}")
    print(f"{len(entries)} entries; the chain holds." if entries else "no ledger here yet.")
    return DONE


def _clusters(options: argparse.Namespace) -> int:
    """Find clusters of reports among published places, by Getis-Ord Gi*.

    Of every view, for the dashboard, into a file beside each release; a file that is there and
    is of the same release and method stays. With --out, of one view: with fewer than 30 published
    places that file has no row, and the reason is printed.
    """
    if options.out:
        return _clusters_of_view(options)
    from geo import ahead

    folders = ahead.readable(options.release)
    try:
        for folder in folders:
            made = ahead.cluster(folder)
            print(f"{made.path}: {_told_clusters(made) if made.views else 'is up to date.'}")
    except (_Stopped, KeyboardInterrupt):
        return _say("stopped; the files named above are whole, no other was written", UNUSABLE)
    return DONE if folders else _say(f"{options.release}: no release that can be read", FAILS)


def _told_clusters(made: ahead.Clustered) -> str:
    compared = [view for view in made.views if not view.refused]
    named = sum(bool(view.many or view.few) for view in compared)
    return f"{len(made.views)} views, {len(compared)} compared, {named} with clusters."


def _clusters_of_view(options: argparse.Namespace) -> int:
    from geo import cluster_file, clusters, release
    from geo.model import DIMENSIONS

    read = release.read(options.release)
    codes = {name: getattr(options, name) for name in DIMENSIONS}
    found = clusters.of_release(read.cells, read.places, read.manifest, options.level, codes)
    whose = {"release": read.manifest["id"], "manifest": cluster_file.digest(read.folder)}
    clusters.write(found, options.out, {**whose, "level": options.level, **codes})
    named = int((found.table["cluster"] != "").sum())
    print(found.reason or f"{options.out}: {found.places} places, {named} in clusters.")
    return DONE


def _demo(options: argparse.Namespace) -> int:
    """Write a synthetic case file. It holds no real record; the same seed gives the same file."""
    from geo import demo

    _refuse_replacing(Path(options.out))
    demo.write(options.like, options.out, options.cases, options.seed)
    print(f"{options.out}: synthetic cases, no real record.")
    return DONE


def _mapping(options: argparse.Namespace) -> object:
    """The mapping of a call whose inputs and accepted rules have been looked at."""
    from geo import ingest, rules

    rules.known(options.accept)
    seen: set[Path] = set()
    for path in map(Path, options.inputs):
        if path.resolve() in seen:
            raise UnusableError(f"{path}: given twice; its cases would be counted twice")
        seen.add(path.resolve())
    return ingest.mapping(options.mapping) if options.mapping else ingest.canonical()


def _refuse_covering(options: argparse.Namespace) -> None:
    private = [Path(given) for given in (options.report, options.queue) if given]
    for path in private:
        for given in (options.mapping, options.policy):
            if given and Path(given).resolve() == path.resolve() and path.exists():
                raise UnusableError(
                    f"{path}: is the mapping or the policy of this call; name another file"
                )
    if len({path.resolve() for path in private}) < len(private):
        raise UnusableError(f"{options.queue}: is the report of this call too; name another file")
    if not options.previous and (options.queue or options.restate):
        raise UnusableError("--queue and --restate need --previous")


def _refuse_replacing(out: Path) -> None:
    """A demonstration may replace a demonstration, and no other file."""
    if not out.is_file():
        return
    with out.open("rb") as file:
        head = file.readline() and file.readline()
    if out.stat().st_size and SYNTHETIC not in head:
        raise UnusableError(f"{out}: exists and is no demonstration file; name another file")


def _policy(options: argparse.Namespace, mapping: object) -> object:
    from geo.build import default_policy
    from geo.policy import policy

    return policy(options.policy) if options.policy else default_policy(mapping)


def _placed(located: pd.DataFrame) -> str:
    cases = int(located.drop_duplicates("case")["cases"].sum())
    return f"{len(located)} usable rows, {cases} cases."


def _print_findings(findings: pd.DataFrame) -> None:
    for finding in findings.to_dict("records"):
        share = f" ({finding['share']:.1%})" if finding["share"] else ""
        some = f" {finding['count']}{share}" if finding["count"] else ""
        told = f"{finding['message']}{_where(finding)}"
        print(f"{finding['severity']:8}{finding['rule']}:{some} {told}")


def _where(finding: dict) -> str:
    """Rows of a finding, and the file where several were given."""
    rows = f"rows {finding['rows']}" if finding["count"] and finding["rows"] else ""
    told = " of ".join(filter(None, (rows, finding["file"])))
    return f" ({told})" if told else ""


def _print_problems(problems: pd.DataFrame) -> None:
    from geo.audit import told

    for problem in problems.head(SHOWN).to_dict("records"):
        check = f"check {problem['check']:>2} {problem['name']} [{problem['severity']}]"
        print(f"{check} {told(problem)}")
    if len(problems) > SHOWN:
        print(f"… and {len(problems) - SHOWN} more (--json prints all)")
    _print_what_failed(problems[problems["severity"] == "fail"])


def _print_what_failed(failing: pd.DataFrame) -> None:
    """Each check that failed, once, by what it would prove."""
    from geo.release import check_words

    words = check_words("en")
    for check, name in failing[["check", "name"]].drop_duplicates().sort_values("check").to_numpy():
        if name in words:
            print(f"Not so, by check {check} {name}: {words[name]}.")


class _progress:
    """Progress on a terminal; silence in a pipe."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        if not sys.stderr.isatty():
            return lambda step, done, total: None
        from rich.console import Console

        self.status = Console(stderr=True).status("starting")
        self.status.start()
        return self._show

    def _show(self, step: str, done: int, total: int) -> None:
        self.status.update(f"{step}: {done}" + (f" of {total}" if total else ""))

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "status"):
            self.status.stop()


if __name__ == "__main__":
    sys.exit(main())

"""One table protected by tau-argus, in a process of its own: ``tau_argus.py FOLDER METHOD SECONDS``.

Run by the Python of an environment that has ``requirements.txt`` of this folder; it knows nothing
of Mosaico. FOLDER/table.json holds ``columns``, ``trees`` (column to lines of a code tree, depth by
leading @) and ``cells``: a row each of codes, empty for the total, then count, cost, whether it is
unsafe, and how far its interval must reach below and above its count. FOLDER/secondary.json gets
the codes of the cells that tau-argus hides besides. SECONDS of processor time are its limit: OPT is
told to come to an end by then, and what goes on half as long again is stopped by the system.
"""

import json
import resource
import sys
from pathlib import Path

TOTAL = "Total"
SECONDARY = "M"
STATUS_FROM_END = -3


def main(folder: Path, method: str, seconds: int) -> None:
    """Write the files of a tabular batch job, run it, and read what it hid."""
    from pytauargus.engine import run_batch

    resource.setrlimit(resource.RLIMIT_CPU, (seconds * 3 // 2, seconds * 3 // 2))
    table = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    (folder / "table.tab").write_text(_rows(table["cells"]), encoding="utf-8")
    for column, tree in table["trees"].items():
        (folder / f"{column}.hrc").write_text("\n".join(tree) + "\n", encoding="utf-8")
    (folder / "table.rda").write_text(_metadata(folder, table), encoding="utf-8")
    job = folder / "job.arb"
    minutes = max(1, seconds // 60)
    job.write_text(_job(folder, table["columns"], method, minutes), encoding="utf-8")
    run_batch(job)
    found = _secondary(folder / "out.tab", len(table["columns"]))
    (folder / "secondary.json").write_text(json.dumps(found), encoding="utf-8")


def _rows(cells: list) -> str:
    lines = []
    for *codes, count, cost, unsafe, below, above in cells:
        named = [code or TOTAL for code in codes]
        status = "U" if unsafe else "S"
        lines.append(";".join(map(str, [*named, count, cost, status, below, above])))
    return "\n".join(lines) + "\n"


def _metadata(folder: Path, table: dict) -> str:
    lines = ['<SEPARATOR> ";"', '<SAFE> "S"', '<UNSAFE> "U"', '<PROTECT> "P"']
    for column in table["columns"]:
        lines += [column, "<RECODEABLE>", f'<TOTCODE> "{TOTAL}"']
        if column in table["trees"]:
            lines += ["<HIERARCHICAL>", f'<HIERCODELIST> "{folder / column}.hrc"']
            lines += ['<HIERLEADSTRING> "@"']
    lines += ["count", "<NUMERIC>", "<DECIMALS> 0"]
    lines += ["cost", "<NUMERIC> <COST>", "<DECIMALS> 0", "status", "<STATUS>"]
    lines += ["below", "<NUMERIC> <LOWERPL>", "<DECIMALS> 0"]
    lines += ["above", "<NUMERIC> <UPPERPL>", "<DECIMALS> 0"]
    return "\n".join(lines) + "\n"


def _job(folder: Path, columns: list, method: str, minutes: int) -> str:
    crossed = "".join(f'"{column}"' for column in columns)
    return "\n".join(
        [
            f'<OPENTABLEDATA> "{folder / "table.tab"}"',
            f'<OPENMETADATA> "{folder / "table.rda"}"',
            f'<SPECIFYTABLE> {crossed}|"count"||"cost"',
            "<SAFETYRULE>",
            "<READTABLE> 0",
            f"<SUPPRESS> {method}(1,{minutes})",
            f'<WRITETABLE> (1,5,SO+,"{folder / "out.tab"}")',
            "",
        ]
    )


def _secondary(path: Path, width: int) -> list[list[str]]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = [part.strip('"') for part in line.split(";")]
        if parts[STATUS_FROM_END] == SECONDARY:
            codes = (code.strip() for code in parts[:width])
            found.append(["" if code == TOTAL else code for code in codes])
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3]))

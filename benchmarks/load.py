"""Many readers at once: ``python -m benchmarks.load [--readers N] [--results FILE]``.

A server of its own is started on a free port, and is told to have `started` when it answers. One
reader opens the map in that moment; then all readers open it in the same moment, look for a while, change a filter, look, and
so on. Readers are websocket clients (`benchmarks.reader`), of whom the server does not know that
they have no screen. One row goes to a CSV file: every figure in it was measured in that run, with
the load that the machine had before.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.reader import Answer, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "load.csv"
SAMPLED = 0.25  # seconds between two looks at the memory
MEGABYTE = 1_000_000


def main(arguments: list[str] | None = None) -> None:
    """Measure, print and write one row."""
    given = _parsed(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server ends with this process
    before = os.getloadavg()[0]
    start = time.perf_counter()
    with serving() as (host, group):
        started = time.perf_counter() - start
        measured = asyncio.run(_measured(host, group, given))
    row = {
        "commit": _commit(),
        "cores": os.cpu_count(),
        "load_before": round(before, 2),
        "readers": given.readers,
        "changes": given.changes,
        "think_least": given.think[0],
        "think_most": given.think[1],
        "started": round(started, 2),
        **measured,
    }
    _write(given.results, row)
    print("\n".join(f"{name:22}{value}" for name, value in row.items()))


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--changes", type=int, default=6, help="filter changes of each reader")
    parser.add_argument(
        "--think", type=float, nargs=2, default=(5.0, 15.0), metavar=("LEAST", "MOST"),
        help="seconds that a reader looks at a map before the next change",
    )  # fmt: skip
    parser.add_argument("--results", type=Path, default=RESULTS, help="CSV file to add a row to")
    return parser.parse_args(arguments)


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """Host and process group of a dashboard of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui.serve", "--server.port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, process_group=0, **quiet)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(url: str, server: subprocess.Popen) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise SystemExit(f"the dashboard stopped with status {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the dashboard did not answer within a minute")


async def _measured(host: str, group: int, given: argparse.Namespace) -> dict[str, object]:
    """Figures of one lone reader and of all readers."""
    lone = Reader(host, random.Random(0))
    alone = [await lone.opened(), await lone.changed()]
    await lone.close()
    sizes = [memory(group)]
    watching = asyncio.create_task(_watched(group, sizes))
    used, own = processor(group), time.process_time()
    readers = [Reader(host, random.Random(number + 1)) for number in range(given.readers)]
    first = await asyncio.gather(*(_tried(reader.opened) for reader in readers))
    opened = processor(group)
    later = await asyncio.gather(*(_changes(reader, given) for reader in readers))
    done = processor(group)
    watching.cancel()
    changes = [one for some in later for one in some]
    firsts = [one for one in first if one]
    row = _figures(alone, firsts, [one for one in changes if one])
    row |= {
        "opening_cpu": round((opened - used) / given.readers, 3),
        "change_cpu": round((done - opened) / max(len(changes), 1), 3),
        "memory_one_mb": round(sizes[0] / MEGABYTE),
        "memory_peak_mb": round(max(sizes) / MEGABYTE),
        "memory_end_mb": round(memory(group) / MEGABYTE),
        "reader_cpu": round(time.process_time() - own, 2),
        "failed": sum(one is None or one.failed for one in (*first, *changes)),
    }
    for reader in readers:
        await reader.close()
    return row


async def _tried(action) -> Answer | None:
    """Answer, or None where none came."""
    try:
        return await action()
    except (OSError, TimeoutError, EOFError) as error:
        print(f"no answer: {error!r}", file=sys.stderr)
        return None


async def _changes(reader: Reader, given: argparse.Namespace) -> list[Answer | None]:
    answers = []
    for _ in range(given.changes if reader.filters else 0):
        await asyncio.sleep(reader.chance.uniform(*given.think))
        answers.append(await _tried(reader.changed))
        if answers[-1] is None:  # what comes later would be taken for an answer to the next
            break
    return answers


async def _watched(group: int, sizes: list[int]) -> None:
    while True:
        sizes.append(memory(group))
        await asyncio.sleep(SAMPLED)


def _figures(alone: list[Answer], first: list[Answer], changes: list[Answer]) -> dict[str, object]:
    """Seconds and bytes; a whole page is later than its map."""
    maps, changed = [one.map for one in first], [one.whole for one in changes]
    return {
        "started_map": round(alone[0].map, 2),
        "started_change": round(alone[1].whole, 2),
        "map_median": round(statistics.median(maps), 2),
        "map_slowest": round(max(maps), 2),
        "page_slowest": round(max(one.whole for one in first), 2),
        "change_median": round(statistics.median(changed), 2),
        "change_p95": round(percentile(changed, 95), 2),
        "change_slowest": round(max(changed), 2),
        "opening_kb": round(statistics.median(one.size for one in first) / 1000, 1),
        "change_kb_median": round(statistics.median(one.size for one in changes) / 1000, 1),
        "change_kb_most": round(max(one.size for one in changes) / 1000, 1),
    }


def percentile(values: list[float], part: int) -> float:
    """Least value that `part` in a hundred of all do not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50), percentile([4.0, 1.0, 3.0, 2.0], 95)
    (2.0, 4.0)
    """
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * part // 100) - 1, 0)]


def memory(group: int) -> int:
    """Bytes that the processes of a group hold in memory."""
    return sum(int(fields[21]) for fields in _processes(group)) * os.sysconf("SC_PAGE_SIZE")


def processor(group: int) -> float:
    """Processor seconds that the processes of a group have used."""
    ticks = sum(int(fields[11]) + int(fields[12]) for fields in _processes(group))
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes(group: int) -> Iterator[list[str]]:
    """Fields of ``/proc/PID/stat`` after the name, of each process of a group."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[2]) == group:
            yield fields


def _commit() -> str:
    """Commit that was measured, with ``+`` where files differ from it."""
    asked = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip()


def _write(path: Path, row: dict[str, object]) -> None:
    """Add a row below the head that the file has.

    Raises
    ------
    SystemExit
        Where the head is another.
    """
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not new and path.read_text(encoding="utf-8").splitlines()[0] != ",".join(row):
        raise SystemExit(f"{path} has other columns than {', '.join(row)}")
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


if __name__ == "__main__":
    main()

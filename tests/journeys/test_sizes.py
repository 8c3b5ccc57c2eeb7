"""What a change of a filter sends: little, also where the most is shown."""

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from benchmarks.reader import FILTERS, Reader
from tests.journeys.conftest import serving
from tests.ui import sample

MOST = 40_000  # bytes of all messages of a change
WITH_PLACE = 45_000  # with a place open, whose two charts come too
FULL = "layers=all,residential_brothel,cantina,escort&clusters=on&lang=es"


@pytest.fixture(scope="module")
def host():
    with serving(sample.ROOT / "data" / "aggregates") as address:
        yield urlsplit(address).netloc


def ran(coroutine):
    """Result of a coroutine, run beside the loop that the browser of other journeys has."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, coroutine).result()


async def sizes(host: str, query: str) -> dict[str, int]:
    """Bytes of each change to a value of a filter, or of the way back, by the address there."""
    reader = Reader(host, random.Random(0), query=query)
    await reader.opened()
    found = {}
    for name in FILTERS:
        opening = reader.filters[name]
        for value in set(opening.options) - set(opening.values):
            there = await changed(reader, name, (value,))
            address = reader.query
            back = await changed(reader, name, opening.values)
            found[address] = max(there, back)
    await reader.close()
    return found


async def changed(reader: Reader, name: str, values: tuple[str, ...]) -> int:
    answer = await reader._run({name: values}, time.perf_counter())
    assert not answer.failed
    return answer.size


@pytest.mark.parametrize("level", ["state", "h3_3"])
@pytest.mark.parametrize(("place", "most"), [("", MOST), ("&place=US-TX", WITH_PLACE)])
def test_no_change_of_a_filter_sends_more_than_40_kb(host, level, place, most):
    found = ran(sizes(host, f"{FULL}&level={level}{place}"))
    assert len(found) > 20
    assert {change: size for change, size in found.items() if size > most} == {}


def test_what_did_not_change_is_not_sent_again(host):
    """Texts, lists of options, scripts and styles, the table of places found by name."""

    async def twice():
        reader = Reader(host, random.Random(0))
        first = await reader.opened()
        again = await reader._run({}, time.perf_counter())
        await reader.close()
        return first.size, again.size

    first, again = ran(twice())
    assert again < first / 4

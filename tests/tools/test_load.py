"""The load benchmark: what its readers do, and what it makes of their answers."""

import asyncio
import itertools
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import load
from benchmarks import reader as readers
from benchmarks.reader import FILTERS, Answer, Filter, Kept, Reader


@pytest.fixture
def reader():
    """Reader of a page with four filters that stand as they open."""
    made = Reader("nowhere:1", random.Random(3))
    one = {"layers": True, "level": False, "period": True, "nationality": False}
    for name, several in one.items():
        made.filters[name] = Filter(f"id-{name}", several, ("a", "b", "c"), ("a",))
    made.opening = {name: filter.values for name, filter in made.filters.items()}
    return made


def test_a_change_moves_one_filter_to_another_value(reader):
    for _ in range(50):
        [(name, values)] = reader._change().items()
        assert name in FILTERS
        assert values != reader.filters[name].values


def test_a_reader_with_two_filters_set_puts_one_of_them_back(reader):
    for name in ("level", "period"):
        reader.filters[name] = Filter(f"id-{name}", False, ("a", "b", "c"), ("b",))
    for _ in range(20):
        [(name, values)] = reader._change().items()
        assert name in ("level", "period")
        assert values == ("a",)


def test_a_filter_that_offers_nothing_is_left_alone(reader):
    for name in ("layers", "level", "period"):
        reader.filters[name] = Filter(f"id-{name}", False, (), ("a",))
    assert {name for _ in range(20) for name in reader._change()} == {"nationality"}


def test_several_values_and_none_are_sent_as_a_browser_sends_them():
    several = Filter("x", True, ("a", "b"), ("a",))
    assert several.state(("a", "b")).string_array_value.data == ["a", "b"]
    assert several.state(()).HasField("string_array_value")
    assert Filter("x", False, ("a", "b"), ("a",)).state(("b",)).string_value == "b"


class Said:
    """Websocket that says what it was made with, and keeps what it was asked."""

    def __init__(self, *messages):
        self.messages, self.asked = messages, []

    async def send(self, asked):
        self.asked.append(asked)

    async def __aiter__(self):
        for message in self.messages:
            yield message.SerializeToString()


def map_message(name="", kept=""):
    message = ForwardMsg(hash=name, ref_hash=kept) if kept else ForwardMsg(hash=name)
    if not kept:
        message.metadata.cacheable = bool(name)
        drawn = message.delta.new_element.component_instance
        drawn.component_name, drawn.json_args = "streamlit_folium.st_folium", "app/static/a.json"
    return message


def ran(coroutine):
    """What it returns, run in a thread of its own: journeys leave a loop running in theirs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


END = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


def test_a_page_is_whole_when_the_files_of_its_map_are_here_too(reader, monkeypatch):
    """They come after the last message: a page without its map is not whole."""
    clock = itertools.count()
    monkeypatch.setattr(readers.time, "perf_counter", lambda: next(clock))

    async def late(*_):
        await asyncio.sleep(0.01)

    monkeypatch.setattr(readers, "_got", late)
    reader.socket = Said(map_message(), END)
    answer = ran(reader._run(None, 0))
    assert answer.whole == answer.map > 0


def test_a_message_that_the_browser_kept_counts_as_what_it_names(reader, monkeypatch):
    async def at_once(*_):
        pass

    monkeypatch.setattr(readers, "_got", at_once)
    reader.socket = Said(map_message("x"), END)
    ran(reader._run(None, 0))
    reader.socket = Said(map_message(kept="x"), END)
    answer = ran(reader._run(None, 0))
    assert b"x" in reader.socket.asked[0]
    assert answer.map > 0


def test_a_message_is_kept_until_no_run_used_it_for_long():
    kept = Kept(longest=1)
    kept.taken(map_message("x"))
    kept.taken(map_message())
    for _ in range(2):
        kept.finished()
        kept.taken(map_message(kept="x"))
    assert list(kept.messages) == ["x"]
    for _ in range(2):
        kept.finished()
    assert not kept.messages


def test_the_95th_percentile_is_a_measured_value_that_5_of_100_exceed():
    values = [float(number) for number in range(1, 101)]
    assert load.percentile(values[::-1], 95) == 95.0
    assert load.percentile([7.0], 95) == 7.0


def test_figures_tell_the_slowest_map_and_the_whole_page():
    first = [Answer(1.0, 2.0, 1000, False), Answer(3.0, 3.5, 2000, False)]
    figures = load._figures(first, first, [Answer(0.0, 0.5, 500, False)])
    assert (figures["map_slowest"], figures["page_slowest"]) == (3.0, 3.5)
    assert (figures["opening_kb"], figures["change_kb_most"]) == (1.5, 0.5)


def test_memory_and_processor_are_of_a_whole_group_of_processes():
    code = (
        "import subprocess, sys; one = subprocess.Popen([sys.executable, '-c', "
        "'print(1, flush=True); input()'], stdin=subprocess.PIPE); one.wait()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code], process_group=0, stdout=subprocess.PIPE
    )  # the child prints once both run
    try:
        server.stdout.readline()
        assert len(list(load._processes(server.pid))) == 2
        assert load.memory(server.pid) > 2_000_000
        assert load.processor(os.getpgrp()) > 0
    finally:
        os.killpg(server.pid, 9)
        server.wait()
        server.stdout.close()


def test_rows_are_added_below_one_head(tmp_path):
    for value in (1, 2):
        load._write(tmp_path / "results" / "load.csv", {"commit": "x", "readers": value})
    text = (tmp_path / "results" / "load.csv").read_text(encoding="utf-8")
    assert text == "commit,readers\nx,1\nx,2\n"


def test_a_row_of_other_columns_is_not_added(tmp_path):
    load._write(tmp_path / "load.csv", {"commit": "x", "readers": 1})
    with pytest.raises(SystemExit, match="other columns"):
        load._write(tmp_path / "load.csv", {"commit": "x", "changes": 1})
    text = (tmp_path / "load.csv").read_text(encoding="utf-8")
    assert text == "commit,readers\nx,1\n"

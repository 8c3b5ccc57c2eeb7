"""The load benchmark: what its readers do, and what it makes of their answers."""

import os
import random
import subprocess
import sys

import pytest

from benchmarks import load
from benchmarks.reader import FILTERS, Answer, Filter, Reader


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

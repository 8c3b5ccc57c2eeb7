"""The mutation run: what it silences, and that it finds every check and place to silence."""

import pytest

from geo.audit import channels, evidence
from geo.audit.findings import Recorder, Result
from tests.attacks.test_each_check import PLANTED, clean, more, told
from tools import mutate


@pytest.fixture
def restored(monkeypatch):
    """What a mutant changes is put back."""
    monkeypatch.setattr(Result, "__init__", Result.__init__)
    monkeypatch.setattr(Recorder, "fail", Recorder.fail)


def test_a_silenced_check_finds_nothing_and_the_others_do(tmp_path, restored):
    small = more(10, "state", "US-WY")
    assert (1, "small values") in told(small, tmp_path / "a")
    mutate.silence("1:small values")
    assert (1, "small values") not in told(small, tmp_path / "b")
    assert (17, "options") in told(PLANTED[17, "options"][0], tmp_path / "c")


def test_a_silenced_place_is_silent_and_the_others_are_not(tmp_path, monkeypatch):
    folder = PLANTED[17, "options"][0](tmp_path / "r")
    places = [one for one in mutate.places() if one.startswith("channels.py")]
    silent = 0
    for place in places:
        with monkeypatch.context() as mutant:
            mutant.setattr(Recorder, "fail", Recorder.fail)
            mutate.silence(place)
            silent += not channels.options(evidence.gather(folder)).findings
    assert len(places) > silent == 1


def test_checks_and_places_are_taken_from_the_attacker(tmp_path):
    assert set(mutate.checks()) == set(PLANTED) | {mutate.CANARY}
    assert {one.split(":")[0] for one in mutate.places()} >= {"lines.py", "boxes.py", "values.py"}
    assert told(clean, tmp_path / "r") == set()

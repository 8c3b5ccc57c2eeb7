"""What all sessions share: made once, and nobody can change it for the others."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from threading import Event

import pytest

from geo import release
from tests.ui.test_clusters import READ
from ui import figures, lookup, maps, shared, themes
from ui.choice import ON, Choice
from ui.i18n import texts
from ui.once import Once
from ui.packed import unpacked

OPENING = Choice("en", "national", ("residential_brothel",))
STATES = replace(OPENING, layers=("residential_brothel", "cantina"), level="state")
SEVERAL = replace(OPENING, level="state", measure="count").during(("2014", "2015"))
CLUSTERS = replace(OPENING, layers=("cantina",), level="state", clusters=ON)
CHOICES = (OPENING, STATES, SEVERAL, CLUSTERS)
HEXES = {"id": "x", "url": "y"}
ELSEWHERE = {"lang": "es", "place": "US-TX", "view": "38,-96,4", "versus": "2015", "country": "MX"}


@pytest.fixture
def fresh(releases):
    """Release that nobody has looked at yet."""
    read = release.read(releases / "national")
    return lookup.opened(read, ("national", "little", "staff"), READ)


def counted(monkeypatch, module, name):
    """Calls of a function from now on."""
    calls, plain = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *given: (calls.append(1), plain(*given))[1])
    return calls


def as_sent(values):
    return json.loads(json.dumps(values))


def whole(sent):
    """Values as the browser puts them together: a session's own come last."""
    own = {name: value for name, value in sent.items() if name != "packed"}
    return unpacked(sent["packed"]) | own


def tabled(sent):
    """Ranked table as the browser puts it together."""
    place, _, rest = sent.partition(b"\n")
    table = json.loads(gzip.decompress(rest))
    rows = [
        dict(zip(table["rows"], row, strict=True))
        for row in zip(*table["rows"].values(), strict=True)
    ]
    return table | {"rows": rows, "selected": place.decode()}


@pytest.mark.parametrize("choice", CHOICES)
def test_what_is_shared_is_what_is_made(fresh, choice, t):
    found = lookup.shown(fresh, choice)
    for _ in range(2):
        assert repr(shared.shown(fresh, choice)) == repr(found)
        painted = maps.values(fresh, choice, found, HEXES, t)
        assert whole(shared.values(fresh, choice, HEXES, t)) == as_sent(painted)
        table = figures.ranking(fresh, choice, found, t)
        assert tabled(shared.ranking(fresh, choice, t)) == as_sent(themes.both(table))


def test_a_place_and_a_search_are_each_session_s_own(fresh, en):
    there = replace(OPENING, place="US-TX")
    assert shared.values(fresh, OPENING, HEXES, en)["selected"] == ""
    seen = shared.values(fresh, there, {"id": "z"}, en, sought=2)
    assert (seen["selected"], seen["sought"], seen["hexes"]) == ("US-TX", 2, {"id": "z"})
    assert tabled(shared.ranking(fresh, there, en))["selected"] == "US-TX"
    assert tabled(shared.ranking(fresh, OPENING, en))["selected"] == ""


def test_a_view_is_made_once_whatever_else_a_session_chose(fresh, en, monkeypatch):
    made = [
        counted(monkeypatch, module, name)
        for module, name in ((lookup, "shown"), (maps, "values"), (figures, "ranking"))
    ]
    for choice in (OPENING, replace(OPENING, **ELSEWHERE)):
        shared.shown(fresh, choice)
        shared.values(fresh, choice, HEXES, en)
        shared.ranking(fresh, choice, en)
    assert [len(calls) for calls in made] == [1, 1, 1]


@pytest.mark.parametrize("name", shared.VIEWED)
def test_every_part_of_a_view_is_told_apart(fresh, name):
    other = {"layers": ("cantina",), "periods": ("2014", "2015")}.get(name, "other")
    assert shared._view(replace(OPENING, **{name: other})) != shared._view(OPENING)


def test_a_part_of_a_choice_is_of_the_view_or_known_not_to_be():
    """A new filter that nobody thought of here would show one reader another's view."""
    of_the_session = {"lang", "place", "compare", "versus", "country", "view"}
    of_trends = {"grain", "by", "where", "series"}
    names = {part.name for part in fields(Choice)}
    assert names == {*shared.VIEWED, *of_the_session, *of_trends}


def test_a_table_without_rows_is_sent_too(fresh, en):
    assert tabled(shared.ranking(fresh, replace(OPENING, nationality="XX"), en))["rows"] == []


def test_languages_do_not_share_words(fresh, en):
    assert shared.ranking(fresh, OPENING, en) != shared.ranking(fresh, OPENING, texts("es"))


@pytest.mark.parametrize("choice", CHOICES)
def test_no_session_changes_what_another_sees(fresh, choice, en):
    def seen():
        return (
            repr(shared.shown(fresh, choice)),
            shared.values(fresh, choice, HEXES, en),
            shared.ranking(fresh, choice, en),
        )

    before = seen()
    spoilt = shared.shown(fresh, choice)
    for layer in (*spoilt.layers, *(one.least for one in spoilt.layers if one.least)):
        for counts in (*layer.cells.values(), layer.totals, layer.unplaced):
            counts.iloc[:] = 0
            counts.loc["US-XX"] = 7
            counts.index.name = "spoilt"
        layer.cells.clear()
    if spoilt.clusters:
        spoilt.clusters.method["neighbours"] = 0
        spoilt.clusters.layers[0].kinds["US-XX"] = "many"
    shared.values(fresh, choice, HEXES, en).clear()
    assert seen() == before


def test_a_count_that_is_looked_up_can_be_changed_by_nobody_else(fresh):
    codes = OPENING.cell("residential_brothel")
    before = fresh.counts("state", codes).to_dict()
    none = (*codes[:-1], "none")
    mine, empty = fresh.counts("state", codes), fresh.counts("state", none)
    mine.iloc[0] = 0
    empty.loc["US-TX"] = 1
    assert fresh.counts("state", codes).to_dict() == before
    assert fresh.counts("state", none).empty


def test_readers_who_come_together_wait_for_one_result():
    once, calls, second = Once(4), [], Event()

    def make():
        calls.append(1)
        if len(calls) > 1:
            second.set()
        second.wait(0.3)  # somebody who did not wait would be here by now
        return "made"

    with ThreadPoolExecutor(8) as readers:
        assert set(readers.map(lambda _: once.of("x", make), range(8))) == {"made"}
    assert calls == [1]


def test_what_nobody_asked_for_the_longest_goes_first():
    once = Once(2)
    for key in ("a", "b", "a", "c"):
        once.of(key, lambda key=key: key)
    assert len(once) == 2
    assert (once.of("a", lambda: "again"), once.of("b", lambda: "again")) == ("a", "again")


def test_a_failure_is_not_kept():
    once = Once(2)

    def fails():
        raise ValueError

    with pytest.raises(ValueError):
        once.of("a", fails)
    assert once.of("a", lambda: 1) == 1


def test_a_release_with_other_cells_shares_nothing_with_the_first(fresh, en):
    shared.ranking(fresh, OPENING, en)
    assert len(replace(fresh, cells={}).once) == 0
    assert len(fresh.once) == 2

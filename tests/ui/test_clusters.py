"""Clusters of reports on the map, in the table and in the files: looked up, or why not."""

import csv
import io
import json
from dataclasses import replace

import pytest

from geo import cluster_file, release
from geo.cluster_file import EQUAL, FEW_PLACES, View
from tests.ui import sample
from tests.ui.test_pictures import facts, svg
from ui import clusters, export, figures, load, lookup, maps
from ui.choice import Choice
from ui.export import outlines, pictures

CHOICE = Choice("en", "national", ("cantina",), level="state", clusters="on")
BOTH = replace(CHOICE, layers=("cantina", "escort"))
METHOD = {"neighbours": 5, "permutations": 9999, "discovery": 0.05, "least_places": 30}
VIEWS = [
    View(("state", "all", "cantina", "all", "all"), 31, "", ("US-TX",), ("US-CA", "MX-CMX")),
    View(("state", "all", "escort", "all", "all"), 12, FEW_PLACES, (), ()),
    View(("state", "2015", "cantina", "all", "all"), 40, "", (), ()),
    View(("state", "2014", "cantina", "all", "all"), 40, EQUAL, (), ()),
    View(("h3_4", "all", "cantina", "all", "all"), 30, "", (), tuple(sample.SMALL)[:1]),
]
READ = cluster_file.Read(METHOD, {view.key: view for view in VIEWS})


@pytest.fixture(scope="module")
def found_ahead(source):
    return replace(source, clusters=READ)


def seen(source, choice=CHOICE):
    return lookup.shown(source, choice)


def test_nothing_is_looked_up_unless_it_is_asked_for(found_ahead, en):
    off = replace(CHOICE, clusters="")
    assert seen(found_ahead, off).clusters is None
    assert clusters.sentences(seen(found_ahead, off), en) == []
    assert (
        "clusters" not in maps.values(found_ahead, off, seen(found_ahead, off), {}, en)["layers"][0]
    )


def test_the_map_is_told_the_places_of_each_kind(found_ahead, en):
    values = maps.values(found_ahead, CHOICE, seen(found_ahead), {}, en)
    assert values["layers"][0]["clusters"] == {"US-TX": "many", "US-CA": "few", "MX-CMX": "few"}
    assert values["texts"]["many"] == "part of a cluster of many reports"


def test_the_legend_lists_the_outlines_only_where_places_were_compared(found_ahead, t):
    def kinds(choice):
        legend = maps.values(found_ahead, choice, seen(found_ahead, choice), {}, t)["legend"]
        return [mark["kind"] for mark in legend["marks"]]

    assert kinds(CHOICE)[:2] == ["many", "few"]
    assert not {"many", "few"} & set(kinds(replace(CHOICE, clusters="")))
    assert not {"many", "few"} & set(kinds(replace(CHOICE, layers=("escort",))))


def test_the_table_says_which_cluster_a_place_is_part_of(found_ahead, en):
    table = figures.ranking(found_ahead, CHOICE, seen(found_ahead), en)
    told = {row["id"]: row["extra"] for row in (*table["rows"], *table["unplaced"])}
    assert table["extra"] == "Cluster"
    assert (told["US-TX"], told["US-CA"], told["US-NY"]) == ("many reports", "few reports", "–")
    assert told["US-unknown"] == "–"


def test_of_several_layers_the_table_says_whose_cluster(found_ahead, en):
    table = figures.ranking(found_ahead, BOTH, seen(found_ahead, BOTH), en)
    told = {row["id"]: row["extra"] for row in table["rows"]}
    assert told["US-TX"] == "Cantinas: many reports"


def test_the_table_has_no_column_where_nothing_was_compared(found_ahead, en):
    refused = replace(CHOICE, layers=("escort",))
    assert "extra" not in figures.ranking(found_ahead, refused, seen(found_ahead, refused), en)


@pytest.mark.parametrize(
    ("change", "key", "values"),
    [
        ({"layers": ("escort",)}, "few_places", {"least": 30, "places": 12}),
        ({"period": "2014"}, "equal", {}),
        ({"periods": ("2014", "2015")}, "periods", {}),
        ({"nationality": "HN"}, "few_places", {"least": 30, "places": 0}),
    ],
)
def test_why_there_are_none_is_said_in_words_and_alone(found_ahead, t, change, key, values):
    choice = replace(CHOICE, **change)
    told = t(f"clusters.{key}", **{"least": 30, "places": 0} | values)
    assert clusters.sentences(seen(found_ahead, choice), t) == [told]


def test_a_release_that_nobody_has_looked_into_says_so(source, t):
    assert clusters.sentences(seen(source), t) == [t("clusters.missing")]


def test_the_sentence_tells_the_method_and_that_nothing_was_found(found_ahead, en):
    several = clusters.sentences(seen(found_ahead), en)
    none = clusters.sentences(seen(found_ahead, replace(CHOICE, period="2015")), en)
    assert len(several) == 1
    for part in ("states", "5 nearest", "Not where trafficking is"):
        assert part in several[0]
    for part in ("9,999 permutations", "5%", "not where trafficking is"):
        assert part in clusters.method(seen(found_ahead), en)
    assert none == [several[0], en("clusters.none")]


def test_a_layer_that_has_none_is_named_beside_one_that_has(found_ahead, en):
    told = clusters.sentences(seen(found_ahead, BOTH), en)
    assert len(told) == 2
    assert told[1].startswith("Escort/delivery services: No clusters are told here: 30")


def test_where_hexagons_lie_before_states_the_states_of_the_table_are_compared(found_ahead, en):
    choice = replace(CHOICE, level="auto", measure="count")
    found = seen(found_ahead, choice)
    assert (found.front, found.clusters.level) == ("h3_4", "state")
    assert "by smoothed rates" in clusters.method(found, en)


def test_hexagons_of_one_size_are_compared_by_counts(found_ahead, en):
    found = seen(found_ahead, replace(CHOICE, level="h3_4"))
    assert found.clusters.layers[0].kinds == {next(iter(sample.SMALL)): "few"}
    assert "by counts" in clusters.method(found, en)


def test_no_method_is_told_where_nothing_was_compared(found_ahead, en):
    for change in ({"clusters": ""}, {"layers": ("escort",)}):
        assert clusters.method(seen(found_ahead, replace(CHOICE, **change)), en) == ""


def test_what_a_room_reads_of_clusters_takes_one_line(found_ahead, t):
    told = clusters.sentences(seen(found_ahead, replace(CHOICE, level="h3_4")), t)[0]
    assert len(told.replace("**", "")) <= 135


def rows(text: str) -> dict[str, dict]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {row["place"]: row for row in csv.DictReader(lines)}


def test_csv_carries_the_cluster_of_each_place_and_the_sentence(found_ahead, t):
    choice = replace(CHOICE, lang=t.lang)
    text = export.as_csv(found_ahead, choice, seen(found_ahead, choice), t)
    told = rows(text)
    columns = [told[place]["cluster"] for place in ("US-TX", "US-CA", "US-NY", "US-unknown")]
    assert columns == ["many", "few", "none", ""]
    about = {row[0]: row[1] for row in csv.reader(io.StringIO(text)) if row[0].startswith("#")}
    lines = clusters.sentences(seen(found_ahead), t)[0], clusters.method(seen(found_ahead), t)
    assert about[f"# {t('export.clusters')}"] == " ".join(lines).replace("**", "")


def test_csv_has_no_such_column_unless_it_is_asked_for(found_ahead, en):
    off = replace(CHOICE, clusters="")
    assert (
        "cluster" not in rows(export.as_csv(found_ahead, off, seen(found_ahead, off), en))["US-TX"]
    )


def test_csv_says_why_there_are_none(found_ahead, en):
    refused = replace(CHOICE, layers=("escort",))
    text = export.as_csv(found_ahead, refused, seen(found_ahead, refused), en)
    assert {row["cluster"] for row in rows(text).values()} == {""}
    assert "this view has 12 to compare" in text


def test_only_places_of_the_level_that_was_compared_have_one_in_a_file(found_ahead, en):
    choice = replace(CHOICE, level="auto", measure="count")
    told = rows(export.as_csv(found_ahead, choice, seen(found_ahead, choice), en))
    assert told["US-TX"]["cluster"] == "many"
    assert {row["cluster"] for place, row in told.items() if "/" in place} == {""}


def test_geojson_carries_the_cluster_of_each_place(found_ahead, en):
    content = json.loads(export.as_geojson(found_ahead, CHOICE, seen(found_ahead), en))
    told = {one["properties"]["place"]: one["properties"] for one in content["features"]}
    assert told["US-CA"]["cluster"] == "few"
    assert en("export.clusters") in content["about"]


def test_pictures_tell_the_clusters_in_words(found_ahead, en):
    picture = svg(found_ahead, CHOICE, en)
    titles = [one.text for one in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert any(
        title.startswith("Texas: ") and title.endswith("part of a cluster of many reports")
        for title in titles
    )
    told = clusters.listed(found_ahead, seen(found_ahead), en)
    assert told.startswith("part of a cluster of many reports: Texas.")
    png = facts(export.as_png(found_ahead, CHOICE, seen(found_ahead), en))
    assert any(told in text for text in png.values())


def test_a_picture_outlines_the_places_of_clusters(found_ahead, en):
    def drawn(choice):
        parts = svg(found_ahead, choice, en).iter("{http://www.w3.org/2000/svg}g")
        return {part.get("id") for part in parts if part.get("id", "").startswith("cluster-")}

    strokes = {
        f"cluster-0-{one}-{place}" for one in (0, 1) for place in ("US-TX", "US-CA", "MX-CMX")
    }
    assert drawn(CHOICE) == strokes
    assert drawn(replace(CHOICE, clusters="")) == set()


def test_places_of_a_cluster_that_touch_have_one_outline():
    shapes = {code: outlines.states()[code] for code in ("US-NM", "US-TX", "US-NY")}
    apart = outlines.apart(shapes)
    corners = {code: set(map(tuple, path.vertices.tolist())) for code, path in shapes.items()}
    border = corners["US-NM"] & corners["US-TX"]
    assert len(border) > 3
    left = {code: set(map(tuple, path.vertices.tolist())) for code, path in apart.items()}
    assert len(left["US-NM"] & left["US-TX"]) == 2  # where the border begins and ends
    assert left["US-NM"] == corners["US-NM"] - border | left["US-NM"] & left["US-TX"]
    assert left["US-NY"] == corners["US-NY"]


def test_a_picture_speaks_of_no_tooltip_and_no_bold_letters(found_ahead, t):
    rate = replace(CHOICE, lang=t.lang, measure="rate")
    found = seen(found_ahead, rate)
    legend = pictures._legend(maps.legend(("cantina",), found_ahead, t, "rate", True), t)
    marks = {mark["kind"]: mark["text"] for mark in legend["marks"]}
    assert marks["too_few"] == t("mark.alone.too_few", least=20)
    assert marks["no_denominator"] == t("mark.alone.no_denominator")
    assert "**" not in " ".join(export.about(found_ahead, rate, t, found).values())


def test_a_release_is_opened_with_the_file_beside_it(tmp_path, monkeypatch):
    folder = sample.write(tmp_path, "national")
    monkeypatch.setenv("MOSAICO_RELEASES", str(tmp_path))
    assert load.opened("national").clusters is None
    cluster_file.write(folder, METHOD, VIEWS)
    assert load.opened("national").clusters == READ


def test_the_demonstration_tells_clusters_of_states_and_of_hexagons():
    folder = sample.ROOT / "data" / "aggregates" / "demo-national"
    read = cluster_file.read(folder)
    opened = lookup.opened(release.read(folder), ("demo-national",), read)
    states = Choice("en", "demo-national", ("all",), level="state", clusters="on")
    hexagons = replace(states, level="h3_4", nationality="MX")
    for choice in (states, hexagons):
        found = lookup.shown(opened, choice)
        (layer,) = found.clusters.layers
        assert layer.kinds
        assert set(layer.kinds) <= set(found.layers[0].known(choice.level).index)

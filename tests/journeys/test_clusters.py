"""Clusters of reports: turned on and off, kept by the address, spoken, refused in words."""

import pytest

from geo import cluster_file
from tests.ui import sample
from ui.i18n import texts

STATES = "?layers=all&level=state&period=2013"


RELEASES = sample.ROOT / "data" / "aggregates"
LINES = "one => Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight))"
VIEW = ("state", "2013", "all", "all", "all")
INSIDE = ("US-ID", "Idaho", "44.2,-114.5,5")  # a place of a cluster of many, and a map around it


def expected() -> tuple[int, int]:
    """Strokes of clusters of many and of few: two a place."""
    view = cluster_file.read(RELEASES / "demo-national").views[VIEW]
    assert INSIDE[0] in view.many
    return 2 * len(view.many), 2 * len(view.few)


def outlines(reader, kind: str) -> int:
    return reader.frame.locator(f"path.cluster-{kind}").count()


def turn(reader, label: str) -> None:
    reader.act(reader.page.get_by_test_id("stCheckbox").get_by_text(label, exact=True).click)


def test_clusters_are_turned_on_kept_by_the_address_and_turned_off(visitor):
    visitor.open(STATES)
    assert outlines(visitor, "many") + outlines(visitor, "few") == 0
    fills = visitor.fills()
    turn(visitor, "Clusters of reports")
    assert visitor.param("clusters") == "on"
    many, few = outlines(visitor, "many"), outlines(visitor, "few")
    assert (many, few) == expected()
    assert visitor.fills() == fills | {"none"}  # the counts stay as readable as before
    assert "Double outline" in visitor.frame.locator(".legend").inner_text()
    row = visitor.page.get_by_role("row", name=INSIDE[1])
    assert "many reports" in row.inner_text()
    visitor.open(visitor.page.url.rpartition("/")[2])
    assert (outlines(visitor, "many"), outlines(visitor, "few")) == (many, few)
    turn(visitor, "Clusters of reports")
    assert visitor.param("clusters") is None
    assert outlines(visitor, "many") + outlines(visitor, "few") == 0


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "; part of a cluster of many reports."),
        ("es", "; parte de un grupo de muchos reportes."),
    ],
)
def test_a_place_of_a_cluster_says_so_aloud(visitor, lang, told):
    visitor.open(f"{STATES}&clusters=on&lang={lang}&view={INSIDE[2]}")
    visitor.frame.locator(".stage").focus()
    visitor.page.keyboard.press("ArrowRight")
    spoken = visitor.frame.locator(".spoken").inner_text()
    assert spoken.startswith(INSIDE[1])
    assert spoken.endswith(told)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_too_few_published_places_are_a_reason_and_no_outline(visitor, lang):
    t = texts(lang)
    visitor.open(f"?release=demo-sheet&layers=all&level=state&clusters=on&lang={lang}")
    reason = t("clusters.few_places", least=30, places=12)
    assert visitor.page.get_by_text(reason).is_visible()
    assert outlines(visitor, "many") + outlines(visitor, "few") == 0
    assert t("mark.many") not in visitor.frame.locator(".legend").inner_text()


def test_the_room_sees_the_clusters_of_the_view(visitor):
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.open(f"present{STATES}&clusters=on")
    assert outlines(visitor, "many") == expected()[0]
    legend = visitor.frame.locator(".legend")
    assert "Dashed outline" in legend.inner_text()
    assert "Place not known: United States 97, Mexico 23" in legend.inner_text()
    assert legend.evaluate("one => one.scrollHeight <= one.clientHeight")
    note = visitor.page.get_by_text("Not where trafficking is.")
    assert note.evaluate(LINES) == 1


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_filters_stand_in_one_row_and_a_year_is_legible(visitor, lang):
    visitor.open(f"{STATES}&clusters=on&lang={lang}")
    label = texts(lang)("filter.clusters")
    switch = visitor.page.get_by_test_id("stCheckbox").get_by_text(label, exact=True)
    layers = visitor.page.get_by_text(texts(lang)("filter.layers"), exact=True).first
    assert abs(switch.bounding_box()["y"] - layers.bounding_box()["y"]) < 8
    year = visitor.page.locator("[data-tag-index='0'] span", has_text="2013").first
    assert year.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    visitor.open(f"?layers=all&period=2013,2014,2015&lang={lang}")
    years = visitor.page.locator("[data-tag-index] span", has_text="201")
    assert years.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth + 1)")
    field = visitor.page.locator(".st-key-period").bounding_box()
    last = visitor.page.locator("[data-tag-index='1']").bounding_box()
    assert last["x"] + last["width"] <= field["x"] + field["width"] - 40

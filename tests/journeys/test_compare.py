"""Journeys on the page that compares: panels that move together, ways to compare, keys."""

import math
import statistics

import pytest

from ui import palette

CENTRES = """panels => panels.filter(panel => panel.offsetParent).map(panel => {
  const box = panel.getBoundingClientRect();
  return [...panel.querySelectorAll('.leaflet-under-pane path')].map(path => {
    const mine = path.getBoundingClientRect();
    const inside = mine.width > 12 && mine.x > box.x && mine.right < box.right
      && mine.y > box.y && mine.bottom < box.bottom;
    return inside && [mine.x + mine.width / 2 - box.x - box.width / 2,
                      mine.y + mine.height / 2 - box.y - box.height / 2];
  });
})"""


def compare(reader, query: str = ""):
    """Open the page from the map, as a reader does."""
    reader.open(query)
    reader.page.get_by_role("link", name="Compare").click()
    reader.page.get_by_role("heading", name="What differs").wait_for()
    reader.frame.locator(".mosaico[data-ready=yes]").wait_for()
    reader.settle()
    return reader


def centres(reader) -> list:
    """Centres, from the middle of each panel and in pixels, of outlines that lie whole in all."""
    panels = reader.frame.locator(".panel").evaluate_all(CENTRES)
    whole = [places for places in zip(*panels, strict=True) if all(places)]
    assert len(whole) >= 3
    return [list(panel) for panel in zip(*whole, strict=True)]


def drag(reader, panel: int) -> None:
    box = reader.frame.locator(".panel").nth(panel).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x + 60, y + 40, steps=4)
    reader.page.mouse.up()
    reader.page.wait_for_timeout(600)
    reader.settle()


def together(reader) -> None:
    first, *others = centres(reader)
    assert others
    for other in others:
        for there, here in zip(other, first, strict=True):
            assert there == pytest.approx(here, abs=3)


def test_three_layers_stand_side_by_side_and_move_together(reader):
    compare(reader, "?view=36,-97,4.5&level=state")
    assert reader.frame.locator(".panel:visible").count() == 3
    panels = reader.frame.locator(".panel:visible").all()
    tops = {panel.bounding_box()["y"] for panel in panels}
    assert len(tops) == 1
    together(reader)
    for panel in range(3):
        before, view = centres(reader), reader.view()
        drag(reader, panel)
        together(reader)
        assert centres(reader)[0] != before[0]
        assert reader.view() != view


def test_zoom_moves_all_panels(reader):
    compare(reader, "?view=36,-97,4.5&level=state")
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.page.wait_for_timeout(3000)  # the first panel glides to its zoom on a busy machine
    reader.settle()
    together(reader)
    assert reader.view()[2] == 5


def test_switching_what_is_compared_keeps_the_frame_the_view_and_the_address(reader):
    compare(reader, "?view=36,-97,4.5")
    frame = reader.frame.locator(".stage").element_handle()
    for mode, code, panels in (
        ("Two periods", "periods", 2), ("Overlap", "overlap", 3), ("Three layers", None, 3),
    ):  # fmt: skip
        reader.act(reader.page.get_by_text(mode, exact=True).click)
        assert reader.param("compare") == code
        assert reader.frame.locator(".panel:visible").count() == panels
        assert frame.is_visible()  # the same frame: the map was never drawn anew
        assert reader.view() == [36, -97, 4.5]
    reader.act(reader.page.go_back)
    assert reader.param("compare") == "overlap"


def test_the_small_maps_of_an_overlap_show_the_same_middle_smaller(reader):
    compare(reader, "?view=36,-97,4.5")
    reader.act(reader.page.get_by_text("Overlap", exact=True).click)
    drag(reader, 1)
    first, *others = centres(reader)
    for other in others:
        far = [
            math.dist(one, two) / math.dist(here, there)
            for one, two, here, there in zip(
                other[:-1], other[1:], first[:-1], first[1:], strict=True
            )
        ]
        steps = 4 * math.log2(statistics.median(far))  # the map zooms by quarters
        assert steps <= -1
        assert steps == pytest.approx(round(steps), abs=0.15)
        for there, here in zip(other, first, strict=True):
            assert there == pytest.approx([part * 2 ** (steps / 4) for part in here], abs=4)


def test_the_crossed_map_has_its_matrix_and_a_mark_for_one_of_two(reader):
    compare(reader)
    reader.act(reader.page.get_by_text("Overlap", exact=True).click)
    assert {
        palette.CROSSED[2][2],
        "url(#mosaico-first-0)",
        "url(#mosaico-hatch-0)",
    } <= reader.fills()
    assert reader.frame.locator("pattern#mosaico-first-0").count() == 1
    assert reader.frame.locator(".matrix td:not(.matrix-none)").count() == 9
    legend = reader.frame.locator(".legend").inner_text()
    assert "Only one published: Residential brothels" in legend
    assert reader.page.get_by_text("How many states, and which").is_visible()
    assert reader.page.get_by_text("mean an undercount").is_visible()


def test_arrow_keys_rove_over_the_places_and_say_every_panel(reader):
    compare(reader, "?view=31.5,-99.5,5")
    reader.act(reader.page.get_by_text("Overlap", exact=True).click)
    reader.frame.locator(".stage").focus()
    reader.page.keyboard.press("ArrowRight")
    spoken = reader.frame.locator(".spoken").first
    for _ in range(60):
        if "Texas" in spoken.inner_text():
            break
        reader.page.keyboard.press("ArrowRight")
    words = spoken.inner_text()
    for title in ("Residential brothels", "Escort/delivery services", "Both in one case"):
        assert title in words
    reader.act(reader.page.keyboard.press, "Enter")
    assert reader.param("place")


def test_two_periods_and_their_change_stand_in_the_table(reader):
    compare(reader, "?layers=cantina")
    reader.act(reader.page.get_by_text("Two periods", exact=True).click)
    assert reader.frame.locator(".panel-title:visible").all_inner_texts() == ["2014", "2015"]
    assert reader.page.get_by_role("row", name="Texas 48 72 24 more").is_visible()
    reader.act(reader.page.get_by_role("button", name="Texas", exact=True).click)
    assert reader.param("place") == "US-TX"

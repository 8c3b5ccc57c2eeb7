"""Files of every page: their numbers are those that the screen draws."""

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from ui import compare, corridors, coverage, export, profile, profiles, tables, trends, words
from ui.choice import Choice
from ui.export import arcs, sheets
from ui.figures import compare as compared
from ui.figures import corridors as corridor_charts
from ui.figures import profiles as profile_charts
from ui.figures import trends as trend_charts

CHOICE = Choice("en", "national", ("cantina",))
SVG = "{http://www.w3.org/2000/svg}"


def said(svg: bytes) -> str:
    return ElementTree.fromstring(svg).find(f"{SVG}desc").text


def parts(text: str) -> tuple[dict, list[dict]]:
    rows = list(csv.reader(io.StringIO(text)))
    lines = {row[0].removeprefix("# "): row[1] for row in rows if row[0].startswith("# ")}
    head, *body = [row for row in rows if not row[0].startswith("# ")]
    return lines, [dict(zip(head, row, strict=True)) for row in body]


def made(source, name, t):
    """Sheet of a page and its CSV."""
    choice = replace(CHOICE, lang=t.lang)
    if name == "trends":
        counts = trends.table(source, choice)
        breaks = coverage.breaks(source.release.manifest, choice.grain)
        twin = trend_charts.tabled(counts, breaks, lambda c: words.series("venue", c, t), t)
        return sheets.of_trends(source, choice, t), export.trend_csv(source, choice, twin, t)
    if name == "people":
        one = profiles.found(source, choice)["control"]
        text = tables.profile_csv(source, choice, one, t)
        return sheets.of_profile(source, choice, one, t), text
    if name == "corridors":
        found = corridors.found(source, choice)
        text = tables.corridors_csv(source, choice, found, t)
        return sheets.of_corridors(source, choice, found, t), text
    found = profile.profile(source, choice)
    return sheets.of_venue(source, found, t), tables.venue_csv(source, found, t)


PAGES = ("trends", "people", "corridors", "venues")


@pytest.mark.parametrize("name", PAGES)
def test_a_picture_says_what_it_is_as_its_csv_does(source, t, name):
    sheet, text = made(source, name, t)
    lines, _ = parts(text)
    picture = said(export.as_charts(sheet, "svg", t))
    assert all(line in picture for line in sheet.frame.about.values())
    kept = set(sheet.frame.about) - {t("export.view")}
    assert kept <= set(lines)
    for wanted in (t("caveat.short"), "national", t("mark.hidden", k=11), "800 5533 000"):
        assert wanted in picture
        assert any(wanted in line for line in lines.values())


@pytest.mark.parametrize("name", PAGES)
def test_a_csv_holds_no_markdown_and_no_formula(source, t, name):
    _, text = made(source, name, t)
    assert "**" not in text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_picture_of_trends_has_the_numbers_of_the_lines_on_the_screen(source, t):
    choice = replace(CHOICE, lang=t.lang, where="US-AZ")
    counts = trends.charted(trends.table(source, choice), choice)
    figure = trend_charts.lines(counts, (), lambda code: words.series("venue", code, t), t)
    panel = sheets.of_trends(source, choice, t).panels[0]
    drawn = {one.name: list(one.y) for one in figure.data if one.meta != "gap"}
    assert {name: sheets.plain(panel.table[name]) for name in panel.table} == drawn
    assert any(None in values for values in drawn.values())


def test_all_series_are_a_panel_each_on_one_scale(source, en):
    choice = replace(CHOICE, by="all", series="every")
    assert len(sheets.of_trends(source, choice, en).panels) == 1
    many = trends.table(source, CHOICE)
    wide = many.assign(a=50, b=60, c=70)
    panels = sheets._over_time(wide, str)
    assert [panel.title for panel in panels] == list(wide)
    assert {panel.most for panel in panels} == {int(wide.max().max())}


def test_a_picture_of_a_profile_has_the_numbers_and_shares_of_its_bars(source, t):
    one = profiles.found(source, CHOICE)["control"]
    drawn = profile_charts.chart(source, one, t)
    panel = sheets.of_profile(source, CHOICE, one, t).panels[0]
    rows = [*drawn["rows"], *drawn["lost"]]
    assert [sheets.plain(row) for _, row in panel.table.iterrows()] == [r["values"] for r in rows]
    assert panel.shares.to_numpy().tolist() == [row["shares"] for row in rows]


def test_a_csv_of_a_profile_has_the_shares_of_its_bars(source, t):
    one = profiles.found(source, CHOICE)["gender"]
    drawn = profile_charts.chart(source, one, t)
    _, rows = parts(tables.profile_csv(source, CHOICE, one, t))
    shares = {row["name"]: row["share"] for row in rows}
    assert all(shares[row["name"]] == row["shares"][0] for row in drawn["rows"] if row["shares"][0])


@pytest.mark.parametrize("place", ["", "US-NY"])
def test_a_csv_of_corridors_has_the_rows_of_the_tables_on_the_screen(source, t, place):
    choice = replace(CHOICE, lang=t.lang, place=place)
    found = corridors.found(source, choice)
    ranked = corridor_charts.ranking(source, choice, found, t)
    _, rows = parts(tables.corridors_csv(source, choice, found, t))
    values = [int(row["value"]) for row in rows if row["level"] == "state"]
    assert values == [row["values"][0] for row in ranked["rows"]]
    panel = sheets.of_corridors(source, choice, found, t).panels[0]
    assert sheets.plain(panel.table.iloc[:, 0]) == values


def test_a_picture_of_corridors_has_an_arc_for_each_row(source, en):
    found = corridors.found(source, CHOICE)
    sheet = sheets.of_corridors(source, CHOICE, found, en)
    assert len(sheet.drawing["arcs"]) == len(found.arcs)
    assert export.as_charts(sheet, "png", en)[:4] == b"\x89PNG"


def test_a_ring_is_a_circle_around_its_state():
    path = arcs.path("M0.0,5.0A2,2 0 1 1 4.0,5.0A2,2 0 1 1 0.0,5.0Z")
    assert np.allclose(path.get_extents().get_points(), [[0, 3], [4, 7]], atol=0.01)


def test_a_csv_of_a_venue_has_the_numbers_of_its_charts(source, t):
    found = profile.profile(source, replace(CHOICE, lang=t.lang))
    _, rows = parts(tables.venue_csv(source, found, t))
    states = {row["place"]: int(row["value"]) for row in rows if row["level"] == "state"}
    years = {row["period"]: int(row["value"]) for row in rows if row["period"] != "all"}
    assert states == found.states.iloc[:, 0].to_dict()
    assert years == found.years.iloc[:, 0].dropna().to_dict()
    panels = sheets.of_venue(source, found, t).panels
    assert sheets.plain(panels[0].table.iloc[:, 0]) == list(states.values())
    assert sheets.plain(panels[1].table.iloc[:, 0]) == list(years.values())


@pytest.mark.parametrize("mode", ["layers", "periods", "overlap"])
def test_a_picture_of_what_is_compared_has_the_numbers_of_its_table(source, t, mode):
    choice = replace(CHOICE, lang=t.lang, compare=mode, level="state")
    seen = compare.compared(source, choice)
    table = compared.table(source, seen, t)
    told = said(compared.as_picture(source, seen, "svg", t))
    assert table["rows"]
    for row in table["rows"]:
        for text in row["texts"]:
            assert text is None or f"{row['name']} {text}" in told

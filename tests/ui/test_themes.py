"""Light and dark: the same gates for both, one place of colours, files for paper light."""

import re
import tomllib
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from tests.ui import colour
from tests.ui.sample import ROOT
from tests.ui.test_compare import DIAGONALS, STEPS
from ui import maps, palette, themes

LEAST_DIFFERENCE = 10
ASSETS = ROOT / "ui" / "assets"
TEXT = [  # letters and what they stand on
    *[(ink, paper) for ink in ("ink", "strong", "muted", "accent")
      for paper in ("page", "panel", "wash", "shade")],
    *[("ink", paper) for paper in ("warn", "print", "ground", "far", "wash-strong")],
    *[("strong", "ground"), ("tip-ink", "tip"), ("panel", "ink"), ("panel", "strong")],
]  # fmt: skip
LINES = [("line", "ground"), ("line", "panel"), ("edge", "panel"), ("focus", "page"),
         ("unplaced", "panel"), ("warn-edge", "page"), ("accent", "panel")]  # fmt: skip
AT_LEAST = {("edge", "panel"): 2.9, ("warn-edge", "page"): 2.5, ("line", "panel"): 3}


def seen(colours, sight):
    return [colour.seen(one, sight) for one in colours]


@pytest.mark.parametrize("sight", colour.SIGHTS)
@pytest.mark.parametrize("venue", palette.SCALES)
def test_neighbouring_classes_and_the_dark_ground_differ_to_every_eye(venue, sight):
    colours = seen((themes.DARK_GROUND, *themes.DARK_SCALES[venue]), sight)
    assert min(colour.difference(*pair) for pair in pairwise(colours)) >= LEAST_DIFFERENCE


@pytest.mark.parametrize("venue", palette.SCALES)
def test_on_dark_few_is_dark_also_behind_finer_places(venue):
    scale = themes.DARK_SCALES[venue]
    for tones in (scale, *(themes.behind(scale, share) for share in palette.PALE)):
        lights = [colour.luminance(one) for one in tones]
        assert lights == sorted(lights)


@pytest.mark.parametrize("sight", colour.SIGHTS)
def test_the_crossed_palette_holds_on_dark(sight):
    cells = [seen(row, sight) for row in themes.DARK_CROSSED]

    def least(pairs):
        return min(colour.difference(cells[a][b], cells[c][d]) for (a, b), (c, d) in pairs)

    assert least(STEPS) >= LEAST_DIFFERENCE
    assert least(DIAGONALS) >= 6.5
    for name in ("ground", "hidden"):
        ground = colour.seen(themes.TONES[name][1], sight)
        assert colour.difference(cells[0][0], ground) >= LEAST_DIFFERENCE


def test_the_crossed_palette_brightens_both_ways_on_dark():
    light = [[colour.luminance(one) for one in row] for row in themes.DARK_CROSSED]
    assert all(row == sorted(row) for row in [*light, *map(list, zip(*light, strict=True))])


@pytest.mark.parametrize("number", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_letters_stand_out_in_both_themes(ink, paper, number):
    pair = themes.TONES[ink][number], themes.TONES[paper][number]
    assert colour.contrast(*pair) >= 4.5


@pytest.mark.parametrize("number", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "paper"), LINES)
def test_lines_stand_out_in_both_themes(line, paper, number):
    pair = themes.TONES[line][number], themes.TONES[paper][number]
    assert colour.contrast(*pair) >= AT_LEAST.get((line, paper), 3)


def test_hatching_is_seen_on_what_is_not_published_in_both_themes():
    for number in (0, 1):
        pair = themes.TONES["hatch"][number], themes.TONES["hidden"][number]
        assert colour.contrast(*pair) >= 1.9


@pytest.mark.parametrize("venue", palette.SCALES)
def test_lines_of_charts_stand_out_on_dark(venue):
    assert colour.contrast(themes.TWINS[palette.hue(venue)], themes.TONES["page"][1]) >= 4.5


def test_no_colour_has_two_twins():
    assert len(themes.TWINS) == len(set(themes.TWINS))
    pairs = list(themes._pairs())
    assert {light: {dark for one, dark in pairs if one == light} for light, _ in pairs} == {
        light: {dark} for light, dark in themes.TWINS.items()
    }


def test_every_colour_of_a_class_has_a_twin():
    for venue in palette.SCALES:
        classes = {*palette.scale(venue), *(one for tones in palette.pale(venue) for one in tones)}
        assert classes <= set(themes.TWINS)
    assert {*palette.LINES, *(one for row in palette.CROSSED for one in row)} <= set(themes.TWINS)
    assert maps.Start("base").options["twins"] == themes.TWINS


def test_a_figure_on_dark_has_no_colour_of_the_light_theme():
    light = go.Figure(go.Bar(x=[1], y=[2], marker_color=[palette.hue("cantina")]))
    light.update_layout(font_color=palette.INK, title="#16242d is a title too")
    found = themes.dark(light.to_dict())
    assert found["data"][0]["marker"]["color"] == [themes.DARK_SCALES["cantina"][3]]
    assert found["layout"]["font"]["color"] == themes.TONES["ink"][1]
    assert found["layout"]["title"]["text"] == "#16242d is a title too"
    go.Figure(found)


def test_style_sheets_name_tones_and_no_colour():
    local = {"hue", "classes", "stripe", "first", "second"}
    for path in sorted(ASSETS.glob("*.css")):
        text = re.sub(r"url\(.*?\)", "", path.read_text(encoding="utf-8"))
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#000"}, path.name
        used = set(re.findall(r"var\(--([\w-]+)", text))
        assert {name for name in used if not name.startswith("st-")} <= local | set(themes.TONES)
    script = (ASSETS / "map.js").read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{6}\b", script)


def test_both_sheets_hold_both_tones():
    light, dark = themes.TONES["ground"]
    assert f"--ground: light-dark({light}, {dark});" in themes.sheet()
    first, second = themes.frame_sheet().strip().splitlines()
    assert f"--ground: {light};" in first
    assert second.startswith(":root[data-theme=dark]")
    assert f"--ground: {dark};" in second


@pytest.mark.parametrize(("name", "number"), [("light", 0), ("dark", 1)])
def test_the_settings_of_streamlit_have_the_same_tones(name, number):
    text = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    theme = tomllib.loads(text)["theme"]
    assert "base" not in theme  # the reader's system chooses
    told = {"backgroundColor": "page", "textColor": "ink", "borderColor": "rule"}
    told |= {"primaryColor": "accent", "linkColor": "accent"}
    assert {key: theme[name][key] for key in told} == {
        key: themes.TONES[tone][number] for key, tone in told.items()
    }


def test_files_for_paper_know_of_no_dark_theme():
    for path in sorted((ROOT / "ui" / "export").glob("*.py")):
        assert "themes" not in path.read_text(encoding="utf-8"), path.name

"""Pictures of a view: the numbers of the release, and what stands around them."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from ui import export, figures, lookup
from ui.choice import Choice
from ui.export import outlines, paper, plots, sheets

ROOT = Path(__file__).parent.parent.parent
SVG = "{http://www.w3.org/2000/svg}"
ONE = Choice("en", "national", ("residential_brothel",))
STATES = replace(ONE, level="state", period="2015", measure="count")
RATES = replace(STATES, measure="rate")
THREE = replace(ONE, layers=("residential_brothel", "cantina", "escort"))
FOUR = replace(THREE, layers=("all", *THREE.layers))
NOTHING = replace(STATES, nationality="HN", trafficking_type="sex")
CHOICES = (ONE, STATES, replace(STATES, layers=("cantina", "escort")), THREE, FOUR, NOTHING)


def drawn(make, source, choice, t) -> bytes:
    choice = replace(choice, lang=t.lang)
    return make(source, choice, lookup.shown(source, choice), t)


def svg(source, choice, t) -> ElementTree.Element:
    return ElementTree.fromstring(drawn(export.as_svg, source, choice, t))


def counts(picture: ElementTree.Element) -> dict[str, str]:
    """Count that each part of a place says."""
    return {
        part.get("id"): part.find(f"{SVG}title").text.rpartition(": ")[2]
        for part in picture.iter(f"{SVG}g")
        if part.get("id", "").startswith("place-")
    }


def facts(png: bytes) -> dict[str, str]:
    with Image.open(io.BytesIO(png)) as image:
        return dict(image.text)


@pytest.mark.parametrize("choice", CHOICES)
def test_an_svg_holds_the_counts_that_are_published_and_no_other(source, t, choice):
    expected = {
        f"place-{number}-{place.replace('/', '.')}": t.number(int(count))
        for number, layer in enumerate(lookup.shown(source, choice).layers)
        for cells in layer.cells.values()
        for place, count in cells.items()
    }
    assert counts(svg(source, choice, t)) == expected


def test_a_sum_of_some_periods_is_said_to_be_at_least(source, t):
    choice = replace(STATES, period="all", periods=("2014", "2015"), layers=("escort",))
    layer = lookup.shown(source, choice).layers[0]
    expected = {
        f"place-0-{place}": f"{t('tip.least')} {t.number(int(count))}"
        for place, count in layer.partly("state").items()
    }
    said = counts(svg(source, choice, t))
    assert expected
    assert {part: said[part] for part in expected} == expected
    assert len(said) == len(layer.known("state"))


def test_an_svg_of_rates_holds_the_rates_of_the_table(source, t):
    choice = replace(RATES, lang=t.lang)
    table = figures.ranking(source, choice, lookup.shown(source, choice), t)
    shown = {f"place-0-{row['id']}": row["texts"][0] for row in table["rows"]}
    assert counts(svg(source, RATES, t)) == shown
    assert len({text for text in shown.values() if "." in text}) > 2


def test_the_parts_of_an_svg_are_named_after_their_places(source, en):
    picture = svg(source, STATES, en)
    part = picture.find(f".//{SVG}g[@id='place-0-US-TX']")
    assert part.find(f"{SVG}title").text == "Texas: 96"


def test_an_svg_is_titled_for_who_does_not_see_it(source, t):
    picture = svg(source, STATES, t)
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "title desc"
    assert picture[0].text.startswith(t("map.question"))
    assert "Texas 96" in picture[1].text


@pytest.mark.parametrize("make", [export.as_png, export.as_svg])
def test_the_same_view_gives_the_same_bytes(source, en, make):
    assert drawn(make, source, ONE, en) == drawn(make, source, ONE, en)


@pytest.mark.parametrize("choice", [ONE, NOTHING])
def test_every_picture_says_what_it_is_and_where_help_is(source, t, choice):
    lines = export.about(source, replace(choice, lang=t.lang), t)
    del lines[t("export.bound")]
    told = (
        svg(source, choice, t).find(f"{SVG}desc").text,
        facts(drawn(export.as_png, source, choice, t))["Description"],
    )
    for text in told:
        assert all(line.replace("**", "") in text for line in lines.values())
        wanted = (t("caveat.short"), t("mark.hidden", k=11), "national", t("export.synthetic"))
        assert all(words in text for words in (*wanted, "1-888-373-7888", "800 5533 000"))


def test_a_release_that_is_not_synthetic_is_not_called_so(staff, en):
    choice = replace(ONE, release="staff")
    assert (
        en("export.synthetic") not in facts(drawn(export.as_png, staff, choice, en))["Description"]
    )
    assert en("export.real") in facts(drawn(export.as_png, staff, choice, en))["Description"]


def test_a_png_is_as_large_as_a_slide_and_light(source, en):
    png = drawn(export.as_png, source, THREE, en)
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (1920, 1200)
    assert len(png) < 1_000_000


def test_an_svg_of_one_layer_is_light(source, en):
    assert len(drawn(export.as_svg, source, ONE, en)) < 1_000_000


def test_matplotlib_is_loaded_only_for_a_picture():
    code = "import sys; import ui.export; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_neighbours_are_simplified_along_one_line():
    border = {
        code: {tuple(point) for point in outlines.states()[code].vertices}
        for code in ("US-CO", "US-KS")
    }
    assert len(border["US-CO"] & border["US-KS"]) > 2


@pytest.mark.parametrize("inset", outlines.INSETS.values())
def test_no_inset_covers_a_state(inset):
    left, low, right, high = inset.box
    covered = [
        code
        for code, path in outlines.states().items()
        if code not in outlines.INSETS
        and any(left < x < right and low < y < high for x, y in path.vertices)
    ]
    assert covered == []


def test_every_state_is_on_the_paper():
    for path in outlines.states().values():
        x, y = path.vertices.T
        assert x.min() >= 0
        assert x.max() <= outlines.WIDTH
        assert y.min() >= 0
        assert y.max() <= outlines.HEIGHT


TABLE = pd.DataFrame(
    {"Cantinas": [40, None, 25], "Escort": [1200, 18, None]}, index=["2014", "2015", "2016"]
).astype("Int64")


@pytest.mark.parametrize("kind", ["bar", "line", "ranked"])
def test_a_chart_tells_its_gaps_and_never_a_zero(en, kind):
    about = {"Release": "national", "Help": "1-888-373-7888"}
    shown = TABLE if kind != "bar" else TABLE[["Cantinas"]]
    panel = sheets.Panel(shown, kind, ["#205f93", "#8d4a1b"])
    sheet = sheets.Sheet(sheets.Frame("When?", "reported cases", "", about), [panel])
    picture = ElementTree.fromstring(plots.of_sheet(sheet, en, "svg"))
    said = picture.find(f"{SVG}desc").text
    assert "Cantinas: 2014 40, 2015 not published, 2016 25." in said
    assert said.endswith("1-888-373-7888")


def test_a_path_is_shortened_by_its_rounded_points():
    long = re.fullmatch(r'(d="(.*)")', 'd="M 10.51 0 L 10.74 0.26 L 10.74 0.26 L 20 -3.04 z"')
    assert paper._shortened(re.match('d="([^"]*)"', long[0])) == ' d="m10.5 0l.2 .3l9.3-3.3z"'

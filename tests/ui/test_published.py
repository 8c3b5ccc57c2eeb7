"""Printed figures: every check is computed from the data, and fails where a number is wrong."""

import shutil

import pandas as pd
import pytest

from ui import published
from ui.figures import published as drawn
from ui.i18n import texts


@pytest.fixture(scope="module")
def printed():
    return published.read()


def changed(tmp_path, old: str, new: str, name: str = "figures"):
    """The folder with one text of one file replaced."""
    folder = shutil.copytree(published.FOLDER, tmp_path / "published")
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return published.read(folder)


def failures(printed) -> list[tuple[str, str, str]]:
    found = published.checks(printed)
    return [(one.kind, one.section, one.figure) for one in found if not one.holds]


def test_fifteen_percentages_three_sums_and_two_lists_are_checked_and_hold(printed):
    kinds = [one.kind for one in published.checks(printed)]
    assert [kinds.count(kind) for kind in ("percent", "sum", "list")] == [15, 3, 2]
    assert failures(printed) == []


def test_one_wrong_number_fails_its_sum(tmp_path):
    wrong = changed(tmp_path, "Minoría de género,,12,", "Minoría de género,,13,")
    assert failures(wrong) == [("sum", "gender", "")]


def test_one_wrong_percentage_fails_alone(tmp_path):
    wrong = changed(tmp_path, "793,victims,63,", "793,victims,64,")
    assert failures(wrong) == [("percent", "trafficking_type", "labor")]


def test_a_country_left_out_fails_both_lists(tmp_path):
    line = next(
        line
        for line in (published.FOLDER / "lists.csv").read_text(encoding="utf-8").splitlines(True)
        if ",VE,Venezuela," in line
    )
    wrong = changed(tmp_path, line, "", "lists")
    assert [kind for kind, _, _ in failures(wrong)] == ["list", "list"]


@pytest.mark.parametrize(("percent", "holds"), [(12, True), (13, True), (11, False), (14, False)])
def test_a_percentage_half_way_may_be_rounded_either_way(printed, percent, holds):
    row = {"section": "age", "figure": "minor", "value": 1, "percent": percent}
    only = pd.DataFrame([row]).itertuples()
    assert published._percentage(next(only), 8).holds is holds


def test_a_check_says_its_numbers_in_words(printed, en):
    found = {(one.kind, one.section, one.figure): one for one in published.checks(printed)}
    labor = drawn.checked(found["percent", "trafficking_type", "labor"], en)
    assert labor == "63.1 %, printed as 63 %: holds"
    total = drawn.checked(found["sum", "age", ""], en)
    assert total == "Sum: 881 + 203 + 173 = 1,257; 1,257 victims are printed: **holds**."


def test_a_bound_keeps_its_over(printed, t):
    row = next(printed.section("deck", "headline").itertuples())
    over = {"en": "over 1,500", "es": "más de 1,500"}
    assert drawn.value(row, t) == over[t.lang]


def test_bars_stand_in_the_documents_order_with_the_unit_on_the_axis(printed, en):
    figure = drawn.bars(printed.section("sheet", "sex_venue"), en)
    bars = figure.data[0]
    assert list(bars.y)[::-1] == ["Residence-based", "Hotel/Motel-based", "Escort Services"]
    assert list(bars.x)[::-1] == [78, 58, 38]
    assert figure.layout.xaxis.title.text == "unit not stated by the source"


def test_a_chart_and_its_table_say_the_same(printed, t):
    checks = published.checks(printed)
    for section in printed.sections("sheet"):
        rows = printed.section("sheet", section)
        bars = drawn.bars(rows, t).data[0]
        table = drawn.table(rows, checks, t)
        assert table.iloc[:, 0].tolist() == list(bars.y)[::-1]
        assert table.iloc[:, 1].tolist() == list(bars.text)[::-1]


def test_a_table_without_a_percentage_has_no_check(printed, en):
    rows = printed.section("sheet", "labor_industry")
    table = drawn.table(rows, published.checks(printed), en)
    assert en("published.column.check") not in table.columns


def test_every_section_with_a_note_in_the_data_has_one_on_the_page(printed):
    noted = printed.figures[printed.figures["note"] != ""]
    sections = set(noted["section"]) - {"headline", "problem"}
    for lang in ("en", "es"):
        assert {f"published.note.{name}" for name in sections} <= set(texts(lang).words)


def test_the_narrative_of_a_person_is_not_among_the_figures(printed):
    text = printed.figures.to_csv() + printed.lists.to_csv()
    assert not [word for word in ("Manuel", "potato", "Guanajuato", "1,200") if word in text]

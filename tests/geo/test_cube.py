"""Base cells and counts from hand-made located cases."""

import pandas as pd
import pytest

from geo import cube
from geo.model import LOCATED, View

HEX = "US-TX/85446cabfffffff"
OTHER = "US-TX/8548d8a3fffffff"
EMPTY = {column.name: "" for column in LOCATED.columns if column.kind == "text"}


def located(*rows):
    """LOCATED rows: (case, place, period, venue, nationality, type[, role])."""
    made = []
    for number, (case, place, period, venue, nationality, kind, *role) in enumerate(rows, 1):
        made.append(
            EMPTY
            | {"row": number, "case": case, "cases": 1, "place": place, "period": period}
            | {"venue": venue, "nationality": nationality, "trafficking_type": kind}
            | {"role": role[0] if role else "exploitation"}
        )
    return pd.DataFrame(made)


def value(counted, **key):
    """The one count at a key, 0 where there is no cell."""
    wanted = {"period": "all", "venue": "all", "nationality": "all", "trafficking_type": "all"}
    cells = counted.cells
    for name, code in (wanted | key).items():
        cells = cells[cells[name] == code]
    assert len(cells) <= 1
    return int(cells["value"].sum())


def counted(rows, *views):
    return cube.count(cube.base(located(*rows)), views, {"cantina": "bars"}, {"HN": "central"})


def test_a_case_with_two_venues_is_once_in_each_in_the_overlap_and_in_the_total():
    found = counted(
        [(1, HEX, "2015", "cantina;escort", "HN", "sex")], View("all", ("venue",)), View("all")
    )
    assert [
        value(found, place="all", venue=v) for v in ("cantina", "escort", "cantina+escort", "all")
    ] == [1] * 4


def test_several_rows_of_one_case_are_one_case_in_their_state_and_once_in_each_hex():
    rows = [(1, HEX, "2015", "cantina", "HN", "sex"), (1, OTHER, "2015", "cantina", "HN", "sex")]
    found = counted(rows, View("state"), View("h3_4"))
    assert value(found, place="US-TX") == 1
    assert found.cells[found.cells["level"] == "h3_4"]["value"].tolist() == [1, 1]


def test_a_place_of_recruitment_is_not_counted_as_a_place():
    rows = [
        (1, HEX, "2015", "cantina", "HN", "sex"),
        (1, "MX-TLA", "2015", "cantina", "HN", "sex", "recruitment"),
    ]
    found = counted(rows, View("state"), View("all"))
    assert (
        value(found, place="US-TX"),
        value(found, place="MX-TLA"),
        value(found, place="all"),
    ) == (1, 0, 1)


@pytest.mark.parametrize("place", ["outside", "unknown"])
def test_a_case_outside_the_study_area_is_in_no_total(place):
    found = counted(
        [(1, place, "2015", "cantina", "HN", "sex"), (2, HEX, "2015", "cantina", "HN", "sex")],
        View("all"),
    )
    assert value(found, place="all") == 1


def test_a_case_with_a_country_only_counts_at_the_unknown_leaf_and_above():
    found = counted(
        [(1, "US-unknown", "2015", "cantina", "HN", "sex")],
        View("state"),
        View("country"),
        View("h3_3"),
    )
    assert (value(found, place="US-unknown"), value(found, place="US")) == (1, 1)
    assert not (found.cells["level"] == "h3_3").any()


def test_parents_of_hexes_come_from_the_finest_cell():
    import h3

    found = counted([(1, HEX, "2015", "cantina", "HN", "sex")], View("h3_3"))
    assert found.cells["place"].tolist() == [f"US-TX/{h3.cell_to_parent(HEX.split('/')[1], 3)}"]


def test_grains_above_the_leaves_count_distinct_cases():
    rows = [
        (1, HEX, "2015-Q3", "cantina", "HN;GT", "sex"),
        (2, HEX, "2015", "unknown", "HN", "sex"),
    ]
    views = [View("all", (grain,)) for grain in ("quarter", "sector", "region", "period")]
    found = cube.count(
        cube.base(located(*rows)), views, {"cantina": "bars"}, {"HN": "central", "GT": "central"}
    )
    assert value(found, place="all", period="2015-Q3") == 1
    assert value(found, place="all", period="2015") == 2
    assert value(found, place="all", venue="bars") == 1
    assert value(found, place="all", nationality="central") == 2


def test_a_part_under_the_area_floor_counts_in_its_parent_only():
    base = cube.base(located((1, HEX, "2015", "cantina", "HN", "sex")))
    views = (View("h3_4"), View("state"))
    part = cube.count(base, views, {}, {}).cells["place"].iloc[-1]
    found = cube.count(base, views, {}, {}, not_parts=frozenset([part]))
    assert found.cells["place"].tolist() == ["US-TX"]


def test_every_count_is_the_sum_of_its_base_cells_in_any_row_order():
    rows = [
        (n, HEX if n % 2 else "US-CA", f"201{n % 3}", "cantina", "HN", "sex") for n in range(30)
    ]
    views = (View("state", ("period",)), View("all"))
    one, two = counted(rows, *views), counted(rows[::-1], *views)
    assert one.cells.equals(two.cells)
    assert (one.members @ one.weights == one.cells["value"]).all()


def several(cases, least, **codes):
    """30 plain cases and some of several values, counted where `least` make a dimension several."""
    plain = {"place": HEX, "period": "2015", "venue": "cantina", "nationality": "HN", "kind": "sex"}
    rows = [(n, *plain.values()) for n in range(30)]
    rows += [(30 + n, *(plain | codes).values()) for n in range(cases)]
    views = (View("all"), View("state"), View("all", ("venue",)), View("all", ("nationality",)))
    return cube.count(cube.base(located(*rows)), views, {}, {}, least=least)


def test_few_cases_of_several_values_count_once_each_where_they_belong():
    found = several(4, 5, venue="cantina;escort")
    assert found.multi_valued == ()
    assert found.narrowed == {"venue": 4}
    counts = [value(found, place="all", venue=v) for v in ("all", "cantina", "escort")]
    assert counts == [34, 34, 0]


def test_from_so_many_cases_on_each_value_counts():
    found = several(5, 5, venue="cantina;escort")
    assert (found.multi_valued, found.narrowed) == (("venue",), {})
    counts = [value(found, place="all", venue=v) for v in ("all", "cantina", "escort")]
    assert counts == [35, 35, 5]


def test_one_dimension_may_be_narrowed_and_another_not():
    rows = [(n, HEX, "2015", "cantina", "GT;HN", "sex") for n in range(5)]
    rows.append((5, "MX-CHH;US-TX", "2015", "cantina", "HN", "sex"))
    views = (View("country"), View("all", ("nationality",)))
    found = cube.count(cube.base(located(*rows)), views, {}, {}, least=5)
    assert (found.multi_valued, found.narrowed) == (("nationality",), {"place": 1})
    assert (value(found, place="MX"), value(found, place="US")) == (1, 5)


def test_cases_outside_the_study_area_make_no_dimension_several():
    found = several(6, 5, place="outside", venue="cantina;escort")
    assert (found.multi_valued, found.narrowed) == ((), {})


def test_details_are_narrowed_by_attribute():
    codes = ["gender=female;gender=male;origin=MX-CHH", "gender=female;origin=MX;origin=US-TX"]
    base = cube.base(located((1, HEX, "2015", "cantina", "HN", "sex")))
    base = pd.concat(
        [base.assign(detail=code, cases=n) for code, n in zip(codes, (3, 2), strict=True)]
    )
    found, few = cube.narrowed(base.reset_index(drop=True), 3)
    assert few == {"origin": 2}
    assert sorted(found["detail"]) == ["gender=female;gender=male;origin=MX-CHH",
                                       "gender=female;origin=MX"]  # fmt: skip
    assert found["cases"].sum() == 5


def test_what_is_narrowed_together_sums_its_victims_and_keeps_the_most_of_one_case():
    """One row stands for cases of a venue, another for two of several: each has further victims."""
    base = cube.base(located((1, HEX, "2015", "cantina", "HN", "sex")))
    numbers = {"cases": (5, 2), "further": (4, 3), "most": (3, 2), "unstated": (1, 2)}
    base = pd.concat([base.assign(venue=code) for code in ("cantina", "cantina;escort")])
    found, few = cube.narrowed(base.assign(**numbers).reset_index(drop=True), 3)
    assert (few, found["venue"].tolist()) == ({"venue": 2}, ["cantina"])
    assert found[list(numbers)].to_dict("records") == [
        {"cases": 7, "further": 7, "most": 3, "unstated": 3}
    ]

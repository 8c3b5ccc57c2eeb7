"""Profiles and corridors: counted as cases, protected with the cells, attacked with the rest."""

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo import audit, build, cube, details, ingest, protect, release, vocab
from geo.audit.space import DETAIL_VOCABULARY
from geo.model import ATTRIBUTES, DETAIL_TABLES, LOCATED, Policy, ReleaseError, UnusableError, View
from geo.policy import policy
from tests.attacks.planted import cell, found, outlines, rehash, view
from tests.attacks.planted import manifest as made_manifest
from tests.attacks.planted import table as cells_of
from tests.geo import made
from tests.geo.test_series import MORE, NEW, OLD, Series

K = 11
TEXAS, CALIFORNIA = "US-TX", "US-CA"
PROFILE = (View("all", ("gender",)), View("country", ("gender",)))
CORRIDOR = tuple(
    View(level, (grain,))
    for level in ("all", "country", "state")
    for grain in ("origin_country", "origin")
)
TOTALS = (View("all"), View("country"), View("state"))


def located(*rows):
    """LOCATED rows of {column: value}; a case of its own where none is named."""
    empty = {
        column.name: pd.NA if column.kind == "int" else "" for column in LOCATED.columns
    } | dict.fromkeys(("period", "venue", "nationality", "trafficking_type", "place"), "unknown")
    made_rows = [
        empty | {"row": n, "case": n, "cases": 1, "role": "exploitation", "place": TEXAS} | row
        for n, row in enumerate(rows, 1)
    ]
    return pd.DataFrame(made_rows)


def test_a_case_carries_every_value_of_its_rows_and_unknown_where_it_has_none():
    base = cube.base(
        located(
            {"victims_female": 2, "victims_male": 1, "control": "economic"},
            {"case": 1, "control": "isolation", "role": "recruitment", "place": "MX-CHH"},
            {"victims_female": 0},
        ),
        (*PROFILE, View("all", ("control",)), *CORRIDOR),
    )
    assert sorted(base["detail"]) == [
        "control=economic;control=isolation;gender=female;gender=male;origin=MX-CHH",
        "control=unknown;gender=unknown;origin=unknown",
    ]


def test_what_no_view_asks_for_or_no_case_has_splits_no_base_cell():
    rows = ({"victims_female": 1, "control": "economic"}, {"victims_male": 1})
    assert cube.base(located(*rows))["detail"].tolist() == ["unknown"]
    assert cube.base(located({}, {}), PROFILE)["detail"].tolist() == ["unknown"]


def test_the_victims_of_a_row_of_several_cases_are_of_no_known_one():
    rows = ({"cases": 40, "victims_female": 30, "control": "economic"}, {"victims_female": 1})
    base = cube.base(located(*rows), (*PROFILE, View("all", ("control",))))
    assert dict(zip(base["detail"], base["cases"], strict=True)) == {
        "control=economic;gender=unknown": 40,
        "control=unknown;gender=female": 1,
    }


def test_a_recruitment_abroad_is_a_country_of_its_own_and_states_lie_in_theirs():
    base = cube.base(
        located(
            {},
            {"case": 1, "role": "recruitment", "place": "outside"},
            {},
            {"case": 3, "role": "recruitment", "place": "MX-unknown"},
        ),
        CORRIDOR,
    )
    counted = cube.count(base, (*TOTALS, *CORRIDOR), {}, {}).cells
    one = counted[(counted["place"] == TEXAS) & (counted["detail"] != "all")]
    assert dict(zip(one["detail"], one["value"], strict=True)) == {
        "origin=outside": 1,
        "origin=MX": 1,
        "origin=MX-unknown": 1,
    }


def base_of(counts):
    """BASE table from {(place, venue, detail): cases}."""
    rows = [(p, "2015", v, "HN", "sex", d, n) for (p, v, d), n in counts.items() if n]
    names = ["place", "period", "venue", "nationality", "trafficking_type", "detail", "cases"]
    return pd.DataFrame(rows, columns=names).sort_values(names[:6]).reset_index(drop=True)


def drawn(seed, sets, places=(TEXAS, CALIFORNIA, "MX-CHH")):
    draw = random.Random(seed)
    keys = itertools.product(places, ("cantina", "escort"), sets)
    return {key: draw.choice((0, 0, 0, draw.randint(1, 6), draw.randint(11, 30))) for key in keys}


def published_masks(counted, shown):
    keep = np.zeros(len(counted.cells), dtype=bool)
    tables = {"": shown.cells, "profiles": shown.profiles, "corridors": shown.corridors}
    listed = set()
    for name, table in tables.items():
        for row in table.to_dict("records"):
            code = {
                "": "all",
                "profiles": f"{row.get('attribute')}={row.get('code')}",
                "corridors": f"origin={row.get('origin')}",
            }[name]
            listed.add((row["level"], row["place"], row.get("venue", "all"), code))
    for number, row in enumerate(counted.cells.to_dict("records")):
        keep[number] = (row["level"], row["place"], row["venue"], row["detail"]) in listed
    assert keep.sum() == sum(len(table) for table in tables.values())
    return keep


def derivable(counted, keep, k=K):
    """Groups of 1 to k-1 cases in the row space of the published cells, in fractions."""
    members = counted.members.toarray()
    basis = []
    for row in members[keep]:
        vector = _reduced([Fraction(int(n)) for n in row], basis)
        pivot = next((i for i, n in enumerate(vector) if n), None)
        if pivot is not None:
            basis.append((pivot, [n / vector[pivot] for n in vector]))
    groups = [*members]
    details_ = counted.cells["detail"].to_numpy()
    for one in np.flatnonzero(details_ != "all"):
        same = counted.cells["place"] == counted.cells["place"].iloc[one]
        whole = np.flatnonzero(
            same & (counted.cells["detail"] == "all") & (counted.cells["venue"] == "all")
        )
        groups += [members[total] * (1 - members[one]) for total in whole]
    return [
        group
        for group in groups
        if 0 < group @ counted.weights < k
        and not any(_reduced([Fraction(int(n)) for n in group], basis))
    ]


def _reduced(vector, basis):
    for pivot, row in basis:
        if vector[pivot]:
            factor = vector[pivot]
            vector = [a - factor * b for a, b in zip(vector, row, strict=True)]
    return vector


SINGLE = ("gender=female", "gender=male", "gender=unknown")
SEVERAL = (*SINGLE, "gender=female;gender=male")
CROSSED = ("origin=MX-CHH", "origin=MX-PUE", "origin=US-TX", "origin=unknown")


@pytest.mark.parametrize("sets", [SINGLE, SEVERAL, CROSSED], ids=["single", "several", "origins"])
def test_no_small_group_of_a_profile_or_corridor_can_be_worked_out(sets):
    naive_loses = 0
    for seed in range(25):
        views = (*TOTALS, View("all", ("venue",)), View("country", ("venue",)))
        views += CORRIDOR if sets is CROSSED else PROFILE
        counted = cube.count(base_of(drawn(seed, sets)), views, {}, {})
        shown = protect.publish(
            counted, Policy("test", "staff", K, views), {"venue": {}, "nationality": {}}
        )
        keep = published_masks(counted, shown)
        assert derivable(counted, keep) == []
        naive_loses += bool(derivable(counted, counted.cells["value"].to_numpy() >= K))
    assert naive_loses > 5


PLACES = {"all": ("TX", "CA", "CHH"), "US": ("TX", "CA"), "MX": ("CHH",)}
GENDER_CODES, AGES, LAYERS = ("female", "male", "unknown"), ("adult", "minor"), ("x", "y", "rest")


def atoms(*, several):
    """Every combination of a place (or a set of places), a venue, a gender and an age."""
    leaves = [{one} for one in PLACES["all"]]
    leaves += [{"TX", "CHH"}] if several else []
    return list(itertools.product(leaves, LAYERS, GENDER_CODES, AGES))


def row(cases, place, **codes):
    """A group of cases: in a place, with some codes."""
    names = ("venue", "gender", "age")
    return [
        Fraction(bool(set(PLACES[place]) & where) and all(
            dict(zip(names, rest, strict=True))[name] == code for name, code in codes.items()
        ))
        for where, *rest in cases
    ]  # fmt: skip


def spanned(rows):
    basis = []
    for one in rows:
        vector = _reduced(one, basis)
        pivot = next((i for i, n in enumerate(vector) if n), None)
        if pivot is not None:
            basis.append((pivot, [n / vector[pivot] for n in vector]))
    return basis


def more_together(seed, *, several, ruled):
    """Groups of genders that follow from all tables and not from their own with the totals."""
    draw, cases = random.Random(seed), atoms(several=several)
    totals = [place for place in PLACES if draw.random() < 0.7]
    whole = [row(cases, place) for place in totals]
    below = totals if ruled else list(PLACES)
    own = [row(cases, p, gender=g) for p in below for g in GENDER_CODES if draw.random() < 0.6]
    rest = [row(cases, p, age=a) for p in below for a in AGES if draw.random() < 0.7]
    rest += [row(cases, p, venue=v) for p in PLACES for v in LAYERS if draw.random() < 0.7]
    alone, together = spanned([*whole, *own]), spanned([*whole, *own, *rest])
    groups = [row(cases, p, gender=g) for p in PLACES for g in GENDER_CODES]
    groups += [
        [a - b for a, b in zip(row(cases, p), row(cases, p, gender=g), strict=True)]
        for p in below
        for g in GENDER_CODES
    ]
    return [g for g in groups if any(_reduced(g, alone)) and not any(_reduced(g, together))]


@pytest.mark.parametrize("several", [False, True], ids=["one place", "several places"])
def test_nothing_follows_from_all_tables_that_does_not_from_one_with_the_totals(several):
    assert not [s for s in range(60) if more_together(s, several=several, ruled=True)]
    assert [s for s in range(60) if more_together(s, several=several, ruled=False)]


@pytest.mark.parametrize("sets", [SEVERAL, CROSSED], ids=["profile", "corridor"])
def test_intervals_hold_for_details_too(sets):
    """Each small hidden cell of a detail can be none and can reach k, by a program of its own."""
    views = (*TOTALS, *(CORRIDOR if sets is CROSSED else PROFILE))
    narrow = 0
    for seed in range(6):
        counted = cube.count(base_of(drawn(seed, sets)), views, {}, {})
        for intervals in (True, False):
            rules = Policy("test", "staff", K, views, intervals=intervals)
            shown = protect.publish(counted, rules, {"venue": {}, "nationality": {}})
            confined = confined_details(counted, published_masks(counted, shown))
            assert not (intervals and confined)
            narrow += bool(confined)
    assert narrow


def confined_details(counted, keep):
    """Small hidden cells of details that cannot be none, or cannot reach k."""
    from scipy.optimize import linprog

    members, value = counted.members.toarray(), counted.cells["value"].to_numpy()
    equal = {"A_eq": members[keep], "b_eq": value[keep]} if keep.any() else {}
    small = (value < K) & (counted.cells["detail"] != "all").to_numpy()
    found = []
    for cell_ in np.flatnonzero(small):
        least = linprog(members[cell_], **equal, bounds=(0, 200)).fun
        most = -linprog(-members[cell_], **equal, bounds=(0, 200)).fun
        found += [cell_] if least > 1e-6 or most < K - 1e-6 else []
    return found


def test_a_profile_stands_only_below_a_published_total():
    """Without totals of countries no profile of one; a hidden total takes its profile along."""
    counts = {(TEXAS, "escort", "gender=female"): 30, ("MX-CHH", "escort", "gender=female"): 39}
    for views, places in (
        ((*TOTALS, *PROFILE), {"all", "US", "MX"}),
        ((View("all"), *PROFILE), {"all"}),
    ):
        counted = cube.count(base_of(counts), views, {}, {})
        shown = protect.publish(
            counted, Policy("test", "staff", K, views), {"venue": {}, "nationality": {}}
        )
        assert set(shown.profiles["place"]) == places


def test_every_code_and_attribute_has_words_in_both_languages():
    words = vocab.load()
    for attribute in (*ATTRIBUTES, "origin", "origin_country"):
        assert words.label("attributes", attribute, "en") != words.label(
            "attributes", attribute, "es"
        )
    assert set(DETAIL_VOCABULARY) == set(ATTRIBUTES)
    for name in DETAIL_VOCABULARY.values():
        for code in (*words.codes(name), "unknown"):
            assert words.label(name, code, "en")
            assert words.label(name, code, "es")


# A whole build


def case_file(rows=600):
    """The made-up file with attributes, and rows of recruitment for some cases."""
    table = made.cases(rows)
    rng = np.random.default_rng(7)
    table["case_id"] = [f"c{n}" for n in range(rows)]
    table["victims_female"] = rng.choice(["0", "1", "2"], rows, p=[0.3, 0.5, 0.2])
    table["victims_male"] = rng.choice(["0", "1"], rows, p=[0.8, 0.2])
    table["control"] = rng.choice(["economic", "isolation;economic", ""], rows, p=[0.5, 0.2, 0.3])
    table["role"] = "exploitation"
    recruited = table[["case_id"]].assign(role="recruitment")
    recruited["state"] = rng.choice(["MX-CHH", "MX-PUE", "US-TX", ""], rows, p=[0.5, 0.2, 0.2, 0.1])
    recruited["country"] = recruited["state"].str[:2]
    return pd.concat([table, recruited[recruited["state"] != ""]], ignore_index=True).fillna("")


DETAIL_POLICY = """
[[profiles]]
attributes = ["gender", "control"]
levels = ["all", "country"]
reason = "a test"

[[corridors]]
origins = ["origin_country", "origin"]
levels = ["all", "country", "state"]
reason = "a test"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = made.folder(tmp_path_factory.mktemp("details"), case_file())
    (folder / "small.toml").write_text(made.POLICY + DETAIL_POLICY, encoding="utf-8")
    mapping, small = ingest.mapping(folder / "made.toml"), policy(folder / "small.toml")
    build.build([folder / "cases.csv"], folder / "one", mapping, small)
    return folder


def test_published_profiles_and_corridors_are_true_counts(built):
    table = case_file()
    cases = table[table["role"] == "exploitation"].set_index("case_id")
    inside = cases[cases["country"].isin(["US", "MX"])]
    one = release.read(built / "one")
    assert set(one.profiles["attribute"]) == {"gender", "control"}
    for row in one.profiles.itertuples():
        here = inside if row.place == "all" else inside[inside["country"] == row.place]
        if row.attribute == "gender":
            columns = {"female": "victims_female", "male": "victims_male"}
            counts = {code: (here[name].astype(int) > 0) for code, name in columns.items()}
            counts["unknown"] = ~(counts["female"] | counts["male"])
            true = counts[row.code].sum()
        else:
            values = here["control"].replace("", "unknown").str.split(";")
            true = values.map(lambda codes, code=row.code: code in codes).sum()
        assert row.value == true
    recruited = table[table["role"] == "recruitment"].set_index("case_id")["state"]
    origins = inside.assign(origin=recruited.reindex(inside.index).fillna("unknown"))
    states = one.corridors[one.corridors["level"] == "state"]
    assert len(states[~states["origin"].isin(["unknown", "US", "MX"])]) > 2
    for row in states.itertuples():
        here = origins[origins["state"] == row.place]["origin"]
        same = (
            here == row.origin
            if "-" in row.origin or row.origin == "unknown"
            else (here.str.startswith(f"{row.origin}-"))
        )
        assert row.value == same.sum()


def test_a_file_without_such_columns_builds_as_before(tmp_path):
    """The same cells, and no file beside them."""
    folder = made.folder(tmp_path / "plain")
    (folder / "more.toml").write_text(made.POLICY + DETAIL_POLICY, encoding="utf-8")
    mapping = ingest.mapping(folder / "made.toml")
    for name in ("small", "more"):
        build.build(
            [folder / "cases.csv"], tmp_path / name / "r", mapping, policy(folder / f"{name}.toml")
        )
    first, second = (tmp_path / name / "r" for name in ("small", "more"))
    assert (first / "cells.parquet").read_bytes() == (second / "cells.parquet").read_bytes()
    assert {p.name for p in first.iterdir()} == {p.name for p in second.iterdir()}
    assert release.read(second).profiles.empty


def test_the_reader_refuses_a_lost_or_altered_table(built, tmp_path):
    import shutil

    lost = Path(shutil.copytree(built / "one", tmp_path / "lost"))
    (lost / "profiles.csv").unlink()
    altered = Path(shutil.copytree(built / "one", tmp_path / "altered"))
    path = altered / "corridors.csv"
    path.write_text(path.read_text().replace("cases,", "cases,1", 1))
    for folder in (lost, altered):
        with pytest.raises(ReleaseError):
            release.read(folder)


# Planted leaks

CELLS = [
    cell(300),
    cell(200, "country", "US"),
    cell(100, "country", "MX"),
    cell(60, "state", TEXAS),
    cell(40, "state", CALIFORNIA),
]
GENDERS = [
    ("all", "all", "female", 200),
    ("all", "all", "male", 100),
    ("country", "US", "female", 140),
    ("country", "US", "male", 60),
    ("country", "MX", "female", 60),
    ("country", "MX", "male", 40),
]
ORIGINS = [("state", TEXAS, "MX-CHH", 30), ("country", "US", "MX-CHH", 60)]
LISTED = [
    *(view(level) for level in ("all", "country", "state")),
    *(view(level, "gender") for level in ("all", "country")),
    *(view(level, grain) for level in ("all", "country", "state") for grain in
      ("origin_country", "origin")),
]  # fmt: skip


def written(folder, genders=GENDERS, origins=ORIGINS, **changes):
    tables = {
        "profiles": [(*row[:2], "gender", row[2], "cases", row[3]) for row in genders],
        "corridors": [(*row[:3], "cases", row[3]) for row in origins],
    }
    frames = {}
    for name, rows in tables.items():
        spec = DETAIL_TABLES[name]
        frame = pd.DataFrame(rows, columns=spec.names)
        frames[name] = frame.astype({**dict.fromkeys(spec.key, "str"), "value": "int64"})
    cells = cells_of(changes.pop("cells", CELLS))
    content = made_manifest(changes.pop("views", LISTED), **changes)
    release.write(folder, cells, outlines(cells), content, frames)
    return folder


def without(rows, *keys):
    return [row for row in rows if row[:3] not in keys]


def test_clean_tables_pass_and_the_receipt_has_words_for_their_checks(tmp_path):
    folder = written(tmp_path / "r")
    assert found(folder) == set()
    names = {one["name"] for one in audit.attack(folder).report["checks"]}
    for language in ("en", "es"):
        words = release.check_words(language)
        assert {name for name in words if name.startswith("detail ")} <= names


def test_one_withheld_value_follows_from_the_total(tmp_path):
    """All of MX are female but 5; the 5 do not stand there, and follow."""
    genders = [
        *without(GENDERS, ("country", "MX", "female"), ("country", "MX", "male")),
        ("country", "MX", "female", 95),
    ]
    assert (2, "lines") in found(written(tmp_path / "r", genders))


def test_a_value_of_one_country_follows_from_all_and_the_other(tmp_path):
    genders = [
        ("all", "all", "male", 100),
        ("country", "US", "male", 92),
    ]
    assert (4, "rank") in found(written(tmp_path / "r", genders)) or (2, "lines") in found(
        tmp_path / "r"
    )


def test_a_corridor_that_leaves_a_few_of_its_state(tmp_path):
    assert (2, "lines") in found(written(tmp_path / "r", origins=[("state", TEXAS, "MX", 55)]))
    several = written(tmp_path / "s", origins=[("state", TEXAS, "MX", 55)], multi_valued=["origin"])
    assert (2, "lines") in found(several)


def test_a_corridor_that_leaves_a_few_of_its_country_of_recruitment(tmp_path):
    origins = [("state", TEXAS, "MX", 24), ("state", TEXAS, "MX-CHH", 21)]
    assert (2, "lines") in found(written(tmp_path / "r", origins=origins))


def test_a_part_of_a_withheld_total(tmp_path):
    cells = [row for row in CELLS if row["place"] != TEXAS]
    failing = found(written(tmp_path / "r", cells=cells))
    assert (0, "detail views") in failing


def test_a_view_that_no_policy_may_have(tmp_path):
    views = [*LISTED, view("country", "gender", "venue")]
    assert (0, "detail views") in found(written(tmp_path / "r", views=views))
    states = [*LISTED, view("state", "gender")]
    assert (0, "detail views") in found(written(tmp_path / "s", views=states))


def test_a_number_that_no_view_lists_or_no_code_list_has(tmp_path):
    genders = [*GENDERS, ("state", TEXAS, "female", 30)]
    assert (0, "detail views") in found(written(tmp_path / "r", genders))
    assert (0, "detail views") in found(written(tmp_path / "s", [("all", "all", "tall", 80)]))


def test_a_small_number_in_a_table_beside(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = written(tmp_path / "r")
    rows = pq.ParquetFile(folder / "profiles.parquet").read().to_pylist()
    rows[0]["value"] = 4
    options = {"write_statistics": False, "store_schema": False}
    pq.write_table(pa.Table.from_pylist(rows), folder / "profiles.parquet", **options)
    rehash(folder)
    failing = found(folder)
    assert {(1, "detail values"), (17, "detail rows")} <= failing


def test_another_release_of_the_block_has_other_rows(tmp_path):
    first = written(tmp_path / "a")
    same, other = written(tmp_path / "b"), written(tmp_path / "c", GENDERS[:4])
    assert (11, "detail repeats") not in found(same, earlier=[first])
    assert (11, "detail repeats") in found(other, earlier=[first])
    label = {"start": "2012-01", "end": "2016-12", "label": "2012–2016 (r2)"}
    restated = written(tmp_path / "d", coverage=label)
    assert (11, "detail repeats") in found(restated, earlier=[first])


def test_what_leaks_is_named_as_the_suppression_knows_it(tmp_path):
    genders = [("country", "MX", "female", 95)]
    leaks = audit.attack(written(tmp_path / "r", genders)).leaks
    assert any(term.excluded == ("gender=female",) for leak in leaks for term in leak[0][-1])


# Policies

HEAD = 'id = "mine"\naudience = "staff"\nk = 11\n'
VIEWS = '[[views]]\nlevels = ["all"]\ngrains = ["venue"]\nup_to = 1\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (DETAIL_POLICY.replace('"all", "country"]', '"all", "state"]', 1), "'state' in levels"),
        (DETAIL_POLICY.replace('reason = "a test"', 'reason = ""', 1), "reason"),
        (DETAIL_POLICY.replace('reason = "a test"\n', "", 1), "reason"),
        (DETAIL_POLICY.replace('"control"', '"venue"'), "'venue' in attributes"),
        (VIEWS.replace('"venue"', '"venue", "gender"'), "'gender' in grains"),
        ('profiles = "gender"\n', "[[profiles]]"),
    ],
)
def test_a_policy_says_what_is_wrong_with_its_profiles(tmp_path, text, words):
    path = tmp_path / "mine.toml"
    top, tables = (text, "") if text.startswith("profiles") else ("", text)
    path.write_text(HEAD + top + VIEWS + tables, encoding="utf-8")
    with pytest.raises(UnusableError) as raised:
        policy(path)
    assert words in str(raised.value)


@pytest.mark.parametrize("name", ["public", "coalition", "staff"])
def test_shipped_policies_list_every_attribute_by_itself(name):
    shipped = [one for one in policy(name).views if one.is_detail]
    assert {one.grains for one in shipped} == {
        (grain,) for grain in (*ATTRIBUTES, "origin", "origin_country")
    }
    assert {one.level for one in shipped if one.grains[0] in ATTRIBUTES} == {"all", "country"}
    assert details.grain("origin=outside") == "origin"


# A series in time


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """2010–2015 with profiles as `first`, and `second` with 2016 beside it."""
    one = Series(tmp_path_factory.mktemp("told"))
    with (one.folder / "small.toml").open("a", encoding="utf-8") as stream:
        stream.write(DETAIL_POLICY)
    one.build("first", methods(OLD), end="2015-12-31")
    one.build("second", methods(NEW), "first")
    return one


def methods(table):
    """Series cases with methods of control."""
    codes = np.random.default_rng(1).choice(["economic", "isolation", "documents"], len(table))
    return table.assign(control=codes)


def test_a_later_release_repeats_the_profiles_of_the_first_block(told):
    first, second = (told.releases / name / "profiles.csv" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().count(b"control") > 5
    assert found(told.releases / "second", earlier=[told.releases / "first"]) == set()


def test_a_restated_first_block_has_no_profiles(told, tmp_path):
    table, out = methods(pd.concat([OLD, MORE])), tmp_path / "third"
    told.build("third", table, "first", "second", restate="2010-2015", out=out)
    assert release.read(out).profiles.empty


def test_a_series_begun_without_profiles_goes_on_under_a_policy_that_has_some(told, tmp_path):
    rules = policy(told.folder / "small.toml")
    plain = replace(rules, views=tuple(one for one in rules.views if not one.is_detail))
    own = Series(tmp_path)
    own.build("first", methods(OLD), end="2015-12-31", policy=plain)
    own.build("second", methods(NEW), "first", policy=rules)
    assert release.read(own.releases / "second").profiles.empty

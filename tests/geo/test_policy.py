"""Policies: the ones that ship, and every way a file of one can be wrong."""

import pytest

from geo.model import FINEST_PUBLIC_LEVEL, LEVELS, UnusableError, View
from geo.policy import FOLDER, policy

HEAD = 'id = "mine"\naudience = "public"\nk = 11\n'
VIEWS = '[[views]]\nlevels = ["all", "state"]\ngrains = ["period", "venue"]\nup_to = 1\n'


def written(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path, text):
    with pytest.raises(UnusableError) as raised:
        policy(written(tmp_path, text))
    message = str(raised.value)
    assert "mine.toml" in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_every_shipped_policy_is_read_and_hides_below_eleven(name):
    shipped = policy(name)
    assert (shipped.id, shipped.k) == (name, 11)
    assert shipped.views[0] == View("all")


def test_the_public_policy_shows_what_the_design_lists():
    views = policy("public").views_for(3_000)
    wide = ("period", "venue", "nationality", "trafficking_type")
    for level in ("all", "country", "state"):
        grains = [set(view.grains) for view in views if view.level == level]
        assert {"venue", "nationality"} in grains
        assert all(len(chosen) <= 2 for chosen in grains)
        assert [chosen for chosen in grains if chosen <= set(wide)].count(set()) == 1
        assert len([chosen for chosen in grains if chosen <= set(wide)]) == 1 + 4 + 6
    coarse = {view.grains for view in views if view.level == "h3_3"}
    assert coarse == {(), *((grain,) for grain in wide), ("period", "venue")}
    fine = {view.grains for view in views if view.level == "h3_4"}
    assert fine == {(), *((grain,) for grain in wide)}
    assert not [view for view in views if view.level == "h3_5"]
    assert View("country", ("region",)) in views
    assert View("state", ("region",)) not in views


def test_three_filters_at_once_only_from_fifty_thousand_cases():
    shipped = policy("public")
    three = View("all", ("period", "venue", "nationality"))
    assert three not in shipped.views_for(49_999)
    assert three in shipped.views_for(50_000)
    assert View("state", three.grains) not in shipped.views_for(50_000)


def test_views_are_every_choice_of_up_to_so_many_grains_and_none_twice(tmp_path):
    found = policy(written(tmp_path, HEAD + VIEWS + VIEWS))
    assert found.views == (
        View("all"), View("all", ("period",)), View("all", ("venue",)),
        View("state"), View("state", ("period",)), View("state", ("venue",)),
    )  # fmt: skip


def test_a_policy_that_does_not_exist_names_those_that_do(tmp_path):
    with pytest.raises(UnusableError, match="coalition, public, public_victims, staff"):
        policy("publik")
    with pytest.raises(UnusableError, match="public_victims, staff"):
        policy(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("k = = 11", "TOML"),
        (HEAD + "kk = 3\n" + VIEWS, "kk"),
        (HEAD + 'views_from = "x"\n' + VIEWS, "views_from"),
        (HEAD, "views"),
        ('id = "mine"\nk = 11\n' + VIEWS, "audience"),
        (HEAD.replace("public", "everybody") + VIEWS, "audience"),
        (HEAD.replace("11", "1") + VIEWS, "at least 2"),
        (HEAD.replace("11", "11.0") + VIEWS, "whole number"),
        (HEAD.replace("11", "true") + VIEWS, "whole number"),
        (HEAD + 'seed = "x"\n' + VIEWS, "seed"),
        (HEAD + "seed = -1\n" + VIEWS, "seed"),
        (HEAD + 'least_area_km2 = "1"\n' + VIEWS, "least_area_km2"),
        (HEAD + "error_share = 5\n" + VIEWS, "error_share"),
        (HEAD + "default_geocode_rows = 1.5\n" + VIEWS, "default_geocode_rows"),
        (HEAD.replace('"mine"', "3") + VIEWS, "id"),
        (HEAD + 'views = "all"\n', "views"),
        (HEAD + 'sensitive = "nationality"\n' + VIEWS, "sensitive"),
        (HEAD + 'sensitive = ["colour"]\n' + VIEWS, "colour"),
        (HEAD + "sensitive = [[]]\n" + VIEWS, "sensitive"),
        (HEAD + VIEWS.replace("[[views]]", "[views]"), "views"),
        (HEAD + VIEWS + "upto = 1\n", "upto"),
        (HEAD + VIEWS.replace("up_to = 1", ""), "up_to"),
        (HEAD + VIEWS.replace("up_to = 1", 'up_to = "1"'), "up_to"),
        (HEAD + VIEWS.replace("up_to = 1", "up_to = -1"), "up_to"),
        (HEAD + VIEWS + "from_cases = 1.5\n", "from_cases"),
        (HEAD + VIEWS.replace('"state"', '"county"'), "county"),
        (HEAD + VIEWS.replace('"venue"', '"gender"'), "gender"),
        (HEAD + VIEWS.replace('["all", "state"]', '"all"'), "levels"),
        (HEAD + VIEWS.replace('["all", "state"]', "[1]"), "levels"),
        (HEAD + VIEWS.replace('"venue"', '"quarter"').replace("1", "2", 2), "period"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_line_that_names_what_is_wrong(tmp_path, text, told):
    assert told in refused(tmp_path, text)


def test_two_grains_of_one_dimension_stand_side_by_side_but_never_together(tmp_path):
    both = VIEWS.replace('"venue"', '"quarter"')
    assert View("all", ("quarter",)) in policy(written(tmp_path, HEAD + both)).views
    assert "quarter" in refused(tmp_path, HEAD + both.replace("up_to = 1", "up_to = 2"))


def test_a_byte_that_is_not_utf_8_is_said(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(HEAD.encode() + b"# \xe9\n" + VIEWS.encode())
    with pytest.raises(UnusableError, match=r"mine\.toml"):
        policy(path)


def test_the_public_and_partners_get_no_count_below_ten_and_staff_may(tmp_path):
    low = HEAD.replace("11", "9") + VIEWS
    assert "unsafe for the public" in refused(tmp_path, low)
    assert "unsafe for partners" in refused(tmp_path, low.replace("public", "coalition"))
    assert policy(written(tmp_path, low.replace("public", "staff"))).k == 9
    assert policy(written(tmp_path, HEAD.replace("11", "10") + VIEWS)).k == 10


@pytest.mark.parametrize("later", ["", "from_cases = 50000\n"])
def test_the_public_gets_no_finer_hex_even_from_many_cases(tmp_path, later):
    finer = LEVELS[LEVELS.index(FINEST_PUBLIC_LEVEL) + 1]
    text = HEAD + VIEWS + VIEWS.replace('"state"', f'"{finer}"') + later
    assert "unsafe" in refused(tmp_path, text)
    for audience in ("coalition", "staff"):
        built = policy(written(tmp_path, text.replace("public", audience)))
        assert View(finer) in built.views_for(50_000)


@pytest.mark.parametrize("views", ["views = 5\n", 'views = "all"\n'])
def test_views_that_are_no_tables_are_refused(tmp_path, views):
    assert "[[views]]" in refused(tmp_path, HEAD + views)


@pytest.mark.parametrize("number", ["inf", "1e300"])
def test_a_number_no_release_can_hold_is_refused(tmp_path, number):
    assert "least_area_km2" in refused(tmp_path, HEAD + f"least_area_km2 = {number}\n" + VIEWS)


def test_a_secret_seed_may_be_long(tmp_path):
    assert policy(written(tmp_path, HEAD + f"seed = {2**200}\n" + VIEWS)).seed == 2**200


def test_a_policy_of_nested_lists_is_refused(tmp_path):
    assert "TOML" in refused(tmp_path, "views = " + "[" * 3000)


@pytest.mark.parametrize("name", ["public", "coalition", "staff"])
def test_nationality_is_sensitive_in_every_shipped_policy_and_where_none_is_named(tmp_path, name):
    assert policy(name).sensitive == ("nationality",)
    assert "sensitive" in (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert policy(written(tmp_path, HEAD + VIEWS)).sensitive == ("nationality",)


def test_a_policy_may_call_other_dimensions_sensitive_or_none(tmp_path):
    listed = 'sensitive = ["venue", "nationality"]\n'
    assert policy(written(tmp_path, HEAD + listed + VIEWS)).sensitive == ("venue", "nationality")
    assert policy(written(tmp_path, HEAD + "sensitive = []\n" + VIEWS)).sensitive == ()


def test_a_coalition_sees_all_that_the_public_sees_and_hexes_of_resolution_5():
    public, coalition = policy("public"), policy("coalition")
    assert set(public.views_for(50_000)) < set(coalition.views_for(50_000))
    more = set(coalition.views) - set(public.views)
    assert {view.level for view in more} == {"h3_5"}
    assert not [view for view in more if {"nationality", "trafficking_type"} & set(view.grains)]


def test_a_policy_like_another_says_only_what_differs(tmp_path):
    own = policy(written(tmp_path, 'like = "public"\nid = "mine"\nk = 20\n'))
    public = policy("public")
    assert (own.id, own.k, own.views, own.audience) == ("mine", 20, public.views, "public")


def test_the_public_policy_with_victims_differs_in_nothing_else():
    own, public = vars(policy("public_victims")), vars(policy("public"))
    assert {name for name in own if own[name] != public[name]} == {"id", "measures"}
    assert policy("public_victims").with_victims


@pytest.mark.parametrize("like", ['"nobody"', '"../policies/public"', '"public_victims"', "1"])
def test_a_policy_is_like_a_shipped_one_that_is_like_no_other(tmp_path, like):
    assert "like names" in refused(tmp_path, f'like = {like}\nid = "mine"\n')


def test_a_policy_like_another_has_an_id_of_its_own(tmp_path):
    assert "id missing" in refused(tmp_path, 'like = "public"\nk = 20\n')


def test_a_policy_enforces_intervals_unless_it_says_otherwise(tmp_path):
    assert policy(written(tmp_path, HEAD + VIEWS)).intervals
    staff = HEAD.replace("public", "staff") + "intervals = false\n"
    assert not policy(written(tmp_path, staff + VIEWS)).intervals


def test_the_public_is_given_no_release_without_the_interval_rule(tmp_path):
    told = refused(tmp_path, HEAD + "intervals = false\n" + VIEWS)
    assert "intervals = false is unsafe for the public" in told

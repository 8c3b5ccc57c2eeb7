"""Clusters of reports: Gi* of published places, refused where there are too few."""

import hashlib
import stat
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from geo import clusters, rates, release
from geo.__main__ import main
from geo.cluster_file import EQUAL, FEW_PLACES
from tests.ui import sample

SIDE = 8
POINTS = np.array([[x, y] for x in range(SIDE) for y in range(SIDE)], dtype=float) / 10
CORNER = (POINTS < 0.25).all(axis=1)


def values(corner: float = 90.0) -> pd.Series:
    plain = 20 + np.arange(SIDE * SIDE) * 7 % 11
    return pd.Series(np.where(CORNER, corner, plain), [f"p{n:02}" for n in range(SIDE * SIDE)])


def test_gi_star_is_that_of_the_formula_where_neighbours_are_not_tied():
    moved = POINTS + np.random.default_rng(1).normal(0, 0.002, POINTS.shape)
    y = values()
    found = clusters.clusters(y, moved).table
    _, near = cKDTree(moved).query(moved, k=clusters.NEIGHBOURS + 1)
    n, m = len(y), clusters.NEIGHBOURS + 1
    spread = np.sqrt((y**2).mean() - y.mean() ** 2)
    expected = (y.to_numpy()[near].sum(axis=1) - y.mean() * m) / (
        spread * np.sqrt((n * m - m**2) / (n - 1))
    )
    assert np.allclose(found["z"], expected)


def test_many_reports_side_by_side_are_a_cluster():
    found = clusters.clusters(values(), POINTS).table
    named = found["cluster"].eq(clusters.MANY).to_numpy()
    assert named[CORNER].sum() >= 4
    assert not named[(POINTS > 0.45).any(axis=1)].any()


def test_no_cluster_where_values_are_scattered():
    found = clusters.clusters(values(corner=25.0), POINTS).table
    assert (found["cluster"] == "").all()


def test_the_answer_is_the_same_each_time():
    first, second = (clusters.clusters(values(), POINTS).table for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.fixture(scope="module")
def by_esda():
    """Gi* and two-sided p of esda, the reference, for values with some noise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda import fdr
        from esda.getisord import G_Local
        from libpysal.weights import KNN, fill_diagonal

        moved = POINTS + np.random.default_rng(1).normal(0, 0.002, POINTS.shape)
        y = values(corner=40.0)
        near = KNN.from_array(moved, k=clusters.NEIGHBOURS, radius=6371.0)
        found = G_Local(
            y.to_numpy(), fill_diagonal(near, 1.0), transform="B", star=True,
            permutations=clusters.PERMUTATIONS, keep_simulations=False, n_jobs=1, seed=1,
        )  # fmt: skip
        p = np.minimum(1.0, 2 * found.p_sim)
        ours = clusters.clusters(y, moved).table
        return ours, found.Zs, p, ours["p"] <= fdr(ours["p"], clusters.DISCOVERY)


def test_gi_star_is_that_of_esda(by_esda):
    found, z, _, _ = by_esda
    assert np.allclose(found["z"], z)


def test_chance_is_that_of_esda_but_for_the_draws(by_esda):
    found, _, p, _ = by_esda
    one_sided = np.minimum(found["p"], 0.99) / 2
    noise = np.sqrt(one_sided * (1 - one_sided) / clusters.PERMUTATIONS)
    assert (np.abs(found["p"] / 2 - p / 2) < 6 * noise + 0.02 * p).all()


def test_false_discoveries_are_held_down_as_esda_does(by_esda):
    found, _, _, named = by_esda
    assert named.any()
    assert (named == found["cluster"].ne("")).all()


def test_what_is_drawn_are_different_places_each_as_likely_as_any_other():
    drawn = clusters._drawn(40)
    assert drawn.shape == (clusters.PERMUTATIONS, clusters.NEIGHBOURS)
    assert all(len(set(row)) == clusters.NEIGHBOURS for row in drawn.tolist())
    often = np.bincount(drawn.ravel(), minlength=40) / drawn.size
    assert np.abs(often - 1 / 40).max() < 0.003


def test_a_place_is_no_neighbour_of_itself_even_among_many_at_one_point():
    near = clusters.nearest(np.vstack([np.zeros((9, 2)), [[10.0, 10.0]]]))
    assert all(place not in row for place, row in enumerate(near.tolist()))


def test_neighbours_are_near_along_the_sphere_across_its_seam():
    points = np.array([[179.9, 0], [-179.9, 0], *([[lon, 0] for lon in range(0, 60, 10)])])
    assert 1 in clusters.nearest(points)[0]


def test_a_tie_speaks_for_chance():
    y = pd.Series([20.0, 10.0] * 20)
    assert clusters.clusters(y, POINTS[:40]).table["p"].min() > 0.05


def test_fewer_than_thirty_places_are_a_reason_and_no_error():
    found = clusters.clusters(values()[:29], POINTS[:29])
    assert (found.table.empty, found.places, found.refused) == (True, 29, FEW_PLACES)
    assert "need 30 published places, and this view has 29" in found.reason


def test_the_same_value_everywhere_is_a_reason():
    found = clusters.clusters(values() * 0 + 30, POINTS)
    assert found.refused == EQUAL
    assert "the same value" in found.reason


def test_only_published_cases_of_known_places_are_read():
    cells = pd.DataFrame(
        [
            ["state", "US-TX", "all", "all", "all", "all", "cases", 400],
            ["state", "US-TX", "all", "all", "all", "all", "victims", 900],
            ["state", "US-TX", "2015", "all", "all", "all", "cases", 90],
            ["state", "US-unknown", "all", "all", "all", "all", "cases", 60],
        ],
        columns=[*("level", "place", "period", "venue"),
                 *("nationality", "trafficking_type", "measure", "value")],
    )  # fmt: skip
    assert clusters.published(cells, "state", {}).to_dict() == {"US-TX": 400}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return sample.write(tmp_path_factory.mktemp("releases"), "national")


def test_the_command_says_why_there_are_none_and_is_done(folder, tmp_path, capsys):
    out = tmp_path / "clusters.csv"
    assert main(["clusters", str(folder), "--out", str(out)]) == 0
    assert "need 30 published places" in capsys.readouterr().out
    lines = out.read_text().splitlines()
    assert lines[0] == "# release,national"
    assert lines[-1] == ",".join(clusters.COLUMNS)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_command_writes_places_of_the_demonstration_and_what_they_are(tmp_path, capsys):
    out = tmp_path / "clusters.csv"
    folder = sample.ROOT / "data" / "aggregates" / "demo-national"
    assert main(["clusters", str(folder), "--period", "2016", "--out", str(out)]) == 0
    head = dict(line[2:].split(",", 1) for line in out.read_text().splitlines() if line[0] == "#")
    assert head["manifest"] == hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    asked = {"level": "state", "period": "2016", "venue": "all", "seed": str(clusters.SEED)}
    assert asked.items() <= head.items()
    written = pd.read_csv(out, keep_default_na=False, comment="#")
    counts = release.read(folder).cells
    states = set(counts.loc[counts["level"] == "state", "place"])
    assert len(written) >= clusters.LEAST_PLACES
    assert set(written["place"]) <= states
    assert f"{len(written)} places" in capsys.readouterr().out


@pytest.fixture(scope="module")
def deck():
    return release.read(sample.ROOT / "data" / "aggregates" / "demo-deck")


def test_views_are_of_published_cases_at_known_places_and_nothing_else(deck):
    whole = deck.cells[deck.cells["level"] == "state"]
    known = whole[(whole["measure"] == "cases") & ~whole["place"].str.endswith("-unknown")]
    assert set(whole["measure"]) == {"cases", "victims"}
    assert whole["place"].str.endswith("-unknown").any()
    asked = known.groupby(["period", "venue", "nationality", "trafficking_type"])["place"].count()
    found = clusters.of_views(whole, deck.places, deck.manifest)
    assert {view.key[1:]: view.places for view in found} == asked.to_dict()


def test_states_are_compared_by_smoothed_rates_and_hexagons_by_counts(deck):
    asked = deck.cells, deck.places, deck.manifest
    states = clusters.of_release(*asked, "state", {}).table.set_index("place")["value"]
    counts = clusters.published(deck.cells, "state", {})
    people = rates.denominators(rates.RESIDENTS)["population"].loc[counts.index]
    exposed = people * rates.years("all", deck.manifest) / rates.PER
    assert states.to_dict() == dict(zip(counts.index, rates.smoothed(counts, exposed), strict=True))
    national = release.read(sample.ROOT / "data" / "aggregates" / "demo-national")
    asked = national.cells, national.places, national.manifest
    hexagons = clusters.of_release(*asked, "h3_3", {}).table.set_index("place")["value"]
    assert hexagons.to_dict() == clusters.published(national.cells, "h3_3", {}).to_dict()

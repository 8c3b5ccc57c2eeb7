"""Clusters of reports: Gi* of published places, refused where there are too few."""

import stat
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from geo import clusters, release
from geo.__main__ import main
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


def test_false_discoveries_are_held_down_as_esda_does():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda import fdr
    found = clusters.clusters(values(), POINTS).table
    assert ((found["p"] <= fdr(found["p"], clusters.DISCOVERY)) == found["cluster"].ne("")).all()


def test_fewer_than_thirty_places_are_a_reason_and_no_error():
    found = clusters.clusters(values()[:29], POINTS[:29])
    assert found.table.empty
    assert "need 30 published places, and this view has 29" in found.refused


def test_the_same_value_everywhere_is_a_reason():
    found = clusters.clusters(values() * 0 + 30, POINTS)
    assert "the same value" in found.refused


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
    assert out.read_text() == ",".join(clusters.COLUMNS) + "\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_command_writes_places_of_the_demonstration(tmp_path, capsys):
    out = tmp_path / "clusters.csv"
    folder = sample.ROOT / "data" / "aggregates" / "demo-national"
    assert main(["clusters", str(folder), "--out", str(out)]) == 0
    written = pd.read_csv(out, keep_default_na=False)
    counts = release.read(folder).cells
    states = set(counts.loc[counts["level"] == "state", "place"])
    assert len(written) >= clusters.LEAST_PLACES
    assert set(written["place"]) <= states
    assert f"{len(written)} places" in capsys.readouterr().out

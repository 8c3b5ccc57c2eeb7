"""Tables sought from the inside, and the proofs that there are none, against scipy's programs."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, identity

from geo.protect import proofs
from geo.protect.interior import Found, Interior

K = 11


def system(seed, rows=18, columns=30):
    """Independent sums of random groups of base cells, true counts, and groups of up to 10 cases."""
    draw = np.random.default_rng(seed)
    matrix = (draw.random((rows, columns)) < 0.3).astype(float)
    kept = [i for i in range(rows) if np.linalg.matrix_rank(matrix[: i + 1]) > np.linalg.matrix_rank(matrix[:i])]  # fmt: skip
    truth = draw.integers(1, 5, columns).astype(float)
    groups = [np.sort(draw.choice(columns, draw.integers(1, 4), replace=False)) for _ in range(25)]
    return matrix[kept], truth, [group for group in groups if truth[group].sum() < K]


def possible(matrix, truth, group, least):
    """Whether some table fits and has `least` cases in the group, or none."""
    wanted = np.zeros(len(truth))
    wanted[group] = -1.0 if least else 1.0
    best = linprog(wanted, A_eq=matrix, b_eq=matrix @ truth)
    if best.status == 3:
        return True
    return -best.fun >= least - 1e-6 if least else best.fun <= 1e-6


def searched(seed):
    matrix, truth, groups = system(seed)
    inside = Interior(csr_matrix(matrix), truth)
    for least in (0, K):
        for group in groups:
            found = inside.nearest(group, least)
            yield matrix, truth, group, least, found, possible(matrix, truth, group, least)


def test_the_centre_fits_and_no_step_betters_the_product_of_its_counts():
    matrix, truth, _ = system(1, rows=10, columns=20)
    closed = np.vstack([matrix, np.ones(20)])  # a table without a published total has no centre
    centre = Interior(csr_matrix(closed), truth).centre
    assert np.abs(closed @ (centre - truth)).max() < 1e-9
    assert centre.min() > 0
    left = np.linalg.lstsq(closed.T, 1 / centre, rcond=None)[0]
    assert np.abs(centre * (closed.T @ left) - 1).max() < 0.05


@pytest.mark.parametrize("seed", range(8))
def test_a_table_found_fits_and_does_what_was_asked(seed):
    missed = 0
    for matrix, truth, group, least, found, can in searched(seed):
        missed += can and found.table is None
        if found.table is not None:
            assert can
            assert found.table.min() >= 0
            assert np.abs(matrix @ (found.table - truth)).max() < 1e-6
            count = found.table[group].sum()
            assert count >= least - 1e-6 if least else count < 1e-6
    assert missed <= 2


def test_what_contradicts_itself_points_at_a_proof():
    proved = impossible = shared = 0
    for seed in range(8):
        for matrix, truth, group, least, found, can in searched(seed):
            if not can:
                impossible += 1
                cells = csr_matrix(matrix)
                used = proofs.shortest(cells, truth, np.arange(len(matrix)), group, least)
                assert found.multipliers is not None
                if used is not None:
                    proved += 1
                    assert not possible(matrix[used.cells], truth, group, least)
                    assert used.bounds(group, least)
                    for other in others(matrix.shape[1], group):
                        if used.bounds(other, least):
                            shared += 1
                            assert not possible(matrix[used.cells], truth, other, least)
                    assert not used.bounds(np.setdiff1d(np.arange(matrix.shape[1]), group), least)
    assert impossible > 20
    assert proved > impossible / 2
    assert shared > 20


def others(width, group):
    """Groups beside one: with each class more, and with each of its classes less."""
    outside = np.setdiff1d(np.arange(width), group)
    more = [np.append(group, one) for one in outside]
    return more + [np.delete(group, at) for at in range(len(group)) if len(group) > 1]


def test_cells_that_prove_nothing_give_no_proof():
    matrix, truth = np.ones((1, 4)), np.full(4, 5.0)
    everything = (csr_matrix(matrix), truth, np.arange(1), np.array([0]))
    assert proofs.shortest(*everything, 0) is None
    assert proofs.shortest(*everything, K) is None
    assert proofs.shortest(csr_matrix(np.eye(4)), truth, np.arange(4), np.array([2]), K).cells == 2


def test_a_fixed_group_is_a_contradiction_and_a_table_off_the_counts_is_none():
    inside = Interior(identity(3, format="csr"), np.array([4.0, 5.0, 6.0]))
    found = inside.nearest(np.array([1]), 0)
    assert found.table is None
    assert np.flatnonzero(np.abs(found.multipliers) > 1e-9).tolist() == [1]
    assert inside.fitting(inside.centre + 1) is None
    assert Found() == Found(None, None)


def test_where_nothing_is_published_everything_is_possible():
    inside = Interior(csr_matrix((0, 3)), np.array([1.0, 2.0, 3.0]))
    group = np.array([0, 2])
    assert inside.nearest(group, 0).table.tolist() == [0.0, 2.0, 0.0]
    assert inside.nearest(group, K).table[group].sum() == pytest.approx(K)


def test_what_no_published_count_holds_moves_on_its_own():
    inside = Interior(csr_matrix([[1.0, 1.0, 0.0]]), np.array([3.0, 9.0, 2.0]))
    assert inside.centre[2] == 2.0
    assert inside.nearest(np.array([2]), 0).table[2] == 0.0
    assert inside.nearest(np.array([0, 2]), 20).table[[0, 2]].sum() == pytest.approx(20)

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.gradients.tails import tail_index, usual_sizes

SEEDS = st.integers(0, 10**6)


def hill(entries, k):
    """Return the estimate as its source writes it, from sorted numbers."""
    ordered = sorted((abs(float(x)) for x in entries), reverse=True)
    return k / sum(math.log(x / ordered[k]) for x in ordered[:k])


@given(SEEDS, st.integers(100, 3000), st.floats(0.5, 5))
def test_the_tail_index_is_that_of_its_source(seed, m, alpha):
    entries = np.random.default_rng(seed).pareto(alpha, m) * (-1) ** np.arange(m)
    k = math.isqrt(np.count_nonzero(entries))
    assert_allclose(tail_index(entries), hill(entries, k), rtol=1e-9)


@given(SEEDS, st.floats(0.5, 4))
def test_it_finds_the_index_of_power_laws(seed, alpha):
    entries = (1 - np.random.default_rng(seed).random(250_000)) ** (-1 / alpha)
    assert_allclose(tail_index(entries), alpha, rtol=5 / math.sqrt(500))  # five deviations


@given(SEEDS, st.integers(-30, 30))
def test_scale_signs_and_zeros_change_nothing(seed, power):
    rng = np.random.default_rng(seed)
    entries = rng.standard_t(2, 500)
    other = rng.permutation([*(entries * 2.0**power * rng.choice([-1, 1], 500)), *np.zeros(300)])
    assert_allclose(tail_index(other), tail_index(entries), rtol=1e-9)


def test_few_entries_tell_no_index():
    entries = np.arange(1.0, 101)
    assert math.isnan(tail_index([*entries[:99], 0, 0]))
    assert math.isfinite(tail_index(entries))
    assert math.isnan(tail_index([]))
    assert tail_index(np.ones(100)) == math.inf


@pytest.mark.parametrize("entries", [[1.0, math.nan], [math.inf], [[1.0, 2.0]]])
def test_what_is_no_row_of_finite_numbers_is_refused(entries):
    with pytest.raises(ValueError, match="must be finite and in one row"):
        tail_index(entries)


@given(SEEDS, st.sampled_from([999, 1000, 4000]), st.floats(0, 0.04), st.floats(0, 0.9))
def test_the_usual_size_is_the_deviation_whatever_a_few_are(seed, m, spiked, zero):
    rng = np.random.default_rng(seed)
    clean = np.abs(rng.standard_normal((2, m)))
    sizes = clean.copy()
    sizes[:, : int(spiked * m)] = 1e6
    padded = rng.permuted(np.hstack([sizes, np.zeros((2, int(zero * m)))]), axis=1)
    found = usual_sizes(padded)
    # The ranks of the median and of the largest 5% move by the spikes and three deviations.
    assert (found > 0.85).all()
    assert (found < 2.0).all()
    assert_allclose(found, usual_sizes(sizes))


def test_usual_sizes_by_hand():
    assert_allclose(usual_sizes(np.array([[3.0, 1, 2], [0, 5, 0]])), [2 / 0.67449, 5 / 0.67449])
    # of twenty, the largest is left out; here the next decides, not the median
    assert_allclose(usual_sizes(np.array([[1.0] * 18 + [4, 9]])), [4 / 1.95996])
    assert usual_sizes(np.zeros((1, 2000)))[0] == 0


@given(SEEDS)
def test_many_rows_are_as_one_after_the_other(seed):
    rng = np.random.default_rng(seed)
    sizes = np.abs(rng.standard_normal((4, 50))) * (rng.random((4, 50)) < 0.5)
    long = np.hstack([sizes, np.zeros((4, 950))])  # of so many, each row is taken alone
    assert_allclose(usual_sizes(sizes), usual_sizes(long))

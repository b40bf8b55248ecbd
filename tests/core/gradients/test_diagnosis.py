"""What is large is found where it was put, and what decides is said."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.answers.answers import ANSWERS
from core.descent.exhibits import EXHIBITS as DESCENTS
from core.gradients.concentration import layerwise
from core.gradients.diagnosis import Exhibit, diagnose
from core.gradients.gradients import Gradients
from core.gradients.kinds import LARGE, Kind, decide
from core.gradients.parts import Parts, take_apart
from core.gradients.rank_one import along_ones, rank_one
from core.gradients.reasons import norms_cannot_tell
from core.gradients.recurrence import ROOM, recurrence
from core.strategies import Strategy
from core.training.exhibits import EXHIBITS as TRAININGS
from tests.core.gradients.generated import generated

SHAPES = ((40, 50), (40,), (20, 40), (20,), (10, 20), (10,))
SIZES = [math.prod(shape) for shape in SHAPES]
N = sum(SIZES)
PLACES = {"answers": ANSWERS, "descent": DESCENTS, "training": TRAININGS}
SEEDS = st.integers(0, 10**6)
KNOWN = range(1_000_000, 1_000_015)


def gradients_of(values, shapes=SHAPES):
    values = np.atleast_2d(values)
    names = tuple(f"layer{i}" for i in range(len(shapes)))
    return Gradients(names, shapes, tuple(range(len(values))), values, "made")


def noise(seed, steps=1):
    return np.random.default_rng(seed).standard_normal((steps, N))


def spiked(seed=0, steps=1):
    values = noise(seed, steps)
    values[:, [7, 500, 2100]] = 100, -80, 90
    return values


def layered(seed=0, steps=1):
    values = noise(seed, steps)
    values[:, -210:-10] *= 30
    return values


def outer(seed=0, steps=1):
    rng = np.random.default_rng((seed, 1))
    return noise(seed, steps) + 5 * np.array([rank_one_of(rng) for _ in range(steps)])


def rank_one_of(rng):
    factors = [[rng.standard_normal(size) for size in shape] for shape in SHAPES]
    return np.concatenate([np.outer(it[0], it[1] if it[1:] else 1).ravel() for it in factors])


def grown(seed=0, steps=5):
    values = noise(seed, steps)
    values[steps // 2] *= 20
    return values


MADE = {
    Kind.ISOLATED: spiked,
    Kind.LAYERS: layered,
    Kind.OBLIQUE: outer,
    Kind.EVEN: noise,
}


@pytest.mark.parametrize("steps", [1, 2, 7])
@pytest.mark.parametrize("kind", Kind)
@given(seed=SEEDS)
@settings(max_examples=10)
def test_what_is_plainly_large_is_found(kind, steps, seed):
    found = diagnose(gradients_of(MADE[kind](seed, steps)))
    assert found.kind is kind
    assert found.strategy is kind.strategy
    assert found.sure > 0.75  # noise of two steps may be alike by chance


@pytest.mark.parametrize("kind", Kind)
def test_most_of_what_is_generated_is_told_right(kind):
    made = [generated(seed, kind) for seed in KNOWN]
    made = [it for it in made if it.visible and it.gradients.values.size < 10**6]
    assert len(made) > 5
    right = sum(diagnose(it.gradients).kind is kind for it in made)
    assert right >= 0.8 * len(made)  # the benchmark measures it


@given(SEEDS, st.sampled_from(list(Kind)), st.sampled_from([1e-30, 1e30]))
@settings(max_examples=20)
def test_scale_changes_no_kind_and_no_share(seed, kind, scale):
    values = MADE[kind](seed, 3)
    found = diagnose(gradients_of((values * scale).astype(np.float32)))
    expected = diagnose(gradients_of(values))
    assert found.kind is expected.kind
    for share in LARGE:
        assert_allclose(share.share(found.parts), share.share(expected.parts), atol=1e-3)


@given(SEEDS, st.sampled_from(list(Kind)))
@settings(max_examples=20)
def test_the_order_of_layers_and_signs_change_no_share(seed, kind):
    values = MADE[kind](seed, 3)
    parts = np.split(values, np.cumsum(SIZES)[:-1], axis=1)
    other = gradients_of(-np.concatenate(parts[::-1], axis=1), SHAPES[::-1])
    found, expected = diagnose(other).parts, diagnose(gradients_of(values)).parts
    for share in LARGE:
        assert_allclose(share.share(found), share.share(expected), atol=1e-5)


@given(SEEDS, st.sampled_from(list(Kind)))
@settings(max_examples=20)
def test_parts_are_shares_of_the_squared_norm(seed, kind):
    values = MADE[kind](seed, 1)
    parts = take_apart(gradients_of(values)).parts
    shares = [it.share(parts) for it in Kind]
    assert min(shares) >= 0
    assert_allclose(sum(shares), 1)
    told = layerwise(gradients_of(values), np.array([0]))
    squares = (told.spikes + told.rest) * told.largest**2
    ends = np.cumsum(SIZES)[:-1]
    assert_allclose(squares[0], [part @ part for part in np.split(values[0], ends)], rtol=1e-6)


def test_spikes_are_counted_and_weighed_by_hand():
    values = np.tile([1.0, -1], N // 2)[np.newaxis].copy()
    values[0, :3] = 100, -50, 20
    told = layerwise(gradients_of(values), np.array([0]))
    usual = 1 / 0.67449
    assert told.counts[0].tolist() == [3, 0, 0, 0, 0, 0]
    spikes = 100**2 + 50**2 + 20**2 - 3 * usual**2
    assert_allclose(told.spikes[0, 0] * 100**2, spikes, rtol=1e-6)
    assert_allclose(told.ceilings[0, 0] * 100, 5 * usual, rtol=1e-6)
    parts = take_apart(gradients_of(values)).parts
    assert_allclose(parts.isolated, spikes / (100**2 + 50**2 + 20**2 + N - 3), rtol=1e-6)


def test_layers_that_stand_out_are_weighed_by_hand():
    values = np.tile([1.0, -1], N // 2)
    values[-210:-10] *= 10
    apart = take_apart(gradients_of(values))
    assert_allclose(apart.parts.layers, 200 * 99 / (200 * 100 + N - 200), rtol=1e-6)
    assert apart.standing[0].tolist() == [False] * 4 + [True, False]
    assert_allclose(apart.ratios[0], [1, 1, 1, 1, 10, 1], rtol=1e-6)


def test_what_is_small_beside_huge_spikes_is_not_lost():
    values = noise(0)
    quiet = layerwise(gradients_of(values), np.array([0]))
    rest = quiet.rest[0, 0] * quiet.largest[0, 0] ** 2
    values[0, 5] = 1e12
    told = layerwise(gradients_of(values), np.array([0]))
    assert_allclose(told.rest[0, 0] * told.largest[0, 0] ** 2, rest, rtol=0.01)


def test_whole_steps_that_grow_are_no_spikes_and_no_layers():
    found = diagnose(gradients_of(grown()))
    assert found.kind is Kind.OBLIQUE
    assert found.exhibit == Exhibit("descent", "Recurrent cliff")
    assert "Whole steps are large: the longest is 2" in found.why


def test_a_direction_recurs_whatever_its_sign():
    one = np.random.default_rng(5).standard_normal(N)
    values = noise(0, 6) + 2 * np.outer([1, -1, 1, 1, -1, 1], one)
    found = diagnose(gradients_of(values))
    assert found.kind is Kind.OBLIQUE
    assert_allclose(found.recurrence.cosine, 0.8, atol=0.05)
    assert found.recurrence.along == pytest.approx(0.8, abs=0.05)
    alone = diagnose(gradients_of(values[:1]))
    assert alone.kind is Kind.EVEN  # and it says so:
    assert any("looks like noise in one step" in it for it in alone.cannot_tell)
    assert math.isnan(alone.recurrence.cosine)


@given(SEEDS)
@settings(max_examples=10)
def test_noise_does_not_recur(seed):
    found = diagnose(gradients_of(noise(seed, 8))).recurrence
    assert found.noise < 0.05
    assert found.along < 0.02
    assert found.coordinates < 0.1
    assert found.chance == pytest.approx(0.01, abs=0.001)


def test_of_long_layers_evenly_chosen_numbers_are_compared():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((2, ROOM), np.float32)
    values[1] = 0.6 * values[1] + 0.8 * values[0]
    values[:, 1] = 1e6  # not chosen, and what entries of the layer are divided by
    long = gradients_of(np.hstack([values, values]), ((ROOM,), (ROOM,)))
    steps = np.arange(2)
    told = layerwise(long, steps)
    found = recurrence(long, steps, told, told.largest)
    assert_allclose(found.cosine, 0.8, atol=0.005)
    usual = math.sqrt((1 + 2 * math.sqrt(2)) / ROOM)  # half of all numbers are compared
    assert_allclose(found.noise, usual, rtol=0.2)


def test_the_same_coordinates_recur():
    found = diagnose(gradients_of(spiked(0, 4)))
    share = 3 / (N // 100)  # of the largest entries that are looked at; the others are noise
    assert share <= found.recurrence.coordinates < share + 0.05


def test_a_mixture_names_both_parts():
    values = spiked()
    values[0, -210:-10] *= 10
    found = diagnose(gradients_of(values))
    assert min(found.parts.isolated, found.parts.layers) > 0.36
    assert "It is a mixture" in found.why
    assert "per layer" in found.why


@given(st.integers(8, 40), st.integers(8, 40), SEEDS)
def test_rank_one_is_the_largest_singular_value(rows, columns, seed):
    rng = np.random.default_rng(seed)
    dense = np.outer(rng.uniform(1, 2, rows), rng.uniform(-2, -1, columns))
    matrix = dense + 0.1 * rng.standard_normal((rows, columns))
    found = rank_one(matrix)
    left, values, right = np.linalg.svd(matrix)
    expected = values[0] * np.outer(left[:, 0], right[0])
    assert_allclose(np.outer(found.left, found.right), expected, atol=1e-6)
    assert 0.9 < found.share <= values[0] ** 2 / (values @ values)


@given(st.integers(30, 60), st.integers(30, 60), SEEDS)
def test_noise_and_single_entries_are_no_dense_direction(rows, columns, seed):
    matrix = np.random.default_rng(seed).standard_normal((rows, columns))
    found = rank_one(matrix)
    assert found is None or found.share < 0.1
    matrix[3, 4] = 1000
    assert rank_one(matrix) is None
    assert rank_one(np.zeros((4, 4))) is None


def test_equal_signs_by_hand():
    assert along_ones(np.ones(5)) == pytest.approx(1)
    assert along_ones(np.array([1.0, -1])) == 0
    assert along_ones(np.array([3.0, 1])) == pytest.approx((0.8 - 0.5) / 0.5)
    assert along_ones(np.array([2.0])) == 0


def test_what_a_matrix_of_rank_one_explains_is_no_spike():
    found = take_apart(gradients_of(outer()))
    entries = outer()[0, :2000]
    assert (np.abs(entries) > 5 * np.median(np.abs(entries)) / 0.67449).any()
    assert found.told.counts[0, 0] == 0


@given(st.tuples(*(st.floats(0, 1) for _ in range(4))))
def test_the_largest_part_that_is_decisive_decides(sizes):
    total = sum(sizes) or 1.0
    parts = Parts(*(size / total for size in sizes))
    kind, margin = decide(parts)
    decisive = [it for it in LARGE if it.share(parts) >= it.decisive]
    assert margin >= 0
    assert (kind is Kind.EVEN) == (not decisive)
    if decisive:
        assert kind.share(parts) == max(it.share(parts) for it in decisive)


def test_what_is_not_finite_or_zero_is_told_and_left_out():
    values = np.vstack([spiked(0, 2), np.full(N, math.nan), np.zeros(N)])
    values[2, 1:] = 1e9
    found = diagnose(gradients_of(values))
    assert found.parts == diagnose(gradients_of(spiked(0, 2))).parts
    assert any("NaN or infinity: step 2." in it for it in found.cannot_tell)
    assert any("all numbers are 0: 1 step." in it for it in found.cannot_tell)


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf])
def test_where_nothing_is_left_there_is_nothing_to_diagnose(value):
    with pytest.raises(ValueError, match="No step has only finite numbers that are not all zero"):
        diagnose(gradients_of(np.full(N, value)))


@given(
    st.lists(st.sampled_from([(1,), (), (2,), (3, 1), (1, 9), (2, 3, 3)]), min_size=1, max_size=9),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.5, 0.95]),
    st.integers(-300, 300),
    SEEDS,
)
def test_any_shapes_and_sizes_are_diagnosed(shapes, steps, zeros, power, seed):
    rng = np.random.default_rng(seed)
    n = sum(math.prod(shape) for shape in shapes)
    values = rng.standard_t(1, (steps, n)) * 10.0 ** rng.integers(-8, 8, (steps, n))
    values[rng.random(values.shape) < zeros] = 0
    values[0, 0] = 1
    found = diagnose(gradients_of(values * 10.0 ** (0.9 * power), tuple(shapes)))
    shares = [it.share(found.parts) for it in Kind]
    assert min(shares) >= 0
    assert_allclose(sum(shares), 1, rtol=1e-6)
    assert 0.5 <= found.sure < 1
    assert not re.search(r"\b(nan|inf)\b", " ".join((found.why, *found.reasons)))


def test_thousands_of_layers_of_one_number_are_single_coordinates():
    values = noise(0)
    values[0, 17] = 1000
    found = diagnose(gradients_of(values, ((1,),) * N))
    assert found.kind is Kind.ISOLATED
    assert found.standing == ()


def test_every_exhibit_is_there():
    made = [*MADE.items(), (Kind.OBLIQUE, grown), (Kind.ISOLATED, heavy)]
    shown = set()
    for kind, values in made:
        found = diagnose(gradients_of(values(3)))
        assert found.kind is kind
        assert found.exhibit.name in PLACES[found.exhibit.page]
        shown.add(found.exhibit.name)
    assert len(shown) == 5


def heavy(seed):
    return np.random.default_rng(seed).standard_t(1.2, (1, N))


def test_names_are_quoted_and_kept_short():
    names = ("a" * 500, *(f"`<b>{i}" for i in range(len(SHAPES) - 1)))
    for values in (spiked(), layered()):
        found = diagnose(replace(gradients_of(values), names=names))
        assert "a" * 61 not in found.why
        assert found.why.count("`") % 2 == 0


def test_norms_alone_decide_no_strategy():
    said = norms_cannot_tell()
    assert "decide no strategy" in said
    assert not any(strategy.label in said for strategy in Strategy)

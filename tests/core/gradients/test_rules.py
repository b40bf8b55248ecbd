"""The rules against their published algorithms, written out, and against laws."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.gradients.reading import first_reading
from core.gradients.replays.fixed import Fixed
from core.gradients.replays.percentile import Percentile, running_percentile
from core.gradients.replays.replay import STUCK
from core.gradients.replays.running_mean import RunningMean
from core.gradients.replays.zscore import LEAST_SPREAD, ZScore
from core.gradients.rules import RULES

WILD = st.floats(0, 1e300) | st.sampled_from([0.0, 1.0, 2.0])
TAME = st.floats(0.01, 100) | st.sampled_from([1.0, 2.0])
LOST = st.sampled_from([np.nan, np.inf])
MIXED = st.lists(WILD | LOST, min_size=1, max_size=60).filter(lambda it: np.isfinite(it).any())
SHORT = (ZScore(warmup=3), RunningMean(warmup=4))  # whose warm-up ends in a short list
ADAPTIVE = (Percentile(), Percentile(60), *SHORT)
EVERY = (*(it.rule for it in RULES.values()), *ADAPTIVE)


def autoclip(norms, p):
    """The public code of AutoClip, step by step."""
    history, thresholds = [], []
    for norm in norms:
        history.append(norm)
        thresholds.append(np.percentile(history, p))
    return thresholds


def zclip(norms, rule):
    """The public code of ZClip in its default mode, its 1e-6 taken of the mean."""
    first = norms[: rule.warmup]
    mean = sum(first) / len(first)
    var = sum((x - mean) ** 2 for x in first) / len(first)
    kept = list(first)
    for norm in norms[rule.warmup :]:
        std = var**0.5
        z = (norm - mean) / (std + LEAST_SPREAD * mean)
        assume(abs(z - rule.z) > 1e-6)  # where rounding decides
        if z > rule.z:
            eta = z / rule.z
            norm = mean + (rule.z * std) / eta
        kept.append(norm)
        mean = rule.alpha * mean + (1 - rule.alpha) * norm
        var = rule.alpha * var + (1 - rule.alpha) * (norm - mean) ** 2
    return kept


def adagc(rows, rule):
    """Algorithm 1 of AdaGC, on the norms of layers."""
    kept, gamma = [], [0.0] * len(rows[0])
    for t, row in enumerate(rows, start=1):
        if t < rule.warmup:
            whole = math.sqrt(sum(x * x for x in row))
            h = min(rule.absolute / whole, 1.0)
            after = [h * x for x in row]
            gamma = after if t == 1 else [min(g, x) for g, x in zip(gamma, after, strict=True)]
        else:
            after = [min(rule.relative * g / x, 1.0) * x for g, x in zip(gamma, row, strict=True)]
            gamma = [rule.beta * g + (1 - rule.beta) * x for g, x in zip(gamma, after, strict=True)]
        kept.append(after)
    return kept


@given(MIXED, st.floats(1e-3, 1e3))
def test_the_fixed_rule_is_the_first_reading(norms, threshold):
    found, reading = Fixed(threshold).replay(norms), first_reading(norms, threshold)
    assert (found.share, found.mean_loss, found.worst_loss) == (
        reading.share,
        reading.mean_loss,
        reading.worst_loss,
    )
    assert (found.thresholds == threshold).all()
    assert found.note == ""


@given(st.lists(WILD, min_size=1, max_size=60), st.floats(0, 100) | st.sampled_from([10, 50]))
def test_a_running_percentile_is_that_of_numpy_bit_for_bit(norms, p):
    assert running_percentile(np.array(norms), p).tolist() == autoclip(norms, p)


def test_autoclip_by_hand():
    # Place 1/10 of the way from the first to the last: of 1, 3 it is 1 + 0.1 * 2; with 2 the
    # second of three would be place 1, and 0.2 lies between 1 and 2.
    found = Percentile(10).replay([1.0, 3.0, 2.0])
    assert_allclose(found.thresholds, [1, 1.2, 1.2])
    assert_allclose(found.kept, [1, 1.2 / 3, 1.2 / 2])
    assert found.share == 2 / 3
    assert_allclose(found.mean_loss, (0 + 0.6 + 0.4) / 3)
    assert_allclose(found.worst_loss, 0.6)


def test_autoclip_at_its_percentile_clips_nine_steps_of_ten_and_says_so():
    norms = np.random.default_rng(0).lognormal(size=20_000)
    found = Percentile().replay(norms)
    assert_allclose(found.share, 0.9, atol=0.01)
    assert found.note == (
        f"It acts on {100 * found.share:.1f}% of the steps: percentile 10 clips about 90 of 100 "
        "where norms neither rise nor fall."
    )
    assert Percentile(90).replay(norms).note == ""


def test_zclip_by_hand():
    # The warm-up 1, 3 has the mean 2 and the deviation 1, so it reaches 2 + 2 * 1.
    # 10 lies 8 deviations above, and becomes 2 + 2**2 / 8 = 2.5. With alpha = 1/2, the mean is then
    # 2.25 and the variance (1 + 0.25**2) / 2, by the new mean, as in the paper.
    found = ZScore(alpha=0.5, z=2, warmup=2).replay([1.0, 3.0, 10.0, 2.0])
    assert_allclose(found.thresholds[:3], [np.inf, np.inf, 2.5], rtol=1e-5)
    assert_allclose(found.thresholds[3], 2.25 + 2 * math.sqrt((1 + 0.0625) / 2), rtol=1e-5)
    assert_allclose(found.kept, [1, 1, 0.25, 1], rtol=1e-5)
    assert found.share == 1 / 4
    assert_allclose(found.mean_loss, 0.75 / 4, rtol=1e-5)


@given(st.lists(TAME, min_size=3, max_size=60))
def test_zclip_is_its_public_code(norms):
    rule = ZScore(warmup=3)
    assert_allclose(rule.replay(norms).kept * norms, zclip(norms, rule), rtol=1e-6)


def test_adagc_by_hand():
    # Step 1: the whole is 5, clipped to 1: the layers are 0.6 and 0.8. Step 2: 0.5 passes, the
    # smallest are 0.3 and 0.4. Step 3: 2 * 0.3 and 2 * 0.4 are the thresholds; the means become
    # (0.3 + 0.6) / 2 = 0.45 and (0.4 + 0.2) / 2 = 0.3. Step 4: twice these.
    rule = RunningMean(beta=0.5, relative=2, absolute=1, warmup=3)
    found = rule.replay([[3.0, 4.0], [0.3, 0.4], [1.2, 0.2], [0.9, 0.9]])
    assert_allclose(found.kept, [[0.2, 0.2], [1, 1], [0.5, 1], [1, 2 / 3]])
    assert_allclose(found.thresholds[[0, 2, 3]], [[0.6, 0.8], [0.6, 0.8], [0.9, 0.6]])
    assert found.share == 3 / 4
    losses = [0.8, 0, 1 - math.hypot(0.6, 0.2) / math.hypot(1.2, 0.2)]
    losses.append(1 - math.hypot(0.9, 0.6) / math.hypot(0.9, 0.9))
    assert_allclose([found.mean_loss, found.worst_loss], [np.mean(losses), 0.8])


@given(st.lists(st.tuples(TAME, TAME, TAME), min_size=1, max_size=40))
def test_adagc_is_algorithm_1(rows):
    rule = RunningMean(warmup=4)
    assert_allclose(rule.replay(rows).kept * rows, adagc(rows, rule), rtol=1e-9)


@given(st.lists(TAME, min_size=1, max_size=40))
def test_adagc_of_one_layer_is_that_of_the_whole_and_says_so(norms):
    rule = RunningMean(warmup=4)
    one, whole = rule.replay(np.array(norms)[:, np.newaxis]), rule.replay(norms)
    assert_array_equal(one.kept[:, 0], whole.kept)
    assert one.share == whole.share
    assert "one, of the norm of all layers" in whole.note
    assert "one, of the norm of all layers" not in one.note


@pytest.mark.parametrize("rule", EVERY)
@given(MIXED)
def test_what_is_kept_is_the_norm_cut_at_the_threshold(rule, norms):
    found, norms = rule.replay(norms), np.array(norms)
    finite = np.isfinite(norms)
    assert_array_equal(np.isnan(found.kept), ~finite)
    values, thresholds, kept = norms[finite], found.thresholds[finite], found.kept[finite]
    assert (thresholds >= 0).all()
    wanted = np.minimum(values, thresholds)
    # A share of the smallest numbers has few digits.
    assert (np.abs(kept * values - wanted) <= 1e-12 * wanted + 1e-323 * values).all()
    assert (kept[values <= thresholds] == 1).all()
    assert found.share == np.mean(values > thresholds)
    assert found.worst_loss == 1 - kept.min()


@pytest.mark.parametrize("rule", EVERY)
@given(MIXED)
def test_norms_that_are_not_finite_change_nothing_else(rule, norms):
    norms = np.array(norms)
    finite = np.isfinite(norms)
    found, without = rule.replay(norms), rule.replay(norms[finite])
    assert_array_equal(found.thresholds[finite], without.thresholds)
    assert_array_equal(found.kept[finite], without.kept)
    assert found.share == without.share
    assert found.mean_loss == without.mean_loss


@pytest.mark.parametrize("rule", [Percentile(), ZScore(warmup=3)])
@given(st.lists(TAME, min_size=1, max_size=60), st.integers(-30, 30))
def test_thresholds_go_with_the_unit_of_the_norms(rule, norms, power):
    found, scaled = rule.replay(norms), rule.replay(np.ldexp(norms, power))
    assert_array_equal(scaled.thresholds, np.ldexp(found.thresholds, power))
    assert_array_equal(scaled.kept, found.kept)


@given(st.lists(TAME, min_size=1, max_size=60), st.integers(-30, 30))
def test_so_do_those_that_have_a_unit_if_it_is_changed_too(norms, power):
    for rule in (Fixed, lambda c: RunningMean(absolute=c, warmup=4)):
        found = rule(1.0).replay(norms)
        scaled = rule(math.ldexp(1.0, power)).replay(np.ldexp(norms, power))
        assert_array_equal(scaled.thresholds, np.ldexp(found.thresholds, power))
        assert_array_equal(scaled.kept, found.kept)


@pytest.mark.parametrize("rule", [Fixed(), Percentile(), ZScore(warmup=3)])
@given(st.lists(st.tuples(TAME, TAME), min_size=1, max_size=40))
def test_rules_of_one_threshold_see_layers_as_whole_gradients(rule, rows):
    found, whole = rule.replay(rows), rule.replay(np.hypot(*np.transpose(rows)))
    assert found.thresholds.shape == (len(rows),)
    assert_allclose(found.kept, whole.kept, rtol=1e-6)


def test_a_step_is_left_out_where_one_layer_is_not_finite():
    rows = np.array([[1.0, 2.0], [np.nan, 1.0], [0.5, np.inf], [2.0, 2.0]])
    found = RunningMean(warmup=2).replay(rows)
    assert np.isnan(found.kept).tolist() == [[False] * 2, [True] * 2, [True] * 2, [False] * 2]
    assert_array_equal(found.thresholds[1], found.thresholds[0])
    assert found.share == 1


def regimes(*parts):
    """Norms around several levels in turn, 300 steps each."""
    rng = np.random.default_rng(0)
    return np.concatenate([level * (1 + 0.05 * rng.standard_normal(300)) for level in parts])


def test_zclip_locks_in_where_the_norms_rise_for_good_and_says_from_where():
    norms = np.r_[np.nan, regimes(1, 10)]
    found = ZScore().replay(norms)
    assert (found.kept[301:] < 1).all()
    assert found.note.startswith("It locks in and acts on every step from position 301 on:")


def test_and_until_when_where_they_fall_again():
    found = ZScore().replay(regimes(1, 10, 1))
    assert "acts on every step from position 300 to 599:" in found.note


def test_it_does_not_where_norms_only_spike_or_rise_for_a_short_while():
    norms = regimes(1, 1, 1)
    norms[::20] *= 10
    norms[400 : 400 + STUCK - 2] *= 10
    norms[400 + STUCK - 2 :: 3] *= 0.9
    assert ZScore().replay(norms).note == ""


def test_a_rule_that_acts_nearly_always_is_not_said_to_lock_in_by_chance():
    note = RunningMean().replay(np.random.default_rng(0).lognormal(size=100_000)).note
    assert "After the warm-up it acts on 86." in note
    assert "locks in" not in note


def test_layers_lock_in_alone():
    rising, level = regimes(0.1, 1), regimes(0.1, 0.1)
    rows = np.stack([level, rising, level], axis=1)
    note = RunningMean(relative=1.5).replay(rows).note
    assert "It locks in, in 1 of 3 layers, and acts on every step from position 300 to 4" in note


def test_one_zero_in_the_warm_up_of_adagc_stops_it_for_good():
    found = RunningMean().replay([0.0] + [0.5] * 200)
    assert (found.kept[99:] == 0).all()
    assert "The threshold is 0 at 102 steps: there the whole gradient is lost." in found.note


@pytest.mark.parametrize(("rule", "steps"), [(ZScore(), 25), (RunningMean(), 99)])
def test_a_warm_up_that_does_not_end_is_told(rule, steps):
    few = [2.0, 3.0, np.nan]
    assert f"The warm-up did not end, after 2 of {steps} steps" in rule.replay(few).note


def test_norms_of_the_largest_numbers_are_right():
    norms = np.array([1.0, 2.0, 1.5, 40.0, 1.0, 1.0, 3.0])
    for rule in (Percentile(), ZScore(warmup=3)):
        kept = rule.replay(norms).kept
        for scale in (2.0**1016, 2.0**-1020):
            assert_allclose(rule.replay(norms * scale).kept, kept, rtol=1e-9)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Fixed(0),
        lambda: Fixed(math.inf),
        lambda: Percentile(101),
        lambda: Percentile(math.nan),
        lambda: ZScore(alpha=1),
        lambda: ZScore(z=0),
        lambda: ZScore(warmup=0),
        lambda: RunningMean(beta=1),
        lambda: RunningMean(relative=0),
        lambda: RunningMean(absolute=math.nan),
        lambda: RunningMean(warmup=1),
    ],
)
def test_parameters_that_mean_nothing_are_refused(make):
    with pytest.raises(ValueError, match="Accepted: "):
        make()


@pytest.mark.parametrize("rule", EVERY)
def test_norms_that_mean_nothing_are_refused(rule):
    for empty in ([], [np.nan, np.inf], np.empty((3, 0))):
        with pytest.raises(ValueError, match="No norm is a finite number"):
            rule.replay(empty)
    with pytest.raises(ValueError, match="negative"):
        rule.replay([1.0, -1.0])
    with pytest.raises(ValueError, match="shape"):
        rule.replay(1.0)


def test_the_table_names_each_rule_as_its_replay_does():
    assert {name: it.rule.replay([1.0]).name for name, it in RULES.items()} == {
        name: name for name in RULES
    }
    assert len({it.label for it in RULES.values()}) == len(RULES)
    assert all(it.paper.startswith("https://arxiv.org/abs/") for it in RULES.values())

"""Ready-made descents: what each shows, and the numbers that it must reproduce.

The numbers are computed from the sources that the words name, or were found with an independent
implementation. To add an exhibit, add it to `EXHIBITS`: that table is what makes this file long.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from core.clipping import Rule
from core.descent.claims import (
    NEVER,
    SOME,
    Claim,
    about,
    at_least,
    at_most,
    claims,
    exactly,
    rounded,
)
from core.descent.descend import HOLD, TOLERANCE
from core.descent.experiment import OWN, Experiment, Landscape
from core.descent.measurements import (
    HALF,
    LONG,
    across_the_ridge,
    all_alike,
    all_below_the_first,
    along_the_ridge,
    down_the_fourth_power,
    down_the_long_bowl,
    floors_of_the_long_bowl,
    from_many_starts,
    largest_stable_rate,
    leaving_the_saddle,
    mean_of_clips,
    medians,
    norm,
    off_the_plateau,
    over_the_cliff,
    random_steps,
    three_samples,
    under_noise,
    value,
    wall,
)
from core.descent.optimizer_measurements import (
    AFTER,
    LATER,
    ROUNDINGS,
    SPIKE,
    after_a_spike,
    after_long_gradients,
    against_the_wall,
    apart_from_the_first,
    carried_on,
    last_losses,
    with_and_without,
)
from core.matching import Matching, Thresholds
from core.optimizers import Optimizer
from core.runs import NONE, Shorten, unclipped
from core.strategies import Strategy

# Over one plane, per layer is the same as global.
IN_A_PLANE = (NONE, Strategy.VALUE, Strategy.GLOBAL)
NORMALIZED = Thresholds(0.1, Rule.NORMALIZE)
STEPS = f"Steps to a loss of {TOLERANCE:g}"
ABOVE = f"by the mean of its last {HOLD} losses it ends above both clipped runs"
ALONG = "its distance to the minimum along that direction"
APART = "Longest distance from the run without clipping"
HERE = f"With two coordinates, as shown, mean loss of the last {HOLD} steps"


@dataclass(frozen=True)
class Exhibit:
    """A descent worth looking at."""

    shows: str  # one or two sentences
    experiment: Experiment
    claims: tuple[Claim, ...]


def _experiment(
    surface: str, rate: float, thresholds: float | Thresholds, degrees: int = 0, **others: Any
) -> Experiment:
    where = Landscape(surface, degrees=degrees)
    clipped = Thresholds(thresholds) if isinstance(thresholds, float) else thresholds
    usual = Experiment(where, where.built.start, rate, clipped, runs=IN_A_PLANE)
    return replace(usual, **others)


def _worst(threshold: float) -> Thresholds:
    return Thresholds(threshold, matching=Matching.WORST_LENGTH)


def _noisy(
    name: str,
    shows: str,
    threshold: float,
    here: Callable[[Experiment], tuple[Claim, ...]],
    losses: tuple[str, str, str],
    tuned: tuple[float, float, float, float, float],
) -> Exhibit:
    """Say what the picture shows whatever the seed, and what 50 coordinates come to.

    ``here`` claims the former of the experiment, ``losses`` are the latter, and ``tuned`` the
    learning rates and thresholds that go with them: none, norm, value.
    """
    rate, norm_rate, norm_threshold, value_rate, value_threshold = tuned
    ways: list[tuple[float, Shorten]] = [(rate, unclipped), (norm_rate, norm(norm_threshold))]
    ways.append((value_rate, value(value_threshold)))
    words = [
        "With 50 coordinates, median loss over 100 seeds: without clipping, learning rate "
        f"{rate:g}",
        f"… clipped by norm at {norm_threshold:g}, learning rate {norm_rate:g}",
        f"… clipped by value at {value_threshold:g}, learning rate {value_rate:g}",
    ]
    none, by_norm, by_value = losses
    there = (
        "With 50 coordinates, and the learning rate and the threshold tuned for each, the loss is "
        f"{none} without clipping, {by_norm} by norm and {by_value} by value."
    )
    it = _experiment("round bowl", 0.05, threshold, noise=name)
    far = claims(under_noise(name, ways), *zip(words, map(rounded, losses), strict=True))
    return Exhibit(f"{shows} {there}", it, (*here(it), *far))


def _thrown(it: Experiment) -> tuple[Claim, ...]:
    words = f"{HERE}, seeds that leave both clipped runs below the other (%)"
    return claims(all_below_the_first(it), (words, exactly(100)))


def _as_one(it: Experiment) -> tuple[Claim, ...]:
    low = replace(it, thresholds=Thresholds(0.5))
    slow = replace(it, learning_rate=it.learning_rate / 3, runs=(NONE,))
    return (
        *claims(all_alike(it), (f"{HERE}, seeds that end all runs within 1% (%)", exactly(100))),
        *claims(
            medians(low, slow),
            (f"{HERE}, by norm at 0.5: median loss over 100 seeds", rounded("0.0086")),
            ("… without clipping, at a third of the learning rate", rounded("0.0082")),
        ),
    )


def _starts(c: float, value_arrives: int, most: int = LONG) -> tuple[Claim, ...]:
    many, all_of_them = f"Of 400 starts beyond the wall arrive in {LONG:,} steps (%)", exactly(100)
    others: list[Shorten] = [norm(c), value(c * HALF, Rule.RADIAL), random_steps(c)]
    return (
        *claims(
            from_many_starts(others),
            (f"{many}, by norm at {c:g}", all_of_them),
            ("… radially", all_of_them),
            ("… by random steps of the clipped length", all_of_them),
            seconds=10,
        ),
        *claims(
            from_many_starts([value(c * HALF)], most),
            (f"… by value at {c * HALF:.3g}, in {most:,}", exactly(value_arrives)),
            seconds=10,
        ),
    )


ADAM: dict[str, Any] = {"optimizer": Optimizer.ADAM}
KINKS, TURNED_KINKS = (_experiment("two kinks", 0.03, 1.0, turn, **ADAM) for turn in (0, 45))
BEALE = _experiment("Beale", 0.01, 1.0, steps=2000, **ADAM)
WALL = _experiment("recurrent cliff", 0.03, _worst(0.2 * HALF), steps=2000, **ADAM)
SPIKES: dict[str, Any] = {"noise": "whole-batch spikes"}
ADAM_SPIKED = _experiment("round bowl", 0.01, 5.0, steps=1000, **SPIKES, **ADAM)
MOMENTUM_SPIKED = _experiment("round bowl", 0.005, 0.5, **SPIKES, optimizer=Optimizer.MOMENTUM)

EXHIBITS: dict[str, Exhibit] = {
    "Recurrent cliff": Exhibit(
        "The gradient on the wall stands oblique to the axes. Clipping by value turns it along the "
        "wall and keeps the run there; clipping by norm lets it back down (Pascanu, Mikolov, "
        "Bengio 2013).",
        _experiment("recurrent cliff", 0.5, _worst(0.2 * HALF), steps=1000),
        (
            *claims(
                wall,
                ("Longest gradient on the wall, weight 5", rounded("6773")),
                ("… weight 6", rounded("1.96e7")),
                ("Turn of that by clipping by value (degrees)", rounded("13.0994")),
            ),
            *claims(
                over_the_cliff,
                ("Longest step without clipping", rounded("8.85")),
                ("Loss it ends at", rounded("0.09")),
                (f"{STEPS}, by norm at 0.2", exactly(278)),
                # the source's 340 to 348 hang on the last digits: here, its range lies within
                ("… radially, fewest of 21 roundings", at_most(340)),
                ("… radially, most of 21 roundings", at_least(348)),
                ("… by value at 0.141, in 3000 steps", NEVER),
                ("Where value gets stuck: weight", rounded("4.483")),
                ("… bias", rounded("-2.181")),
                ("… loss", rounded("0.0121")),
            ),
            *_starts(0.2, 0),
        ),
    ),
    "Recurrent cliff, looser threshold": Exhibit(
        "With a threshold five times larger, every way of clipping gets over the cliff, even steps "
        "in random directions; without clipping, half of the starts do not.",
        _experiment("recurrent cliff", 0.5, _worst(HALF)),
        (
            # by value it bounces for long: the last digits decide which start does so beyond 3,000
            *_starts(1.0, 100, 2 * LONG),
            *claims(
                from_many_starts([unclipped]),
                # the source drew other starts: two standard deviations of a share of 400
                (f"… without clipping, in {LONG:,}", about(52.7, 5.0)),
                seconds=10,
            ),
        ),
    ),
    "Ridge on an axis": Exhibit(
        "The steep part lies on one axis, the slow one on the other. Clipping by value frees the "
        f"slow one: {ALONG} is 0.001 after 66 steps. Clipping by norm shortens both by the factor "
        "that the steep one needs, and takes 69,075. Without clipping, it is 66, too, but to and "
        "fro in leaps of 100. The losses tell nothing of that.",
        _experiment("ridge", 0.1, 1.0),
        (
            *claims(
                along_the_ridge(0, [unclipped, value(1.0)]),
                (f"Steps along to {TOLERANCE:g}, without clipping", exactly(66)),
                ("… by value", exactly(66)),
            ),
            *claims(
                across_the_ridge, ("Length of the first step without clipping", rounded("100.0"))
            ),
            *claims(
                along_the_ridge(0, [norm(1.0)]),
                ("… by norm", exactly(69_075)),
                seconds=15,
            ),
        ),
    ),
    "Ridge on the diagonal": Exhibit(
        "The same ridge, turned by 45°. Every step of clipping by value goes to and fro on the "
        f"other diagonal: {ALONG} stays 1 for ever. By norm nothing has changed: it takes 69,075 "
        "steps to 0.001. The basis decides.",
        _experiment("ridge", 0.1, 1.0, 45),
        (
            *claims(
                along_the_ridge(45, [value(1.0)]),
                (f"Steps along to {TOLERANCE:g}, by value", NEVER),
            ),
            *claims(
                along_the_ridge(45, [norm(1.0), value(1.0, Rule.RADIAL)]),
                ("… by norm", exactly(69_075)),
                ("… radially", exactly(48_849)),
                seconds=20,
            ),
        ),
    ),
    "Long bowl": Exhibit(
        "A smooth, tuned problem: turn it as you like, clipping by norm takes the same number of "
        f"steps to a loss of {TOLERANCE:g}, 1,284, and clipping by value about as many, 1,022 to "
        "1,255.",
        _experiment("long bowl", 0.01, 1.0, 30, steps=2000),
        claims(
            down_the_long_bowl,
            (f"{STEPS}, by norm: fewest of 7 rotations", exactly(1284)),
            ("… most", exactly(1284)),
            ("… by value: fewest", exactly(1022)),
            ("… most", exactly(1255)),
        ),
    ),
    "Long bowl, too large a step": Exhibit(
        "A learning rate too large for the steep direction: without clipping it diverges, and "
        "clipped runs end in a cycle. How high, depends on the rotation by value only.",
        _experiment("long bowl", 0.03, 1.0, 45, steps=2000),
        claims(
            floors_of_the_long_bowl,
            # 0.2 %: a cycle that is not centered lies a little higher
            ("Mean loss of the cycle, by norm: lowest of 3 rotations", about(0.01125, 2e-3 / 90)),
            ("… highest", about(0.01125, 2e-3 / 90)),
        ),
    ),
    "Fourth power": Exhibit(
        "What is safe far out is far too slow near the minimum; with clipping, the learning rate "
        "is free (Zhang, He, Sra, Jadbabaie 2020).",
        _experiment("fourth power", 0.1, 1.0, start=(10.0, 0.0), steps=700),
        (
            *claims(
                down_the_fourth_power(norm(1.0), 0.1, 1000),
                (f"{STEPS}, clipped, learning rate 0.1", exactly(129)),
            ),
            *claims(
                down_the_fourth_power(unclipped, 0.1 / 10**2, 40_000),
                ("… without, learning rate 0.001", exactly(3945)),
            ),
            *claims(
                largest_stable_rate,
                ("Largest stable learning rate, times 2 x² of the start", about(1.0, 5e-4)),
            ),
        ),
    ),
    "Three samples": Exhibit(
        "Samples at −3, −3 and 9: clipping the gradient of each ends at −1, not at their mean 1 "
        "(Chen, Wu, Hong 2020). Here each step draws one sample per axis.",
        Experiment(
            Landscape(OWN, "((x - 1)^2 + (y - 1)^2)/2"),
            (4.0, 3.0),
            0.01,
            Thresholds(4.0),
            runs=(NONE, Strategy.VALUE),
            steps=2000,
            noise="asymmetric",
            noise_scale=4 / HALF,  # draws 4, 4, -8: by how much the samples' slopes differ
        ),
        (
            *claims(
                three_samples,
                ("Mean of the clipped gradients, at 4, ends at", about(-1.0, 1e-9)),
                ("… at 20, where nothing is clipped in the end", about(1.0, 1e-9)),
                ("… without clipping", about(1.0, 1e-9)),
            ),
            *claims(
                mean_of_clips,
                ("Mean of clips, clip of the mean: (10, 0), (0, 1) (degrees)", rounded("39.29")),
            ),
        ),
    ),
    "Saddle": Exhibit(
        "The way out starts with a tiny slope. No clipping helps it, and clipping by norm slows it "
        "down most.",
        _experiment("saddle", 0.1, 0.1, steps=600),
        claims(
            leaving_the_saddle([unclipped, value(0.1), norm(0.1)]),
            ("Steps until |y| > 0.5, without clipping", exactly(139)),
            ("… by value", exactly(161)),
            ("… by norm", exactly(321)),
        ),
    ),
    "Saddle, normalized": Exhibit(
        "Bringing every coordinate to the threshold (the sign of the gradient) leaves the saddle "
        "at once; normalizing the whole has to wait until the steep part is gone.",
        _experiment("saddle", 0.1, NORMALIZED, steps=600),
        claims(
            leaving_the_saddle([norm(0.1, Rule.NORMALIZE), value(0.1, Rule.NORMALIZE)]),
            ("Steps until |y| > 0.5, the whole normalized", exactly(250)),
            ("… the sign", exactly(50)),
        ),
    ),
    "Plateau": Exhibit(
        "Where the gradient is tiny, there is nothing to clip: all runs are the same, and stay.",
        _experiment("plateau", 0.1, 0.1, steps=1000),
        claims(
            off_the_plateau([unclipped, value(0.1), norm(0.1)]),
            (f"{STEPS}, in 2000, without clipping", NEVER),
            ("… by value", NEVER),
            ("… by norm", NEVER),
        ),
    ),
    "Plateau, normalized": Exhibit(
        "Normalizing does not care how small the gradient is: it gets away from the plateau, and "
        "then cannot settle.",
        _experiment("plateau", 0.1, NORMALIZED, steps=1000),
        claims(
            off_the_plateau([norm(0.1, Rule.NORMALIZE), value(0.1, Rule.NORMALIZE)]),
            # steps of 0.01 straight to the middle, and one in each coordinate
            (f"{STEPS}, the whole normalized", exactly(408)),
            ("… the sign", exactly(396)),
        ),
    ),
    "Noise without tails": _noisy(
        "Gaussian",
        "Gaussian noise has no outliers: a threshold of 5 finds nothing to clip in it, and the "
        "runs are one. At 0.5 the clipped runs end lower, and so does a third of the learning rate "
        "without clipping.",
        5.0,
        _as_one,
        ("0.15", "0.15", "0.15"),
        (0.0125, 0.0125, 100, 0.0125, 20),
    ),
    "Heavy-tailed noise": _noisy(
        "heavy-tailed",
        "Every coordinate has outliers of its own (Student's t with 1.5 degrees of freedom). They "
        f"throw the run without clipping about: {ABOVE}, and which of these is lower hangs on the "
        "seed.",
        0.5,
        _thrown,
        ("7.9", "1.6", "0.49"),
        (0.008, 0.038, 7, 0.035, 1),
    ),
    "Spikes in a coordinate": _noisy(
        "coordinate spikes",
        "Now and then one coordinate is a thousand times larger, and throws the run without "
        f"clipping far away: {ABOVE}. By norm, the others are lost in such a step; with one other, "
        "as here, that costs little.",
        0.5,
        _thrown,
        ("452", "0.93", "0.20"),
        (0.0025, 0.05, 5, 0.0125, 5),
    ),
    "Spikes in a whole batch": _noisy(
        "whole-batch spikes",
        "Now and then the whole gradient is a thousand times longer, and throws the run without "
        f"clipping far away: {ABOVE}.",
        0.5,
        _thrown,
        ("389", "0.19", "0.19"),
        (0.0034, 0.0125, 40, 0.0125, 5),
    ),
    "Adam, a constant rescale": Exhibit(
        "Each coordinate of this gradient is equally large everywhere, so every clipping "
        "multiplies it by a constant. Adam divides by how large the gradients are: the constant "
        "cancels, and all runs are one. Choose plain descent, and they part.",
        KINKS,
        claims(
            apart_from_the_first(KINKS),
            (f"{APART}, by value", at_most(1e-6)),
            ("… by norm", at_most(1e-6)),
            ("… by value, under plain descent", rounded("1.08")),
            ("… by norm, under plain descent", rounded("2.277")),
        ),
    ),
    "Adam, a turn that changes": Exhibit(
        "The two kinks turned by 45°. By norm, the gradient is still multiplied by a constant, "
        "which cancels. By value, it is turned onto the steep diagonal, one way on this side of "
        "the kink and the other way beyond, and no constant brings back the slow part: that run "
        "goes to and fro at a loss of 2.60, while the others are on their way, at 0.53.",
        TURNED_KINKS,
        (
            *claims(
                apart_from_the_first(TURNED_KINKS),
                (f"{APART}, by value", rounded("2.004")),
                ("… by norm", at_most(1e-6)),
            ),
            *claims(
                last_losses(TURNED_KINKS),
                ("Loss it ends at, without clipping", rounded("0.530")),
                ("… by value", rounded("2.596")),
                ("… by norm", rounded("0.530")),
            ),
        ),
    ),
    "Adam after long gradients": Exhibit(
        "The first gradient is 15,814 long, and those in the valley below 1. Adam divides by the "
        "root of the mean square of about the last 1,000: without clipping, the long ones keep its "
        "later steps short, and after 2,000 the loss is still 19.4. Clipped at 1, it takes "
        f"698 steps to a loss of {TOLERANCE:g} by norm, and 891 by value.",
        BEALE,
        claims(
            after_long_gradients(BEALE),
            ("Length of the first gradient", rounded("15814")),
            ("Loss after 2000 steps without clipping", rounded("19.4")),
            (f"{STEPS}, by value", exactly(891)),
            ("… by norm", exactly(698)),
        ),
    ),
    "Adam and spikes": Exhibit(
        "Now and then the whole gradient is a thousand times longer. That does not throw Adam far, "
        "but it divides all later steps by it, so without clipping the run goes on slowly: "
        f"{ABOVE}. Among equal gradients, {AFTER} steps after such a one, a step is 2.3% as long "
        "as without it; where it was clipped, 100%.",
        ADAM_SPIKED,
        (
            *_thrown(ADAM_SPIKED),
            *claims(
                after_a_spike,
                (
                    f"Among equal gradients one {SPIKE:g} times longer: Adam's step {AFTER} steps "
                    "later, in steps without it",
                    rounded("0.0231"),
                ),
                ("… where it is clipped to the length of the others", rounded("1.0000")),
            ),
        ),
    ),
    "Momentum and spikes": Exhibit(
        "Now and then the whole gradient is a thousand times longer. Momentum repeats it in the "
        "steps that follow, every time 0.9 times as far: ten times as far in all, nine tenths of "
        "it within 22 steps. Where it was clipped, there is little to repeat; without clipping, "
        f"the run is thrown far away: {ABOVE}.",
        MOMENTUM_SPIKED,
        (
            *_thrown(MOMENTUM_SPIKED),
            *claims(
                with_and_without(MOMENTUM_SPIKED),
                ("… median over 100 seeds, without clipping", rounded("217")),
                ("… the same under plain descent", rounded("17.9")),
            ),
            *claims(
                carried_on,
                (
                    "Of all the way that one gradient goes with momentum, at once (%)",
                    rounded("10.0"),
                ),
                ("… steps until 90% of it", exactly(22)),
            ),
        ),
    ),
    "Recurrent cliff under Adam": Exhibit(
        "Adam is not thrown over the cliff: no step is longer than 0.044. But without clipping it "
        "meets a gradient of 4,046 on the wall, and divides by that from then on: it stands there, "
        "at step 2,000 with a loss of 0.034. Clipped by norm at 0.2, it takes 97 steps to a loss "
        f"of {TOLERANCE:g}. By value, the last digits decide whether it arrives.",
        WALL,
        claims(
            against_the_wall(WALL),
            ("Longest gradient without clipping", rounded("4046")),
            ("Longest step", rounded("0.044")),
            (f"Step {LATER} steps after the longest gradient", at_most(1e-5)),
            ("Loss it ends at", rounded("0.0337")),
            (f"{STEPS}, by norm at 0.2: fewest of {ROUNDINGS} roundings", exactly(97)),
            ("… most", exactly(97)),
            (f"Of {ROUNDINGS} roundings arrive by value at 0.141 (%)", SOME),
        ),
    ),
}

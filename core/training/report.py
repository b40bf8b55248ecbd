"""What became of the runs of a training, as numbers, as words and as a file.

What is said of a run weighs how it was clipped and what became of it: that makes this file long.
"""

import csv as csv_format
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper, Rule, block_norms
from core.matching import Matching, matched_threshold, worst_length
from core.runs import NONE, Run
from core.strategies import Array, Strategy
from core.training.optimizers import Optimizer
from core.training.tasks import ACCURACY, TASKS, baseline
from core.training.training import Step, Training

LAST = 20  # steps over which the final loss is the median: that of one batch says little
OFTEN, SELDOM = 0.5, 0.1  # shares of the steps
LITTLE = 0.05  # of a gradient's length
SO_FAR = "so far it is "
NOTHING = 0.05  # of the way from a constant answer to a perfect one: who ends with less has nothing
FALLEN = 0.8  # of the way that a run had got at its best: who kept less lost some of it
DEFINITIONS = f"""
- **no step clipped**: the threshold is above every gradient;
- **a safety net**: at most {SELDOM:.0%} of the steps are clipped, and what is learned is kept;
- **no safety net**: as few are clipped, but nothing is learned in the end, or some of it is lost;
- **a step-size limiter**: at least {OFTEN:.0%} are clipped, and half of all steps lose
  {LITTLE:.0%} of their length or more;
- **it evens them out**: the same under Adam, which cancels what shortens all steps alike, but makes
  small steps for long after a gradient that was longer than the others;
- **it trims**: as many are clipped, but half of all steps lose less;
- **between** a safety net and a limiter: all else;
- **brought to the threshold**: every step, under the rule *normalize*.

A run is **no better than a constant answer** if it got less than {NOTHING:.0%} of the way from that
to a perfect one, on unseen examples; **some of what was learned is lost** if it ends with less than
{FALLEN:.0%} of the way that it had got at its best.

A step counts as clipped if at least one number of its gradient was changed.
"""


@dataclass(frozen=True)
class Summary:
    """What became of one run."""

    run: Run
    steps: int
    loss: float  # median of the last steps
    metric: float  # the last one measured; NaN if the run stopped
    clipped_share: float  # of the steps
    angle: float  # median over the steps, radians; NaN without clipping
    magnitude_loss: float  # median over the steps; NaN without clipping
    words: str


def summary(training: Training, run: Run, steps: Sequence[Step]) -> Summary:
    """Tell what became of a run from its steps, of which there is at least one."""
    angle = lost = math.nan
    if run is not NONE:
        angle, lost = (
            _median([getattr(step, name)[run] for step in steps])
            for name in ("angles", "magnitude_losses")
        )
    last = steps[-1]
    taken = [step for step in steps if not step.stopped]
    share = sum(step.clipped for step in taken) / max(1, len(taken))
    became = _became(training, steps)
    words = _clipping(training, share, lost, became) if run is not NONE else "nothing is clipped"
    words += f"; {became}" if became else ""
    if last.stopped:
        until = f"; until there, {words}" if taken else ""
        words = f"stopped at step {last.step}: {last.stopped}{until}"
    metrics = [step.metric for step in taken if not math.isnan(step.metric)]
    return Summary(
        run,
        len(steps),
        _median([step.loss for step in taken[-LAST:]]),
        metrics[-1] if metrics and not last.stopped else math.nan,
        share,
        angle,
        lost,
        words,
    )


def best(training: Training, rows: Sequence[Summary]) -> list[Run]:
    """Return the runs that do best on unseen examples, of those that did not stop."""
    sign = 1 if TASKS[training.task].metric == ACCURACY else -1
    known = {row.run: sign * row.metric for row in rows if math.isfinite(row.metric)}
    return [run for run, metric in known.items() if metric == max(known.values())]


def longest(training: Training, strategy: Strategy, steps: Sequence[Step]) -> Array:
    """Return the greatest length after clipping ``(steps,)``: threshold times `worst_length`."""
    most = worst_length(strategy, tuple(training.layers.values()))
    return np.array([step.thresholds[strategy] for step in steps]) * most


def after(training: Training, step: Step) -> dict[Strategy, Array]:
    """Return the norms of the layers (layers,) after each strategy, of a step with its gradient."""
    if step.gradient is None:
        raise ValueError(f"the gradient of step {step.step} was not kept")
    layers, rule = tuple(training.layers.values()), training.thresholds.rule
    return {
        strategy: block_norms(Clipper(strategy, threshold, rule)(step.gradient, layers), layers)
        for strategy, threshold in step.thresholds.items()
    }


def threshold_at(training: Training, norms: ArrayLike, percentile: float) -> tuple[float, float]:
    """Return a percentile of norms (k,), and the threshold by value that goes with it.

    That is AutoClip's rule for the next step. NaN if no norm is finite, and where thresholds are
    matched by output length: that is another one for every gradient. Source: Seetharaman, Wichern,
    Pardo and Le Roux, "AutoClip: Adaptive Gradient Clipping for Source Separation Networks", 2020.
    """
    lengths = np.asarray(norms, np.float64)
    lengths = lengths[np.isfinite(lengths)]
    matching, layers = training.thresholds.matching, tuple(training.layers.values())
    if not len(lengths) or matching is Matching.OUTPUT_LENGTH:
        return math.nan, math.nan
    wanted = float(np.percentile(lengths, percentile))
    pair = Strategy.GLOBAL, Strategy.VALUE
    return wanted, float(matched_threshold(matching, np.zeros(sum(layers)), layers, wanted, pair))


def csv(trained: Mapping[Run, Sequence[Step]]) -> str:
    """Write all steps of all runs, angles in degrees."""
    text = io.StringIO()
    writer = csv_format.writer(text, lineterminator="\n")
    plain = ("step", "loss", "norm_before", "norm_after", "clipped_fraction", "metric", "stopped")
    each = ("thresholds", "angles", "magnitude_losses")
    writer.writerow(["run", *plain, *(f"{name}_{s.value}" for name in each for s in Strategy)])
    for run, steps in trained.items():
        for step in steps:
            turned = {strategy: math.degrees(angle) for strategy, angle in step.angles.items()}
            told = step.thresholds, turned, step.magnitude_losses
            writer.writerow(
                [
                    run.value,
                    *(getattr(step, name) for name in plain),
                    *(values[strategy] for values in told for strategy in Strategy),
                ]
            )
    return text.getvalue()


def _became(training: Training, steps: Sequence[Step]) -> str:
    """Say what became of a run on unseen examples where that is bad; "" where it is not."""
    task = TASKS[training.task]
    constant, perfect = baseline(task), 1 if task.metric == ACCURACY else 0
    metrics = [step.metric for step in steps if not math.isnan(step.metric)]
    ways = [(metric - constant) / (perfect - constant) for metric in metrics] or [0]
    if ways[-1] < NOTHING:
        going = len(steps) < training.steps and not steps[-1].stopped
        return f"{SO_FAR if going else 'it ends '}no better than a constant answer"
    return "some of what was learned is lost" if ways[-1] < FALLEN * max(ways) else ""


def _clipping(training: Training, share: float, lost: float, became: str) -> str:
    if training.thresholds.rule is Rule.NORMALIZE:
        return "every step is brought to the threshold, whatever its length was"
    if share == 0:
        return "no step clipped: it runs as without clipping"
    clipped = f"{'<1%' if share < 0.01 else f'{share:.0%}'} of steps clipped"
    if share <= SELDOM:
        if became.startswith(SO_FAR):
            return clipped
        return f"{clipped}: {'no' if became else 'a'} safety net"
    if share < OFTEN:
        return f"{clipped}: between a safety net and a step-size limiter"
    if lost < LITTLE:
        return f"{clipped}, but most lose little: it trims the largest numbers"
    if training.optimizer is Optimizer.ADAM:
        return (
            f"{clipped}: under Adam that limits no step, but evens them out, so that a long "
            "gradient does not slow the steps after it"
        )
    return f"{clipped}: it acts as a step-size limiter, not as a safety net"


def _median(numbers: Sequence[float]) -> float:
    """Return the median, NaN where there is none: an infinite loss has no sum, so no warning."""
    known = [float(x) for x in numbers if not math.isnan(x)]
    return float(np.median(known)) if known and math.isfinite(sum(known)) else math.nan

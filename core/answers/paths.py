"""The numbers of the answers that descents give."""

from dataclasses import replace
from math import isinf

import numpy as np

from core.answers.answer import Numbers
from core.answers.turning import still_descends
from core.clipping import Rule, length_of
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import Experiment
from core.descent.measurements import (
    SEEDS,
    down_the_fourth_power,
    down_the_long_bowl,
    largest_stable_rate,
    norm,
    three_samples,
)
from core.descent.report import Row, report
from core.matching import Thresholds
from core.notation import write_share
from core.runs import NONE, Run, unclipped
from core.strategies import Strategy
from core.work import Work


def exhibit(label: str) -> Experiment:
    """Return the experiment of a ready-made descent."""
    return EXHIBITS[label].experiment


BOWL = exhibit("Long bowl")
NORMALIZED_BOWL = replace(BOWL, thresholds=Thresholds(1.0, Rule.NORMALIZE))
CLIFF = exhibit("Recurrent cliff")
ON_AXIS, ON_DIAGONAL = exhibit("Ridge on an axis"), exhibit("Ridge on the diagonal")
POWER = exhibit("Fourth power")
SAMPLES = exhibit("Three samples")
HEAVY = exhibit("Heavy-tailed noise")


def descends() -> Numbers:
    """Return by how much the loss falls at every step, in units of what smoothness promises.

    Of an L-smooth loss, every step of a learning rate r with a clipped gradient u takes at least
    ``r (1 - L r / 2) |u|^2``.
    """
    it = replace(BOWL, runs=(Strategy.VALUE,))
    descent, surface = it.descend(), it.surface
    unit = np.stack([np.cos(angles := np.linspace(0, np.pi, 361)), np.sin(angles)], axis=-1)
    steepest = length_of(surface.gradient(np.array(surface.minima[0]) + unit)).max()
    steps = length_of(it.shorten(Strategy.VALUE)(surface.gradient(descent.path[:-1, 0]), (2,)))
    promised = it.learning_rate * (1 - steepest * it.learning_rate / 2) * steps**2
    falls = -np.diff(descent.height[:, 0])
    seen = promised > 1e-12 * descent.height[:-1, 0]  # beyond rounding
    return {
        **still_descends(),
        "steps": f"{int(np.sum(falls[seen] > 0)):,} of {int(seen.sum()):,}",
        "least": f"{np.min(falls[seen] / promised[seen]):.2f}",
    }


def ridges() -> Numbers:
    """Return how far the slow direction is done when clip by value is through on an axis."""
    axis, diagonal = _by_run(ON_AXIS), _by_run(ON_DIAGONAL)
    steps = axis[Strategy.VALUE].steps_along
    return {
        "steps": f"{steps}",
        "total": f"{ON_AXIS.steps}",
        "norm": f"{axis[Strategy.GLOBAL].along or 0:.3f}",
        "diagonal": f"{diagonal[Strategy.VALUE].along or 0:.3f}",
        "diagonal_norm": f"{diagonal[Strategy.GLOBAL].along or 0:.3f}",
    }


def normalizing() -> Numbers:
    """Return how clipped and normalized runs end, where the gradient fades and on a plateau."""
    bowl, plateau = _by_run(BOWL), _by_run(exhibit("Plateau"))
    always, away = _by_run(NORMALIZED_BOWL), _by_run(exhibit("Plateau, normalized"))
    return {
        "clipped": bowl[Strategy.GLOBAL].outcome,
        "clipped_loss": f"{bowl[Strategy.GLOBAL].late_loss:.1e}",
        "normalized": always[Strategy.GLOBAL].outcome,
        "normalized_loss": f"{always[Strategy.GLOBAL].late_loss:.1e}",
        "plateau": f"{plateau[Strategy.GLOBAL].final_loss:.3f}",
        "away": f"{away[Strategy.GLOBAL].late_loss:.1e}",
    }


def alike() -> Numbers:
    """Return how alike both strategies are on a smooth bowl, and on the cliff."""
    fewest, most, value_fewest, value_most = np.asarray(down_the_long_bowl(Work(1)))
    cliff = _by_run(CLIFF)
    return {
        "norm": f"{fewest:,.0f}" if fewest == most else f"{fewest:,.0f} to {most:,.0f}",
        "value": f"{value_fewest:,.0f} to {value_most:,.0f}",
        "apart": write_share(float(1 - value_fewest / most)),
        "over": f"{cliff[Strategy.GLOBAL].steps_to_goal}",
        "stuck": f"{cliff[Strategy.VALUE].final_loss:.3g}",
        "steps": f"{CLIFF.steps:,}",
    }


def slower() -> Numbers:
    """Return how many steps a steep start takes, with clipping and without."""
    stable = np.asarray(largest_stable_rate(Work(1))).item() / (2 * 10**2)
    plain, clipped = 0.1 / 10**2, POWER.learning_rate
    without = np.asarray(down_the_fourth_power(unclipped, plain, 40_000)(Work(1))).item()
    by_norm = np.asarray(down_the_fourth_power(norm(1.0), clipped, 1000)(Work(1))).item()
    left = 1 + int(POWER.descend().taken[POWER.runs.index(NONE)])
    return {
        "rate": f"{clipped:g}",
        "with": f"{by_norm:,.0f}",
        "stable": f"{stable:.4f}",
        "plain": f"{plain:g}",
        "without": "never" if isinf(without) else f"{without:,.0f}",
        "total": f"{POWER.steps}",
        "share": write_share(_by_run(POWER)[Strategy.GLOBAL].clipped_share),
        "left": f"{left}",
    }


def tails() -> Numbers:
    """Return the loss under noise, of the learning rates and thresholds that the exhibits name."""
    found: dict[str, str] = {"seeds": f"{SEEDS}"}
    for name, label in {
        "none": "Noise without tails",
        "heavy": "Heavy-tailed noise",
        "coordinate": "Spikes in a coordinate",
        "batch": "Spikes in a whole batch",
    }.items():
        losses = EXHIBITS[label].claims[-3:]
        for run, claim in zip(("plain", "norm", "value"), losses, strict=True):
            found[f"{name}_{run}"] = _short(claim.measure(Work(1)))
    return found


def bias() -> Numbers:
    """Return where clipping the gradient of each of three samples ends."""
    tight, wide, plain = np.asarray(three_samples(Work(1)))
    return {"tight": f"{tight:.0f}", "wide": f"{wide:.0f}", "plain": f"{plain:.0f}"}


def _by_run(it: Experiment) -> dict[Run, Row]:
    return {row.run: row for row in report(it)}


def _short(loss: float) -> str:
    return f"{loss:.0f}" if loss >= 10 else f"{loss:.2g}"

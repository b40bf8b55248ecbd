"""The numbers of the answers that descents give."""

from dataclasses import replace

import numpy as np

from core.answers.answer import Numbers
from core.answers.turning import still_descends
from core.clipping import Rule, length_of
from core.descent.descend import TOLERANCE
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import Experiment
from core.descent.measurements import (
    LONG,
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
    """Return how far the slow direction is done on both ridges, and how wide the leaps are."""
    axis, diagonal = _by_run(ON_AXIS), _by_run(ON_DIAGONAL)
    leaps = {run: _widest_leap(ON_AXIS, run) for run in (NONE, Strategy.VALUE)}
    return {
        "rate": f"{ON_AXIS.learning_rate:g}",
        "threshold": f"{ON_AXIS.thresholds.by_value:g}",
        "plain": f"{axis[NONE].steps_along}",
        "leap": f"{leaps[NONE]:.0f}",
        "small": f"{leaps[Strategy.VALUE]:.2g}",
        "steps": f"{axis[Strategy.VALUE].steps_along}",
        "total": f"{ON_AXIS.steps}",
        "norm": f"{axis[Strategy.GLOBAL].along or 0:.3f}",
        "degrees": f"{ON_DIAGONAL.landscape.degrees:g}°",
        "diagonal": f"{diagonal[Strategy.VALUE].along or 0:.3f}",
        "diagonal_norm": f"{diagonal[Strategy.GLOBAL].along or 0:.3f}",
    }


def _widest_leap(it: Experiment, run: Run) -> float:
    """Return the longest way that a step takes along the first axis, the steep one."""
    path = replace(it, runs=(run,)).descend().path[:, 0]
    return float(np.abs(np.diff(path[:, 0])).max())


def normalizing() -> Numbers:
    """Return how clipped and normalized runs end, where the gradient fades and on a plateau."""
    bowl, plateau = _by_run(BOWL), _by_run(exhibit("Plateau"))
    always, away = _by_run(NORMALIZED_BOWL), _by_run(exhibit("Plateau, normalized"))
    return {
        "clipped": bowl[Strategy.GLOBAL].outcome,
        "clipped_loss": f"{bowl[Strategy.GLOBAL].final_loss:.1e}",
        "normalized": always[Strategy.GLOBAL].outcome,
        "normalized_loss": f"{always[Strategy.GLOBAL].final_loss:.1e}",
        "steps": f"{exhibit('Plateau').steps:,}",
        "plateau": f"{plateau[Strategy.GLOBAL].final_loss:.3f}",
        "away": f"{away[Strategy.GLOBAL].late_loss:.1e}",
    }


def alike() -> Numbers:
    """Return how alike both strategies are on a smooth bowl, and on the cliff."""
    fewest, most, value_fewest, value_most = np.asarray(down_the_long_bowl(Work(1)))
    cliff = _by_run(CLIFF)
    loose = replace(CLIFF.thresholds, by_value=1.0)
    over = _by_run(replace(CLIFF, thresholds=loose, steps=LONG))
    return {
        "goal": f"{TOLERANCE:g}",
        "norm": f"{fewest:,.0f}" if fewest == most else f"{fewest:,.0f} to {most:,.0f}",
        "value": f"{value_fewest:,.0f} to {value_most:,.0f}",
        "apart": write_share(float(1 - value_fewest / most)),
        "threshold": f"{CLIFF.thresholds.by_value:.3g}",
        "rate": f"{CLIFF.learning_rate:g}",
        "over": f"{cliff[Strategy.GLOBAL].steps_to_goal}",
        "end": cliff[Strategy.VALUE].outcome,
        "stuck": f"{cliff[Strategy.VALUE].final_loss:.3g}",
        "steps": f"{CLIFF.steps:,}",
        "loose": f"{loose.by_value:g}",
        "loosely": f"{over[Strategy.VALUE].final_loss:.0e}",
    }


def slower() -> Numbers:
    """Return how many steps a steep start takes, with clipping and at a rate just safe without."""
    stable = np.asarray(largest_stable_rate(Work(1))).item() / (2 * 10**2)
    plain = 0.98 * stable
    without = np.asarray(down_the_fourth_power(unclipped, plain, 2000)(Work(1))).item()
    clipped = np.asarray(down_the_fourth_power(norm(1.0), POWER.learning_rate, 1000)(Work(1)))
    to_goal = replace(POWER, steps=int(clipped.item()))
    return {
        "rate": f"{POWER.learning_rate:g}",
        "left": f"{1 + int(POWER.descend().taken[POWER.runs.index(NONE)])}",
        "stable": f"{stable:.4f}",
        "plain": f"{plain:.4f}",
        "without": f"{without:,.0f}",
        "goal": f"{TOLERANCE:g}",
        "with": f"{clipped.item():,.0f}",
        "share": write_share(_by_run(to_goal)[Strategy.GLOBAL].clipped_share),
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

"""What norms tell of a training: sections of the page and of the report."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper
from core.gradients.decoding import shown
from core.gradients.norm_log import NormLog
from core.gradients.outline import rise, rising
from core.gradients.reading import Reading, percentiles
from core.gradients.reasons import counted
from core.gradients.recommendation import Recommendation
from core.gradients.replays.replay import Replay
from core.gradients.rules import RULES, Rule
from core.gradients.sections import Column, Section, as_csv
from core.gradients.target import Quantity, Target
from core.notation import write_degrees, write_number, write_share
from core.pytorch import pytorch
from core.strategies import Array, Strategy

RECOMMENDED = "A threshold for what you want"
IDLE = (
    "So none of them acts on any of these steps: they are too few, or the limit is too low. Raise "
    "the limit, or keep another quantity small."
)
LONGEST = 10  # steps in the table of the longest gradients

LEFT_OUT = (
    "Left out: the fixed max_grad_norm of 1 that ZClip's public code has besides, and its other "
    "ways to clip an outlier. Parameters are as published, or as in the public code."
)
six = "{:.6g}".format


def read_section(log: NormLog) -> Section:
    """Return how a log was read, and what is suspicious."""
    steps = "" if log.steps is None else " with their steps"
    return Section(
        "How it was read",
        (
            f"Read as {log.format}: {counted(len(log.norms), 'norm')}{steps}, from the field "
            f"{shown(log.field)}.",
            *log.warnings,
        ),
    )


def reading_section(reading: Reading) -> Section:
    """Return the first reading, in words."""
    return Section(
        reading.sentence,
        (
            f"Over all steps it takes {write_share(reading.mean_loss)} of the length on average, "
            f"{write_share(reading.worst_loss)} at worst. By global norm no gradient turns.",
        ),
    )


def recommendation_section(
    found: Mapping[Strategy, Recommendation], target: Target, first: Strategy
) -> Section:
    """Return the threshold of every strategy that keeps what the reader wants, and the code.

    The strategy that is asked for comes ``first``.
    """
    found = {first: found[first], **found}
    idle = all(it.threshold is not None and it.share == 0 for it in found.values())
    return Section(
        RECOMMENDED,
        (
            _wanted(target),
            *(it.sentence for it in found.values()),
            *((IDLE,) if idle else ()),
        ),
        code={
            strategy.label: pytorch(Clipper(strategy, it.threshold))
            for strategy, it in found.items()
            if it.threshold is not None
        },
        after=(
            "The smallest thresholds of three digits that keep the limit over these steps. In "
            "PyTorch the lines stand after loss.backward(), and under mixed precision after "
            "scaler.unscale_(optimizer); before optimizer.step(). The norm that PyTorch returns is "
            "that before clipping.",
        ),
    )


def _wanted(target: Target) -> str:
    """Say what the reader wants."""
    reach = f"on {target.reach}"
    match target.quantity:
        case Quantity.SHARE:
            return f"Wanted: it acts on at most {write_share(target.limit)} of the steps."
        case Quantity.ANGLE:
            return f"Wanted: it turns by at most {write_degrees(target.limit)} {reach}."
        case Quantity.LOSS:
            return f"Wanted: it takes at most {write_share(target.limit)} of the length {reach}."


def rules_section(rules: Mapping[str, Rule], replays: Mapping[str, Replay]) -> Section:
    """Return what each rule, with its parameters, would have done to these norms."""
    notes = tuple(f"{RULES[key].label}: {it.note}" for key, it in replays.items() if it.note)
    return Section(
        "Rules, replayed over these norms",
        (
            "Which threshold each rule would have had at every step, and how often it would have "
            "acted. The norms are those of the run that was logged: a run under the rule would "
            "have gone another way.",
        ),
        (
            Column("rule: clips", [RULES[key].label for key in replays]),
            Column("parameters", [_parameters(rules[key]) for key in replays]),
            Column("acts on", [it.share for it in replays.values()], write_share),
            Column("takes on average", [it.mean_loss for it in replays.values()], write_share),
            Column("at worst", [it.worst_loss for it in replays.values()], write_share),
            Column("last threshold", [_last(it) for it in replays.values()], _written),
        ),
        after=(
            *(note[0].upper() + note[1:] for note in notes),
            LEFT_OUT,
            *(f"{RULES[key].source}: {RULES[key].paper}, {RULES[key].code}" for key in replays),
        ),
    )


def _parameters(rule: Rule) -> str:
    found = vars(rule).items()
    return ", ".join(f"{name} {write_number(float(value))}" for name, value in found)


def percentiles_section(norms: Array) -> Section:
    """Return the percentiles of the norms."""
    found = percentiles(norms)
    return Section(
        "The norms in numbers",
        (),
        (
            Column("percent of the steps", [percent for percent, _ in found], write_number),
            Column("have a norm of at most", [norm for _, norm in found], six),
        ),
    )


def longest_section(norms: Array, steps: ArrayLike | None, threshold: float) -> Section:
    """Return the steps with the longest gradients, and what the threshold leaves of them."""
    at, values = rising(steps, len(norms)), np.where(np.isfinite(norms), norms, -np.inf)
    order = np.argsort(-values, kind="stable")[:LONGEST]
    order = order[np.isfinite(norms[order])]
    kept = [min(1.0, threshold / x) if x else 1.0 for x in norms[order]]
    return Section(
        "The longest gradients",
        (f"What is left of them at the threshold {write_number(threshold)}:",),
        (
            Column("step" if rise(steps) else "norm number", at[order].tolist(), "{:,.0f}".format),
            Column("norm", norms[order].tolist(), six),
            Column("length kept", kept, write_share),
        ),
    )


def steps_csv(norms: Array, steps: ArrayLike | None, replays: Mapping[str, Replay]) -> str:
    """Return a line for each step: its norm, and of each rule the threshold and what it leaves."""
    whole = {key: it for key, it in replays.items() if it.thresholds.ndim == 1}
    columns = [Column("number", range(1, len(norms) + 1))]
    if steps is not None:
        columns.append(Column("step", [_whole(step) for step in np.asarray(steps).tolist()]))
    columns.append(Column("norm", norms.tolist()))
    for key, it in whole.items():
        columns.append(Column(f"{RULES[key].short} threshold", it.thresholds.tolist()))
        columns.append(Column(f"{RULES[key].short} norm after", (it.kept * norms).tolist()))
    return as_csv(columns)


def _whole(step: float) -> float:
    return int(step) if np.isfinite(step) and step == int(step) else step


def _last(it: Replay) -> float:
    """Return the threshold after the last step; NaN where every layer has its own."""
    return float(it.thresholds[-1]) if it.thresholds.ndim == 1 else np.nan


def _written(threshold: float) -> str:
    return "one a layer" if np.isnan(threshold) else six(threshold)

"""What norms tell of a training: sections of the page and of the report."""

import csv
import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper
from core.gradients.decoding import shown
from core.gradients.norm_log import NormLog
from core.gradients.outline import rising
from core.gradients.reading import Reading, percentiles
from core.gradients.recommendation import Recommendation
from core.gradients.replays.replay import Replay
from core.gradients.rules import RULES
from core.gradients.sections import Column, Section
from core.notation import write_number, write_share
from core.pytorch import pytorch
from core.strategies import Array, Strategy

RECOMMENDED = "A threshold for what you want"
LONGEST = 10  # steps in the table of the longest gradients

six = "{:.6g}".format


def read_section(log: NormLog) -> Section:
    """Return how a log was read, and what is suspicious."""
    steps = "" if log.steps is None else " with their steps"
    return Section(
        "How it was read",
        (
            f"Read as {log.format}: {len(log.norms):,} norms{steps}, from the field "
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


def recommendation_section(found: Mapping[Strategy, Recommendation]) -> Section:
    """Return the threshold of every strategy that keeps what the reader wants, and the code."""
    return Section(
        RECOMMENDED,
        tuple(it.sentence for it in found.values()),
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


def rules_section(replays: Mapping[str, Replay]) -> Section:
    """Return what each rule would have done to these norms, side by side."""
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
            Column("acts on", [it.share for it in replays.values()], write_share),
            Column("takes on average", [it.mean_loss for it in replays.values()], write_share),
            Column("at worst", [it.worst_loss for it in replays.values()], write_share),
            Column("last threshold", [_last(it) for it in replays.values()], six),
        ),
        after=(
            *(note[0].upper() + note[1:] for note in notes),
            "Sources: "
            + "; ".join(f"{RULES[key].source} ({RULES[key].paper})" for key in replays)
            + ".",
        ),
    )


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
            Column("norm number" if steps is None else "step", at[order].tolist(), "{:g}".format),
            Column("norm", norms[order].tolist(), six),
            Column("length kept", kept, write_share),
        ),
    )


def steps_csv(norms: Array, steps: ArrayLike | None, replays: Mapping[str, Replay]) -> str:
    """Return a line for each step: its norm, and of each rule the threshold and what it leaves."""
    whole = {key: it for key, it in replays.items() if it.thresholds.ndim == 1}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    heads = [f"{key} {what}" for key in whole for what in ("threshold", "norm after")]
    writer.writerow(["number" if steps is None else "step", "norm", *heads])
    at = np.arange(1, len(norms) + 1) if steps is None else np.asarray(steps)
    columns = [at, norms]
    for it in whole.values():
        columns += [it.thresholds, it.kept * norms]
    writer.writerows(zip(*(column.tolist() for column in columns), strict=True))
    return text.getvalue()


def _last(it: Replay) -> float:
    last = it.thresholds[-1]
    return float(last) if last.ndim == 0 else float(np.median(last))

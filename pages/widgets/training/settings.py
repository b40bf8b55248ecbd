"""The inputs of a training. What is left empty is what suits the task."""

import re

import streamlit as st

from core.matching import Matching
from core.notation import read_threshold, write_number
from core.runs import RUNS, Run
from core.training.faults import POISON, SWAPPED, TOO_HIGH, Fault
from core.training.optimizers import Optimizer
from core.training.tasks import TASKS
from core.training.training import Layering, Training, default
from pages.widgets import controls, inputs

OWN = "its own"  # the optimizer that suits the task
LONG = 20  # characters that are quoted of what cannot be read
MOST_STEPS, MOST_BATCH, MOST_SEED = 2000, 1024, 9999
FAULTS = {
    Fault.NONE: "Nothing goes wrong on purpose.",
    Fault.BATCH: f"Halfway, the numbers of one batch are {POISON:,.0f} times too large.",
    Fault.LABELS: f"{SWAPPED:.0%} of the answers to learn from are taken from other examples; by "
    "chance, some of them are right.",
    Fault.RATE: f"The learning rate is {TOO_HIGH:.0f} times the one set below.",
    Fault.LOSS: "Halfway the loss becomes infinite, as where half precision overflows.",
}
MIXED = "Halfway, the answers of one batch are those of other examples."
LAYERINGS = {
    Layering.TENSOR: "A layer is a tensor: a weight and its bias are two.",
    Layering.MODULE: "A layer is a module: a weight and its bias are one.",
}


def task() -> tuple[str, Fault]:
    """Ask what is learned, and what goes wrong."""
    left, right = st.columns(2)
    with left:
        label, first = "Task", str(controls.DEFAULTS["task"])
        name = inputs.one_of_many("task", label, list(TASKS), first)
        chosen = TASKS[name]
        st.caption(chosen.teaches)
    with right:
        label = "What goes wrong"
        fault = Fault(inputs.one_of_many("fault", label, list(Fault), Fault.NONE))
        mixed = fault is Fault.BATCH and chosen.tokens
        st.caption(MIXED if mixed else FAULTS[fault])
    return name, fault


def about(name: str) -> None:
    """Say what network learns the task, and where both are from."""
    it = TASKS[name]
    st.caption(
        f"{name.capitalize()}: {it.network}, {it.parameters:,} weights in {len(it.shapes)} "
        f"tensors. Loss: {it.loss}. Source: {it.source}."
    )


def training(name: str, fault: Fault) -> Training:
    """Ask for all else that decides a training."""
    first, second, third, fourth = st.columns(4)
    with second:
        options = [OWN, *Optimizer]
        wanted = inputs.one_of_many("optimizer", "Optimizer", options, OWN)
    own = default(name, None if wanted == OWN else Optimizer(wanted))
    if wanted == OWN:
        second.caption(f"That is {own.optimizer}.")
    with first:
        threshold = _positive(own, "threshold", "Threshold of clip by value")
    with third:
        rate = _positive(own, "learning_rate", "Learning rate")
    with fourth:
        steps = _whole(own, "steps", "Steps", MOST_STEPS)
    with st.container(horizontal=True, gap="medium"):
        rule = controls.rule()
        label, worst = "Thresholds matched by", Matching.WORST_LENGTH
        matching = inputs.choice("training_matching", label, Matching, worst)
        label, tensor = "A layer is a", Layering.TENSOR
        layering = inputs.choice("layering", label, Layering, tensor)
    controls.explain(rule, matching)
    st.caption(LAYERINGS[layering])
    left, right, _, _ = st.columns(4)
    with left:
        batch = _whole(own, "batch_size", "Examples in a batch", MOST_BATCH)
    with right:
        label = "Seed of weights and batches"
        seed = inputs.whole_number("training_seed", label, 0, MOST_SEED, 0)
    return Training(
        name,
        own.optimizer,
        rate,
        threshold,
        steps,
        batch,
        rule,
        matching,
        layering,
        seed,
        fault,
        steps // 2,
    )


def runs() -> tuple[Run, ...]:
    """Ask which runs are trained."""
    return inputs.several("training_runs", "Runs", RUNS)


KEYS = {
    "threshold": "training_threshold",
    "learning_rate": "training_rate",
    "steps": "training_steps",
    "batch_size": "batch",
}


def _positive(own: Training, field: str, label: str) -> float:
    usual: float = getattr(own, field)
    text = _text(field, label, write_number(usual))

    def read() -> float:
        return read_threshold(text, label.lower()) if text.strip() else usual

    return inputs.accepted(_memory(own, field), usual, read, write_number)


def _whole(own: Training, field: str, label: str, most: int) -> int:
    usual: int = getattr(own, field)
    text = _text(field, label, str(usual))

    def read() -> int:
        given = text.strip()
        if not given:
            return usual
        if not re.fullmatch(r"[0-9]{1,6}", given) or not 1 <= int(given) <= most:
            raise ValueError(
                f"{label} cannot be {given[:LONG]!r}. Accepted: a whole number from 1 to {most}, "
                f"or nothing for {usual}."
            )
        return int(given)

    return inputs.accepted(_memory(own, field), usual, read, str)


def _text(field: str, label: str, usual: str) -> str:
    hint = f"Empty: {usual}, which suits the task and its optimizer."
    return inputs.text(KEYS[field], label, "", hint, placeholder=usual)


def _memory(own: Training, field: str) -> str:
    return f"{KEYS[field]} of {own.task} by {own.optimizer}"  # each has its own usual one

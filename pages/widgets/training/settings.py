"""The inputs of a training. What is left empty is what suits the task."""

import re

import streamlit as st

from core.matching import Matching, Thresholds
from core.notation import read_positive, write_number
from core.runs import RELEASED_RUNS, RUNS, Run
from core.training.faults import POISON, SWAPPED, TOO_HIGH, Fault
from core.training.optimizers import Optimizer
from core.training.tasks import TASKS
from core.training.training import Layering, Training, default
from pages.widgets import controls, inputs
from pages.widgets.controls import RULE, explain
from pages.widgets.inputs import Choice, OneOfMany, Several, Text, WholeNumber

OWN = "its own"  # the optimizer that suits the task
LONG = 20  # characters that are quoted of what cannot be read
MOST_STEPS, MOST_BATCH, MOST_SEED = 2000, 1024, 9999

TASK = OneOfMany("task", "Task", list(TASKS), "adding problem")
FAULT = OneOfMany("fault", "What goes wrong", list(Fault), Fault.NONE)
OPTIMIZER = OneOfMany("optimizer", "Optimizer", [OWN, *Optimizer], OWN)
THRESHOLD = Text("training_threshold", "Threshold of clip by value")
RATE = Text(
    "training_rate", "Learning rate", hint="How far a step goes where the gradient has length 1."
)
STEPS = Text("training_steps", "Steps")
BATCH = Text("batch", "Examples in a batch", hint="A batch is the examples that one step looks at.")
SEED = WholeNumber("training_seed", "Seed of weights and batches", 0, MOST_SEED, 0)
MATCHING = Choice(
    "training_matching",
    "Thresholds matched by",
    Matching,
    Matching.WORST_LENGTH,
    controls.MATCHING.hint,
)
LAYERING = Choice(
    "layering",
    "A layer is a",
    Layering,
    Layering.TENSOR,
    "A tensor is one array of weights, a module is a building block of the network.",
)
RUNS_TRAINED: Several[Run] = Several("training_runs", "Runs", RUNS, RELEASED_RUNS)

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
    Layering.TENSOR: "A layer is a tensor, one array of weights: the weights of a building block "
    "and its biases are two.",
    Layering.MODULE: "A layer is a module, a building block of the network: its weights and its "
    "biases are one.",
}
WHY = (
    "On the other pages thresholds begin as the same number. In a network of many weights that "
    "would be far tighter by global norm than by value, with a million weights a thousand times; "
    "so here they begin with the same worst length."
)
OPTIMIZERS = {
    Optimizer.SGD: "Stochastic gradient descent: every step follows the clipped gradient.",
    Optimizer.MOMENTUM: "Every step follows the clipped gradients so far, the older the less.",
    Optimizer.ADAM: "Adaptive moments: as with momentum, and every weight's step is divided by "
    "how large its clipped gradients have been.",
}


def task() -> tuple[str, Fault]:
    """Ask what is learned, and what goes wrong."""
    left, right = st.columns(2)
    with left:
        name = TASK.ask()
        chosen = TASKS[name]
        st.caption(chosen.teaches)
    with right:
        fault = Fault(FAULT.ask())
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
        wanted = OPTIMIZER.ask()
    own = default(name, None if wanted == OWN else Optimizer(wanted))
    own_name = f"That is {own.optimizer}. " if wanted == OWN else ""
    second.caption(own_name + OPTIMIZERS[own.optimizer])
    with first:
        threshold = _positive(THRESHOLD, own, own.thresholds.by_value)
    with third:
        rate = _positive(RATE, own, own.learning_rate)
    with fourth:
        steps = _whole(STEPS, own, own.steps, MOST_STEPS)
    with st.container(horizontal=True, gap="medium"):
        rule, matching, layering = RULE.ask(), MATCHING.ask(), LAYERING.ask()
    thresholds = Thresholds(threshold, rule, matching)
    explain(thresholds)
    if matching is MATCHING.default:
        st.caption(WHY)
    st.caption(LAYERINGS[layering])
    left, right, _, _ = st.columns(4)
    with left:
        batch = _whole(BATCH, own, own.batch_size, MOST_BATCH)
    with right:
        seed = SEED.ask()
    return Training(
        task=name,
        optimizer=own.optimizer,
        learning_rate=rate,
        thresholds=thresholds,
        steps=steps,
        batch_size=batch,
        layering=layering,
        seed=seed,
        fault=fault,
        fault_step=steps // 2,
    )


def words(it: Training) -> str:
    """Say what decides a training, but for its task."""
    return (
        f"{it.optimizer}, threshold {write_number(it.thresholds.by_value)} by value, learning rate "
        f"{write_number(it.learning_rate)}, {it.steps:,} steps, what goes wrong: {it.fault}."
    )


def runs() -> tuple[Run, ...]:
    """Ask which runs are trained."""
    return RUNS_TRAINED.ask()


def _positive(it: Text, own: Training, usual: float) -> float:
    text = _text(it, write_number(usual))

    def read() -> float:
        return read_positive(text, it.label.lower()) if text.strip() else usual

    return inputs.accepted(_memory(it, own), usual, read, write_number, it.label)


def _whole(it: Text, own: Training, usual: int, most: int) -> int:
    text = _text(it, str(usual))

    def read() -> int:
        given = text.strip()
        if not given:
            return usual
        if not re.fullmatch(r"[0-9]{1,6}", given) or not 1 <= int(given) <= most:
            raise ValueError(
                f"{it.label} cannot be {given[:LONG]!r}. Accepted: a whole number from 1 to "
                f"{most}, or nothing for {usual}."
            )
        return int(given)

    return inputs.accepted(_memory(it, own), usual, read, str, it.label)


def _text(it: Text, usual: str) -> str:
    empty = f"Empty: {usual}, which suits the task and its optimizer."
    return it.ask(f"{it.hint} {empty}".strip(), placeholder=usual)


def _memory(it: Text, own: Training) -> str:
    return f"{it.key} of {own.task} by {own.optimizer}"  # each has its own usual one

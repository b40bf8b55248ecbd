"""A look at one step of a training: its gradient by layers, on the landing page, and as a file.

The words around the numbers make this file long.
"""

from collections.abc import Collection
from math import isfinite, isnan
from urllib.parse import urlencode

import streamlit as st

from core.excerpt import shown
from core.looks import NAMES
from core.matching import Matching
from core.notation import MOST_NUMBERS, write_degrees, write_number, write_share
from core.runs import Run
from core.training.figures.layers import layers
from core.training.recording import Recording, write
from core.training.report import after, threshold_at
from core.training.training import Step, Training
from pages.widgets import inputs
from pages.widgets.inputs import Slider
from pages.widgets.plot import plot
from pages.widgets.training.settings import MOST_STEPS
from pages.widgets.training.trainer import Trainer

STEP = Slider("training_step", "Step", 0, MOST_STEPS - 1, 0)
PERCENTILE = Slider("percentile", "Percentile", 1, 99, 10)  # what AutoClip's authors found best
HELPER = "helper"  # whether it is open


def one_step(it: Trainer, run: Run) -> None:
    """Show the gradient of a step by layers, before and after each strategy."""
    st.header("One gradient", anchor=False)
    steps = it.steps[run]
    kept = {step.step: step.gradient for step in steps if step.gradient is not None}
    chosen = _nearest(kept, _wanted(it, [step for step in steps if step.step in kept]))
    step = steps[chosen]
    st.caption(
        f"Step {chosen} of the run {NAMES[run]}. {_which(len(steps), len(kept))} The layers of "
        "this gradient, before clipping and after each strategy."
    )
    st.download_button(
        f"The {len(kept)} kept gradient{'s'[: len(kept) > 1]} as safetensors",
        lambda: write(Recording(it.training, run, kept)),
        "clipscope-gradients.safetensors",
        "application/octet-stream",
        on_click="ignore",
    )
    if step.stopped:
        st.caption(f"Here the run stopped: {step.stopped}.")
        return
    clipped = after(it.training, step)
    names = list(it.training.layers)
    plot(
        layers(it.training, step, clipped, NAMES),
        key="layers_of_step",
        alt=f"The norm of every layer at step {chosen}, before clipping and after each strategy.",
    )
    st.markdown(
        "The whole gradient: "
        + "; ".join(
            f"{NAMES[strategy]} turns it by {write_degrees(turned)} and takes "
            f"{write_share(step.magnitude_losses[strategy])} of its length"
            for strategy, turned in step.angles.items()
        )
        + "."
    )
    if not all(step.layer_norms_before):
        st.caption("A layer whose gradient is zero has no place on this axis.")
    with st.expander("These layers in numbers"):
        st.table(
            {
                "layer": names,
                "numbers": list(it.training.layers.values()),
                "before": [f"{norm:.3g}" for norm in step.layer_norms_before],
                **{NAMES[s]: [f"{x:.3g}" for x in norms] for s, norms in clipped.items()},
            }
        )
    _landing(it.training, shown(kept[chosen], tuple(it.training.layers.values())))


def threshold_helper(it: Trainer, run: Run) -> None:
    """Offer the threshold that is a percentile of the norms seen so far."""
    norms = [step.norm_before for step in it.steps[run]]
    with st.popover("A threshold from these norms", key=HELPER, on_change="rerun"):
        st.markdown(
            "AutoClip (Seetharaman, Wichern, Pardo and Le Roux, 2020) clips by global norm, at a "
            "percentile of the norms seen so far; its authors found the 10th best."
        )
        if it.training.thresholds.matching is Matching.OUTPUT_LENGTH:
            st.caption("With thresholds matched by output length, there is one for every step.")
            return
        percentile = PERCENTILE.ask()
        by_norm, by_value = threshold_at(it.training, norms, percentile)
        if isnan(by_value):
            st.caption("No norm is finite, so there is no such threshold.")
            return
        text = write_number(float(f"{by_value:.3g}"))
        st.markdown(
            f"By global norm that is **{by_norm:.3g}**: of the {sum(map(isfinite, norms)):,} "
            f"finite norms of the run {NAMES[run]}, {percentile}% are below it, and "
            f"{100 - percentile}% would be clipped. It goes with a threshold by value of "
            f"**{text}**."
        )
        st.button(f"Set the threshold to {text}", on_click=_set, args=(text,))


def _set(threshold: str) -> None:
    inputs.set_inputs(**{"training_threshold": threshold, HELPER: False})
    st.toast(f"The threshold is set to {threshold}. Run again to train with it.")


def _wanted(it: Trainer, kept: Collection[Step]) -> int:
    """Ask for a step; offer the one with the longest gradient."""
    last = max(1, it.training.steps - 1)  # a slider needs two steps
    if st.session_state.get(STEP.key, 0) > last:  # from a training with more steps
        inputs.set_inputs(**{STEP.key: last})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = STEP.ask(last)
        finite = [step for step in kept if not step.stopped]
        if finite:
            longest = max(finite, key=lambda step: step.norm_before).step
            st.button(
                f"Longest gradient: step {longest}",
                on_click=inputs.set_inputs,
                kwargs={STEP.key: longest},
            )
    return wanted


def _nearest(kept: Collection[int], wanted: int) -> int:
    return min(kept, key=lambda step: abs(step - wanted))


def _which(steps: int, kept: int) -> str:
    if kept == steps:
        return "All its gradients are kept."
    return f"Of its gradients {kept} are kept, the longest among them; the nearest is shown."


def _landing(training: Training, gradient: str) -> None:
    if not gradient:
        st.caption("This gradient is too large to be drawn.")
        return
    count = min(MOST_NUMBERS, sum(training.layers.values()))
    query = {
        "gradient": gradient,
        "threshold": write_number(training.thresholds.by_value),
        "rule": training.thresholds.rule.value,
        "matching": training.thresholds.matching.value,
    }
    # In a tab of its own, so that this page stays as it is.
    st.link_button("Open this gradient on the first page, in a new tab", f"./?{urlencode(query)}")
    st.caption(
        f"There you see its {count} largest numbers alone, at the same threshold by value, and the "
        "other thresholds matched anew: angles and lengths are theirs, not those above."
    )

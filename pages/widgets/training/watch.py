"""What is seen of a training while it runs: its buttons, how far it is, its plots.

All of it looks at the one training of this session, and that makes this file long.
"""

from functools import partial

import streamlit as st

from core.looks import NAMES
from core.runs import RUNS, Run
from core.strategies import Strategy
from core.training.figures import steps as figures
from core.training.figures.layers import LayerMapShows, layer_map
from core.training.figures.tasks import picture
from core.training.report import summary
from core.training.training import Training
from pages.widgets.inputs import Choice
from pages.widgets.plot import plot
from pages.widgets.training import report
from pages.widgets.training.places import Places
from pages.widgets.training.settings import words
from pages.widgets.training.trainer import LOOK, Trainer

KEY = "trainer"
RUN: Choice[Run] = Choice("training_run", "Gradients of the run", RUNS, Strategy.VALUE)
MAP = Choice("training_map", "Colors of the map", LayerMapShows, LayerMapShows.NORM)


@st.cache_resource
def places() -> Places:
    """Return the places of this server, which all sessions share."""
    return Places()


def present() -> Trainer | None:
    """Return what this session trains or has trained."""
    return st.session_state.get(KEY)


def former(training: Training, runs: tuple[Run, ...]) -> str:
    """Say it when what is shown was trained with other settings than these."""
    it = present()
    if not it or it.training.task != training.task or _same(it, training, runs):
        return ""
    return (
        f"Shown are the runs of the former settings: {words(it.training)} "
        "Run trains with the new ones."
    )


def buttons(training: Training, runs: tuple[Run, ...]) -> None:
    """Offer to run, to stop, and to continue."""
    it = present()
    same = it is not None and _same(it, training, runs)
    if it and not same:
        _stop()  # what is shown belongs to other settings
    go = partial(st.button, type="primary", key="go")  # one button, so it keeps the focus
    if it and it.present():
        go("Stop", on_click=_stop)
    elif it and same and not it.done:
        go("Continue", on_click=it.resume)
        st.button("Start over", on_click=_start, args=(training, runs))
    else:
        again = "Run again" if same else "Run"
        go(again, on_click=_start, args=(training, runs), disabled=not runs)
        if not runs:
            st.caption("Choose at least one run.")


def watch(training: Training) -> None:
    """Show how far it is and what has become of the runs; meanwhile, train on.

    Until there is something of this task, show what is learned from.
    """
    it = present()
    # One fragment for both, so that the picture of the task stays where it is when training begins.
    st.fragment(_watch, run_every=LOOK if it and it.going else None)(training)


def look(it: Trainer, run: Run, shows: LayerMapShows) -> None:
    """Show the gradients of one run over its steps; ``shows`` is what the map's colors tell."""
    st.fragment(_look, run_every=2 * LOOK if it.going else None)(run, shows)


def _watch(training: Training) -> None:
    it = present()
    if not it or it.training.task != training.task:
        st.empty()  # where how far it is will be
        _preview(training)
        return
    st.progress(it.share, _progress(it))
    if not it.taken:
        _preview(training)
    else:
        # Copies: another look may be training meanwhile.
        shown = {run: list(steps) for run, steps in it.steps.items() if steps}
        rows = [summary(it.training, run, steps) for run, steps in shown.items()]
        said = report.verdict(it.training, rows)
        alt = "The loss of every run, step by step, and how it does on unseen examples."
        plot(figures.losses(it.training, shown, NAMES), key="losses", alt=f"{alt} {said}")
        st.markdown("  \n".join([said, *report.outcomes(rows)]))
        report.table(it.training, rows)
        said = " ".join(report.outcomes(rows)).replace("*", "")
        alt = "For every run the norm of the gradient, step by step, before and after clipping."
        plot(figures.norms(it.training, shown, NAMES), key="norms", alt=f"{alt} {said}")
    if not it.going:
        return
    if it.present():
        it.waiting = places().take(it.who)
        it.pause() if it.waiting else it.advance()
    if not it.going:
        places().leave(it.who)
        st.rerun()  # the buttons change, and nobody has to look any more


def _preview(training: Training) -> None:
    """Show what is learned from."""
    it = picture(training.task)
    st.markdown(it.words)
    plot(it.figure, key="task_picture", alt=it.words, cells=it.cells)


def _look(run: Run, shows: LayerMapShows) -> None:
    it = present()
    steps = list(it.steps.get(run, ())) if it else []
    if not it or not steps:
        return
    name = NAMES[run]
    st.caption(f"What each strategy would do to the very gradients of the run **{name}**:")
    alt = f"What each strategy would do to the gradients of the run {name}: angle, length lost."
    plot(figures.effects(it.training, steps, NAMES), key="effects", alt=alt)
    alt = f"A map of the {shows} of every layer (up) at every step (across), of the run {name}."
    plot(layer_map(it.training, steps, shows), key="layer_map", alt=alt, cells=True)


def looked_at(it: Trainer) -> tuple[Run, LayerMapShows]:
    """Ask for the run whose gradients are looked at, and for what the map shows."""
    left, right = st.columns(2)
    with left:
        run = RUN.ask()
    with right:
        shows = MAP.ask()
    if run in it.steps:
        return run, shows
    other = next(iter(it.steps))
    st.caption(f"The run {NAMES[run]} was not trained. Shown is the run {NAMES[other]}.")
    return other, shows


def _same(it: Trainer, training: Training, runs: tuple[Run, ...]) -> bool:
    return (it.training, tuple(it.steps)) == (training, runs)


def _start(training: Training, runs: tuple[Run, ...]) -> None:
    _stop()
    st.session_state[KEY] = Trainer(training, runs)


def _stop() -> None:
    it = present()
    if it:
        it.going = False
        places().leave(it.who)


def _progress(it: Trainer) -> str:
    runs = _count(len(it.steps), "run")
    step, steps = max(map(len, it.steps.values())), f"{it.training.steps:,}"
    if it.going and it.waiting:
        return (
            "Busy: other readers are training. Yours goes on by itself, within about "
            f"{places().wait(it.waiting):.0f} seconds."
        )
    if not it.taken:
        return "Starting PyTorch, if it is not yet running …" if it.going else "Nothing is trained."
    if it.done:
        return f"{runs} of {steps} steps in {_count(max(1, round(it.seconds)), 'second')}"
    if not it.going:
        return f"Stopped after {step:,} of {steps} steps"
    left = _count(max(1, round(it.remaining)), "second")
    return f"Step {step:,} of {steps}, {runs}; about {left} left"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s'[: number > 1]}"

"""What is seen of a training: its buttons, its plots, its numbers, and a look at one gradient."""

from collections.abc import Sequence
from math import isfinite, isnan

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.experiment import Run
from core.figures import training as figures
from core.figures.layers import Shows, layer_map
from core.figures.tasks import picture
from core.notation import write_degrees, write_share
from core.tasks import ACCURACY, TASKS, baseline
from core.trained import DEFINITIONS, LAST, Summary, best, csv, summary
from core.training import Training
from pages.widgets import inputs
from pages.widgets.descent import RUN_NAMES
from pages.widgets.plot import plot
from pages.widgets.trainer import LOOK, TURN, Places, Trainer

KEY = "trainer"
ROWS = 12  # of the table of steps


@st.cache_resource
def places() -> Places:
    """Return the places of this server, which all sessions share."""
    return Places()


def present() -> Trainer | None:
    """Return what this session trains or has trained."""
    return st.session_state.get(KEY)


def buttons(training: Training, runs: tuple[Run, ...]) -> None:
    """Offer to run, to stop, and to continue."""
    it = present()
    same = it is not None and (it.training, tuple(it.steps)) == (training, runs)
    if it and not same:
        _stop()  # what is shown belongs to other settings
    if it and it.present():
        st.button("Stop", on_click=_stop, type="primary")
    elif it and same and not it.done:
        st.button("Continue", on_click=it.resume, type="primary")
        st.button("Start over", on_click=_start, args=(training, runs))
    else:
        again = "Run again" if same else "Run"
        start = {"on_click": _start, "args": (training, runs), "disabled": not runs}
        st.button(again, type="primary", **start)
        if not runs:
            st.caption("Choose at least one run.")
    if it and not same:
        st.caption("Shown are the runs of the former settings.")


def preview(training: Training) -> None:
    """Show what is learned from, until there is more to see."""
    figure, words = picture(training.task)
    st.markdown(words)
    plot(figure, key="task_picture", alt=words)


def watch(it: Trainer) -> None:
    """Show how far it is and what has become of the runs; meanwhile, train on."""
    st.fragment(_watch, run_every=LOOK if it.going else None)()


def look(it: Trainer, run: Run, shows: Shows) -> None:
    """Show the gradients of one run over its steps; ``shows`` is what the map's colors tell."""
    st.fragment(_look, run_every=2 * LOOK if it.going else None)(run, shows)


def _watch() -> None:
    it = present()
    if it is None:
        return
    st.progress(it.share, _progress(it))
    if it.taken:
        shown = {run: steps for run, steps in it.steps.items() if steps}
        rows = [summary(it.training, run, steps) for run, steps in shown.items()]
        said = _verdict(it.training, rows)
        alt = "The loss of every run, step by step, and how it does on unseen examples."
        plot(figures.losses(it.training, shown, RUN_NAMES), key="losses", alt=f"{alt} {said}")
        st.markdown("  \n".join([said, *_outcomes(rows)]))
        st.table(
            {
                "run": [RUN_NAMES[row.run] for row in rows],
                "final loss": [_number(row.loss) for row in rows],
                TASKS[it.training.task].metric: [_metric(it.training, row.metric) for row in rows],
                "turned by": [write_degrees(row.angle) for row in rows],
                "length lost": [write_share(row.magnitude_loss) for row in rows],
            }
        )
        said = " ".join(_outcomes(rows)).replace("*", "")
        alt = "For every run the norm of the gradient, step by step, before and after clipping."
        plot(figures.norms(it.training, shown, RUN_NAMES), key="norms", alt=f"{alt} {said}")
    if not it.going:
        return
    if it.present():
        it.waiting = places().take(it.who)
        it.pause() if it.waiting else it.advance()
    if not it.going:
        places().leave(it.who)
        st.rerun()  # the buttons change, and nobody has to look any more


def _look(run: Run, shows: Shows) -> None:
    it = present()
    steps = it.steps.get(run) if it else None
    if not it or not steps:
        return
    name = RUN_NAMES[run]
    st.caption(f"What each strategy would do to the very gradients of the run **{name}**:")
    alt = f"What each strategy would do to the gradients of the run {name}: angle, length lost."
    plot(figures.effects(it.training, steps, RUN_NAMES), key="effects", alt=alt)
    alt = f"A map of the {shows} of every layer (up) at every step (across), of the run {name}."
    plot(layer_map(it.training, steps, shows), key="layer_map", alt=alt)


def numbers(it: Trainer, run: Run) -> None:
    """Show what the plots show as a table, and offer all of it as CSV."""
    with st.expander("The plots in numbers"):
        shown = {one: steps for one, steps in it.steps.items() if steps}
        steps = shown[run]
        some = steps[:: max(1, len(steps) // ROWS)]
        some = some if some[-1] is steps[-1] else [*some, steps[-1]]
        st.table(
            {
                "step": [step.step for step in some],
                **{
                    f"loss {RUN_NAMES[one]}": [
                        _number(its[step.step].loss) if step.step < len(its) else "–"
                        for step in some
                    ]
                    for one, its in shown.items()
                },
                "norm before": [_number(step.norm_before) for step in some],
                "after": [_number(step.norm_after) for step in some],
                "turned by value": [write_degrees(step.angles[0]) for step in some],
                "per layer": [write_degrees(step.angles[1]) for step in some],
            }
        )
        st.caption(f"Norms and angles are those of the run {RUN_NAMES[run]}.")
        name = "clipscope-training.csv"
        file = "All steps as CSV"
        st.download_button(file, lambda: csv(shown), name, "text/csv", on_click="ignore")
    with st.expander("What the words mean"):
        st.markdown(DEFINITIONS)
        st.markdown(
            f"The final loss is the median of the last {LAST} batches; *turned by* and *length "
            "lost* are medians over all steps, of what the run's own strategy did to its "
            "gradients. *Longest possible* is the threshold times the square root of the number of "
            "blocks: no clipped gradient is longer. By global norm there is one block, so it is "
            "the threshold itself. *Always the same answer* is how well one does without learning."
        )


def looked_at(notices: DeltaGenerator, it: Trainer) -> tuple[Run, Shows]:
    """Ask for the run whose gradients are looked at, and for what the map shows."""
    left, right = st.columns(2)
    with left:
        label = "Gradients of the run"
        run = inputs.choice(notices, "training_run", label, Run, Run.VALUE)
    with right:
        shows = inputs.choice(notices, "training_map", "Colors of the map", Shows, Shows.NORM)
    if run in it.steps:
        return run, shows
    other = next(iter(it.steps))
    st.caption(f"The run {RUN_NAMES[run]} was not trained. Shown is the run {RUN_NAMES[other]}.")
    return other, shows


def _start(training: Training, runs: tuple[Run, ...]) -> None:
    _stop()
    st.session_state[KEY] = Trainer(training, runs)


def _stop() -> None:
    it = present()
    if it:
        it.going = False
        places().leave(it.who)


def _progress(it: Trainer) -> str:
    steps = f"{it.taken:,} steps of {len(it.steps)} run{'s'[: len(it.steps) > 1]}"
    if it.waiting:
        return (
            "Busy: other readers are training. Yours goes on by itself, within "
            f"{it.waiting * TURN:.0f} seconds."
        )
    if not it.taken:
        return "Starting PyTorch, if it is not yet running …" if it.going else "Nothing is trained."
    if it.done:
        return f"{steps} in {it.seconds:.0f} seconds"
    if not it.going:
        return f"Stopped after {steps}"
    left = max(1, round(it.remaining))
    return f"{steps}, about {left} second{'s'[: left > 1]} left"


def _verdict(training: Training, rows: Sequence[Summary]) -> str:
    """Say which runs do best on unseen examples."""
    task, winners = TASKS[training.task], best(training, rows)
    kind = f"{'Highest' if task.metric == ACCURACY else 'Lowest'} {task.metric} on unseen examples"
    if not winners:
        return f"{kind}: not known, as it is not finite."
    reached = next(row.metric for row in rows if row.run is winners[0])
    names = ", ".join(RUN_NAMES[run] for run in winners)
    who = "all runs alike" if 1 < len(winners) == len(rows) else names
    always = _metric(training, baseline(task))
    return f"{kind}: {_metric(training, reached)}, {who}. Always the same answer: {always}."


def _outcomes(rows: Sequence[Summary]) -> list[str]:
    """Say what clipping did to every run; runs of which the same is said together."""
    alike: dict[str, list[str]] = {}
    for row in rows:
        alike.setdefault(row.words, []).append(RUN_NAMES[row.run])
    return [f"**{', '.join(names)}**: {words}." for words, names in alike.items()]


def _metric(training: Training, metric: float) -> str:
    rate = TASKS[training.task].metric == ACCURACY
    return write_share(metric) if rate else _number(metric)


def _number(number: float) -> str:
    return "–" if isnan(number) or not isfinite(number) else f"{number:.3g}"

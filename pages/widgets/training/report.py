"""What became of the runs of a training, in words and numbers."""

from collections.abc import Sequence
from math import isfinite

import streamlit as st

from core.looks import NAMES
from core.notation import write_degrees, write_share
from core.runs import Run
from core.strategies import Partition, Strategy
from core.training.report import DEFINITIONS, LAST, Summary, best, csv
from core.training.tasks import ACCURACY, TASKS, baseline
from core.training.training import Training
from pages.widgets.training.trainer import Trainer

ROWS = 12  # of the table of steps


def verdict(training: Training, rows: Sequence[Summary]) -> str:
    """Say which runs do best on unseen examples."""
    task, winners = TASKS[training.task], best(training, rows)
    superlative = "Highest" if task.metric == ACCURACY else "Lowest"
    kind = f"{superlative} {task.metric} on unseen examples, with this seed"
    if not winners:
        return f"{kind}: not known, as it is not finite."
    reached = next(row.metric for row in rows if row.run is winners[0])
    names = ", ".join(NAMES[run] for run in winners)
    who = "all runs alike" if 1 < len(winners) == len(rows) else names
    always = _metric(training, baseline(task))
    return f"{kind}: {_metric(training, reached)}, {who}. A constant answer reaches {always}."


def outcomes(rows: Sequence[Summary]) -> list[str]:
    """Say what clipping did to every run; runs of which the same is said together."""
    alike: dict[str, list[str]] = {}
    for row in rows:
        alike.setdefault(row.words, []).append(NAMES[row.run])
    return [f"**{', '.join(names)}**: {words}." for words, names in alike.items()]


def table(training: Training, rows: Sequence[Summary]) -> None:
    """Show the numbers of every run."""
    st.table(
        {
            "run": [NAMES[row.run] for row in rows],
            f"loss, median of the last {min(LAST, training.steps)}": [
                _number(row.loss) for row in rows
            ],
            TASKS[training.task].metric: [_metric(training, row.metric) for row in rows],
            "turned by": [write_degrees(row.angle) for row in rows],
            "length lost": [write_share(row.magnitude_loss) for row in rows],
        }
    )


def numbers(it: Trainer, run: Run) -> None:
    """Show what the plots show as a table, and offer all of it as CSV."""
    st.header("In numbers", anchor=False)
    with st.expander("The plots in numbers"):
        shown = {one: steps for one, steps in it.steps.items() if steps}
        steps = shown[run]
        some = steps[:: max(1, len(steps) // ROWS)]
        some = some if some[-1] is steps[-1] else [*some, steps[-1]]
        st.table(
            {
                "step": [step.step for step in some],
                **{
                    f"loss {NAMES[one]}": [
                        _number(its[step.step].loss) if step.step < len(its) else "–"
                        for step in some
                    ]
                    for one, its in shown.items()
                },
                "norm before": [_number(step.norm_before) for step in some],
                "after": [_number(step.norm_after) for step in some],
                **{
                    f"turned {NAMES[strategy]}": [
                        write_degrees(step.angles[strategy]) for step in some
                    ]
                    for strategy in Strategy
                    if strategy.partition_by is not Partition.WHOLE
                },
            }
        )
        st.caption(f"Norms and angles are those of the run {NAMES[run]}.")
        name = "clipscope-training.csv"
        file = "All steps as CSV"
        st.download_button(file, lambda: csv(shown), name, "text/csv", on_click="ignore")
    with st.expander("What the words mean"):
        st.markdown(DEFINITIONS)
        st.markdown(
            f"The loss told is the median of the last {LAST} batches, or of all if there are "
            "fewer; *turned by* and *length lost* are medians over all steps, of what the run's "
            "own strategy did to its gradients. No clipped gradient is longer than the "
            "*threshold times the square root of the number of blocks*; by global norm there is "
            "one block, so that is the threshold itself. The *constant answer* is the best that "
            "one answer to all unseen examples could do."
        )


def _metric(training: Training, metric: float) -> str:
    rate = TASKS[training.task].metric == ACCURACY
    return write_share(metric) if rate else _number(metric)


def _number(number: float) -> str:
    return f"{number:.3g}" if isfinite(number) else "–"

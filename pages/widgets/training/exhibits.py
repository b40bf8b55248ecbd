"""Ready-made trainings, and what each shows."""

from core.training.exhibits import EXHIBITS
from core.training.training import Training
from pages.widgets.controls import RULE
from pages.widgets.inputs import defaults
from pages.widgets.menu import offer
from pages.widgets.training import settings

DECIDES = (  # the training, besides its task and what goes wrong
    settings.THRESHOLD,
    settings.OPTIMIZER,
    settings.RATE,
    settings.STEPS,
    RULE,
    settings.MATCHING,
    settings.LAYERING,
    settings.BATCH,
    settings.SEED,
    settings.RUNS_TRAINED,
)


def exhibits() -> None:
    """Offer the exhibits; choosing one sets every input that decides the training."""
    usual = defaults(DECIDES)
    offer(
        {
            label: (e.shows, usual | {"task": e.task, "fault": e.fault})
            for label, e in EXHIBITS.items()
        }
    )


def shows(it: Training) -> str:
    """Say what this exhibit shows; nothing if it is none."""
    return "".join(
        f"**{label}.** {e.shows} {e.otherwise} With other seeds the numbers differ."
        for label, e in EXHIBITS.items()
        if it == e.under(it.thresholds.matching)
    )

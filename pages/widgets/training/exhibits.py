"""Ready-made trainings, and what each shows."""

from core.training.exhibits import EXHIBITS
from core.training.training import Training
from pages.widgets import controls
from pages.widgets.menu import offer

DECIDES = (  # the training, besides its task and what goes wrong
    "training_threshold",
    "optimizer",
    "training_rate",
    "training_steps",
    "rule",
    "training_matching",
    "layering",
    "batch",
    "training_seed",
    "training_runs",
)


def exhibits() -> None:
    """Offer the exhibits; choosing one sets every input that decides the training."""
    usual = {key: controls.DEFAULTS[key] for key in DECIDES}
    offer(
        {
            label: (e.shows, usual | {"task": e.task, "fault": e.fault})
            for label, e in EXHIBITS.items()
        }
    )


def shows(it: Training) -> str:
    """Say what this exhibit shows; nothing if it is none."""
    return "".join(
        f"**{label}.** {e.shows} With other seeds the numbers differ."
        for label, e in EXHIBITS.items()
        if it == e.training
    )

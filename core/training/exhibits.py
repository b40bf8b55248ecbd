"""Ready-made trainings: what each shows, and the numbers that it must reproduce."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.runs import NONE, Run
from core.strategies import Strategy
from core.training.faults import Fault
from core.training.training import Training, default

Range = tuple[float, float]


@dataclass(frozen=True)
class TrainingExhibit:
    """A training worth looking at."""

    shows: str  # one or two sentences
    task: str
    fault: Fault
    metrics: Mapping[Run, Range]  # at the end, on unseen examples
    clipped: Mapping[Run, Range]  # the share of the steps

    @property
    def training(self) -> Training:
        """The training that suits the task, with what goes wrong."""
        return replace(default(self.task), fault=self.fault)


HIGH, CHANCE = (0.85, 1.0), (0.0, 0.2)
SELDOM, ALWAYS = (0.0, 0.05), (0.95, 1.0)
EXHIBITS = {
    "Exploding gradients": TrainingExhibit(
        "The longest gradient is over a thousand times as long as the median one. Per layer and by "
        "global norm, the error falls below 0.1; without clipping it does not get below that of a "
        "constant answer.",
        "adding problem",
        Fault.NONE,
        {NONE: (0.15, 0.5), Strategy.LAYER: (0.0, 0.075), Strategy.GLOBAL: (0.0, 0.075)},
        {Strategy.VALUE: ALWAYS, Strategy.LAYER: ALWAYS, Strategy.GLOBAL: ALWAYS},
    ),
    "One poisoned batch": TrainingExhibit(
        "A safety net: per layer and by global norm, at most 5% of the steps are clipped, and the "
        "batch leaves no trace. Without clipping, the accuracy is lost and does not come back to "
        "85%.",
        "digits",
        Fault.BATCH,
        {NONE: (0.0, 0.85), Strategy.VALUE: HIGH, Strategy.LAYER: HIGH, Strategy.GLOBAL: HIGH},
        {Strategy.VALUE: ALWAYS, Strategy.LAYER: SELDOM, Strategy.GLOBAL: SELDOM},
    ),
    "Too high a learning rate": TrainingExhibit(
        "A step-size limiter: only by value is every step shortened, and only by value is "
        "something learned. The other runs throw their weights so far at once that no gradient is "
        "left to clip.",
        "digits",
        Fault.RATE,
        {NONE: CHANCE, Strategy.VALUE: HIGH, Strategy.LAYER: CHANCE, Strategy.GLOBAL: CHANCE},
        {Strategy.VALUE: ALWAYS, Strategy.LAYER: SELDOM, Strategy.GLOBAL: SELDOM},
    ),
    "Clipping under Adam": TrainingExhibit(
        "Adam divides by the size of the gradients, so it matters little that the strategies "
        "shorten a third to all of the steps: every run ends above 85%.",
        "modular addition",
        Fault.NONE,
        {NONE: HIGH, Strategy.VALUE: HIGH, Strategy.LAYER: HIGH, Strategy.GLOBAL: HIGH},
        {Strategy.VALUE: ALWAYS, Strategy.LAYER: (0.2, 0.8), Strategy.GLOBAL: (0.2, 0.8)},
    ),
}

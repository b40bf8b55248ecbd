"""Ready-made trainings: what each shows, and the numbers that it must reproduce.

What the thresholds have in common decides much of it, so each says what becomes of it under every
matching.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.matching import Matching
from core.runs import RUNS, Run
from core.strategies import Strategy
from core.training.faults import Fault
from core.training.training import Training, default

Range: TypeAlias = tuple[float, float]
Ranges: TypeAlias = Mapping[Run, Range]


@dataclass(frozen=True)
class TrainingExhibit:
    """A training worth looking at."""

    shows: str  # one or two sentences
    otherwise: str  # the same under the other matchings
    task: str
    fault: Fault
    metrics: Mapping[Matching, Ranges]  # at the end, on unseen examples
    clipped: Mapping[Matching, Ranges]  # the share of the steps

    @property
    def training(self) -> Training:
        """The training that suits the task, with what goes wrong."""
        return replace(default(self.task), fault=self.fault)

    def under(self, matching: Matching) -> Training:
        """The same with thresholds that are matched like this."""
        usual = self.training
        return replace(usual, thresholds=replace(usual.thresholds, matching=matching))


def _ends(norms: Range, **others: Range) -> dict[Run, Range]:
    """Say it of the runs per layer and by global norm, and of others by their names."""
    found: dict[Run, Range] = {Strategy.LAYER: norms, Strategy.GLOBAL: norms}
    return found | {run: others[run] for run in RUNS if run in others}


def _under(worst: Ranges, others: Ranges) -> dict[Matching, Ranges]:
    return {WORST: worst, OUTPUT: others, NUMBER: others}


HIGH, CHANCE = (0.85, 1.0), (0.0, 0.2)
SELDOM, SOMETIMES, OFTEN, ALWAYS = (0.0, 0.05), (0.2, 0.8), (0.5, 1.0), (0.95, 1.0)
SMALL = (0.0, 0.075)
# The run by value, and that without clipping, know no matching.
WORST, NUMBER, OUTPUT = Matching.WORST_LENGTH, Matching.NUMBER, Matching.OUTPUT_LENGTH
EXHIBITS = {
    "Exploding gradients": TrainingExhibit(
        "The longest gradient is over a thousand times as long as the median one. Per layer and by "
        "global norm, the error falls below 0.1; without clipping it does not get below that of a "
        "constant answer.",
        f"That holds with thresholds of the {WORST}, the default, of the {OUTPUT} and of the "
        f"{NUMBER}.",
        "adding problem",
        Fault.NONE,
        _under(_ends(SMALL, none=(0.17, 0.5)), _ends(SMALL)),
        _under(_ends(ALWAYS, value=ALWAYS), _ends(ALWAYS)),
    ),
    "One poisoned batch": TrainingExhibit(
        "A safety net: per layer and by global norm, at most 5% of the steps are clipped, and the "
        "batch leaves no trace. Without clipping, the accuracy falls, and does not come back to "
        "85%.",
        f"That is so with thresholds of the {WORST}, the default. With the {OUTPUT} as by value, "
        "which is no net, every step is clipped, and the accuracy is above 85% as well; with the "
        f"{NUMBER}, which is low for a norm, most steps lose over nine tenths of their length, and "
        "the accuracy stays below 75%.",
        "digits",
        Fault.BATCH,
        {
            WORST: _ends(HIGH, none=(0.2, 0.85), value=HIGH),
            OUTPUT: _ends(HIGH),
            NUMBER: _ends((0.4, 0.75)),
        },
        _under(_ends(SELDOM, value=ALWAYS), _ends(ALWAYS)),
    ),
    "Too high a learning rate": TrainingExhibit(
        "A step-size limiter learns where a high threshold does not: by value every step is "
        "shortened, and the accuracy is above 85%. Per layer and by global norm, the first steps "
        "throw the weights so far that no gradient is left to clip, and nothing is learned.",
        f"That is so with thresholds of the {WORST}, the default. With the {OUTPUT} or the "
        f"{NUMBER}, these two shorten most steps as well, and their accuracy is above 85%, too: it "
        "is the threshold that decides, not the strategy.",
        "digits",
        Fault.RATE,
        _under(_ends(CHANCE, none=CHANCE, value=HIGH), _ends(HIGH)),
        _under(_ends(SELDOM, value=ALWAYS), _ends(OFTEN)),
    ),
    "Clipping under Adam": TrainingExhibit(
        "Adam divides by the size of the gradients, so it costs little that the strategies shorten "
        "a third to all of the steps: every run ends above 85%.",
        f"That is so with thresholds of the {WORST}, the default. With the {OUTPUT} or the "
        f"{NUMBER}, per layer and by global norm shorten every step, and end at 70% to 90%.",
        "modular addition",
        Fault.NONE,
        _under(_ends(HIGH, none=HIGH, value=HIGH), _ends((0.7, 0.9))),
        _under(_ends(SOMETIMES, value=ALWAYS), _ends(ALWAYS)),
    ),
}

"""The decision aid: four questions, and one table that answers them."""

from dataclasses import dataclass
from enum import StrEnum

from core.answers import proofs
from core.answers.proofs import Proof
from core.runs import NONE
from core.strategies import Strategy


class Where(StrEnum):
    """What is large when a gradient is too long."""

    NUMBERS = "single numbers"
    LAYERS = "whole layers"
    ALL = "everything at once, or across the axes"
    NOTHING = "nothing stands out"


class Often(StrEnum):
    """How often clipping would act."""

    SELDOM = "now and then"
    MUCH = "in many steps"
    ALWAYS = "in every step"


class Optimizer(StrEnum):
    """What turns gradients into steps."""

    SGD = "SGD, with or without momentum"
    ADAM = "Adam or a relative"


class Diverges(StrEnum):
    """Whether anything goes wrong without clipping."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Advice:
    """Where the questions lead."""

    strategy: Strategy | None  # None: better not to clip
    why: str
    exhibit: str  # of the page on the path, that shows the mechanism; "" for two layers instead
    proof: Proof


ADVICE: dict[tuple[Where, Diverges], Advice] = {
    (Where.NUMBERS, Diverges.YES): Advice(
        Strategy.VALUE,
        "Single numbers go wild, each by itself. Clip by value cuts these and leaves all others "
        "their step; by norm, one of them would shorten all.",
        "Spikes in a coordinate",
        proofs.under("Spikes in a coordinate", Strategy.VALUE, Strategy.GLOBAL, NONE),
    ),
    (Where.NUMBERS, Diverges.NO): Advice(
        Strategy.VALUE,
        "Nothing diverges, but single outliers throw the run about. Clip by value takes most of "
        "that noise away and leaves all other numbers their step.",
        "Heavy-tailed noise",
        proofs.under("Heavy-tailed noise", Strategy.VALUE, Strategy.GLOBAL, NONE),
    ),
    (Where.LAYERS, Diverges.YES): Advice(
        Strategy.LAYER,
        "One layer explodes. Per layer, it alone is shortened, in its own direction; by global "
        "norm, all others would lose their step with it. By value comes close.",
        "",
        proofs.one_spiking_layer,
    ),
    (Where.LAYERS, Diverges.NO): Advice(
        Strategy.LAYER,
        "One layer is now and then far longer than the others. Per layer, it alone is shortened, "
        "in its own direction, and the others keep their step. By value comes close.",
        "",
        proofs.one_heavy_layer,
    ),
    (Where.ALL, Diverges.YES): Advice(
        Strategy.GLOBAL,
        "The whole gradient explodes, and its direction is all there is to go by: by global norm "
        "keeps it. By value would turn it, perhaps along the wall that it should lead away from.",
        "Recurrent cliff",
        proofs.on_the_cliff,
    ),
    (Where.ALL, Diverges.NO): Advice(
        Strategy.GLOBAL,
        "Whole gradients are too long, and no number is worse than the others. By global norm "
        "shortens them and turns nothing. By value is as good here, if no axis matters.",
        "Spikes in a whole batch",
        proofs.under("Spikes in a whole batch", Strategy.GLOBAL, Strategy.VALUE, NONE),
    ),
    (Where.NOTHING, Diverges.YES): Advice(
        None,
        "If no gradient stands out and it diverges nevertheless, the learning rate is too large. "
        "Clipping would turn that into a cycle around the minimum. Lower the learning rate first.",
        "Long bowl, too large a step",
        proofs.too_large_a_step,
    ),
    (Where.NOTHING, Diverges.NO): Advice(
        None,
        "There is nothing to cut: against noise without outliers the best threshold is one that "
        "never acts, so all losses are the same. Log the norm of the gradient, and ask again when "
        "it jumps.",
        "Noise without tails",
        proofs.under("Noise without tails", NONE, Strategy.GLOBAL, Strategy.VALUE),
    ),
}

RARELY = (
    "Set the threshold where one step in a hundred is above it: the 99th percentile of what you "
    "log (of the length that the strategy measures)."
)
THRESHOLD: dict[tuple[Often, Optimizer], str] = {  # how to find it
    (Often.SELDOM, Optimizer.SGD): f"{RARELY} It is a safety net.",
    (Often.MUCH, Optimizer.SGD): "Set the threshold between the median and the 90th percentile of "
    "what you log. It then limits the step as much as the learning rate does: tune both together.",
    (Often.ALWAYS, Optimizer.SGD): "What is above the threshold in every step is normalized: "
    "threshold times learning rate is the length of its step, and only their product counts. Let "
    "it fade towards the end, or the run cannot settle.",
    (Often.SELDOM, Optimizer.ADAM): f"{RARELY} Under Adam, a gradient that is far too long "
    "shortens the steps for long after it: that is what it saves you.",
    (Often.MUCH, Optimizer.ADAM): "Under Adam the learning rate alone sets the length of the step, "
    "and a threshold does not limit it. What acts is that the factor differs from step to step. "
    "Try a threshold that acts in one step of a hundred, and keep the low one if it is better.",
    (Often.ALWAYS, Optimizer.ADAM): "Under Adam a threshold that is exceeded in every step cancels "
    "itself: a hundred times larger or smaller changes nothing. What is left is that every "
    "gradient counts alike, long or short. Raise it until it acts now and then only.",
}

"""What is large in gradients, and which strategy that asks for."""

from dataclasses import dataclass

import numpy as np

from core.gradients.gradients import Gradients
from core.gradients.kinds import Kind, decide
from core.gradients.parts import Apart, Parts, take_apart
from core.gradients.reasons import cannot_tell, reasons
from core.gradients.recurrence import Recurrence
from core.gradients.why import why
from core.strategies import Strategy

# How often the kind was right on generated gradients, by the margin: see `Diagnosis.sure`.
MARGINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
RIGHT = (0.5, 0.6, 0.75, 0.85, 0.96, 0.99)


@dataclass(frozen=True)
class Exhibit:
    """What shows the mechanism elsewhere in this project."""

    page: str  # the slice: answers, descent or training
    name: str  # its key there


@dataclass(frozen=True)
class Diagnosis:
    """Where the large part of gradients lies, what follows from that, and how sure it is."""

    kind: Kind
    strategy: Strategy
    why: str  # in words
    sure: float  # share of generated gradients, decided by as small a margin, that were told right
    parts: Parts
    reasons: tuple[str, ...]  # the numbers that decide, a sentence each
    cannot_tell: tuple[str, ...]  # what the gradients leave open, a sentence each
    exhibit: Exhibit
    recurrence: Recurrence
    standing: tuple[str, ...]  # layers that stand out


def diagnose(gradients: Gradients) -> Diagnosis:
    """Say whether single coordinates, layers, the whole or nothing is large.

    What decides is the squared norm of the longest quarter of the steps, on which clipping acts
    first: the kind that holds the largest part of it, if that is large enough to matter. A layer is
    a tensor; see `core.gradients.grouped` for others. What no strategy depends on, such as the
    scale of the gradients, changes nothing.

    Raises ValueError where no step is finite and not all zero.
    """
    apart = take_apart(gradients)
    kind, margin = decide(apart.parts)
    out = np.asarray(apart.standing.any(axis=0))
    return Diagnosis(
        kind,
        kind.strategy,
        why(kind, gradients, apart),
        float(np.interp(margin, MARGINS, RIGHT)),
        apart.parts,
        reasons(gradients, apart),
        cannot_tell(kind, gradients, apart),
        _exhibit(kind, apart),
        apart.recurrence,
        tuple(name for name, it in zip(gradients.names, out, strict=True) if it),
    )


def _exhibit(kind: Kind, apart: Apart) -> Exhibit:
    match kind:
        case Kind.ISOLATED:
            # The tail falls from where entries begin to stand out; spikes stand apart.
            heavy = 2 * apart.told.near.sum() >= apart.told.counts.sum() > 0
            name = "Heavy-tailed noise" if heavy else "Spikes in a coordinate"
            return Exhibit("descent", name)
        case Kind.LAYERS:
            return Exhibit("answers", "layers")
        case Kind.OBLIQUE:
            return Exhibit("descent", "Recurrent cliff")
        case Kind.EVEN:
            return Exhibit("training", "One poisoned batch")

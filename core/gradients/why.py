"""Why gradients are of their kind, in words."""

import numpy as np

from core.clipping import clip
from core.geometry import magnitude_loss
from core.gradients.decoding import shown
from core.gradients.gradients import Gradients
from core.gradients.kinds import LARGE, Kind
from core.gradients.parts import GROWN, Apart
from core.gradients.reasons import NAMED, counted, times
from core.gradients.tails import tail_index
from core.notation import write_share
from core.strategies import Strategy

WORTH = 0.01  # share of the length that is worth a sentence
RECURS = 0.5  # share of the largest numbers, from which on they are no passing outliers
PARTS = {
    Kind.ISOLATED: "single numbers hold",
    Kind.LAYERS: "layers that stand out hold",
    Kind.OBLIQUE: "a dense direction or growth of the whole holds",
}


def why(kind: Kind, gradients: Gradients, apart: Apart) -> str:
    """Say in words what the large part is, and what the strategies do to it."""
    say = {
        Kind.ISOLATED: _isolated,
        Kind.LAYERS: _layers,
        Kind.OBLIQUE: _oblique,
        Kind.EVEN: _even,
    }
    return say[kind](gradients, apart) + _mixture(kind, apart)


def _isolated(gradients: Gradients, apart: Apart) -> str:
    told, single, step = apart.told, apart.single[0], gradients.values[apart.steps[0]]
    count, n = int(told.counts[0].sum() + single.sum()), len(step)
    said = (
        f"Single numbers are large: in the longest step, {count:,} of {n:,}; they hold "
        f"{write_share(apart.parts.isolated)} of the squared norm. By value cuts them and leaves "
        "the others alone; by global norm would shrink all numbers because of a few."
    )
    layer = int(np.argmax(told.spikes[0] * (told.largest[0] / told.largest[0].max()) ** 2))
    start = sum(gradients.layers[:layer])
    index = tail_index(step[start : start + gradients.layers[layer]])
    if told.counts[0, layer] and np.isfinite(index):
        said += (
            f" In {shown(gradients.names[layer])}, which holds the most of them, the tail index is "
            f"{index:.2g} (below 2, the variance would be infinite)."
        )
    others = np.where(single, 0, told.ceilings[0] * told.largest[0]).max()
    threshold = step.dtype.type(others)
    lost = 0.0
    if threshold > 0:
        lost = float(magnitude_loss(step, clip(step, Strategy.VALUE.blocks((n,)), threshold)))
    if lost >= WORTH:
        said += (
            f" At a threshold of {threshold:.3g}, by value takes {write_share(lost)} of the length "
            "of that step, all of it from numbers that stand out; to take as much, by global norm "
            "takes as large a share of every number."
        )
    if apart.recurrence.coordinates >= RECURS:
        said += (
            f" {write_share(apart.recurrence.coordinates)} of the largest numbers stand at the "
            "same places from step to step: if they are one direction across the axes, by value "
            "turns it, and a trial decides."
        )
    return said


def _layers(gradients: Gradients, apart: Apart) -> str:
    out = np.asarray(apart.standing.any(axis=0))
    sizes = np.array(gradients.layers)
    ratios = np.where(apart.standing, apart.ratios, 0).max(axis=0)
    held = (
        (apart.told.spikes + apart.told.rest) * (apart.told.largest / apart.told.largest.max()) ** 2
    )[:, out]
    order = np.flatnonzero(out)[np.argsort(-held.sum(axis=0), kind="stable")]
    listed = ", ".join(shown(gradients.names[i]) for i in order[:NAMED])
    more = f" and {len(order) - NAMED:,} more" if len(order) > NAMED else ""
    return (
        f"{counted(len(order), 'layer')} of {len(out):,} stand{'s' if len(order) == 1 else ''} "
        f"out: {listed}{more}. With {write_share(sizes[out].sum() / sizes.sum())} of the numbers, "
        f"what they hold beyond the usual is {write_share(apart.parts.layers)} of the squared "
        f"norm; their root mean square is up to {times(ratios.max())} the usual one. Per layer "
        "shortens them alone; by global norm would shrink all other layers with them."
    )


def _oblique(gradients: Gradients, apart: Apart) -> str:
    found, said = apart.recurrence, []
    if apart.growth > GROWN:
        said.append(
            f"Whole steps are large: the longest is {times(apart.growth)} as long as the median "
            "one."
        )
    if max(apart.dense, found.along) >= Kind.OBLIQUE.decisive:
        said.append(
            f"A dense direction is large: {write_share(apart.dense)} of what is left beside single "
            "numbers and layers lies along it, spread over many coordinates (of rank one in a "
            "matrix, or of equal signs)."
            if apart.dense >= found.along
            else "The same dense direction is large from step to step: the cosine between steps is "
            f"{found.cosine:.2f} (root mean square), by chance up to about {found.noise:.2f}."
        )
    return " ".join(
        (
            *said,
            "By global norm shortens it and turns nothing; by value and per layer have no large "
            "part to cut off alone.",
        )
    )


def _even(gradients: Gradients, apart: Apart) -> str:
    return (
        "Nothing stands out enough to decide: single numbers hold "
        f"{write_share(apart.parts.isolated)} of the squared norm, layers that stand out "
        f"{write_share(apart.parts.layers)}, a dense direction or growth of the whole "
        f"{write_share(apart.parts.oblique)}. No strategy has anything to cut but noise: keep a "
        "threshold as a safety net, by global norm, which turns nothing."
    )


def _mixture(kind: Kind, apart: Apart) -> str:
    """Name the second part where it is large as well."""
    others = [it for it in LARGE if it is not kind and it.share(apart.parts) >= it.decisive]
    if kind is Kind.EVEN or not others:
        return ""
    other = max(others, key=lambda it: it.share(apart.parts))
    return (
        f" It is a mixture: {PARTS[other]} {write_share(other.share(apart.parts))} of the squared "
        f"norm as well, which {other.strategy.label} would suit. The larger part decides."
    )

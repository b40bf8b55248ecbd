"""By which numbers a diagnosis of gradients decides, and what it cannot tell."""

import math

from core.gradients.concentration import SPIKE
from core.gradients.gradients import Gradients
from core.gradients.kinds import Kind
from core.gradients.parts import STANDING, Apart
from core.notation import write_share

NAMED = 3  # steps or layers, in a sentence


def reasons(gradients: Gradients, apart: Apart) -> tuple[str, ...]:
    """Return the numbers that decide, a sentence each."""
    parts, found = apart.parts, apart.recurrence
    n, count = gradients.values.shape[1], len(apart.steps)
    spikes = int(apart.told.counts[0].sum())
    standing = int(apart.standing[0].sum())
    several = not math.isnan(found.cosine)
    where = "the longest step" if several else "the step"
    of = f"in the {count:,} longest steps" if count > 1 else "in it"
    said = [
        f"In {where}, {spikes:,} of {n:,} numbers {_are(spikes)} more than {SPIKE:g} times as "
        f"large as is usual in their layers; single numbers hold {write_share(parts.isolated)} of "
        f"the squared norm {of}.",
        f"In {where}, {standing:,} of {len(gradients.names):,} layers {_are(standing)} more than "
        f"{STANDING:g} times the usual root mean square; beyond single numbers, such layers hold "
        f"{write_share(parts.layers)} of the squared norm {of}.",
        f"Of what is left, {write_share(apart.dense)} lies along a direction that one step shows: "
        "of rank one in a matrix, or of equal signs.",
    ]
    if several:
        said += [
            f"The longest step is {times(apart.growth)} as long as the median one.",
            f"From step to step, {write_share(found.coordinates)} of the largest numbers stand at "
            f"the same places; by chance it would be {write_share(found.chance)}.",
            "After cutting what stands out, the cosine between steps is "
            f"{found.cosine:.2f} (root mean square); by chance it would be up to about "
            f"{found.noise:.2f}.",
        ]
    return tuple(said)


def cannot_tell(kind: Kind, gradients: Gradients, apart: Apart) -> tuple[str, ...]:
    """Return what such gradients leave open, a sentence each."""
    said = []
    if math.isnan(apart.recurrence.cosine):
        said.append(
            "One step cannot tell whether the same is large again in others, nor whether it is "
            "longer than usual."
        )
        if kind is Kind.EVEN:
            said.append(
                "A dense direction without structure looks like noise in one step. By global norm "
                "suits both."
            )
    if len(gradients.names) == 1:
        said.append("With one layer, per layer is the same as by global norm.")
    if apart.skipped:
        many = len(apart.skipped)
        listed = ", ".join(str(step) for step in apart.skipped[:NAMED])
        more = f" and {many - NAMED:,} more" if many > NAMED else ""
        said.append(
            f"Left out, since they hold NaN or infinity: {_plural(many, 'step')} {listed}{more}. "
            "No strategy brings back a direction that is lost."
        )
    if apart.zero:
        said.append(f"Left out, since all numbers are 0: {counted(len(apart.zero), 'step')}.")
    return tuple(said)


def norms_cannot_tell() -> str:
    """Say what norms alone leave open."""
    return (
        "Norms alone tell when a step is long and how often a threshold would act. They cannot "
        "tell whether single numbers, a layer or a whole direction make it long, so they decide no "
        "strategy: bring gradients of a few long steps."
    )


def times(ratio: float) -> str:
    """Write how many times as large something is."""
    return f"{ratio:,.3g} times" if ratio < 1000 else f"{ratio:,.0f} times"


def counted(count: int, word: str) -> str:
    """Write so many of something."""
    return f"{count:,} {_plural(count, word)}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"

"""What whole gradients tell, beyond their norms: sections of the page and of the report."""

import numpy as np

from core.gradients.diagnosis import Diagnosis, Exhibit
from core.gradients.gradients import Gradients
from core.gradients.kinds import Kind
from core.gradients.layer_table import LayerTable
from core.gradients.reasons import counted
from core.gradients.sections import Column, Section
from core.notation import write_share

BOWL = (
    "descent?surface=round+bowl&learning_rate=0.05&threshold=0.5"
    "&runs=none&runs=value&runs=global&step=500&noise={}"
)
EXHIBITS = {  # the addresses of what shows a mechanism, by its page and name; a test compares them
    ("descent", "Heavy-tailed noise"): BOWL.format("heavy-tailed"),
    ("descent", "Spikes in a coordinate"): BOWL.format("coordinate+spikes"),
    ("descent", "Recurrent cliff"): "descent?surface=recurrent+cliff&learning_rate=0.5"
    "&threshold=0.14142135623730953&matching=same+worst+length"
    "&runs=none&runs=value&runs=global&steps=1000&step=1000",
    ("training", "One poisoned batch"): "training?task=digits&fault=one+poisoned+batch",
    ("answers", "layers"): "answers#layers",
}
TITLES = {
    Kind.ISOLATED: "The large entries are single numbers",
    Kind.LAYERS: "The large entries are confined to layers",
    Kind.OBLIQUE: "The large entries are everywhere",
    Kind.EVEN: "Nothing stands out",
}

three = "{:.3g}".format


def diagnosis_section(found: Diagnosis) -> Section:
    """Return where the large entries are, which strategy that asks for, and by which numbers."""
    sure = (
        "How sure it is: of gradients that were generated to test it, and decided by a margin like "
        f"this one, {found.sure:.0%} were told right."
    )
    return Section(
        f"{TITLES[found.kind]}: clip {found.strategy.label}",
        (found.why, sure),
        after=(*found.reasons, *found.cannot_tell),
    )


def way(exhibit: Exhibit) -> str:
    """Return the link to what shows the mechanism, as the page writes it."""
    address = EXHIBITS[exhibit.page, exhibit.name]
    named = "this answer" if exhibit.page == "answers" else f"“{exhibit.name}”"
    return f"What shows the mechanism, in a new tab: [{named}](./{address})"


def layers_section(table: LayerTable, step: int | None) -> Section:
    """Return what is large in which layer."""
    over = f"medians over {table.steps:,} steps" if step is None else f"at step {step}"
    if step is None and table.steps == 1:
        over = "at the one step"
    skipped = f" Left out, for numbers that are not finite: {len(table.skipped):,} steps."
    return Section(
        "The layers",
        (f"What is large in each layer, {over}.{skipped if table.skipped else ''}",),
        (
            Column("layer", table.names),
            Column("numbers", table.sizes.tolist(), "{:,}".format),
            Column("norm", table.norms.tolist(), three),
            Column("share of the whole", table.shares.tolist(), _share, is_share=True),
            Column("largest number", table.largest.tolist(), three),
            Column("largest over root mean square", table.peaks.tolist(), three),
            Column("tail index", table.tail_indices.tolist(), three),
            Column("not finite", table.not_finite.tolist(), "{:,}".format),
        ),
        after=(
            "The share is of the squared norm, and shares of medians need not add up to all. The "
            "largest number over the root mean square is 1 where all are as large, about 3 to 5 in "
            "Gaussian noise, and the root of the layer's size where one is all. The tail index "
            "(Hill's estimator) says how heavy the tails are, roughly where there are few numbers: "
            "near 2 and below it suggests an infinite variance; Gaussian noise gives about 5 for a "
            "hundred numbers, 9 for ten thousand.",
        ),
    )


def _share(share: float) -> str:
    return "–" if np.isnan(share) else write_share(share)


def read_section(it: Gradients) -> Section:
    """Return how gradients were read, and what is suspicious."""
    return Section(
        "How it was read",
        (
            f"Read as {it.format}: {counted(sum(it.layers), 'number')} in "
            f"{counted(len(it.names), 'tensor')}, at {counted(len(it.steps), 'step')}.",
            *it.warnings,
        ),
    )

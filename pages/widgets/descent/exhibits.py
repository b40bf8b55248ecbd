"""Ready-made descents, and what they must come to beside what they do come to."""

import streamlit as st

from core.descent.claims import write
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import OWN, Experiment
from core.notation import write_gradient, write_number
from core.work import Work
from pages.widgets.descent.settings import ONE_PLANE
from pages.widgets.menu import offer
from pages.widgets.waiting import remembered, whole


def exhibits() -> None:
    """Offer the exhibits; choosing one sets every input that decides the runs."""
    offer({label: (e.shows, inputs_of(e.experiment)) for label, e in EXHIBITS.items()})


def shows(it: Experiment) -> str:
    """Say what this exhibit shows; nothing if it is none."""
    return "".join(f"**{label}.** {e.shows}" for label, e in EXHIBITS.items() if it == e.experiment)


@st.fragment
def claims(it: Experiment) -> None:
    """If this is an exhibit, offer to measure what it claims."""
    for label, exhibit in EXHIBITS.items():
        offered = it == exhibit.experiment
        if offered and st.button("Measure", help="Compute what this exhibit claims."):
            measured = [_waited(label, which) for which in range(len(exhibit.claims))]
            st.table(
                {
                    "what": [claim.words for claim in exhibit.claims],
                    "expected": [claim.expected.words for claim in exhibit.claims],
                    "measured": [write(number) for number in measured],
                }
            )


def inputs_of(it: Experiment) -> dict[str, object]:
    """Return the values of the inputs that make this experiment."""
    where = it.landscape
    at_home = where.surface != OWN and it.start == it.surface.start
    values: dict[str, object] = {
        "surface": where.surface,
        "phi": int(where.degrees),
        "second": where.second or ONE_PLANE,
        "start": "" if at_home else write_gradient(it.start, it.surface.layers),
        "learning_rate": write_number(it.learning_rate),
        "threshold": write_number(it.thresholds.by_value),
        "rule": it.thresholds.rule,
        "matching": it.thresholds.matching,
        "descent_optimizer": it.optimizer,
        "runs": list(it.runs),
        "steps": it.steps,
        "step": it.steps,
        "noise": it.noise,
        "noise_scale": write_number(it.noise_scale),
        "noise_seed": it.seed,
    }
    return values | ({"formula": where.formula} if where.formula else {})


def _measure(label: str, which: int, work: Work) -> float:
    return EXHIBITS[label].claims[which].measure(work)


_measured = remembered(_measure)


def _waited(label: str, which: int) -> float:
    claim = EXHIBITS[label].claims[which]
    takes = f" (takes about {claim.seconds} seconds)" if claim.seconds else ""
    what = f"this measurement: {claim.words}{takes}"
    return whole(lambda work: _measured(label, which, work), 1, what)

"""The decision aid."""

import math

import streamlit as st

from core.answers.aid import ADVICE, Diverges, Often, Optimizer, Where, threshold_rule
from core.answers.references import GLOSSARY, REFERENCES
from core.clipping import Clipper
from core.descent.exhibits import EXHIBITS
from core.looks import NAMES
from core.vector.frameworks import pytorch
from pages.widgets.descent.exhibits import inputs_of
from pages.widgets.inputs import Choice, query

WHERE = Choice("aid_large", "What is large when a gradient is too long?", Where, Where.NUMBERS)
OFTEN = Choice("aid_often", "How often would clipping act?", Often, Often.SELDOM)
OPTIMIZER = Choice("aid_optimizer", "Which optimizer?", Optimizer, Optimizer.SGD)
DIVERGES = Choice("aid_diverges", "Does a run diverge without it?", Diverges, Diverges.NO)


def decide() -> None:
    """Ask the four questions, and say where they lead."""
    with st.container(horizontal=True, gap="medium"):
        where, often = WHERE.ask(), OFTEN.ask()
        optimizer, diverges = OPTIMIZER.ask(), DIVERGES.ask()
    advice = ADVICE[where, diverges]
    name = f"Clip {NAMES[advice.strategy]}." if advice.strategy else "Do not clip yet."
    st.markdown(f"**{name}** {advice.why}")
    if advice.strategy:
        st.markdown(threshold_rule(often, optimizer))
        st.code(pytorch(Clipper(advice.strategy, 1.0)), language="python")
        st.caption("With your threshold in place of 1, between backward and step.")
    st.table(
        {
            "what was done": list(found := _proof(where, diverges)),
            "loss": [
                "left the finite numbers" if math.isinf(x) else f"{x:.3g}" for x in found.values()
            ],
        }
    )
    address = f"./descent?{query(inputs_of(EXHIBITS[advice.exhibit].experiment))}"
    st.markdown(
        "An experiment that bears it out, computed here. The mechanism, in a new tab: "
        f"[“{advice.exhibit}”]({address})"
    )


@st.cache_data(show_spinner="Computing the experiment …")
def _proof(where: Where, diverges: Diverges) -> dict[str, float]:
    return dict(ADVICE[where, diverges].proof())


def glossary() -> None:
    """Say what the words mean."""
    st.markdown("\n".join(f"- **{word}**: {meaning}." for word, meaning in GLOSSARY.items()))


def references() -> None:
    """List the references."""
    entries = sorted(REFERENCES.values(), key=lambda it: (it.authors, it.year))
    st.markdown(
        "\n".join(f"- {e.authors} ({e.year}): [{e.title}]({e.link}). {e.venue}." for e in entries)
    )

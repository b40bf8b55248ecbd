"""The decision aid."""

import math

import streamlit as st

from core.answers.aid import ADVICE, THRESHOLD, Advice, Diverges, Often, Optimizer, Where
from core.answers.references import GLOSSARY, REFERENCES
from core.answers.turning import LAYERED
from core.clipping import Clipper
from core.descent.exhibits import EXHIBITS
from core.looks import NAMES
from core.pytorch import pytorch
from core.strategies import Strategy
from pages.widgets.descent.exhibits import inputs_of as descent_inputs
from pages.widgets.inputs import Choice, query
from pages.widgets.vector.settings import inputs_of as vector_inputs

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
        st.markdown(THRESHOLD[often, optimizer])
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
    label, address = mechanism(advice)
    st.markdown(
        "An experiment of that kind, computed here. The mechanism, in a new tab: "
        f"[{label}]({address})"
    )


def mechanism(advice: Advice) -> tuple[str, str]:
    """Return what shows the mechanism of an advice: what to call it, and its address."""
    if advice.exhibit:
        values = descent_inputs(EXHIBITS[advice.exhibit].experiment)
        return f"“{advice.exhibit}”", f"./descent?{query(values)}"
    values = vector_inputs(LAYERED, tuple(Strategy))
    return "a long layer beside a short one", f"./?{query(values)}"


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

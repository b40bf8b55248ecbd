"""What became of the gradient: formulas, lines of PyTorch, tables."""

import streamlit as st

from core.looks import NAMES
from core.notation import write_degrees, write_share
from core.pytorch import pytorch, refuses
from core.strategies import Strategy
from core.vector.comparison import Comparison
from core.vector.deviation import differs
from core.vector.formula import latex


def formulas(comparison: Comparison, shown: tuple[Strategy, ...]) -> None:
    """Show the formula in force with its numbers, and the lines of PyTorch that compute it."""
    if not shown:
        return
    st.subheader("The formula, and what to type")
    st.caption(
        "g is the gradient, u what is left of it, c the threshold. The lines of PyTorch go between "
        "loss.backward() and optimizer.step(); to them a layer is a tensor of parameters, so a "
        "weight and its bias are two."
    )
    for tab, strategy in zip(st.tabs([NAMES[s] for s in shown]), shown, strict=True):
        clipper = comparison.clipper(strategy)
        with tab:
            st.latex(latex(clipper, comparison.gradient, comparison.layers))
            st.code(pytorch(clipper), language=None)
            said = differs(clipper, comparison.gradient, comparison.layers)
            st.caption(" ".join(filter(None, [said, refuses(clipper)])))


def tables(comparison: Comparison, shown: tuple[Strategy, ...]) -> None:
    """Show what the picture shows as tables: coordinates, and what each strategy did."""
    readouts = {NAMES[s]: comparison.readout(s) for s in shown}
    with st.expander("The numbers as tables"):
        st.table(
            {
                "strategy": list(readouts),
                "threshold": [f"{r.clipper.threshold:.4g}" for r in readouts.values()],
                "angle": [write_degrees(r.angle) for r in readouts.values()],
                "length kept": [write_share(1 - r.magnitude_loss) for r in readouts.values()],
                "length lost": [write_share(r.magnitude_loss) for r in readouts.values()],
                "changed": [write_share(r.clipped_fraction) for r in readouts.values()],
                "signs kept": ["yes" if r.signs_kept else "no" for r in readouts.values()],
                "⟨g, u⟩": [f"{r.directional_descent:.4g}" for r in readouts.values()],
            }
        )
        numbers = range(1, len(comparison.gradient) + 1)
        layer_of = [i for i, size in enumerate(comparison.layers, 1) for _ in range(size)]
        st.table(
            {
                "number": list(numbers),
                "layer": layer_of,
                "gradient": [f"{x:.6g}" for x in comparison.gradient],
                **{name: [f"{x:.6g}" for x in r.after] for name, r in readouts.items()},
            }
        )

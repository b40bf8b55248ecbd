"""What became of the gradient: formulas, lines of PyTorch, tables."""

import streamlit as st

from core.looks import NAMES
from core.notation import write_degrees, write_gradient, write_number, write_share
from core.pytorch import pytorch, refuses
from core.strategies import Strategy
from core.vector.comparison import Comparison
from core.vector.deviation import differs
from core.vector.formula import latex
from pages.widgets.controls import RULE, STRATEGY, THRESHOLD
from pages.widgets.gradient import GRADIENT
from pages.widgets.inputs import query


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
            elsewhere = "In other frameworks, and what each really computes (in a new tab)"
            st.markdown(f"[{elsewhere}](./{_elsewhere(comparison, strategy)})")
    st.caption(
        "Three things that people get wrong: the norm that clip_grad_norm_ returns is the one "
        "before clipping; under mixed precision, clip after scaler.unscale_(optimizer), and with "
        "accumulation once per step; and max_norm=0 makes every gradient zero, where Lightning and "
        "Transformers take 0 for off."
    )


def _elsewhere(comparison: Comparison, strategy: Strategy) -> str:
    """Return the address of what to type elsewhere for this gradient and strategy."""
    values = {
        GRADIENT.key: write_gradient(comparison.gradient, comparison.layers),
        THRESHOLD.key: write_number(comparison.clipper(strategy).threshold),
        RULE.key: comparison.thresholds.rule,
        STRATEGY.key: strategy,
    }
    return f"frameworks?{query(values)}"


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

"""What needs no draws: the angle in all directions, and the worst case."""

from urllib.parse import urlencode

import streamlit as st

from core.bounds import (
    worst_angle,
    worst_angle_at,
    worst_gradient,
    worst_plane_angle,
    worst_plane_direction,
)
from core.clipping import Clipper
from core.dimensions.directions import csv, on_arc, on_circle
from core.dimensions.figures import directions as figures
from core.geometry import angle
from core.notation import write_degrees, write_gradient, write_number
from core.strategies import Strategy
from pages.widgets.inputs import Positive, WholeNumber
from pages.widgets.plot import plot

REACH = Positive("reach", "Length of the gradient, in thresholds", "10")
WORST_N = WholeNumber("worst_n", "Numbers", 2, 64, 10)
WORST_RATIO = Positive("worst_ratio", "Largest number, in thresholds", "10")


def directions() -> None:
    """Show the angle over all directions of two and of three numbers."""
    with st.columns([1, 2])[0]:
        reach = REACH.ask()
    most = write_degrees(worst_plane_angle(reach))
    left, right = st.columns(2)
    with left:
        st.markdown("**Two numbers**: how far clip by value turns, in every direction")
        plot(figures.circle(reach), key="circle", alt=f"By direction; the largest is {most}.")
    with right:
        st.markdown("**Three numbers**: the sphere of directions, seen from (1, 1, 1)")
        plot(
            figures.sphere(reach),
            key="sphere",
            alt="Angle on the sphere of directions: zero along the axes and the diagonals.",
            cells=True,
        )
    where = ""
    if reach > 1:
        where = f", {write_degrees(worst_plane_direction(reach))} from an axis"
    st.markdown(
        f"A gradient of two numbers that is {write_number(reach)} thresholds long turns by at most "
        f"**{most}**{where}. Along the axes and along the diagonals nothing turns. There is one "
        "layer here, so clipping per layer or by global norm never turns."
    )
    around, two = on_circle(reach, 72)
    down, three = on_arc(reach, 9)
    with st.expander("The pictures as tables"):
        left, right = st.columns(2)
        degrees = [write_degrees(x) for x in around[:10]]
        turned = [write_degrees(x) for x in two[:10]]
        left.table({"two numbers: direction from the x axis": degrees, "turned by": turned})
        degrees, turned = [write_degrees(x) for x in down], [write_degrees(x) for x in three]
        right.table({"three: from (1, 1, 1) toward the z axis": degrees, "turned by": turned})
        st.download_button(
            "Every degree as CSV",
            lambda: csv(reach),
            "clipscope-directions.csv",
            "text/csv",
            on_click="ignore",
        )


def worst_case() -> None:
    """Build the gradient that clip by value turns the most, and offer to open it."""
    left, right, _ = st.columns([1, 1, 2])
    with left:
        n = WORST_N.ask()
    with right:
        ratio = WORST_RATIO.ask()
    if ratio < 1:
        st.markdown("No number is larger than the threshold, so nothing is clipped.")
        return
    gradient = worst_gradient(n, ratio)
    turned = float(angle(gradient, Clipper(Strategy.VALUE, 1.0)(gradient, (n,))))
    st.markdown(
        f"Of all gradients of {n} numbers whose largest is {write_number(ratio)} thresholds, this "
        f"one turns the most: by **{write_degrees(turned)}**, and the bound is "
        f"{write_degrees(worst_angle_at(n, ratio))}. The larger the largest, the further, but none "
        f"of {n} numbers quite reaches {write_degrees(worst_angle(n))}."
    )
    st.code(write_gradient(gradient, (n,)), language=None, wrap_lines=True)
    # In a tab of its own: on the way back, Streamlit would forget what is set here.
    query = urlencode({"gradient": write_gradient(gradient, (n,))})
    st.link_button("Open it on the first page, in a new tab", f"./?{query}")

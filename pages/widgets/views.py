"""What there is to see of many random gradients: one view at a time."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import growth as spreads
from core.clipping import Array, Clipper, Strategy
from core.directions import csv, on_arc, on_circle
from core.distributions import Distribution
from core.figures import dimensions as figures
from core.geometry import angle
from core.growth import Spread
from core.limits import WITH_LIMIT, huber_efficiency, limit_angle, limit_magnitude_loss
from core.matching import Matching
from core.notation import write_degrees, write_gradient, write_number, write_share
from core.population import Basis, Measured, Population, measure, quartiles
from core.theory import (
    worst_angle,
    worst_angle_at,
    worst_gradient,
    worst_plane_angle,
    worst_plane_direction,
)
from core.work import Work
from pages.widgets import controls, inputs
from pages.widgets.browser import NAMES
from pages.widgets.dimensions import Drawn
from pages.widgets.plot import plot
from pages.widgets.waiting import whole

Shown = tuple[Strategy, ...]
DRAWS = 100  # of the curves against the threshold; more would not be seen
LOW, HIGH, TRIED = 0.01, 10.0, 49  # thresholds, in units
ROWS = 13  # of a table of a curve; the file has all


def histograms(drawn: Drawn, shown: Shown) -> None:
    """Show how often which angle and loss came up, with the limits and the worst case."""
    people, count = drawn.population, drawn.draws
    if not shown:
        st.caption("No strategy is shown. Choose one above.")
        return
    found = whole(
        lambda work: _measured(people, count, drawn.threshold, drawn.matching, work),
        count,
        f"{count:,} gradients",
    )
    worst = {
        s: worst_angle(len(s.blocks(people.layers))) for s in shown if s is not Strategy.GLOBAL
    }
    limits, losses = {}, {}
    if Strategy.VALUE in shown and _limit(drawn) is not None:
        limits[Strategy.VALUE] = _limit(drawn)
        losses[Strategy.VALUE] = limit_magnitude_loss(
            people.distribution, drawn.threshold, people.nu
        )
    lines = ({"limit": limits, "worst case": worst}, {"limit": losses})
    plot(
        figures.histograms(found, lines, {s: NAMES[s] for s in shown}),
        key="histograms",
        alt="Histograms of the angle turned and of the length lost; the table has their quartiles.",
    )
    st.table(
        {
            "strategy": [NAMES[s] for s in shown],
            "threshold": [_threshold(drawn, s) for s in shown],
            "gradients clipped": [write_share(float(found.clipped[s].mean())) for s in shown],
            "angle: median (quartiles)": [_quartiles(found.angle[s], write_degrees) for s in shown],
            "limit": [write_degrees(limits[s]) if s in limits else "–" for s in shown],
            "worst case": [write_degrees(worst.get(s, 0.0)) for s in shown],
            "length lost: median (quartiles)": [
                _quartiles(found.magnitude_loss[s], write_share) for s in shown
            ],
        }
    )
    st.caption(
        "The limit is where the angle tends as the numbers become more and more; the worst case is "
        "what no gradient with so many numbers, or layers, exceeds."
    )
    if people.basis is Basis.ROTATED:
        _before_rotation(drawn, found, shown)
    st.download_button(
        "All draws as CSV", found.csv, "clipscope-draws.csv", "text/csv", on_click="ignore"
    )


def growth(drawn: Drawn, shown: Shown) -> None:
    """Show the angle against the number of coordinates."""
    people = drawn.population
    steps = sum(spreads.draws_of(n, drawn.draws) * n for n in spreads.SIZES)
    found = whole(
        lambda work: _growth(people, drawn.threshold, drawn.draws, drawn.matching, work),
        steps,
        f"{steps:,} numbers",
    )
    plot(
        figures.growth(found, _limit(drawn), {s: NAMES[s] for s in shown}),
        key="growth",
        alt="The median angle against the number of coordinates, with quartiles as a band.",
    )
    heavy = people.distribution is Distribution.STUDENT_T and people.nu <= 2
    st.caption(
        "The variance is infinite: the largest numbers outweigh all others, and they are what is "
        "cut. The angle climbs to 90 degrees, where the worst case is the rule."
        if heavy
        else "From large gradients fewer are drawn, but 11. The layers are equal, as many as set."
    )
    _spread_in_numbers(found, "numbers", shown)


def against_threshold(drawn: Drawn, shown: Shown) -> None:
    """Show the angle against the threshold, with the closed forms through the draws."""
    people = drawn.population
    count = spreads.draws_of(people.n, min(drawn.draws, DRAWS))
    found = whole(
        lambda work: _sweep(people, count, drawn.unit, drawn.matching, work),
        count,
        f"{count:,} gradients",
    )
    limits = None
    if _limit(drawn) is not None:
        limits = [limit_angle(people.distribution, c, people.nu) for c in found.at]
    found = replace(found, at=found.at / drawn.unit)
    plot(
        figures.against_threshold(found, drawn.unit_name, limits, {s: NAMES[s] for s in shown}),
        key="sweep",
        alt="The median angle against the threshold, with quartiles as a band.",
    )
    if people.distribution is Distribution.GAUSSIAN and limits:
        at = drawn.threshold
        st.caption(
            f"At a threshold of {at:.3g} standard deviations the limit is "
            f"{write_degrees(limit_angle(people.distribution, at))}. The square of its cosine, "
            f"{huber_efficiency(at):.1%}, is the efficiency of Huber's estimator of the mean with "
            "this threshold."
        )
    _spread_in_numbers(found, f"threshold, in {drawn.unit_name}", shown)


def directions(notices: DeltaGenerator) -> None:
    """Show the angle over all directions of two and of three numbers."""
    with st.columns([1, 2])[0]:
        reach = controls.positive(notices, "reach", "Length of the gradient, in thresholds")
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
        )
    where = ""
    if reach > 1:
        where = f", {write_degrees(worst_plane_direction(reach))} from an axis"
    st.markdown(
        f"A gradient of two numbers that is {write_number(reach)} thresholds long turns by at most "
        f"**{most}**{where}. Along the axes and along the diagonals nothing turns. There is one "
        "layer here, so clipping per layer or by global norm never turns. These pictures do not "
        "depend on the draws."
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


def worst_case(notices: DeltaGenerator) -> None:
    """Build the gradient that clip by value turns the most, and offer to open it."""
    left, right, _ = st.columns([1, 1, 2])
    with left:
        n = inputs.whole_number(notices, "worst_n", "Numbers", 2, 64, 10)
    with right:
        ratio = controls.positive(notices, "worst_ratio", "Largest number, in thresholds")
    if ratio < 1:
        st.markdown("No number is larger than the threshold, so nothing is clipped.")
        return
    gradient = worst_gradient(n, ratio)
    turned = float(angle(gradient, Clipper(Strategy.VALUE, 1.0)(gradient, (n,))))
    st.markdown(
        f"Of all gradients of {n} numbers whose largest is {write_number(ratio)} thresholds, this "
        f"one turns the most: by **{write_degrees(turned)}**, and the bound is "
        f"{write_degrees(worst_angle_at(n, ratio))}. With no limit to the largest, no gradient of "
        f"{n} numbers turns by {write_degrees(worst_angle(n))}. This does not depend on the draws."
    )
    st.code(write_gradient(gradient, (n,)), language=None, wrap_lines=True)
    st.page_link(
        "vector.py",
        label="Open it on the first page",
        query_params={"gradient": write_gradient(gradient, (n,))},
    )


def _limit(drawn: Drawn) -> float | None:
    people = drawn.population
    if people.distribution not in WITH_LIMIT or people.basis is Basis.ROTATED:
        return None
    return limit_angle(people.distribution, drawn.threshold, people.nu)


def _threshold(drawn: Drawn, strategy: Strategy) -> str:
    found = drawn.population.threshold(strategy, drawn.threshold, drawn.matching)
    return "varies" if found is None else f"{found:.4g}"


def _quartiles(numbers: Array, write: Callable[[float], str]) -> str:
    low, middle, high = map(write, quartiles(numbers))
    return f"{middle} ({low} to {high})"


def _before_rotation(drawn: Drawn, rotated: Measured, shown: Shown) -> None:
    people = replace(drawn.population, basis=Basis.OWN)
    own = whole(
        lambda work: _measured(people, drawn.draws, drawn.threshold, drawn.matching, work),
        drawn.draws,
        f"{drawn.draws:,} gradients before the rotation",
    )
    st.markdown("**The same gradients, before and after the rotation** (medians of the angle)")
    st.table(
        {
            "strategy": [NAMES[s] for s in shown],
            "along their own axes": [_quartiles(own.angle[s], write_degrees) for s in shown],
            "rotated": [_quartiles(rotated.angle[s], write_degrees) for s in shown],
        }
    )


def _spread_in_numbers(found: Spread, at: str, shown: Shown) -> None:
    every = max(1, len(found.at) // ROWS)
    with st.expander("The curves in numbers"):
        st.table(
            {at: [f"{x:.4g}" for x in found.at[::every]]}
            | {
                f"{NAMES[s]}: median (quartiles)": [
                    f"{write_degrees(middle)} ({write_degrees(low)} to {write_degrees(high)})"
                    for low, middle, high in found.quartiles[s].T[::every]
                ]
                for s in shown
            }
        )
        st.download_button(
            "All of them as CSV",
            lambda: found.csv(at),
            "clipscope-angles.csv",
            "text/csv",
            on_click="ignore",
        )


@st.cache_data(max_entries=16, show_spinner=False)
def _measured(
    people: Population, draws: int, threshold: float, matching: Matching, _work: Work
) -> Measured:
    return measure(people, draws, threshold, _work, matching)


@st.cache_data(max_entries=16, show_spinner=False)
def _growth(
    people: Population, threshold: float, draws: int, matching: Matching, _work: Work
) -> Spread:
    return spreads.growth(people, threshold, draws, _work, matching)


@st.cache_data(max_entries=16, show_spinner=False)
def _sweep(people: Population, draws: int, unit: float, matching: Matching, _work: Work) -> Spread:
    thresholds = tuple(unit * LOW * (HIGH / LOW) ** (i / (TRIED - 1)) for i in range(TRIED))
    return spreads.against_threshold(people, draws, thresholds, _work, matching)

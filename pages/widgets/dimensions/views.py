"""What there is to see of many random gradients: one view at a time.

Each view has its picture, its table and its words: that makes this file long.
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core.bounds import worst_angle_of
from core.dimensions import growth as spreads
from core.dimensions.distributions import Distribution
from core.dimensions.figures import spreads as figures
from core.dimensions.growth import Spread
from core.dimensions.limits import WITH_LIMIT, huber_efficiency, limit_angle, limit_magnitude_loss
from core.dimensions.population import Basis, Measured, measure, quartiles
from core.looks import NAMES
from core.notation import write_degrees, write_share
from core.strategies import Array, Partition, Strategy
from pages.widgets.dimensions.settings import Drawn, Unit, View
from pages.widgets.plot import plot
from pages.widgets.waiting import remembered, whole

Shown = tuple[Strategy, ...]
DRAWS = 100  # gradients in the curves against the threshold; more would not be seen
LOW, HIGH, TRIED = 0.01, 10.0, 49  # thresholds, in units
ROWS = 13  # of a table of a curve; the file has all

_measured = remembered(measure)
_growth = remembered(spreads.growth)
_against_threshold = remembered(spreads.against_threshold)


def show(view: View, drawn: Drawn, shown: Shown) -> None:
    """Show one of the views of the draws."""
    if not shown:
        st.caption("No strategy is shown. Choose one below.")
    elif view is View.COORDINATES:
        growth(drawn, shown)
    elif view is View.THRESHOLDS:
        against_threshold(drawn, shown)
    else:
        histograms(drawn, shown)


def histograms(drawn: Drawn, shown: Shown) -> None:
    """Show how often which angle and loss came up, with the limits and the worst case."""
    population, count = drawn.population, drawn.draws
    found = whole(
        lambda work: _measured(population, count, drawn.thresholds, work),
        count * population.n,
        f"{count:,} gradients",
    )
    worst: dict[Strategy, float] = {
        s: worst_angle_of(s, population.layers)
        for s in shown
        if s.partition_by is not Partition.WHOLE
    }
    limits: dict[Strategy, float] = {}
    losses: dict[Strategy, float] = {}
    limit = _limit(drawn)
    if Strategy.VALUE in shown and limit is not None:
        limits[Strategy.VALUE] = limit
        losses[Strategy.VALUE] = limit_magnitude_loss(
            population.distribution, drawn.thresholds.by_value, population.nu
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
        "The limit is where the angle by value tends as the numbers become more and more, where "
        "its formula is known; the worst case is what no gradient with so many numbers, or "
        "layers, exceeds."
    )
    if population.basis is Basis.ROTATED:
        _before_rotation(drawn, found, shown)
    st.download_button(
        "All draws as CSV", found.csv, "clipscope-draws.csv", "text/csv", on_click="ignore"
    )


def growth(drawn: Drawn, shown: Shown) -> None:
    """Show the angle against the number of coordinates."""
    # Only the number of layers matters: the cache shall know it again.
    population = replace(drawn.population, layers=(1,) * len(drawn.population.layers))
    in_deviations = drawn.unit_name == Unit.DEVIATIONS
    thresholds = replace(drawn.thresholds, by_value=drawn.thresholds.by_value / drawn.unit)
    steps = sum(spreads.draws_of(n, drawn.draws) * n for n in spreads.SIZES)
    found = whole(
        lambda work: _growth(
            population, thresholds, drawn.draws, work, in_deviations=in_deviations
        ),
        steps,
        f"{steps:,} numbers",
    )
    plot(
        figures.growth(found, _limit(drawn), {s: NAMES[s] for s in shown}),
        key="growth",
        alt="The median angle against the number of coordinates, with quartiles as a band.",
    )
    heavy = population.distribution is Distribution.STUDENT_T and population.nu <= 2
    if heavy and population.basis is Basis.OWN:
        st.caption(
            "The variance is infinite: the largest numbers outweigh all others, and they are what "
            "clip by value cuts. Its angle climbs to 90 degrees, where the worst case is the rule."
        )
    st.caption(
        "The more numbers, the fewer gradients are drawn, but at least "
        f"{spreads.FEWEST}. The layers are equal, as many as set."
    )
    _spread_in_numbers(found, "numbers", shown)


def against_threshold(drawn: Drawn, shown: Shown) -> None:
    """Show the angle against the threshold, with the closed forms through the draws."""
    population = drawn.population
    count = spreads.draws_of(population.n, min(drawn.draws, DRAWS))
    tried = tuple(drawn.unit * LOW * (HIGH / LOW) ** (i / (TRIED - 1)) for i in range(TRIED))
    bare = replace(drawn.thresholds, by_value=1.0)  # so that the cache knows it again
    found = whole(
        lambda work: _against_threshold(population, count, tried, work, bare),
        count,
        f"{count:,} gradients",
    )
    limits = None
    if _limit(drawn) is not None:
        limits = [limit_angle(population.distribution, c, population.nu) for c in found.at]
    found = replace(found, at=found.at / drawn.unit)
    plot(
        figures.against_threshold(
            found,
            drawn.unit_name,
            limits,
            drawn.thresholds.by_value / drawn.unit,
            {s: NAMES[s] for s in shown},
        ),
        key="sweep",
        alt="The median angle against the threshold, with quartiles as a band.",
    )
    st.caption(f"From {count:,} of the gradients.")
    if population.distribution is Distribution.GAUSSIAN and limits:
        at = drawn.thresholds.by_value
        st.caption(
            f"At {at:.3g} times the standard deviation the limit is "
            f"{write_degrees(limit_angle(population.distribution, at))}. The square of its cosine, "
            f"{write_share(huber_efficiency(at))}, is the efficiency of Huber's estimator of the "
            "mean with this threshold."
        )
    _spread_in_numbers(found, f"threshold, in {drawn.unit_name}", shown)


def _limit(drawn: Drawn) -> float | None:
    population = drawn.population
    if population.distribution not in WITH_LIMIT or population.basis is Basis.ROTATED:
        return None
    return limit_angle(population.distribution, drawn.thresholds.by_value, population.nu)


def _threshold(drawn: Drawn, strategy: Strategy) -> str:
    found = drawn.thresholds.fixed(strategy, drawn.population.layers)
    return "varies" if found is None else f"{found:.4g}"


def _quartiles(numbers: Array, write: Callable[[float], str]) -> str:
    low, middle, high = map(write, quartiles(numbers))
    return f"{middle} ({low} to {high})"


def _before_rotation(drawn: Drawn, rotated: Measured, shown: Shown) -> None:
    population = replace(drawn.population, basis=Basis.OWN)
    own = whole(
        lambda work: _measured(population, drawn.draws, drawn.thresholds, work),
        drawn.draws * population.n,
        f"{drawn.draws:,} gradients before the rotation",
    )
    st.markdown("**The same gradients, before and after the rotation**: the angle")
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

"""Pictures of many draws: what is drawn is what was measured."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core import looks
from core.dimensions.distributions import Distribution
from core.dimensions.figures.spreads import against_threshold, growth, histograms
from core.dimensions.growth import Spread
from core.dimensions.population import Measured, Population, measure
from core.figures import theme
from core.matching import Thresholds
from core.strategies import Strategy
from core.work import Work

NAMES = {s: f"by {s}" for s in Strategy}


@pytest.fixture(scope="module")
def found() -> Measured:
    people = Population(Distribution.GAUSSIAN, (5, 5))
    return measure(people, 400, Thresholds(1.0), Work(400))


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_a_histogram_holds_every_draw(found):
    figure = histograms(found, ({}, {}), NAMES)
    for strategy in (Strategy.VALUE, Strategy.LAYER):
        for trace, values in zip(
            named(figure, NAMES[strategy]),
            (np.degrees(found.angle[strategy]), 100 * found.magnitude_loss[strategy]),
            strict=True,
        ):
            shares = np.asarray(trace.y)[1:-1:2]
            assert_allclose(shares.sum(), 100)
            assert trace.x[0] <= values.min()
            assert trace.x[-1] >= values.max()
            assert trace.line.color == looks.color(strategy)
            assert trace.line.dash == theme.dash(strategy)


def test_what_never_turns_is_said_and_not_drawn(found):
    figure = histograms(found, ({}, {}), NAMES)
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert titles == ["<b>Angle turned</b> (always 0: by global)", "<b>Length lost</b>"]
    assert len(named(figure, NAMES[Strategy.GLOBAL])) == 1
    assert sorted(t.name for t in figure.data if t.showlegend) == sorted(NAMES.values())


def test_lines_stand_where_they_are_said_and_within_the_axis(found):
    at = {"limit": {Strategy.VALUE: 0.3}, "worst case": {Strategy.VALUE: 1.2}}
    figure = histograms(found, (at, {"limit": {Strategy.VALUE: 0.25}}), NAMES)
    lines = {(t.text[1].strip(), t.xaxis): t.x[0] for t in figure.data if t.text}
    assert lines == {
        ("limit", "x"): pytest.approx(np.degrees(0.3)),
        ("worst case", "x"): pytest.approx(np.degrees(1.2)),
        ("limit", "x2"): pytest.approx(25),
    }
    assert figure.layout.xaxis.range[1] > np.degrees(1.2)


def test_a_spread_is_drawn_with_its_quartiles():
    at = np.array([2.0, 20.0, 200.0])
    quartiles = {s: np.array([[0.1, 0.2, 0.3], [0.2, 0.3, 0.4], [0.3, 0.4, 0.6]]) for s in Strategy}
    spread = Spread(at, quartiles)
    grown = growth(spread, 0.5, NAMES)
    swept = against_threshold(spread, "feet", list(at / 1000), at[1], NAMES)
    for figure in (grown, swept):
        (line,) = named(figure, NAMES[Strategy.VALUE])
        assert_allclose(line.x, at)
        assert_allclose(line.y, np.degrees([0.2, 0.3, 0.4]))
        band = figure.data[0]
        assert_allclose(band.y, np.degrees([0.1, 0.2, 0.3, 0.6, 0.4, 0.3]))
    (limit,) = named(grown, "limit of clip by value")
    assert_allclose(limit.y, np.degrees(0.5))
    (limit,) = named(swept, "limit of clip by value")
    assert_allclose(limit.y, np.degrees(at / 1000))
    assert not named(growth(spread, None, NAMES), "limit of clip by value")
    assert swept.layout.shapes[0].x0 == at[1]  # the threshold that is set

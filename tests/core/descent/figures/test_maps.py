"""Figures: what is drawn is what was computed, in the colors that mean it."""

from itertools import combinations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core import looks
from core.descent.experiment import Experiment, Landscape
from core.descent.figures.maps import (
    LOW,
    MINIMA,
    OUTCOMES,
    MapShows,
    rate_threshold_map,
    starts_map,
)
from core.descent.maps import axis, rate_threshold, starts
from core.descent.outcomes import Outcome
from core.matching import Thresholds
from core.runs import RUNS
from core.strategies import Strategy
from core.work import Work
from tests.colors import VISIONS, lab

NAMES = {run: f"the run {run}" for run in RUNS}
AT = (0.02, 3.0)


@pytest.fixture(scope="module")
def found():
    it = Experiment(Landscape("Rosenbrock"), (-1.2, 1.0), 0.01, Thresholds(1.0), steps=250)
    return rate_threshold(it, axis(1e-4, 10.0, 6, 1.0), axis(0.1, 100.0, 4, 1.0), Work(1))


def heat_maps(figure):
    return [trace for trace in figure.data if trace.type == "heatmap"]


@pytest.mark.parametrize("vision", VISIONS)
def test_outcomes_and_minima_differ_for_every_kind_of_color_vision(vision):
    seen = np.asarray(VISIONS[vision])
    in_one_map = [
        list(OUTCOMES.values()),
        [*MINIMA, *(c for o, c in OUTCOMES.items() if o is not Outcome.CONVERGED)],
    ]
    for colors in in_one_map:
        for one, other in combinations(colors, 2):
            assert np.linalg.norm(lab(one, seen) - lab(other, seen)) > 20


@pytest.mark.parametrize("shows", MapShows)
def test_every_run_has_a_map_with_log_axes_its_name_and_color(found, shows):
    figure = rate_threshold_map(found, shows, AT, NAMES)
    maps = heat_maps(figure)
    assert [trace.name for trace in maps] == [NAMES[run] for run in found.runs]
    notes = figure.layout.annotations
    titles = {note.text: note.font.color for note in notes if note.font.color}
    assert titles == {f"<b>{NAMES[run]}</b>": looks.color(run) for run in found.runs}
    for trace in maps:
        x = figure.layout[f"xaxis{trace.xaxis[1:]}"]
        y = figure.layout[f"yaxis{trace.yaxis[1:]}"]
        assert x.type == "log"
        assert "learning rate" in [n.text for n in notes if n.xref == f"{trace.xaxis} domain"]
        assert (y.type, y.title.text) == ("log", "threshold")
        assert_array_equal(trace.x, found.rates)
        assert_array_equal(trace.y, found.thresholds)


@pytest.mark.parametrize("shows", MapShows)
def test_what_is_set_now_is_marked_in_every_map(found, shows):
    figure = rate_threshold_map(found, shows, AT, NAMES)
    marked = {(t.xaxis, t.yaxis) for t in figure.data if t.type == "scatter" and t.x == (AT[0],)}
    assert len(marked) == len(found.runs)
    assert tuple(figure.layout.meta["cursor"]) == AT


def test_a_cell_has_the_color_of_its_outcome(found):
    figure = rate_threshold_map(found, MapShows.OUTCOME, AT, NAMES)
    for i, trace in enumerate(heat_maps(figure)):
        share = (np.asarray(trace.z) - trace.zmin) / (trace.zmax - trace.zmin)
        places, colors = zip(*trace.colorscale, strict=True)
        for cell, word in zip(share.flat, found.outcome[i].flat, strict=True):
            assert colors[np.searchsorted(places, cell)] == OUTCOMES[Outcome(word)]
    legend = {t.name: t.marker.color for t in figure.data if t.name and t.type == "scatter"}
    assert legend == {o: OUTCOMES[Outcome(o)] for o in np.unique(found.outcome)}


def test_losses_are_exponents_of_ten_and_diverged_runs_have_none(found):
    figure = rate_threshold_map(found, MapShows.LOSS, AT, NAMES)
    for i, trace in enumerate(heat_maps(figure)):
        lost, z = found.outcome[i] == Outcome.DIVERGED, np.asarray(trace.z)
        assert np.isnan(z[lost]).all()
        losses = np.maximum(found.height[i][~lost], LOW)  # the minimum of this surface is 0
        np.testing.assert_allclose(10 ** z[~lost].astype(float), losses, rtol=1e-5)
    assert figure.layout.plot_bgcolor == OUTCOMES[Outcome.DIVERGED]
    assert figure.layout.coloraxis.cmin <= figure.layout.coloraxis.cmax - 1


@pytest.mark.parametrize("name", ["Himmelblau", "recurrent cliff"])
def test_starts_are_colored_by_minimum_where_there_are_several_and_else_by_outcome(name):
    landscape = Landscape(name)
    surface = landscape.built
    it = Experiment(landscape, surface.start, 0.01, Thresholds(1.0), steps=400)
    last = starts(it, Strategy.VALUE, 5, Work(1))
    figure = starts_map(last, surface, it.start)
    (trace,) = heat_maps(figure)
    words = np.asarray(trace.text)
    if len(surface.minima) > 1:
        for i in range(4):
            assert all(word.startswith(f"minimum {i + 1}") for word in words[last.minimum == i])
        assert_array_equal(words[last.minimum < 0], last.outcome[last.minimum < 0])
    else:
        assert_array_equal(words, last.outcome)
    legend = {t.name for t in figure.data if t.name and t.type == "scatter"}
    assert legend == set(np.unique(words))
    assert figure.layout.yaxis.scaleanchor == "x"  # a circle stays a circle
    assert any(t.x == tuple(m[0] for m in surface.minima) for t in figure.data)

"""What the browser draws of norms and gradients, as plain data.

What is said whatever the threshold is, its ``ground``, is long; it is JSON that seldom changes.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from core.gradients.outline import COLUMNS, outline, rise, rising, shares
from core.gradients.over_steps import Band, OverSteps, Result
from core.gradients.reading import first_reading, percentiles
from core.gradients.sweep import decades_of, sweep, within
from core.looks import NAMES
from core.notation import LARGEST_NUMBER, SMALLEST_NUMBER
from core.strategies import Array, Strategy

EVERY = 15  # of the thresholds of a sweep, one is a point of a curve
MARKED = (50, 90, 99)  # percentiles beside the distribution
BY_NORM = Strategy.GLOBAL  # the one that a log of norms can tell of
QUANTITIES = {  # what the browser calls what core calls so
    "acts": "share",
    "angle": "angle",
    "magnitude_loss": "loss",
    "clipped_fraction": "clipped",
}

Lines: TypeAlias = Mapping[str, Array]  # thresholds (n,) of rules, by what they are called


def of_norms(
    norms: Array, steps: ArrayLike | None, threshold: float, ground: str
) -> dict[str, Any]:
    """Return what the stage is told of norms (n,) on their ``ground``, at a threshold.

    Raises ValueError with a sentence for the reader where nothing can be clipped.
    """
    reading = first_reading(norms, threshold)
    total = int(np.isfinite(norms).sum())
    result = {
        "count": round(reading.share * total),
        "share": reading.share,
        "meanLoss": reading.mean_loss,
        "worst": reading.worst_loss,
    }
    return _told(threshold, ground, [BY_NORM], {BY_NORM: result}, said(norms, steps))


def ground_of_norms(norms: Array, steps: ArrayLike | None, threshold: float, lines: Lines) -> str:
    """Return what the stage draws of norms whatever the threshold is, as JSON.

    Raises ValueError where nothing can be clipped.
    """
    found = sweep(norms, threshold)
    curves = {"share": found.counts / found.total, "meanLoss": found.losses}
    ground = {
        "norms": _norms(norms, steps, found.decades),
        "rules": _lines(lines, norms, steps),
        "range": _range(found.decades),
        "sweep": {
            "decades": found.decades,
            "counts": found.counts.tolist(),
            "losses": found.losses.round(7).tolist(),
            "total": found.total,
            "longest": float(np.max(norms[np.isfinite(norms)])),
        },
        "several": False,
        "quantities": list(curves),
        "thresholds": found.thresholds[::EVERY].tolist(),
        "curves": {BY_NORM: {name: {"middle": y[::EVERY].tolist()} for name, y in curves.items()}},
    }
    return json.dumps(ground, allow_nan=False)


def of_gradients(
    found: OverSteps,
    results: Mapping[Strategy, Result] | None,
    threshold: float,
    ground: str,
    says: str,
) -> dict[str, Any]:
    """Return what the stage is told of gradients on their ``ground``, at a threshold.

    Without ``results`` the browser reads them off the curves.
    """
    exact = {strategy: _named(vars(result)) for strategy, result in (results or {}).items()}
    return _told(threshold, ground, list(found.effects), exact, says)


def ground_of_gradients(found: OverSteps, norms: Array, steps: ArrayLike, lines: Lines) -> str:
    """Return what the stage draws of gradients whatever the threshold is, as JSON."""
    several = found.steps > 1
    first, last = (math.log10(x) for x in (found.thresholds[0], found.thresholds[-1]))
    decades = within(math.floor(first), math.ceil(last))
    ground = {
        "norms": _norms(norms, steps, decades_of(norms)) if several else None,
        "rules": _lines(lines, norms, steps) if several else [],
        "range": _range(decades),
        "sweep": None,
        "several": several,
        "quantities": ["angle", "loss", "clipped"],
        "thresholds": found.thresholds.tolist(),
        "curves": {
            strategy: _named({name: _band(values, several) for name, values in vars(it).items()})
            for strategy, it in found.effects.items()
        },
    }
    return json.dumps(ground, allow_nan=False)


def _told(
    threshold: float,
    ground: str,
    shown: list[Strategy],
    results: Mapping[Strategy, Mapping[str, float]],
    says: str,
) -> dict[str, Any]:
    return {
        "ground": ground,
        "threshold": threshold,
        "limits": [SMALLEST_NUMBER, LARGEST_NUMBER],
        "shown": shown,
        "names": {strategy: NAMES[strategy] for strategy in shown},
        "now": {"threshold": threshold, "results": results} if results else None,
        "says": says,
    }


def _range(decades: tuple[int, int]) -> list[float]:
    return [10.0**decade for decade in decades]


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {QUANTITIES[name]: value for name, value in values.items()}


def _band(values: Array | Band, several: bool) -> dict[str, list[float]]:
    if not isinstance(values, Band):
        return {"middle": values.tolist()}
    edges = {"low": values.low, "high": values.high} if several else {}
    return {name: y.round(7).tolist() for name, y in {"middle": values.median, **edges}.items()}


def _norms(norms: Array, steps: ArrayLike | None, decades: tuple[int, int]) -> dict[str, Any]:
    drawn = outline(norms, steps)
    return {
        "range": _range(decades),
        "at": drawn.at.tolist(),
        "low": drawn.low.tolist(),
        "high": drawn.high.tolist(),
        "notFinite": drawn.not_finite.tolist(),
        "span": drawn.span,
        "unit": "step" if rise(steps) else "norm",
        "shares": shares(norms, decades).tolist(),
        "percentiles": [[at, norm] for at, norm in percentiles(norms) if at in MARKED],
    }


def _lines(lines: Lines, norms: Array, steps: ArrayLike | None) -> list[dict[str, Any]]:
    """Return thresholds over the steps as lines of no more points than can be seen."""
    at = rising(steps, len(norms))
    some = np.unique(np.linspace(0, len(at) - 1, COLUMNS).astype(np.intp))
    drawn = []
    for name, thresholds in lines.items():
        there = some[np.isfinite(thresholds[some])]
        if len(there):
            points = {"at": at[there].tolist(), "thresholds": thresholds[there].tolist()}
            drawn.append({"name": name, **points})
    return drawn


def said(norms: Array, steps: ArrayLike | None) -> str:
    """Say what the picture of the norms shows, for who does not see it."""
    first, last = (f"{x:,.0f}" for x in rising(steps, len(norms))[[0, -1]])
    unit = "step" if rise(steps) else "norm"
    bad = len(norms) - int(np.isfinite(norms).sum())
    marked = ", ".join(f"{p}% at most {norm:.3g}" for p, norm in percentiles(norms) if p in MARKED)
    missing = f" {bad:,} are not finite." if bad else ""
    longest = f"the largest {np.max(norms[np.isfinite(norms)]):.3g}"
    return f"{len(norms):,} norms from {unit} {first} to {last}: {marked}, {longest}.{missing}"

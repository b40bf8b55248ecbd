"""What may be wrong with norms, a sentence each."""

import numpy as np
from numpy.typing import NDArray

from core.gradients.fields import is_after_clipping, is_mean
from core.notation import write_number, write_share
from core.strategies import Array

SAMPLED = (1000, 500, 1500)  # rows that trackers keep of longer runs
SAME = 1e-3  # relative, of norms that clipping made equal


def suspicions(norms: Array, steps: Array | None, field: str, scale: Array | None) -> list[str]:
    """Return sentences of warning on norms (n,), their steps (n,) and the loss scale (n,)."""
    finite = norms[np.isfinite(norms)]
    said = []
    if not len(finite):
        said.append("No norm is a finite number.")
    elif not finite.any():
        said.append("All norms are zero: the training did not compute them.")
    else:
        said += _clipped(finite, field)
    said += _not_finite(norms, steps)
    if scale is not None:
        said += _scaled(norms, scale)
    if is_mean(field):
        said.append("By its name the field holds means over windows, which hide single spikes.")
    return said + _repeated(norms) + _sampled(norms, steps)


def _clipped(finite: Array, field: str) -> list[str]:
    most = float(finite.max())
    share = float(np.mean(finite > most * (1 - SAME)))
    constant = share > 0.95 and len(finite) > 2
    if constant:
        return [
            f"The norms are constant, about {write_number(float(f'{most:.4g}'))}: they were "
            "written after clipping, and nothing can be recommended from them."
        ]
    if is_after_clipping(field):
        return [
            "By its name the field holds norms after clipping: what the threshold cut off is lost, "
            "and nothing can be recommended from them."
        ]
    if len(finite) > 20 and share > 0.05 and len(np.unique(finite)) > 10:
        return [
            f"{write_share(share)} of the norms equal the largest: they were probably written "
            "after clipping, and what lies above is lost."
        ]
    return []


def _places(where: NDArray[np.intp], steps: Array | None) -> str:
    named = where if steps is None else steps[where]
    listed = ", ".join(f"{int(it) if abs(it) < 2**53 else it:,}" for it in named[:5])
    more = f" and {len(named) - 5:,} more" if len(named) > 5 else ""
    many = "s" if len(named) > 1 else ""
    return f"at {'step' if steps is not None else 'position'}{many} {listed}{more}"


def _not_finite(norms: Array, steps: Array | None) -> list[str]:
    said = []
    for lost, name in ((np.isnan(norms), "NaN"), (np.isinf(norms), "infinite")):
        where = np.flatnonzero(lost)
        if len(where):
            counted = f"{len(where):,} norms are" if len(where) > 1 else "One norm is"
            said.append(f"{counted} {name}, {_places(where, steps)}.")
    if said and steps is not None:
        back = np.flatnonzero(np.diff(steps) <= 0) + 1
        lost = np.flatnonzero(~np.isfinite(norms))
        near = np.searchsorted(back, lost - 3)
        pairs = zip(near, lost, strict=True)
        if any(i < len(back) and back[i] <= at + 3 for i, at in pairs):
            said.append("Norms that are not finite stand where the steps restart, as on a resume.")
    return said


def _scaled(norms: Array, scale: Array) -> list[str]:
    good = np.isfinite(norms) & (norms > 0) & np.isfinite(scale) & (scale > 0)
    if good.sum() < 3 or np.median(scale[good]) < 64:
        return []
    size, factor = np.log(norms[good]), np.log(scale[good])
    varies = np.ptp(factor) > 1.3
    along = varies and np.std(size - factor) < 0.7 * np.std(size)
    if along or (not varies and np.median(norms[good]) > 100):
        return [
            "The norms look multiplied by the loss scale: choose the field that divides by it, "
            "or log them after unscaling."
        ]
    return []


def _repeated(norms: Array) -> list[str]:
    starts = np.flatnonzero(np.r_[True, norms[1:] != norms[:-1]])
    lengths = np.diff(np.r_[starts, len(norms)])
    long = [
        (int(at), int(n))
        for at, n in zip(starts[lengths > 2], lengths[lengths > 2], strict=True)
        if norms[at] and np.isfinite(norms[at]) and (n > 9 or len(f"{norms[at]:.6g}") > 5)
    ]
    if not long or max(n for _, n in long) > 0.95 * len(norms):
        return []
    at, n = max(long, key=lambda run: run[1])
    return [
        f"From position {at:,} on, the same norm repeats {n:,} times, as while steps are skipped."
    ]


def _sampled(norms: Array, steps: Array | None) -> list[str]:
    said = []
    gaps = np.array([]) if steps is None else np.diff(steps)
    restarts, repeats = int(np.sum(gaps < 0)), int(np.sum(gaps == 0))
    if restarts:
        times = "once" if restarts == 1 else f"{restarts:,} times"
        said.append(
            f"The steps go back {times}: the run was resumed, or counts anew in each epoch."
        )
    if repeats:
        counted = f"{repeats:,} norms stand" if repeats > 1 else "One norm stands"
        said.append(f"{counted} at the same step as the one before.")
    ahead = gaps[gaps > 0]
    every = float(np.median(ahead)) if len(ahead) else 1.0
    if len(norms) in SAMPLED and (every > 1 or steps is None or len(norms) == SAMPLED[0]):
        said.append(
            f"Exactly {len(norms):,} norms are a sample of more steps, as trackers export it: the "
            "largest norm is at least what is seen here."
        )
    elif every > 1:
        said.append(
            f"Only about one in {every:.4g} steps is in the log: shares are those of a sample, and "
            "the largest norm may be missing."
        )
    return said


def mean_window(names: set[str]) -> list[str]:
    """Return the sentence on logs that write means over windows, told by their fields."""
    spread = any(a + "__MAX" in names for a in names)
    if spread or {"data_time", "time", "memory"} <= names:
        return ["Each norm may be a mean over a window of steps, in which single spikes vanish."]
    return []

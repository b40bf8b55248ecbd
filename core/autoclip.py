"""A threshold from what was seen: a percentile of the norms of the gradients so far."""

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Array


def autoclip(norms: ArrayLike, percentile: float) -> Array:
    """Return the threshold of every step ``(steps,)``: the percentile of the norms up to there.

    Source: Seetharaman, Wichern, Pardo and Le Roux, "AutoClip: Adaptive Gradient Clipping for
    Source Separation Networks", 2020. Norms that are not finite belong to no percentile and are
    left out; before the first finite norm the threshold is NaN. Raises ValueError for a percentile
    outside [0, 100] and for norms that are not one list.

    >>> autoclip([4.0, 2.0, 3.0, 100.0], 50)
    array([4. , 3. , 3. , 3.5])
    """
    lengths = np.asarray(norms, np.float64)
    if lengths.ndim != 1:
        raise ValueError(f"norms must have shape (steps,), got {lengths.shape}")
    if not 0 <= percentile <= 100:
        raise ValueError(f"percentile must be from 0 to 100, got {percentile}")
    finite = np.isfinite(lengths)
    seen, counts = lengths[finite], np.cumsum(finite)
    so_far = [np.percentile(seen[: k + 1], percentile) for k in range(len(seen))]
    return np.asarray(np.array([np.nan, *so_far])[counts])

"""Numbers as frameworks hold them: every result of an operation is rounded to a type."""

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.strategies import Array

PLAIN = (1e-4, 1e16)  # sizes that are written without an exponent
DIGITS = 17  # decimal, enough for every number of every type


class Precision(StrEnum):
    """A floating-point type.

    Arrays of the half types are float32 whose numbers the half type has: one operation in float32,
    rounded once more, is what the half type gives.
    """

    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"
    FLOAT64 = "float64"

    @property
    def wide(self) -> "Precision":
        """Return the type whose arrays hold the numbers of this one."""
        return Precision.FLOAT64 if self is Precision.FLOAT64 else Precision.FLOAT32

    @np.errstate(over="ignore", under="ignore", invalid="ignore")
    def round(self, numbers: ArrayLike) -> Array:
        """Round to the nearest number of this type, ties to even; out of range is infinite.

        >>> Precision.BFLOAT16.round([0.1, 3e38, 1e39]).tolist()
        [0.10009765625, 3.00405527047391e+38, inf]
        """
        held = np.asarray(numbers).astype(np.dtype(self.wide.value))
        match self:
            case Precision.FLOAT16:
                return held.astype(np.float16).astype(np.float32)
            case Precision.BFLOAT16:
                return _bfloat16(held)
            case _:
                return held

    def flushed(self, numbers: ArrayLike) -> Array:
        """Round as `round` does, and make zero what is subnormal in the type that holds it.

        TensorFlow and XLA ask the processor for that, because it is faster.
        """
        held = self.round(numbers)
        return np.where(np.abs(held) < np.finfo(held.dtype).tiny, held.dtype.type(0), held)

    def has(self, number: float) -> bool:
        """Say whether a finite number stays finite, so that PyTorch takes it as a scalar."""
        return bool(np.isfinite(self.round(number)) or not np.isfinite(number))

    def write(self, number: float) -> str:
        """Write the fewest digits that read back as the same number of this type.

        >>> Precision.FLOAT32.write(2.9999992847442627), Precision.FLOAT16.write(0.60009765625)
        ('2.9999993', '0.6')
        >>> Precision.FLOAT32.write(300.0)
        '300'
        """
        texts = (f"{number:.{digits}g}" for digits in range(1, DIGITS + 1))
        held = self.round(number)
        text = next(text for text in texts if np.array_equal(self.read(text), held, True))
        if "e" in text and PLAIN[0] <= abs(number) < PLAIN[1]:
            text = np.format_float_positional(float(text), trim="-")
        return text

    def read(self, text: str) -> Array:
        """Read a number, ``()``, as `write` wrote it."""
        # A text is rounded once: to a half type from float64, not by way of float32.
        if self is Precision.FLOAT16:
            with np.errstate(over="ignore", under="ignore"):
                return np.asarray(np.float64(text)).astype(np.float16).astype(np.float32)
        return self.round(np.float64(text))


def _bfloat16(numbers: NDArray[Any]) -> Array:
    """Keep the upper 16 bits of float32, rounded to even."""
    bits = numbers.view(np.uint32)
    half = np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    rounded = ((bits + half) & np.uint32(0xFFFF0000)).view(np.float32)
    return np.where(np.isnan(numbers), np.float32(np.nan), rounded)

"""Tensors of a safetensors file, where they lie: the library would copy them, and lacks bfloat16.

Source: Hugging Face, "Safetensors: format", github.com/huggingface/safetensors.
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.gradients.decoding import shown
from core.gradients.formats.tensors import (
    MOST_DIMENSIONS,
    MOST_HEADER,
    MOST_STORED,
    Contents,
    Stored,
    damaged,
    refusal,
    widened,
)

METADATA = "__metadata__"
START = 8  # bytes that say how long the header is
DTYPES = {  # as the format names them
    "F16": ("float16", "<f2"),
    "BF16": ("bfloat16", "<u2"),
    "F32": ("float32", "<f4"),
    "F64": ("float64", "<f8"),
}


def read_safetensors(data: bytes) -> Contents:
    """Read the tensors of a file, whose parts must follow each other without a gap."""
    length = int.from_bytes(data[:START], "little")
    if length > min(MOST_HEADER, len(data) - START):
        raise damaged("safetensors")
    head = data[START : START + length]
    # Each of these becomes an object of Python: a bomb is seen before it is one.
    if head.count(b"{") + head.count(b"[") > 4 * MOST_STORED:
        raise refusal(f"The file holds more than {MOST_STORED:,} tensors.")
    try:
        told = json.loads(head, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise damaged("safetensors") from None
    if not isinstance(told, dict):
        raise damaged("safetensors")
    told.pop(METADATA, None)
    if len(told) > MOST_STORED:
        raise refusal(f"The file holds more than {MOST_STORED:,} tensors.")
    parts = {name: _part(entry) for name, entry in told.items()}
    at = 0
    for begin, end in sorted((begin, end) for _, _, begin, end in parts.values()):
        if begin != at:
            raise damaged("safetensors")
        at = end
    whole = memoryview(data)[START + length :]
    if at != len(whole):
        raise damaged("safetensors")
    return Contents("safetensors", [_stored(name, whole, *it) for name, it in parts.items()])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _part(entry: Any) -> tuple[str, tuple[int, ...], int, int]:
    match entry:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [begin, end]}:
            numbers = [*shape, begin, end]
            whole = all(type(it) is int and it >= 0 for it in numbers)
            if whole and begin <= end and len(shape) <= MOST_DIMENSIONS:
                return dtype, tuple(shape), begin, end
    raise damaged("safetensors")


def _stored(
    name: str, whole: memoryview, dtype: str, shape: tuple[int, ...], begin: int, end: int
) -> Stored:
    if dtype not in DTYPES:
        return Stored(name, shown(dtype[:10]))
    kind, read_as = DTYPES[dtype]
    tensor = Stored(name, kind, shape)
    if tensor.size * np.dtype(read_as).itemsize != end - begin:
        raise damaged("safetensors")

    def load() -> NDArray[Any]:
        numbers = np.frombuffer(whole, read_as, tensor.size, begin)
        return (widened(numbers) if kind == "bfloat16" else numbers).reshape(shape)

    return Stored(name, kind, shape, load)

"""Arrays as NumPy saves them; their headers are searched, never evaluated, nor is a pickle read.

Source: NumPy, "The .npy format", numpy.lib.format, versions 1.0 to 3.0.
"""

import math
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.gradients.formats.tensors import (
    FLOATS,
    MOST_DIMENSIONS,
    Contents,
    Stored,
    damaged,
    refusal,
)

MAGIC = b"\x93NUMPY"
MOST_NPY_HEADER = 65_535 + 12  # bytes: what the first version can hold, and its beginning
DESCR = re.compile(r"""['"]descr['"]\s*:\s*['"]([<>|=]?)([a-zA-Z?])(\d{0,6})""")
FORTRAN = re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)""")
SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\(([\d\sL,]*)\)""")
KINDS = {"f": "float", "i": "int", "u": "uint", "c": "complex"}  # and the bits
OTHERS = {"b": "bool", "?": "bool", "O": "Python objects", "U": "text", "S": "text"}


@dataclass(frozen=True)
class Header:
    """What stands before the numbers of an array."""

    kind: str
    dtype: str  # as NumPy writes it, with the order of the bytes
    shape: tuple[int, ...]
    order: Literal["C", "F"]  # of the numbers; F is Fortran's
    start: int  # where they begin
    end: int


def read_npy(data: bytes, name: str) -> Contents:
    """Read one array: a tensor of one step."""
    header = header_of(data)
    if header.kind in FLOATS and header.end < len(data):
        raise refusal("The npy file goes on behind its array: several belong into an npz file.")
    said = []
    if header.kind in FLOATS and len(header.shape) == 2 and header.shape[0] > 1:
        rows, columns = header.shape
        said.append(
            f"The matrix of {rows:,} × {columns:,} numbers was read as one tensor of one step. If "
            "its rows are steps, save them in an npz file, one array for each, named as in 12/all."
        )
    return Contents("npy", [stored(data, stem(name), header)], tuple(said))


def stem(name: str) -> str:
    """Return what the only tensor of a file is called.

    >>> stem("runs/fc.npy"), stem("")
    ('fc', 'tensor')
    """
    return PurePath(name.replace("\\", "/")).stem or "tensor"


def stored(data: bytes | bytearray | memoryview, name: str, header: Header) -> Stored:
    """Return the array of bytes that are all there as a tensor; ValueError where some are not."""
    if header.kind not in FLOATS:
        return Stored(name, header.kind)
    if header.end > len(data):
        raise damaged("npy")

    def load() -> NDArray[Any]:
        numbers = np.frombuffer(data, header.dtype, math.prod(header.shape), header.start)
        return numbers.reshape(header.shape, order=header.order)

    return Stored(name, header.kind, header.shape, load)


def header_of(head: bytes | bytearray | memoryview) -> Header:
    """Read the header of an array, of which the first `MOST_NPY_HEADER` bytes are enough."""
    begin = 10 if head[6:7] == b"\x01" else 12
    length = int.from_bytes(head[8:begin], "little")
    end = begin + length
    if bytes(head[:6]) != MAGIC or head[6:7] not in (b"\x01", b"\x02", b"\x03"):
        raise damaged("npy")
    if not begin < end <= min(len(head), MOST_NPY_HEADER):
        raise damaged("npy")
    text = str(head[begin:end], "latin-1")
    descr, fortran, shape = (it.search(text) for it in (DESCR, FORTRAN, SHAPE))
    if not (fortran and shape):
        raise damaged("npy")
    if not descr:
        return Header("records", "", (), "C", end, end)
    order, letter, digits = descr.groups()
    size = int(digits or 1)
    kind = f"{KINDS[letter]}{8 * size}" if letter in KINDS else OTHERS.get(letter, "raw bytes")
    sides = tuple(int(it) for it in re.findall(r"\d{1,15}", shape[1]))
    if len(sides) > MOST_DIMENSIONS:
        raise damaged("npy")
    return Header(
        kind,
        f"{order}{letter}{size}",
        sides,
        "F" if fortran[1] == "True" else "C",
        end,
        end + math.prod(sides) * size,
    )

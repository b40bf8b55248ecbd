"""Tensors of PyTorch as views of storages, which are members of an archive."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.gradients.formats.machine import unclear
from core.gradients.formats.tensors import MOST_DIMENSIONS, damaged, refusal, widened
from core.gradients.formats.zips import Member

MOST_SIDE = 10**15  # of a shape, a stride or an offset, so that bytes of it can be counted
UNTYPED = "bytes"
READ_AS = {"float16": "f2", "bfloat16": "u2", "float32": "f4", "float64": "f8"}


@dataclass(frozen=True)
class Name:
    """What a pickle names."""

    text: str
    kind: str = ""  # of the numbers of a storage, or of a tensor
    is_storage: bool = False


@dataclass(frozen=True, eq=False)
class Part:
    """The bytes of a storage, unpacked once, however many tensors view them."""

    member: Member
    order: str

    @cached_property
    def content(self) -> bytearray | memoryview:
        return self.member.content()


@dataclass(frozen=True, eq=False)
class Storage:
    """Numbers of one kind."""

    part: Part
    kind: str
    size: int  # of them; bytes, if untyped


@dataclass(frozen=True, eq=False)
class Archive:
    """The storages that are there, by their keys."""

    members: dict[str, Member]
    order: str  # of the bytes of a number: < or >
    parts: dict[str, Part] = field(default_factory=dict)

    def storage(self, told: Any) -> Storage:
        """Return the storage of an id as PyTorch writes it; ValueError where there is none."""
        match told:
            case ("storage", Name(is_storage=True) as name, str(key), str(), int(size)):
                if key not in self.members:
                    raise damaged("PyTorch")
                if key not in self.parts:
                    self.parts[key] = Part(self.members[key], self.order)
                return Storage(self.parts[key], name.kind, size)
        raise unclear()


@dataclass(frozen=True, eq=False)
class Tensor:
    """A view of a storage, all of which is there if it is of a kind in `FLOATS`."""

    storage: Storage | None
    kind: str
    offset: int = 0  # numbers, as are the strides
    shape: tuple[int, ...] = ()
    strides: tuple[int, ...] = ()
    is_negative: bool = False  # PyTorch may leave a change of signs for later

    def load(self) -> NDArray[Any]:
        """Return its numbers, bfloat16 as float32."""
        assert self.storage
        dtype = np.dtype(self.storage.part.order + READ_AS[self.kind])
        numbers: NDArray[Any] = np.ndarray(
            self.shape,
            dtype,
            self.storage.part.content,
            self.offset * dtype.itemsize,
            [it * dtype.itemsize for it in self.strides],
        )
        numbers = widened(numbers) if self.kind == "bfloat16" else numbers
        return -numbers if self.is_negative else numbers


def check(tensor: Tensor, storage: Storage) -> None:
    """Raise ValueError where a tensor reaches beyond the bytes that are there."""
    shape, strides = tensor.shape, tensor.strides
    if max(len(shape), len(strides)) > MOST_DIMENSIONS:
        raise refusal("A tensor has too many dimensions.")
    sides = (tensor.offset, storage.size, *shape, *strides)
    if len(shape) != len(strides) or not all(
        type(it) is int and 0 <= it <= MOST_SIDE for it in sides
    ):
        raise damaged("PyTorch")
    itemsize = np.dtype(READ_AS[tensor.kind]).itemsize
    last = sum((side - 1) * stride for side, stride in zip(shape, strides, strict=True))
    there = storage.part.member.size
    claimed = storage.size * (1 if storage.kind == UNTYPED else itemsize)
    if storage.kind not in (UNTYPED, tensor.kind) or claimed != there:
        raise damaged("PyTorch")
    if math.prod(shape) and (tensor.offset + last + 1) * itemsize > there:
        raise damaged("PyTorch")

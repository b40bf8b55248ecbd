"""Pickles without Python: a few instructions build plain values, and any other is refused."""

import io
from typing import Any

from core.gradients.formats.instructions import INSTRUCTIONS
from core.gradients.formats.machine import Machine, Meaning, popped, unclear
from core.gradients.formats.tensors import refusal

MOST_INSTRUCTIONS = 2_000_000  # a tensor takes about 40


def unpickled(data: bytes | bytearray | memoryview, meaning: Meaning) -> Any:
    r"""Return what a pickle describes: plain values, lists, tuples, `Entries` and what has meaning.

    Raises ValueError with a sentence for the reader. Time and memory grow with the bytes alone:
    nothing of a file is called, hashed, or copied more than once.

    >>> import pickle
    >>> unpickled(pickle.dumps({"a": [1, 2.5]}), Meaning(str, tuple, tuple))
    Entries(pairs=[('a', [1, 2.5])])
    """
    stream = io.BytesIO(data)
    machine = Machine(meaning)
    for _ in range(MOST_INSTRUCTIONS):
        code = stream.read(1)
        if code == b".":
            return popped(machine)
        if code not in INSTRUCTIONS:
            raise unclear()
        reader, act = INSTRUCTIONS[code]
        try:
            argument = reader(stream) if reader else None
        except ValueError:  # it is cut, or no text
            raise unclear() from None
        act(machine, argument)
    raise refusal("The PyTorch file describes its tensors in too many instructions.")

"""What the instructions of a pickle work on, and what they leave to others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.gradients.formats.tensors import refusal


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """A dictionary as its pairs, for keys of a file may be made to be slow to hash."""

    pairs: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Meaning:
    """What stands for that which only Python knows; ValueError for what is not known."""

    named: Callable[[str], Any]  # a name as in "torch.storage UntypedStorage"
    called: Callable[[Any, tuple[Any, ...]], Any]  # what is named, with what
    persistent: Callable[[Any], Any]  # what lies elsewhere, by its id


@dataclass(frozen=True)
class Machine:
    """What the instructions work on."""

    meaning: Meaning
    stack: list[Any] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)  # heights of the stack
    memo: list[Any] = field(default_factory=list)


def unclear() -> ValueError:
    """Return the error for a pickle that is not of tensors and plain values."""
    return refusal(
        "The PyTorch file is damaged, or holds more than tensors, numbers, lists and "
        "dictionaries, which would have to be executed."
    )


def popped(machine: Machine) -> Any:
    """Remove what lies on top, and return it."""
    if not machine.stack:
        raise unclear()
    return machine.stack.pop()


def several(machine: Machine, count: int) -> list[Any]:
    """Remove so many from the top, and return them in the order they came in."""
    if len(machine.stack) < count:
        raise unclear()
    items = machine.stack[-count:]
    del machine.stack[-count:]
    return items


def marked(machine: Machine) -> list[Any]:
    """Remove what lies above the last mark, and return it."""
    if not machine.marks:
        raise unclear()
    height = machine.marks.pop()
    items = machine.stack[height:]
    del machine.stack[height:]
    return items

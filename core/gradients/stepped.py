"""Which step of a training a tensor is of, by its name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.gradients.formats.tensors import Stored, listed, refusal

STEP = re.compile(
    r"(?:grad(?:ient)?s?[/.])?"
    r"(?P<word>(?:(?:global_?)?step|iter(?:ation)?|update|epoch)[ _=:-]?)?"
    r"(?P<step>[0-9]{1,15})(?P<mark>[/.:_ -])(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
PREFIX = re.compile(r"grad(?:ient)?s?[/.](?=.)", re.IGNORECASE)
LEAP = 8  # modules in a row of a network, of which at least one has parameters


@dataclass(frozen=True)
class Place:
    """A step, and what a tensor is called in it."""

    step: int
    name: str


def places(tensors: Sequence[Stored]) -> tuple[list[Place | None], tuple[str, ...]]:
    """Return where each tensor belongs, None where nowhere, and warnings on how it was read.

    A number is a step if it stands before a name and

    - a word stands before it, as in ``step12/fc.weight``, ``step_12.fc.weight``; or
    - a slash follows all of them, as in ``12/fc.weight``, and no name comes in two shapes; or
    - something else follows, as in ``12.fc.weight``, the same tensors are there at two steps or
      more, and the numbers leap so far that they cannot count the modules of a network.

    Otherwise all tensors are of one step, 0: ``0.weight`` and ``2.weight`` are two layers. Raises
    ValueError where two tensors have one name in one step.
    """
    found = [STEP.fullmatch(it.name) for it in tensors]
    sure = [it is not None and bool(it["word"]) for it in found]
    by_slash = {it["mark"] for it, yes in zip(found, sure, strict=True) if it and yes} == {"/"}
    said: tuple[str, ...] = ()
    if all(sure):
        pass
    elif any(sure) and by_slash:
        lost = [it.name for it, yes in zip(tensors, sure, strict=True) if not yes]
        said = (f"Left out, since their names tell no step: {listed(lost)}.",)
        found = [it if yes else None for it, yes in zip(found, sure, strict=True)]
    elif any(sure) or not all(found):
        return _one_step(tensors), ()
    else:
        read, said = _numbered(tensors, list(_matches(found)))
        if not read:
            return _one_step(tensors), said
    placed = [it and Place(int(it["step"]), it["rest"]) for it in found]
    _check([it for it in placed if it])
    return placed, said


def _matches(found: Sequence[re.Match[str] | None]) -> Iterator[re.Match[str]]:
    return (it for it in found if it)


def _numbered(
    tensors: Sequence[Stored], found: list[re.Match[str]]
) -> tuple[bool, tuple[str, ...]]:
    """Return whether bare numbers are steps, and what to say of it."""
    shapes: dict[str, set[tuple[int, ...]]] = {}
    names: dict[int, list[str]] = {}
    for tensor, it in zip(tensors, found, strict=True):
        shapes.setdefault(it["rest"], set()).add(tensor.shape)
        names.setdefault(int(it["step"]), []).append(it["rest"])
    if any(len(it) > 1 for it in shapes.values()):
        return False, ()
    if {it["mark"] for it in found} == {"/"}:
        return True, ()
    if len(names) < 2 or len({tuple(sorted(it)) for it in names.values()}) > 1:
        return False, ()
    example = next(iter(names.items()))
    if max(names) >= LEAP * len(names):
        return True, (
            "The numbers that the names begin with were read as steps: "
            f"{listed([tensors[0].name])} as {listed([example[1][0]])} of step {example[0]}.",
        )
    return False, (
        f"Names such as {listed([tensors[0].name])} were read as layers of one step. If the "
        f"numbers are steps, use a slash: {listed([f'{example[0]}/{example[1][0]}'])}.",
    )


def _one_step(tensors: Sequence[Stored]) -> list[Place | None]:
    common = all(PREFIX.match(it.name) for it in tensors)
    placed = [Place(0, PREFIX.sub("", it.name, count=1) if common else it.name) for it in tensors]
    _check(placed)
    return list(placed)


def _check(placed: Sequence[Place]) -> None:
    seen: set[Place] = set()
    for it in placed:
        if it in seen:
            raise refusal(f"Two tensors of one step are called {listed([it.name])}.")
        seen.add(it)

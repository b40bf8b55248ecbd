"""Tensors of a file as gradients: what belongs there, by steps, in one array."""

import re
from collections.abc import Sequence

import numpy as np

from core.gradients.decoding import shown
from core.gradients.formats.tensors import (
    FLOATS,
    KEPT,
    LISTED,
    MOST_BYTES,
    MOST_NAME,
    MOST_STEPS,
    MOST_TENSORS,
    READ,
    Contents,
    Stored,
    few,
    listed,
    refusal,
)
from core.gradients.gradients import Gradients
from core.gradients.stepped import Place, places
from core.strategies import Array

FIRST = {  # keys that a checkpoint begins with
    *("state_dict", "model_state_dict", "model_state", "optimizer", "optimizer_state_dict"),
    *("optimizer_states", "optim_state_dict", "lr_schedulers", "param_groups"),
}
ANY = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq", "square_avg", "momentum_buffer", "param_groups"}
NO_GRADIENT = {"running_mean", "running_var", "num_batches_tracked"}
PART = re.compile(r"[/.]")


def gathered(contents: Contents) -> Gradients:
    """Return the tensors that are gradients; ValueError where there are none, or too many.

    Half precision becomes float32, and all becomes float64 where one tensor is.
    """
    long = [it.name for it in contents.tensors if len(it.name) > MOST_NAME]
    if long:
        raise refusal(f"A name has more than {MOST_NAME:,} characters: {listed(long[:1])}.")
    said = [*contents.warnings, *_suspicions(contents.tensors)]
    other = [it for it in contents.tensors if it.kind not in FLOATS]
    empty = [it.name for it in contents.tensors if it.kind in FLOATS and not it.size]
    kept = [it for it in contents.tensors if it.kind in FLOATS and it.size]
    if not kept:
        named = f": {_kinds(other)}" if other else " that is not empty" if empty else ""
        raise refusal(f"The {contents.format} file holds no tensor of {READ}{named}.")
    if other:
        said.append(f"Left out, since they are no tensors of {READ}: {_kinds(other)}.")
    if empty:
        said.append(f"Left out, since they are empty: {listed(empty)}.")
    placed, warnings = places(kept)
    pairs = [(place, it) for place, it in zip(placed, kept, strict=True) if place]
    steps = sorted({place.step for place, _ in pairs})
    names, partial = _common(pairs, len(steps))
    said += warnings
    if not names:
        raise refusal(f"No tensor is in all {len(steps):,} steps with the same shape.")
    if partial:
        said.append(
            f"Left out, since not every step has them in the same shape: {listed(partial)}."
        )
    shapes = {place.name: it.shape for place, it in pairs}
    kept_names = set(names)
    pairs = [(place, it) for place, it in pairs if place.name in kept_names]
    return Gradients(
        _unique(names),
        tuple(shapes[it] for it in names),
        tuple(steps),
        _values(pairs, steps, names),
        contents.format,
        tuple(said),
    )


def _suspicions(tensors: Sequence[Stored]) -> list[str]:
    """Return what tells weights from gradients; ValueError for what is surely a checkpoint."""
    for it in tensors:
        parts = PART.split(it.name)
        key = parts[0] if parts[0] in FIRST else next((part for part in parts if part in ANY), "")
        if key:
            raise refusal(
                f"By its key {listed([key])} the file is a checkpoint, with weights or states of "
                "an optimizer and not gradients."
            )
        if parts[-1] in NO_GRADIENT:
            return [f"{listed([it.name])} has no gradient: these look like weights."]
    return []


def _kinds(tensors: Sequence[Stored]) -> str:
    return few([f"{shown(it.name)} ({it.kind})" for it in tensors[:LISTED]], len(tensors))


def _common(pairs: Sequence[tuple[Place, Stored]], steps: int) -> tuple[list[str], list[str]]:
    """Return the names that all steps have in the same shape, and the others."""
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for place, it in pairs:
        shapes.setdefault(place.name, []).append(it.shape)
    if len(shapes) > MOST_TENSORS:
        raise refusal(f"A step has more than {MOST_TENSORS:,} tensors.")
    names = list(shapes)
    if names == sorted(names):  # by the alphabet, in which 10 comes before 2
        names.sort(key=_natural)
    kept = {it: None for it in names if len(shapes[it]) == steps and len(set(shapes[it])) == 1}
    return list(kept), [it for it in names if it not in kept]


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"([0-9]{1,15})", name[:KEPT])
    return [(int(part), "") if i % 2 else (0, part) for i, part in enumerate(parts)]


def _values(pairs: Sequence[tuple[Place, Stored]], steps: list[int], names: list[str]) -> Array:
    """Return the numbers (S, n), loaded tensor by tensor."""
    if len(steps) > MOST_STEPS:
        raise refusal(f"The file has more than {MOST_STEPS:,} steps.")
    sizes = {place.name: it.size for place, it in pairs}
    dtype = np.dtype(np.float64 if any(it.kind == "float64" for _, it in pairs) else np.float32)
    if sum(it.size for _, it in pairs) * dtype.itemsize > MOST_BYTES:
        raise refusal(f"The gradients need more than {MOST_BYTES // 10**6} MB as {dtype.name}.")
    ends = dict(zip(names, np.cumsum([sizes[it] for it in names]).tolist(), strict=True))
    rows = {step: i for i, step in enumerate(steps)}
    values = np.empty((len(steps), ends[names[-1]]), dtype)
    with np.errstate(invalid="ignore"):  # a NaN that signals
        for place, it in pairs:
            end = ends[place.name]
            part = values[rows[place.step], end - it.size : end].reshape(it.shape, copy=False)
            part[...] = it.load()
    return values


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Return names that can be shown, still each another."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        kept = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[:KEPT])
        kept += "…" * (len(name) > KEPT)
        seen[kept] = seen.get(kept, 0) + 1
        result.append(kept if seen[kept] == 1 else f"{kept} ({seen[kept]})")
    return tuple(result)

"""What PyTorch saved: tensors in dictionaries and lists, read without executing anything.

Only archives are read: what PyTorch saved before 1.6 claims memory before it shows what is there.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from core.gradients.formats.npy import stem
from core.gradients.formats.tensors import (
    MOST_DIMENSIONS,
    MOST_HEADER,
    MOST_STORED,
    Contents,
    Stored,
    refusal,
)
from core.gradients.formats.zips import Member

PICKLE = "/data.pkl"
DEPTH = 6  # of dictionaries in dictionaries
MOST_LOOKS = 1_000_000
MOST_PATH = 1000  # characters: a long key may lead to many tensors
PLAIN = (int, float, str, bytes, type(None))


def read_pytorch(members: list[Member], name: str) -> Contents:
    """Read a tensor, or dictionaries and lists of them; a dictionary by steps is seen as such.

    Raises ValueError where anything else is held.
    """
    import torch  # takes a second

    if any(it.size > MOST_HEADER for it in members if it.name.endswith(PICKLE)):
        raise refusal(f"The file describes its tensors in more than {MOST_HEADER // 10**6} MB.")
    try:
        held = torch.load(_repacked(members), weights_only=True, map_location="cpu")
    except Exception:  # as many kinds as there are wrong files
        raise refusal(
            "The PyTorch file is damaged, or holds more than tensors, numbers, lists and "
            "dictionaries, which would have to be executed."
        ) from None
    found = []
    for i, (path, value) in enumerate(_leaves(held)):
        if i >= MOST_STORED:
            raise refusal(f"The file holds more than {MOST_STORED:,} tensors.")
        found.append(_stored(path or stem(name), value))
    return Contents("PyTorch", found)


def _repacked(members: list[Member]) -> io.BytesIO:
    """Return the archive anew: another reader may see other members in the one that came."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member in members:
            archive.writestr(member.name, member.content())
    packed.seek(0)
    return packed


def _leaves(held: Any) -> Iterator[tuple[str, Any]]:
    """Yield what stands in dictionaries and lists, each with its path; a few looks at each."""
    looks = 0
    waiting = [("", held, DEPTH)]
    while waiting:
        path, value, depth = waiting.pop()
        items: list[tuple[Any, Any]] = []
        if depth and isinstance(value, Mapping):
            items = list(value.items())
        elif depth and isinstance(value, list | tuple):
            items = list(enumerate(value))
        looks += 1 + len(items)
        if looks > MOST_LOOKS:  # what is held many times would be looked at as often
            raise refusal(f"The file holds more than {MOST_LOOKS:,} entries.")
        if all(isinstance(inner, PLAIN) for _, inner in items):
            yield path, value
            continue
        waiting += [(_path(path, *item), item[1], depth - 1) for item in reversed(items)]


def _path(path: str, key: Any, inner: Any) -> str:
    # What a number leads to is a step, unless it is a tensor itself.
    is_step = isinstance(key, int) and isinstance(inner, Mapping | list | tuple)
    text = f"{key:d}" if isinstance(key, int) and abs(key) < 10**15 else str(key)[:MOST_PATH]
    return f"{path}{'/' * bool(path)}{'step' * is_step}{text}"[:MOST_PATH]


def _stored(name: str, value: Any) -> Stored:
    import torch

    if not isinstance(value, torch.Tensor):
        return Stored(name, "None" if value is None else type(value).__name__)
    if value.layout is not torch.strided or value.device.type != "cpu" or value.is_quantized:
        return Stored(name, "sparse, quantized or without numbers")
    if value.dim() > MOST_DIMENSIONS:
        raise refusal("A tensor has too many dimensions.")
    kind = str(value.dtype).removeprefix("torch.")

    def load() -> NDArray[Any]:
        plain = value.detach().resolve_neg()
        return (plain.float() if kind == "bfloat16" else plain).numpy()

    return Stored(name, kind, tuple(value.shape), load)

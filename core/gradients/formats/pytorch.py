"""What PyTorch saved: tensors in dictionaries and lists, read without executing anything.

PyTorch itself is not asked, for even its `weights_only` allows what returns memory of others. Only
archives are read: what PyTorch saved before 1.6 claims memory before it shows what is there.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from core.gradients.formats.machine import Entries, Meaning
from core.gradients.formats.npy import stem
from core.gradients.formats.pickles import unpickled
from core.gradients.formats.rebuilding import called, named
from core.gradients.formats.storages import Archive, Tensor
from core.gradients.formats.tensors import (
    MOST_NAME,
    MOST_STORED,
    Contents,
    Stored,
    damaged,
    refusal,
)
from core.gradients.formats.zips import Member

PICKLE = "/data.pkl"
ORDERS = {b"little": "<", b"big": ">"}
DEPTH = 6  # of dictionaries in dictionaries
MOST_PICKLE = 4_000_000  # bytes: the tensors, which lie elsewhere, take about 150 each
MOST_LOOKS = 1_000_000
PLAIN = (int, float, str, type(None))


def read_pytorch(members: list[Member], name: str) -> Contents:
    """Read a tensor, or dictionaries and lists of them; a dictionary by steps is seen as such.

    Raises ValueError where anything else is held.
    """
    pickles = [it for it in members if it.name.endswith(PICKLE)]
    if len(pickles) != 1:
        raise damaged("PyTorch")
    if pickles[0].size > MOST_PICKLE:
        raise refusal(f"The file describes its tensors in more than {MOST_PICKLE // 10**6} MB.")
    archive = _archive(members, pickles[0].name.removesuffix(PICKLE))
    held = unpickled(pickles[0].content(), Meaning(named, called, archive.storage))
    found = []
    for i, (path, value) in enumerate(_leaves(held)):
        if i >= MOST_STORED:
            raise refusal(f"The file holds more than {MOST_STORED:,} tensors.")
        found.append(_stored(path or stem(name), value))
    return Contents("PyTorch", found)


def _archive(members: list[Member], root: str) -> Archive:
    place = f"{root}/data/"
    parts = {it.name.removeprefix(place): it for it in members if it.name.startswith(place)}
    told = [it for it in members if it.name == f"{root}/byteorder"]  # since PyTorch 2.1
    if not told:
        return Archive(parts, "<")
    if told[0].size > max(map(len, ORDERS)) or (order := bytes(told[0].content())) not in ORDERS:
        raise damaged("PyTorch")
    return Archive(parts, ORDERS[order])


def _leaves(held: Any) -> Iterator[tuple[str, Any]]:
    """Yield what stands in dictionaries and lists, each with its path; a few looks at each."""
    looks = 0
    waiting = [iter([("", held)])]
    while waiting:
        if not (found := next(waiting[-1], None)):
            waiting.pop()
            continue
        path, value = found
        inside = value.pairs if isinstance(value, Entries) else value
        if len(waiting) > DEPTH or not isinstance(inside, list | tuple):
            inside = ()
        looks += 1 + len(inside)
        if looks > MOST_LOOKS:  # what is held many times would be looked at as often
            raise refusal(f"The file holds more than {MOST_LOOKS:,} entries.")
        items = inside if isinstance(value, Entries) else list(enumerate(inside))
        if all(isinstance(inner, PLAIN) for _, inner in items):
            yield path, value
        else:
            waiting.append(_inside(path, items))


def _inside(path: str, items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    return ((_path(path, key, inner), inner) for key, inner in items)


def _path(path: str, key: Any, inner: Any) -> str:
    # What a number leads to is a step, unless it is a tensor itself.
    is_step = isinstance(key, int) and isinstance(inner, Entries | list | tuple)
    text = f"{key:d}" if isinstance(key, int) and abs(key) < 10**15 else str(key)[: MOST_NAME + 1]
    return f"{path}{'/' * bool(path)}{'step' * is_step}{text}"[: MOST_NAME + 1]


def _stored(name: str, value: Any) -> Stored:
    match value:
        case Tensor():
            return Stored(name, value.kind, value.shape, value.load)
        case None:
            return Stored(name, "None")
        case Entries():
            return Stored(name, "dict")
        case bool() | int() | float() | str() | list() | tuple():
            return Stored(name, type(value).__name__)
    return Stored(name, "another type")

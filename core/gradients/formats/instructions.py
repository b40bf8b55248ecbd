"""The instructions of a pickle that build plain values; there are no others.

Source: Python, module pickletools, which describes them.
"""

import pickletools
from collections.abc import Callable
from typing import IO, Any

from core.gradients.formats.machine import Entries, Machine, marked, popped, several, unclear
from core.gradients.formats.tensors import MOST_NAME

MOST_ARGUMENTS = 16  # of a call; more would be copied at every call
MOST_GLOBAL = 100  # characters of a name that could be known, and of its module
MOST_IN_KEY = 8
SCALARS = (str, int, float, type(None))


def _append(machine: Machine, items: list[Any]) -> None:
    if not (machine.stack and isinstance(machine.stack[-1], list)):
        raise unclear()
    machine.stack[-1].extend(items)


def _enter(machine: Machine, items: list[Any]) -> None:
    keys = items[::2]
    held = machine.stack[-1] if machine.stack else None
    if len(items) % 2 or not isinstance(held, Entries) or not all(map(_is_key, keys)):
        raise unclear()
    held.pairs.extend(zip(keys, items[1::2], strict=True))


def _is_key(key: Any) -> bool:
    if not isinstance(key, tuple):
        return isinstance(key, SCALARS)
    return len(key) <= MOST_IN_KEY and all(
        isinstance(it, SCALARS) and not (isinstance(it, str) and len(it) > MOST_NAME) for it in key
    )


def _memorize(machine: Machine, index: int | None) -> None:
    # Every writer counts up. What is already memorized is never replaced.
    if not machine.stack or index not in (None, len(machine.memo)):
        raise unclear()
    machine.memo.append(machine.stack[-1])


def _remember(machine: Machine, index: int) -> None:
    if index >= len(machine.memo):
        raise unclear()
    machine.stack.append(machine.memo[index])


def _name(machine: Machine, parts: list[Any]) -> None:
    if not all(isinstance(it, str) and len(it) <= 2 * MOST_GLOBAL for it in parts):
        raise unclear()
    machine.stack.append(machine.meaning.named(" ".join(parts)))


def _call(machine: Machine) -> None:
    called, arguments = several(machine, 2)
    if not isinstance(arguments, tuple) or len(arguments) > MOST_ARGUMENTS:
        raise unclear()
    machine.stack.append(machine.meaning.called(called, arguments))


def _build(machine: Machine) -> None:
    """Leave out the attributes of a dictionary, such as the versions of a state_dict."""
    popped(machine)
    if not (machine.stack and isinstance(machine.stack[-1], Entries)):
        raise unclear()


def _push(machine: Machine, value: Any) -> None:
    machine.stack.append(value)


def _global(stream: IO[bytes]) -> str:
    """Return a name and, before it and a space, its module, which stand in two lines."""
    lines = [stream.readline(MOST_GLOBAL) for _ in range(2)]
    if not all(it.endswith(b"\n") for it in lines):
        raise ValueError
    return " ".join(str(it[:-1], "ascii") for it in lines)


Act = Callable[[Machine, Any], None]
ACTS: dict[str, Act] = {  # by their names in pickletools
    **dict.fromkeys(("PROTO", "FRAME"), lambda _, __: None),
    **dict.fromkeys(("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"), _push),
    **dict.fromkeys(("BINUNICODE", "SHORT_BINUNICODE"), _push),
    "NONE": lambda it, _: _push(it, None),
    "NEWTRUE": lambda it, _: _push(it, True),
    "NEWFALSE": lambda it, _: _push(it, False),
    "EMPTY_TUPLE": lambda it, _: _push(it, ()),
    "EMPTY_LIST": lambda it, _: _push(it, []),
    "EMPTY_DICT": lambda it, _: _push(it, Entries()),
    "MARK": lambda it, _: it.marks.append(len(it.stack)),
    "TUPLE": lambda it, _: _push(it, tuple(marked(it))),
    "TUPLE1": lambda it, _: _push(it, tuple(several(it, 1))),
    "TUPLE2": lambda it, _: _push(it, tuple(several(it, 2))),
    "TUPLE3": lambda it, _: _push(it, tuple(several(it, 3))),
    "APPEND": lambda it, _: _append(it, several(it, 1)),
    "APPENDS": lambda it, _: _append(it, marked(it)),
    "SETITEM": lambda it, _: _enter(it, several(it, 2)),
    "SETITEMS": lambda it, _: _enter(it, marked(it)),
    **dict.fromkeys(("BINPUT", "LONG_BINPUT", "MEMOIZE"), _memorize),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), _remember),
    "GLOBAL": lambda it, name: _name(it, [name]),
    "STACK_GLOBAL": lambda it, _: _name(it, several(it, 2)),
    "BINPERSID": lambda it, _: _push(it, it.meaning.persistent(popped(it))),
    "REDUCE": lambda it, _: _call(it),
    "BUILD": lambda it, _: _build(it),
}
INSTRUCTIONS = {
    it.code.encode("latin-1"): (it.arg.reader if it.arg else None, ACTS[it.name])
    for it in pickletools.opcodes
    if it.name in ACTS
} | {b"c": (_global, ACTS["GLOBAL"])}  # where pickletools would warn of a backslash

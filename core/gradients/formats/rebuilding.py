"""What the names in a pickle of PyTorch stand for; nothing that bears them is called.

Source: PyTorch, torch/_utils.py, the functions _rebuild_tensor to _rebuild_tensor_v3.
"""

import re
from collections.abc import Callable
from typing import Any

from core.gradients.decoding import shown
from core.gradients.formats.machine import Entries, unclear
from core.gradients.formats.storages import UNTYPED, Name, Storage, Tensor, check
from core.gradients.formats.tensors import FLOATS, refusal

UNREAD = "sparse, quantized or without numbers"
STORAGES = {  # kinds of their numbers; of those that no gradient has, what a sentence calls them
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Float": "float32",
    "Double": "float64",
    "ComplexFloat": "complex64",
    "ComplexDouble": "complex128",
    "Char": "int8",
    "Short": "int16",
    "Int": "int32",
    "Long": "int64",
    "Byte": "uint8",
    "Bool": "bool",
    **dict.fromkeys(("QInt8", "QInt32", "QUInt8", "QUInt4x2", "QUInt2x4"), UNREAD),
}
STORAGE = {f"torch {name}Storage": kind for name, kind in STORAGES.items()} | {
    "torch.storage UntypedStorage": UNTYPED
}
DTYPE = re.compile(r"torch ((?:b?float|u?int|complex|bool|bits|qu?int)[0-9a-z_]{0,12})")
LAYOUTS = re.compile(r"torch per_(tensor|channel)_[a-z_]{0,30}")  # of quantized tensors


def named(name: str) -> Name:
    """Return what a name stands for; ValueError with a sentence where it is not known."""
    if name in STORAGE:
        return Name(name, STORAGE[name], is_storage=True)
    if found := DTYPE.fullmatch(name):
        return Name(name, found[1])
    if name in CALLS or name in TYPES or LAYOUTS.fullmatch(name):
        return Name(name)
    raise refusal(
        f"The PyTorch file holds {shown(name.replace(' ', '.'))}, which would have to be executed."
    )


def called(name: Any, arguments: tuple[Any, ...]) -> Any:
    """Return what is built of arguments, as PyTorch would; ValueError where nothing is."""
    if not isinstance(name, Name) or name.text not in CALLS:
        raise unclear()
    return CALLS[name.text](arguments)


def _tensor(arguments: tuple[Any, ...]) -> Tensor:
    match arguments:
        case (Storage() as storage, int(offset), tuple(shape), tuple(strides), *rest):
            dtype = next((it.kind for it in rest if isinstance(it, Name) and it.kind), storage.kind)
            tensor = Tensor(storage, dtype, offset, shape, strides, _is_negative(rest))
            if dtype in FLOATS:
                check(tensor, storage)
                return tensor
            return Tensor(None, dtype)
    raise unclear()


def _is_negative(rest: list[Any]) -> bool:
    told = rest[-1] if rest and isinstance(rest[-1], Entries) else Entries()
    return any(key == "neg" and value is True for key, value in told.pairs[:2])


def _inner(arguments: tuple[Any, ...]) -> Tensor:
    match arguments:
        case (Tensor() as tensor, *_):
            return tensor
    raise unclear()


def _with_attributes(arguments: tuple[Any, ...]) -> Tensor:
    match arguments:
        case (Name(text=text), Name(), tuple(inner), _) if text in VIEWS:
            return _tensor(inner)
    raise unclear()


def _empty(arguments: tuple[Any, ...]) -> Entries:
    if arguments:
        raise unclear()
    return Entries()


def _sides(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    match arguments:
        case (tuple(sides),):
            return sides
    raise unclear()


TYPES = {"torch Tensor", "torch._tensor Tensor", "torch.nn.parameter Parameter"}  # never called
VIEWS = dict.fromkeys((f"torch._utils _rebuild_tensor{it}" for it in ("", "_v2", "_v3")), _tensor)
CALLS: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    **VIEWS,
    "torch._utils _rebuild_parameter": _inner,
    "torch._utils _rebuild_parameter_with_state": _inner,
    "torch._tensor _rebuild_from_type_v2": _with_attributes,
    "collections OrderedDict": _empty,
    "torch Size": _sides,
    **dict.fromkeys(
        (
            "torch._utils _rebuild_sparse_tensor",
            "torch._utils _rebuild_qtensor",
            "torch._utils _rebuild_meta_tensor_no_storage",
            "torch._utils _rebuild_nested_tensor",
            "torch.serialization _get_layout",
        ),
        lambda _: Tensor(None, UNREAD),
    ),
}

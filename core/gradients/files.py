"""Files of recorded gradients, told by their first bytes, whatever they are called."""

from core.gradients.formats import npy, zips
from core.gradients.formats.npz import read_npz
from core.gradients.formats.pytorch import PICKLE, read_pytorch
from core.gradients.formats.safetensors import START, read_safetensors
from core.gradients.formats.tensors import MOST_BYTES, Contents, refusal
from core.gradients.gathering import gathered
from core.gradients.gradients import Gradients

MOST_SAFETENSORS_HEADER = 100_000_000  # bytes, by the format
EMPTY_ZIP = b"PK\x05\x06"
PICKLES = tuple(b"\x80" + bytes([version]) for version in range(2, 6))


def looks_like_gradients(data: bytes) -> bool:
    r"""Return whether a file is of a kind that holds tensors, be it right or not, or a text.

    >>> looks_like_gradients(b"step,grad_norm\n1,0.5\n")
    False
    """
    return data.startswith((npy.MAGIC, zips.MAGIC, EMPTY_ZIP, *PICKLES)) or _is_safetensors(data)


def read_gradients(data: bytes, name: str) -> Gradients:
    """Read gradients of one step or several; the file's name names a tensor that has none.

    Which numbers in names are steps, `core.gradients.stepped.places` says. Nothing is executed, and
    nothing is unpacked or allocated beyond the limits of `core.gradients.formats.tensors`.

    Raises ValueError with a sentence for the reader that says what was wrong and what is accepted.
    """
    if len(data) > MOST_BYTES:
        raise refusal(f"The file has more than {MOST_BYTES // 10**6} MB.")
    return gathered(_contents(data, name))


def _contents(data: bytes, name: str) -> Contents:
    if data.startswith(npy.MAGIC):
        return npy.read_npy(data, name)
    if data.startswith((zips.MAGIC, EMPTY_ZIP)):
        members = zips.members(data)
        if any(member.name.endswith(PICKLE) for member in members):
            return read_pytorch(members, name)
        return read_npz(members)
    if _is_safetensors(data):
        return read_safetensors(data)
    if data.startswith(PICKLES):
        raise refusal(
            "The file is a pickle, which is executed as it is read: load it where you trust it, "
            "and save it by torch.save of PyTorch 1.6 or later, or as npz."
        )
    raise refusal("The file holds no tensors." if data else "The file is empty.")


def _is_safetensors(data: bytes) -> bool:
    length = int.from_bytes(data[:START], "little")
    return length <= MOST_SAFETENSORS_HEADER and data[START : START + 1] == b"{"

"""Arrays by name, as NumPy saves them in a zip archive."""

from core.gradients.formats.npy import MOST_NPY_HEADER, header_of, stored
from core.gradients.formats.tensors import FLOATS, Contents, Stored, damaged, listed, refusal
from core.gradients.formats.zips import Member


def read_npz(members: list[Member]) -> Contents:
    """Read the arrays of an archive; what else it holds is left alone."""
    arrays = [it for it in members if it.name.endswith(".npy")]
    others = [it.name for it in members if not it.name.endswith(".npy")]
    if not arrays:
        held = f" but {listed(others)}" if others else ""
        raise refusal(f"The zip file holds no arrays{held}: unpack a log before you bring it.")
    said = (f"Left out, since they are no arrays: {listed(others)}.",) if others else ()
    return Contents("npz", [_stored(it) for it in arrays], said)


def _stored(member: Member) -> Stored:
    name = member.name.removesuffix(".npy")
    header = header_of(member.head(MOST_NPY_HEADER))
    if header.kind not in FLOATS:
        return Stored(name, header.kind)
    if header.end != member.size:
        raise damaged("npz")
    return Stored(
        name, header.kind, header.shape, lambda: stored(member.content(), name, header).load()
    )

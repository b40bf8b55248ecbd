"""The members of a zip archive, checked before anything is unpacked."""

import io
import zipfile
import zlib
from dataclasses import dataclass

from core.gradients.formats.tensors import MOST_BYTES, MOST_STORED, damaged, refusal

MAGIC = b"PK\x03\x04"
RECORD = b"PK\x01\x02"  # of the directory, one for each member
LOCAL = 30  # bytes of a member's own header, before its name
MOST_RATIO = 1032  # of unpacked to packed bytes: more is impossible
CHUNK = 2**16  # packed bytes at a time
FEW = 100  # members that are no tensors


@dataclass(frozen=True, eq=False)
class Member:
    """One file in an archive."""

    name: str
    size: int  # bytes, unpacked
    packed: memoryview
    is_deflated: bool
    checksum: int

    def head(self, size: int) -> bytearray | memoryview:
        """Return up to so many bytes from the beginning."""
        if not self.is_deflated:
            return self.packed[:size]
        return self._unpacked(min(size, self.size))

    def content(self) -> bytearray | memoryview:
        """Return all bytes; ValueError where they are not those that were packed."""
        whole = self._unpacked(self.size) if self.is_deflated else self.packed
        if len(whole) != self.size or zlib.crc32(whole) != self.checksum:
            raise damaged("zip")
        return whole

    def _unpacked(self, most: int) -> bytearray:
        """Return the first bytes, at most so many."""
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        whole = bytearray(most)
        end = 0
        for at in range(0, len(self.packed), CHUNK):
            if end == most:
                break
            try:
                part = stream.decompress(self.packed[at : at + CHUNK], most - end)
            except zlib.error:
                raise damaged("zip") from None
            whole[end : end + len(part)] = part
            end += len(part)
        del whole[end:]
        return whole


def members(data: bytes) -> list[Member]:
    """Return the members of an archive; ValueError for one that is damaged or too large."""
    if data.count(RECORD) > MOST_STORED + FEW:
        raise refusal(f"The file holds more than {MOST_STORED:,} tensors.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # whatever it stumbled over, the directory is not one
        raise damaged("zip") from None
    entries = sorted(archive.infolist(), key=lambda it: it.header_offset)
    if sum(it.file_size for it in entries) > MOST_BYTES:
        raise refusal(f"The file unpacks to more than {MOST_BYTES // 10**6} MB.")
    if len({it.filename for it in entries}) < len(entries):
        raise refusal("Two members of the file have the same name.")
    ends = [*(it.header_offset for it in entries), archive.start_dir][1:]
    found = {it.filename: _member(data, it, end) for it, end in zip(entries, ends, strict=True)}
    # A name may be empty, over which is_dir of zipfile stumbles.
    return [found[name] for name in archive.namelist() if not name.endswith("/")]


def _member(data: bytes, entry: zipfile.ZipInfo, end: int) -> Member:
    at = entry.header_offset
    if entry.flag_bits & 1:
        raise refusal("The zip file is encrypted.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refusal("The zip file is packed by a method other than deflate.")
    if at < 0 or data[at : at + 4] != MAGIC:
        raise damaged("zip")
    name, extra = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (26, 28))
    start = at + LOCAL + name + extra
    stop = start + entry.compress_size
    is_deflated = entry.compress_type == zipfile.ZIP_DEFLATED
    most = MOST_RATIO * entry.compress_size if is_deflated else entry.compress_size
    if stop > min(end, len(data)) or entry.file_size > most:
        raise damaged("zip")
    return Member(
        entry.filename, entry.file_size, memoryview(data)[start:stop], is_deflated, entry.CRC
    )

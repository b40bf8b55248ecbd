"""The bytes of a log as text, and its lines, a few at a time."""

import codecs
import re
from collections.abc import Iterator

MOST_BYTES = 400_000_000
CHUNK = 1 << 20  # characters
MOST_LINE = 1 << 26  # characters
ANSI = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
NORM_SIGN = re.compile(  # such as |g|, ||grad||_2 and ‖∇f‖
    r"(?:\|\|?|[‖∥])(?:g|grads?|gradients?|∇\w{0,9})(?:\|\|?|[‖∥])(?:_?2|₂)?(?!\w)", re.IGNORECASE
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ACCEPTED = (
    "Accepted: a log with norms of gradients as CSV, TSV, JSON or JSON lines, a trainer state, "
    "what a training printed (such as grad_norm: 0.53), or a column of numbers."
)


def text_of(data: bytes) -> str:
    """Decode a log; lines end in line feeds, colors of a terminal are gone, signs are names.

    Raises ValueError with a sentence for the reader where it is no text.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"The file has more than {MOST_BYTES // 10**6} MB. {ACCEPTED}")
    mark, encoding = next(((m, e) for m, e in MARKS if data.startswith(m)), (b"", _unmarked(data)))
    try:
        text = str(memoryview(data)[len(mark) :], encoding)
    except UnicodeDecodeError:
        if mark:
            raise ValueError(
                f"The file begins as {encoding} text and is none. {ACCEPTED}"
            ) from None
        text = str(data, "latin-1")
    head = text[:10_000]
    if len(CONTROL.findall(head)) > len(head) / 20:
        raise ValueError(f"The file is not a text. {ACCEPTED}")
    if "\r" in text:  # of Windows, and of bars that show progress
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = ANSI.sub("", text)
    if NORM_SIGN.search(text, 0, CHUNK):
        text = NORM_SIGN.sub("grad_norm", text)
    if "\0" in text:
        text = text.replace("\0", "")
    text = text.removeprefix("\ufeff")
    if not text or text.isspace():
        raise ValueError(f"The file is empty. {ACCEPTED}")
    return text


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text, without holding all of them at once."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + CHUNK)
        end = len(text) if end < 0 else end
        yield from text[start:end].split("\n")
        start = end + 1


def shown(name: str) -> str:
    """Return a name as it can stand in a sentence, without markup.

    >>> shown("train/grad_norm"), shown("<b>`x`")
    ('`train/grad_norm`', '`<b>x`')
    """
    kept = "".join(c for c in name[:60] if c.isprintable() and c not in "`\\")
    return f"`{kept.strip() or ' '}{'…' if len(name) > 60 else ''}`"


def _unmarked(data: bytes) -> str:
    head = data[:1000]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) > 3 and zeros.count(0) > 0.6 * len(zeros):
            return encoding
    return "utf-8"

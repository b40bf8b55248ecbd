"""What readers upload stays in memory."""

from starlette.formparsers import MultiPartParser

MOST = 2**40  # bytes: more than any upload may have


def keep_off_disk() -> None:
    """Let no part of an upload be spooled into a temporary file, as Starlette does from 1 MB on."""
    MultiPartParser.spool_max_size = MOST

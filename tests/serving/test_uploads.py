"""What a reader uploads is written to no disk, as the page promises."""

import asyncio
from collections.abc import AsyncIterator

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser

import app  # noqa: F401  # what it sets holds for all that the server does

LARGE = b"x" * 3_000_000
BODY = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    + LARGE
    + b"\r\n--b--\r\n"
)


async def body() -> AsyncIterator[bytes]:
    for start in range(0, len(BODY), 65_536):
        yield BODY[start : start + 65_536]


def test_a_large_upload_is_not_spooled_to_a_file() -> None:
    headers = Headers({"content-type": "multipart/form-data; boundary=b"})

    async def upload() -> tuple[bool, bytes]:
        form = await MultiPartParser(headers, body()).parse()
        file = form["file"]
        rolled = file.file._rolled
        content = await file.read()
        await form.close()
        return rolled, content

    rolled, content = asyncio.run(upload())
    assert content == LARGE
    assert not rolled

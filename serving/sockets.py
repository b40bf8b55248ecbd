"""Answers that leave at once."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from streamlit import App

DESCRIPTORS = Path("/dev/fd")  # the open files of this process, where the system lists them


@asynccontextmanager
async def at_once(app: App) -> AsyncIterator[None]:
    """Have all connections send without waiting (TCP_NODELAY), as asyncio has it by itself.

    Streamlit opens its socket without naming the protocol, and asyncio then does not see that it is
    TCP. What is written in two pieces, as every answer is, then waits for the other side to
    acknowledge the first one: 40 ms on Linux, for each of a hundred scripts and for every message.
    Connections inherit what the socket has that they come in by.
    """
    for descriptor in list_sockets():
        with suppress(OSError), socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM) as it:
            if it.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                it.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    yield


def list_sockets() -> list[int]:
    """Return the open sockets of this process; none where the system does not list open files."""
    if not DESCRIPTORS.is_dir():
        return []
    return [int(entry.name) for entry in DESCRIPTORS.iterdir() if entry.is_socket()]

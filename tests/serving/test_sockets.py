"""Connections that send at once."""

import socket
from typing import Any, cast

import pytest

from serving.sockets import DESCRIPTORS, at_once, list_sockets


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="the system does not list open files")
def test_connections_to_a_socket_that_listens_send_at_once() -> None:
    def accepted() -> int:
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as connection:
            return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    def start() -> None:
        # By hand: other tests of this process may have a loop that runs.
        with pytest.raises(StopIteration):
            at_once(cast(Any, None)).__aenter__().send(None)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        before = list_sockets()
        assert not accepted()
        start()
        assert accepted()
        assert len(list_sockets()) == len(before)  # none stays open

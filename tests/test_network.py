"""Law 6: tests cannot reach the network beyond loopback."""

import socket

import pytest


def test_the_outside_world_cannot_be_reached():
    with pytest.raises(RuntimeError, match="192.0.2.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_loopback_can():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()

"""Ports on loopback that nobody has."""

from __future__ import annotations

import socket


def free_tcp() -> int:
    """A port where nobody listens."""
    return _free(socket.SOCK_STREAM)


def free_udp() -> int:
    """A port where nothing is received."""
    return _free(socket.SOCK_DGRAM)


def _free(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

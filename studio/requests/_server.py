"""The web server on a thread of its own, by uvicorn: bounded in connections, sizes and time."""

from __future__ import annotations

import asyncio
import socket
from asyncio import TimerHandle, Transport
from collections import Counter
from threading import Thread
from typing import Any, ClassVar, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from studio.document.errors import StudioError

MOST_CONNECTIONS = 400
MOST_OF_AN_ADDRESS = 24
_HEADER_S = 10.0
"""So long the beginning of a request may take."""
_IDLE_S = 3
_MOST_HEADER_BYTES = 16_384
_PATIENCE_S = 3.0
_BACKLOG = 256
_NOWHERE = "10.255.255.255"


class RequestsError(StudioError):
    """The page cannot be opened. Its text is one sentence for the artist."""


class _Protocol(H11Protocol):
    """Closes connections that are slow to say what they want, and too many from one address."""

    open_from: ClassVar[Counter[str]] = Counter()
    _hurry: TimerHandle | None = None
    _address = ""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self.open_from[self._address] += 1
        if self.open_from[self._address] > MOST_OF_AN_ADDRESS:
            transport.abort()
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.open_from[self._address] -= 1
        if self.open_from[self._address] <= 0:
            del self.open_from[self._address]
        self._rest()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._rest()
        elif self._hurry is None:
            self._await_request()

    def _await_request(self) -> None:
        self._rest()
        self._hurry = self.loop.call_later(_HEADER_S, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()

    def _rest(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None


class Server:
    """Serves `app` from its making until `close`. Raises `RequestsError` where it cannot."""

    def __init__(self, app: ASGIApp, port: int, *, open_to_network: bool) -> None:
        self._socket = _bound("0.0.0.0" if open_to_network else "127.0.0.1", port)  # on purpose
        self.is_open_to_network = open_to_network
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            http=_Protocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=_IDLE_S,
            timeout_graceful_shutdown=1,
            h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._run, name="requests", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """What is typed or scanned to come here."""
        host = own_address() if self.is_open_to_network else "127.0.0.1"
        return f"http://{host}:{self.port}/"

    def close(self) -> None:
        """Serve nobody any more."""
        self._server.should_exit = True
        self._thread.join(_PATIENCE_S)
        self._socket.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))


def own_address() -> str:
    """The address of this computer in its network, by numbers. Nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_NOWHERE, 9))
        except OSError:
            return "127.0.0.1"
        return cast(str, probe.getsockname()[0])


def _bound(host: str, port: int) -> socket.socket:
    made: Any = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets others share a port otherwise
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_BACKLOG)  # who comes before the loop runs waits
    except OSError as error:
        made.close()
        raise RequestsError(
            f"Port {port} could not be opened for songs on request: another program may have it."
        ) from error
    return cast(socket.socket, made)

"""A phone, and a page on loopback for it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from studio.document.parameters import Choice
from studio.music.wishes.wish import parse
from studio.requests._app import Page, Seals
from studio.requests._server import Server
from studio.requests.archive import Archive
from studio.requests.queue import SongQueue
from studio.requests.votes import Votes

GENRE = Choice(name="genre", label="Genre", options=("any", "reel", "jig", "air"), default="reel")
TONIC = Choice(name="tonic", label="Key", options=("C", "D", "A"), default="D")
MODE = Choice(name="mode", label="Mode", options=("major", "minor"), default="major")
PARAMETERS = (GENRE, TONIC, MODE)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Place:
    """A queue, an archive and the page that serves them."""

    def __init__(self, folder: Path, seals: Seals | None = None) -> None:
        self.queue = SongQueue(lambda words: (parse(words, PARAMETERS), 30.0))
        self.archive = Archive(folder)
        self.until_next_s: float | None = 12.0
        self.votes = Votes()
        until_next_s = lambda: self.until_next_s  # noqa: E731
        page = Page(self.queue, self.archive, lambda: PARAMETERS, until_next_s, seals, self.votes)
        self.server = Server(page.app(), 0, open_to_network=False)

    def raw(self, data: bytes, *, ends: bool = False) -> bytes:
        """Send bytes as they are, and read until the server closes."""
        with socket.create_connection(("127.0.0.1", self.server.port), 20) as line:
            line.sendall(data)
            if ends:
                line.shutdown(socket.SHUT_WR)
            found = bytearray()
            try:
                while part := line.recv(65536):
                    found += part
            except ConnectionError:
                pass
            return bytes(found)


@contextmanager
def place(folder: Path, seals: Seals | None = None) -> Iterator[Place]:
    """A page that is closed at the end."""
    made = Place(folder, seals)
    try:
        yield made
    finally:
        made.server.close()


class Phone:
    """Keeps its cookie, and fills in forms."""

    def __init__(self, at: Place) -> None:
        self.at = at
        self.cookie = self.seal = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self._send("GET", path, b"", headers)

    def open(self) -> Answer:
        """The page to ask on."""
        answer = self.get("/")
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        self.seal = re.findall(r'name="seal" value="([0-9a-f]+)"', answer.text)[0]
        return answer

    def post(self, path: str, /, **fields: str) -> Answer:
        data = urlencode({"seal": self.seal, **fields}).encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, data, kind)

    def _send(self, method: str, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        lines = {
            "host": f"127.0.0.1:{self.at.server.port}",
            "connection": "close",
            "content-length": str(len(data)),
            **({"cookie": self.cookie} if self.cookie else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return parsed(self.at.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data))


def parsed(data: bytes) -> Answer:
    """An answer as it came over the line."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Answer(int(first.split()[1]), {k.lower(): v for k, v in headers.items()}, body)

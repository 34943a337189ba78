"""Small servers on loopback: as much of IRC and of Mastodon as songs on request ask of them."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.ports import free_tcp

PATIENCE_S = 20.0
_WELCOME = (("001", ":Welcome"), ("375", ":-"), ("372", ":You are here"), ("376", ":>"))


class IrcServer:
    """Takes one client, lets it join, and says what the test says."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.lines: Queue[str] = Queue()
        self.nick = ""
        self._line: socket.socket | None = None
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, by: str, channel: str, words: str) -> None:
        """Somebody writes in the channel."""
        self._send(f":{by}!{by}@host PRIVMSG {channel} :{words}")

    def until(self, fits: Callable[[str], bool]) -> str:
        """The next line of the client that fits."""
        while True:
            line = self.lines.get(timeout=PATIENCE_S)
            if fits(line):
                return line

    def close(self) -> None:
        """End, and the line with it."""
        self._listening.close()
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_S)

    def _serve(self) -> None:
        with suppress(OSError):
            self._line, _ = self._listening.accept()
            with self._line, self._line.makefile("rb") as read:
                for data in read:
                    line = data.decode().rstrip("\r\n")
                    self._answer(line)
                    self.lines.put(line)

    def _answer(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        match word.upper():
            case "CAP" if rest.startswith("LS"):
                self._send(":here CAP * LS :")
            case "NICK":
                self.nick = rest
            case "USER":
                for number, words in _WELCOME:
                    self._send(f":here {number} {self.nick} {words}")
            case "JOIN":
                self._send(f":{self.nick}!{self.nick}@host JOIN {rest}")
                self._send(f":here 353 {self.nick} = {rest} :{self.nick}")
                self._send(f":here 366 {self.nick} {rest} :End of names")
            case "PING":
                self._send(f":here PONG here {rest}")

    def _send(self, line: str) -> None:
        if self._line is not None:
            self._line.sendall(f"{line}\r\n".encode())


_NGIRCD = """\
[Global]
Name = irc.example
Info = A server for a test
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = Hello
PidFile = {folder}/pid
[Options]
DNS = no
Ident = no
PAM = no
"""


@contextmanager
def real_irc_server(folder: Path) -> Iterator[int]:
    """ngIRCd on a port of loopback, which is given."""
    port, file = free_tcp(), folder / "ngircd.conf"
    file.write_text(_NGIRCD.format(port=port, folder=folder))
    with subprocess.Popen(("ngircd", "-n", "-f", file), stdout=subprocess.DEVNULL) as server:
        try:
            yield port
        finally:
            server.terminate()


class IrcGuest:
    """Somebody who writes on a real server."""

    def __init__(self, port: int, name: str) -> None:
        until_s = monotonic() + PATIENCE_S
        while True:
            try:
                self._line = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
                break
            except ConnectionRefusedError:
                assert monotonic() < until_s
        self._read = self._line.makefile("rb")
        self.send(f"NICK {name}\r\nUSER {name} 0 * :{name}")
        self.until(" 376 ")

    def __enter__(self) -> IrcGuest:
        return self

    def __exit__(self, *_: object) -> None:
        self._read.close()
        self._line.close()

    def send(self, line: str) -> None:
        self._line.sendall(f"{line}\r\n".encode())

    def until(self, word: str) -> str:
        """The next line with a word in it."""
        for data in self._read:
            line: str = data.decode().rstrip()
            if line.startswith("PING"):
                self.send(line.replace("PING", "PONG"))
            if word in line:
                return line
        raise AssertionError(f"the server has gone before it said {word!r}")


class MastodonServer:
    """Has mentions, and keeps what is answered."""

    def __init__(self, token: str) -> None:
        self.mentions: list[dict[str, Any]] = []
        self.answers: Queue[dict[str, str]] = Queue()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                self._say(outer._found(asked.path, parse_qs(asked.query)))

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["content-length"])).decode()
                if self.headers["content-type"].startswith("application/json"):
                    fields = json.loads(data)
                else:
                    fields = {name: values[0] for name, values in parse_qs(data).items()}
                outer.answers.put(fields)
                self._say(outer._status("900", "<p>ok</p>"))

            def _say(self, said: object) -> None:
                good = self.headers["authorization"] == f"Bearer {token}"
                data = json.dumps(said if good else {"error": "The access token is invalid"})
                self.send_response(200 if good else 401)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data.encode())

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def mention(self, content: str) -> None:
        """Somebody writes a post that mentions the account."""
        number = str(100 + len(self.mentions))
        self.mentions.append(
            {
                "id": number, "type": "mention", "created_at": "2026-01-01T00:00:00.000Z",
                "account": self._account(), "status": self._status(number, content),
            }
        )  # fmt: skip

    def answer(self) -> dict[str, str]:
        """The next one."""
        return self.answers.get(timeout=PATIENCE_S)

    def is_silent(self) -> bool:
        """Whether nothing was answered."""
        with suppress(Empty):
            self.answers.get(timeout=0.2)
            return False
        return True

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE_S)

    def _found(self, path: str, query: dict[str, list[str]]) -> object:
        if path == "/api/v1/notifications":
            since = int(query.get("since_id", ["0"])[0])
            return [each for each in self.mentions[::-1] if int(each["id"]) > since]
        if path == "/api/v1/accounts/verify_credentials":
            return self._account("1", "band")
        return {}

    def _account(self, number: str = "7", name: str = "ann") -> dict[str, Any]:
        return {"id": number, "username": name, "acct": name, "display_name": name.title()}

    def _status(self, number: str, content: str) -> dict[str, Any]:
        return {
            "id": number, "content": content, "visibility": "unlisted", "account": self._account(),
            "mentions": [{"id": "1", "acct": "band", "username": "band", "url": ""}],
            "spoiler_text": "", "sensitive": False, "language": "en",
        }  # fmt: skip


@contextmanager
def irc_server() -> Iterator[IrcServer]:
    """One that is closed at the end."""
    made = IrcServer()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def mastodon_server(token: str) -> Iterator[MastodonServer]:
    """One that is closed at the end."""
    made = MastodonServer(token)
    try:
        yield made
    finally:
        made.close()

"""The page that phones open: an ASGI application, written for a network that is not trusted.

It has no script and loads nothing from elsewhere; every answer says so in its headers. What comes
in is bounded before it is read, and whatever is put into a page is escaped (see `_pages`).
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import time
from urllib.parse import parse_qs, urlsplit

from h11 import LocalProtocolError
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.document.parameters import Parameter
from studio.requests import _pages
from studio.requests.archive import Archive
from studio.requests.queue import RefusalError, SongQueue, SongRequest
from studio.requests.votes import Votes

SESSION_S = 12 * 3600
"""So long a phone is known; nothing is kept of it longer."""
MOST_BYTES = 8192
"""Of a form."""
MOST_PATH = 200
BODY_S = 10.0
_COOKIE = "phone"
_MIN_REFRESH_S, _MAX_REFRESH_S = 5, 15
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16}")
_CHOICE, _PLACE = re.compile(r"[01]"), re.compile(r"([0-9]),([0-9])")
_SOUND = "audio/mpeg"
_KINDS = {
    "song.mp3": _SOUND,
    "song.mid": "audio/midi",
    "song.abc": "text/plain; charset=utf-8",
    "picture.jpg": "image/jpeg",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser does not say where a form is
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Seals:
    """Phones' cookies and the seals of their forms, neither of which can be made elsewhere. All of
    them end with the program."""

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._secret = secrets.token_bytes(32)
        self._clock = clock

    def cookie(self) -> str:
        """A new phone's."""
        plain = f"{secrets.token_urlsafe(12)}.{int(self._clock())}"
        return f"{plain}.{self._sign(plain)}"

    def phone(self, cookie: str) -> str | None:
        """Who has this cookie; None where it is not ours or too old."""
        plain, _, signed = cookie.rpartition(".")
        phone, _, begun = plain.rpartition(".")
        if not _same(signed, self._sign(plain)):
            return None
        return phone if 0 <= self._clock() - int(begun) < SESSION_S else None

    def seal(self, cookie: str) -> str:
        """What the forms of this phone carry."""
        return self._sign(f"form {cookie}")

    def fits(self, seal: str, cookie: str) -> bool:
        """Whether a form is this phone's own."""
        return _same(seal, self.seal(cookie))

    def _sign(self, plain: str) -> str:
        return hmac.digest(self._secret, plain.encode("utf-8", "replace"), "sha256").hex()[:32]


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode("utf-8", "replace"), b.encode("utf-8", "replace"))


class Page:
    """The addresses: `/` to ask, `/song/TOKEN` for what becomes of it, and the keepsake's files;
    `/crowd` to vote.

    `parameters` are the composing engine's; `until_next_s` says how many seconds what sounds now
    goes on, or None while nothing plays.
    """

    def __init__(
        self,
        queue: SongQueue,
        archive: Archive,
        parameters: Callable[[], Sequence[Parameter]],
        until_next_s: Callable[[], float | None],
        seals: Seals | None = None,
        votes: Votes | None = None,
    ) -> None:
        self._queue, self._archive, self._votes = queue, archive, votes or Votes()
        self._parameters, self._until_next_s = parameters, until_next_s
        self._seals = seals or Seals()

    def app(self) -> ASGIApp:
        """The application, behind its guard."""
        return Guard(
            Starlette(
                routes=[
                    Route("/", self._form),
                    Route("/ask", self._ask, methods=["POST"]),
                    Route("/crowd", self._crowd),
                    Route("/vote", self._vote, methods=["POST"]),
                    Route("/mood", self._vote, methods=["POST"]),
                    Route("/style.css", self._style),
                    Route("/song/{token}", self._song),
                    Route("/song/{token}/take-back", self._take_back, methods=["POST"]),
                    Route("/song/{token}/{name}", self._file),
                ]
            )
        )

    # -- addresses -----------------------------------------------------------------------------

    async def _form(self, request: Request) -> Response:
        return self._to_phone(request, self._asking)

    async def _crowd(self, request: Request) -> Response:
        return self._to_phone(request, self._voting)

    def _to_phone(self, request: Request, page: Callable[[str], str]) -> Response:
        """The page for the cookie of this phone, which gets one with its first page."""
        cookie = request.cookies.get(_COOKIE, "")
        is_new = self._seals.phone(cookie) is None
        cookie = self._seals.cookie() if is_new else cookie
        answer = HTMLResponse(page(cookie))
        if is_new:
            answer.set_cookie(_COOKIE, cookie, max_age=SESSION_S, httponly=True, samesite="lax")
        return answer

    async def _style(self, _: Request) -> Response:
        return Response(_pages.style(), media_type="text/css")

    async def _ask(self, request: Request) -> Response:
        cookie, form = request.cookies.get(_COOKIE, ""), await _form_of(request)
        phone = self._seals.phone(cookie)
        if form is None or phone is None or not self._seals.fits(form.get("seal", ""), cookie):
            return _sentence("That page is too old. Please open it again and ask once more.", 403)
        words = form.get("words", "").strip() or _chosen(form)
        name, address = form.get("name", ""), request.client.host if request.client else ""
        try:
            asked = self._queue.ask(words, name=name, phone=phone, address=address)
        except RefusalError as error:
            said = str(error)
            return HTMLResponse(self._asking(cookie, words, name, said), status_code=409)
        return RedirectResponse(f"/song/{asked.token}", 303)

    async def _vote(self, request: Request) -> Response:
        cookie, form = request.cookies.get(_COOKIE, ""), await _form_of(request)
        phone = self._seals.phone(cookie)
        if form is None or phone is None or not self._seals.fits(form.get("seal", ""), cookie):
            return _sentence("That page is too old. Please open it again.", 403)
        address = request.client.host if request.client else ""
        chosen, place = (
            _CHOICE.fullmatch(form.get("choice", "")),
            _PLACE.fullmatch(form.get("at", "")),
        )
        try:
            if place is not None:
                self._votes.move(int(place[1]), int(place[2]), phone=phone, address=address)
            elif chosen is not None:
                self._votes.choose(int(chosen[0]), phone=phone, address=address)
        except RefusalError as error:
            return HTMLResponse(self._voting(cookie, str(error)), status_code=409)
        return RedirectResponse("/crowd", 303)

    async def _song(self, request: Request) -> Response:
        token = request.path_params["token"]
        if _TOKEN.fullmatch(token) is None:
            return _nothing()
        asked, song = self._queue.find(token), self._archive.find(token)
        if song is not None and (asked is None or asked.state == "played"):
            return HTMLResponse(_pages.keepsake(song, self._archive.there(song), at_home=False))
        if asked is None:
            return _nothing()
        words, refresh_s = self._told(asked)
        seal = self._seals.seal(request.cookies.get(_COOKIE, ""))
        return HTMLResponse(_pages.state(asked, words, seal, refresh_s))

    async def _take_back(self, request: Request) -> Response:
        token, cookie = request.path_params["token"], request.cookies.get(_COOKIE, "")
        form, asked = await _form_of(request), self._queue.find(token)
        phone = self._seals.phone(cookie)
        if form is None or phone is None or not self._seals.fits(form.get("seal", ""), cookie):
            return _sentence("That page is too old. Please open it again.", 403)
        if asked is None:
            return _nothing()
        if asked.phone != phone:
            return _sentence("Only the phone that asked for it can take it back.", 403)
        self._queue.take_back(token)
        return RedirectResponse(f"/song/{token}", 303)

    async def _file(self, request: Request) -> Response:
        song = self._archive.find(request.path_params["token"])
        name = request.path_params["name"]
        path = None if song is None else self._archive.file(song, name)
        if song is None or path is None:
            return _nothing()
        kept = None if name == "picture.jpg" else f"{song.folder}{path.suffix}"
        return FileResponse(path, media_type=_KINDS[name], filename=kept,
                            content_disposition_type="inline")  # fmt: skip

    # -- words ---------------------------------------------------------------------------------

    def _asking(self, cookie: str, typed: str = "", name: str = "", said: str = "") -> str:
        return _pages.ask(
            _pages.choices(self._parameters()),
            self._seals.seal(cookie),
            waiting=len(self._queue.line),
            typed=typed[:300],
            name=name[:24],
            said=said,
            votes=self._votes.is_open,
        )

    def _voting(self, cookie: str, said: str = "") -> str:
        phone = self._seals.phone(cookie) or ""
        return _pages.crowd(self._votes, phone, self._seals.seal(cookie), said)

    def _told(self, asked: SongRequest) -> tuple[str, int]:
        """What becomes of it, and after how many seconds to look again; 0: never."""
        match asked.state:
            case "sounding":
                return "It sounds now: this one is yours.", _MIN_REFRESH_S
            case "next":
                return f"It comes next, and sounds {self._soon(0.0)}.", _MIN_REFRESH_S
            case "played":
                return "It has been played.", _MIN_REFRESH_S
            case "refused":
                return "It is not played.", 0
        before, seconds = self._queue.wait(asked.token) or (0, 0.0)
        first = "No song comes" if before == 0 else "One song comes" if before == 1 else ""
        first = f"{first or f'{before} songs come'} before it"
        if asked.state == "asked":
            return f"{first}. The performer has yet to let it through.", _MAX_REFRESH_S
        return f"{first}. It sounds {self._soon(seconds)}.", min(
            _MAX_REFRESH_S, _MIN_REFRESH_S * (1 + before)
        )

    def _soon(self, seconds: float) -> str:
        now_s = self._until_next_s()
        if now_s is None:
            return "as soon as the music begins"
        left = now_s + seconds
        return "in a moment" if left < 20 else f"in about {_roughly(left)}"


def _roughly(seconds: float) -> str:
    if seconds < 90:
        return f"{10 * max(1, round(seconds / 10))} seconds"
    return f"{round(seconds / 60)} minutes"


def _chosen(form: dict[str, str]) -> str:
    """The three taps as words."""
    said = [form.get(name, "") for name in ("mood", "genre")]
    key = form.get("key", "")
    return " ".join([*filter(None, said), *(["in", key] if key else [])])[:100]


async def _form_of(request: Request) -> dict[str, str] | None:
    """The fields of a form of ours, each once; None for anything else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    origin = request.headers.get("origin")
    if kind != "application/x-www-form-urlencoded" or not _is_own(origin, request.headers):
        return None
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                data += part
                if len(data) > MOST_BYTES:
                    return None
        fields = parse_qs(data.decode("utf-8"), max_num_fields=20, errors="strict")
    except (ClientDisconnect, TimeoutError, ValueError):
        return None
    return {name: values[0] for name, values in fields.items()}


def _is_own(origin: str | None, headers: Headers) -> bool:
    """Whether a form comes from a page of ours, as far as the browser says."""
    try:
        return origin is None or urlsplit(origin).netloc == headers.get("host", "")
    except ValueError:
        return False


def _sentence(words: str, status: int) -> Response:
    return HTMLResponse(_pages.message(words), status_code=status)


def _nothing() -> Response:
    return _sentence("There is nothing here.", 404)


class Guard:
    """Lets through what a phone on this network would send, and sees to the headers."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            # Who has sent nonsense behind a request has had his answer: the line is closed.
            with suppress(LocalProtocolError):
                await send(message)

        answer = _refusal(scope)
        await (answer or self._inner)(scope, receive, send_with_headers)


def _refusal(scope: Scope) -> Response | None:
    """What is said to a request that no page of ours sends."""
    headers = Headers(scope=scope)
    if scope["method"] not in ("GET", "HEAD", "POST"):
        return _sentence("That cannot be done here.", 405)
    if len(scope["path"]) > MOST_PATH or len(scope["query_string"]) > MOST_PATH:
        return _nothing()
    if len(headers.getlist("host")) != 1 or not is_ours(headers["host"]):
        return _sentence("Open the address that is on stage, by its numbers.", 421)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > MOST_BYTES:
        return _sentence("That is more than a wish.", 413)
    return None


def is_ours(host: str) -> bool:
    """Whether a Host header names this computer by numbers, or is `localhost`: a name that somebody
    else has made to lead here (DNS rebinding) is refused."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, ""
    if port and not (port.isascii() and port.isdecimal()):
        return False
    if name.lower() == "localhost":
        return True
    try:
        return bool(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return False

"""Puts what is asked for in chats into the queue, and tells the askers what becomes of it."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Full, Queue
from threading import Lock, Thread

from pydantic import ValidationError

from studio.document.frozen import Frozen
from studio.requests.guests._irc import IrcChat, IrcSettings, TwitchSettings
from studio.requests.guests._mastodon import MastodonChat, MastodonSettings
from studio.requests.guests.adapter import Adapter, AdapterError, Heard
from studio.requests.queue import RefusalError, SongQueue, SongRequest, State
from studio.storage import files

_log = logging.getLogger(__name__)
FILE = "guests.toml"
_MOST_BYTES = 20_000
MOST_OF_A_CHAT = 20
"""So many songs of one chat wait at most."""
_MOST_ANSWERS = 50
_LEAVING_S = 3.0


class _Named(Frozen):
    irc: IrcSettings | None = None
    twitch: TwitchSettings | None = None
    mastodon: MastodonSettings | None = None


def read(folder: Path) -> tuple[Adapter, ...]:
    """The chats that `guests.toml` in `folder` names. Raises `AdapterError`."""
    try:
        with files.open_plain(folder / FILE) as file:
            named = _Named.model_validate(tomllib.loads(file.read(_MOST_BYTES).decode()))
    except FileNotFoundError as error:
        raise AdapterError(f"No chat is named: there is no {FILE} in {folder}.") from error
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise AdapterError(f"{FILE}: {where}: {error.errors()[0]['msg']}.") from error
    except (OSError, ValueError) as error:
        raise AdapterError(f"{FILE} cannot be read: {error}.") from error
    return tuple(_made(named))


def _made(named: _Named) -> Iterator[Adapter]:
    if named.irc is not None:
        yield IrcChat(named.irc)
    if named.twitch is not None:
        yield IrcChat(named.twitch.irc, "Twitch")
    if named.mastodon is not None:
        yield MastodonChat(named.mastodon)


class Gathering:
    """The chats that are open. `notice(sentence)` is told, on the thread of this, what went wrong;
    `link(token)` is the address of a song's page, None where guests cannot reach it."""

    def __init__(
        self,
        queue: SongQueue,
        adapters: Sequence[Adapter],
        notice: Callable[[str], None],
        link: Callable[[str], str | None],
    ) -> None:
        self._queue, self._adapters = queue, tuple(adapters)
        self._notice, self._link = notice, link
        self._lock = Lock()
        self._waiting: dict[str, tuple[Adapter, Heard, State]] = {}
        """What was asked for and is not over, by token."""
        self._tasks: Queue[Callable[[], None] | None] = Queue(_MOST_ANSWERS)
        self._closed = False
        for adapter in self._adapters:
            self._tasks.put(partial(self._open, adapter))
        self._thread = Thread(target=self._run, name="guests", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """See what became of the songs, and tell who asked. Call it some times a second."""
        with self._lock:
            waiting = list(self._waiting.items())
        for token, (adapter, heard, before) in waiting:
            asked = self._queue.find(token)
            state: State = "refused" if asked is None else asked.state
            if state == before:
                continue
            with self._lock:
                if state in ("played", "refused"):
                    del self._waiting[token]
                else:
                    self._waiting[token] = adapter, heard, state
            if words := self._told(token, asked, state):
                self._answer(adapter, heard, words)

    def close(self) -> None:
        """Leave all chats."""
        self._closed = True
        with suppress(Full):
            self._tasks.put_nowait(None)
        self._thread.join(_LEAVING_S)

    # -- any thread ----------------------------------------------------------------------------

    def _hear(self, adapter: Adapter, heard: Heard) -> None:
        if self._closed:
            return
        with self._lock:
            many = sum(each is adapter for each, _, _ in self._waiting.values())
        try:
            if many >= MOST_OF_A_CHAT:
                raise RefusalError("Enough songs of this chat wait already.")
            phone = f"{adapter.title} {heard.writer}"
            asked = self._queue.ask(heard.words, name=heard.name, phone=phone)
        except RefusalError as error:
            self._answer(adapter, heard, str(error))
            return
        with self._lock:
            self._waiting[asked.token] = adapter, heard, asked.state
        self._answer(adapter, heard, self._taken(asked))

    def _answer(self, adapter: Adapter, heard: Heard, words: str) -> None:
        """Where too many answers wait, this one is left out: the song is played all the same."""
        with suppress(Full):
            self._tasks.put_nowait(partial(adapter.answer, heard, words))

    def _taken(self, asked: SongRequest) -> str:
        before, _ = self._queue.wait(asked.token) or (0, 0.0)
        songs = {0: "it is next", 1: "one song comes first"}.get(
            before, f"{before} songs come first"
        )
        if asked.state == "asked":
            songs += "; the performer has yet to let it through"
        return f"{asked.title}: {songs}."

    def _told(self, token: str, asked: SongRequest | None, state: State) -> str:
        title = "Your song" if asked is None else asked.title
        link = self._link(token)
        match state:
            case "sounding":
                return f"{title} sounds now." + (f" Your keepsake: {link}" if link else "")
            case "refused":
                return f"{title} is not played."
        return ""

    # -- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closed and (task := self._tasks.get()) is not None:
            try:
                task()
            except AdapterError as error:
                self._notice(str(error))
            except Exception:  # noqa: BLE001 - a guest's library runs here
                _log.exception("guests")
        for adapter in self._adapters:
            adapter.close()

    def _open(self, adapter: Adapter) -> None:
        adapter.open(partial(self._hear, adapter))
        self._notice(f"Songs can be asked for on {adapter.title}.")

"""Songs that are asked for in a channel of IRC, or in the chat of a stream on Twitch, which speaks
IRC: whoever writes `!song a slow air in A minor`. By pydle (BSD-3-Clause)."""

from __future__ import annotations

import asyncio
import importlib
import re
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as LateError
from threading import Thread
from typing import Annotated, Any

from pydantic import Field

from studio.document.frozen import Frozen
from studio.requests.guests.adapter import AdapterError, Heard

_CONNECT_S, _SEND_S = 20.0, 10.0
_LONGEST = 400
"""Characters of an answer: a line of IRC has 512 bytes with all that stands before it."""
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s]+$")]


class IrcSettings(Frozen):
    """`[irc]` in `guests.toml`."""

    server: Word
    channel: Word
    name: Word
    port: Annotated[int, Field(ge=1, le=65535)] = 6697
    tls: bool = True
    password: Word | None = None
    command: Word = "!song"


class TwitchSettings(Frozen):
    """`[twitch]` in `guests.toml`."""

    channel: Word
    name: Word
    token: Word
    server: Word = "irc.chat.twitch.tv"
    port: Annotated[int, Field(ge=1, le=65535)] = 6697
    tls: bool = True
    command: Word = "!song"

    @property
    def irc(self) -> IrcSettings:
        """The same as IRC has it: channels are called after their owner, in small letters."""
        token = self.token if self.token.startswith("oauth:") else f"oauth:{self.token}"
        channel = f"#{self.channel.lstrip('#').lower()}"
        return IrcSettings(
            server=self.server, channel=channel, name=self.name.lower(), port=self.port,
            tls=self.tls, password=token, command=self.command,
        )  # fmt: skip


class IrcChat:
    """An `Adapter` on a thread of its own while it is open."""

    def __init__(self, settings: IrcSettings, title: str = "IRC") -> None:
        self.title, self._settings = title, settings
        self._wish = re.compile(rf"{re.escape(settings.command)}\s+(\S.*)", re.IGNORECASE)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._client: Any = None

    def open(self, hear: Callable[[Heard], None]) -> None:
        """Of `Adapter`; it has joined the channel then."""
        try:
            pydle = importlib.import_module("pydle")
        except ImportError as error:
            raise AdapterError(
                f"{self.title} needs pydle: pip install 'latent-loom[chat]'."
            ) from error
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, args=(self._loop,), name="irc", daemon=True)
        self._thread.start()
        settings = self._settings
        try:
            self._do(self._join(pydle, hear), _CONNECT_S)
        except (OSError, LateError, TimeoutError, pydle.Error) as error:
            self.close()
            raise AdapterError(f"{self.title}: {settings.server} cannot be reached.") from error

    def answer(self, heard: Heard, words: str) -> None:
        """Of `Adapter`."""
        line = f"{heard.name}: {' '.join(words.split())}"[:_LONGEST]
        try:
            self._do(self._client.message(self._settings.channel, line), _SEND_S)
        except (OSError, LateError, AttributeError) as error:
            raise AdapterError(f"{self.title} did not take an answer.") from error

    def close(self) -> None:
        """Of `Adapter`."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(_SEND_S)
        self._thread = None

    # -- the thread ----------------------------------------------------------------------------

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        loop.run_until_complete(self._leave())
        loop.close()

    async def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None and client.connected:
            client.RECONNECT_ON_ERROR = False
            await client.disconnect()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _join(self, pydle: Any, hear: Callable[[Heard], None]) -> None:
        joined, settings = asyncio.Event(), self._settings

        class Client(pydle.MinimalClient):  # type: ignore[misc]
            RECONNECT_MAX_ATTEMPTS = None

            async def on_connect(inner) -> None:  # noqa: N805
                await super().on_connect()
                await inner.join(settings.channel)

            async def whois(inner, _: str) -> None:  # noqa: N805
                """Nobody is asked about: pydle waits for the answer, and Twitch gives none."""

            async def on_join(inner, channel: str, user: str) -> None:  # noqa: N805
                await super().on_join(channel, user)
                if user == inner.nickname:
                    joined.set()

            async def on_channel_message(inner, where: str, by: str, said: str) -> None:  # noqa: N805
                await super().on_channel_message(where, by, said)
                found = self._wish.fullmatch(said.strip())
                if found is not None and by != inner.nickname:
                    hear(Heard(found[1], by, by.casefold()))

        self._client = Client(settings.name, realname="Latent Loom")
        await self._client.connect(
            settings.server, settings.port, tls=settings.tls, tls_verify=True,
            password=settings.password,
        )  # fmt: skip
        await joined.wait()

    def _do(self, what: Coroutine[Any, Any, Any], patience_s: float) -> None:
        if self._loop is None:
            what.close()
            raise OSError("closed")
        asyncio.run_coroutine_threadsafe(what, self._loop).result(patience_s)

"""Songs that are asked for on Mastodon, by posts that mention the account. By Mastodon.py (MIT)."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from html.parser import HTMLParser
from threading import Event, Thread
from typing import Annotated, Any

from pydantic import Field

from studio.document.frozen import Frozen
from studio.requests.guests.adapter import AdapterError, Heard

_log = logging.getLogger(__name__)
_MOST = 20
"""Mentions that are taken at once."""
_TIMEOUT_S = 10
_LONGEST = 480
_LEAVING_S = 2.0


class MastodonSettings(Frozen):
    """`[mastodon]` in `guests.toml`."""

    server: Annotated[str, Field(max_length=200, pattern=r"^https?://\S+$")]
    token: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+$")]
    look_every_s: Annotated[float, Field(ge=0.05, le=600)] = 15.0


class MastodonChat:
    """An `Adapter` that looks for mentions from time to time."""

    title = "Mastodon"

    def __init__(self, settings: MastodonSettings) -> None:
        self._settings, self._over = settings, Event()
        self._api: Any = None
        self._refusals: tuple[type[Exception], ...] = ()
        self._seen: object = None
        self._thread: Thread | None = None

    def open(self, hear: Callable[[Heard], None]) -> None:
        """Of `Adapter`. What was written before is not heard."""
        try:
            module = importlib.import_module("mastodon")
        except ImportError as error:
            raise AdapterError(
                "Mastodon needs Mastodon.py: pip install 'latent-loom[chat]'."
            ) from error
        self._refusals = (module.MastodonError, OSError)
        self._over.clear()
        try:
            self._api = module.Mastodon(
                api_base_url=self._settings.server, access_token=self._settings.token,
                request_timeout=_TIMEOUT_S, version_check_mode="none",
            )  # fmt: skip
            latest = self._api.notifications(types=["mention"], limit=1)
        except self._refusals as error:
            raise AdapterError(
                f"Mastodon: {self._settings.server} cannot be reached, or does not know the token."
            ) from error
        self._seen = latest[0].id if latest else 0
        self._thread = Thread(target=self._run, args=(hear,), name="mastodon", daemon=True)
        self._thread.start()

    def answer(self, heard: Heard, words: str) -> None:
        """Of `Adapter`: as publicly as the post was."""
        try:
            self._api.status_reply(heard.to, words[:_LONGEST])
        except self._refusals as error:
            raise AdapterError("Mastodon did not take an answer.") from error

    def close(self) -> None:
        """Of `Adapter`."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(_LEAVING_S)
            self._thread = None

    def _run(self, hear: Callable[[Heard], None]) -> None:
        while not self._over.wait(self._settings.look_every_s):
            try:
                found = self._api.notifications(types=["mention"], since_id=self._seen, limit=_MOST)
            except self._refusals as error:
                _log.warning("mastodon: %s", error)
                continue
            for each in reversed(found):
                self._seen = each.id
                if each.status is not None:
                    account = each.account
                    words = plain(each.status.content)
                    hear(Heard(words, account.display_name or account.username, str(account.id),
                               each.status))  # fmt: skip


def plain(content: str) -> str:
    """The words of a post, without its mentions."""
    words = _Words()
    words.feed(content[:5000])
    words.close()
    return " ".join(w for w in "".join(words.found).split() if not w.startswith("@"))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        """A line ends: words on both sides are two."""
        if tag in ("br", "p"):
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        """Text."""
        self.found.append(data)

"""What a chat has to offer so that songs can be asked for in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from studio.document.errors import StudioError


class AdapterError(StudioError):
    """A chat that cannot be opened, or an answer that was not sent: a sentence for the artist."""


@dataclass(frozen=True)
class Heard:
    """A wish that somebody has written."""

    words: str
    name: str
    """What the writer is called there."""
    writer: str
    """Who it is, for this chat alone; what counts for how often somebody may ask."""
    to: object = None
    """What the adapter needs to answer."""


class Adapter(Protocol):
    """A chat. Nothing is imported or connected before `open`, which is called on a thread that may
    wait, as is `answer`."""

    title: str
    """What it is called in sentences: "IRC"."""

    def open(self, hear: Callable[[Heard], None]) -> None:
        """Connect, and tell `hear` on any thread what is asked for. Raises `AdapterError`."""

    def answer(self, heard: Heard, words: str) -> None:
        """Say `words` to whoever has written it. Raises `AdapterError`."""

    def close(self) -> None:
        """Hear nothing any more, and leave; also where it was never opened. Does not wait long."""

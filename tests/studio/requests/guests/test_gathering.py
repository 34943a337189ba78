"""Guests by chat come through the same door as phones, and are told what becomes of their songs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Queue
from threading import Event

import pytest

from studio.music.wishes.wish import parse
from studio.requests.guests.adapter import AdapterError, Heard
from studio.requests.guests.gathering import FILE, MOST_OF_A_CHAT, Gathering, read
from studio.requests.queue import SongQueue
from tests.studio.requests.phone import PARAMETERS

PATIENCE_S = 20.0


class Chat:
    title = "Pub"

    def __init__(self, *, opens: bool = True) -> None:
        self.hear: Callable[[Heard], None] = lambda _: None
        self.said: Queue[tuple[str, str]] = Queue()
        self.opens, self.closed = opens, False
        self.opened = Event()

    def open(self, hear: Callable[[Heard], None]) -> None:
        if not self.opens:
            raise AdapterError("The pub is closed.")
        self.hear = hear
        self.opened.set()

    def answer(self, heard: Heard, words: str) -> None:
        self.said.put((heard.name, words))

    def close(self) -> None:
        self.closed = True

    def told(self) -> tuple[str, str]:
        return self.said.get(timeout=PATIENCE_S)


def queue_of_songs() -> SongQueue:
    return SongQueue(lambda words: (parse(words, PARAMETERS), 30.0))


def gathered(queue: SongQueue, chat: Chat, link: str | None = None) -> tuple[Gathering, Queue[str]]:
    """A gathering that has opened its chat."""
    notices: Queue[str] = Queue()
    made = Gathering(queue, [chat], notices.put, lambda token: link and f"{link}{token}")
    return made, notices


def test_a_guest_asks_waits_and_is_told_when_it_sounds(no_thread_left_behind: None) -> None:
    queue, chat = queue_of_songs(), Chat()
    guests, notices = gathered(queue, chat, "http://10.0.0.5:8080/song/")
    assert notices.get(timeout=PATIENCE_S) == "Songs can be asked for on Pub."
    chat.hear(Heard("an air in A minor", "Ann", "ann"))
    assert chat.told() == (
        "Ann", "air · A minor: it is next; the performer has yet to let it through."
    )  # fmt: skip
    asked = queue.line[0]
    assert (asked.name, asked.phone, asked.address) == ("Ann", "Pub ann", "")
    chat.hear(Heard("a jig", "Ann", "ann"))
    assert chat.told() == ("Ann", "Your last song still waits; one at a time.")
    chat.hear(Heard("gibberish", "Bo", "bo"))
    assert chat.told()[1].startswith("That was not understood.")
    queue.lets_through = True
    chat.hear(Heard("a jig", "Bo", "bo"))
    assert chat.told() == ("Bo", "jig: one song comes first.")
    queue.refuse(queue.line[1].token)
    guests.look()
    assert chat.told() == ("Bo", "jig is not played.")
    queue.let_through(asked.token)
    queue.take_next()
    guests.look()
    queue.sounds(asked.token)
    guests.look()
    assert chat.told() == (
        "Ann", f"air · A minor sounds now. Your keepsake: http://10.0.0.5:8080/song/{asked.token}"
    )  # fmt: skip
    queue.played(asked.token)
    guests.look()
    guests.close()
    assert chat.said.empty()
    assert chat.closed


def test_a_crowd_in_a_chat_leaves_room_for_others() -> None:
    queue, chat = queue_of_songs(), Chat()
    guests, notices = gathered(queue, chat)
    notices.get(timeout=PATIENCE_S)
    for number in range(MOST_OF_A_CHAT + 1):
        chat.hear(Heard("a jig", f"G{number}", f"g{number}"))
    answers = [chat.told()[1] for _ in range(MOST_OF_A_CHAT + 1)]
    assert answers[-1] == "Enough songs of this chat wait already."
    assert len(queue.line) == MOST_OF_A_CHAT
    guests.close()


def test_a_chat_that_cannot_be_opened_is_a_sentence() -> None:
    chat = Chat(opens=False)
    guests, notices = gathered(queue_of_songs(), chat)
    assert notices.get(timeout=PATIENCE_S) == "The pub is closed."
    guests.close()


def test_the_file_says_which_chats(tmp_path: Path) -> None:
    def named(text: str) -> list[str]:
        (tmp_path / FILE).write_text(text)
        return [adapter.title for adapter in read(tmp_path)]

    with pytest.raises(AdapterError, match="No chat is named"):
        read(tmp_path)
    docs = (Path(__file__).parents[4] / "docs/songs-on-request.md").read_text()
    example = docs.partition("```toml\n")[2].partition("```")[0]
    assert named(example) == ["IRC", "Twitch", "Mastodon"]
    assert named("") == []
    for wrong, said in (
        ("[irc", "cannot be read"),
        ('[irc]\nserver = "a b"', "irc.server"),
        ("[icq]\nnumber = 1", "icq"),
        ('[mastodon]\nserver = "file:///etc"\ntoken = "x"', "mastodon.server"),
    ):
        with pytest.raises(AdapterError, match=said):
            named(wrong)

"""The pages as HTML. Jinja escapes whatever is put into them; none of them has a script."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from studio.document.parameters import Choice, Parameter
from studio.requests.queue import SongRequest
from studio.requests.votes import PAD, Votes, cell

if TYPE_CHECKING:
    from studio.requests.archive import Song

_HERE = Path(__file__).parent / "templates"
MOODS = ("slow", "fast", "sad", "happy", "busy", "calm")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style() -> bytes:
    """The style sheet of all pages."""
    return (_HERE / "style.css").read_bytes()


def choices(parameters: Sequence[Parameter]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The three taps: what can be chosen of an engine with these parameters."""
    options = {p.name: p.options for p in parameters if isinstance(p, Choice)}
    genres = tuple(name for name in options.get("genre", ()) if name != "any")
    keys = tuple(f"{tonic} {mode}" for mode in ("major", "minor") for tonic in
                 options.get("tonic", ()) if mode in options.get("mode", ()))  # fmt: skip
    every = (("genre", genres), ("mood", MOODS), ("key", keys))
    return tuple((name, offered) for name, offered in every if offered)


def ask(
    offered: Sequence[tuple[str, Sequence[str]]],
    seal: str,
    *,
    waiting: int,
    typed: str = "",
    name: str = "",
    said: str = "",
    votes: bool = False,
) -> str:
    """The page to ask on; `said` is why the last wish was not taken, `votes` whether there is a
    way to those."""
    return _environment().get_template("ask.html").render(
        offered=offered, seal=seal, waiting=waiting, typed=typed, name=name, said=said, votes=votes
    )  # fmt: skip


def crowd(votes: Votes, phone: str, seal: str, said: str = "") -> str:
    """The page to vote on, as `phone` sees it."""
    standing, (choice, place) = votes.standing(), votes.of(phone)
    return _environment().get_template("crowd.html").render(
        options=() if standing.counts is None else votes.options,
        counts=standing.counts,
        choice=choice,
        pad=0 if standing.points is None else PAD,
        place=place,
        mean=None if standing.mean is None else cell(standing.mean),
        people=len(standing.points or ()),
        seal=seal,
        said=said,
    )  # fmt: skip


def state(request: SongRequest, words: str, seal: str, refresh_s: int) -> str:
    """What becomes of a wish, in `words`."""
    return _environment().get_template("state.html").render(
        request=request, words=words, seal=seal, refresh_s=refresh_s
    )  # fmt: skip


def keepsake(song: Song, there: Collection[str], *, at_home: bool) -> str:
    """What is kept of a song; `at_home` in its folder, else at its address."""
    return _environment().get_template("keepsake.html").render(
        song=song, there=there, at_home=at_home, style=style().decode()
    )  # fmt: skip


def index(songs: Sequence[Song]) -> str:
    """All songs, the newest first."""
    return _environment().get_template("index.html").render(
        songs=songs[::-1], style=style().decode()
    )  # fmt: skip


def message(words: str) -> str:
    """One sentence."""
    return _environment().get_template("message.html").render(words=words)

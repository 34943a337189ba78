"""The folder of songs that were asked for: a page for each, with all that it is made of, and an
index page of them all. Everything in it can be opened without this program."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from PIL import Image
from pydantic import Field, ValidationError

from studio.document.arrays import Pixels
from studio.document.frozen import Frozen
from studio.requests import _pages
from studio.requests.queue import SongRequest
from studio.storage import files

_log = logging.getLogger(__name__)

SONG, PAGE, PICTURE = "song.json", "index.html", "picture.jpg"
MADE = ("song.mp3", "song.mid", "song.abc")
"""What `latentloom compose` makes of the wish and the seed."""
SERVED = (*MADE, PICTURE)
_BLOCKED = "blocked.txt"
_MOST_BYTES = 20_000


class Song(Frozen):
    """One song of the archive, as its `song.json` keeps it."""

    number: int = Field(ge=1, le=999_999)
    token: str = Field(pattern=r"^[A-Za-z0-9_-]{16}$")
    wish: str = Field(max_length=300)
    understood: str = Field(max_length=1000)
    name: str = Field(default="", max_length=40)
    seed: int
    engine: str = Field(max_length=100)
    at: str = Field(max_length=40)

    @property
    def folder(self) -> str:
        """What its folder is called: "0012-air-a-minor-24-bars"."""
        plain = re.sub(r"[^a-z0-9]+", "-", self.understood.lower()).strip("-")[:40].strip("-")
        return f"{self.number:04d}-{plain or 'song'}"

    @property
    def command(self) -> str:
        """What makes it again, as it is typed: with quotation marks that a shell reads as such."""
        words = re.sub(r"""["'\\$`!\x00-\x1f]""", " ", self.wish)
        return f'latentloom compose --seed {self.seed} -- "{words}"'


class Archive:
    """The songs in `folder`, which is made with the first of them. May be used on any thread;
    raises OSError where it writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._songs = {song.token: song for song in _found(folder)}

    @property
    def songs(self) -> tuple[Song, ...]:
        """All of them, by number."""
        with self._lock:
            return tuple(sorted(self._songs.values(), key=lambda song: song.number))

    def find(self, token: str) -> Song | None:
        """The song with this token."""
        with self._lock:
            return self._songs.get(token)

    def file(self, song: Song, name: str) -> Path | None:
        """One of `SERVED` of a song, if it is there. No other file has an address."""
        path = self.folder / song.folder / name
        return path if name in SERVED and path.is_file() and not path.is_symlink() else None

    def blocked(self) -> tuple[str, ...]:
        """The performer's own words that are not taken, from `blocked.txt`; none without it."""
        with (
            suppress(OSError, UnicodeDecodeError),
            files.open_plain(self.folder / _BLOCKED) as file,
        ):
            return tuple(file.read(_MOST_BYTES).decode().split())
        return ()

    def begin(self, request: SongRequest, seed: int, engine: str, picture: Pixels | None) -> Song:
        """Give a song that is being played its number and its folder."""
        with self._lock:
            number = max((song.number for song in self._songs.values()), default=0) + 1
            song = Song(
                number=number,
                token=request.token,
                wish=request.words,
                understood=request.title[:1000],
                name=request.name,
                seed=seed,
                engine=engine,
                at=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
            )
            folder = self.folder / song.folder
            folder.mkdir(parents=True)
            self._songs[song.token] = song
        files.replace(folder / SONG, song.model_dump_json(indent=2).encode())
        if picture is not None:
            with files.Draft(folder / PICTURE) as path:
                Image.fromarray(picture).save(path, "JPEG", quality=90)
        self.write_pages(song)
        return song

    def write_pages(self, song: Song) -> None:
        """The page of a song as it is now, and the index."""
        page = _pages.keepsake(song, self.there(song), at_home=True)
        files.replace(self.folder / song.folder / PAGE, page.encode())
        files.replace(self.folder / PAGE, _pages.index(self.songs).encode())

    def there(self, song: Song) -> frozenset[str]:
        """Which of `SERVED` a song has by now."""
        return frozenset(name for name in SERVED if self.file(song, name))


def _found(folder: Path) -> Iterable[Song]:
    """The songs whose folder is called as they say; others are left alone and said in the log."""
    for file in sorted(folder.glob(f"*/{SONG}")):
        try:
            with files.open_plain(file) as opened:
                song = Song.model_validate_json(opened.read(_MOST_BYTES))
        except (OSError, ValidationError) as error:
            _log.warning("no song: %s: %s", file, error)
            continue
        if song.folder == file.parent.name:
            yield song

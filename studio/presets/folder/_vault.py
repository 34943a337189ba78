"""A folder of documents that other programs, and other copies of this one, write to as well.

Nothing is ever written over a file whose content is not the one that the writer has seen, and
nothing under a name that is taken. Between copies of the instrument a lock on the folder makes
each change whole; other programs know no lock, so every single step is safe by itself too.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from filelock import FileLock, Timeout

from studio.presets.errors import BusyError, PresetError, reason
from studio.presets.folder import names
from studio.presets.folder.entries import stamp_of
from studio.presets.plain_files import move_new, put_new, read_bounded, same_file
from studio.storage import files

HIDDEN = ".latent-loom"
"""The folder in the folder: earlier versions, what was deleted, the index, the lock."""

_LOCK_S = 2.0
"""How long another copy may write before we say so; a change takes some hundredths."""
_OURS = re.compile(r"\..+\.(?:json|png|mp4)\.[a-z0-9_]{8}")
"""What `tempfile` calls them."""
_STRAY_S = 3600.0
"""A temporary file this old belongs to nobody any more."""


class ChangedError(PresetError):
    """The file holds something else than what the writer has seen."""


@dataclass(frozen=True, slots=True)
class Signature:
    """By what a file is known to be the same without reading it."""

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, held: os.stat_result) -> Signature:
        return cls(held.st_mtime_ns, held.st_ctime_ns, held.st_size, held.st_ino)


class Vault:
    """The documents `*.json` of `folder`; a `what` is what a sentence calls one of them."""

    def __init__(self, folder: Path, what: str = "preset", limit_bytes: int = 16_000_000) -> None:
        self.folder = folder
        self.hidden = folder / HIDDEN
        self._what = what
        self._limit = limit_bytes
        self._here = RLock()
        self._between = FileLock(self.hidden / "lock", timeout=_LOCK_S)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While it lasts, no other copy of the instrument changes the folder.

        Raises `BusyError` when one is at it for too long, and `PresetError` where nothing can be
        written at all; OSErrors of the body become one sentence as well.
        """
        with self._here:
            try:
                self.hidden.mkdir(parents=True, exist_ok=True)
                self._between.acquire()
            except Timeout as error:
                raise BusyError(
                    "Another Latent Loom is writing to the presets at this moment; try again."
                ) from error
            except (OSError, NotImplementedError) as error:
                why = reason(error) if isinstance(error, OSError) else "it cannot be locked"
                raise PresetError(
                    f"Nothing can be saved in the folder {self.folder.name}: {why}."
                ) from error
            try:
                yield
            except OSError as error:
                raise PresetError(
                    f"The folder {self.folder.name} could not be changed: {reason(error)}."
                ) from error
            finally:
                self._between.release()

    def changed_ns(self) -> int | None:
        """When a name in the folder came, went or was replaced; None where there is no folder."""
        try:
            return self.folder.stat().st_mtime_ns
        except OSError:
            return None

    def scan(self) -> dict[str, Signature]:
        """The names of all documents with their signatures; none where there is no folder.

        Raises `PresetError` where there is one that cannot be read.
        """
        found = {}
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and not entry.name.startswith("."):
                        with suppress(OSError):  # gone since, or a link to nowhere
                            found[entry.name] = Signature.of(entry.stat())
        except FileNotFoundError:
            return {}
        except OSError as error:
            why = reason(error)
            raise PresetError(f"The folder {self.folder.name} cannot be read: {why}.") from error
        return found

    def read(self, name: str) -> bytes:
        """The document called `name`. Raises `PresetError`."""
        return read_bounded(self.folder / name, self._limit, self._what)

    def create(self, stem: str, text: bytes) -> str:
        """Write `text` under a free name like `stem`; returns the name. Raises `PresetError`."""
        self._check_size(text)
        with self.changing():
            name = f"{names.free(stem, self._taken())}.json"
            while not put_new(self.folder / name, text):  # somebody was quicker
                name = f"{names.free(stem, self._taken())}.json"
            return name

    def replace(
        self, name: str, text: bytes, seen: str, keep: Callable[[bytes], object] | None = None
    ) -> None:
        """Write `text` over what `name` holds, if that is still what has the stamp `seen`.

        `keep` is given the old text before. Raises `ChangedError`, or `PresetError`.
        """
        self._check_size(text)
        with self.changing():
            old = self._as_seen(name, seen)
            if old != text:
                if keep:
                    keep(old)
                self._put(name, text)

    def rename(self, name: str, stem: str, followers: tuple[str, ...] = ()) -> str:
        """Call a document something like `stem`, and with it the files beside it with the endings
        `followers`; returns the new name. Raises `PresetError`."""
        with self.changing():
            own = names.folded(Path(name).stem)
            wanted = names.free(stem, self._taken() - {own})
            if f"{wanted}.json" == name:
                return name
            for ending in (*followers, ".json"):  # the document last: it names the others
                old = (self.folder / name).with_suffix(ending)
                if old.exists():
                    move_new(old, self.folder / f"{wanted}{ending}")
            return f"{wanted}.json"

    def tidy(self, now_s: float | None = None) -> None:
        """Finish what a copy of the instrument had begun when it was killed: temporary files go,
        and a file that was being renamed keeps one of its two names. What cannot be done waits."""
        before = (time.time() if now_s is None else now_s) - _STRAY_S
        with suppress(OSError):
            for stray in self.folder.glob(".*.*.*"):
                if _OURS.fullmatch(stray.name) and stray.stat().st_mtime < before:
                    stray.unlink(missing_ok=True)
        if self._named_twice():
            with suppress(PresetError), self.changing():
                for stray in self._named_twice():
                    stray.unlink(missing_ok=True)

    def _named_twice(self) -> list[Path]:
        """Names of files that have another one in this folder too, beyond any doubt: a file system
        that knows no inodes or counts no names is left alone."""
        first: dict[int, Path] = {}
        twice = []
        with suppress(PresetError):
            for name, signature in sorted(self.scan().items()):
                file = self.folder / name
                other = first.setdefault(signature.inode, file)
                if signature.inode and other is not file and same_file(other, file):
                    twice.append(file)
        return twice

    def _put(self, name: str, text: bytes) -> None:
        try:
            files.replace(self.folder / name, text, follow=False)
        except OSError as error:
            raise PresetError(
                f"The {self._what} {name} cannot be written: {reason(error)}."
            ) from error

    def _as_seen(self, name: str, seen: str) -> bytes:
        try:
            old = self.read(name)
        except PresetError as error:
            raise ChangedError(f"The {self._what} {name} is not there any more.") from error
        if stamp_of(old) != seen:
            raise ChangedError(f"The {self._what} {name} was changed by somebody else.")
        return old

    def _taken(self) -> set[str]:
        return {names.folded(Path(e.name).stem) for e in os.scandir(self.folder)}

    def _check_size(self, text: bytes) -> None:
        if len(text) > self._limit:
            raise PresetError(f"The {self._what} is too large to be saved.")

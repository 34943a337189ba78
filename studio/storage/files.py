"""Files that are whole or not there at all: everything that is written is written by this."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO


class Draft:
    """What a file is to hold, written beside it: `path` is an empty file until somebody writes.

    As a context, it takes the place of what `file` held when the block ends well; after an
    exception the old file is as it was and nothing is left beside it. The folder must be there.
    What is no plain file, such as a pipe or /dev/stdout, is written to as it is. A link stays:
    what it leads to is replaced, as where settings are kept under version control; unless
    `follow` is off, for folders that come from others: there a link gives way. Raises OSError.
    """

    def __init__(self, file: Path, follow: bool = True) -> None:
        self._file = Path(os.path.realpath(file)) if follow and file.is_symlink() else file
        self._in_place = self._file.exists() and not (self._file.is_file() or self._file.is_dir())
        self.path = self._file if self._in_place else self._created()

    def _created(self) -> Path:
        """With the rights that any new file gets, or those that the old one has."""
        kept = self._file.name.encode(errors="surrogateescape")[:200].decode(errors="ignore")
        path = self._file.with_name(f".{kept}.{secrets.token_hex(4)}")  # as long as can be
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        with suppress(OSError):
            path.chmod(self._file.stat().st_mode & 0o777)
        return path

    def put(self) -> None:
        """It is complete: see it onto the disk, and let it take its place."""
        if self._in_place:
            return
        self.see_to_disk()
        self.path.replace(self._file)
        see_to_disk(self._file.parent)

    def see_to_disk(self) -> None:
        """The content: after a power cut it must not be empty under its name."""
        with self.path.open("r+b") as written:
            os.fsync(written.fileno())

    def drop(self) -> None:
        """It is not wanted: take it away, if it has not taken its place. Never raises."""
        if not self._in_place:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.put()
        finally:
            self.drop()


def replace(file: Path, data: bytes, follow: bool = True) -> None:
    """Put `data` in the place of what `file` held, all or nothing (see `Draft`). Raises OSError."""
    with Draft(file, follow) as path:
        path.write_bytes(data)


def set_aside(file: Path) -> Path:
    """Give a file that cannot be read a name beside its own, since somebody's work may be in it;
    returns that name. Raises OSError."""
    aside = file.with_suffix(f".unreadable{file.suffix}")
    number = 2
    while aside.exists():
        aside = file.with_suffix(f".unreadable-{number}{file.suffix}")
        number += 1
    return file.replace(aside)


def open_plain(file: Path) -> BinaryIO:
    """`file`, to be read. Raises OSError, also for what is no plain file: a pipe would keep us
    waiting, and a device has no end."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no plain file", str(file))
    return file.open("rb")


def see_to_disk(folder: Path) -> None:
    """The name as well: after a power cut the folder must know the new file."""
    if os.name == "nt":
        return  # folders cannot be opened there; NTFS keeps a journal of names
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files that are whole or not there at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


def replace(file: Path, data: bytes) -> None:
    """Put `data` in the place of what `file` held, all or nothing, and see it onto the disk.

    Raises OSError, and then the old file is untouched. The folder must be there.
    """
    handle, temporary = beside(file)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        with suppress(OSError):  # there is no old file, or its system knows no modes
            shutil.copymode(file, temporary)
        temporary.replace(file)
        see_to_disk(file.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def beside(file: Path) -> tuple[int, Path]:
    """A new file next to `file`, to be written and renamed, and its descriptor.

    Others may read it as they may read any new file of ours (`tempfile` makes files for the owner
    alone), and its name fits wherever the name of `file` does. Raises OSError.
    """
    kept = file.name.encode(errors="surrogateescape")[:200].decode(errors="ignore")
    temporary = file.with_name(f".{kept}.{secrets.token_hex(8)}")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.open(temporary, flags, 0o666), temporary


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

"""Files that are whole or not there at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO


def replace(file: Path, data: bytes) -> None:
    """Put `data` in the place of what `file` held, all or nothing, and see it onto the disk.

    Raises OSError, and then the old file is untouched. The folder must be there.
    """
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(file)
        see_to_disk(file.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


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

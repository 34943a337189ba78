"""Files in a folder that anybody may put anything into."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from studio.presets.errors import PresetError, reason
from studio.storage import files


def read_bounded(file: Path, limit: int, what: str) -> bytes:
    """All of `file`, at most `limit` bytes. Raises `PresetError`, calling it a `what`.

    Only plain files: a pipe would keep us waiting and a device has no end.
    """
    try:
        held = file.stat()
        if not stat.S_ISREG(held.st_mode):
            raise PresetError(f"The {what} {file.name} cannot be read: it is no file.")
        if held.st_size > limit:
            raise PresetError(f"The file {file.name} is too large to be a {what}.")
        with file.open("rb") as source:
            text = source.read(limit + 1)
    except OSError as error:
        raise PresetError(f"The {what} {file.name} cannot be read: {reason(error)}.") from error
    except ValueError as error:  # a name that no system knows
        raise PresetError(f"The {what} cannot be read: it has no possible name.") from error
    if len(text) > limit:  # it has grown since
        raise PresetError(f"The file {file.name} is too large to be a {what}.")
    return text


def put_new(file: Path, text: bytes) -> bool:
    """Write `text` to `file`, whole and on the disk, unless there is one already: then False."""
    handle, temporary = files.beside(file)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        move_new(temporary, file)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    files.see_to_disk(file.parent)
    return True


def move_new(old: Path, new: Path) -> None:
    """Call a file by a name that is free. Raises FileExistsError where it is not, and OSError."""
    if same_file(old, new):  # the same letters in other cases, where the system knows no case
        old.rename(new)
        return
    try:
        os.link(old, new)  # the one way that never replaces
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if new.exists():
            raise FileExistsError(17, "File exists", str(new)) from None
        old.rename(new)
    else:
        old.unlink()


def same_file(one: Path, other: Path) -> bool:
    """Whether two names are of one file, or one name in two spellings. False in doubt."""
    try:
        a, b = one.lstat(), other.lstat()
    except OSError:
        return False
    spelt = one.parent == other.parent and one.name.casefold() == other.name.casefold()
    return a.st_ino != 0 and os.path.samestat(a, b) and (spelt or a.st_nlink > 1)

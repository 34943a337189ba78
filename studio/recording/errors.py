"""What can go wrong with recordings, in one sentence for the artist."""

from __future__ import annotations

import errno

from studio.document.errors import StudioError


class RecordingError(StudioError):
    """A recording that cannot be made or read. Its text is one sentence for the artist."""


def sentence_of(error: Exception, *, begun: bool = True) -> str:
    """For the artist; of a recording that goes on, or that has not `begun`."""
    if isinstance(error, RecordingError):
        return str(error)
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOSPC and begun:
        return "The disk is full: the recording has ended, and what was recorded is kept."
    if number in (errno.EACCES, errno.EROFS, errno.EPERM):
        return "The recordings folder cannot be written to; choose another in the settings."
    why = str(getattr(error, "strerror", None) or error or type(error).__name__)
    if not begun:
        return f"The recording cannot begin: {why.rstrip('.')}."
    return f"The recording has ended: {why.rstrip('.')}. What was recorded is kept."

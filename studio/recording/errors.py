"""What can go wrong with recordings, in one sentence for the artist."""

from __future__ import annotations

from studio.document.errors import StudioError


class RecordingError(StudioError):
    """A recording that cannot be made or read. Its text is one sentence for the artist."""

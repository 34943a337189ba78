"""What can go wrong with presets, in one sentence for the artist."""

from __future__ import annotations

from studio.document.errors import StudioError


class PresetError(StudioError):
    """A preset that cannot be read or written. Its text is one sentence for the artist."""


class NewerError(PresetError):
    """A document of a later version of the instrument: it is left as it is."""


class BusyError(PresetError):
    """Another copy of the instrument is writing in the same folder at this moment."""


def reason(error: OSError) -> str:
    """Why the system refused, in its own words and without a path."""
    return (error.strerror or str(error) or type(error).__name__).rstrip(".")

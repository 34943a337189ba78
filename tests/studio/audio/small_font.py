"""A SoundFont with one instrument: whatever is asked for, an ocarina plays."""

from __future__ import annotations

from pathlib import Path

from studio.audio import fonts
from studio.audio.font import riff
from studio.audio.font.subset import subset

OCARINA = 79


def small_font(folder: Path) -> Path:
    """The file."""
    file = folder / "ocarina.sf3"
    riff.write(subset(riff.read(fonts.OWN), [(0, OCARINA)]), file)
    return file

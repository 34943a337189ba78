"""Which SoundFont plays: our own, or one that the artist chose or the system has."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from studio.audio._instrument import SoundFontInstrument
from studio.audio.font import riff
from studio.audio.messages import FontSeen

_log = logging.getLogger(__name__)

OWN = Path(__file__).parent / "font" / "folk.sf3"
"""Comes along; MIT, see font/LICENCE.md."""
SUFFIXES = (".sf2", ".sf3")
SYSTEM = (
    Path("/usr/share/sounds/sf2"),
    Path("/usr/share/sounds/sf3"),
    Path("/usr/share/soundfonts"),
    Path("/usr/local/share/soundfonts"),
)


def found(folders: Iterable[Path] = SYSTEM) -> list[Path]:
    """Our own font first, then those that the system or the artist (a folder more) has."""
    others = [path for folder in folders for path in _inside(folder)]
    return [OWN, *(path for path in others if path.suffix.lower() in SUFFIXES)]


def _inside(folder: Path) -> list[Path]:
    """Nothing for a folder that is not there, cannot be read or vanishes meanwhile."""
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            _log.warning("The SoundFonts in %s cannot be listed: %s.", folder, error.strerror)
        return []


def load(path: Path | None, rate_hz: int) -> tuple[SoundFontInstrument, FontSeen]:
    """The instrument of the font at `path`, our own with None, and what to tell about it.

    Raises `FontError`.
    """
    chosen, path = path, path or OWN
    instrument = SoundFontInstrument(path, rate_hz)
    said = riff.information(path)
    programs = tuple(sorted(instrument.programs.items()))
    return instrument, FontSeen(
        said.get("INAM", path.stem), said.get("ICOP", ""), programs, path=str(chosen or "")
    )

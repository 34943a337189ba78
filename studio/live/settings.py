"""What is connected to this computer, as its owner left it: no part of a scene.

Ports, the sound device and OSC belong to the desk one plays at. A scene that travels finds other
ones there; it says only which track goes to which of them.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from studio.audio.settings import BUFFER, OFFSET, ROOM, VOLUME
from studio.document.frozen import Frozen
from studio.live.osc.service import PORT, TARGET_PORT
from studio.storage import files

_log = logging.getLogger(__name__)

_LIMIT_BYTES = 1_000_000

Name = Annotated[str, Field(min_length=1, max_length=200)]
NetworkPort = Annotated[int, Field(ge=1, le=65535)]


class OscSettings(Frozen):
    """Off unless it is switched on, and then on this computer alone unless it is opened."""

    listens: bool = False
    port: NetworkPort = PORT
    open_to_network: bool = False
    target: Name | None = None
    """The host that is told what changes; None: nobody."""
    target_port: NetworkPort = TARGET_PORT


class SoundSettings(Frozen):
    """How this computer sounds."""

    on: bool = True
    device: Name | None = None
    """By its name; None: the one that the system prefers."""
    volume: Annotated[float, Field(ge=VOLUME.low, le=VOLUME.high)] = VOLUME.default
    room: Annotated[float, Field(ge=ROOM.low, le=ROOM.high)] = ROOM.default
    offset_ms: Annotated[float, Field(ge=OFFSET.low, le=OFFSET.high)] = OFFSET.default
    buffer: Literal["small", "medium", "large"] = "medium"


class Settings(Frozen):
    """Ports by their stable names, which are also their keys in routes."""

    outputs: tuple[Name, ...] = Field(default=(), max_length=64)
    inputs: tuple[Name, ...] = Field(default=(), max_length=64)
    virtual_ports: bool = False
    """Whether other programs find an output and an input of ours, where the system has such."""
    clock_to: tuple[Name, ...] = Field(default=(), max_length=64)
    """Outputs that get MIDI clock."""
    follow: Name | None = None
    """The input whose clock is followed, or "Link"; None: our own tempo."""
    echo: bool = True
    """Whether notes that come in sound here."""
    sound: SoundSettings = SoundSettings()
    osc: OscSettings = OscSettings()


assert set(BUFFER.options) == {"small", "medium", "large"}


def read(file: Path) -> Settings:
    """What was kept; the defaults where nothing was, or nothing that can be read."""
    try:
        if file.stat().st_size <= _LIMIT_BYTES:
            return Settings.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        pass
    except (OSError, ValidationError) as error:
        _log.warning("the settings in %s: %s", file, error)
    return Settings()


def write(file: Path, settings: Settings) -> None:
    """Keep `settings`. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    files.replace(file, settings.model_dump_json(indent=1).encode() + b"\n")

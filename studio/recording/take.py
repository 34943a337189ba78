"""A take: what a performance was, read from its file.

The file is gzip of JSON lines: a header with the first scene, then a line for everything that
happened, each with `t`, the seconds since the beginning. It is data and never code. One that a
kill, a full disk or a loss of power has cut short is read as far as it goes.
"""

from __future__ import annotations

import os
import zlib
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import AwareDatetime, Field, FiniteFloat, StringConstraints, ValidationError

from studio import __version__
from studio.document.errors import place_in
from studio.document.frozen import Frozen
from studio.document.scene import Scene
from studio.presets.document import ModelIdentity, now
from studio.presets.packing import unpacked
from studio.recording._deltas import applied
from studio.recording.errors import RecordingError
from studio.storage import strict_json
from studio.storage.files import open_plain

SUFFIX = ".take"
KINDS = (
    *("transport", "played", "sound", "midi_in", "heard", "picture"),
    *("roll", "text", "blackout", "freeze", "end"),
)
"""What a line may hold beside the scene: how the transport moves, notes with their due times, what
the sound was told, MIDI that came in, the sound that was listened to, which picture a deck showed
(after how many changes of the scene, and the line that it said where it said one),
what the drawn layers showed (see `studio.recording.layers`), fades of the output as
[on, seconds, moment of the picture that was seen], and why the recording ended."""
MOST_BYTES = 2_000_000_000
"""Of the lines of one take; what is behind them is left out."""
_LINE_BYTES = 16_000_000
_BLOCK_BYTES = 1 << 20
_CHECKPOINT = 500
"""Changes from one scene that is kept to the next."""

Seconds = Annotated[FiniteFloat, Field(ge=0, le=10_000_000)]


class Header(Frozen):
    """What a take says about itself."""

    refusal = RecordingError

    take: Literal[1] = 1
    app_version: Annotated[str, StringConstraints(max_length=40)] = __version__
    made_at: AwareDatetime = Field(default_factory=now)
    models: tuple[ModelIdentity, ...] = Field(default=(), max_length=64)
    """Of the first scene, with the hashes of their weights."""
    size: tuple[Annotated[int, Field(ge=16, le=16384)], Annotated[int, Field(ge=16, le=16384)]] = (
        1280,
        720,
    )
    """Of the output, width and height in pixels."""
    rate: Annotated[float, Field(gt=0, le=1000)] = 30.0
    """Pictures a second, at most."""
    font: Annotated[str, StringConstraints(max_length=4000)] = ""
    """The SoundFont that was played first; empty: our own."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The scene at a time."""

    seconds: float
    """When it began to hold."""
    beat: float
    scene: Scene
    """As hands had set it: what a preset of this moment has."""
    shown: Scene
    """As it was shown and played."""


@dataclass(frozen=True, slots=True)
class _State:
    """A moment as data, and how many changes have led to it."""

    scene: Any
    shown: Any
    changes: int = 0

    def after(self, line: dict[str, Any]) -> _State:
        scene = applied(self.scene, line.get("scene", []))
        shown = applied(self.shown, line["shown"]) if "shown" in line else scene
        return _State(scene, shown, self.changes + 1)


class Take:
    """A take in memory; scenes are made when they are asked for. See `read`."""

    def __init__(self, name: str, header: Header, scene: Any, lines: list[dict[str, Any]]) -> None:
        self.name, self.header = name, header
        self.events = lines
        """All lines in order, each with its `t`."""
        self._changes = [line for line in lines if "beat" in line]
        self._times = [line["t"] for line in self._changes]
        self.seconds = max((line["t"] for line in lines), default=0.0)
        """How long it is."""
        first = _State(scene, scene)
        self._kept = [first]
        self._last = first
        self._made: deque[tuple[Any, Scene]] = deque(maxlen=4)

    @property
    def times(self) -> list[float]:
        """When the scene changed, in seconds."""
        return list(self._times)

    @property
    def is_whole(self) -> bool:
        """Whether it was ended, and not cut short."""
        return any("end" in line for line in self.events)

    def of_kind(self, kind: str) -> Iterator[tuple[float, Any]]:
        """What was said of one of `KINDS`, each with its seconds."""
        return ((line["t"], line[kind]) for line in self.events if kind in line)

    def at(self, seconds: float) -> Moment:
        """The moment at `seconds`. Raises `RecordingError` for a scene that is none."""
        return self.after(bisect_right(self._times, seconds))

    def after(self, changes: int) -> Moment:
        """The moment after so many of its changes. Raises `RecordingError`."""
        state = self._state(changes)
        line = self._changes[changes - 1] if changes else {"t": 0.0, "beat": 0.0}
        return Moment(
            line["t"], line["beat"], self._scene_of(state.scene), self._scene_of(state.shown)
        )

    def _state(self, changes: int) -> _State:
        """From the last one asked for, or the nearest that is kept before."""
        kept = self._kept[min(changes // _CHECKPOINT, len(self._kept) - 1)]
        near = self._last if kept.changes <= self._last.changes <= changes else kept
        try:
            while near.changes < changes:
                near = near.after(self._changes[near.changes])
                if near.changes == len(self._kept) * _CHECKPOINT:
                    self._kept.append(near)
        except ValueError as error:
            raise RecordingError(f"The take {self.name} is damaged.") from error
        self._last = near
        return near

    def _scene_of(self, data: Any) -> Scene:
        """Where nothing has changed, the same scene comes back."""
        for known, made in self._made:
            if known is data:
                return made
        found = _scene(self.name, data)
        self._made.append((data, found))
        return found


def _scene(name: str, data: Any) -> Scene:
    try:
        return Scene.model_validate(unpacked(_copied(data)))
    except ValidationError as error:
        raise RecordingError(
            f"A scene of the take {name} is none of this version (see {_where(error)})."
        ) from error
    except ValueError as error:
        raise RecordingError(f"The take {name} is damaged.") from error


def _where(error: ValidationError) -> str:
    return place_in(error.errors(include_url=False, include_input=False)[0]["loc"])


def read(file: Path, tell: Callable[[float], object] = lambda _: None) -> Take:
    """The take in `file`, as far as it goes. `tell` hears how much of it was read, 0 to 1, and
    ends it by raising. Raises `RecordingError`."""
    try:
        with open_plain(file) as source:
            lines, events = _lines(source, tell), list[dict[str, Any]]()
            if (first := next(lines, None)) is None:
                raise ValueError("it holds nothing")
            header, scene = _header(file.name, first)
            with suppress(ValueError):  # there it ends
                for line in lines:
                    events.append(_checked(file.name, line))
    except OSError as error:
        why = (error.strerror or str(error)).rstrip(".")
        raise RecordingError(f"The take {file.name} cannot be read: {why}.") from error
    except ValueError as error:
        raise RecordingError(f"The file {file.name} is not a take: {error}.") from error
    return Take(file.name, header, scene, events)


def _lines(source: BinaryIO, tell: Callable[[float], object]) -> Iterator[dict[str, Any]]:
    """The lines that are complete. Raises ValueError behind the last, where it is damaged."""
    rest, total = b"", 0
    size = max(1, os.fstat(source.fileno()).st_size)
    for block in _unzipped(source):
        tell(min(1.0, source.tell() / size))
        total += len(block)
        *whole, rest = (rest + block).split(b"\n")
        if total > MOST_BYTES or len(rest) > _LINE_BYTES:
            raise ValueError("it is too large")
        for text in whole:
            try:
                line = strict_json.loads(text)
            except ValueError as error:
                raise ValueError("it is damaged") from error
            if not isinstance(line, dict):
                raise ValueError("it is damaged")
            yield line


def _unzipped(source: BinaryIO) -> Iterator[bytes]:
    """What was zipped, as far as it goes. Raises ValueError behind it, where it is damaged."""
    unzip = zlib.decompressobj(wbits=31)
    while block := source.read(_BLOCK_BYTES):
        while block and not unzip.eof:
            before = unzip.copy()
            try:
                data = unzip.decompress(block, _BLOCK_BYTES)
            except zlib.error as error:
                yield _unzipped_until_damage(before, block)
                raise ValueError("it is damaged") from error
            yield data
            block = unzip.unconsumed_tail


def _unzipped_until_damage(unzip: Any, block: bytes) -> bytes:
    """Byte by byte, since zlib keeps back what it had made when it meets the damage. After a loss
    of power a file ends with zeros that nobody wrote."""
    made = bytearray()
    with suppress(zlib.error):
        for place in range(len(block)):
            made += unzip.decompress(block[place : place + 1])
    return bytes(made)


def _header(name: str, line: dict[str, Any]) -> tuple[Header, Any]:
    version = line.get("take")
    if isinstance(version, int) and version > 1:
        raise RecordingError(f"The take {name} was made by a later version of Latent Loom.")
    try:
        scene = line.pop("scene")
        header = Header.model_validate(line)
    except ValidationError as error:
        raise RecordingError(f"The file {name} is not a take (see {_where(error)}).") from error
    except KeyError as error:
        raise RecordingError(f"The file {name} is not a take.") from error
    _scene(name, scene)
    return header, scene


def _checked(name: str, line: dict[str, Any]) -> dict[str, Any]:
    """A line whose times and changes have their shape; what a kind holds, its reader checks."""
    fits = _is_time(line.get("t")) and line.keys() <= {"t", "beat", "scene", "shown", *KINDS}
    changes = [*_listed(line.get("scene", [])), *_listed(line.get("shown", []))]
    if "beat" in line:
        fits = fits and isinstance(line["beat"], (int, float))
    elif "scene" in line or "shown" in line:
        fits = False
    if not fits or not all(_is_change(change) for change in changes):
        raise RecordingError(f"The take {name} is damaged.")
    return line


def _is_time(value: object) -> bool:
    return isinstance(value, (int, float)) and -1e-6 <= value <= 1e7


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _is_change(change: Any) -> bool:
    return (
        isinstance(change, list)
        and len(change) in (1, 2)
        and isinstance(change[0], list)
        and all(isinstance(part, (str, int)) and part != -1 for part in change[0])
    )


def _copied(data: Any) -> Any:
    """Dictionaries and lists anew, since points are unpacked in place."""
    if isinstance(data, dict):
        return {name: _copied(member) for name, member in data.items()}
    if isinstance(data, list):
        return [_copied(member) for member in data]
    return data

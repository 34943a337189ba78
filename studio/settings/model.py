"""The settings as one immutable value, with the shape of the file that keeps them.

The fields that version 0.1 had keep their names, so its files are read as they are.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from studio.document.frozen import Frozen
from studio.document.parameters import Parameter, Value
from studio.document.score import PARTS
from studio.settings import declared
from studio.settings.declared import Setting
from studio.settings.screens import ScreenSettings

Name = Annotated[str, Field(min_length=1, max_length=200)]
"""Of a port, a device or a host."""
_Names = Annotated[tuple[Name, ...], Field(max_length=64)]
_Keys = Annotated[tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=8)]


def _of(parameter: Parameter) -> AfterValidator:
    """A field that takes what `parameter` does."""
    return AfterValidator(parameter.validate)


class WindowSettings(Frozen):
    """How the window looks."""

    text_size: Annotated[str, _of(declared.TEXT_SIZE)] = declared.TEXT_SIZE.default
    reduced_motion: bool = declared.REDUCED_MOTION.default
    at_start: Annotated[str, _of(declared.AT_START)] = declared.AT_START.default
    place: Annotated[str, Field(max_length=1000, pattern="^[0-9a-f]*$")] = ""
    """Where the window stood when it was closed, in Qt's own form as hexadecimal digits."""
    full_screen_picture: Annotated[str, _of(declared.FULL_SCREEN_PICTURE)] = (
        declared.FULL_SCREEN_PICTURE.default
    )
    tour_seen: bool = False
    """Whether the tour of the window has been taken or left."""


class FileSettings(Frozen):
    """Where the artist's files are, and how soon they are kept."""

    presets_folder: Annotated[str, _of(declared.PRESETS_FOLDER)] = declared.PRESETS_FOLDER.default
    recordings_folder: Annotated[str, _of(declared.RECORDINGS_FOLDER)] = (
        declared.RECORDINGS_FOLDER.default
    )
    autosave_s: Annotated[float, _of(declared.AUTOSAVE_S)] = declared.AUTOSAVE_S.default


class MorphSettings(Frozen):
    """How long morphs take when the app has started."""

    seconds: Annotated[float, _of(declared.MORPH_SECONDS)] = declared.MORPH_SECONDS.default
    bars: Annotated[int, _of(declared.MORPH_BARS)] = declared.MORPH_BARS.default
    unit: Annotated[str, _of(declared.MORPH_UNIT)] = declared.MORPH_UNIT.default


class SoundSettings(Frozen):
    """How this computer sounds."""

    on: bool = declared.SOUND_ON.default
    device: Name | None = None
    """By its name; None: the one that the system prefers."""
    input: Name | None = None
    """The sound input that modulators listen to, by its name; None: none is ever opened."""
    volume: Annotated[float, _of(declared.VOLUME)] = declared.VOLUME.default
    room: Annotated[float, _of(declared.ROOM)] = declared.ROOM.default
    offset_ms: Annotated[float, _of(declared.OFFSET)] = declared.OFFSET.default
    buffer: Annotated[str, _of(declared.BUFFER)] = declared.BUFFER.default
    record_input: bool = declared.RECORD_INPUT.default
    font: Annotated[str, _of(declared.FONT)] = declared.FONT.default


class OscSettings(Frozen):
    """Off unless it is switched on, and then on this computer alone unless it is opened."""

    listens: bool = declared.OSC_LISTENS.default
    port: Annotated[int, _of(declared.OSC_PORT)] = declared.OSC_PORT.default
    open_to_network: bool = declared.OSC_OPEN.default
    target: Name | None = None
    """The host that is told what changes; None: nobody."""
    target_port: Annotated[int, _of(declared.OSC_TARGET_PORT)] = declared.OSC_TARGET_PORT.default


class RequestSettings(Frozen):
    """Songs on request: off unless switched on, and then on this computer alone unless opened."""

    on: bool = declared.REQUESTS_ON.default
    port: Annotated[int, _of(declared.REQUESTS_PORT)] = declared.REQUESTS_PORT.default
    open_to_network: bool = declared.REQUESTS_OPEN.default
    lets_through: bool = declared.REQUESTS_LET_THROUGH.default
    code_on_stage: bool = declared.REQUESTS_CODE.default
    chat: bool = declared.REQUESTS_CHAT.default
    votes: bool = declared.REQUESTS_VOTE.default
    moods: bool = declared.REQUESTS_MOOD.default
    votes_on_stage: bool = declared.REQUESTS_BOARD.default


class OutputSettings(Frozen):
    """The output picture at this place; MIDI outputs are `Settings.outputs`."""

    format: Annotated[str, _of(declared.OUTPUT_FORMAT)] = declared.OUTPUT_FORMAT.default
    width: Annotated[int, _of(declared.OUTPUT_WIDTH)] = declared.OUTPUT_WIDTH.default
    height: Annotated[int, _of(declared.OUTPUT_HEIGHT)] = declared.OUTPUT_HEIGHT.default
    fade_s: Annotated[float, _of(declared.OUTPUT_FADE)] = declared.OUTPUT_FADE.default
    stream_to: Annotated[str, _of(declared.STREAM_TO)] = declared.STREAM_TO.default
    shown_on: _Names = ()
    """The screens with an output window, by their names, whether they are connected or not."""
    screens: dict[Name, ScreenSettings] = Field(default_factory=dict, max_length=64)
    """By the names of the screens."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        if self.format == declared.OUTPUT_FORMAT.options[-1]:
            return self.width, self.height
        width, height = self.format.split(" x ")
        return int(width), int(height)


class PartRoute(Frozen):
    """Where a part of a new deck goes; None leaves it to the band."""

    port: Name | None = None
    channel: Annotated[int, Field(ge=1, le=16)] | None = None
    program: Annotated[int, Field(ge=0, le=127)] | None = None


class RouteSettings(Frozen):
    """Where the parts of a new deck go."""

    lead: PartRoute = PartRoute()
    bass: PartRoute = PartRoute()
    chords: PartRoute = PartRoute()
    drums: PartRoute = PartRoute()


assert tuple(RouteSettings.model_fields) == PARTS


class Settings(Frozen):
    """All of them. Ports are called by their stable names, which are also their keys in routes."""

    outputs: _Names = ()
    inputs: _Names = ()
    virtual_ports: bool = declared.VIRTUAL_PORTS.default
    """Whether other programs find an output and an input of ours, where the system has such."""
    clock_to: _Names = ()
    """Outputs that get MIDI clock."""
    follow: Name | None = None
    """The input whose clock is followed, or "Link"; None: our own tempo."""
    keep_moving: bool = declared.KEEP_MOVING.default
    echo: bool = declared.ECHO.default
    """Whether notes that come in sound here."""
    sound: SoundSettings = SoundSettings()
    osc: OscSettings = OscSettings()
    requests: RequestSettings = RequestSettings()
    window: WindowSettings = WindowSettings()
    files: FileSettings = FileSettings()
    morph: MorphSettings = MorphSettings()
    routes: RouteSettings = RouteSettings()
    output: OutputSettings = OutputSettings()
    action_keys: dict[Name, _Keys] = Field(default_factory=dict, max_length=1000)
    """The keys of the actions whose keys the artist has changed, by the actions' ids."""

    def value(self, setting: Setting) -> Value:
        """What `setting` is set to."""
        found: Any = self
        for name in setting.path.split("."):
            found = getattr(found, name)
        value: Value = found
        return value

    def with_value(self, setting: Setting, value: Value) -> Settings:
        """A copy with another value. Raises `DocumentError` for one that does not fit."""
        group, _, name = setting.path.rpartition(".")
        if not group:
            return self.but(**{name: value})
        return self.but(**{group: getattr(self, group).but(**{name: value})})

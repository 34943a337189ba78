"""The synthesisers that play a SoundFont: TinySoundFont, or FluidSynth where that has no wheel.

TinySoundFont (MIT, Bernhard Schelling; Python: N. Whitehead) comes with its wheel and is exact to
the frame. FluidSynth (LGPL) is the system's; it begins notes at multiples of 64 frames (1.3 ms).
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from pathlib import Path
from typing import Any, Protocol

from studio.audio.font import riff
from studio.processes.packaged import remedy

KITS = 128
"""The bank of drum kits, by General MIDI."""
VOICES = 128
"""At most so many at once; a held note takes one to three."""
HEADROOM_DB = -7.0
"""A band of six at full velocity stays below full scale (tests/studio/audio/test_instrument.py)."""
_FLUID_GAIN = 0.7
"""As loud as TinySoundFont at `HEADROOM_DB` (RMS of the shipped font's programs)."""

_NO_EFFECTS = {"synth.reverb.active": 0, "synth.chorus.active": 0}
"""The renderer has a room of its own."""

_WAYS = {"darwin": "brew install fluidsynth", "win32": "choco install fluidsynth"}
"""How FluidSynth comes where start.py has no way to bring it."""


class NoSynthError(Exception):
    """Neither is here; its text is the sentence for the artist."""


class Synth(Protocol):
    """Sixteen channels on one SoundFont; numbers as in MIDI."""

    STEP: int
    """Notes begin at multiples of so many frames."""

    def preset_name(self, bank: int, program: int) -> str | None: ...
    def choose(self, channel: int, bank: int, program: int) -> None: ...
    def note_on(self, channel: int, key: int, velocity: int) -> None: ...
    def note_off(self, channel: int, key: int) -> None: ...
    def control(self, channel: int, number: int, value: int) -> None: ...
    def bend(self, channel: int, value: int) -> None: ...
    def sounds_off(self) -> None: ...
    def use_rate(self, rate_hz: int) -> None: ...
    def render(self, frames: int, into: memoryview) -> None: ...


def load(path: Path, rate_hz: int) -> Synth:
    """The first synthesiser that is here, with the font. Raises FontError, NoSynthError."""
    for synth in (TinySoundFont, FluidSynth):
        try:
            return synth(path, rate_hz)
        except ImportError:
            continue
    way = _WAYS.get(sys.platform, "python3 start.py")
    raise NoSynthError(
        "Sound needs FluidSynth (or, on Python 3.11 and 3.12, tinysoundfont), which is missing; "
        f"{remedy(f'run `{way}`')}."
    )


class TinySoundFont:
    """`Synth` by the wheel. Raises ImportError without it, FontError for a damaged font."""

    STEP = 1

    def __init__(self, path: Path, rate_hz: int) -> None:
        self._module = importlib.import_module("tinysoundfont")
        self._synth: Any = self._module.Synth(HEADROOM_DB, rate_hz)
        try:
            self._font: int = self._synth.sfload(str(path), max_voices=VOICES)
        except RuntimeError as error:
            raise riff.FontError(f"The SoundFont {path.name} is damaged.") from error

    def preset_name(self, bank: int, program: int) -> str | None:
        return self._synth.sfpreset_name(self._font, bank, program) or None

    def choose(self, channel: int, bank: int, program: int) -> None:
        self._synth.program_select(channel, self._font, bank, program, bank == KITS)

    def note_on(self, channel: int, key: int, velocity: int) -> None:
        self._synth.noteon(channel, key, velocity)

    def note_off(self, channel: int, key: int) -> None:
        self._synth.noteoff(channel, key)

    def control(self, channel: int, number: int, value: int) -> None:
        self._synth.control_change(channel, number, value)

    def bend(self, channel: int, value: int) -> None:
        self._synth.pitchbend(channel, value)

    def sounds_off(self) -> None:
        self._synth.sounds_off()

    def use_rate(self, rate_hz: int) -> None:
        modes = importlib.import_module("tinysoundfont._tinysoundfont").OutputMode
        font = self._synth.soundfonts[self._font]
        font.set_output(modes.StereoInterleaved, rate_hz, HEADROOM_DB)

    def render(self, frames: int, into: memoryview) -> None:
        self._synth.generate_simple(frames, into)


class FluidSynth:
    """`Synth` by pyfluidsynth over the system's library. Raises ImportError without either."""

    STEP = 64

    def __init__(self, path: Path, rate_hz: int) -> None:
        self._module = importlib.import_module("fluidsynth")
        self._write = self._module._fl.fluid_synth_write_float  # pyfluidsynth has 16 bits only
        self._path = path
        self._told: dict[tuple[int, int], int] = {}
        self._load(rate_hz)

    def _load(self, rate_hz: int) -> None:
        options = {"synth.polyphony": VOICES, **_NO_EFFECTS}
        self._synth = self._module.Synth(_FLUID_GAIN, rate_hz, 16, **options)
        self._rate_hz = rate_hz
        self._font = self._synth.sfload(str(self._path))
        if self._font < 0:
            raise riff.FontError(f"The SoundFont {self._path.name} is damaged.")

    def preset_name(self, bank: int, program: int) -> str | None:
        return self._synth.sfpreset_name(self._font, bank, program) or None

    def choose(self, channel: int, bank: int, program: int) -> None:
        self._synth.program_select(channel, self._font, bank, program)

    def note_on(self, channel: int, key: int, velocity: int) -> None:
        self._synth.noteon(channel, key, velocity)

    def note_off(self, channel: int, key: int) -> None:
        self._synth.noteoff(channel, key)

    def control(self, channel: int, number: int, value: int) -> None:
        self._told.pop((channel, number), None)  # the last one told comes last again
        self._told[channel, number] = value
        self._synth.cc(channel, number, value)

    def bend(self, channel: int, value: int) -> None:
        self._synth.pitch_bend(channel, value - 8192)

    def sounds_off(self) -> None:
        for channel in range(16):
            self._synth.all_sounds_off(channel)

    def use_rate(self, rate_hz: int) -> None:
        """A new synthesiser, told what this one was: since 2.4 none changes its rate. A second."""
        if rate_hz == self._rate_hz:
            return
        self._synth.delete()
        self._load(rate_hz)
        for (channel, number), value in self._told.items():
            self._synth.cc(channel, number, value)

    def render(self, frames: int, into: memoryview) -> None:
        sound = (ctypes.c_float * (2 * frames)).from_buffer(into)
        synth = ctypes.c_void_p(self._synth.synth)
        self._write(synth, frames, sound, 0, 2, sound, 1, 2)

"""MIDI messages to sound, on a SoundFont."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from studio.audio import _synths
from studio.audio._synths import KITS, Synth
from studio.audio.font import ranges, riff

PAN = 10
"""MIDI's controller. It outlasts the reset of all controllers (RP-015)."""
DRUMS = 9
"""The channel (0 to 15) that plays kits, by General MIDI."""


class Instrument(Protocol):
    """What `Renderer` plays on."""

    def play(self, data: bytes) -> None: ...
    def render(self, frames: int, into: memoryview) -> None: ...
    def silence(self) -> None: ...
    def use_rate(self, rate_hz: int) -> None: ...


class SoundFontInstrument:
    """Sixteen channels on one SoundFont. Raises `FontError` for a file that is none.

    Raises NoSynthError where there is no synthesiser.
    """

    def __init__(
        self, path: Path, rate_hz: int, load: Callable[[Path, int], Synth] = _synths.load
    ) -> None:
        riff.information(path)  # says what is wrong better than the synthesiser does
        ranges.check(path)  # the synthesiser would crash
        self._synth = load(path, rate_hz)
        self.presets = self._find_presets()
        self._banks = [0] * 16
        self._chosen = [0] * 16
        self._pans = [64] * 16
        for channel in range(16):
            self._choose(channel, 0)

    def _find_presets(self) -> dict[tuple[int, int], str]:
        """The name of each preset by (bank, program)."""
        found = {}
        for bank in range(KITS + 1):
            for program in range(128):
                name = self._synth.preset_name(bank, program)
                if name:
                    found[bank, program] = name
        if not found:
            raise riff.FontError("This SoundFont has no instruments.")
        return found

    @property
    def step_frames(self) -> int:
        """Notes begin at multiples of so many frames."""
        return self._synth.STEP

    @property
    def programs(self) -> dict[int, str]:
        """The melodic programs that the font really has, by their number."""
        return {program: name for (bank, program), name in self.presets.items() if bank == 0}

    def adopt(self, other: SoundFontInstrument) -> None:
        """Play the programs that `other` was told to play, where it was told to play them."""
        self._banks, self._pans = list(other._banks), list(other._pans)
        self._pan_again()
        self._choose_again(other._chosen)

    def use_rate(self, rate_hz: int) -> None:
        """Render for a device of another rate from now on; sounds may end."""
        self._synth.use_rate(rate_hz)
        self._choose_again(self._chosen)

    def render(self, frames: int, into: memoryview) -> None:
        """Fill `into` with `frames` of float32 stereo, left and right in turn."""
        self._synth.render(frames, into)

    def play(self, data: bytes) -> None:
        """Do what a MIDI message says; one that a synthesiser does not know does nothing."""
        if len(data) < 2 or data[0] >= 0xF0 or max(data[1:3]) > 127:
            return
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        one, two = data[1], data[2] if len(data) > 2 else 0
        if kind == 0x90 and two:
            self._synth.note_on(channel, one, two)
        elif kind in (0x80, 0x90):
            self._synth.note_off(channel, one)
        elif kind == 0xB0:
            self._control(channel, one, two)
        elif kind == 0xC0:
            self._choose(channel, one)
        elif kind == 0xE0:
            self._synth.bend(channel, one + (two << 7))

    def silence(self) -> None:
        """End every sound at once and put all controllers back; programs and pans stay."""
        self._synth.sounds_off()
        for channel in range(16):
            self._synth.control(channel, 121, 0)
            self._synth.bend(channel, 8192)
        self._pan_again()

    def _control(self, channel: int, number: int, value: int) -> None:
        if number == 0:
            self._banks[channel] = value
        elif number != 32:
            if number == PAN:
                self._pans[channel] = value
            self._synth.control(channel, number, value)

    def _pan_again(self) -> None:
        for channel, pan in enumerate(self._pans):
            self._synth.control(channel, PAN, pan)

    def _choose(self, channel: int, program: int) -> None:
        self._chosen[channel] = program
        bank, program = self.nearest(KITS if channel == DRUMS else self._banks[channel], program)
        self._synth.choose(channel, bank, program)

    def _choose_again(self, programs: list[int]) -> None:
        for channel, program in enumerate(programs):
            self._choose(channel, program)

    def nearest(self, bank: int, program: int) -> tuple[int, int]:
        """The preset that stands for (bank, program): itself, or the nearest relative.

        General MIDI puts relatives side by side in families of eight.
        """
        kits = bank == KITS

        def distance(preset: tuple[int, int]) -> tuple[bool, bool, bool, int, int]:
            b, p = preset
            other_family = not kits and p // 8 != program // 8
            return (b == KITS) != kits, other_family, b not in (bank, 0), abs(p - program), b

        if (bank, program) in self.presets:
            return bank, program
        return min(self.presets, key=distance)

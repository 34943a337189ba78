"""The instrument's sound without a device: for files, as fast as it can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from studio.audio import fonts
from studio.audio._renderer import Block, Message, Renderer
from studio.audio._room_send import shares_out
from studio.audio._trial import try_out
from studio.audio.font.riff import FontError
from studio.settings.declared import ROOM, VOLUME

RATE_HZ = 48_000
_STEP = 4800
"""Frames that are made at once."""


class OfflineSound:
    """Plays what it is sent, each message at its own sample; seconds count from the first one.

    Raises `FontError` for a SoundFont that cannot be played, NoSynthError without a synthesiser.
    The font takes most of a second to load, with Python's lock held: not beside a window.
    """

    def __init__(self, font: Path | None = None) -> None:
        self._font = font
        self._instrument, _ = fonts.load(font, RATE_HZ)
        self._renderer = Renderer(self._instrument)
        self._frames = 0
        self.set_volume(VOLUME.default)
        self.set_room(ROOM.default)

    @property
    def seconds(self) -> float:
        """How much has been rendered."""
        return self._frames / RATE_HZ

    def send(self, messages: Iterable[Message]) -> None:
        """Play MIDI messages, each at its seconds."""
        messages = list(messages)
        if shares_out(messages) and not self._renderer.has_second:
            self._load_second()
        self._renderer.send(messages)

    def use_font(self, font: Path | None) -> None:
        """Go on with another SoundFont, our own with None; what sounds ends. Raises `FontError`:
        then the one before plays on."""
        if font == self._font:
            return
        instrument, _ = fonts.load(font, RATE_HZ)
        instrument.adopt(self._instrument)
        self._font, self._instrument = font, instrument
        self._renderer.instrument = instrument
        if self._renderer.has_second:
            self._load_second()

    def try_font(self, font: str, tell: Callable[[str], object]) -> None:
        """The same with a SoundFont of the artist's, by its path (empty: our own), which is tried
        in a process of its own first. `tell` hears why it cannot be played."""
        try:
            if font:
                try_out(Path(font), lambda: None)
            self.use_font(Path(font) if font else None)
        except FontError as error:
            tell(f"{error} The instruments stay as they were.")

    def _load_second(self) -> None:
        second, _ = fonts.load(self._font, RATE_HZ)
        second.adopt(self._instrument)
        self._renderer.use_second(second)

    def stop(self) -> None:
        """Forget what is not yet due, and let what sounds go."""
        self._renderer.stop()

    def panic(self) -> None:
        """Silence at once."""
        self._renderer.panic()

    def set_volume(self, volume: float) -> None:
        """From 0 to 1, as heard."""
        self._renderer.set_volume(volume)

    def set_room(self, amount: float) -> None:
        """How much of the room is heard, from 0 to 1."""
        self._renderer.set_room(amount)

    def blocks(self, until_s: float) -> Iterator[Block]:
        """The same a second at a time, to the sample that is nearest to `until_s`."""
        while self._frames < round(until_s * RATE_HZ):
            yield self.render(min(until_s, self.seconds + 1.0))

    def render(self, until_s: float) -> Block:
        """The sound from where it stands to `until_s`, float32 (frames, 2) at `RATE_HZ`."""
        end = round(until_s * RATE_HZ)
        made = np.zeros((max(0, end - self._frames), 2), np.float32)
        for begin in range(0, len(made), _STEP):
            block = made[begin : begin + _STEP]
            self._renderer.render(block, self._frames / RATE_HZ, 1 / RATE_HZ)
            self._frames += len(block)
        return made

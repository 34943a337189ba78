"""Keyboards that go while keys are held: the instrument's own organ falls silent and does not hang.

Real RtMidi on a JACK server, the rig with its wiring, and the synthesiser without a device.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import numpy as np
import pytest

from studio.audio import fonts
from studio.audio._instrument import SoundFontInstrument
from studio.live.rig import Rig
from studio.settings.model import Settings
from studio.settings.store import Store
from tests.bench.jack_keyboard import Keyboard
from tests.bench.jack_server import JackServer
from tests.fakes import Pump, fake
from tests.live_fakes import Recorder

pytestmark = [pytest.mark.real, pytest.mark.timed]
PATIENCE_S = 20.0
ORGAN = bytes((0xC0, 19))
NAMES = ("keys", "pads")


class Stage:
    """A rig whose player is real and whose sound is written down."""

    def __init__(self, pump: Pump, file: Path) -> None:
        store = Store(file)
        store.settings = Settings(inputs=tuple(f"{name}:out" for name in NAMES))
        self.rig = Rig(pump.session, wake=lambda: None, store=store, sound=Recorder)
        self.sound: Recorder = self.rig.sound  # type: ignore[assignment]
        self.gear: dict[str, Keyboard] = {}
        self.rig.start()

    def heard(self) -> list[bytes]:
        return [due.data for due in self.sound.sent()]

    def held(self) -> Counter[tuple[int, int]]:
        """Note ons less note offs, and pedals that are down."""
        held: Counter[tuple[int, int]] = Counter()
        for status, one, two in (data for data in self.heard() if len(data) == 3):
            if status & 0xF0 in (0x80, 0x90):
                held[status & 0x0F, one] += 1 if status & 0xF0 == 0x90 and two else -1
            elif (status & 0xF0, one) == (0xB0, 64):
                held[status & 0x0F, -1] = int(two >= 64)
        return +held

    def until(self, done: Callable[[], bool], what: str) -> None:
        """What the window's thread does, until something is so."""
        deadline = monotonic() + PATIENCE_S
        while not done():
            assert monotonic() < deadline, f"never: {what}; {self.heard()[-8:]}"
            self.rig.collect()
            Event().wait(0.01)

    def close(self) -> None:
        for keyboard in self.gear.values():
            keyboard.unplug()
        self.rig.close()


@pytest.fixture
def stage(server: JackServer, tmp_path: Path) -> Iterator[Stage]:
    pump = Pump(fake())
    stage = Stage(pump, tmp_path / "settings.json")
    yield stage
    stage.close()
    pump.close()


def test_twenty_times_in_and_out_with_keys_and_pedals_down_leaves_an_organ_silent(
    stage: Stage,
) -> None:
    chance = random.Random(19)
    struck = 0
    for turn in range(20):
        name = chance.choice(NAMES)
        if name in stage.gear:
            stage.gear.pop(name).unplug()
            channel = NAMES.index(name)
            stage.until(lambda: all(at[0] != channel for at in stage.held()), f"{name} is silent")  # noqa: B023
            continue
        stage.gear[name] = Keyboard(name)
        on = bytes((0x90 | NAMES.index(name), 40 + turn, 90))
        pedal = bytes((0xB0 | NAMES.index(name), 64, 127))
        told = len(stage.heard())

        def is_played() -> bool:
            """Struck again until the player has noticed the keyboard."""
            stage.gear[name].send(pedal, on, b"\xf0\x01")  # noqa: B023
            Event().wait(0.1)
            stage.rig.collect()
            return on in stage.heard()[told:]  # noqa: B023

        stage.until(is_played, f"{name} is heard")
        struck += 1
    for name in list(stage.gear):
        stage.gear.pop(name).unplug()
    stage.until(lambda: not stage.held(), "all is silent")
    assert struck >= 5
    assert silent_after(stage.heard())


def silent_after(messages: list[bytes]) -> bool:
    """Whether an organ that was played so is silent two seconds later, and was not before."""
    organ = SoundFontInstrument(fonts.OWN, 48_000)
    block = np.zeros((4800, 2), np.float32)
    for channel in range(len(NAMES)):
        organ.play(bytes((ORGAN[0] | channel, ORGAN[1])))
    loudest = 0.0
    for data in messages:
        organ.play(data)
        organ.render(len(block), memoryview(block).cast("B"))
        loudest = max(loudest, float(np.abs(block).max()))
    for _ in range(20):
        organ.render(len(block), memoryview(block).cast("B"))
    return loudest > 0.01 and float(np.abs(block).max()) < 1e-4

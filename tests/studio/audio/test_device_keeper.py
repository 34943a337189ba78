"""Sound stays where it is wanted; every trouble with a device is one sentence, and passes."""

from __future__ import annotations

import pytest

from studio.audio import _device_keeper as device_keeper
from studio.audio._device_keeper import DeviceKeeper
from studio.audio._renderer import Renderer
from studio.audio.device_process import DeviceGone
from studio.audio.messages import DevicesSeen, SoundEvent, SoundState
from studio.audio.output import FoundDevice, SoundDeviceError
from tests.fakes import FakeClock, is_one_sentence
from tests.studio.audio.fakes import FakeInstrument, fake_outputs, found


class Desk:
    """A keeper, the devices that there are, and what it told."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.there: list[FoundDevice] = []
        self.told: list[SoundEvent] = []
        self.looked = 0
        self.outputs = fake_outputs()
        self.instrument = FakeInstrument()
        self.renderer = Renderer(self.instrument)
        self.keeper = DeviceKeeper(
            self.renderer, self.told.append, clock=self.clock, look=self.look, opener=self.outputs
        )

    def look(self) -> list[FoundDevice]:
        self.looked += 1
        return self.there

    def go(self, seconds: float) -> None:
        """Watch ten times a second; what is open plays."""
        for _ in range(round(seconds * 10)):
            self.clock.advance(0.1)
            for out in self.outputs.made:
                if not out.closed and not out.ended:
                    out.last_block_s = self.clock.now
            self.keeper.watch()

    @property
    def state(self) -> SoundState:
        return [event for event in self.told if isinstance(event, SoundState)][-1]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(device_keeper, "sleep", lambda seconds: None)
    monkeypatch.setattr(device_keeper.priority, "raise_thread", lambda priority: "")
    monkeypatch.setattr(device_keeper.priority, "lower_thread", lambda: None)
    return Desk()


def test_no_sound_card_is_a_state_with_a_sentence(desk: Desk) -> None:
    desk.go(30)
    assert desk.state == SoundState(False, None, "There is no sound card here; MIDI plays on.")
    assert is_one_sentence(desk.state.sentence)
    assert len(desk.told) == 2  # no devices, no sound; each said once
    assert desk.looked < 9  # ever more rarely


def test_a_card_that_is_plugged_in_later_plays(desk: Desk) -> None:
    desk.go(5)
    desk.there = [found("ALSA: USB", rate_hz=44_100)]
    desk.go(8)
    assert desk.state.open
    assert desk.state.sentence == "Playing on ALSA: USB, 12 ms from key to ear."
    assert desk.state.latency_ms == 12
    assert desk.instrument.rate_hz == 44_100
    assert DevicesSeen((desk.there[0].device,)) in desk.told


def test_a_device_that_goes_is_a_sentence_and_the_end_of_its_process(desk: Desk) -> None:
    desk.there = [found("ALSA: USB")]
    desk.go(1)
    desk.outputs.made[0].ended = True
    with pytest.raises(DeviceGone):
        desk.go(0.1)
    assert desk.state == SoundState(
        False, "ALSA: USB", "ALSA: USB is gone; sound comes back with it."
    )


def test_a_device_that_falls_silent_without_a_word_is_gone_too(desk: Desk) -> None:
    desk.there = [found("Core Audio: USB")]
    desk.go(1)
    desk.outputs.made[0].last_block_s = desk.clock.now
    desk.clock.advance(2)
    with pytest.raises(DeviceGone):
        desk.keeper.watch()
    assert not desk.state.open


def test_a_chosen_device_is_waited_for_and_no_other_taken(desk: Desk) -> None:
    desk.there = [found("ALSA: Speakers")]
    desk.keeper.use_device("ALSA: USB")
    desk.go(3)
    assert not desk.outputs.made
    assert desk.state.sentence == "ALSA: USB is not there; sound comes back with it."
    desk.there = [found("ALSA: Speakers"), found("ALSA: USB", 1)]
    desk.go(10)
    assert desk.state.device == "ALSA: USB"


def test_where_the_default_is_busy_the_next_one_plays(desk: Desk) -> None:
    desk.there = [found("ALSA: Card"), found("JACK: system", 1)]
    desk.outputs.refused.add("ALSA: Card")
    desk.go(1)
    assert desk.state.device == "JACK: system"


def test_where_all_are_busy_the_reason_is_said(desk: Desk) -> None:
    desk.there = [found("ALSA: Card")]
    desk.outputs.refused.add("ALSA: Card")
    desk.go(1)
    assert desk.state.sentence == "ALSA: Card cannot be opened: it is busy."


def test_without_portaudio_the_reason_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[FoundDevice]:
        raise SoundDeviceError("Sound needs PortAudio.")

    monkeypatch.setattr(desk.keeper, "_look", fail)
    desk.go(1)
    assert desk.state.sentence == "Sound needs PortAudio."


def test_another_buffer_opens_the_device_again_and_underruns_add_up(desk: Desk) -> None:
    desk.there = [found("ALSA: USB")]
    desk.go(1)
    desk.outputs.made[0].underruns = 3
    desk.keeper.use_buffer("large")
    desk.outputs.made[1].underruns = 2
    desk.go(1)
    assert [out.buffer for out in desk.outputs.made] == ["medium", "large"]
    assert desk.outputs.made[0].closed
    assert desk.state.underruns == 5


def test_a_latency_that_wavers_is_told_once(desk: Desk) -> None:
    desk.there = [found("ALSA: USB")]
    desk.go(1)
    told = len(desk.told)
    for step in range(10):
        desk.outputs.made[0].latency_s = 0.012 + 0.0001 * (step % 3)
        desk.go(0.1)
    assert len(desk.told) == told
    desk.outputs.made[0].latency_s = 0.020
    desk.go(0.1)
    assert desk.state.latency_ms == 20


def test_a_failing_block_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.there = [found("ALSA: USB")]
    desk.go(1)
    desk.outputs.made[0].error = RuntimeError("Something gave way.")
    desk.go(0.1)
    assert "Something gave way." in caplog.text

"""Each note at its own sample, whatever the blocks; every note on has its note off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.audio._renderer import MAKE_UP, Message, Renderer, limit
from tests.studio.audio.fakes import FakeInstrument

RATE_HZ = 48_000
FRAME_S = 1 / RATE_HZ


def on(at_s: float, pitch: int = 60, channel: int = 0) -> Message:
    return at_s, bytes((0x90 | channel, pitch, 100))


def off(at_s: float, pitch: int = 60, channel: int = 0) -> Message:
    return at_s, bytes((0x80 | channel, pitch, 0))


class Stage:
    """A renderer on a fake instrument; `go` renders, from second 0 on."""

    def __init__(self) -> None:
        self.instrument = FakeInstrument()
        self.renderer = Renderer(self.instrument)

    def go(self, seconds: float, frames: int = 128) -> np.ndarray:
        blocks = []
        for _ in range(round(seconds * RATE_HZ / frames)):
            block = np.full((frames, 2), np.nan, np.float32)
            self.renderer.render(block, self.instrument.frame * FRAME_S, FRAME_S)
            blocks.append(block)
        return np.concatenate(blocks)


@pytest.fixture
def stage() -> Stage:
    return Stage()


@given(
    frames=st.integers(1, 700),
    starts=st.lists(st.integers(0, 4000), min_size=1, max_size=8, unique=True),
)
def test_a_note_begins_at_its_sample_in_blocks_of_any_size(frames: int, starts: list[int]) -> None:
    stage = Stage()
    stage.renderer.send([on(start * FRAME_S, 40 + i) for i, start in enumerate(starts)])
    stage.go(0.2, frames)
    begun = {pitch - 40: frame for frame, _, pitch in stage.instrument.notes}
    assert begun == dict(enumerate(starts))


def test_sound_is_silent_before_and_after_the_note(stage: Stage) -> None:
    stage.renderer.send([on(0.010), off(0.020)])
    sound = stage.go(0.032)[:, 0]
    assert np.flatnonzero(sound).tolist() == list(range(480, 960))


def test_messages_of_one_moment_keep_their_order(stage: Stage) -> None:
    program = bytes((0xC0, 40))
    stage.renderer.send([(0.005, program), on(0.005)])
    stage.go(0.01)
    assert [data[0] & 0xF0 for _, data in stage.instrument.played] == [0xC0, 0x90]


def test_the_offset_moves_everything(stage: Stage) -> None:
    stage.renderer.offset_s = 0.01
    stage.renderer.send([on(0.01)])
    stage.go(0.05)
    assert stage.instrument.notes == [(960, "on", 60)]


def test_a_sounding_pitch_is_ended_before_it_begins_again(stage: Stage) -> None:
    stage.renderer.send([on(0.0), on(0.01), off(0.02)])
    stage.go(0.05)
    assert [what for _, what, _ in stage.instrument.notes] == ["on", "off", "on", "off"]


def test_stop_lets_go_and_forgets_notes_but_not_instruments(stage: Stage) -> None:
    program = bytes((0xC1, 73))
    stage.renderer.send([on(0.0), on(0.5, 64), (0.6, program), on(0.7, 65, 1)])
    stage.go(0.01)
    stage.renderer.stop()
    stage.go(1.0)
    assert [(what, pitch) for _, what, pitch in stage.instrument.notes] == [("on", 60), ("off", 60)]
    assert program in [data for _, data in stage.instrument.played]


def test_a_note_that_is_taken_back_never_sounds_and_its_end_hurts_nobody(stage: Stage) -> None:
    stage.renderer.send([on(0.0), on(0.5, 64), on(0.5, 64, 1), off(0.501, 64)])
    stage.go(0.01)
    stage.renderer.take_back({(0, 64)})
    stage.go(1.0)
    begun = [data for _, data in stage.instrument.played if data[0] & 0xF0 == 0x90]
    assert [(data[0] & 0x0F, data[1]) for data in begun] == [(0, 60), (1, 64)]


def test_panic_silences_at_once(stage: Stage) -> None:
    stage.renderer.send([on(0.0), on(0.5)])
    stage.go(0.01)
    stage.renderer.panic()
    assert not stage.go(1.0).any()
    assert stage.instrument.played[-1][1] == b"silence"


def test_a_note_that_comes_too_late_sounds_at_once_and_is_counted(stage: Stage) -> None:
    stage.go(0.1)
    stage.renderer.send([on(0.05), on(0.095, 61)])
    stage.go(0.1)
    assert stage.instrument.notes[0][0] == pytest.approx(0.1 * RATE_HZ, abs=128)
    assert stage.renderer.late == 1


def test_after_a_sleep_old_notes_are_left_out(stage: Stage) -> None:
    stage.go(1.0)
    stage.renderer.send([on(0.5), off(0.6), on(1.1, 62), off(1.2, 62)])
    stage.go(0.5)
    assert stage.renderer.late == 0
    assert [(what, pitch) for _, what, pitch in stage.instrument.notes] == [("on", 62), ("off", 62)]


def test_without_a_device_notes_pass_and_instruments_are_kept(stage: Stage) -> None:
    stage.go(0.01)
    stage.renderer.send([(0.02, bytes((0xC0, 40))), on(0.02), off(9.0)])
    stage.renderer.idle(1.0)
    assert [data[0] for _, data in stage.instrument.played] == [0xC0]


def test_losing_the_device_lets_notes_go(stage: Stage) -> None:
    stage.renderer.send([on(0.0)])
    stage.go(0.01)
    stage.renderer.idle(0.1)
    assert not stage.instrument.held


def test_volume_changes_without_a_step(stage: Stage) -> None:
    stage.renderer.set_volume(0.2)
    stage.go(0.01)
    stage.renderer.send([on(0.0)])
    soft = stage.go(0.1)
    assert soft[-1] == pytest.approx(0.04 * MAKE_UP)
    stage.renderer.set_volume(0.5)
    louder = stage.go(0.1)[:, 0]
    assert louder[-1] == pytest.approx(0.25 * MAKE_UP, abs=1e-4)
    assert np.abs(np.diff(louder)).max() < 0.01


def test_nothing_exceeds_full_scale_and_soft_sound_is_not_touched() -> None:
    sound = np.linspace(-3, 3, 1001, dtype=np.float32)[:, None].repeat(2, axis=1)
    limited = sound.copy()
    limit(limited)
    assert np.abs(limited).max() <= 1
    soft = np.abs(sound) <= 0.7
    assert (limited[soft] == sound[soft]).all()
    assert (np.diff(limited[:, 0]) >= 0).all()


@given(st.lists(st.tuples(st.sampled_from("nfspw"), st.integers(0, 20), st.integers(60, 63))))
def test_whatever_happens_no_note_hangs(gestures: list[tuple[str, int, int]]) -> None:
    stage = Stage()
    for kind, delay, pitch in gestures:
        now_s = stage.instrument.frame * FRAME_S
        due_s = now_s + delay / 1000
        if kind == "n":
            stage.renderer.send([on(due_s, pitch), off(due_s + 0.01, pitch)])
        elif kind == "f":
            stage.renderer.send([off(due_s, pitch)])
        elif kind == "s":
            stage.renderer.stop()
        elif kind == "p":
            stage.renderer.panic()
        else:
            stage.go(0.01)
    stage.go(0.1)
    assert not stage.instrument.held

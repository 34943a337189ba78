"""What somebody plays in is a phrase in time: whole bars, on the grid, one note at a time."""

from __future__ import annotations

import pytest

from studio.live.clock.transport import Transport
from studio.live.ensemble._recorder import MOST_BARS, Recorder, snapped
from studio.processes.messages import Received
from tests.fakes import FakeClock


class Keys:
    """A keyboard at 60 bpm: a beat is a second. `at` is in beats from where play began."""

    def __init__(self, *, playing: bool = True) -> None:
        self.clock = FakeClock()
        self.transport = Transport(self.clock)
        self.transport.lead_s = 0.0
        self.transport.set_tempo(60)
        self.recorder = Recorder(self.transport)
        if playing:
            self.transport.play()
        self.zero = self.clock()

    def tell(self, at: float, *data: int) -> None:
        self.clock.now = self.zero + at
        self.recorder.hear(Received(self.clock(), "Keys", bytes(data)))

    def play(self, at: float, pitch: int, length: float = 0.9) -> None:
        self.tell(at, 0x90, pitch, 100)
        self.tell(at + length, 0x80, pitch, 0)

    def heard(self) -> list[tuple[float, float, int]]:
        """(begin, length, pitch) of each note."""
        phrase = self.recorder.phrase()
        assert phrase is not None
        return [(n.start_beats, n.length_beats, n.pitch) for n in phrase.notes]


def test_nothing_played_is_nothing() -> None:
    assert Keys().recorder.phrase() is None


def test_notes_are_in_beats_from_their_first_bar() -> None:
    keys = Keys()
    for beat, pitch in ((8, 60), (9, 62), (10, 64), (12, 65)):
        keys.play(beat, pitch, length=1)
    assert keys.heard() == [(0, 1, 60), (1, 1, 62), (2, 1, 64), (4, 1, 65)]
    phrase = keys.recorder.phrase()
    assert phrase is not None
    assert phrase.length_beats == 8


def test_hands_are_not_exact_and_the_phrase_is() -> None:
    keys = Keys()
    for beat, pitch in ((3.9, 60), (5.04, 62), (5.46, 64), (6.0, 65), (6.35, 67), (6.64, 69)):
        keys.play(beat, pitch, length=0.2)
    assert [begin for begin, *_ in keys.heard()] == [0, 1, 1.5, 2, 2 + 1 / 3, 2 + 2 / 3]


@pytest.mark.parametrize(("beat", "grid"), [(1.02, 1), (1.27, 1.25), (1.32, 4 / 3), (1.97, 2)])
def test_the_grid_holds_sixteenths_and_triplets(beat: float, grid: float) -> None:
    assert snapped(beat) == pytest.approx(grid)


def test_of_a_chord_the_highest_note_counts() -> None:
    keys = Keys()
    for pitch in (60, 67, 64):
        keys.tell(0.01, 0x90, pitch, 100)
    for pitch in (60, 64, 67):
        keys.tell(1.0, 0x90, pitch, 0)
    assert keys.heard() == [(0, 1, 67)]


def test_a_key_that_is_still_down_sounds_to_the_end() -> None:
    keys = Keys()
    keys.tell(1, 0x90, 60, 100)
    assert keys.heard() == [(1, 3, 60)]


def test_after_a_pause_another_phrase_begins() -> None:
    keys = Keys()
    keys.play(0, 60)
    keys.play(20, 72)
    assert [pitch for *_, pitch in keys.heard()] == [72]


def test_only_the_last_bars_count() -> None:
    keys = Keys()
    for bar in range(20):
        keys.play(4 * bar, 60 + bar)
    phrase = keys.recorder.phrase()
    assert phrase is not None
    assert phrase.length_beats == MOST_BARS * 4
    assert phrase.notes[-1].pitch == 79


def test_a_jump_begins_anew() -> None:
    keys = Keys()
    keys.play(0, 60)
    keys.transport.locate(0)
    keys.zero = keys.clock()
    keys.play(1, 72)
    assert keys.heard() == [(1, 1, 72)]


def test_without_play_time_begins_with_the_first_note() -> None:
    keys = Keys(playing=False)
    for beat, pitch in ((3.3, 60), (4.3, 62), (5.8, 64)):
        keys.play(beat, pitch, length=0.5)
    assert [begin for begin, *_ in keys.heard()] == [0, 1, 2.5]
    keys.play(40, 71)
    assert [pitch for *_, pitch in keys.heard()] == [71]


def test_what_is_no_note_is_passed_over() -> None:
    keys = Keys()
    for data in ((0xB0, 1, 64), (0xE0, 0, 64), (0xC0, 5), (0x80, 60, 0)):
        keys.tell(0, *data)
    assert keys.recorder.phrase() is None


def test_a_hand_on_all_keys_is_bounded() -> None:
    keys = Keys()
    for n in range(5000):
        keys.tell(n / 1000, 0x90, n % 128, 100)
    phrase = keys.recorder.phrase()
    assert phrase is not None
    assert len(phrase.notes) < 200


def test_so_many_bars_are_just_those_and_a_hand_that_lets_go_early_plays_legato() -> None:
    keys = Keys()
    for beat, pitch, length in ((2, 50, 1), (3.9, 60, 0.8), (5, 62, 0.5), (6, 64, 2.3), (9, 65, 1)):
        keys.play(beat, pitch, length)
    bars = keys.recorder.bars(1, 1)
    assert [(n.start_beats, n.length_beats, n.pitch) for bar in bars for n in bar.notes] == [
        (0, 1, 60), (1, 0.5, 62), (2, 2, 64),
    ]  # fmt: skip
    assert keys.recorder.bars(6, 2) == ()


def test_what_has_sounded_lately_is_known_and_no_key_is_held_for_ever() -> None:
    keys = Keys()
    keys.play(0, 60)
    keys.tell(2, 0x90, 64, 100)
    assert [(n.pitch, n.length_beats) for n in keys.recorder.sounded(1.5)] == [(64, float("inf"))]
    assert len(keys.recorder.sounded(0.5)) == 2
    keys.clock.now = keys.zero + 19
    assert not keys.recorder.sounded(18.5), "its end was lost with its keyboard"

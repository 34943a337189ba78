"""The room: it answers, dies away, and is the same however sound is cut into blocks."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.audio._reverb import Room


def answer(frames: int, amount: float = 1.0, seconds: float = 2.0) -> NDArray[np.float32]:
    """What an impulse becomes."""
    room = Room()
    room.amount = amount
    sound = np.zeros((round(seconds * 48_000), 2), np.float32)
    sound[0] = 1
    for begin in range(0, len(sound), frames):
        room.add_to(sound[begin : begin + frames])
    return sound


def level_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10((sound**2).mean() + 1e-20))


def test_a_dry_room_changes_nothing() -> None:
    sound = answer(128, amount=0)
    assert sound[0].tolist() == [1, 1]
    assert not sound[1:].any()


def test_it_answers_after_the_sound_and_dies_away() -> None:
    sound = answer(128)
    assert not sound[1:1000].any()
    early, late = level_db(sound[1100:9600]), level_db(sound[48_000:57_600])
    assert early - late > 40


@pytest.mark.parametrize("frames", [1, 64, 500, 5000])
def test_blocks_of_any_size_sound_the_same(frames: int) -> None:
    seconds = 0.1 if frames == 1 else 0.5
    other = answer(frames, seconds=seconds)
    np.testing.assert_allclose(other, answer(128, seconds=seconds), atol=1e-6)


def test_left_and_right_differ() -> None:
    sound = answer(128)
    assert not np.allclose(sound[:, 0], sound[:, 1])


def test_it_can_be_cleared() -> None:
    room = Room()
    room.amount = 1
    room.add_to(np.ones((4000, 2), np.float32))
    room.clear()
    silence = np.zeros((4000, 2), np.float32)
    room.add_to(silence)
    assert not silence.any()

"""What differs is told, the newest only, and no onset is lost on the way."""

from __future__ import annotations

import numpy as np

from studio.audio.listening.listener import Listener
from studio.audio.listening.messages import Heard, Listen
from tests.studio.audio.listening.sounds import BANDS, RATE_HZ, Sound, clicks, silence, tone

ALL = Listen(BANDS, onsets=True)


class Pipe:
    """Takes what is told while it is open."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.is_open = True
        self.listener = Listener(self.tell)

    def tell(self, heard: Heard) -> bool:
        if self.is_open:
            self.heard.append(heard)
        return self.is_open

    def hear(self, sound: Sound, first_s: float = 0.0) -> None:
        """As the listener's own thread takes it."""
        for start in range(0, len(sound), 256):
            at_s = first_s + start / RATE_HZ
            self.listener.take(sound[start : start + 256], at_s, RATE_HZ)


def pipe(listen: Listen = ALL) -> Pipe:
    made = Pipe()
    made.listener._listen = listen
    return made


def test_silence_is_told_once() -> None:
    made = pipe()
    made.hear(silence(2))
    assert len(made.heard) == 1
    assert dict(made.heard[0].levels) == {1: 0, 2: 0, 3: 0}


def test_a_sound_that_ends_is_told_until_it_is_silent() -> None:
    made = pipe()
    made.hear(np.concatenate((tone(1000, 0.5), silence(3))))
    assert max(dict(heard.levels)[2] for heard in made.heard) > 0.9
    assert dict(made.heard[-1].levels)[2] == 0
    assert made.heard[-1].at_s < 2.5


def test_a_pipe_that_is_full_gets_the_newest_with_all_onsets() -> None:
    made = pipe()
    made.is_open = False
    made.hear(clicks([0.5, 1.0, 1.5], 2.0))
    made.is_open = True
    made.hear(silence(0.5), 2.0)
    first = made.heard[0]
    assert [round(at_s, 3) for at_s, _ in first.onsets] == [0.5, 1.0, 1.5]
    assert first.at_s > 2.0
    assert not any(heard.onsets for heard in made.heard[1:])


def test_nothing_is_analysed_unless_it_is_listened_to_and_the_thread_ends_with_that() -> None:
    made = Pipe()
    stereo = np.stack((tone(1000, 0.1),) * 2, axis=1)
    assert made.listener.hear(stereo, 0.0, 1 / RATE_HZ)
    made.listener.listen(ALL)
    assert made.listener.hear(stereo, 0.0, 1 / RATE_HZ)
    made.listener.listen(Listen())
    count = len(made.heard)
    assert count
    made.listener.hear(stereo, 0.1, 1 / RATE_HZ)
    assert len(made.heard) == count

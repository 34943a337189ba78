"""The sound without a device."""

from __future__ import annotations

import numpy as np

from studio.audio.offline import RATE_HZ, OfflineSound


def test_a_note_begins_at_its_own_sample_however_it_is_cut() -> None:
    whole, parts = OfflineSound(), OfflineSound()
    for sound in (whole, parts):
        sound.send([(0.5, bytes((0x99, 37, 127))), (0.75, bytes((0x90, 60, 100)))])
    made = whole.render(1.0)
    again = np.concatenate([parts.render(at) for at in (0.1, 0.4999, 0.8, 1.0)])
    assert made.shape == (RATE_HZ, 2)
    assert not made[: RATE_HZ // 2].any()
    assert np.flatnonzero(made[:, 0])[0] - RATE_HZ // 2 < 8
    assert np.abs(made - again).max() < 1e-3
    assert whole.seconds == 1.0
    ends = (1.5 + 0.3 / RATE_HZ, 1.5 + 0.7 / RATE_HZ, 4.0)  # between two samples
    blocks = [len(block) for at in ends for block in whole.blocks(at)]
    assert blocks == [RATE_HZ // 2, 1, RATE_HZ, RATE_HZ, RATE_HZ // 2 - 1]

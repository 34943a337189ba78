"""Sound in files of four kinds."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from studio.export.sound_files import RATE_HZ, SUFFIXES, is_sound, write_sound


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_written_is_heard_where_it_was(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"a{suffix}"
    block = np.zeros((RATE_HZ, 2), np.float32)
    block[RATE_HZ // 2 : RATE_HZ // 2 + 400] = 0.5
    assert write_sound(file, [block[:1000], block[1000:]]) == 1.0
    with av.open(str(file)) as sound:
        parts = [frame.to_ndarray() for frame in sound.decode(audio=0)]
        exact = suffix in (".wav", ".flac")
    left = np.concatenate([part.reshape(-1, 2)[:, 0] if exact else part[0] for part in parts])
    loud = np.abs(left.astype(np.float64)) > np.abs(left.astype(np.float64)).max() / 4
    assert abs(int(np.argmax(loud)) - RATE_HZ // 2) <= (0 if exact else 1200)
    assert abs(len(left) - RATE_HZ) <= (0 if exact else 3000)
    assert is_sound(file)

"""The sound without a device."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.audio import offline
from studio.audio.font.riff import FontError
from studio.audio.offline import RATE_HZ, OfflineSound
from tests.studio.audio.small_font import OCARINA, small_font


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


def test_a_font_of_the_artist_s_is_tried_first_and_a_damaged_one_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sound_of(font: str, said: list[str]) -> np.ndarray:
        sound = OfflineSound()
        sound.send([(0.0, bytes((0xC0, OCARINA))), (0.0, bytes((0xC1, 0)))])
        sound.render(0.1)
        sound.try_font(font, said.append)
        sound.send([(0.1, bytes((0x91, 69, 100)))])
        return sound.render(0.6)

    tried: list[Path] = []
    monkeypatch.setattr(offline, "try_out", lambda path, _: tried.append(path))
    file, said = small_font(tmp_path), list[str]()
    piano, ocarina = sound_of("", said), sound_of(str(file), said)
    assert (said, tried) == ([], [file])
    assert np.abs(ocarina).max() > 0.01
    assert np.corrcoef(piano[:, 0], ocarina[:, 0])[0, 1] < 0.9
    assert np.array_equal(sound_of(str(tmp_path / "gone.sf2"), said), piano)

    def refuse(path: Path, _: object) -> None:
        raise FontError(f"The SoundFont {path.name} is damaged: the synthesiser cannot play it.")

    monkeypatch.setattr(offline, "try_out", refuse)
    assert np.array_equal(sound_of(str(file), said), piano)
    assert ["gone.sf2" in said[0], "is damaged" in said[1], len(said)] == [True, True, 2]

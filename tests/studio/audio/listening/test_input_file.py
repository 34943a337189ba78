"""A recorded input: every block at its own time, whatever the device's clock and the device do."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from studio.audio.listening._input_file import InputFile

RATE = 48_000


def clicks(file: Path) -> tuple[list[float], float]:
    """When something loud begins, in seconds, and how long the file is."""
    with wave.open(str(file)) as read:
        assert (read.getframerate(), read.getsampwidth()) == (RATE, 3)
        data = np.frombuffer(read.readframes(read.getnframes()), np.uint8)
        high = data.reshape(-1, read.getnchannels(), 3)[:, 0, 2].view(np.int8)
    loud = np.flatnonzero(np.abs(high.astype(int)) > 40)
    starts = [n for n, at in enumerate(loud) if n == 0 or at - loud[n - 1] > 100]
    return [float(loud[n]) / RATE for n in starts], len(high) / RATE


def played(file: InputFile, begin_s: float, seconds: float, rate: float, every_s: float) -> None:
    """Blocks of a device that opens at `begin_s` and whose clock has so many frames a second."""
    for number in range(int(seconds * rate / 256)):
        at_s = begin_s + number * 256 / rate
        times = at_s + np.arange(256) / rate
        loud = np.diff(np.floor(np.append(times, times[-1] + 1 / rate) / every_s)) > 0
        block = np.repeat(np.where(loud, 0.9, 0.0)[:, None], 2, axis=1).astype(np.float32)
        block[1:] += block[:-1]  # two frames, so that none is lost between two places
        file.hear(block, at_s, 1 / RATE)


def test_a_click_is_where_it_sounded_though_the_device_opens_late_and_goes_wrong(
    tmp_path: Path,
) -> None:
    """The device's clock is off by 300 ppm, more than any; it opens after 0.3 s, loses 0.4 s."""
    made = InputFile(tmp_path / "input.wav", 100.0)
    played(made, 100.3, 20.0, RATE * 1.0003, 0.5)
    played(made, 120.7, 20.0, RATE * 1.0003, 0.5)
    made.close()
    at_s, length_s = clicks(tmp_path / "input.wav")
    assert len(at_s) > 70
    assert max(abs(at - round(at * 2) / 2) for at in at_s) < 0.006
    assert length_s == pytest.approx(40.7, abs=0.02)


def test_what_was_heard_before_the_beginning_is_left_out_and_a_file_that_is_there_stays(
    tmp_path: Path,
) -> None:
    (tmp_path / "input.wav").write_bytes(b"of the process before")
    made = InputFile(tmp_path / "input.wav", 100.0)
    played(made, 99.6, 1.0, RATE, 0.5)
    made.close()
    assert clicks(tmp_path / "input 2.wav")[0] == [pytest.approx(0.5, abs=0.001)]


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    made = InputFile(tmp_path / "gone" / "input.wav", 100.0)
    played(made, 100.0, 0.1, RATE, 0.5)
    made.close()
    assert made.problem == "The input is not recorded any more: No such file or directory."

"""What an input hears as a wav file in time with something else: its first frame is a moment."""

from __future__ import annotations

import wave
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

Block = npt.NDArray[np.float32]
"""(frames, channels), full scale at 1."""

_WIDTH = 3
_MOST_BYTES = 4_000_000_000
"""What a wav file can hold: four hours."""
_STRETCHED = 4
"""A block is made longer or shorter by so many frames where the device's clock is not ours."""
_GAP_S = 0.005
"""More that is missing is silence: sound that was lost, or the device before it was open."""
_LONGEST_GAP_S = 24 * 3600.0


class InputFile:
    """24 bits. Its length is kept right in the file, so that it plays however its writing ends."""

    def __init__(self, file: Path, begun_s: float) -> None:
        """Begins at `begun_s` of `perf_counter`. A file that is there stays: another name."""
        self._wanted, self._begun_s = file, begun_s
        self.problem = ""
        """Why nothing is written any more, in a sentence."""
        self._blocks: SimpleQueue[tuple[Block, float, float] | None] = SimpleQueue()
        self._file: BinaryIO | None = None
        self._wave: wave.Wave_write | None = None
        self._rate, self._frames, self._bytes = 0, 0, 0
        self._thread = Thread(target=self._run, name="input file", daemon=True)
        self._thread.start()

    def hear(self, block: Block, first_s: float, frame_s: float) -> None:
        """In a device's callback: a block whose first frame sounded at `first_s`."""
        self._blocks.put((block.copy(), first_s, frame_s))

    def close(self) -> None:
        """Write what was heard, and end."""
        self._blocks.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while (taken := self._blocks.get()) is not None:
                self.write(*taken)
            if self._wave is not None and self._file is not None:
                self._wave.close()
                self._file.close()
        except OSError as error:
            self.problem = f"The input is not recorded any more: {error.strerror or error}."
            while self._blocks.get() is not None:
                pass

    def write(self, block: Block, first_s: float, frame_s: float) -> None:
        """Put a block where it belongs. On the file's own thread. Raises OSError."""
        rate = self._rate or round(1 / frame_s)
        if self._wave is None:
            self._open(rate, block.shape[1])
        assert self._wave is not None
        begin = round((first_s - self._begun_s) * rate)
        end = begin + len(block)
        if begin < 0 and self._frames == 0:  # heard before the beginning
            block, begin = block[min(len(block), -begin) :], 0
        gap = begin - self._frames
        if _GAP_S * rate < gap < _LONGEST_GAP_S * rate:
            self._put(np.zeros((gap, block.shape[1]), np.float32))
        if len(block):
            self._put(_stretched(block, end - self._frames))

    def _open(self, rate: int, channels: int) -> None:
        file, number = self._wanted, 1
        while self._file is None:
            try:
                self._file = file.open("xb")
            except FileExistsError:  # the device was lost, and with it the process that wrote
                number += 1
                file = self._wanted.with_stem(f"{self._wanted.stem} {number}")
        self._rate = rate
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 # `_run` closes it
        self._wave.setparams((channels, _WIDTH, rate, 0, "NONE", ""))

    def _put(self, block: Block) -> None:
        levels = np.round(np.clip(np.nan_to_num(block), -1, 1) * (2**23 - 1)).astype("<i4")
        data = levels.view(np.uint8).reshape(-1, 4)[:, :_WIDTH].tobytes()
        self._bytes += len(data)
        if self._wave is not None and self._bytes < _MOST_BYTES:
            self._wave.writeframes(data)
            self._frames += len(block)


def _stretched(block: Block, frames: int) -> Block:
    """As many frames as there is room for, where that is nearly what it has."""
    frames = max(len(block) - _STRETCHED, min(len(block) + _STRETCHED, frames))
    if frames == len(block) or frames < 2 or len(block) < 2:
        return block
    places = np.linspace(0, len(block) - 1, frames)
    columns = [np.interp(places, np.arange(len(block)), column) for column in block.T]
    return np.stack(columns, axis=1).astype(np.float32)

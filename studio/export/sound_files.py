"""Sound into files: WAV, FLAC, Ogg or MP3, by the end of the file's name."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.engine import EngineError

RATE_HZ = 48_000
_CODECS: dict[str, tuple[str, str, int]] = {
    ".wav": ("wav", "pcm_s24le", 0),
    ".flac": ("flac", "flac", 0),
    ".ogg": ("ogg", "libopus", 192_000),
    ".mp3": ("mp3", "libmp3lame", 256_000),
}
"""Format, codec, and bits a second where that matters."""
SUFFIXES = tuple(_CODECS)


def is_sound(file: Path) -> bool:
    """Whether a file of this name would be one of sound."""
    return file.suffix.lower() in _CODECS


def write_sound(file: Path, blocks: Iterable[npt.NDArray[np.float32]], suffix: str = "") -> float:
    """Write `blocks`, each float32 (frames, 2) at `RATE_HZ`, and return how many seconds they are.

    `suffix` says what it is to be where the file's own name does not. Raises OSError, and
    `EngineError` where an encoder is missing.
    """
    import av  # with the first file: no window needs it

    kind, codec, bits = _CODECS[(suffix or file.suffix).lower()]
    if codec not in av.codec.codecs_available:
        raise EngineError(f"This PyAV has no encoder for {suffix or file.suffix} files.")
    done = 0
    with av.open(str(file), "w", format=kind) as out:
        stream: Any = out.add_stream(codec, rate=RATE_HZ, layout="stereo")
        if bits:
            stream.bit_rate = bits
        for block in blocks:
            if len(block):
                out.mux(stream.encode(_frame(block, done)))
                done += len(block)
        if done:
            out.mux(stream.encode(None))
    return done / RATE_HZ


def _frame(block: npt.NDArray[np.float32], at: int) -> Any:
    import av

    flat = np.ascontiguousarray(block, np.float32).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(flat, format="flt", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
    return frame

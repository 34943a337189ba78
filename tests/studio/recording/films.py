"""What is in a film, seen by PyAV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt


@dataclass
class Seen:
    """Times in seconds."""

    size: tuple[int, int]
    times: list[float]
    light: list[float]
    """Of each picture, the mean of its grey, 0 to 255."""
    sound: npt.NDArray[np.float32]
    """One channel at 48 kHz, the first sample at `sound_from`."""
    sound_from: float

    def flash(self) -> float:
        """When the first bright picture is shown."""
        return next(t for t, light in zip(self.times, self.light, strict=True) if light > 100)

    def click(self) -> float:
        """When the first sound is heard."""
        return self.sound_from + float(np.argmax(np.abs(self.sound) > 0.02)) / 48_000


def seen(file: Path) -> Seen:
    """Decode all of a film."""
    with av.open(str(file)) as film:
        pictures = [
            (f.time, float(f.to_ndarray(format="gray").mean())) for f in film.decode(video=0)
        ]
        video = film.streams.video[0]
        size = (video.width, video.height)
    parts, first = [], 0.0
    with av.open(str(file)) as film:
        if film.streams.audio:
            for frame in film.decode(audio=0):
                first = first if parts else float(frame.time)
                parts.append(frame.to_ndarray()[0])
    sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return Seen(
        size, [float(t) for t, _ in pictures], [light for _, light in pictures], sound, first
    )

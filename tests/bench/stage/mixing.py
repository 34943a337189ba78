"""`mix_ms`: how long the mixer takes for one, two and four layers at two sizes of the output.

Pictures of 512 px, another one each time, as while all decks are dragged: the lowest fills the
output, the others lie over it, half seen, each as large as fits. On one core; the median.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from time import perf_counter, thread_time

import numpy as np

from studio.commands.report import Row
from studio.document.mix import Layer, Mix
from studio.outputs.mixing import Mixer, Picture

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
_PICTURE_PX = 512
_ROUNDS = 60


def rows(seconds: float) -> Iterator[Row]:
    """Sixty frames of each."""
    for name, size in SIZES.items():
        for count in (1, 2, 4):
            whole, own = _frames_ms(count, size)
            note = f"{size[0]} x {size[1]}; {own:.1f} ms of the processor"
            yield Row(f"mix_ms_{name}_{count}_layers", whole, "ms", note=note)


def _frames_ms(count: int, size: tuple[int, int]) -> tuple[float, float]:
    """The medians of a frame's time, and of the time on the processor."""
    chance, side = np.random.default_rng(0), _PICTURE_PX
    pictures = [chance.integers(0, 256, (side, side, 3), dtype=np.uint8) for _ in range(2 * count)]
    layers = [Layer(fit="fill"), *(Layer(opacity=0.5) for _ in range(count - 1))]
    mixer, whole, own = Mixer(), [], []
    for n in range(_ROUNDS):
        pixels = pictures[:count] if n % 2 else pictures[count:]
        seen = [Picture(str(k), layer, pixels[k]) for k, layer in enumerate(layers)]
        began, spent = perf_counter(), thread_time()
        mixer.mix(seen, Mix(), size)
        whole.append(1000 * (perf_counter() - began))
        own.append(1000 * (thread_time() - spent))
    return statistics.median(whole), statistics.median(own)

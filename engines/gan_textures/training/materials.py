"""What the generator learns from: one picture a material, each at home in its own measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engines.common import ranks
from engines.common.own_files import read_pictures
from engines.common.training import digest_of
from engines.gan_textures.measures import LEAST_DEVIATION, OPPONENT, SIDE_PX
from studio.engine import EngineError
from studio.engine.picture_files import open_picture

DATA = Path(__file__).resolve().parents[1] / "data"
"""A folder of pictures for each shipped model."""
LEAST_PX = 64
"""The smallest picture to learn from: about as wide as the generator looks round itself."""


@dataclass(frozen=True)
class Colours:
    """Where a material lies in colour space, apart from its pattern: (N, 3) means, 0..1 RGB, and
    (N, 1) deviations of the luminance."""

    means: Tensor
    contrasts: Tensor


@dataclass(frozen=True)
class Materials:
    """N materials, each as one seamless picture."""

    names: tuple[str, ...]
    pictures: Tensor
    """(N, 3, SIDE_PX, SIDE_PX) in own measures: opponent colours less the mean, by the contrast."""
    colours: Colours

    def digest(self) -> str:
        """What these materials have and no others, whatever they are called."""
        return digest_of([*(n.encode() for n in self.names), self.pictures.numpy().tobytes()])

    def crops(self, index: Tensor, size_px: int, choices: torch.Generator) -> Tensor:
        """For each of `index` (B,) a square from a random place, wrapped round."""
        places = ranks.rows(
            lambda n: torch.randint(0, SIDE_PX, (n, 2), generator=choices), len(index)
        )
        span = torch.arange(size_px)
        found = [
            self.pictures[i][:, (y + span)[:, None] % SIDE_PX, (x + span)[None, :] % SIDE_PX]
            for i, (y, x) in zip(index.tolist(), places.tolist(), strict=True)
        ]
        return torch.stack(found)


def read_shipped(model: str = "materials") -> Materials:
    """The materials of a shipped model."""
    paths = sorted((DATA / model).glob("*.webp"))
    return materials([p.stem for p in paths], [open_picture(p) for p in paths])


def read_folder(folder: Path, say: Callable[[str], object] = print) -> Materials:
    """An artist's own pictures, one material each, of the folder and those inside it.

    What cannot be used is named and left out.

    Their edges need not fit: see `seamless`. Raises `EngineError` where nothing is left.
    """
    names, pictures = zip(*read_pictures(folder, _usable, say), strict=True)
    return materials(names, pictures)


def _usable(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle square of a picture, at the materials' size, seamless."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    if side < LEAST_PX:
        raise EngineError(f"A material needs {LEAST_PX} pixels on each side, this has {side}.")
    if float(pixels.std((0, 1)).max()) < LEAST_DEVIATION:
        raise EngineError("It is one flat colour.")
    top, left = (height - side) // 2, (width - side) // 2
    square = seamless(pixels[top : top + side, left : left + side])
    if side < SIDE_PX:
        return np.pad(square, ((0, SIDE_PX - side), (0, SIDE_PX - side), (0, 0)), mode="wrap")
    wanted = Image.fromarray(square).resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    return np.asarray(wanted)


def seamless(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (H, W, 3) whose opposite edges fit: its periodic component (Moisan, "Periodic plus
    smooth image decomposition", 2011), which differs from it by something smooth."""
    picture = pixels.astype(np.float64)
    height, width = picture.shape[:2]
    steps = np.zeros_like(picture)
    across, down = picture[0] - picture[-1], picture[:, 0] - picture[:, -1]
    steps[0] -= across
    steps[-1] += across
    steps[:, 0] -= down
    steps[:, -1] += down
    y, x = np.arange(height)[:, None], np.arange(width)[None]
    divisor = 2 * np.cos(2 * np.pi * y / height) + 2 * np.cos(2 * np.pi * x / width) - 4
    divisor[0, 0] = 1
    spectrum = np.fft.fft2(steps, axes=(0, 1)) / divisor[..., None]
    spectrum[0, 0] = 0
    smooth = np.fft.ifft2(spectrum, axes=(0, 1)).real
    return np.asarray(np.clip(picture - smooth, 0, 255).round(), np.uint8)


def materials(names: Sequence[str], pictures: Sequence[NDArray[np.uint8]]) -> Materials:
    """From RGB pictures of SIDE_PX (H, W, 3) uint8."""
    stack = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
    means = stack.mean((2, 3))
    opponent = torch.einsum("ij,njhw->nihw", OPPONENT, stack - means[..., None, None])
    contrasts = opponent[:, :1].std((2, 3)).clamp(min=0.02)
    return Materials(tuple(names), opponent / contrasts[..., None, None], Colours(means, contrasts))

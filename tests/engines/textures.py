"""Texture models small enough to train and load in a blink."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from engines.gan_textures import shipped
from engines.gan_textures.encoder import Encoder
from engines.gan_textures.export import places_of, points_of
from engines.gan_textures.materials import SIDE_PX, Materials, materials
from engines.gan_textures.model import TextureConfig
from engines.gan_textures.shipped import Shipped
from engines.gan_textures.trainee import Artist
from studio.engine import ModelSpec

CONFIG = TextureConfig(style=6, noise=4, widths=(8, 8, 8, 8, 8))
NAMES = ("checks", "grains", "stripes")


def pixels(name: str, side_px: int = SIDE_PX, seed: int = 0) -> NDArray[np.uint8]:
    """A picture that wraps round: (side, side, 3)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side_px, :side_px] * 2 * np.pi / side_px
    wave = {
        "stripes": np.sin(8 * x),
        "checks": np.sin(8 * x) * np.sin(8 * y),
        "grains": rng.standard_normal(x.shape),
    }[name]
    grey = 120 + 40 * wave + 4 * rng.standard_normal(x.shape)
    tinted = grey[..., None] * np.array([1.0, 0.9, 0.7])
    return np.asarray(tinted.clip(0, 255), np.uint8)


def some(count: int = 3) -> Materials:
    """The first `count` of three."""
    return materials(NAMES[:count], [pixels(name) for name in NAMES[:count]])


def write(path: Path, config: TextureConfig = CONFIG) -> ModelSpec:
    """An untrained model's weights file and its spec."""
    torch.manual_seed(0)
    known = some()
    artist = Artist(config, len(known.names))
    points, places = points_of(artist, known), places_of(known)
    encoder = Encoder(len(known.names))
    ready = Shipped(artist.generator, encoder, known.names, points, places)
    shipped.write(path, ready, {"model": "tiny"})
    size = points.shape[1]
    return ModelSpec(name="tiny", title="Tiny", latent_size=size, weights=path, licence="MIT")


def write_folder(folder: Path) -> Path:
    """Pictures of all kinds: three to learn from, three that are of no use, and no picture."""
    folder.mkdir()
    for name, side in zip(NAMES, (300, 128, 256), strict=True):
        Image.fromarray(pixels(name, side)).save(folder / f"{name}.png")
    Image.fromarray(pixels("grains", 20)).save(folder / "tiny.png")
    Image.fromarray(np.full((100, 100, 3), 90, np.uint8)).save(folder / "flat.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 not much of a picture")
    (folder / "notes.txt").write_text("buy paper")
    (folder / "deeper" / "still").mkdir(parents=True)
    (folder / "grains.png").rename(folder / "deeper" / "still" / "grains.png")
    (folder / ".thumbnails").mkdir()
    Image.fromarray(pixels("checks", 128)).save(folder / ".thumbnails" / "checks.png")
    return folder

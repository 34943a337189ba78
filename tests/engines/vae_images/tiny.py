"""Picture models small enough to train and load in a blink."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engines.vae_images import sharpener_file, shipped
from engines.vae_images.alphabet import CHARACTERS, SIZE_PX
from engines.vae_images.data_sets.materials import Faces
from engines.vae_images.fields import to_field
from engines.vae_images.inking import inker
from engines.vae_images.inking.inker import Inker, InkerConfig
from engines.vae_images.inking.parts import FINER, INK, KnownLayer, Parts, packed_distances
from engines.vae_images.latent_space import fit
from engines.vae_images.model import Vae, VaeConfig
from engines.vae_images.sharpener import Sharpener, SharpenerConfig
from studio.engine import ModelSpec

CONFIG = VaeConfig(
    size_px=16,
    latent_size=6,
    base_px=4,
    decoder_channels=(8, 8),
    decoder_blocks=(1, 1),
    encoder_channels=(8,),
    encoder_blocks=(1,),
)
SHARPENER = SharpenerConfig(features=8, spread=2, width=8, blocks=1, fine_width=8, fine_blocks=1)
INKER = InkerConfig(
    latent_size=6,
    colours=(None, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    lined=(True, True, False),
    line_px=0.8,
    hidden=8,
)
LETTERS = VaeConfig(
    size_px=SIZE_PX,
    latent_size=6,
    base_px=4,
    decoder_channels=(8, 8, 8),
    decoder_blocks=(1, 1, 1),
    encoder_channels=(8, 8),
    encoder_blocks=(1, 1),
    channels=1,
    conditions=len(CHARACTERS),
    condition_size=4,
    hidden=16,
    measures=1,
)


def pictures(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Two-tone pictures (count, 16, 16, 3): a bright half on a dark ground."""
    rng = np.random.default_rng(seed)
    made = np.zeros((count, 16, 16, 3), np.uint8)
    made[:] = rng.integers(0, 90, (count, 1, 1, 3))
    made[:, :8] = rng.integers(160, 255, (count, 1, 1, 3))
    return made


def typefaces(count: int, seed: int = 0) -> Faces:
    """`count` faces whose letters are upright bars, as thick as the face wants."""
    rng = np.random.default_rng(seed)
    fields = np.zeros((count, len(CHARACTERS), SIZE_PX, SIZE_PX), np.uint8)
    for face in range(count):
        ink = np.zeros((2 * SIZE_PX, 2 * SIZE_PX), np.bool_)
        half = int(rng.integers(6, 24))
        ink[30:90, SIZE_PX - half : SIZE_PX + half] = True
        fields[face] = to_field(ink)
    advances = rng.uniform(20, 40, fields.shape[:2]).astype(np.float32)
    advances[0, 3] = np.nan
    return Faces(fields, advances)


def write_letters(path: Path) -> ModelSpec:
    """An untrained letterforms model."""
    return write(path, LETTERS)


def write(path: Path, config: VaeConfig = CONFIG) -> ModelSpec:
    """An untrained model's weights file and its spec."""
    torch.manual_seed(0)
    vae = Vae(config).eval()
    means = np.random.default_rng(0).normal(size=(200, config.latent_size)).astype(np.float32)
    space = fit(means, kernels=20, width=0.5)
    space.directions["glasses"] = np.eye(config.latent_size, dtype=np.float32)[1]
    lines = np.tile(np.array([14, 45], np.float32), (config.conditions, 1))
    shipped.write(path, vae, replace(space, lines=lines), {"model": "tiny"})
    return ModelSpec(
        name="tiny", title="Tiny", latent_size=config.latent_size, weights=path, licence="MIT"
    )


def write_sharpener(model: ModelSpec, config: SharpenerConfig = SHARPENER) -> Path:
    """An untrained sharpener's weights file beside those of `model`."""
    vae, _ = shipped.read(model.weights)
    torch.manual_seed(1)
    sharpener = Sharpener(config)
    torch.nn.init.normal_(sharpener.last.weight, std=0.05)  # else it changes nothing yet
    path = sharpener_file.path_beside(model.weights)
    sharpener_file.write(path, sharpener, sharpener_file.fingerprint(vae), {"model": "tiny"})
    return path


def disc(x: float, radius: float, finer: int = 1) -> NDArray[np.float64]:
    """How far each cell of 16 x 16, or finer ones, is inside of a disc, in cells."""
    side = (np.arange(16 * finer) + 0.5) / finer - 0.5
    return np.asarray(radius - np.hypot(side[:, None] - 7.5, side[None] - x))


def parts() -> Parts:
    """A red disc with a line round it, left or right, that may have a blue spot without one, or an
    ink one."""
    reaches, ink_reach = (8.0, 8.0, 4.0), 1.0
    discs = {(n, 1): packed_distances(disc(x, 4) / 8) for n, x in enumerate((6, 9))}
    for n, x in enumerate((6, 9)):
        discs[n, INK] = packed_distances((0.4 - np.abs(disc(x, 4, FINER))) / ink_reach)
    spot = packed_distances(disc(7.5, 2) / 4)
    dot = packed_distances(disc(7.5, 1, FINER) / ink_reach)
    spots = KnownLayer("spot", 3, 0.0, {(1, 2): spot, (2, INK): dot})
    return Parts(16, reaches, ink_reach, (KnownLayer("disc", 2, 0.0, discs), spots))


def write_inker(model: ModelSpec, made_for: str = "") -> Path:
    """An untrained inker's weights file beside those of `model`."""
    vae, _ = shipped.read(model.weights)
    torch.manual_seed(2)
    path, known = inker.path_beside(model.weights), parts()
    made_for = made_for or sharpener_file.fingerprint(vae)
    inker.write(path, Inker(INKER, known), known, made_for, {"model": "tiny"})
    return path

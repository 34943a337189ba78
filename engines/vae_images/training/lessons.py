"""What each model learns: its shape, its recipe and its material."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engines.vae_images.alphabet import CHARACTERS, SIZE_PX
from engines.vae_images.data_sets import dataset, landscapes
from engines.vae_images.data_sets.materials import Faces, Letters, Material, Pictures, Scenes
from engines.vae_images.landscapes.painter import FREEDOMS
from engines.vae_images.model import VaeConfig
from engines.vae_images.training.trainee import Recipe
from studio.engine import EngineError


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """How one model is made."""

    config: VaeConfig
    recipe: Recipe
    material: Callable[[Path], Material]
    """Reads the training data from a folder. Raises `EngineError` if it is not there and cannot be
    drawn at once."""
    minutes: float
    """How long to train where nobody says."""


def _portraits(folder: Path) -> Material:
    dataset.prepare(folder)
    return _pictures(folder)


def _emoji(folder: Path) -> Material:
    dataset.prepare_emoji(folder)
    return _pictures(folder)


def _landscapes(folder: Path) -> Material:
    dataset.prepare_landscapes(folder)
    training, held_out = (dataset.pictures(folder, name) for name in ("training", "held_out"))
    return Scenes(training, held_out, landscapes.scenes(landscapes.TRAINING))


def _pictures(folder: Path) -> Material:
    return Pictures(*(dataset.pictures(folder, name) for name in ("training", "held_out")))


def _letters(folder: Path) -> Material:
    if not (folder / "held_out" / "faces.json").exists():
        raise EngineError(f"The letters to learn from are not in {folder} (see letters.py).")
    return Letters(*(Faces.read(folder / name) for name in ("training", "held_out")))


LESSONS: Mapping[str, Lesson] = {
    "portraits": Lesson(config=VaeConfig(), recipe=Recipe(), material=_portraits, minutes=120.0),
    "letterforms": Lesson(
        config=VaeConfig(
            size_px=SIZE_PX,
            latent_size=32,
            base_px=4,
            decoder_channels=(160, 128, 64, 32),
            decoder_blocks=(1, 2, 2, 2),
            encoder_channels=(96, 64, 32),
            encoder_blocks=(1, 1, 1),
            channels=1,
            conditions=len(CHARACTERS),
            hidden=256,
            measures=1,
        ),
        recipe=Recipe(rate_nats=36.0, face_strength=0.0),
        material=_letters,
        minutes=90.0,
    ),
    "emoji": Lesson(
        config=VaeConfig(
            decoder_channels=(192, 128, 64),
            decoder_blocks=(1, 2, 2),
            encoder_channels=(96, 64, 32),
        ),
        recipe=Recipe(batch=16, learning_rate=1e-3, rate_nats=100.0, face_strength=0.0),
        material=_emoji,
        minutes=90.0,
    ),
    # Only the encoder learns.
    "landscapes": Lesson(
        config=VaeConfig(
            latent_size=len(FREEDOMS),
            decoder_channels=(3,),
            decoder_blocks=(0,),
            encoder_channels=(96, 64, 32),
            painted=True,
        ),
        recipe=Recipe(batch=16, face_strength=0.0),
        material=_landscapes,
        minutes=40.0,
    ),
}


def lesson(model: str) -> Lesson:
    """How `model` is made. Raises `EngineError` for an unknown one."""
    try:
        return LESSONS[model]
    except KeyError:
        known = ", ".join(LESSONS)
        raise EngineError(f"There is no recipe for {model!r}; there are: {known}.") from None

"""How the sharpener of each model is made: its size and shape, its drawings, its loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines.vae_images.data_sets import dataset, faces
from engines.vae_images.model import VaeConfig
from engines.vae_images.sharpener import SharpenerConfig
from engines.vae_images.training.sharpener_trainee import SharpenerRecipe
from studio.engine import EngineError


@dataclass(frozen=True, kw_only=True)
class SharpenerLesson:
    """How one sharpener is made."""

    times: int
    """How many times as wide as the model's its pictures are."""
    draw: Callable[[Path, int], None]
    """Draws the training and the held-out pictures that a folder does not hold yet, at a size in
    pixels. The held-out ones are not those of the exam: what is watched while it learns is not
    what it is judged by."""
    shape: Mapping[str, Any] = field(default_factory=dict)
    """What differs from the usual `SharpenerConfig`."""
    recipe: SharpenerRecipe = field(default_factory=SharpenerRecipe)
    minutes: float
    """How long to train where nobody says."""

    def config(self, vae: VaeConfig) -> SharpenerConfig:
        """Its shape on a model of the shape `vae`."""
        return SharpenerConfig(
            features=vae.decoder_channels[-1],
            spread=vae.out_shuffle,
            times=self.times,
            channels=vae.channels,
            **self.shape,
        )


def _faces(folder: Path, size_px: int) -> None:
    """The exam's are the first held-out ones."""
    splits = {"training": faces.TRAINING[:2_800], "held_out": faces.HELD_OUT[-100:]}
    dataset.prepare(folder, splits, size_px)


def _emoji(folder: Path, size_px: int) -> None:
    """The exam's variations count from a million."""
    splits = {"training": range(4_800), "held_out": range(100)}
    dataset.prepare_emoji(folder, size_px=size_px, splits=splits)


LESSONS: Mapping[str, SharpenerLesson] = {
    "portraits": SharpenerLesson(times=4, draw=_faces, minutes=76.0),
    # Its emoji are 256 px wide at their source. The grid of its features is half as fine as that of
    # the portraits, so width costs little there.
    "emoji": SharpenerLesson(
        times=2,
        draw=_emoji,
        shape={"width": 96},
        recipe=SharpenerRecipe(batch=8, contrast_weight=0.5),
        minutes=120.0,
    ),
}


def lesson(model: str) -> SharpenerLesson:
    """How the sharpener of `model` is made. Raises `EngineError` where there can be none."""
    try:
        return LESSONS[model]
    except KeyError:
        raise EngineError(f"There is nothing to make a sharpener for {model!r} from.") from None

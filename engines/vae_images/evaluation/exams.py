"""The pictures that a model is examined on: none of them was trained on."""

from __future__ import annotations

import io
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engines.vae_images import typesetting
from engines.vae_images.alphabet import CHARACTERS
from engines.vae_images.base_art import Art, Look
from engines.vae_images.data_sets import dataset, emoji, faces
from engines.vae_images.data_sets.materials import Faces, to_tensor

HELD_OUT_LETTERS = Path(__file__).parents[1] / "data" / "letterforms-held-out.npz.xz"
SHOWN_PX = 128
MORE = 3
"""Letters and variations of emoji are drawn in no time, and a distance between larger sets is less
the work of chance: so there are so many times as many of them as of faces."""


@dataclass(frozen=True)
class Exam:
    """Held-out pictures of one model."""

    unseen: Look
    """To be encoded and drawn again."""
    halves: tuple[Tensor, Tensor]
    """Real pictures in two sets of the same size."""
    what: str
    """What `unseen` is, in words."""
    psnr_goal_db: float | None
    shown: Callable[[Tensor], Tensor]
    """What the decoder draws, as RGB pictures (N, 3, S, S)."""
    told: Callable[[int], Tensor | None]
    """As many conditions to draw samples with, the same each time; None for a model without."""


def of(model: str, art: Art, count: int) -> Exam:
    """The exam for a loaded model, with at most `count` faces in a set, or `MORE` of the others."""
    if art.vae.config.conditions:
        return _letters(art, MORE * count)
    device, size_px = art.placement.device, art.vae.config.size_px
    if model == "emoji":
        unseen, one, other = _emoji_pictures(MORE * count, size_px)
        what, goal = "variations of emoji that were never trained on", None
    else:
        drawn = [faces.draw(faces.face(n), size_px) for n in faces.HELD_OUT[: 2 * count]]
        one, other = np.stack(drawn[:count]), np.stack(drawn[count:])
        unseen, what, goal = one, "held-out faces", 28.0
    first, second, third = (to_tensor(p).to(device) for p in (unseen, one, other))
    return Exam(Look(first), (second, third), what, goal, lambda p: p.float(), lambda _: None)


def _emoji_pictures(count: int, size_px: int) -> tuple[dataset.Bytes, dataset.Bytes, dataset.Bytes]:
    """Variations of unseen emoji; and two sets of unseen variations of all, seen or not."""
    codes = emoji.chosen(emoji.SHIPPED)
    unseen = [c for c in codes if emoji.held_out(c)]

    def draw(of: list[str], numbers: range) -> dataset.Bytes:
        drawn = [emoji.draw(emoji.SHIPPED, emoji.variation(of, n), size_px) for n in numbers]
        return np.stack(drawn)

    first = 1_000_000  # training counts from 0
    return (
        draw(unseen, range(first, first + min(count // MORE, 10 * len(unseen)))),
        draw(codes, range(first, first + count)),
        draw(codes, range(first + count, first + 2 * count)),
    )


def held_out_letters() -> Faces:
    """The typefaces that training never saw, from the file in the repository."""
    with lzma.open(HELD_OUT_LETTERS) as file:
        kept = np.load(io.BytesIO(file.read()))
    return Faces(kept["fields"], kept["advances_px"])


def _letters(art: Art, count: int) -> Exam:
    material, device = held_out_letters(), art.placement.device
    there = np.argwhere(np.isfinite(material.advances_px))
    chosen = np.random.default_rng(7).permutation(there)[: 2 * count]
    batch = material.pick(chosen[:, 0], chosen[:, 1])
    assert batch.conditions is not None
    pictures, told = batch.pictures.to(device), batch.conditions.to(device)
    half = len(pictures) // 2

    def told_letters(number: int) -> Tensor:
        letters = np.random.default_rng(8).integers(len(CHARACTERS), size=number)
        return torch.from_numpy(letters).to(device)

    return Exam(
        Look(pictures[: half // MORE], told[: half // MORE]),
        (pictures[:half], pictures[half : 2 * half]),
        "letters of held-out families",
        None,
        _ink,
        told_letters,
    )


def _ink(fields: Tensor) -> Tensor:
    """Fields (N, 1, S, S) as black letters on white, (N, 3, SHOWN_PX, SHOWN_PX)."""
    alone = typesetting.TypeSetting((0.0,), (0.0,), float(fields.shape[-1]))
    sheets = [typesetting.ink(f[None].clamp(0, 1), alone, SHOWN_PX) for f in fields]
    return 1 - torch.stack(sheets)[:, None].expand(-1, 3, -1, -1)

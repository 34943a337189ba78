"""The pictures that a model is examined on: none of them was trained on."""

from __future__ import annotations

import io
import lzma
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engines.vae_images import typesetting
from engines.vae_images.alphabet import CHARACTERS
from engines.vae_images.base_art import Art, Look
from engines.vae_images.data_sets import dataset, emoji, faces, landscapes
from engines.vae_images.data_sets.materials import Faces, to_tensor
from studio.commands.report import Goal, at_least, at_most

HELD_OUT_LETTERS = Path(__file__).parents[1] / "data" / "letterforms-held-out.npz.xz"
SHOWN_PX = 128
MORE = 3
"""Letters and variations of emoji are drawn in no time, and a distance between larger sets is less
the work of chance: so there are so many times as many of them as of faces."""

FIRST = 1_000_000
"""Variations of emoji in the exam are counted from here, those of the training from 0."""


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
    """The exam for a loaded model, with at most `count` faces or landscapes in a set, or
    `MORE` of the others."""
    if art.vae.config.conditions:
        return _letters(art, MORE * count)
    device, size_px = art.placement.device, art.vae.config.size_px
    if model == "emoji":
        unseen, one, other = _emoji_pictures(MORE * count, size_px)
        what, goal = "variations of emoji that were never trained on", None
    else:
        draw, what = _DRAWN.get(model, _DRAWN["portraits"])
        drawn = draw(2 * count, size_px)
        one, other = drawn[:count], drawn[count:]
        unseen, goal = one, 28.0
    first, second, third = (to_tensor(p).to(device) for p in (unseen, one, other))
    return Exam(Look(first), (second, third), what, goal, lambda p: p.float(), lambda _: None)


@dataclass(frozen=True)
class LargeExam:
    """Held-out drawings of one model, at any size."""

    what: str
    draw: Callable[[int, int], dataset.Bytes]
    """So many of them at a size in pixels: (N, S, S, 3)."""
    goals: Mapping[str, Goal]
    """By the name of the row."""


def large(model: str) -> LargeExam:
    """What large pictures of `model` are examined on."""
    if model == "emoji":
        unseen = [c for c in emoji.chosen(emoji.SHIPPED) if emoji.held_out(c)]
        goals = {"steepness_over_real": at_least(0.85)}

        def draw(count: int, size_px: int) -> dataset.Bytes:
            return _variations(unseen, range(FIRST, FIRST + count), size_px)

        return LargeExam("variations of emoji that were never trained on", draw, goals)
    goals = {"edge_width_over_real": at_most(1.2), "psnr_512_db": at_least(30.0)}
    return LargeExam("held-out faces", _faces, goals)


def _faces(count: int, size_px: int) -> dataset.Bytes:
    return np.stack([faces.draw(faces.face(n), size_px) for n in faces.HELD_OUT[:count]])


def _landscapes(count: int, size_px: int) -> dataset.Bytes:
    return landscapes.paint(landscapes.scenes(landscapes.HELD_OUT[:count]), size_px)


_DRAWN = {"portraits": (_faces, "held-out faces"), "landscapes": (_landscapes, "unseen landscapes")}


def _variations(codes: list[str], numbers: range, size_px: int) -> dataset.Bytes:
    drawn = [emoji.draw(emoji.SHIPPED, emoji.variation(codes, n), size_px) for n in numbers]
    return np.stack(drawn)


def _emoji_pictures(count: int, size_px: int) -> tuple[dataset.Bytes, dataset.Bytes, dataset.Bytes]:
    """Variations of unseen emoji; and two sets of unseen variations of all, seen or not."""
    codes = emoji.chosen(emoji.SHIPPED)
    unseen = [c for c in codes if emoji.held_out(c)]
    some = min(count // MORE, 10 * len(unseen))
    return (
        _variations(unseen, range(FIRST, FIRST + some), size_px),
        _variations(codes, range(FIRST, FIRST + count), size_px),
        _variations(codes, range(FIRST + count, FIRST + 2 * count), size_px),
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

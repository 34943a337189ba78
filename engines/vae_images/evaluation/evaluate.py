"""How good a picture model is, on pictures that its training never saw.

latentloom evaluate vae_images --model portraits

Reconstruction, with and without refining; how many units take part; and how far samples and the
middles of random blends are from real pictures (see `features`), beside how far two halves of the
real ones are from each other, and how far the samples of the plain model are that everyone starts
from (see `peer`; what is kept of it is in `data/`). Where there is a sharpener, how good its large
pictures are as well (see `sharpness`); for pictures, whether blends are pictures (see `blends`) and
own ones come back (see `own_pictures`); and of letters, how clean their edges are (see
`letter_edges`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.common.device import keep_memory, place
from engines.vae_images import sharpener_file, shipped
from engines.vae_images.art import PictureArt, art_of
from engines.vae_images.base_art import Art, Look
from engines.vae_images.evaluation import (
    blends,
    exams,
    features,
    letter_edges,
    own_pictures,
    peer_statistics,
    sharpness,
)
from engines.vae_images.evaluation.closeness import psnr_db, ssim
from engines.vae_images.evaluation.exams import Exam
from engines.vae_images.evaluation.features import FeatureStatistics
from engines.vae_images.inking import inker
from engines.vae_images.inking.inker import Inker
from engines.vae_images.latent_space import Array, Kernels
from engines.vae_images.letterpress import LetterArt
from engines.vae_images.model import fold_norms
from engines.vae_images.refining import Refining
from engines.vae_images.spec import REFINE_STEPS, SPEC
from studio.commands.report import Row, at_least, at_most
from studio.engine import DeviceChoice

COUNT = 500
"""Pictures in each set that is compared."""
REFINED = 40
"""Refining takes a second a picture, so only so many are refined."""
ACTIVE_VARIANCE = 0.01
"""A unit is active when its posterior mean varies more than this over the data (Burda et al.,
"Importance Weighted Autoencoders", 2016)."""

Bytes = NDArray[np.uint8]


def evaluate(
    model: str, device: DeviceChoice = "auto", *, count: int = COUNT, refined: int = REFINED
) -> list[Row]:
    """All rows for `model`, from sets of `count` faces, or more of what is drawn faster."""
    keep_memory()
    vae, space = shipped.read(SPEC.model(model).weights)
    placement = place(device)
    sharpener = sharpener_file.of(SPEC.model(model).weights, vae)
    if sharpener is not None:
        placement.put(sharpener.requires_grad_(False), converted=True)
    inks = inker.of(SPEC.model(model).weights, vae)
    if inks is not None:
        inks.to(placement.device)
    fold_norms(vae.requires_grad_(False))
    art = art_of(placement.put(vae, converted=True), space, placement, sharpener, inks)
    exam = exams.of(model, art, count)
    rows = [*_fidelity(art, exam, refined, inks), *_likeness(model, art, exam, inks)]
    if isinstance(art, LetterArt):
        some = min(count, letter_edges.COUNT)
        rows += letter_edges.rows(art, exams.held_out_letters(), some)
    if isinstance(art, PictureArt):
        draws = {"": lambda points: _drawn(art, points, None)}
        if inks is not None:
            draws = {"": lambda points: _inked(inks, points, placement.device), "_v0_1": draws[""]}
        rows += blends.rows(draws, space.density, count)
        rows += own_pictures.rows(model, art, min(count, own_pictures.COUNT))
    if sharpener is None or not isinstance(art, PictureArt):
        return rows
    some = min(count, sharpness.COUNT)
    middles = _middles(space.density, some)
    large_px = vae.config.size_px * sharpener.config.times
    return [*rows, *sharpness.rows(exams.large(model), art, large_px, middles, some)]


def _fidelity(art: Art, exam: Exam, refined: int, inks: Inker | None) -> list[Row]:
    """How well held-out pictures come back."""
    wanted = exam.shown(exam.unseen.pictures)
    means, drawn = [], []
    for look in _portions(exam.unseen, 32):
        mean, pictures = _back(art, look)
        means.append(mean)
        drawn.append(exam.shown(pictures))
    latents = np.concatenate(means)
    back = torch.cat(drawn)
    active = float((latents.var(0) > ACTIVE_VARIANCE).mean())
    note = f"{len(wanted)} {exam.what}"
    plain = psnr_db(_bytes(back), _bytes(wanted))
    few = min(refined, len(wanted))
    nearer = torch.cat(
        [
            exam.shown(_refined(art, look, latents[i]))
            for i, look in zip(range(few), _portions(exam.unseen, 1), strict=False)
        ]
    )
    first = psnr_db(_bytes(back[:few]), _bytes(wanted[:few]))
    gain = psnr_db(_bytes(nearer), _bytes(wanted[:few])) - first
    goal = at_least(exam.psnr_goal_db) if exam.psnr_goal_db else None
    steps = f"{REFINE_STEPS} steps gain {gain:.2f} dB on the first {few}"
    inked = []
    if inks is not None:
        crisp = _inked(inks, art.space.to_white(latents), art.placement.device)
        inked = [
            Row("psnr_crisp_db", psnr_db(_bytes(crisp), _bytes(wanted)), "dB", goal, "at Crisp 1"),
            Row("ssim_crisp", ssim(_bytes(crisp), _bytes(wanted)), "", None, "at Crisp 1"),
        ]
    return [
        Row("psnr_db", plain, "dB", goal, note),
        *inked,
        Row("psnr_refined_db", plain + gain, "dB", at_least(round(plain + 2, 2)), steps),
        Row("ssim", ssim(_bytes(back), _bytes(wanted)), "", None, note),
        Row("active_units_share", active, "", at_least(0.8), f"of {latents.shape[1]} units"),
    ]


def _likeness(model: str, art: Art, exam: Exam, inks: Inker | None) -> list[Row]:
    """How like real pictures samples and blends are."""
    one, other = (_statistics(exam.shown(half)) for half in exam.halves)
    axes = features.main_axes(one)
    count = len(exam.halves[0])
    density, told = art.space.density, exam.told(2 * count)

    def away(set_: FeatureStatistics) -> float:
        return features.distance(one.on(axes), set_.on(axes))

    sampled = away(_statistics(exam.shown(_drawn(art, density.sample(1, count), told))))
    middles = _middles(density, count)
    between = away(_statistics(exam.shown(_drawn(art, middles, told))))
    goal = at_most(1.2 if isinstance(art, PictureArt) else 1.5)
    over = [Row("midpoint_over_sample", between / sampled, "", goal)]
    if inks is not None:
        points = density.sample(1, count), middles
        crisp = [
            away(_statistics(exam.shown(_inked(inks, p, art.placement.device)))) for p in points
        ]
        over = [
            Row("sample_distance_crisp", crisp[0], note="at Crisp 1"),
            Row("midpoint_over_sample", crisp[1] / crisp[0], "", goal, "at Crisp 1"),
            Row("midpoint_over_sample_v0_1", between / sampled, "", None, "soft blends"),
        ]
    halves = away(other)
    rows = [
        Row(
            "real_distance",
            halves,
            note=f"one half of the real pictures from the other, {count} each",
        ),
        Row("sample_distance", sampled, note=f"{count} samples from real pictures"),
        Row("midpoint_distance", between, note="middles between pairs of samples"),
        *over,
    ]
    peer = peer_statistics.kept(model)
    if peer is None:
        return rows
    plain = away(peer.statistics)
    note = f"of {peer.samples} samples of a plain VAE after {peer.steps} steps"
    return [
        *rows,
        Row("peer_distance", plain, note=note),
        Row("sample_distance_over_peer", sampled / plain, "", at_most(0.5)),
    ]


def _middles(density: Kernels, count: int) -> Array:
    """Half-way on the great circle between samples: (count, L)."""
    ends = density.sample(2, 2 * count).astype(np.float64)
    first, second = ends[:count], ends[count:]
    lengths = np.linalg.norm(first, axis=1), np.linalg.norm(second, axis=1)
    middle = first / lengths[0][:, None] + second / lengths[1][:, None]
    middle *= ((lengths[0] + lengths[1]) / 2 / np.linalg.norm(middle, axis=1))[:, None]
    return np.asarray(middle, np.float32)


def _statistics(pictures: Tensor) -> FeatureStatistics:
    return FeatureStatistics.of(features.features(pictures))


def _portions(look: Look, size: int) -> Iterator[Look]:
    for start in range(0, len(look.pictures), size):
        told = look.conditions
        part = slice(start, start + size)
        yield Look(look.pictures[part], None if told is None else told[part])


@torch.inference_mode()
def _back(art: Art, look: Look) -> tuple[Array, Tensor]:
    """Pictures encoded and drawn again: latent means (N, L) and pictures (N, C, S, S)."""
    mean, _ = art.vae.encoder(art.placement.fit(look.pictures), look.conditions)
    drawn = art.vae.decoder(mean.to(art.vae.decoder.dtype), look.conditions)
    return mean.cpu().numpy(), drawn


def _refined(art: Art, look: Look, latent: Array) -> Tensor:
    """One picture, drawn from where refining ends."""
    refining = Refining(art, look, art.space.to_white(latent), REFINE_STEPS)
    for _ in range(REFINE_STEPS):
        refining.step()
    return _drawn(art, refining.best[None], look.conditions)


@torch.inference_mode()
def _drawn(art: Art, white: Array, told: Tensor | None) -> Tensor:
    """Pictures (N, C, S, S) at white points (N, L)."""
    latents = torch.from_numpy(art.space.to_decoder(white)).to(art.placement.device)
    latents = latents.to(art.vae.decoder.dtype)
    parts = []
    for start in range(0, len(latents), 32):
        part = slice(start, start + 32)
        parts.append(
            art.vae.decoder(latents[part], None if told is None else told[: len(latents)][part])
        )
    return torch.cat(parts)


@torch.inference_mode()
def _inked(inks: Inker, white: Array, device: torch.device) -> Tensor:
    """The same by the inker, as crisp as it can."""
    parts = torch.from_numpy(white).float().to(device).split(16)
    decided = torch.ones(1, 1, device=device)
    return torch.cat([inks.drawn(part, decided, inks.size_px) for part in parts])


def _bytes(pictures: Tensor) -> Bytes:
    """(N, 3, S, S) about 0..1 -> (N, S, S, 3) uint8."""
    array: Bytes = pictures.clamp(0, 1).mul(255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    return array

"""How good a picture model is, on faces that its training never saw.

latentloom evaluate vae_images --model portraits
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from engines.common.device import place
from engines.vae_images import faces, shipped
from engines.vae_images.model import Vae, fold_norms
from engines.vae_images.spec import SPEC
from studio.engine import DeviceChoice
from studio.report import Row, at_least

COUNT = 512
ACTIVE_VARIANCE = 0.01
"""A unit is active when its posterior mean varies more than this over the data (Burda et al.,
"Importance Weighted Autoencoders", 2016)."""


def evaluate(model: str, device: DeviceChoice = "auto", *, count: int = COUNT) -> list[Row]:
    """Reconstruction of `count` held-out faces, and how many units take part."""
    vae, _ = shipped.read(SPEC.model(model).weights)
    fold_norms(vae)
    wanted = held_out(count, vae.config.size_px)
    drawn, means = reconstruct(vae, wanted, device)
    active = float((means.var(0) > ACTIVE_VARIANCE).mean())
    note = f"{count} held-out faces"
    return [
        Row("psnr_db", psnr_db(drawn, wanted), "dB", at_least(28), note),
        Row("ssim", ssim(drawn, wanted), "", None, note),
        Row("active_units_share", active, "", at_least(0.8), note),
    ]


def held_out(count: int, size_px: int) -> NDArray[np.uint8]:
    """The first `count` held-out faces: (count, size_px, size_px, 3) uint8."""
    numbers = faces.HELD_OUT[:count]
    return np.stack([faces.draw(faces.face(number), size_px) for number in numbers])


@torch.inference_mode()
def reconstruct(
    vae: Vae, wanted: NDArray[np.uint8], device: DeviceChoice
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Every picture encoded and drawn again, (N, S, S, 3) uint8, and its latent mean, (N, L)."""
    placement = place(device)
    vae = placement.put(vae, converted=True)
    drawn, means = [], []
    for start in range(0, len(wanted), 32):
        batch = torch.from_numpy(wanted[start : start + 32]).permute(0, 3, 1, 2).float().div(255)
        mean, _ = vae.encoder(placement.fit(batch))
        pictures = vae.decoder(mean.to(placement.dtype)).clamp(0, 1).mul(255).round().byte()
        drawn.append(pictures.permute(0, 2, 3, 1).cpu().numpy())
        means.append(mean.cpu().numpy())
    return np.concatenate(drawn), np.concatenate(means)


def psnr_db(drawn: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> float:
    """The mean over pictures of 10 log10(255² / mean squared error)."""
    squares = np.square(drawn.astype(np.float32) - wanted).mean((1, 2, 3))
    return float(np.mean(10 * np.log10(255**2 / np.maximum(squares, 1e-6))))


def ssim(drawn: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> float:
    """The mean structural similarity (Wang et al., 2004), windows and constants as published."""
    values = [
        structural_similarity(
            a, b, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
        for a, b in zip(drawn, wanted, strict=True)
    ]
    return float(np.mean(values))

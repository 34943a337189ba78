"""The generator without the instrument, for `latentloom bench pictures`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch

from engines.common.device import keep_memory, place
from engines.common.transfer import quantise
from engines.gan_textures import shipped, styles
from engines.gan_textures.drawing import Drawer
from engines.gan_textures.measures import SIDE_PX, coloured
from engines.gan_textures.model import STRIDE_PX, TextureConfig, draw_noise
from engines.gan_textures.noise import Noise
from engines.gan_textures.spec import SPEC
from studio.engine import Decoders, DeviceChoice, Latent, Pixels

CELLS = SIDE_PX // STRIDE_PX


def decoders(model: str, device: DeviceChoice = "auto") -> Decoders:
    """`model`'s generator as a newcomer would call it, and tuned as the engine does it.

    Both draw SIDE_PX squares on the same device with as many threads as torch has been given, from
    noise that is drawn once, as the engine keeps it.
    """
    keep_memory()
    config = shipped.read(SPEC.model(model).weights).generator.config
    return Decoders(
        eager=_eager(model, device), tuned=_tuned(model, device), flops=generator_flops(config)
    )


def generator_flops(config: TextureConfig) -> float:
    """Of one picture of SIDE_PX; a multiply-add counts as two."""
    widths = (*config.widths, config.widths[-1])
    inputs, sum_ = config.noise, 0
    for level, (here, after) in enumerate(pairwise(widths)):
        places = (CELLS << level) ** 2
        sum_ += 9 * places * (inputs * here + here * after)
        inputs = after
    return 2.0 * (sum_ + 9 * SIDE_PX**2 * inputs * 3)


def _eager(model: str, device: DeviceChoice) -> Callable[[Latent], Pixels]:
    where = place(device).device
    known = shipped.read(SPEC.model(model).weights)
    generator = known.generator.to(where)
    fixed = draw_noise(generator.config, 1, SIDE_PX, torch.Generator().manual_seed(0))
    noise = [n.to(where) for n in fixed]

    @torch.no_grad()
    def decode(latent: Latent) -> Pixels:
        told = styles.read(latent[None])
        films = generator.films(torch.from_numpy(told.patterns).to(where))
        means, contrasts = (
            torch.from_numpy(part)[..., None, None].to(where)
            for part in (told.means, told.contrasts)
        )
        picture = coloured(generator(noise, films), means, contrasts)[0].clamp(0, 1) * 255
        return np.ascontiguousarray(picture.permute(1, 2, 0).round().byte().cpu().numpy())

    return decode


def _tuned(model: str, device: DeviceChoice) -> Callable[[Latent], Pixels]:
    placement = place(device)
    known = shipped.read(SPEC.model(model).weights)
    drawer = Drawer(known.generator.requires_grad_(False), placement)
    noise = Noise(known.generator.config, placement).at(0, CELLS, CELLS, 0.0)

    @torch.inference_mode()
    def decode(latent: Latent) -> Pixels:
        told = styles.read(latent[None])
        films = drawer.films(torch.from_numpy(told.patterns))
        means, contrasts = (
            torch.from_numpy(part)[..., None, None].to(placement.device)
            for part in (told.means, told.contrasts)
        )
        own = drawer.draw(noise, lambda _: films).float()
        return quantise(coloured(own, means, contrasts)[0]).cpu().numpy()

    return decode

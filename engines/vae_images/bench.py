"""The decoder without the instrument, for `latentloom bench pictures`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from engines.common.device import keep_memory, place
from engines.common.frozen import frozen
from engines.vae_images import shipped
from engines.vae_images.engine import Drawing, Quantised
from engines.vae_images.model import decoder_flops, fold_norms
from engines.vae_images.spec import SPEC
from studio.engine import Decoders, DeviceChoice, Latent, Pixels


def decoders(model: str, device: DeviceChoice = "auto") -> Decoders:
    """`model`'s decoder as a newcomer would call it, and tuned as the engine does it.

    Both run on the same device with as many threads as torch has been given, and both take a
    white point, as the engine does.
    """
    keep_memory()
    flops = decoder_flops(shipped.read(SPEC.model(model).weights)[0].config)
    return Decoders(eager=_eager(model, device), tuned=_tuned(model, device), flops=flops)


def _eager(model: str, device: DeviceChoice) -> Callable[[Latent], Pixels]:
    where = place(device).device
    vae, space = shipped.read(SPEC.model(model).weights)
    decoder = vae.decoder.to(where)

    @torch.no_grad()
    def decode(latent: Latent) -> Pixels:
        z = torch.from_numpy(space.to_decoder(latent)).to(where).unsqueeze(0)
        picture = decoder(z).squeeze(0).clamp(0, 1) * 255
        return np.ascontiguousarray(picture.permute(1, 2, 0).round().byte().cpu().numpy())

    return decode


def _tuned(model: str, device: DeviceChoice) -> Callable[[Latent], Pixels]:
    placement = place(device)
    vae, space = shipped.read(SPEC.model(model).weights)
    fold_norms(vae)
    drawing = Drawing(placement.put(vae, converted=True).decoder, space, placement)
    origin = torch.zeros(1, vae.config.latent_size, device=placement.device)
    draw_pixels = frozen(nn.Sequential(drawing, Quantised()), origin)

    @torch.inference_mode()
    def decode(latent: Latent) -> Pixels:
        return draw_pixels(torch.from_numpy(latent[None]).to(placement.device)).cpu().numpy()

    return decode

"""The decoder without the instrument, for `latentloom bench pictures`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor

from engines.common.device import keep_memory, place
from engines.vae_images import shipped, typesetting
from engines.vae_images.alphabet import SIZE_PX, TEXT
from engines.vae_images.art import art_of
from engines.vae_images.evaluation import runtimes
from engines.vae_images.model import Decoder, decoder_flops, fold_norms
from engines.vae_images.spec import SPEC
from studio.engine import Decoders, DeviceChoice, DeviceError, Job, Latent, Pixels

LETTERS_PX = 128


def decoders(model: str, device: DeviceChoice = "auto") -> Decoders:
    """`model`'s decoder as a newcomer would call it, and tuned as the engine does it.

    Both run on the same device with as many threads as torch has been given, and both take a
    white point, as the engine does. Letterforms set their default text.
    """
    keep_memory()
    config = shipped.read(SPEC.model(model).weights)[0].config
    pictures = len(typesetting.letters_of(TEXT)) if config.conditions else 1
    flops = pictures * decoder_flops(config)
    others = {"onnxruntime": runtimes.onnxruntime, "openvino": _by_openvino}
    return Decoders(
        eager=_eager(model, device),
        tuned=_tuned(model, device),
        flops=flops,
        others={} if config.conditions else {n: partial(f, model) for n, f in others.items()},
    )


def _eager(model: str, device: DeviceChoice) -> Callable[[Latent], Pixels]:
    where = place(device).device
    vae, space = shipped.read(SPEC.model(model).weights)
    decoder = vae.decoder.to(where)
    letters = torch.tensor(typesetting.letters_of(TEXT)) if vae.config.conditions else None

    @torch.no_grad()
    def decode(latent: Latent) -> Pixels:
        z = torch.from_numpy(space.to_decoder(latent)).to(where).unsqueeze(0)
        drawn = decoder(z) if letters is None else _word(decoder, z, letters.to(where))
        picture = drawn.squeeze(0).clamp(0, 1) * 255
        return np.ascontiguousarray(picture.permute(1, 2, 0).round().byte().cpu().numpy())

    return decode


def _by_openvino(model: str) -> Callable[[Latent], Pixels]:
    try:
        return _tuned(model, "openvino")
    except DeviceError as error:
        raise ImportError(str(error), name="openvino") from error


def _word(decoder: Decoder, latent: Tensor, letters: Tensor) -> Tensor:
    """The letters set in a line, black on white: (1, 3, LETTERS_PX, LETTERS_PX)."""
    met = decoder.meet(latent.expand(len(letters), -1), letters)
    advances = (SIZE_PX * decoder.measure(met)[:, 0]).tolist()
    setting = typesetting.set_text(TEXT, advances)
    ink = typesetting.ink(decoder.draw(met).clamp(0, 1), setting, LETTERS_PX)
    return 1 - ink.expand(1, 3, -1, -1)


def _tuned(model: str, device: DeviceChoice) -> Callable[[Latent], Pixels]:
    placement = place(device)
    vae, space = shipped.read(SPEC.model(model).weights)
    fold_norms(vae)
    art = art_of(placement.put(vae, converted=True), space, placement)

    @torch.inference_mode()
    def decode(latent: Latent) -> Pixels:
        return art.pixels(latent, Job(latent=latent)).cpu().numpy()

    return decode

"""A sharpener to and from its weights file, which lies beside its model's.

Two files, so that adding a sharpener changes nothing about a model: not its weights, nor their
hash, by which presets know them.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engines.common.weights import fill, read_weights, write_weights
from engines.vae_images.model import Vae
from engines.vae_images.sharpener import Sharpener, SharpenerConfig
from studio.engine import WeightsError

_log = logging.getLogger(__name__)

KIND = "vae_images.sharpener"


def path_beside(weights: Path) -> Path:
    """Where the sharpener of the model in `weights` lies, if it has one."""
    return weights.with_name(f"{weights.stem}-sharpener{weights.suffix}")


def fingerprint(vae: Vae) -> str:
    """Sixteen letters that say which decoder this is. `vae` is fp32 and not folded yet."""
    digest = hashlib.sha256()
    for tensor in vae.decoder.state_dict().values():
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def write(path: Path, sharpener: Sharpener, made_for: str, about: Mapping[str, Any]) -> None:
    """Write it for the decoder with the fingerprint `made_for`."""
    config = sharpener.config.to_json()
    described = {"kind": KIND, "config": config, "made_for": made_for, "about": dict(about)}
    write_weights(path, sharpener.state_dict(), described)


def read(path: Path) -> tuple[Sharpener, str]:
    """The sharpener (fp32, on the CPU, in eval mode) and the fingerprint of the decoder that it was
    made for. Raises `WeightsError`."""
    tensors, about = read_weights(path)
    if about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is no sharpener.")
    try:
        sharpener = Sharpener(SharpenerConfig.from_json(about["config"]))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"The weights file {path.name} describes no sharpener.") from error
    fill(sharpener, tensors, "", path)
    return sharpener.eval(), str(about.get("made_for"))


def of(weights: Path, vae: Vae) -> Sharpener | None:
    """What `read` gives for the model `vae` (fp32, not yet folded) that was read from `weights`.

    None where there is no sharpener or one that was made for another decoder: pictures are then
    enlarged as for any other model. Raises `WeightsError` for a damaged file.
    """
    path = path_beside(weights)
    if not path.exists():
        return None
    sharpener, made_for = read(path)
    if made_for != fingerprint(vae) or not sharpener.config.fits(vae.config):
        _log.warning("%s was made for another model than %s.", path.name, weights.name)
        return None
    return sharpener

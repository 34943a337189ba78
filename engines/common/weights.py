"""Weights files: safetensors with JSON beside them. Data, never code.

Matrices and kernels are kept as fp16; large ones, where a model asks for it, as int8 with one fp32
scale for each row (the largest of a row is 127): half the size.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from studio.engine import WeightsError

KEY = "latentloom"
"""The metadata entry that holds our JSON."""
_SCALE = ".scale"
_LARGE = 2**13


def write_weights(
    path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any], eight_bits: str = "-"
) -> None:
    """Write `tensors` and the JSON-able `about`. Large matrices and kernels whose names begin with
    `eight_bits` are stored as int8, others as fp16, vectors as they are."""
    stored = {}
    for name, tensor in tensors.items():
        small = not tensor.is_floating_point() or tensor.ndim < 2
        if name.startswith(eight_bits) and not small and tensor.numel() > _LARGE:
            stored[name], stored[name + _SCALE] = _eight_bits(tensor.float().cpu())
        else:
            stored[name] = (tensor if small else tensor.half()).contiguous().cpu()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    save_file(stored, unfinished, {KEY: json.dumps(about)})
    unfinished.chmod(0o644)  # safetensors writes for the owner alone
    unfinished.replace(path)


def read_weights(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors (floats as fp32) and the JSON beside them. Raises `WeightsError`."""
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(KEY, "null"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise WeightsError(f"The weights file {path.name} is missing.") from None
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(f"The weights file {path.name} is damaged or cut short.") from error
    if not isinstance(about, dict):
        raise WeightsError(f"The weights file {path.name} does not say what model it is for.")
    scales = {name: tensors.pop(name + _SCALE, None) for name in list(tensors)}
    return {name: _restored(t, scales[name]) for name, t in tensors.items()}, about


def _eight_bits(tensor: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest int8 and the scale of each row: on pictures an error of 56 dB (portraits)."""
    scales = tensor.flatten(1).abs().amax(1).clamp(min=1e-12) / 127
    return (tensor / _beside(scales, tensor)).round().to(torch.int8).contiguous(), scales


def _restored(tensor: Tensor, scales: Tensor | None) -> Tensor:
    if scales is not None and tensor.dtype == torch.int8 and scales.shape == tensor.shape[:1]:
        return tensor.float() * _beside(scales, tensor)
    return tensor.float() if tensor.is_floating_point() else tensor


def _beside(scales: Tensor, tensor: Tensor) -> Tensor:
    return scales.view(-1, *[1] * (tensor.ndim - 1))


def fill(module: nn.Module, tensors: Mapping[str, Tensor], prefix: str, path: Path) -> None:
    """Load the tensors under `prefix` into `module`. Raises `WeightsError` if they do not fit."""
    ours = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    wanted = module.state_dict()
    wrong = sorted(
        n
        for n in wanted.keys() | ours.keys()
        if n not in wanted or n not in ours or wanted[n].shape != ours[n].shape
    )
    if wrong:
        raise WeightsError(
            f"The weights file {path.name} was made for another model: "
            f"{wrong[0]} and {len(wrong) - 1} others do not fit."
        )
    if not all(bool(torch.isfinite(t).all()) for t in ours.values()):
        raise WeightsError(f"The weights file {path.name} holds numbers that are not finite.")
    module.load_state_dict(ours)

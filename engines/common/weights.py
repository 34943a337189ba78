"""Weights files: safetensors with half-precision arrays and JSON beside them. Data, never code."""

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


def write_weights(path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> None:
    """Write `tensors` and the JSON-able `about`; matrices and kernels are stored as fp16."""
    halved = {
        name: (t.half() if t.is_floating_point() and t.ndim > 1 else t).contiguous().cpu()
        for name, t in tensors.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    save_file(halved, unfinished, {KEY: json.dumps(about)})
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
    return {n: t.float() if t.is_floating_point() else t for n, t in tensors.items()}, about


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

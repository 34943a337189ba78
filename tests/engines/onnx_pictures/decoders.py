"""Small decoders, exported to ONNX here: what artists bring."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

Exported = Callable[..., Path]


class Generator(nn.Module):
    """A DCGAN of 16 px: (B, 8, 1, 1) -> (B, 3, 16, 16) in -1..1."""

    def __init__(self, latent: int = 8, channels: int = 3, width: int = 8) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(latent, 2 * width, 4, 1, 0, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
            nn.ReLU(),
            nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False),
        )
        for parameter in self.parameters():
            nn.init.normal_(parameter, 0, 0.3)
        self.eval()

    def forward(self, z: Tensor) -> Tensor:
        return torch.tanh(self.layers(z))


class Conditional(Generator):
    """As StyleGAN is exported: a flat point, a class by number, a truncation, noise, and channels
    last in 0..255."""

    def __init__(self) -> None:
        super().__init__()
        self.classes = nn.Embedding(5, 8)
        self.centre = nn.Parameter(torch.ones(8))

    def forward(self, z: Tensor, c: Tensor, truncation_psi: Tensor, noise0: Tensor) -> Tensor:  # type: ignore[override]
        point = torch.lerp(self.centre.expand_as(z), z + self.classes(c), truncation_psi)
        drawn = super().forward(point[..., None, None]) + 0.1 * noise0
        return (255 * (drawn + 1) / 2).clamp(0, 255).permute(0, 2, 3, 1)


class Digits(nn.Module):
    """As small VAEs are exported: a flat point, a row of 12 x 12 grey pixels in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.rows = nn.Linear(4, 144)

    def forward(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.rows(z))


def export(module: nn.Module, file: Path, *inputs: Any, names: tuple[str, ...] = ("z",)) -> Path:
    """`module` as an ONNX file whose batch is open."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the export that needs no further package is the old one
        torch.onnx.export(
            module,
            inputs,
            file,
            dynamo=False,
            opset_version=17,
            input_names=list(names),
            output_names=["picture"],
            dynamic_axes={names[0]: {0: "batch"}},
        )
    return file


def dcgan(file: Path) -> Path:
    return export(Generator(), file, torch.zeros(1, 8, 1, 1))


def conditional(file: Path) -> Path:
    given = (torch.zeros(1, 8), torch.tensor([1]), torch.tensor(0.5), torch.zeros(1, 1, 16, 16))
    return export(Conditional(), file, *given, names=("z", "c", "truncation_psi", "noise0"))


def digits(file: Path) -> Path:
    return export(Digits(), file, torch.zeros(1, 4))

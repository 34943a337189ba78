"""The generator, in the line of Spatial GANs (Jetchev et al. 2016; Bergmann et al., "PSGAN", 2017).

Noise on a torus says where things are, a style vector says what they are. Everything wraps round
and is local: a picture tiles exactly, rolling the noise by one cell rolls the picture by
`STRIDE_PX`, and no statistics of the picture itself are taken (instance norm would pull a blend's
places towards each other).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks

LEVELS = 5
STRIDE_PX: int = 2 ** (LEVELS - 1)
"""How many pixels one cell of the coarsest noise is wide."""
ROOT_TWO = 2**0.5


@dataclass(frozen=True, kw_only=True)
class TextureConfig:
    """The shape of a generator."""

    style: int = 59
    noise: int = 32
    """Channels of the coarsest noise."""
    widths: tuple[int, ...] = (128, 128, 96, 64, 16)
    """Channels at each level, coarsest first; each level has twice the resolution."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> TextureConfig:
        return TextureConfig(**{**data, "widths": tuple(data["widths"])})


class Film(NamedTuple):
    """What a style does to one layer: (B, C, 1, 1) each, or (B, C, h, w) for styles by place."""

    scale: Tensor
    shift: Tensor
    grain: Tensor
    """How much of the layer's own noise each channel takes up."""


class Wrap(torch.autograd.Function):
    """One pixel more on every side of (B, C, H, W), from the opposite one, in the precision in
    which it is to be convolved.

    Torch's own circular padding took half of a training step: its gradient is made of slices that
    are filled with zeros and added up.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        kind = x.device.type
        dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else x.dtype
        ctx.dtype = x.dtype
        wide = torch.empty(
            (b, c, h + 2, w + 2), dtype=dtype, device=x.device, memory_format=torch.channels_last
        )
        wide[..., 1:-1, 1:-1] = x
        wide[..., 0, 1:-1], wide[..., -1, 1:-1] = x[..., -1, :], x[..., 0, :]
        wide[..., 0], wide[..., -1] = wide[..., -2], wide[..., 1]
        return wide

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        inner = gradient[..., 1:-1, 1:-1]
        g = inner.to(ctx.dtype, memory_format=torch.channels_last, copy=True)
        left, right = gradient[..., 0].to(g.dtype), gradient[..., -1].to(g.dtype)
        g[..., -1] += left[..., 1:-1]
        g[..., 0] += right[..., 1:-1]
        for row, edge in ((-1, 0), (0, -1)):
            above = gradient[..., edge, 1:-1].to(g.dtype, copy=True)
            above[..., -1] += left[..., edge]
            above[..., 0] += right[..., edge]
            g[..., row, :] += above
        return g


def wrapped(x: Tensor) -> Tensor:
    """(B, C, H, W) -> (B, C, H + 2, W + 2): see `Wrap`."""
    found: Tensor = Wrap.apply(x)  # type: ignore[no-untyped-call]
    return found


class StyledConv(nn.Module):
    """A 3x3 convolution round the torus, its noise and its style, then a leaky ReLU.

    The kernels are divided by their length (Karras et al., "StyleGAN2", 2020, without the style's
    part of it), so the activations keep their size with no norm looking at them.
    """

    def __init__(self, inputs: int, outputs: int, style: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.film = nn.Linear(style, 3 * outputs)
        nn.init.normal_(self.film.weight, std=0.15 / style**0.5)
        with torch.no_grad():
            self.film.bias.copy_(
                torch.cat([torch.ones(outputs), torch.zeros(outputs), torch.full((outputs,), 0.3)])
            )

    def kernel(self) -> Tensor:
        """The weights as they are used: (outputs, inputs, 3, 3), each of length 1."""
        return F.normalize(self.weight.flatten(1), dim=1).view_as(self.weight)

    def styled(self, style: Tensor) -> Film:
        """Styles (B, style) -> what they do here, (B, outputs, 1, 1) each."""
        return Film(*self.film(style)[..., None, None].chunk(3, 1))

    def forward(self, x: Tensor, noise: Tensor, film: Film) -> Tensor:
        x = F.conv2d(wrapped(x), self.kernel())
        # Channels last: nothing in the noise or the film says that it is to be laid out as x is.
        last = [each.permute(0, 2, 3, 1) for each in (film.shift, noise, film.grain)]
        x = torch.addcmul(torch.addcmul(*last).permute(0, 3, 1, 2), x, film.scale)
        return F.leaky_relu(x, 0.2) * ROOT_TWO


class Generator(nn.Module):
    """Noise and style to a picture (B, 3, H, W) in a material's own measures (see `colours`)."""

    def __init__(self, config: TextureConfig) -> None:
        super().__init__()
        self.config = config
        after = (*config.widths[1:], config.widths[-1])
        layers: list[nn.Module] = []
        inputs = config.noise
        for here, outputs in zip(config.widths, after, strict=True):
            layers.append(StyledConv(inputs, here, config.style))
            layers.append(StyledConv(here, outputs, config.style))
            inputs = outputs
        self.layers = nn.ModuleList(layers)
        self.head = nn.Conv2d(config.widths[-1], 3, 3)
        nn.init.normal_(self.head.weight, std=0.3 / (9 * config.widths[-1]) ** 0.5)

    def films(self, style: Tensor) -> list[Film]:
        """What styles (B, style) do to every layer."""
        return [layer.styled(style) for layer in self.layers]  # type: ignore[operator]

    def forward(self, noise: Sequence[Tensor], films: Sequence[Film]) -> Tensor:
        """`noise` as of `noise_shapes`, one more than there are layers."""
        x = noise[0]
        for number, layer in enumerate(self.layers):
            if number and number % 2 == 0:
                x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            x = layer(x, noise[number + 1], films[number])
        drawn: Tensor = self.head(wrapped(x))
        return drawn


def noise_shapes(
    config: TextureConfig, height_px: int, width_px: int
) -> list[tuple[int, int, int]]:
    """(channels, rows, columns) of the coarsest noise and of each layer's own."""
    shapes = [(config.noise, height_px // STRIDE_PX, width_px // STRIDE_PX)]
    for level in range(LEVELS):
        cell = STRIDE_PX >> level
        shapes += [(1, height_px // cell, width_px // cell)] * 2
    return shapes


def draw_noise(
    config: TextureConfig, count: int, size_px: int, generator: torch.Generator
) -> list[Tensor]:
    """Fresh noise for `count` square pictures of this process while training."""

    def drawn(shape: tuple[int, int, int]) -> Tensor:
        return ranks.rows(lambda n: torch.randn(n, *shape, generator=generator), count)

    return [drawn(shape) for shape in noise_shapes(config, size_px, size_px)]

"""The sharpener: a small head on a decoder that draws the same picture four times as wide.

A picture of 128 px that is enlarged has soft edges, and no smooth enlargement can know where an
edge runs between two pixels. The decoder's last features say more than its picture does, and a
network can learn from true drawings of 512 px what they stand for.

Three stages, all cheap: blocks on the features' grid, where a convolution sees far; fewer and
narrower ones on the picture's grid; then every cell gives 4 x 4 pixels at once, by sub-pixel
rearrangement (Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient
Sub-Pixel Convolutional Neural Network", 2016), so that no layer runs at full size. Borders are
padded by replication: with zeros a faint frame is seen round the paper.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.vae_images.model import VaeConfig

LEAK = 0.1


@dataclass(frozen=True, slots=True)
class SharpenerConfig:
    """Everything that fixes the shape of a sharpener; stored beside its weights."""

    features: int = 32
    """Channels of the decoder's last features."""
    spread: int = 2
    """Pixels of the decoder's picture along one cell of those features."""
    width: int = 64
    blocks: int = 2
    fine_width: int = 32
    fine_blocks: int = 2
    times: int = 4
    """How many times as wide as the decoder's its pictures are."""
    channels: int = 3

    def __post_init__(self) -> None:
        if min(asdict(self).values()) < 1:
            raise ValueError("Every part of a sharpener needs its size.")

    def fits(self, config: VaeConfig) -> bool:
        """Whether it can be put on a decoder of this shape."""
        seen = (config.decoder_channels[-1], config.out_shuffle, config.channels)
        return seen == (self.features, self.spread, self.channels)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> SharpenerConfig:
        """Raises TypeError or ValueError for fields that make no sharpener."""
        return cls(**fields)


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    """3 x 3, begun as suits the activation (He et al., "Delving Deep into Rectifiers", 2015)."""
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="replicate")
    nn.init.kaiming_normal_(convolution.weight, LEAK)
    nn.init.zeros_(convolution.bias)  # type: ignore[arg-type]
    return convolution


def _activation() -> nn.Module:
    """Leaky: most of a drawing is flat, where the best difference is none, and with plain ReLU
    fifty steps of that silenced nearly all of the network for good."""
    return nn.LeakyReLU(LEAK)


class Block(nn.Module):
    """(B, C, H, W) -> (B, C, H, W): x + f(x), then the activation.

    Without norms: they would have to be folded, and a stack this shallow trains without them.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _convolution(channels, channels)
        self.second = _convolution(channels, channels)
        self.act = _activation()
        nn.init.zeros_(self.second.weight)  # begins as the identity

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.act(x + self.second(self.act(self.first(x))))
        return out


class Sharpener(nn.Module):
    """A decoder's last features and picture -> pictures (B, C, T S, T S), T = `times`.

    The picture S px wide comes as `Decoder.last_features` gives it, beside the features. What is
    learnt is the difference from its smooth enlargement, so where a blend shows nothing that was
    ever learnt from, soft stays soft. (The difference from large square pixels was tried: blends
    then showed those.)
    """

    bilinear: Tensor

    def __init__(self, config: SharpenerConfig) -> None:
        super().__init__()
        self.config = config
        seen, width, fine = (
            config.features + config.channels * config.spread**2,
            config.width,
            config.fine_width,
        )
        self.coarse = nn.Sequential(
            _convolution(seen, width), _activation(), *(Block(width) for _ in range(config.blocks))
        )
        self.finer = nn.Sequential(
            nn.Conv2d(width, config.spread**2 * fine, 1),
            nn.PixelShuffle(config.spread),
            _activation(),
        )
        self.fine = nn.Sequential(*(Block(fine) for _ in range(config.fine_blocks)))
        self.last = _convolution(fine, config.channels * config.times**2)
        nn.init.zeros_(self.last.weight)  # begins as no difference at all
        self.register_buffer("bilinear", bilinear(config.times, config.channels), persistent=False)

    def forward(self, features: Tensor, cells: Tensor) -> Tensor:
        """Pictures in float32, about 0..1 (clamp before showing), from (B, F, G, G) and
        (B, C k², G, G)."""
        x = self.fine(self.finer(self.coarse(torch.cat([features, cells], 1))))
        plain = F.pad(F.pixel_shuffle(cells, self.config.spread), (1, 1, 1, 1), mode="replicate")
        smooth = F.conv2d(plain, self.bilinear.to(plain.dtype))
        return F.pixel_shuffle(self.last(x) + smooth, self.config.times).float() + 0.5


def bilinear(times: int, channels: int = 3) -> Tensor:
    """Weights (C T², C, 3, 3) of the convolution that, followed by a pixel shuffle, enlarges
    pictures T times (bilinear, as far as the middles of pixels go)."""
    offsets = (torch.arange(times) + 0.5) / times - 0.5
    line = torch.stack([(-offsets).clamp(min=0), 1 - offsets.abs(), offsets.clamp(min=0)], 1)
    kernels = torch.einsum("iy,jx->ijyx", line, line).flatten(0, 1)
    return torch.einsum("oc,kyx->okcyx", torch.eye(channels), kernels).flatten(0, 1)


def halved(sharpener: Sharpener) -> Sharpener | None:
    """One that draws what `sharpener` draws, reduced to half the width by area; None where that
    would be no larger than the plain picture.

    The mean of 2 x 2 pixels of one cell is a weighted sum like the pixels themselves, so the last
    convolution gives it at once, at a quarter of the outputs; and so has the smooth enlargement.
    """
    times = sharpener.config.times // 2
    if times < 2 or sharpener.config.times % 2:
        return None
    half = Sharpener(replace(sharpener.config, times=times))
    state = sharpener.state_dict()
    for name in ("last.weight", "last.bias"):
        rows = state[name].unflatten(0, (half.config.channels, times, 2, times, 2))
        state[name] = rows.mean((2, 4)).flatten(0, 2)
    half.load_state_dict(state)
    return half.to(next(sharpener.parameters())).eval()

"""The picture model: one convolutional variational auto-encoder for every size, style and kind.

Pictures may have any number of channels. A model can be told what it looks at or draws by a
*condition*, one of a few numbered things (a letterform's character), and can give measures beside
the picture (its advance). The plain models have neither.

Kingma & Welling, "Auto-Encoding Variational Bayes" (2013), with residual blocks (He et al.,
2015). Two choices keep it cheap on a CPU. Pixels come and go by sub-pixel rearrangement (Shi et
al., "Real-Time Single Image and Video Super-Resolution", 2016), so that no layer runs at full
size. And the blocks are normalised by batch statistics, which fold into the convolutions once
training is over: a decoder at work is convolutions and activations only. (Group norm was tried
first: on two cores its backward pass in channels-last bf16 cost more than the convolutions.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engines.vae_images.landscapes.painter import ADDED, OPERATIONS, LandscapePainter


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """Everything that fixes the shape of a model; stored beside its weights.

    Levels run from the smallest grid (`base_px`) upwards, each twice as wide as the one before;
    the picture is `out_shuffle` times wider than the last. The encoder starts `in_shuffle` times
    below the picture's size, so it may have fewer levels than the decoder.
    """

    size_px: int = 128
    latent_size: int = 96
    base_px: int = 8
    decoder_channels: tuple[int, ...] = (224, 160, 80, 32)
    decoder_blocks: tuple[int, ...] = (1, 2, 2, 1)
    encoder_channels: tuple[int, ...] = (192, 96, 48)
    encoder_blocks: tuple[int, ...] = (1, 1, 1)
    channels: int = 3
    """3 for colours; 1 for a distance field."""
    conditions: int = 0
    """How many different things a model can be told to draw; 0 for one that is not told."""
    condition_size: int = 32
    hidden: int = 0
    """The width of the two layers between latent and grid; 0 for none. With a condition they are
    where the latent and the thing to draw meet."""
    measures: int = 0
    """Numbers that the decoder gives beside the picture; they need `hidden`."""
    painted: bool = False
    """Whether the decoder is a formula (see `landscapes.painter`): then its channels are of no
    account."""

    def __post_init__(self) -> None:
        for channels, blocks in (
            (self.decoder_channels, self.decoder_blocks),
            (self.encoder_channels, self.encoder_blocks),
        ):
            if not channels or len(channels) != len(blocks):
                raise ValueError("Every level needs its channels and its blocks.")
            if self.size_px % (self.base_px << (len(channels) - 1)):
                raise ValueError("The levels do not lead to the picture's size.")
        if (self.conditions or self.measures) and not self.hidden:
            raise ValueError("Conditions and measures need hidden layers.")

    @property
    def out_shuffle(self) -> int:
        return self.size_px // (self.base_px << (len(self.decoder_channels) - 1))

    @property
    def in_shuffle(self) -> int:
        return self.size_px // (self.base_px << (len(self.encoder_channels) - 1))

    @property
    def decoder_grids(self) -> tuple[tuple[int, int], ...]:
        """Of each level of the decoder its channels, and its cells along a side; the last stands
        twice: where it begins, and where it has become the last features. A formula has one."""
        if self.painted:
            return ((self.channels * ADDED**2, self.size_px // ADDED),)
        grids = [(c, self.base_px << level) for level, c in enumerate(self.decoder_channels)]
        return (*grids, grids[-1])

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> VaeConfig:
        """Raises TypeError or ValueError for fields that make no model."""
        known: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()
        }
        return cls(**known)


def _convolution(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2)


class Residual(nn.Module):
    """(B, C, H, W) -> (B, C, H, W): x + f(x), then the activation."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _convolution(channels, channels)
        self.first_norm: nn.Module = nn.BatchNorm2d(channels)
        self.second = _convolution(channels, channels)
        self.second_norm: nn.Module = nn.BatchNorm2d(channels)
        self.act = nn.SiLU()
        assert isinstance(self.second_norm, nn.BatchNorm2d)
        nn.init.zeros_(self.second_norm.weight)  # begins as the identity

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(self.first_norm(self.first(x)))
        out: Tensor = self.act(x + self.second_norm(self.second(y)))
        return out

    def fold(self) -> None:
        """Merge the normalisation into the convolutions. For inference only."""
        for name in ("first", "second"):
            norm = getattr(self, f"{name}_norm")
            if isinstance(norm, nn.BatchNorm2d):
                setattr(self, name, fuse_conv_bn_eval(getattr(self, name), norm))
                setattr(self, f"{name}_norm", nn.Identity())


class Encoder(nn.Module):
    """Pictures (B, C, S, S) in 0..1 -> mean and log-variance, each (B, latent)."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        widths, shuffle = config.encoder_channels[::-1], config.in_shuffle
        layers: list[nn.Module] = [
            nn.PixelUnshuffle(shuffle),
            _convolution(config.channels * shuffle**2, widths[0]),
            nn.SiLU(),
        ]
        for level, (width, blocks) in enumerate(
            zip(widths, config.encoder_blocks[::-1], strict=True)
        ):
            if level:
                layers.append(_convolution(widths[level - 1], width, stride=2))
            layers += [Residual(width) for _ in range(blocks)]
        self.body = nn.Sequential(*layers)
        seen = widths[-1] * config.base_px**2
        self.thing, told = _thing(config)
        self.head: nn.Module = nn.Linear(seen + told, 2 * config.latent_size)
        if config.conditions:
            self.head = nn.Sequential(
                nn.Linear(seen + told, config.hidden),
                nn.SiLU(),
                nn.Linear(config.hidden, 2 * config.latent_size),
            )

    def forward(self, pictures: Tensor, conditions: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`conditions` (B,) int64 for a model that takes them."""
        seen = self.body(2 * pictures - 1).flatten(1)
        mean, log_variance = self.head(_told(seen, self.thing, conditions)).chunk(2, dim=1)
        return mean.float(), log_variance.float().clamp(-10, 4)


class Decoder(nn.Module):
    """Latents (B, latent) -> pictures (B, C, S, S), about 0..1 (clamp before showing)."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        widths, shuffle = config.decoder_channels, config.out_shuffle
        self.base_px = config.base_px
        self.thing, told = _thing(config)
        wide = config.hidden or config.latent_size + told
        self.meeting: nn.Module | None = None
        if config.hidden:
            self.meeting = nn.Sequential(
                nn.Linear(config.latent_size + told, wide),
                nn.SiLU(),
                nn.Linear(wide, wide),
                nn.SiLU(),
            )
        self.head = nn.Linear(wide, widths[0] * config.base_px**2)
        self.measures = nn.Linear(wide, config.measures) if config.measures else None
        layers: list[nn.Module] = []
        self.grids: list[int] = []  # the layer that each begins with (see `decoder_grids`)
        for level, (width, blocks) in enumerate(zip(widths, config.decoder_blocks, strict=True)):
            if level:
                layers += [_convolution(widths[level - 1], 4 * width, kernel=1), nn.PixelShuffle(2)]
            self.grids.append(len(layers))
            layers += [Residual(width) for _ in range(blocks)]
        layers.append(_convolution(widths[-1], config.channels * shuffle**2))
        self.shaping = len(layers) - 1  # all but the layers that turn features into pixels
        self.grids.append(self.shaping)
        if shuffle > 1:
            layers.append(nn.PixelShuffle(shuffle))
        self.body = nn.Sequential(*layers)

    @property
    def dtype(self) -> torch.dtype:
        """What its latents have to be."""
        return self.head.weight.dtype

    def forward(self, latents: Tensor, conditions: Tensor | None = None) -> Tensor:
        return self.draw(self.meet(latents, conditions))

    def meet(self, latents: Tensor, conditions: Tensor | None = None) -> Tensor:
        """What is to be drawn, before it is: (B, hidden), or the latents where nothing meets."""
        both = _told(latents, self.thing, conditions)
        return both if self.meeting is None else self.meeting(both)

    def draw(self, met: Tensor, added: Sequence[Tensor] = ()) -> Tensor:
        """Pictures (B, C, S, S) of what `meet` gave; `added` (1, C, G, G) each goes to the features
        of a grid, first to the coarsest (see `VaeConfig.decoder_grids`)."""
        return self._run(met, added, len(self.body)).float() + 0.5

    def last_features(self, met: Tensor, added: Sequence[Tensor] = ()) -> tuple[Tensor, Tensor]:
        """What a sharpener sees (see `sharpener`) of what `meet` gave, on the grid of the last
        level, G = S / k cells wide, in the decoder's precision: the last features
        (B, F, G, G), and the picture before its pixels are spread, (B, C k², G, G) around 0."""
        features = self._run(met, added, self.shaping)
        return features, self.body[self.shaping](features)

    def _run(self, met: Tensor, added: Sequence[Tensor], end: int) -> Tensor:
        """What the layers up to `end` make of what `meet` gave."""
        features: Tensor = self.head(met).unflatten(1, (-1, self.base_px, self.base_px))
        done = 0
        for layer, more in zip(self.grids, added, strict=False):
            features = self.body[done:layer](features) + more.to(features.dtype)
            done = layer
        features = self.body[done:end](features)
        return features

    def measure(self, met: Tensor) -> Tensor:
        """The measures (B, M) of what `meet` gave, float32."""
        assert self.measures is not None
        measures: Tensor = self.measures(met)
        return measures.float()


def _thing(config: VaeConfig) -> tuple[nn.Embedding | None, int]:
    """A model's table of conditions, if it takes any, and the width of its rows."""
    if not config.conditions:
        return None, 0
    return nn.Embedding(config.conditions, config.condition_size), config.condition_size


def _told(seen: Tensor, thing: nn.Embedding | None, conditions: Tensor | None) -> Tensor:
    """(B, N) with the rows of `conditions` beside it, where a model takes them."""
    if thing is None:
        return seen
    if conditions is None:
        raise ValueError("This model has to be told what to draw.")
    return torch.cat([seen, thing(conditions).to(seen.dtype)], 1)


class Vae(nn.Module):
    """Encoder and decoder of one model."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = painter(config, config.size_px) if config.painted else Decoder(config)


def painter(config: VaeConfig, size_px: int) -> Decoder:
    """A formula that paints pictures `size_px` wide. It answers all that is asked of a decoder
    without conditions or a sharpener."""
    return cast(Decoder, LandscapePainter(size_px, config.size_px))


def fold_norms(module: nn.Module) -> None:
    """Merge every block's normalisation into its convolutions, in place. For inference only."""
    module.eval()
    for part in module.modules():
        if isinstance(part, Residual):
            part.fold()


def decoder_flops(config: VaeConfig) -> float:
    """Floating-point operations of one decode; a multiply-add counts as two, the rest as none;
    of a formula everything counts as one."""
    if config.painted:
        return float(OPERATIONS * config.size_px**2)
    widths, base = config.decoder_channels, config.base_px
    told = config.latent_size + (config.condition_size if config.conditions else 0)
    wide = config.hidden or told
    total = wide * widths[0] * base**2 + config.hidden * (told + wide + config.measures)
    for level, (width, blocks) in enumerate(zip(widths, config.decoder_blocks, strict=True)):
        cells = (base << level) ** 2
        total += blocks * 2 * 9 * width**2 * cells
        if level:
            total += widths[level - 1] * 4 * width * cells // 4
    total += 9 * widths[-1] * config.channels * config.size_px**2
    return 2.0 * total


def kl_per_unit(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(q(z|x) || N(0, 1)) of each unit in nats, averaged over the batch: (latent,)."""
    return (0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)).mean(0)

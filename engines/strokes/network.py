"""The network: a picture becomes a point, a point becomes movements of a pen.

D. Ha, D. Eck: A neural representation of sketch drawings. ICLR 2018 (sketch-rnn): a variational
auto-encoder whose decoder is a recurrent network with a mixture at its end. Its encoder here looks
at the picture, as in Y. Chen, S. Tu, Y. Yi, L. Xu: Sketch-pix2seq. 2017: what an artist draws or
drops is a picture, too. Where there is text to be written, a window moves along it (A. Graves:
Generating sequences with recurrent neural networks. 2013, section 5.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engines.strokes import mixture
from engines.strokes.mixture import LIFTS, STATES

CHANNELS = (12, 24, 36, 48)
INPUTS = 2 + 2 + STATES
"""Of each step: the movement before, where it led to, and what the pen did then."""
KINDS_WIDTH = 12
CHARACTERS_WIDTH = 24
WINDOW = 4
"""Gaussians that the window is a sum of."""
FASTEST = 1.5
"""Characters that the window moves at most in one step."""


@dataclass(frozen=True)
class Shape:
    """What a network is made of."""

    latent: int
    hidden: int
    kinds: int = 0
    """How many categories it can be told; 0 for none."""
    characters: int = 0
    """How many there are to write; 0 for what writes nothing."""
    components: int = 10
    width: int = 1
    """Of the pictures that it looks at, over their height of `looking.SIDE_PX`."""

    def told(self) -> Mapping[str, Any]:
        """As a weights file keeps it."""
        return asdict(self)


class Encoder(nn.Module):
    """A picture (N, 1, H, W), 1 is ink, to mean and log variance (N, latent) of its point."""

    def __init__(self, shape: Shape, side_px: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for channels in CHANNELS:
            layers += [nn.Conv2d(before, channels, 3, 2, 1), nn.BatchNorm2d(channels), nn.ReLU()]
            before = channels
        self.layers = nn.Sequential(*layers, nn.Flatten())
        cells = (side_px // 16) ** 2 * shape.width
        self.point = nn.Linear(before * cells, 2 * shape.latent)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        mean, spread = self.point(self.layers(picture)).float().chunk(2, 1)
        return mean, spread.clamp(-8, 2)


class Pen(nn.Module):
    """Points, kinds and text to mixtures, one for each movement."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        told, window = shape.latent, 0
        if shape.kinds:
            self.kinds = nn.Linear(shape.kinds, KINDS_WIDTH, bias=False)
            told += KINDS_WIDTH
        if shape.characters:
            self.characters = nn.Embedding(shape.characters, CHARACTERS_WIDTH)
            self.window = nn.Linear(shape.hidden, 3 * WINDOW)
            window = CHARACTERS_WIDTH
        self.begin = nn.Linear(told, 2 * shape.hidden)
        self.cell = nn.LSTM(INPUTS + told + window, shape.hidden, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(shape.hidden + window, mixture.size(shape.components))

    def told(self, points: Tensor, shares: Tensor | None) -> Tensor:
        """(N, latent) and, of a network with kinds, (N, kinds) -> what every step hears."""
        return points if shares is None else torch.cat([points, self.kinds(shares)], 1)

    def forward(
        self,
        points: Tensor,
        steps: Tensor,
        shares: Tensor | None = None,
        text: Tensor | None = None,
        length: Tensor | None = None,
    ) -> Tensor:
        """`steps` (N, T, INPUTS) as `inputs` makes them -> mixtures (N, T, size). Text is (N, C)
        characters, of which `length` (N,) count."""
        hidden = self.hidden(points, steps, shares, text, length)
        return self.head(self.drop(hidden)).float()  # type: ignore[no-any-return]

    def hidden(
        self,
        points: Tensor,
        steps: Tensor,
        shares: Tensor | None = None,
        text: Tensor | None = None,
        length: Tensor | None = None,
    ) -> Tensor:
        """What the mixtures are told from: (N, T, width)."""
        told = self.told(points, shares)
        first, memory = torch.tanh(self.begin(told)).chunk(2, 1)
        given = torch.cat([steps, told[:, None].expand(-1, steps.shape[1], -1)], 2)
        if text is None or length is None:
            hidden, _ = self.cell(given, (first[None].contiguous(), memory[None].contiguous()))
            return hidden  # type: ignore[no-any-return]
        return self._along(given, (first, memory), text, length)

    def _along(
        self, given: Tensor, state: tuple[Tensor, Tensor], text: Tensor, length: Tensor
    ) -> Tensor:
        """Step by step, since what the window shows depends on the step before."""
        c = self.cell
        from_given = given @ c.weight_ih_l0[:, : given.shape[2]].T + c.bias_ih_l0 + c.bias_hh_l0
        recurrent = torch.cat([c.weight_hh_l0, c.weight_ih_l0[:, given.shape[2] :]], 1).T
        letters = self.characters(text)
        places = torch.arange(text.shape[1], device=text.device)
        beyond = (places >= length[:, None])[:, None]
        shown = letters.new_zeros(len(text), letters.shape[2])
        at = letters.new_zeros(len(text), WINDOW)
        h, memory = state
        out = []
        for from_here in from_given.unbind(1):
            gates = torch.addmm(from_here, torch.cat([h, shown], 1), recurrent)
            i, f, g, o = gates.chunk(4, 1)
            memory = torch.sigmoid(f) * memory + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(memory)
            weight, narrow, speed = self.window(h).chunk(3, 1)
            # Graves' equations 48 to 51, his speed held below FASTEST
            at = at + FASTEST * torch.sigmoid(speed - 1.5)
            away = at[:, :, None] - places
            looks = weight.exp()[:, :, None] * torch.exp(-narrow.exp()[:, :, None] * away * away)
            seen = looks.masked_fill(beyond, 0.0).sum(1)
            shown = torch.bmm(seen[:, None], letters)[:, 0]
            out.append(torch.cat([h, shown], 1))
        return torch.stack(out, 1)


def inputs(movements: Tensor, states: Tensor, along: bool) -> Tensor:
    """Movements (N, T, 2) and states (N, T) -> what each step is given: the one before it, where
    that led to, what the pen did. With `along`, how far to the right is not told: text goes on."""
    before = torch.zeros_like(movements)
    before[:, 1:] = movements[:, :-1]
    places = before.cumsum(1)
    if along:
        places = places * places.new_tensor([0.0, 1.0])
    did = torch.full_like(states, LIFTS)
    did[:, 1:] = states[:, :-1]
    return torch.cat([before, places, nn.functional.one_hot(did, STATES)], 2)

"""The network: a picture becomes a point, a point becomes movements of a pen.

D. Ha, D. Eck: A neural representation of sketch drawings. ICLR 2018 (sketch-rnn): a variational
auto-encoder whose decoder is a recurrent network with a mixture at its end. Its encoder here looks
at the picture, as in Y. Chen, S. Tu, Y. Yi, L. Xu: Sketch-pix2seq. 2017: what an artist draws or
drops is a picture, too. Where there is text to be written, a window moves along it (A. Graves:
Generating sequences with recurrent neural networks. 2013, section 5.1). It shows one character
sharply, and goes to the next when the pen has ended that. Since our words are set in fonts, where
it has to stand at each movement is known: it is shown that while it learns (as H. Tachibana et al.:
Efficiently trainable text-to-speech system based on deep convolutional networks with guided
attention. 2018), and all steps are learnt at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engines.strokes import mixture
from engines.strokes.mixture import ENDS, LIFTS, STATES

CHANNELS = (12, 24, 36, 48)
INPUTS = 2 + 2 + STATES
"""Of each step: the movement before, where it led to, and what the pen did then."""
KINDS_WIDTH = 12
CHARACTERS_WIDTH = 16
FASTEST = 1.5
"""Characters that the window moves at most in one step."""
SLOW = 2.0
BEGINNING, LAST = 0.05, 0.98
"""Where in a character the window stands first, and last."""


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
            self.window = nn.Linear(shape.hidden, 1)
            window = 2 * CHARACTERS_WIDTH + 2
        self.begin = nn.Linear(told, 2 * shape.hidden)
        self.cell = nn.LSTM(INPUTS + told + window, shape.hidden, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(shape.hidden, mixture.size(shape.components))

    def told(self, points: Tensor, shares: Tensor | None) -> Tensor:
        """(N, latent) and, of a network with kinds, (N, kinds) -> what every step hears."""
        return points if shares is None else torch.cat([points, self.kinds(shares)], 1)

    def forward(self, hidden: Tensor) -> Tensor:
        """What `hidden` gives -> mixtures (N, T, size)."""
        return self.head(self.drop(hidden)).float()  # type: ignore[no-any-return]

    def hidden(
        self,
        points: Tensor,
        steps: Tensor,
        shares: Tensor | None = None,
        text: Tensor | None = None,
        places: Tensor | None = None,
    ) -> Tensor:
        """`steps` (N, T, INPUTS) as `inputs` makes them -> (N, T, hidden). Text is (N, C)
        characters; `places` (N, T) are where in it the window stands at each step."""
        told = self.told(points, shares)
        first, memory = torch.tanh(self.begin(told)).chunk(2, 1)
        given = [steps, told[:, None].expand(-1, steps.shape[1], -1)]
        if text is not None and places is not None:
            given.append(self.seen(text, places))
        start = first[None].contiguous(), memory[None].contiguous()
        hidden, _ = self.cell(torch.cat(given, 2), start)
        return hidden  # type: ignore[no-any-return]

    def seen(self, text: Tensor, places: Tensor) -> Tensor:
        """What the window shows: the character there and the next one, and how far it is in it."""
        here = places.long()
        ahead = (here + 1).clamp_max(text.shape[1] - 1)
        shown = (self.characters(text.gather(1, place)) for place in (here, ahead))
        angle = 2 * math.pi * places[..., None]
        return torch.cat([*shown, torch.cos(angle), torch.sin(angle)], -1)

    def moves(self, hidden: Tensor) -> Tensor:
        """How far the window moves after each step (Graves' equation 51, held below FASTEST)."""
        return FASTEST * torch.sigmoid(self.window(hidden)[..., 0].float() - SLOW)


def inputs(movements: Tensor, states: Tensor, along: bool) -> Tensor:
    """Movements (N, T, 2) and states (N, T) -> what each step is given: the one before it, where
    that led to, what the pen did. With `along`, text goes on to the right: there x is counted from
    where the letter began."""
    before = torch.zeros_like(movements)
    before[:, 1:] = movements[:, :-1]
    places = before.cumsum(1)
    if along:
        steps = torch.arange(states.shape[1], device=states.device)
        first = torch.zeros_like(states)
        first[:, 1:] = begins(states)[:, :-1] * steps[1:]
        origins = places[..., 0].gather(1, first.cummax(1).values)
        places = torch.stack([places[..., 0] - origins, places[..., 1]], 2)
    did = torch.full_like(states, LIFTS)
    did[:, 1:] = states[:, :-1]
    return torch.cat([before, places, nn.functional.one_hot(did, STATES)], 2)


def begins(states: Tensor) -> Tensor:
    """(N, T): whether a movement leads to where a drawing or a letter begins."""
    first = torch.ones_like(states, dtype=torch.bool)
    first[:, 1:] = states[:, :-1] == ENDS
    return first

"""What a model learns from, served in batches: pictures, or letters with what they are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engines.common import ranks
from engines.common.training import digest_of
from engines.vae_images.alphabet import CHARACTERS, SIZE_PX

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Batch:
    """Some pictures and what goes with them."""

    pictures: Tensor
    """(B, C, S, S) float32 in 0..1."""
    conditions: Tensor | None = None
    """(B,) int64: what each picture shows."""
    measures: Tensor | None = None
    """(B, M) float32: numbers that belong to each picture."""
    looked_at: Tensor | None = None
    """(B,) int64: from which picture of the batch each is to be drawn; None for itself."""
    points: Tensor | None = None
    """(B, L) float32: where each picture's point lies, if that is known."""


class Material(ABC):
    """The pictures of one model."""

    @abstractmethod
    def batch(self, chance: torch.Generator, count: int) -> Batch:
        """`count` training pictures for this process; every choice comes from `chance`."""

    @abstractmethod
    def digest(self) -> str:
        """What this material has and no other."""

    @abstractmethod
    def looks(self, count: int) -> Batch:
        """The same `count` held-out pictures each time, to look at; each drawn from itself."""


class Pictures(Material):
    """RGB pictures, (N, S, S, 3) uint8 for each split."""

    def __init__(self, training: Bytes, held_out: Bytes) -> None:
        self.training, self.held_out = training, held_out

    def batch(self, chance: torch.Generator, count: int) -> Batch:
        return Batch(to_tensor(self.training[self._rows(chance, count)]))

    def _rows(self, chance: torch.Generator, count: int) -> npt.NDArray[np.int64]:
        known = len(self.training)
        rows = ranks.rows(lambda n: torch.randint(known, (n,), generator=chance), count)
        drawn: npt.NDArray[np.int64] = rows.numpy()
        return drawn

    def digest(self) -> str:
        return _digest(self.training)

    def looks(self, count: int) -> Batch:
        return Batch(to_tensor(self.held_out[:count]))


class Scenes(Pictures):
    """Pictures that were painted from numbers: those are told with each, (N, L) float32."""

    def __init__(self, training: Bytes, held_out: Bytes, points: npt.NDArray[np.float32]) -> None:
        super().__init__(training, held_out)
        self.points = points

    def batch(self, chance: torch.Generator, count: int) -> Batch:
        rows = self._rows(chance, count)
        points = torch.from_numpy(self.points[rows])
        return Batch(to_tensor(self.training[rows]), points=points)


@dataclass(frozen=True)
class Faces:
    """Letters by typeface."""

    fields: Bytes
    """(F, C, S, S) uint8."""
    advances_px: npt.NDArray[np.float32]
    """(F, C), NaN where a face lacks a letter."""

    @classmethod
    def read(cls, folder: Path) -> Faces:
        """What `letters.prepare` wrote for one split."""
        return cls(np.load(folder / "fields.npy", mmap_mode="r"), np.load(folder / "advances.npy"))

    def pick(self, faces: npt.NDArray[np.int64], letters: npt.NDArray[np.int64]) -> Batch:
        """The letters of the faces, pair by pair; the advance as a share of the field's width."""
        fields = np.array(self.fields[faces, letters])
        advances = torch.from_numpy(self.advances_px[faces, letters] / SIZE_PX)
        return Batch(
            torch.from_numpy(fields)[:, None].float().div(255),
            torch.from_numpy(letters),
            advances[:, None].float(),
        )


class Letters(Material):
    """Letters, several of the same face at a time.

    What the latent is to hold is the face, not the letter: the letter is told. So most letters of
    a batch are drawn from what the encoder saw in *another* letter of their face.
    """

    TOGETHER = 4
    """Letters of one face in a batch."""
    FROM_ANOTHER = 0.75
    """The share of letters that are drawn from another one."""

    def __init__(self, training: Faces, held_out: Faces) -> None:
        self.training, self.held_out = training, held_out

    def batch(self, chance: torch.Generator, count: int) -> Batch:
        groups = count // self.TOGETHER
        drawn = partial(torch.randint, generator=chance)
        faces = ranks.rows(lambda n: drawn(len(self.training.fields), (n,)), groups)
        faces = faces.repeat_interleave(self.TOGETHER)
        letters = ranks.rows(lambda n: drawn(len(CHARACTERS), (n,)), len(faces))
        missing = np.isnan(self.training.advances_px[faces.numpy(), letters.numpy()])
        letters[torch.from_numpy(missing)] = CHARACTERS.index("n")
        plain = self.training.pick(faces.numpy(), letters.numpy())
        step = ranks.rows(lambda n: drawn(1, self.TOGETHER, (n,)), len(faces))
        luck = ranks.rows(lambda n: torch.rand(n, generator=chance), len(faces))
        step *= luck < self.FROM_ANOTHER
        own = torch.arange(len(faces))
        first = own - own % self.TOGETHER
        looked_at = first + (own - first + step) % self.TOGETHER
        return Batch(plain.pictures, plain.conditions, plain.measures, looked_at)

    def digest(self) -> str:
        return _digest(self.training.fields)

    def looks(self, count: int) -> Batch:
        """One word for each held-out face, as far as `count` goes."""
        word = np.array([CHARACTERS.index(c) for c in "RagMef&5"])
        own = np.arange(count)
        faces = (own // len(word)) * 5 % len(self.held_out.fields)
        return self.held_out.pick(faces, word[own % len(word)])


def _digest(pictures: Bytes) -> str:
    """By its size and up to 500 pictures from all over it: a cache has gigabytes."""
    some = pictures[:: max(1, len(pictures) // 500)]
    return digest_of([repr(pictures.shape).encode(), *(picture.tobytes() for picture in some)])


def to_tensor(pictures: Bytes) -> Tensor:
    """(B, S, S, 3) uint8 -> (B, 3, S, S) float32 in 0..1."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div(255)

"""What an engine makes models of: an artist's own folder, files of other programs; and what a
training is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.document.errors import StudioError

if TYPE_CHECKING:
    from studio.engine.contract import ModelSpec

Kind = Literal["pictures", "tunes"]


class Stopped(StudioError):  # noqa: N818 - no error: it is a way to end, and to go on later
    """A training was asked to stop; all of it is saved."""


@dataclass(frozen=True, kw_only=True)
class Learning:
    """What an engine can learn from an artist's own files, declared in its spec.

    `EngineSpec.train` is then called with a model to start from and the options `data` (a folder),
    `out`, `minutes`, `device`, `threads`, `size_px`, `scratch`, `flips` and `watch`, as far as it
    takes them. It returns the weights file, or raises `Stopped` or `EngineError`.
    """

    kind: Kind
    title: str
    """What it makes of them, in a few words for a choice."""
    model: ModelSpec
    """What every model that is learnt so has: its directions and parameters, and the beginning of
    its name. Its weights are nobody's."""
    starts: tuple[str, ...]
    """The models that it can start from; the first is offered."""
    scratch: bool = True
    """Whether it can start from nothing, too."""
    sizes_px: tuple[int, ...] = ()
    """Widths and heights that a picture can have, smallest first; none where there is no choice."""
    square: bool = True
    """Whether it learns from square pictures only."""
    flips: bool = False
    """Whether it can learn from mirror images as well."""
    least: int = 1
    """So many files it needs."""
    expect: tuple[tuple[int, str], ...] = ()
    """For so many files and more, what comes of them: fewest first."""
    minutes: float = 20.0
    """A good time to spend."""
    curves: Mapping[str, str] = field(default_factory=dict)
    """Which of the figures in its log are drawn, and what they are called."""

    def expected(self, count: int) -> str:
        """What comes of so many files, in words; "" where they are too few."""
        fitting = [words for least, words in self.expect if count >= max(least, self.least)]
        return fitting[-1] if fitting else ""


class Watch:
    """Who looks at a training. It is asked after every step; this one wants nothing."""

    def goes_on(self, step: int, seconds: float, progress: float) -> bool:  # noqa: ARG002
        """Whether to go on; it may keep the training waiting. Else all is saved and it ends."""
        return True

    def sample(self) -> Path | None:
        """Where a small picture of what has been learnt so far is to be written, if one is due."""
        return None

    def snapshot(self) -> Path | None:
        """Where a weights file that can be played is to be written, if one is wanted."""
        return None


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """Which files they are, declared in the engine's spec, which then need not list a model.

    Both callables are `"package.module:name"` strings. What they raise is an `EngineError`; the
    first may take its time and is not called on the window's thread.
    """

    endings: tuple[str, ...]
    """With the dot, in small letters."""
    take_in: str
    """`take_in(file, weights)`: check the file, which a stranger may have made, and write what it
    is to the safetensors file `weights`."""
    model: str
    """`model(name, weights)`: the `ModelSpec` of such weights, from what they say of themselves. It
    imports no torch: it is called when the instrument begins."""

"""What crosses between the window's thread and the engines': all of it frozen.

Commands and requests go to the engine thread, events come back. Every one names its deck and the
deck's *epoch*, which counts its loads, so that what belongs to an earlier engine can be told.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studio.document.parameters import Value
from studio.engine import Job, Latent, Loaded, ModelSpec, Passage, Pixels, Resources
from studio.music.phrases import Phrase

View = int | str
"""Where a picture aside of the stage goes: a slot's face by its number, or a view by its name."""


@dataclass(frozen=True)
class Load:
    """Give `deck` this engine and model. Everything after it belongs to `epoch`."""

    deck: str
    epoch: int
    engine: str
    model: ModelSpec


@dataclass(frozen=True)
class Close:
    """`deck` is gone; its engine is closed when no other deck shares it."""

    deck: str


@dataclass(frozen=True)
class Sample:
    """Draw one point for each of the `slots`; the answer is a `Sampled`."""

    deck: str
    epoch: int
    seed: int
    slots: tuple[int, ...]
    surprise: bool
    """Whether `seed` becomes the deck's: True for a shelf, False for a single slot."""
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Encode:
    """Find the point of a picture or a phrase, or of what is in a file, for a slot; answered by
    `Encoded`, then, by an engine that can, by `Refined` ever so often."""

    deck: str
    epoch: int
    slot: int
    source: Pixels | Phrase | Path
    parameters: Mapping[str, Value]


@dataclass(frozen=True)
class Settle:
    """Refine the slot's point no further."""

    deck: str
    epoch: int
    slot: int


@dataclass(frozen=True)
class Outline:
    """Draw a job as vector graphics; answered by `Outlined`."""

    deck: str
    epoch: int
    job: Job
    view: View


@dataclass(frozen=True)
class Grant:
    """From now on engines run with these resources. Another device closes every engine: a `Load`
    for each deck has to follow."""

    resources: Resources


Command = Load | Close | Sample | Encode | Settle | Outline | Grant


@dataclass(frozen=True)
class Request:
    """A job with its sender: which deck and epoch, which revision, and what it is for."""

    deck: str
    epoch: int
    revision: int
    job: Job
    asked_at: float
    """`perf_counter` seconds of the hand movement that asked."""
    view: View | None = None
    """None for the picture on the stage."""


@dataclass(frozen=True)
class Compose:
    """Bars that are wanted; answered by `Composed`. It goes before every picture, and a newer one
    for the same `tag` of the same deck replaces one that has not begun."""

    deck: str
    epoch: int
    tag: Hashable
    """The asker's own word for these bars."""
    passage: Passage


@dataclass(frozen=True)
class Composed:
    """Bars that were wanted; None where they could not be made."""

    deck: str
    epoch: int
    tag: Hashable
    phrase: Phrase | None


@dataclass(frozen=True)
class Ready:
    """`deck` has its engine."""

    deck: str
    epoch: int
    loaded: Loaded


@dataclass(frozen=True)
class Pictured:
    """A picture, the request that asked for it, and how long the engine took."""

    request: Request
    pixels: Pixels
    render_ms: float


@dataclass(frozen=True)
class Sampled:
    """New points, by slot."""

    deck: str
    epoch: int
    seed: int
    latents: dict[int, Latent]
    surprise: bool


@dataclass(frozen=True)
class Encoded:
    """The point of a picture."""

    deck: str
    epoch: int
    slot: int
    latent: Latent
    remarks: tuple[str, ...] = ()
    """Sentences for the artist about what could not be taken as it was."""


@dataclass(frozen=True)
class Refined:
    """A slot's point after `step` of `steps` towards its picture; None when it stays as it is."""

    deck: str
    epoch: int
    slot: int
    latent: Latent | None
    step: int
    steps: int


@dataclass(frozen=True)
class Outlined:
    """A picture as an SVG document."""

    deck: str
    epoch: int
    svg: str
    view: View


@dataclass(frozen=True)
class Failed:
    """What could not be done, in one sentence. The traceback is in the log."""

    deck: str
    epoch: int
    sentence: str
    fatal: bool
    """True when the deck has no engine now."""
    revision: int = 0
    """Of the picture that failed; 0 where it was something else."""
    aside: bool = False
    """True for what the deck can do without: a thumbnail, a picture that was dropped."""
    view: View | None = None
    """Of the request that failed."""


Event = Ready | Pictured | Sampled | Encoded | Refined | Outlined | Composed | Failed

Found = Sampled | Encoded | Refined | Outlined | Pictured | Composed | Failed
"""Events that the session makes something of: a `Pictured` or `Failed` here is one aside."""

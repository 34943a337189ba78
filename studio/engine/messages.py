"""What crosses between the window's thread and the engines': all of it frozen.

Commands and requests go to the engine thread, events come back. Every one names its deck and the
deck's *epoch*, which counts its loads, so that what belongs to an earlier engine can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.document.errors import StudioError
from studio.document.parameters import Value
from studio.engine import EngineError, Job, Latent, Loaded, ModelSpec, Passage, Pixels, Resources
from studio.music.phrases import Phrase

Reply = Callable[[Any], None]
"""Takes what was asked for, or an `EngineError` where it could not be made. The engine thread only
hands it back; it is called on the window's thread."""


@dataclass(frozen=True)
class Load:
    """Give `deck` this engine and model. Everything after it belongs to `epoch`."""

    deck: str
    epoch: int
    engine: str
    model: ModelSpec
    anew: bool = True
    """Whether a deck that has this model already, alone, gets a fresh engine for it."""


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
    sets_seed: bool
    """Whether `seed` becomes the deck's: True for all its slots, False for a single one."""
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
    near: Latent | None = None
    """For a picture, a point that is near already: only refine it."""


@dataclass(frozen=True)
class MakeOwn:
    """Make an own picture of a picture, or of what is in a file, for a slot with a point; answered
    by `OwnMade` ever so often."""

    deck: str
    epoch: int
    slot: int
    latent: Latent
    source: Pixels | Path
    parameters: Mapping[str, Value]


@dataclass(frozen=True)
class Settle:
    """Refine the slot's point no further, and make no own picture for it."""

    deck: str
    epoch: int
    slot: int


@dataclass(frozen=True)
class Outline:
    """Draw a job as vector graphics, an SVG document; answered by `Answered`."""

    deck: str
    epoch: int
    job: Job
    reply: Reply


@dataclass(frozen=True)
class Grant:
    """From now on engines run with these resources. Another device closes every engine: a `Load`
    for each deck has to follow."""

    resources: Resources


Command = Load | Close | Sample | Encode | MakeOwn | Settle | Outline | Grant


@dataclass(frozen=True)
class Request:
    """A job with its sender: which deck and epoch, which revision, and what it is for."""

    deck: str
    epoch: int
    revision: int
    job: Job
    asked_at: float
    """`perf_counter` seconds of the hand movement that asked."""
    reply: Reply | None = None
    """For a picture aside, answered by `Answered`; None for the one on the stage: `Pictured`."""


@dataclass(frozen=True)
class Compose:
    """Bars that are wanted, a `Phrase`; answered by `Answered`. It goes before every picture."""

    deck: str
    epoch: int
    passage: Passage
    reply: Reply


@dataclass(frozen=True)
class Answered:
    """What was asked for with a reply, or in one sentence why it could not be made."""

    deck: str
    epoch: int
    reply: Reply
    result: Phrase | Pixels | str | EngineError


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
    words: str = ""
    """The line that the picture says; see `Engine.words`."""


@dataclass(frozen=True)
class Sampled:
    """New points, by slot."""

    deck: str
    epoch: int
    seed: int
    latents: dict[int, Latent]
    sets_seed: bool


@dataclass(frozen=True)
class Encoded:
    """The point of a picture."""

    deck: str
    epoch: int
    slot: int
    latent: Latent
    remarks: tuple[str, ...] = ()
    """Sentences for the artist about what could not be taken as it was."""
    source: Pixels | Phrase | Path | None = None
    """The picture, or the file that it was in."""


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
class OwnMade:
    """How far, `step` of `steps`, an own picture for a slot with a point has come. At the end the
    name of its file (see `studio.engine.own_pictures`), or None where nothing came of it."""

    deck: str
    epoch: int
    slot: int
    latent: Latent
    step: int
    steps: int
    file: str | None = None


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


Found = Sampled | Encoded | Refined | OwnMade
"""What slots are to hold."""

Event = Ready | Pictured | Answered | Found | Failed


def sentence_of(error: BaseException) -> str:
    """What to tell the artist about `error`: its own sentence, or its type and first line."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # noqa: BLE001 - a guest may raise anything, even from its error's text
        lines = []
    if isinstance(error, StudioError) and lines:
        return lines[0]
    said = f": {lines[0][:160].rstrip('.')}" if lines else ""
    return f"The engine stopped with {type(error).__name__}{said}."

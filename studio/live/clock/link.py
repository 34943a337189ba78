"""Ableton Link as a leader: tempo and phase shared with other programs on the network.

An optional extra through aalink, which is GPL-3 and therefore never a dependency of ours: it is
used where the artist has installed it. Its session runs in its own threads; here it is only read.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from time import perf_counter
from types import ModuleType
from typing import Any

from studio.document.score import TEMPO
from studio.live.clock.following import Cue
from studio.live.clock.timeline import Timeline
from studio.processes.packaged import remedy

MISSING = f"Ableton Link needs the extra package aalink (GPL-3): {remedy('pip install aalink')}."


class LinkError(Exception):
    """Link cannot be had. Its text is one sentence for the artist."""


class LinkLeader:
    """A member of the Link session on this network, as a leader for `Transport.follow`.

    Link shares no start and stop here: playing is begun by hand and falls in at a bar of four.
    `tempo` given at the start counts only while nobody else is in the session.
    """

    grid_beats = 4.0

    def __init__(
        self,
        bpm: float = TEMPO.default,
        *,
        clock: Callable[[], float] = perf_counter,
        load: Callable[[], ModuleType] = lambda: importlib.import_module("aalink"),
    ) -> None:
        """Join the session. Raises `LinkError` where aalink is missing or cannot be opened."""
        try:
            module = load()
        except ImportError:
            raise LinkError(MISSING) from None
        import asyncio  # two dozen modules that nothing else here needs

        self._clock = clock
        try:
            self._link: Any = asyncio.run(_joined(module, bpm))
        except Exception as error:  # another language's library may raise anything
            name = type(error).__name__
            raise LinkError(f"Ableton Link could not be opened ({name}).") from error

    @property
    def line(self) -> Timeline | None:
        """Where the session's beat is at this moment."""
        before_s = self._clock()
        beat = float(self._link.beat)
        at_s = (before_s + self._clock()) / 2  # asked in between
        return Timeline(beat, at_s, float(self._link.tempo))

    @property
    def cue(self) -> Cue:
        return Cue()

    @property
    def peers(self) -> int:
        """How many others are in the session."""
        return int(self._link.num_peers)

    @property
    def sentence(self) -> str:
        others = {0: "nobody else", 1: "one other"}.get(self.peers, f"{self.peers} others")
        return f"In a Link session with {others}, at {float(self._link.tempo):.1f} bpm."

    def set_tempo(self, bpm: float) -> None:
        """Change everybody's tempo. Raises `ParameterError`."""
        self._link.tempo = TEMPO.validate(bpm)

    def close(self) -> None:
        """Leave the session."""
        self._link.enabled = False


async def _joined(module: ModuleType, bpm: float) -> Any:
    """A Link wants an event loop to wake at beats that somebody awaits; nobody does, so the one
    that runs while it is made will do."""
    link = module.Link(bpm)
    link.enabled = True
    return link

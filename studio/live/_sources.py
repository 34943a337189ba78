"""Where notes come from: the protocol of a source.

The conductor asks each source for the notes of short spans that follow each other without gap or
overlap. Tracks on which somebody else composes are in `studio.live.ensemble._bar_plans`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from studio.music.notes import Note


class NoteSource(Protocol):
    """What plays a track. All is called on a thread of its own (see `studio.live._source_threads`):
    one that raises or is slow costs its own notes and nobody else's.
    """

    track: str
    """Names the track for routes; no two sources at once share one."""

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        """The notes that begin in [start_beats, end_beats), in quarter notes; any order.

        Spans follow each other while the transport plays and jump when it is located. Quick: it is
        called every 10 ms for about 10 ms of music, a tenth of a second before they sound.
        """


@runtime_checkable
class CountsIn(Protocol):
    """A source that plays in the count-in as well, where the others are silent until it is over."""

    counts_in: bool

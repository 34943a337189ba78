"""Where a piano roll looks: it goes with the playhead until a hand scrolls it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from studio.live.layers.roll_bars import PitchSpan, pitch_range
from studio.live.layers.roll_scale import BARS_AT_ONCE, RollScale, followed, held
from studio.music.metres import Metre

_GLIDE_S = 0.24
"""So long the view takes to go on by a bar."""
_EDGE = 1e-6


class Viewport:
    """Holds the scale. All methods that move it say whether anything moved."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.scale = RollScale()
        self.following = True
        self._fits_bars = True
        self._metre = Metre()
        self._glide: tuple[float, float, float] | None = None
        self._ends = (0.0, 0.0)

    @property
    def gliding(self) -> bool:
        """Whether it is on its way."""
        return self._glide is not None

    def forget(self) -> None:
        """Other music: from its beginning, and near as at first."""
        self.following, self._fits_bars, self._glide = True, True, None
        self._ends = (0.0, 0.0)
        self.scale = replace(self.scale, origin_beats=0.0)

    def fit(
        self,
        room: tuple[float, float, float, float],
        spans: Collection[PitchSpan | None],
        ends: tuple[float, float],
        metre: Metre,
        *,
        afresh: bool = False,
    ) -> bool:
        """Make room for bars in `room` (left, top, width, height, in px): `spans` has the lowest
        and highest note of each, `ends` where the first begins and the last ends.

        Rows stay while the notes fit, unless `afresh`.
        """
        self._metre, self._ends = metre, ends
        shown = None if afresh else (self.scale.lowest, self.scale.highest)
        lowest, highest = pitch_range(spans, shown)
        left, top, width, height = room
        beats = BARS_AT_ONCE * metre.bar_beats if self._fits_bars else self.scale.shown_beats
        width, height, origin = max(1.0, width), max(24.0, height), self.scale.origin_beats
        return self._take(RollScale(left, top, width, height, origin, beats, lowest, highest))

    def follow(self, place: float) -> bool:
        """The playhead is at `place`: begin to glide there, or jump where it is far."""
        if not self.following:
            return False
        wanted = followed(place, self._metre, self.scale.shown_beats)
        going = self.scale.origin_beats if self._glide is None else self._glide[1]
        if abs(wanted - going) < _EDGE:
            return False
        if abs(wanted - self.scale.origin_beats) > self.scale.shown_beats:
            return self.look_at(wanted)
        self._glide = (self.scale.origin_beats, wanted, self._clock())
        return False

    def step(self) -> bool:
        """Glide on."""
        if self._glide is None:
            return False
        begin, end, at_s = self._glide
        share = min(1.0, max(0.0, (self._clock() - at_s) / _GLIDE_S))
        if share >= 1:
            self._glide = None
        eased = 1 - (1 - share) ** 3
        return self._take(replace(self.scale, origin_beats=begin + (end - begin) * eased))

    def arrive(self) -> bool:
        """Be at once where it was going."""
        return self._glide is not None and self.look_at(self._glide[1])

    def look_at(self, origin: float) -> bool:
        """Have `origin` at the left edge."""
        self._glide = None
        return self._take(replace(self.scale, origin_beats=origin))

    def scroll(self, beats: float) -> bool:
        """Look so many beats further on, and follow no more."""
        self.following, self._glide = False, None
        return self._take(held(self.scale.moved(beats), *self._ends))

    def zoom(self, factor: float, about_beat: float) -> bool:
        """So many times as near; what is at `about_beat` stays where it is."""
        self._fits_bars, self._glide = False, None
        return self._take(held(self.scale.zoomed(factor, about_beat), *self._ends))

    def _take(self, scale: RollScale) -> bool:
        moved = scale != self.scale
        self.scale = scale
        return moved

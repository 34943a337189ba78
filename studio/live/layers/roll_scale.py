"""Where beats and pitches stand on a piano roll: arithmetic, no painting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.music.metres import Metre, next_multiple

FEWEST_BEATS, MOST_BEATS = 1.0, 256.0
"""So much of the music can be seen at once."""
BARS_AT_ONCE = 4
"""Until somebody zooms."""
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class RollScale:
    """A piece of the music on a rectangle of the widget, in px from the widget's corner."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0
    origin_beats: float = 0.0
    """The beat at the left edge."""
    shown_beats: float = 16.0
    lowest: int = 57
    highest: int = 80
    """The rows' pitches, both shown."""

    @property
    def px_per_beat(self) -> float:
        return self.width / self.shown_beats

    @property
    def row_px(self) -> float:
        """The height of one semitone."""
        return self.height / (self.highest - self.lowest + 1)

    @property
    def end_beats(self) -> float:
        """The beat at the right edge."""
        return self.origin_beats + self.shown_beats

    def x(self, beat: float) -> float:
        """Where `beat` is."""
        return self.left + (beat - self.origin_beats) * self.px_per_beat

    def beat(self, x: float) -> float:
        """What is at `x`."""
        return self.origin_beats + (x - self.left) / self.px_per_beat

    def y(self, pitch: int) -> float:
        """The upper edge of a pitch's row."""
        return self.top + (self.highest - pitch) * self.row_px

    def pitch(self, y: float) -> int:
        """The pitch whose row is at `y`."""
        return self.highest - int((y - self.top) // self.row_px)

    def zoomed(self, factor: float, about_beat: float) -> RollScale:
        """So many times as near; what is at `about_beat` stays where it is."""
        shown = min(MOST_BEATS, max(FEWEST_BEATS, self.shown_beats / factor))
        share = (about_beat - self.origin_beats) / self.shown_beats
        return replace(self, origin_beats=about_beat - share * shown, shown_beats=shown)

    def moved(self, beats: float) -> RollScale:
        """So many beats further on."""
        return replace(self, origin_beats=self.origin_beats + beats)


def followed(place: float, metre: Metre, shown_beats: float) -> float:
    """The beat at the left edge while `place` is followed.

    The view stands still for a bar and then goes on by one, so that what sounds and what comes
    next keep their places on the stage. The bar to come is the last one shown. Where hardly more
    than a bar fits, it goes on by a beat, or by half the view.
    """
    bar, pulse = metre.bar_beats, metre.pulse_beats
    step = next((each for each in (bar, pulse) if 2 * each <= shown_beats + _EDGE), shown_beats / 2)
    begun = ((place + _EDGE) // step) * step
    ahead = begun + 2 * step - shown_beats
    if step == bar and shown_beats > 3 * bar:  # whole bars from the left edge on
        ahead = next_multiple(ahead, bar)
    return max(min(0.0, begun), ahead)


def held(scale: RollScale, first_beat: float, last_beat: float) -> RollScale:
    """`scale` moved no further than to see the music's beginning or its end."""
    low = min(first_beat, 0.0)
    high = max(low, last_beat - scale.shown_beats / 2)
    return replace(scale, origin_beats=min(high, max(low, scale.origin_beats)))

"""The tonic and the mode of a tune, from its key signature and from what is played."""

from __future__ import annotations

from engines.lstm_melodies.corpus.corpora import REST, BookTune
from engines.lstm_melodies.hearing import near_middle
from studio.music.keys import FINAL, fit, histogram
from studio.music.modes import MODES
from studio.music.phrases import Key

WRITTEN = 0.2
"""What the header counts beside a correlation."""


def key_of(tune: BookTune) -> tuple[int, str]:
    """The tonic as a MIDI number, about a fifth below the tune's middle, and one of `MODES`.

    Typists often wrote the major key of the signature for a tune in another mode, so the header
    is one voice among three: what is played, and where the tune ends.
    """
    played = [
        (s.pitch, max(0, s.ticks)) for bar in tune.bars for s in bar.sounds if s.pitch != REST
    ]
    pitches = [pitch for pitch, _ in played] or [60]
    heard, major = histogram(played), tune.sharps * 7 % 12

    def tonic(mode: str) -> int:
        return (major + MODES[mode].above_major) % 12

    def score(mode: str) -> float:
        closes, told = pitches[-1] % 12 == tonic(mode), tune.mode == mode
        return fit(heard, Key(tonic(mode), mode)) + FINAL * closes + WRITTEN * told

    mode = max(MODES, key=score)
    return near_middle(tonic(mode), pitches), mode

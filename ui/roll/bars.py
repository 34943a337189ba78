"""What a piano roll makes of bars: the shapes of parts, the names of notes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from studio.live.ensemble.played import Roll, RollBar
from studio.live.layers.roll_bars import BASS, CHORDS, DRUMS, LEAD, in_scale
from studio.music.keys import name_of
from studio.music.phrases import TONICS, Key, Phrase, on_track


def part_shape(part: str, room: QRectF, radius_px: float = 4.0) -> QPainterPath:
    """The shape that goes with the colour, filling `room`: the lead is round, the bass square, the
    chords are thinner, the drums a diamond."""
    path = QPainterPath()
    if part == DRUMS:
        middle, half = room.center(), room.width() / 2
        up, right = QPointF(0, half), QPointF(half, 0)
        path.addPolygon(QPolygonF([middle - up, middle + right, middle + up, middle - right]))
        path.closeSubpath()
    elif part == BASS:
        path.addRect(room)
    else:
        thinner = room.height() * (0.22 if part == CHORDS else 0.0)
        path.addRoundedRect(room.adjusted(0, thinner, 0, -thinner), radius_px, radius_px)
    return path


def bars_of(phrase: Phrase, first: int = 0, *, settled: bool = False) -> tuple[RollBar, ...]:
    """A phrase as bars for the roll, all of it played by the lead; its first is number `first`."""
    step = phrase.metre.bar_beats
    return tuple(
        RollBar(number, number * step, step, on_track(LEAD, bar.notes), settled)
        for number, bar in enumerate(phrase.bars(), start=first)
    )


def is_white(pitch: int) -> bool:
    """Whether it is a white key of a piano."""
    return in_scale(pitch, None)


def note_name(pitch: int, key: Key | None = None) -> str:
    """As musicians write it in `key`: 60 is C4."""
    return f"{pitch_name(pitch, key)}{pitch // 12 - 1}"


def pitch_name(pitch: int, key: Key | None = None) -> str:
    """Without its octave."""
    name = TONICS[pitch % 12] if key is None else name_of(pitch, key)
    return name.replace("b", "♭").replace("#", "♯")


def key_name(key: Key) -> str:
    """As its notes are spelt: "D♯ minor" where they are D♯ and F♯."""
    return f"{pitch_name(key.tonic, key)} {key.mode}"


def said_of(music: Roll) -> str:
    """What is going on besides the tune, in a few words: a bar is held, answered, yours."""
    duet, said = music.duet, list[str]()
    if music.held:
        said.append("holding this bar")
    if duet.gives_way:
        said.append("you lead")
    for bars, words in ((music.answering, "answering"), (duet.your_bars, "your turn")):
        if bars:
            said.append(f"{words}, {bars} {'bar' if bars == 1 else 'bars'} to come")
    if duet.chord:
        said.append(f"on {duet.chord.replace('b', '♭', 1).replace('#', '♯')}")
    return " · ".join(said)

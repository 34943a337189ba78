"""The drawn layers and the fades of a take: how a recording keeps them, and how they come back.

A roll is kept as what differs from the one before: `bars` that are new or other than they were, and
the numbers of those that are `gone`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from studio.live.ensemble.played import Roll, RollBar
from studio.live.layers.painter import LayerPainter
from studio.music.metres import Metre
from studio.music.phrases import Key
from studio.outputs.fading import Curtain
from studio.outputs.mixing import Size
from studio.outputs.sink import Pixels
from studio.recording.errors import RecordingError
from studio.recording.take import Take

_BARS = TypeAdapter(tuple[RollBar, ...])
_KEY = TypeAdapter(Key | None)
_MOST_BEATS, _MOST_NOTES, _MOST_LETTERS = 1024.0, 2000, 5000
"""In a bar, and in a text: more is no music of ours, and would be drawn for hours."""
_FARTHEST_BEATS = 1e7


class LayerLines:
    """What a recording says of the drawn layers, as plain data; what stays is not said again."""

    def __init__(self) -> None:
        self._roll: Roll | None = None
        self._late_s = 0.0
        self._bars: dict[int, RollBar] = {}
        self._words = ("", "")

    def lines(
        self, roll: Roll | None, words: tuple[str, str], late_s: float
    ) -> Iterator[dict[str, Any]]:
        """The roll, which is heard `late_s` late, and the words, where they differ."""
        if roll is not self._roll or late_s != self._late_s:
            self._roll, self._late_s = roll, late_s
            yield {"roll": None if roll is None else self._rolled(roll, late_s)}
        if words != self._words:
            self._words = words
            yield {"text": list(words)}

    def _rolled(self, roll: Roll, late_s: float) -> dict[str, Any]:
        other = tuple(bar for bar in roll.bars if self._bars.get(bar.number) is not bar)
        before, self._bars = self._bars, {bar.number: bar for bar in roll.bars}
        return {
            "bars": _BARS.dump_python(other, mode="json"),
            "gone": sorted(before.keys() - self._bars.keys()),
            "key": _KEY.dump_python(roll.key, mode="json"),
            "metre": [roll.metre.beats, roll.metre.unit],
            "late": late_s,
        }


class LayersAgain:
    """The drawn layers and the fades of a take at any time of it. Raises `RecordingError`."""

    def __init__(self, take: Take) -> None:
        self._painter = LayerPainter()
        try:
            self._rolls = list(_rolls(take))
            self._texts = [(at_s, _words(said)) for at_s, said in take.of_kind("text")]
            self._moves = [(at_s, _movement(said)) for at_s, said in take.of_kind("transport")]
            self._fades = list(_fades(take))
        except (ValidationError, ValueError, TypeError, LookupError) as error:
            raise RecordingError(f"The take {take.name} is damaged.") from error

    def roll(self, seconds: float, size: Size) -> Pixels | None:
        """The piano roll; None where no deck composed."""
        found = _last(self._rolls, seconds)
        if found is None or found[0] is None:
            return None
        roll, late_s = found
        begun = max(1, bisect_right(self._moves, seconds, key=lambda line: line[0]))
        at_s, (playing, bpm, beat) = (self._moves or [(0.0, (False, 120.0, 0.0))])[begun - 1]
        place = beat + (seconds - at_s - late_s) * bpm / 60 if playing else beat
        return self._painter.roll(roll, place, playing, size)

    def text(self, seconds: float, size: Size) -> Pixels:
        """The words of the preset."""
        title, notes = _last(self._texts, seconds) or ("", "")
        return self._painter.text(title, notes, size)

    def curtain(self, seconds: float) -> Curtain:
        """How dark it was, and what was frozen."""
        made = Curtain()
        for at_s, what, on, fade_s, seen_s in self._fades:
            if at_s > seconds:
                break
            made.go(what, on, fade_s, at_s, seen_s)
        return made


def _rolls(take: Take) -> Iterator[tuple[float, tuple[Roll | None, float]]]:
    bars: dict[int, RollBar] = {}
    for at_s, said in take.of_kind("roll"):
        if said is None:
            yield at_s, (None, 0.0)
            continue
        for bar in _BARS.validate_python(said["bars"]):
            if (
                not 0 < bar.length_beats <= _MOST_BEATS
                or not abs(bar.start_beats) <= _FARTHEST_BEATS
                or len(bar.notes) > _MOST_NOTES
            ):
                raise ValueError("no bar of music")
            bars[bar.number] = bar
        gone = set(said["gone"])
        bars = {number: bar for number, bar in sorted(bars.items()) if number not in gone}
        metre, late_s = Metre(*said["metre"]), float(said["late"])
        roll = Roll(tuple(bars.values()), _KEY.validate_python(said["key"]), metre)
        yield at_s, (roll, late_s)


def _words(said: Any) -> tuple[str, str]:
    title, notes = said
    return str(title)[:_MOST_LETTERS], str(notes)[:_MOST_LETTERS]


def _movement(said: Any) -> tuple[bool, float, float]:
    bpm, beat = float(said["bpm"]), float(said["at"])
    if not 0 < bpm < 10_000 or not abs(beat) <= _FARTHEST_BEATS:
        raise ValueError("no movement of a transport")
    return bool(said["playing"]), bpm, beat


def _fades(take: Take) -> Iterator[tuple[float, str, bool, float, float]]:
    for line in take.events:
        for what in ("blackout", "freeze"):
            if what in line:
                on, fade_s, seen_s = line[what]
                fade_s = min(3600.0, max(0.0, float(fade_s)))
                yield line["t"], what, bool(on), fade_s, float(seen_s)


def _last(lines: list[tuple[float, Any]], seconds: float) -> Any:
    place = bisect_right(lines, seconds, key=lambda line: line[0])
    return lines[place - 1][1] if place else None

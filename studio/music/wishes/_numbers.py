"""The numbers of a wish: seed, tempo, bars, metre, range, and any parameter by its name."""

from __future__ import annotations

import re

from studio.document.parameters import Float, Int
from studio.document.score import BAND, TEMPO
from studio.document.seeds import SEED_LIMIT
from studio.music.keys import tonic_of
from studio.music.metres import Metre
from studio.music.wishes import _vocabulary as words
from studio.music.wishes._reading import Reading

MOST_BARS = 256
_LENGTHS = range(4, 65, 4)
"""What a number alone means bars for, and from where on it means a tempo."""
_SLOWEST = 66
_LONE = r"(?<![\w./#-]){}(?![\w./#-])"
_NUMBER = r"(\d+(?:\.\d+)?)"
_NOTE = r"([A-Ga-g](?:#|b|♯|♭)?)(-?\d)"


def seed(reading: Reading) -> None:
    """A seed: "seed 12", "#12"."""
    if found := reading.take(r"(?:\bseed\s*[:=]?\s*|#)(\d{1,10})\b"):
        reading.seed = min(SEED_LIMIT - 1, int(found[1]))
        reading.said["seed"] = f"seed {reading.seed}"


def tempo(reading: Reading) -> None:
    """A tempo: "at 120", "96 bpm"."""
    unit = r"\s*(?:bpm|beats (?:per|a) minute|quarters)"
    found = reading.take(rf"(?:\bat\s+)?{_NUMBER}{unit}\b")
    found = found or reading.take(rf"\b(?:tempo|speed)\s*(?:of|at|:|=)?\s*{_NUMBER}")
    if found := found or reading.take(r"\bat (\d{2,3})\b(?!\s*(?:bars|measures|/))"):
        reading.tempo = max(1.0, float(found[1]))
        reading.said["tempo"] = ""


def length(reading: Reading) -> None:
    """Bars, of the tune and of its parts: "sixteen bars", "parts of 4"."""
    spelt = "|".join(sorted(words.NUMBERS, key=len, reverse=True))
    number = rf"(\d{{1,6}}|{spelt})"
    if found := reading.take(rf"\bparts of {number}(?:[\s-]*(?:bars?|measures?))?\b"):
        reading.set("part", _number(found[1]), f"parts of {_number(found[1])}")
    if found := reading.take(rf"\b{number}[\s-]*(?:bars?|measures?)\b"):
        reading.bars = min(MOST_BARS, max(1, _number(found[1])))
        if reading.bars != _number(found[1]):
            reading.remarks.append(f"A tune has 1 to {MOST_BARS} bars; {reading.bars} were taken.")
        reading.said["bars"] = f"{reading.bars} bar{'s' * (reading.bars != 1)}"


def _number(text: str) -> int:
    return words.NUMBERS.get(text.lower()) or int(text)


def metre(reading: Reading) -> None:
    """A metre: "in 6/8", "waltz time"."""
    found = reading.take(r"(?:\bin\s+)?\b(\d{1,2})\s*/\s*(\d{1,2})\b")
    named = None if found else reading.word(words.METRE_WORDS)
    if found is None and named is None:
        return
    text = words.METRE_WORDS[named] if named else f"{found[1]}/{found[2]}" if found else ""
    try:
        reading.metre = Metre.parse(text)
        reading.said["metre"] = text
    except ValueError:
        reading.remarks.append(f"There is no playing in {text}.")


def limits(reading: Reading) -> None:
    """A range: "between D4 and A5", "above G3"."""
    if found := reading.take(rf"\b(?:between |from )?{_NOTE}\s*(?:to|and|-|–|up to)\s*{_NOTE}\b"):
        low, high = sorted((_midi(found[1], found[2]), _midi(found[3], found[4])))
        reading.set("lowest", low, f"{found[1]}{found[2]} to {found[3]}{found[4]}")
        reading.set("highest", high)
    if found := reading.take(rf"\b(?:not below|above|over)\s+{_NOTE}\b"):
        reading.set("lowest", _midi(found[1], found[2]), f"from {found[1]}{found[2]}")
    if found := reading.take(rf"\b(?:not above|below|under)\s+{_NOTE}\b"):
        reading.set("highest", _midi(found[1], found[2]), f"up to {found[1]}{found[2]}")


def _midi(name: str, octave: str) -> int:
    return (tonic_of(name) or 0) + 12 * (int(octave) + 1)


def values(reading: Reading) -> None:
    """Any parameter by its name: "temperature 0.8"."""
    for name, parameter in {**reading.parameters, **{p.name: p for p in BAND}}.items():
        if not isinstance(parameter, (Float, Int)):
            continue
        names = {name, name.replace("_", " "), parameter.label.lower()}
        either = "|".join(re.escape(each) for each in sorted(names, key=len, reverse=True))
        found = reading.take(rf"\b(?:{either})\s*(?:of|at|:|=)?\s*(-?\d+(?:\.\d+)?)\b")
        if found is None:
            continue
        said = f"{parameter.label.lower()} {found[1]}"
        if name in reading.parameters:
            reading.set(name, float(found[1]), said)
        else:
            reading.band[name] = reading.within(parameter, float(found[1]))
            reading.said[name] = said


def lone_numbers(reading: Reading) -> None:
    """A number that nothing stands beside: bars if they would make a tune, else a tempo."""
    for text in re.findall(_LONE.format(r"\d{1,3}"), reading.text):
        number = int(text)
        if reading.bars is None and number in _LENGTHS:
            reading.bars, reading.said["bars"] = number, f"{number} bars"
        elif reading.tempo is None and _SLOWEST <= number <= TEMPO.high:
            reading.tempo, reading.said["tempo"] = float(number), ""
        else:
            continue
        reading.take(_LONE.format(text))

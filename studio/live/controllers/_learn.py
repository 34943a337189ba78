"""MIDI learn: from "this control" and a turn of a knob to a binding.

Movements are gathered for a moment rather than believed at once: a worn knob nearby trembles, a
motor fader tells of the finger before it moves, an endless encoder looks like a knob at first, and
a 14-bit fader like two knobs. What surely is a button binds at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.control.controls import Control
from studio.document.parameters import Choice, Float, Int, Parameter, Toggle
from studio.document.seeds import Seed
from studio.live.controllers._relative import guess
from studio.live.controllers._source import Move, Source, source
from studio.live.controllers.binding import Binding, Mode, Takeover

_GATHER_S = 0.6
_ENOUGH = 12
_LEAST_TRAVEL = 4 / 127
_LEAST_FINE_TRAVEL = 64 / 16383
_LEAST_PAIRS = 2


@dataclass(frozen=True)
class Learnt:
    """What came of learning: a binding for the device behind `port`."""

    port: str
    binding: Binding


class _Evidence:
    """What one source has sent since learning began."""

    def __init__(self, since_s: float) -> None:
        self.since_s = since_s
        self.moves: list[Move] = []
        self.pairs = 0

    def take(self, move: Move) -> None:
        self.pairs += move.fine
        if len(self.moves) < 64:
            self.moves.append(move)

    @property
    def values(self) -> list[int]:
        return [m.value for m in self.moves if m.step is None]

    @property
    def steps(self) -> int:
        return sum(m.step is not None for m in self.moves)

    @property
    def travel(self) -> float:
        """How far it went, in [0, 1] of its way."""
        values = self.values
        return (max(values) - min(values)) / self.moves[0].source.top if values else 0.0


class Learner:
    """Gathers what the hand does while a control is armed. Time comes with the movements."""

    def __init__(self) -> None:
        self._control: Control | None = None
        self._heard: dict[tuple[str, Source], _Evidence] = {}

    @property
    def armed(self) -> Control | None:
        """The control that waits for a movement."""
        return self._control

    def arm(self, control: Control) -> None:
        """The next distinct movement plays `control`."""
        self._control, self._heard = control, {}

    def cancel(self) -> None:
        """Learn nothing."""
        self._control, self._heard = None, {}

    def feed(self, port: str, move: Move) -> Learnt | None:
        """Take a movement in; a binding once it is clear which source was meant, and how."""
        if self._control is None or (move.source.kind == "note" and not move.value):
            return None
        key = (port, move.source)
        self._heard.setdefault(key, _Evidence(move.at_s)).take(move)
        if self._control.kind == "trigger" and _is_press(move):
            return self._learnt(port, move.source, self._heard[key])
        return self._decide(move.at_s)

    def tick(self, now_s: float) -> Learnt | None:
        """A binding that only waited for nothing else to come."""
        return self._decide(now_s)

    def _decide(self, now_s: float) -> Learnt | None:
        """The likeliest of what is distinct, once one of them has been heard for long enough."""
        distinct = [(p, s, e) for (p, s), e in self._heard.items() if self._distinct(p, s, e)]
        ripe = any(len(e.moves) >= _ENOUGH or now_s - e.since_s > _GATHER_S for *_, e in distinct)
        if not ripe:
            return None
        return self._learnt(*min(distinct, key=lambda found: _rank(found[1])))

    def _distinct(self, port: str, place: Source, evidence: _Evidence) -> bool:
        if place.kind in ("note", "program"):
            return self._fits(place)
        if place.kind == "cc 14":
            return evidence.pairs >= _LEAST_PAIRS and evidence.travel >= _LEAST_FINE_TRAVEL
        if place.kind == "cc" and self._is_half(port, place, evidence):
            return False
        if evidence.steps or (place.kind == "cc" and guess(evidence.values)):
            return True
        return evidence.travel >= _LEAST_TRAVEL or _is_button(evidence.values)

    def _is_half(self, port: str, place: Source, evidence: _Evidence) -> bool:
        """Whether all that came from a CC were halves of 14 bits, the last on its way perhaps."""
        number = place.number or 0
        if number >= 64:
            return False
        whole = self._heard.get((port, source("cc 14", place.channel, number % 32)))
        return whole is not None and whole.pairs >= max(1, len(evidence.moves) - 1)

    def _fits(self, place: Source) -> bool:
        """A trigger is for one program, a value for whichever comes."""
        if place.kind != "program" or self._control is None:
            return True
        return (self._control.kind == "trigger") == (place.number is not None)

    def _learnt(self, port: str, place: Source, evidence: _Evidence) -> Learnt:
        assert self._control is not None
        mode = mode_for(self._control, place, evidence.values)
        binding = Binding(
            source=place,
            address=self._control.address,
            mode=mode,
            takeover=_takeover(self._control.parameter, place),
        )
        self.cancel()
        return Learnt(port, binding)


def mode_for(control: Control, place: Source, values: list[int]) -> Mode:
    """How a source that sent `values` best plays `control`."""
    parameter = control.parameter
    if control.kind == "trigger":
        return "absolute"
    if place.kind == "program":
        return "number" if isinstance(parameter, (Int, Choice)) else "absolute"
    is_button = place.kind == "note" or _is_button(values)
    if is_button and not (values == [127] * len(values) and _turns(control, place, values)):
        return _button_mode(parameter)
    if place.kind == "cc":
        return guess(values) or "absolute"
    return "absolute"


def _turns(control: Control, place: Source, values: list[int]) -> bool:
    """Nothing but 127: an encoder that was turned left, unless the control is a switch."""
    is_switch = isinstance(control.parameter, Toggle)
    return place.kind == "cc" and guess(values) is not None and not is_switch


def _button_mode(parameter: Parameter) -> Mode:
    if isinstance(parameter, Toggle):
        return "toggle"
    return "momentary" if isinstance(parameter, Float) else "next"


def _is_button(values: list[int]) -> bool:
    """Only the ends: pressed, and perhaps let go."""
    return 127 in values and set(values) <= {0, 127}


def _is_press(move: Move) -> bool:
    kind, value = move.source.kind, move.value
    if kind == "program":
        return move.source.number is not None
    return kind == "note" or (kind == "cc" and value == 127)


def _takeover(parameter: Parameter, place: Source) -> Takeover:
    """What springs back or is struck has no place to be picked up from; nor has a seed."""
    springs = place.kind in ("note", "program", "pressure", "key pressure")
    return "jump" if springs or isinstance(parameter, Seed) else "pick up"


def _rank(place: Source) -> int:
    """Of several that moved, the more telling first: a fader's touch is also a note."""
    order = ("nrpn", "rpn", "cc 14", "bend", "cc", "program", "pressure", "key pressure", "note")
    return order.index(place.kind)

"""One connected controller: its messages become movements, and its bindings' knobs do them."""

from __future__ import annotations

from studio.control.controls import ControlError, Controls
from studio.document.parameters import ParameterError
from studio.engine import EngineError
from studio.live.controllers._decode import MidiDecoder
from studio.live.controllers._feedback import Feedback
from studio.live.controllers._knob import Knob
from studio.live.controllers._relative import plausible, reconsidered
from studio.live.controllers._source import Move, Source
from studio.live.controllers.binding import Binding, Map
from studio.processes.messages import Received

_REFUSALS = (ControlError, ParameterError, EngineError)
_DOUBT = 4
"""Implausible turns in a row after which an encoder's coding is reconsidered."""


class Controller:
    """A controller by its stable name, played by its map."""

    def __init__(self, name: str, map_: Map, output: str | None, controls: Controls) -> None:
        self.name = name
        self.output = output
        """The key of the output that reaches its lamps."""
        self.feedback = Feedback()
        self._controls = controls
        self._decoder = MidiDecoder()
        self._doubts: dict[Source, list[int]] = {}
        self._knobs: dict[Source, list[Knob]] = {}
        self._map = map_
        self.use(map_)

    @property
    def map(self) -> Map:
        return self._map

    def use(self, wanted: Map) -> None:
        """Be played by `wanted`; knobs whose binding did not change stay picked up."""
        kept = {knob.binding: knob for knobs in self._knobs.values() for knob in knobs}
        self._map, self._knobs = wanted, {}
        for binding in wanted.bindings:
            knob = kept.get(binding) or Knob(binding, self._controls)
            self._knobs.setdefault(binding.source, []).append(knob)
        self.feedback.forget()

    def sources(self) -> tuple[Source, ...]:
        """What plays something."""
        return tuple(self._knobs)

    def waits(self, address: str) -> bool:
        """Whether a knob for `address` moves and has not come by its value yet."""
        knobs = (knob for knobs in self._knobs.values() for knob in knobs)
        return any(knob.waits and knob.binding.address == address for knob in knobs)

    # -- movements -----------------------------------------------------------------------------

    def moves(self, message: Received) -> list[Move]:
        """The movements of a message; the device's lamps know of them."""
        return [self._noted(move) for move in self._decoder.feed(message)]

    def late(self, now_s: float) -> list[Move]:
        """Movements that waited for more and do so no longer."""
        return [self._noted(move) for move in self._decoder.flush(now_s)]

    def _noted(self, move: Move) -> Move:
        knobs = self._knobs.get(move.source)
        self.feedback.heard(move, knobs[0].binding if knobs else None)
        return move

    def play(self, move: Move) -> list[str]:
        """Do what is bound to `move`; returns a sentence for each refusal. Never raises."""
        refusals = []
        for knob in self._knobs.get(move.source, ()):
            try:
                knob.move(move)
            except _REFUSALS as error:
                refusals.append(str(error))
        return refusals

    def mended(self, move: Move) -> Map | None:
        """A better map, where `move` shows that an encoder's coding was mistaken."""
        for knob in self._knobs.get(move.source, ()):
            coding = knob.binding.coding
            if coding is not None and move.step is None:
                return self._reconsidered(knob.binding, move)
        return None

    def _reconsidered(self, binding: Binding, move: Move) -> Map | None:
        assert binding.coding is not None
        if plausible(binding.coding, move.value):
            self._doubts.pop(move.source, None)
            return None
        doubts = self._doubts.setdefault(move.source, [])
        doubts.append(move.value)
        if len(doubts) < _DOUBT:
            return None
        del self._doubts[move.source]
        coding = reconsidered(binding.coding, doubts)
        return None if coding is None else self._recoded(binding, coding)

    def _recoded(self, binding: Binding, coding: str) -> Map:
        """The coding is the knob's, so that all that it plays has it."""
        same = (b for b in self._map.bindings if b.source == binding.source and b.coding)
        mended = self._map
        for each in same:
            mended = mended.replaced(each, each.but(mode=coding))
        return mended

    # -- lamps ---------------------------------------------------------------------------------

    def lamps(self, now_s: float) -> list[bytes]:
        """What to send to its lamps and motors now, where these are to follow."""
        if self.output is None or not self._map.feedback:
            return []
        return self.feedback.due(self._map.bindings, self._controls, now_s)

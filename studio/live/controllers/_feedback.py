"""Lamps, rings and motors: what to tell a controller when a value was moved by something else."""

from __future__ import annotations

from collections.abc import Sequence

from studio.control.controls import Controls
from studio.live.controllers._source import Move, Source, value_at
from studio.live.controllers.binding import Binding

_HAND_S = 0.3
"""Nothing is sent to a knob that a hand has moved within this: a motor must not fight."""

_PACE_S = 0.02
"""One source hears at most so often."""

_AGAIN_S = 2.0
"""A lamp that is lit is told so ever so often."""

_AT_ONCE = 16
"""Messages that leave together; more would hold up notes on a 31250 baud cable (1 ms each)."""


class Feedback:
    """Of one device: remembers what it shows and says only what differs, newest value only."""

    def __init__(self) -> None:
        self._shown: dict[Source, int] = {}
        self._sent_s: dict[Source, float] = {}
        self._moved_s: dict[Source, float] = {}
        self._first = 0

    def forget(self) -> None:
        """The device was plugged in anew and shows who knows what."""
        self._shown.clear()
        self._sent_s.clear()

    def heard(self, move: Move, binding: Binding | None) -> None:
        """The device itself moved, and shows what it sent: it is not told its own words.

        An endless encoder sends clicks and shows something else.
        """
        if move.step is not None or (binding is not None and binding.coding is not None):
            return
        self._shown[move.source] = move.value
        if move.source.kind != "note":  # a key's own lamp goes out with the key: tell it at once
            self._moved_s[move.source] = move.at_s

    def due(self, bindings: Sequence[Binding], controls: Controls, now_s: float) -> list[bytes]:
        """The messages that the device is to have now; what has to wait comes with a later call."""
        messages: list[bytes] = []
        # A knob that plays several controls shows the first of them.
        bindings = list({b.source: b for b in reversed(bindings)}.values())
        count = len(bindings)
        for offset in range(count):
            if len(messages) >= _AT_ONCE:
                self._first = (self._first + offset) % count  # the others' turn is next
                break
            messages += self._news(bindings[(self._first + offset) % count], controls, now_s)
        return messages

    def _news(self, binding: Binding, controls: Controls, now_s: float) -> list[bytes]:
        place = binding.source
        control = controls.find(binding.address)
        if control is None or not control.learnable or self._is_busy(place, now_s):
            return []
        shown = value_at(binding.knob(controls.position(binding.address)), place.top)
        if self._shown.get(place) == shown and not self._fades(place, shown, now_s):
            return []
        self._shown[place] = shown
        self._sent_s[place] = now_s
        return encoded(place, shown)

    def _fades(self, place: Source, shown: int, now_s: float) -> bool:
        """Lamps are notes, and whoever silences all notes puts them out: light them again."""
        lit = place.kind == "note" and shown > 0
        return lit and now_s - self._sent_s.get(place, now_s) >= _AGAIN_S

    def _is_busy(self, place: Source, now_s: float) -> bool:
        never = float("-inf")
        by_hand = now_s - self._moved_s.get(place, never) < _HAND_S
        return by_hand or now_s - self._sent_s.get(place, never) < _PACE_S


def encoded(place: Source, value: int) -> list[bytes]:
    """The messages that show `value` at `place`; none where devices show nothing."""
    channel, upper, lower = place.channel - 1, value >> 7, value & 127
    control = 0xB0 | channel
    number = place.number or 0
    if place.kind == "cc":
        return [bytes((control, number, value))]
    if place.kind == "cc 14":
        return [bytes((control, number, upper)), bytes((control, number + 32, lower))]
    if place.kind in ("nrpn", "rpn"):
        first = 98 if place.kind == "nrpn" else 100
        select = (first + 1, number >> 7), (first, number & 127)
        pairs = (*select, (6, upper), (38, lower), (first + 1, 127), (first, 127))
        return [bytes((control, *pair)) for pair in pairs]
    if place.kind == "note":
        return [bytes((0x90 | channel, number, value))]
    if place.kind == "bend":
        return [bytes((0xE0 | channel, lower, upper))]
    return []

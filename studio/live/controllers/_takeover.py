"""Soft takeover: a knob that stands elsewhere than its value does not make it jump.

A value may have been moved by another hand, an undo or a preset while the knob stayed where it was.
Then the knob is let through once it comes to the value or passes it.
"""

from __future__ import annotations

_NEAR = 1.5 / 127
"""A knob this near is there: MIDI's knobs have 127 steps and may skip one."""

_PASS_S = 0.25
_PASS = 0.1
"""Two places of a knob are one movement when they follow within `_PASS_S` or lie within `_PASS`;
a knob that was turned while it was unplugged has not passed what lies between."""


class PickUp:
    """Of one knob and one value; places in [0, 1] of the knob's travel."""

    def __init__(self) -> None:
        self._caught = False
        self._knob: tuple[float, float] | None = None
        self._left_at: float | None = None

    def admits(self, knob: float, target: float, at_s: float) -> bool:
        """Whether a knob that is now at `knob` may take the value that stands at `target`."""
        moved_by_others = self._left_at is None or abs(target - self._left_at) > _NEAR
        if moved_by_others:
            self._caught = False
        self._caught = self._caught or self._reaches(knob, target, at_s)
        self._knob = (knob, at_s)
        return self._caught

    def left(self, target: float) -> None:
        """The knob has put the value to `target`."""
        self._left_at = target

    def _reaches(self, knob: float, target: float, at_s: float) -> bool:
        if abs(knob - target) <= _NEAR:
            return True
        if self._knob is None:
            return False
        before, then_s = self._knob
        one_movement = at_s - then_s <= _PASS_S or abs(knob - before) <= _PASS
        return one_movement and min(before, knob) <= target <= max(before, knob)

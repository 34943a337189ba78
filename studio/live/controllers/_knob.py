"""A binding at work: what a movement does to its control."""

from __future__ import annotations

from studio.control.controls import Control, Controls
from studio.document.parameters import Choice, Float, Int, Parameter, Value
from studio.document.seeds import Seed
from studio.live.controllers._relative import plausible, steps
from studio.live.controllers._source import Move, value_at
from studio.live.controllers._takeover import PickUp
from studio.live.controllers.binding import Binding

_FLOAT_STOPS = 5
"""Where a button that goes "next" stops on a continuous control: 0, 25, 50, 75, 100 %."""


class Knob:
    """Applies one binding's movements. An address that leads nowhere now is passed over."""

    def __init__(self, binding: Binding, controls: Controls) -> None:
        self.binding = binding
        self._controls = controls
        self._pick_up = PickUp()
        self._last: int | None = None
        self._clicks = 0.0
        self.waits = False
        """Whether the knob moves and the value does not, since it has not been picked up."""

    def move(self, move: Move) -> None:
        """Do what `move` asks for.

        Raises `ControlError`, `ParameterError` or `EngineError` with one sentence where the
        instrument refuses.
        """
        control = self._controls.find(self.binding.address)
        if control is None or not control.learnable:
            return
        pressed = self._pressed(move)
        if move.step is not None:
            self._turn(control, move.step, move.at_s)
        elif self.binding.coding is not None:
            if plausible(self.binding.coding, move.value):
                self._turn(control, steps(self.binding.coding, move.value), move.at_s)
        elif control.kind == "trigger":
            if pressed:
                self._controls.trigger(control.address, move.at_s)
        elif self.binding.mode == "absolute":
            self._place(control, move)
        elif self.binding.mode == "number":
            self._number(control, move)
        else:
            self._button(control, move, pressed)

    def _pressed(self, move: Move) -> bool:
        """A key that goes down, a value that passes the middle, a button that repeats itself."""
        before, self._last = self._last, move.value
        if move.source.kind == "program":
            return True
        if move.source.kind == "note":
            return move.value > 0
        middle = move.source.top / 2
        return move.value > middle and (before is None or before < middle or before == move.value)

    # -- endless encoders ----------------------------------------------------------------------

    def _turn(self, control: Control, clicks: int, at_s: float) -> None:
        if control.kind == "trigger":
            return
        wanted = clicks * self.binding.speed * (-1 if self.binding.invert else 1)
        parameter = control.parameter
        if not isinstance(parameter, Float):
            wanted = self._whole(wanted)
        if wanted:
            self._set_inside(control, parameter.nudged(self._value(control), wanted), at_s)

    def _whole(self, wanted: float) -> int:
        """Steps of a control that has only whole ones; the rest is for later."""
        self._clicks += wanted
        whole = int(self._clicks)
        self._clicks -= whole
        return whole

    def _set_inside(self, control: Control, value: Value, at_s: float) -> None:
        position = control.parameter.position(value)
        held = self.binding.held(position)
        fitting = value if held == position else control.parameter.at(held)
        self._controls.set(control.address, fitting, at_s)

    # -- knobs ---------------------------------------------------------------------------------

    def _place(self, control: Control, move: Move) -> None:
        if move.source.kind == "note" and not move.value:
            return  # a key played the value by how hard it was struck
        value = control.parameter.at(self.binding.travel(move.position))
        self.waits = not self._may(control, value, move)
        if not self.waits:
            # A knob that stands at the value already must not round it to its own steps, nor may
            # a motor that reports where it was sent.
            if value_at(self._knob(control), move.source.top) != move.value:
                self._controls.set(control.address, value, move.at_s)
            self._pick_up.left(self._knob(control))

    def _may(self, control: Control, value: Value, move: Move) -> bool:
        if self.binding.takeover == "jump" or isinstance(control.parameter, Seed):
            return True
        if not isinstance(control.parameter, Float) and value == self._value(control):
            # Whatever step the knob is at, it is the value's.
            return self._pick_up.admits(self._knob(control), self._knob(control), move.at_s)
        return self._pick_up.admits(move.position, self._knob(control), move.at_s)

    def _knob(self, control: Control) -> float:
        return self.binding.knob(control.parameter.position(self._value(control)))

    # -- buttons and programs ------------------------------------------------------------------

    def _number(self, control: Control, move: Move) -> None:
        parameter = control.parameter
        if isinstance(parameter, Int) and parameter.low + move.value <= parameter.high:
            self._controls.set(control.address, parameter.low + move.value, move.at_s)
        elif isinstance(parameter, Choice) and move.value < len(parameter.options):
            self._controls.set(control.address, parameter.options[move.value], move.at_s)

    def _button(self, control: Control, move: Move, pressed: bool) -> None:
        mode, address = self.binding.mode, control.address
        if mode == "momentary":
            down = move.value > (0 if move.source.kind == "note" else move.source.top / 2)
            self._controls.set_position(address, self.binding.travel(float(down)), move.at_s)
        elif pressed and mode == "toggle":
            up = self._knob(control) < 0.5
            self._controls.set_position(address, self.binding.travel(float(up)), move.at_s)
        elif pressed:
            following = _following(control.parameter, self._value(control))
            self._controls.set(address, following, move.at_s)

    def _value(self, control: Control) -> Value:
        return self._controls.get(control.address)


def _following(parameter: Parameter, value: Value) -> Value:
    """The next value of a control, round to the first after the last."""
    if isinstance(parameter, Seed):
        return parameter.nudged(value, 1)
    count = _FLOAT_STOPS
    if isinstance(parameter, Choice):
        count = len(parameter.options)
    elif isinstance(parameter, Int):
        count = parameter.high - parameter.low + 1
    elif not isinstance(parameter, Float):
        count = 2
    at = round(parameter.position(value) * (count - 1))
    return parameter.at((at + 1) % count / max(1, count - 1))

"""What can be done with a control's address, as entries of a menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from studio.control.controls import Control, Controls
from studio.live.controllers.binding import Binding
from studio.live.controllers.surfaces import Bound, Surfaces

_LEAST = 0.02
"""Of the travel: ends nearer than this leave nothing to play."""


@dataclass(frozen=True)
class Choices:
    """What is done when an entry about learning is chosen."""

    learn: Callable[[str], object]
    """Wait for the movement that is to play this address."""
    cancel: Callable[[], object]
    connect: Callable[[], object]
    """Show where a MIDI input is connected."""
    can_learn: bool = True
    """Whether there is an input to learn from."""


class LearnMenu:
    """Fills menus for the controls behind one widget."""

    def __init__(self, controls: Controls, surfaces: Surfaces, choices: Choices) -> None:
        self._controls, self._surfaces, self._choices = controls, surfaces, choices

    def fill(self, menu: QMenu, control: Control, addresses: tuple[str, ...]) -> None:
        """Add what can be done with `control`, which has these addresses."""
        if control.learnable:
            self._add_learning(menu, addresses)
        for address in addresses:
            for bound in self._surfaces.bound(address):
                self._add_bound(menu, bound)
            if self._surfaces.bound(address):
                self._do(menu, f"Forget MIDI{_front(address)}", self._surfaces.forget, address)
        menu.addSeparator()
        for address in addresses:
            self._do(menu, f"Copy OSC address {address}", _copy, address)

    def _add_learning(self, menu: QMenu, addresses: tuple[str, ...]) -> None:
        if self._surfaces.learning in addresses:
            menu.addAction("Cancel learning\tEsc").triggered.connect(self._choices.cancel)
            return
        if not self._choices.can_learn:
            words = "Learn MIDI: connect an input first…"
            menu.addAction(words).triggered.connect(self._choices.connect)
            return
        for address in addresses:
            learn = menu.addAction(f"Learn MIDI{_front(address)}")
            learn.triggered.connect(lambda _=False, address=address: self._choices.learn(address))

    def _add_bound(self, menu: QMenu, bound: Bound) -> None:
        """A menu of its own for each knob that plays the control."""
        binding = bound.binding
        about = menu.addMenu(f"{bound.device}: {binding.source}")
        told = about.addAction(_told(binding))
        told.setEnabled(False)
        if self._surfaces.waiting(binding.address):
            about.addAction("Waits until the knob comes by the value").setEnabled(False)
        others = self._surfaces.also_plays(bound)
        if others:
            about.addAction(f"Also plays {', '.join(others)[:60]}").setEnabled(False)
        about.addSeparator()
        self._check(about, "Invert", bound, binding.invert, {"invert": not binding.invert})
        if binding.mode == "absolute":
            jumps = binding.takeover == "jump"
            other = {"takeover": "pick up" if jumps else "jump"}
            self._check(about, "Jump at once, without pick-up", bound, jumps, other)
        self._add_range(about, bound)

    def _add_range(self, about: QMenu, bound: Bound) -> None:
        """Its ends are set where the control stands: turn it there, and choose."""
        here, binding = self._controls.position(bound.binding.address), bound.binding
        about.addSeparator()
        low = self._change(about, "Begin the range here", bound, {"low": here})
        high = self._change(about, "End the range here", bound, {"high": here})
        low.setEnabled(here < binding.high - _LEAST)
        high.setEnabled(here > binding.low + _LEAST)
        whole = self._change(about, "Play the whole range", bound, {"low": 0.0, "high": 1.0})
        whole.setEnabled((binding.low, binding.high) != (0.0, 1.0))

    def _check(
        self, menu: QMenu, words: str, bound: Bound, on: bool, changes: Mapping[str, object]
    ) -> None:
        action = self._change(menu, words, bound, changes)
        action.setCheckable(True)
        action.setChecked(on)

    def _change(
        self, menu: QMenu, words: str, bound: Bound, changes: Mapping[str, object]
    ) -> QAction:
        action = menu.addAction(words)
        action.triggered.connect(
            lambda _=False: self._surfaces.replace(
                bound.device, bound.binding, bound.binding.but(**changes)
            )
        )
        return action

    def _do(self, menu: QMenu, words: str, do: Callable[[str], object], address: str) -> None:
        menu.addAction(words).triggered.connect(lambda _=False: do(address))


def in_short(control: Control) -> str:
    """Its label without the deck: that is in front of the artist."""
    return control.label.rpartition(": ")[2]


def _front(address: str) -> str:
    """Says which of two addresses is meant."""
    return " for whichever deck is in front" if address.startswith("/front/") else ""


def _told(binding: Binding) -> str:
    ends = f"{binding.low:.0%} to {binding.high:.0%}"
    whole = (binding.low, binding.high) == (0.0, 1.0)
    return f"{binding.mode.capitalize()}, {'whole range' if whole else ends}"


def _copy(address: str) -> None:
    QGuiApplication.clipboard().setText(address)

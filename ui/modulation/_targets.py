"""What modulators can move in the window: controls by their addresses, and what they are called."""

from __future__ import annotations

import re

from studio.control.controls import Controls
from studio.document.modulation import Connection
from studio.modulation.kinds import title_of
from studio.session import Session
from ui.midi_learn.learn import Learn, Learnable

_FRONT, _DEPTH = "/front/", re.compile(r"/connection/(\d+)/depth")


class Targets:
    """Knows the controls as they are at the moment."""

    def __init__(self, session: Session, controls: Controls, learn: Learn) -> None:
        self._session, self._controls, self.learn = session, controls, learn

    def of(self, offer: Learnable) -> tuple[str, ...]:
        """The addresses of a control of the window that can be moved: none, one, or a pad's two."""
        parameter = self._session.modulation.parameter
        return tuple(address for address in offer.movable if parameter(address) is not None)

    def can_be_followed(self, address: str) -> bool:
        """Whether it says where it stands."""
        return self._controls.find(address) is not None

    def seen(self) -> tuple[str, ...]:
        """Those of all controls that are on the screen now, each once."""
        found = (address for offer in self.learn.offers for address in self.of(offer))
        return tuple(dict.fromkeys(found))

    def label(self, address: str) -> str:
        """What a control is called, with its deck: "Deck 1: Contrast"."""
        if found := _DEPTH.fullmatch(address):
            return self.depth_label(int(found[1]))
        control, parameter = (
            self._controls.find(address),
            self._session.modulation.parameter(address),
        )
        if control is not None:
            return control.label
        words = address if parameter is None else parameter.label
        found = re.match(r"/deck/(\d+)/", address)
        return f"Deck {found[1]}: {words}" if found else words

    def short(self, address: str) -> str:
        """The same without the deck: that is in front of the artist."""
        return self.label(address).rpartition(": ")[2]

    def depth_label(self, connection: int) -> str:
        """Such as "Depth of Wind on Contrast"."""
        try:
            found = self._session.modulation.connection(connection)
        except KeyError:
            return "Depth"
        return f"Depth of {self.title(found.modulator)} on {self.short(found.target)}"

    def title(self, modulator: int) -> str:
        """What a modulator is called."""
        return title_of(self._session.modulation.modulator(modulator))

    def aliases(self, address: str) -> tuple[str, ...]:
        """All addresses of the same control: where its deck is in front, it has two."""
        control = self._controls.find(address)
        if control is not None:
            return self.learn.of(control)
        keys = [deck.key for deck in self._session.scene.decks]
        here = f"/deck/{keys.index(self._session.scene.front) + 1}/"
        if address.startswith(here):
            return (address, f"{_FRONT}{address.removeprefix(here)}")
        return (address,)

    def connections(self, address: str) -> tuple[Connection, ...]:
        """The connections to a control."""
        to = self._session.modulation.connections_to
        return tuple(c for each in self.aliases(address) for c in to(each))

"""What the drawn layers show now: the roll of the music, and the words of the preset."""

from __future__ import annotations

from psygnal import Signal

from studio.document.mix import ROLL, TEXT
from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import Roll
from studio.live.layers.painter import LayerPainter
from studio.outputs.mixing import Size
from studio.outputs.room import OutputRoom
from studio.outputs.sink import Pixels
from studio.session import Session


class DrawnLayers:
    """Follows the session on the window's thread; draws on the mixing thread.

    Signal, on the window's thread: `changed()` when another roll or other words are shown.
    """

    changed = Signal()

    def __init__(
        self, room: OutputRoom, session: Session, ensemble: Ensemble, transport: Transport
    ) -> None:
        self._room, self._session = room, session
        self._ensemble, self._transport = ensemble, transport
        self._painter = LayerPainter()
        self.roll: Roll | None = None
        """Of the front deck, or of the first one that composes; None where none does."""
        self.words = ("", "")
        """The name and the notes of the preset."""
        room.draw(ROLL, self._draw_roll)
        room.draw(TEXT, self._draw_text)
        session.changed.connect(self._follow)
        ensemble.changed.connect(self._follow)
        transport.changed.connect(self._follow_transport)
        self._follow()

    def close(self) -> None:
        """Follow nothing any more."""
        self._session.changed.disconnect(self._follow, missing_ok=True)
        self._ensemble.changed.disconnect(self._follow, missing_ok=True)
        self._transport.changed.disconnect(self._follow_transport, missing_ok=True)

    def write(self, title: str, notes: str) -> None:
        """Another preset is shown, or none."""
        if (title, notes) != self.words:
            self.words = title, notes
            self._room.stir(TEXT)
            self.changed.emit()

    def _follow(self, *_: object) -> None:
        decks, front = self._ensemble.decks, self._session.scene.front
        roll = self._ensemble.roll(front if front in decks else decks[0]) if decks else None
        if roll is not self.roll:
            self.roll = roll
            self._room.stir(ROLL)
            self.changed.emit()

    def _follow_transport(self) -> None:
        """On any thread."""
        self._room.stir(ROLL, moves=self._transport.movement.playing)

    # -- the mixing thread ---------------------------------------------------------------------

    def _draw_roll(self, at_s: float, size: Size) -> Pixels | None:
        roll, heard = self.roll, self._ensemble.heard_at(at_s)
        if roll is None:
            return None
        place = self._transport.place if heard is None else heard
        return self._painter.roll(roll, place, heard is not None, size)

    def _draw_text(self, _: float, size: Size) -> Pixels:
        return self._painter.text(*self.words, size)

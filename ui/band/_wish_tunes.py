"""Tunes that were wished for: composed whole, put into a slot, and gone to."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio.document.routes import SOUND, Route
from studio.document.scene import Deck, Place, Scene, Slot
from studio.document.score import TEMPO
from studio.engine import EngineError, Passage
from studio.engraving.score_files import score_of
from studio.live.ensemble.routes import track_of
from studio.live.ensemble.wishes import setting_of
from studio.music.band.accompaniment import arrange_tune, parts_of
from studio.music.files.midi import MidiTrack, write
from studio.music.files.musicxml import Score
from studio.music.phrases import Phrase
from studio.session import Session

_NO_ROOM = "Every slot is locked or holds something of yours; clear one for the tune."


class WishedTunes(QObject):
    """One tune for each deck, the newest."""

    changed = Signal(str)
    """A deck has another tune."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._tunes: dict[str, Phrase] = {}
        self._slots: dict[str, int] = {}
        self._going: dict[str, tuple[int, Slot | None]] = {}
        self._wished: dict[str, Scene] = {}
        self._arrive = QTimer(self, singleShot=True, interval=0)
        self._arrive.timeout.connect(self._go)
        session.changed.connect(self._see)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._session.changed.disconnect(self._see, missing_ok=True)
        self._arrive.stop()

    def wish(self, deck: str, passage: Passage) -> None:
        """Have it composed; it goes into a slot as soon as it is there, and the puck to it. Both
        belong to the step that made the present scene, if nothing else happens in between."""
        self._wished[deck] = self._session.scene
        self._session.engines.compose(deck, passage, "wished tune", partial(self._take, deck))

    def tune(self, deck: str) -> Phrase | None:
        """The deck's newest tune, whole."""
        return self._tunes.get(deck)

    def write(self, deck: str, file: Path) -> None:
        """The tune with its band, as a MIDI file. Raises OSError."""
        tune = self._tunes[deck]
        write(
            file,
            _tracks(self._session, deck, tune),
            tempo=float(self._session.scene.score[TEMPO.name]),
            metre=tune.metre,
            key=tune.key,
            title=self._session.model(deck).title,
        )

    def score(self, deck: str) -> Score:
        """The tune with its band, on paper."""
        tune, scene = self._tunes[deck], self._session.scene
        setting = setting_of(scene.deck(deck), self._session.spec(deck), scene.score)
        return score_of(
            tune,
            arrange_tune(tune, setting),
            title=self._session.model(deck).title,
            tempo=float(scene.score[TEMPO.name]),
            part=setting.part,
        )

    def _take(self, deck: str, tune: Phrase | EngineError) -> None:
        if isinstance(tune, EngineError):
            return
        self._tunes[deck] = tune
        held = self._session.scene.deck(deck)
        slot = slot_for(held, self._slots.get(deck))
        if slot is None:
            self._session.noticed.emit(_NO_ROOM)
        else:
            self._slots[deck], self._going[deck] = slot, (slot, held.slots[slot])
            self._session.slots.encode(deck, slot, tune)
        self.changed.emit(deck)

    def _see(self, scene: Scene, before: Scene) -> None:
        """A tune may have come to its slot. Not in the middle of a change: whoever hears of scenes
        hears them in order."""
        if self._going and scene.decks != before.decks:
            self._arrive.start()

    def _go(self) -> None:
        """Put the puck on every tune that is in its slot by now."""
        for deck in self._session.scene.decks:
            slot, before = self._going.get(deck.key, (0, None))
            held = deck.slots[slot]
            if deck.key in self._going and held is not None and held != before:
                del self._going[deck.key]
                self._arrived(deck.key, held.place)

    def _arrived(self, deck: str, place: Place) -> None:
        session = self._session
        wished, filled = self._wished.pop(deck, None), session.scene
        if wished is not None:
            session.history.join(wished)
        session.pads.move(deck, place)
        if wished is not None:
            session.history.join(filled)


def slot_for(deck: Deck, last: int | None) -> int | None:
    """Where a tune may go: the slot of the wish before, an empty one, or one that holds a sample
    that nobody has asked for, the farthest from the puck. None: all hold something of the artist's.
    """
    slots = deck.slots
    if last is not None and (held := slots[last]) and held.origin == "encoded" and not held.locked:
        return last
    empty = [index for index, held in enumerate(slots) if held is None]
    if empty:
        return empty[0]
    x, y = deck.pad
    spare = [
        ((held.place[0] - x) ** 2 + (held.place[1] - y) ** 2, index)
        for index, held in enumerate(slots)
        if held is not None and held.origin == "sampled" and not held.locked
    ]
    return max(spare)[1] if spare else None


def _tracks(session: Session, deck: str, tune: Phrase) -> list[MidiTrack]:
    """Its parts on the channels and programs of the deck's routes; those that are mute left out."""
    scene = session.scene
    setting = setting_of(scene.deck(deck), session.spec(deck), scene.score)
    parts = parts_of(arrange_tune(tune, setting))
    ways = {route.track: route for route in reversed(scene.routes)}
    tracks = []
    for part, phrase in parts.items():
        way = ways.get(track_of(deck, part), Route(track=part, port=SOUND))
        if phrase.notes and not way.mute:
            tracks.append(MidiTrack(part.title(), phrase.notes, way.channel, way.program))
    return tracks

"""Short films of presets: made when nothing else is to be done, played on the shelf.

A film is a walk through the slots of the deck in front or, where there are fewer than two, a loop
of what drifts; a preset with neither has none.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from psygnal import Signal

from studio.document.errors import StudioError
from studio.document.parameters import Value
from studio.document.scene import Scene
from studio.engine import Job, Pixels
from studio.export.exports import FILM_RATE, Export
from studio.export.plans import Plan, can_walk, sizes
from studio.presets import PresetError
from studio.presets.folder.entries import Entry
from studio.presets.folder.librarian import Librarian
from studio.presets.folder.library import Library
from studio.scenes._preview_films import SECONDS, is_of, pictures, tagged
from studio.session import Session

_log = logging.getLogger(__name__)

IDLE_S = 3.0
"""How long nothing must have changed before a film is begun."""
_KEPT = 4
_FILM = "preview.mp4"


class Previews:
    """Signal: `arrived(id)` when the pictures that were asked for are there. `step` is called a few
    times a second with the preset whose scene is shown as it was saved, or None."""

    arrived = Signal(str)

    def __init__(self, session: Session, library: Library, librarian: Librarian) -> None:
        self._session = session
        self._library = library
        self._librarian = librarian
        self._moved_s: float | None = None
        self._seen = ""  # the look that has a film by now, or cannot have one
        self._asking = False
        self._making: tuple[Export, Entry] | None = None
        self._folder: Path | None = None
        self._films: OrderedDict[tuple[str, str], list[Pixels]] = OrderedDict()
        self._wanted: set[tuple[str, str]] = set()
        session.changed.connect(self._on_changed)
        session.exports.changed.connect(self._on_export)

    def close(self) -> None:
        """Make no more."""
        self._session.changed.disconnect(self._on_changed, missing_ok=True)
        self._session.exports.changed.disconnect(self._on_export, missing_ok=True)
        if self._making is not None:
            self._making[0].cancel()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    # -- playing -------------------------------------------------------------------------------

    def film(self, entry: Entry) -> list[Pixels] | None:
        """The pictures of a preset's film, 30 for a second; empty where there is none, None while
        they are read."""
        key = (entry.id, entry.look)
        if key in self._films:
            self._films.move_to_end(key)
            return self._films[key]
        if key not in self._wanted:
            self._wanted.add(key)
            self._librarian.do(
                lambda: pictures(entry.preview, entry.look), lambda found: self._read(key, found)
            )
        return None

    def _read(self, key: tuple[str, str], found: list[Pixels]) -> None:
        self._wanted.discard(key)
        self._films[key] = found
        while len(self._films) > _KEPT:
            self._films.popitem(last=False)
        self.arrived.emit(key[0])

    # -- making --------------------------------------------------------------------------------

    def step(self, now_s: float, entry: Entry | None) -> None:
        """It is `now_s`: begin a film of `entry` if it lacks one and the hand rests."""
        if self._moved_s is None:
            self._moved_s = now_s
        rests = now_s - self._moved_s >= IDLE_S and not self._session.motion.moving
        if entry is None or not rests or self._asking or self._session.exports.running:
            return
        if entry.factory or not entry.look or self._seen == entry.look:
            return
        self._asking = True
        self._librarian.do(
            lambda: is_of(entry.preview, entry.look), lambda has: self._known(entry, has)
        )

    def _known(self, entry: Entry, has: bool) -> None:
        self._asking = False
        if has:
            self._seen = entry.look
        elif self._moved_s is not None:  # nothing has changed since it was asked
            self.make(entry)

    def make(self, entry: Entry) -> None:
        """Begin a film of `entry`, whose scene is the present one; a change of the scene ends it
        without one."""
        self._seen = entry.look
        deck = self._session.scene.front
        jobs = _jobs(self._session)
        if self._making is not None or not jobs or not self._session.state(deck).device:
            return
        try:
            self._folder = self._folder or Path(tempfile.mkdtemp(prefix="latentloom."))
            file = self._folder / _FILM
            self._making = (self._session.exports.film(deck, file, jobs, quiet=True), entry)
        except (OSError, StudioError) as error:
            _log.warning("no preview of %s: %s", entry.name, error)

    def _on_export(self, export: Export) -> None:
        if self._making is None or export is not self._making[0] or not export.is_over:
            return
        entry, self._making = self._making[1], None
        if export.cancelled or export.problem:
            return
        self._librarian.do(lambda: self._keep(export.file, entry), lambda _: self._made(entry))

    def _keep(self, file: Path, entry: Entry) -> None:
        try:
            self._library.keep_preview(entry.id, tagged(file.read_bytes(), entry.look))
        except (OSError, PresetError) as error:  # it is derived: nothing is lost
            _log.warning("no preview of %s: %s", entry.name, error)

    def _made(self, entry: Entry) -> None:
        self._films.pop((entry.id, entry.look), None)
        self.arrived.emit(entry.id)

    def _on_changed(self, new: Scene, old: Scene) -> None:  # noqa: ARG002
        self._moved_s = None
        if self._making is not None:
            self._seen = ""
            self._making[0].cancel()


def _jobs(session: Session) -> list[Job]:
    """The pictures of a film of the deck in front; none where there is nothing that moves."""
    deck = session.scene.front_deck
    spec, directions = session.spec(deck.key), session.directions(deck.key)
    values: dict[str, Value] = {spec.size: sizes(spec)[0]} if sizes(spec) else {}
    short = deck.but(walk=deck.walk.but(seconds=SECONDS))
    plan = Plan(short, spec, directions, values, SECONDS)
    ways: tuple[tuple[bool, Callable[[int], list[Job]]], ...] = (
        (can_walk(short), plan.walk),
        (bool(plan.turns), plan.drift),
    )
    return next((jobs(FILM_RATE) for possible, jobs in ways if possible), [])

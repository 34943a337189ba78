"""Films beside presets: made while the hand rests, and never in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.engine import Pixels
from studio.presets import Library, Preset
from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.librarian import Librarian
from studio.scenes._preview_films import is_of
from studio.scenes._previews import IDLE_S, Previews
from tests.fakes import Pump, fake

Play = Callable[..., Pump]


class Cinema:
    """A session, and a preset of its scene on a shelf of its own."""

    def __init__(self, pump: Pump, folder: Path) -> None:
        self.pump = pump
        self.library = Library(folder)
        self.librarian = Librarian(pump._woken.set)
        self.held = Previews(pump.session, self.library, self.librarian)
        self.arrived: list[str] = []
        self.held.arrived.connect(self.arrived.append)
        self.entry = self.library.add(Preset(name="Dawn", scene=pump.scene))

    def rest(self, from_s: float = 0.0) -> None:
        """Let the hand rest long enough."""
        self.held.step(from_s, self.entry)
        self.held.step(from_s + IDLE_S, self.entry)

    def until(self, condition: Callable[[], bool], awaited: str) -> None:
        def taken() -> bool:
            self.librarian.collect()
            return condition()

        self.pump.until(taken, awaited)

    @property
    def has_film(self) -> bool:
        return is_of(self.entry.preview, self.entry.look)

    def film(self, entry: PresetEntry) -> list[Pixels]:
        """What is played once it has been read."""
        self.arrived.clear()
        if self.held.film(entry) is None:  # it has arrived when it was kept, and when it was read
            read = lambda: entry.id in self.arrived and self.held.film(entry) is not None  # noqa: E731
            self.until(read, "the film")
        return self.held.film(entry) or []

    def close(self) -> None:
        self.held.close()
        self.librarian.close()


@pytest.fixture
def cinema(play: Play, tmp_path: Path) -> Iterator[Cinema]:
    made = Cinema(play(fake()), tmp_path / "presets")
    yield made
    made.close()


def test_a_walk_of_two_seconds_is_made_while_the_hand_rests(cinema: Cinema) -> None:
    cinema.rest()
    cinema.until(lambda: cinema.has_film, "a film beside the preset")
    assert 59 <= len(cinema.film(cinema.entry)) <= 62


def test_a_film_that_is_there_is_not_made_again(cinema: Cinema) -> None:
    cinema.rest()
    cinema.until(lambda: bool(cinema.arrived), "a film")
    before = cinema.entry.preview.stat().st_mtime_ns
    cinema.rest(100.0)
    cinema.until(lambda: cinema.librarian.is_idle, "the librarian")
    assert not cinema.pump.session.exports.running
    assert cinema.entry.preview.stat().st_mtime_ns == before


def test_a_hand_that_moves_stops_it(cinema: Cinema) -> None:
    cinema.held.make(cinema.entry)
    assert cinema.pump.session.exports.running
    cinema.pump.session.pads.move("deck1", (0.4, 0.4))
    cinema.until(lambda: not cinema.pump.session.exports.running, "the export's end")
    assert not cinema.has_film


def test_nothing_is_made_where_nothing_was_saved_or_the_hand_has_just_moved(
    cinema: Cinema,
) -> None:
    cinema.held.step(0.0, None)
    cinema.held.step(IDLE_S, None)
    cinema.held.step(IDLE_S + 0.1, None)
    cinema.pump.session.pads.move("deck1", (0.4, 0.4))
    cinema.held.step(IDLE_S + 0.2, cinema.entry)
    assert cinema.librarian.is_idle
    assert not cinema.pump.session.exports.running


def test_with_fewer_than_two_slots_there_is_none(cinema: Cinema) -> None:
    for slot in (0, 1):
        cinema.pump.session.slots.clear("deck1", slot)
    cinema.held.make(cinema.entry)
    assert not cinema.pump.session.exports.running
    assert cinema.film(cinema.entry) == []


def test_the_films_of_the_last_few_presets_are_kept(cinema: Cinema) -> None:
    entries = [
        cinema.library.add(Preset(name=f"Take {n}", scene=cinema.pump.scene)) for n in range(6)
    ]
    for entry in entries:
        assert cinema.film(entry) == []
    assert cinema.held.film(entries[-1]) == []
    assert cinema.held.film(entries[0]) is None, "it is read again"
    cinema.until(lambda: cinema.librarian.is_idle, "the librarian")

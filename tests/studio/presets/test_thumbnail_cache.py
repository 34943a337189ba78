"""Small pictures on the shelf: read when they are looked for, kept while they are true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.engine import Pixels
from studio.presets import Library
from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.librarian import Librarian
from studio.presets.thumbnail_cache import ThumbnailCache
from tests.studio.presets.makers import preset

PICTURE: Pixels = np.full((32, 32, 3), 90, np.uint8)


class Wall:
    """A shelf whose pictures are looked at."""

    def __init__(self, folder: Path) -> None:
        self.library = Library(folder)
        self.librarian = Librarian(lambda: None)
        self.held = ThumbnailCache(self.library, self.librarian)
        self.arrived: list[str] = []
        self.held.arrived.connect(self.arrived.append)

    def add(self, picture: Pixels | None) -> PresetEntry:
        return self.library.add(preset(), picture)

    def rest(self) -> None:
        """Let what was begun be done; nothing can be begun after that."""
        self.librarian.close()
        self.librarian.collect()


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    made = Wall(tmp_path / "presets")
    yield made
    made.librarian.close()


def test_a_picture_is_read_once_and_then_at_hand(wall: Wall) -> None:
    entry = wall.add(PICTURE)
    assert wall.held.get(entry.id) is None, "it is read first"
    assert wall.held.get(entry.id) is None
    wall.rest()
    assert wall.arrived == [entry.id]
    found = wall.held.get(entry.id)
    assert found is not None
    assert np.array_equal(found, PICTURE)


def test_one_that_lacks_a_picture_can_be_given_one(wall: Wall) -> None:
    entry = wall.add(None)
    assert not wall.held.lacks(entry.id), "nobody knows yet"
    wall.held.get(entry.id)
    wall.librarian.do(lambda: None, lambda _: wall.held.keep(entry, PICTURE))
    wall.librarian._hands.submit(lambda: None).result()
    wall.librarian.collect()
    assert not wall.held.lacks(entry.id)
    assert wall.arrived == [entry.id]
    wall.rest()
    assert wall.library.thumbnail(entry.id) is not None


def test_what_left_the_shelf_and_what_lacked_a_picture_is_looked_for_again(wall: Wall) -> None:
    gone, bare = wall.add(PICTURE), wall.add(None)
    for entry in (gone, bare):
        wall.held.get(entry.id)
    wall.rest()
    assert wall.held.lacks(bare.id)
    wall.held.look_again({bare.id})
    assert not wall.held.lacks(bare.id)
    assert wall.held._held == {}


def test_a_preset_that_is_gone_has_none(wall: Wall) -> None:
    wall.held.get("f" * 32)
    wall.rest()
    assert wall.arrived == []
    assert wall.held.lacks("f" * 32)

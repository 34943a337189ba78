"""Small pictures of slots, kept by what they show."""

from __future__ import annotations

import numpy as np

from studio.engine import Pixels
from studio.engine.thumbnails import Thumbnails, small_job
from tests.fakes import Guest, filled_deck, slot

DECK = filled_deck(Guest(), slots=3)


def picture(number: int) -> Pixels:
    return np.full((2, 2, 3), number, np.uint8)


def test_what_is_missing_comes_with_its_point() -> None:
    missing = dict(Thumbnails().missing(DECK))
    assert list(missing) == [0, 1, 2]
    for index, point in missing.items():
        held = DECK.slots[index]
        assert held is not None
        assert tuple(point.tolist()) == held.latent
        assert point.dtype == np.float32
        job = small_job(DECK, point)
        assert job.latent is point
        assert job.thumbnail
        assert not job.parameters  # of the bare point


def test_what_was_kept_is_there_and_no_longer_missing() -> None:
    thumbnails = Thumbnails()
    for index, point in thumbnails.missing(DECK):
        thumbnails.keep(DECK, point, picture(index))
    assert not list(thumbnails.missing(DECK))
    assert [thumbnails.get(DECK, i) for i in (3, 7)] == [None, None]
    for index in range(3):
        kept = thumbnails.get(DECK, index)
        assert kept is not None
        assert kept[0, 0, 0] == index


def test_a_point_has_one_thumbnail_wherever_it_stands() -> None:
    """So that undo, a captured slot and a second deck of the same model have it at once."""
    thumbnails = Thumbnails()
    ((_, point), *_) = thumbnails.missing(DECK)
    thumbnails.keep(DECK, point, picture(9))
    moved = filled_deck(Guest(), "deck2", 0).with_slot(6, slot(0, place=(0.0, 0.0), locked=True))
    assert thumbnails.get(moved, 6) is not None


def test_another_model_or_engine_is_another_picture() -> None:
    thumbnails = Thumbnails()
    for index, point in thumbnails.missing(DECK):
        thumbnails.keep(DECK, point, picture(index))
    assert thumbnails.get(DECK.but(model="second"), 0) is None
    assert thumbnails.get(DECK.but(engine="other"), 0) is None


def test_the_ones_used_least_are_forgotten() -> None:
    thumbnails = Thumbnails(limit=2)
    points = dict(thumbnails.missing(DECK))
    thumbnails.keep(DECK, points[0], picture(0))
    thumbnails.keep(DECK, points[1], picture(1))
    assert thumbnails.get(DECK, 0) is not None  # looked at again
    thumbnails.keep(DECK, points[2], picture(2))
    assert [thumbnails.get(DECK, i) is not None for i in range(3)] == [True, False, True]

"""From a deck to what it asks for: weights from the pad, the point they make, the job."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.scene import SLOT_COUNT, home_place
from studio.engine.deck_job import job_of
from studio.latent.blending import blend
from studio.latent.mixing import point_of, weights_of
from tests.fakes import Guest, filled_deck, slot


def test_an_empty_shelf_weighs_nothing_and_shows_the_origin() -> None:
    deck = filled_deck(Guest(), slots=0)
    assert weights_of(deck) == (0.0,) * SLOT_COUNT
    assert point_of(deck, 4).tolist() == [0, 0, 0, 0]
    assert point_of(deck, 4).dtype == np.float32


def test_weights_stand_where_their_slots_do() -> None:
    deck = filled_deck(Guest(), slots=0).with_slot(2, slot(2)).with_slot(5, slot(5))
    shares = weights_of(deck.but(pad=home_place(5)))
    assert shares == (0, 0, 0, 0, 0, 1, 0, 0)
    shares = weights_of(deck.but(pad=(0.1, 0.2)))
    assert sum(shares) == pytest.approx(1)
    assert [i for i, share in enumerate(shares) if share] == [2, 5]


def test_one_slot_is_shown_wherever_the_puck_is() -> None:
    deck = filled_deck(Guest(), slots=1).but(pad=(-1.0, -1.0))
    assert point_of(deck, 4).tolist() == list(deck.slots[0].latent)


@pytest.mark.parametrize("path", ["straight", "great circle"])
def test_the_point_is_the_blend_on_the_chosen_path(path: str) -> None:
    deck = filled_deck(Guest(), slots=5).but(interpolation=path)
    points = [s.latent for s in deck.slots if s is not None]
    expected = blend(np.asarray(points, np.float32), weights_of(deck)[:5], path)  # type: ignore[arg-type]
    assert np.array_equal(point_of(deck, 4), expected)


def test_the_paths_differ() -> None:
    deck = filled_deck(Guest(), slots=5)
    assert not np.array_equal(point_of(deck, 4), point_of(deck.but(interpolation="straight"), 4))


def test_a_job_is_a_copy_that_no_engine_can_use_to_change_the_scene() -> None:
    deck = filled_deck(Guest()).but(seed=11)
    job = job_of(deck, 4)
    assert np.array_equal(job.latent, point_of(deck, 4))
    assert dict(job.parameters) == deck.parameters
    assert job.seed == 11
    assert not job.thumbnail
    with pytest.raises(TypeError):
        job.parameters["contrast"] = 2.0  # type: ignore[index]

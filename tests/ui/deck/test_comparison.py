"""An own picture beside what the model makes of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.fakes import fake, refining
from tests.ui.stage import Stage
from ui.stage.comparison import closeness
from ui.widgets.pixmaps import pixmap_of

D = 3


def picture(seed: int = 0) -> np.ndarray:
    small = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), np.uint8)
    return np.ascontiguousarray(small.repeat(16, 0).repeat(16, 1))


def image(pixels: np.ndarray) -> QImage:
    return pixmap_of(pixels).toImage()


def test_closeness_is_the_share_that_is_explained() -> None:
    one, plain = picture(), np.full((64, 64, 3), 128, np.uint8)
    assert closeness(image(one), image(one)) == 1.0
    assert closeness(image(one), image(plain)) < 0.05
    half = (one.astype(int) + one.mean((0, 1)).astype(int)) // 2
    assert closeness(image(one), image(half.astype(np.uint8))) == pytest.approx(0.75, abs=0.03)
    assert closeness(image(one), image(picture(1))) == 0.0


def test_both_are_shown_with_the_closeness_and_what_else_could_draw_it(stage: Stage) -> None:
    shown = stage.window.comparison
    assert not shown.isVisible()
    stage.window.slots.take_in(picture(), D)
    stage.until(shown.isVisible)
    assert not shown.original.pixmap().isNull()
    assert not shown.result.pixmap().isNull()
    assert "% of your picture" in shown.words.text()
    assert "cannot draw this" in shown.words.text()
    assert stage.window.stage.rect().contains(shown.geometry())
    held = stage.front.slots[D]
    assert held is not None
    own = stage.front.with_slot(D, held.but(own_picture="a" * 64))
    stage.change(lambda: stage.session.change(own, None))
    stage.until(lambda: "cannot draw this" not in shown.words.text())
    shown.close_button.click()
    assert not shown.isVisible()


def test_it_is_seen_with_its_deck_and_only_while_the_slot_has_the_picture(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(fake(), fake())
    shown = stage.window.comparison
    stage.window.slots.take_in(picture(), D)
    stage.until(shown.isVisible)
    stage.session.decks.bring_to_front("deck2")
    assert not shown.isVisible()
    stage.session.decks.bring_to_front("deck1")
    assert shown.isVisible()
    stage.session.slots.clear("deck1", D)
    assert not shown.isVisible()


def test_what_was_put_away_stays_away_while_it_is_refined(open_stage: Callable[..., Stage]) -> None:
    guest = refining()
    stage = open_stage(guest)
    shown = stage.window.comparison
    stage.window.slots.take_in(picture(), D)
    stage.until(shown.isVisible)
    shown.close_button.click()
    guest.gate.open()
    stage.until(lambda: stage.session.slots.refinement("deck1", D) is None)
    assert not shown.isVisible()


def test_improve_goes_on_from_the_point_that_is_there(open_stage: Callable[..., Stage]) -> None:
    guest = refining()
    guest.gate.open()
    stage = open_stage(guest)
    shown = stage.window.comparison
    stage.window.slots.take_in(picture(), D)
    stage.until(lambda: shown.isVisible() and shown.improve.isEnabled())
    first = stage.front.slots[D].latent
    began: list[int] = []
    stage.session.slots.refined.connect(lambda deck, slot: began.append(slot))
    shown.improve.click()
    stage.until(lambda: bool(began) and shown.improve.isEnabled())
    assert stage.front.slots[D].origin == "encoded"
    assert len(stage.front.slots[D].latent) == len(first)

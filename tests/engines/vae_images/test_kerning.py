"""Letters that recede from each other are moved together."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.vae_images import typesetting
from engines.vae_images.alphabet import SIZE_PX
from engines.vae_images.kerning import MOST_PX, NEAREST_PX, kerns

ADVANCE_PX = 32.0


def _letter(lean: float, half_px: float = 4.0, samples: int = SIZE_PX) -> torch.Tensor:
    """A stroke across the field, `lean` pixels further right for each that it goes down."""
    y, x = (np.mgrid[:samples, :samples] + 0.5) * SIZE_PX / samples
    away = half_px - np.abs(x - SIZE_PX / 2 - lean * (y - SIZE_PX / 2)) / np.hypot(1, lean)
    away = np.minimum(away, 14 - np.abs(y - SIZE_PX / 2))
    return torch.from_numpy(np.clip(0.5 + away / 10, 0, 1).astype(np.float32))[None]


def _pair(*letters: torch.Tensor) -> list[float]:
    return kerns(torch.stack(letters), [ADVANCE_PX] * len(letters))


def test_upright_strokes_stay_where_their_bearings_put_them():
    assert _pair(_letter(0), _letter(0), _letter(0)) == [0.0, 0.0, 0.0]


def test_what_leans_the_same_way_is_moved_together_and_what_meets_is_not():
    along, last = _pair(_letter(0.5), _letter(0.5))
    assert -MOST_PX <= along < -2
    assert last == 0
    half_way = _pair(_letter(0.5), _letter(0))[0]
    assert along < half_way <= 0


def test_what_is_near_already_stays():
    slanted = torch.stack([_letter(0.9)] * 2)
    width_px = 2 * 4.0 * np.hypot(1, 0.9)  # of the stroke along a row
    assert kerns(slanted, [width_px + NEAREST_PX - 1] * 2)[0] == 0
    assert kerns(slanted, [width_px + NEAREST_PX + 4] * 2)[0] < 0


def test_nothing_jumps_while_a_letter_leans_over():
    moved = [_pair(_letter(lean), _letter(lean))[0] for lean in np.linspace(0, 0.6, 61)]
    assert np.abs(np.diff(moved)).max() < 0.5


def test_finer_fields_say_the_same():
    plain = _pair(_letter(0.5), _letter(0.4))[0]
    fine = _pair(_letter(0.5, samples=128), _letter(0.4, samples=128))[0]
    assert fine == pytest.approx(plain, abs=0.3)


def test_a_letter_without_ink_and_one_alone_are_no_trouble():
    blank = torch.zeros(1, SIZE_PX, SIZE_PX)
    assert -MOST_PX <= _pair(_letter(0), blank)[0] <= 0
    assert _pair(_letter(0)) == [0.0]


def test_a_kern_moves_what_follows_within_the_word_only():
    kerned = typesetting.set_text("AV A", [30.0] * 3, [-4.0, -4.0, -4.0])
    plain = typesetting.set_text("AV A", [30.0] * 3)
    assert plain.lefts[1] - plain.lefts[0] == pytest.approx(30)
    assert kerned.lefts[1] - kerned.lefts[0] == pytest.approx(26)
    alone = typesetting.set_text("A", [30.0], [-4.0])
    assert alone == typesetting.set_text("A", [30.0])

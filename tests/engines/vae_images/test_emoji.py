from __future__ import annotations

import numpy as np

from engines.vae_images.data_sets import dataset, emoji
from engines.vae_images.data_sets.labels import EMOJI_LABELS


def _codes():
    return emoji.chosen(emoji.SHIPPED)


def test_a_number_is_always_the_same_picture():
    codes = _codes()
    assert emoji.variation(codes, 7) == emoji.variation(codes, 7)
    first, second = (emoji.draw(emoji.SHIPPED, emoji.variation(codes, 7), 32) for _ in "ab")
    assert first.tobytes() == second.tobytes()
    assert first.shape == (32, 32, 3)
    assert first.dtype == np.uint8


def test_every_emoji_lies_on_paper_and_inside():
    codes = _codes()
    for number in range(0, len(codes), 3):
        picture = emoji.draw(emoji.SHIPPED, emoji.variation(codes, number), 32).astype(int)
        corners = picture[[0, 0, -1, -1], [0, -1, 0, -1]]
        assert np.abs(corners - emoji.PAPER).max() <= 2
        assert np.abs(picture - emoji.PAPER).max() > 40


def test_what_is_shipped_is_what_is_chosen_and_some_is_kept_from_training():
    codes = _codes()
    assert len(codes) == len(list(emoji.SHIPPED.glob("*.webp")))
    unseen = [c for c in codes if emoji.held_out(c)]
    assert 10 <= len(unseen) < len(codes) / 5
    assert all(emoji.kind_of(c) for c in codes)
    assert emoji.kind_of("1f468-200d-1f33e") is None


def test_data_is_drawn_once(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "EMOJI_SPLITS", {"training": range(9), "held_out": range(3)})
    monkeypatch.setattr(dataset.os, "cpu_count", lambda: 1)
    dataset.prepare_emoji(tmp_path, size_px=16)
    drawn = dataset.pictures(tmp_path, "training")
    assert drawn.shape == (9, 16, 16, 3)
    (tmp_path / "training.npy").rename(tmp_path / "kept.npy")
    np.save(tmp_path / "training.npy", drawn[:2])
    dataset.prepare_emoji(tmp_path, size_px=16)
    assert len(dataset.pictures(tmp_path, "training")) == 2


def test_every_label_tells_variations_apart():
    codes = _codes()
    drawn = [emoji.variation(codes, i) for i in range(300)]
    for name, label in EMOJI_LABELS.items():
        assert len({label(v) for v in drawn}) > 1, name

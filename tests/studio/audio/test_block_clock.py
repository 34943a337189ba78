"""Blocks come when the system gets round to it; notes must not jitter with them."""

from __future__ import annotations

import numpy as np

from studio.audio.block_clock import BlockClock

RATE_HZ = 48_000


def starts_s(measured_s: np.ndarray, frames: int = 128) -> np.ndarray:
    clock = BlockClock(RATE_HZ)
    return np.array([clock.block(at_s, frames) for at_s in measured_s])


def even_s(blocks: int, frames: int = 128, rate_hz: float = RATE_HZ) -> np.ndarray:
    return 1000 + np.arange(blocks) * frames / rate_hz


def test_even_blocks_stay_as_they_are() -> None:
    true_s = even_s(1000)
    assert np.abs(starts_s(true_s) - true_s).max() < 1e-9


def test_jitter_is_averaged_away() -> None:
    true_s = even_s(4000)
    jitter_s = np.random.default_rng(1).exponential(0.2e-3, 4000)  # the system is late, never early
    error_s = starts_s(true_s + jitter_s) - true_s
    settled = error_s[400:]
    assert np.ptp(settled) < 0.1e-3
    assert settled.mean() < 0.3e-3


def test_a_single_late_block_moves_nothing() -> None:
    true_s = even_s(1000)
    measured_s = true_s.copy()
    measured_s[600] += 0.05
    assert np.abs(starts_s(measured_s) - true_s).max() < 0.02e-3


def test_a_crystal_that_is_off_is_followed() -> None:
    true_s = even_s(8000, rate_hz=RATE_HZ * (1 + 1e-4))
    error_s = starts_s(true_s) - true_s
    assert np.abs(error_s[1000:]).max() < 0.1e-3


def test_a_device_that_was_interrupted_is_followed_within_a_moment() -> None:
    true_s = even_s(2000)
    true_s[1000:] += 0.007
    error_s = starts_s(true_s) - true_s
    assert np.abs(error_s[1025:]).max() < 0.05e-3  # 25 blocks are 67 ms


def test_blocks_may_change_their_size() -> None:
    frames = np.random.default_rng(2).integers(64, 1024, 500)
    true_s = 1000 + np.concatenate(([0], np.cumsum(frames)[:-1])) / RATE_HZ
    clock = BlockClock(RATE_HZ)
    told_s = [clock.block(s, int(n)) for s, n in zip(true_s, frames, strict=True)]
    assert np.abs(told_s - true_s).max() < 1e-9

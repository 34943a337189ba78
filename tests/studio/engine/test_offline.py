"""Engines without a window: the command line's way to the same pictures."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from studio.engine import EngineError
from studio.engine.offline import opened
from studio.engine.registry import Registry
from tests.fakes import broken, fake


def test_it_renders_what_the_engine_draws_with_the_declared_defaults() -> None:
    guest = fake()
    with opened(Registry.of(guest.spec), "fake") as offline:
        latent = offline.sample(3, 1)[0]
        plain = offline.render(latent, seed=3)
        glowing = offline.render(latent, {"glow": 4.0}, seed=3)
    assert not np.array_equal(plain, glowing)


def test_a_walk_comes_back_to_where_it_began() -> None:
    guest = fake()
    with opened(Registry.of(guest.spec), "fake") as offline:
        frames = list(offline.walk(seed=1, stops=3, frames=9))
        again = list(itertools.islice(offline.walk(seed=1, stops=3, frames=9), 3))
        first = offline.render(offline.sample(1, 3)[0], seed=1)
    assert len(frames) == 9
    np.testing.assert_array_equal(frames[0], first)
    np.testing.assert_array_equal(frames[:3], again)


def test_the_engine_is_closed_whatever_happens() -> None:
    guest = fake()
    with pytest.raises(RuntimeError, match="elsewhere"), opened(Registry.of(guest.spec), "fake"):
        raise RuntimeError("elsewhere")
    assert guest.made[0].calls[-1].method == "close"


def test_what_cannot_be_loaded_is_one_sentence() -> None:
    guest = broken("load", lambda: EngineError("The weights are gone."))
    with (
        pytest.raises(EngineError, match="The weights are gone"),
        opened(Registry.of(guest.spec), "broken"),
    ):
        pass
    with (
        pytest.raises(EngineError, match="no engine 'other'"),
        opened(Registry.of(guest.spec), "other"),
    ):
        pass

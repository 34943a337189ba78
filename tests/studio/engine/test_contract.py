"""What a spec may declare, and what an engine can do without writing a line."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from studio.engine import EngineError, EngineSpec, contract, thread_budget
from tests.fakes import LEAN, MODELS, PARAMETERS, Guest, broken, is_one_sentence


class Plain(contract.Engine):
    """Only what the contract demands."""

    def load(self, model: Any, resources: Any) -> contract.Loaded:
        return contract.Loaded(device="CPU")

    def render(self, job: contract.Job) -> contract.Pixels:
        return np.zeros((1, 1, 3), np.uint8)

    def close(self) -> None: ...


def spec(**changes: Any) -> EngineSpec:
    return replace(Guest().spec, **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "two words"}, "cannot be named"),
        ({"name": ""}, "cannot be named"),
        ({"models": ()}, "declares no model"),
        ({"models": (MODELS[0], MODELS[0])}, "declares the model first twice"),
        ({"parameters": (*PARAMETERS, PARAMETERS[2])}, "declares the parameter bands twice"),
        ({"parameters": (*PARAMETERS, LEAN)}, "declares the parameter lean twice"),
        ({"factory": "no.colon"}, "names no callable"),
        ({"factory": "a:b:c"}, "names no callable"),
        ({"train": "train"}, "names no callable"),
        ({"evaluate": ""}, "names no callable"),
        ({"bench": "x"}, "names no callable"),
        ({"size": "bands"}, "declares no choice 'bands'"),
        ({"roles": {"genre": "bands"}}, "has no 'bands' fit to be its genre"),
        ({"roles": {"genre": "nothing"}}, "has no 'nothing' fit to be its genre"),
        ({"roles": {"colour": "tint"}}, "no role 'colour'"),
    ],
)
def test_a_spec_that_contradicts_itself_cannot_be_made(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(EngineError, match=said) as refusal:
        spec(**changes)
    assert is_one_sentence(str(refusal.value))


def test_a_model_is_found_by_name_or_refused_with_those_there_are() -> None:
    assert spec().model("wide").latent_size == 6
    with pytest.raises(EngineError) as refusal:
        spec().model("huge")
    assert is_one_sentence(str(refusal.value))
    assert "first, second, wide" in str(refusal.value)


def test_a_models_own_controls_come_before_its_engines() -> None:
    assert spec().controls("first") == PARAMETERS
    assert spec().controls("wide") == (LEAN, *PARAMETERS)
    with pytest.raises(EngineError):
        spec().controls("huge")


def test_making_a_spec_runs_none_of_the_engine() -> None:
    guest = broken("factory")
    assert guest.spec.model("first")
    assert guest.made == []


@pytest.mark.parametrize(("cores", "quiet", "live"), [(1, 1, 1), (2, 2, 1), (8, 8, 7)])
def test_sound_gets_a_core_of_its_own_where_there_are_two(
    monkeypatch: pytest.MonkeyPatch, cores: int, quiet: int, live: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    assert thread_budget(live=False) == quiet
    assert thread_budget(live=True) == live


def test_cores_are_counted_where_affinity_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert thread_budget(live=False) == 1


def test_an_engine_samples_the_normal_prior_by_itself() -> None:
    points = Plain().sample(seed=7, count=400, latent_size=32)
    assert points.shape == (400, 32)
    assert points.dtype == np.float32
    assert abs(points.mean()) < 0.03
    assert points.std() == pytest.approx(1, abs=0.03)


def test_a_sampled_point_depends_on_the_seed_and_its_number_alone() -> None:
    engine = Plain()
    many = engine.sample(7, 8, 16)
    assert np.array_equal(engine.sample(7, 3, 16), many[:3])
    assert not np.array_equal(many[0], many[1])
    assert not np.array_equal(engine.sample(8, 1, 16), many[:1])
    assert engine.sample(7, 0, 16).shape == (0, 16)


def test_an_engine_that_cannot_encode_says_so() -> None:
    with pytest.raises(EngineError, match="cannot encode"):
        Plain().encode(np.zeros((2, 2, 3), np.uint8), {})


def test_an_engine_without_threads_may_ignore_them() -> None:
    Plain().use_threads(3)


def test_a_parameter_is_found_by_its_role_whatever_it_is_called() -> None:
    said = spec(roles={"genre": "tint", "vary": "glow"})
    genre = said.having("genre")
    assert genre is not None
    assert genre.name == "tint"
    assert said.told("vary", {"glow": 0.5}) == 0.5
    assert said.having("part") is said.told("part", {"part": 4}) is None

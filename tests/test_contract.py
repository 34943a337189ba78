"""Every engine keeps the contract: the tests' own, the built-in ones, and installed plug-ins."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from studio.engine import (
    Engine,
    EngineSpec,
    Job,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
    WeightsError,
)
from studio.engine.registry import GROUP, Registry
from tests.engine_contract import CPU, Case, EngineContract
from tests.fakes import FakeEngine, Gate, Guest, SingingEngine, composing, fake, write_levels
from tests.witness import ROOT


def ours() -> list[EntryPoint]:
    """The engines that this project declares, whether it is installed or not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [EntryPoint(n, value, GROUP) for n, value in project["entry-points"][GROUP].items()]


def found() -> dict[str, Case | str]:
    """A case for each model of each engine, or why there is none."""
    cases: dict[str, Case | str] = {}
    entries = {entry.name: entry for entry in [*entry_points(group=GROUP), *ours()]}
    for name, entry in entries.items():
        try:
            spec = entry.load()
            assert isinstance(spec, EngineSpec), "its spec is not an EngineSpec"
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it fails its tests, not ours
            cases[name] = f"{entry.value} cannot be loaded: {type(error).__name__}: {error}"
            continue
        for model in spec.models:
            cases[f"{name}-{model.name}"] = Case(spec, model, entry.module)
    return cases


FOUND = found()
FAKES: dict[str, Callable[[], Guest]] = {"fake": fake, "singer": composing}


def _fake() -> Engine:
    return FakeEngine()


def _singer() -> Engine:
    return SingingEngine(Gate(), ("compose",))


@pytest.fixture(scope="class", params=["fake", "singer", *FOUND])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    if request.param in FAKES:
        weights = write_levels(tmp_path_factory.mktemp("fake") / "levels.safetensors", 4)
        spec = replace(FAKES[request.param]().spec, factory=f"{__name__}:_{request.param}")
        return Case(spec, replace(spec.models[0], weights=weights), "tests.fakes")
    case = FOUND[request.param]
    if isinstance(case, str):
        pytest.fail(case)
    return case


@pytest.fixture(scope="class")
def engine(case: Case) -> Iterator[Engine]:
    engine = case.make()
    engine.load(case.model, CPU)
    yield engine
    engine.close()


class TestEngine(EngineContract):
    pass


@pytest.mark.parametrize("entry", ours(), ids=lambda entry: entry.name)
def test_the_registry_finds_what_the_project_declares(entry: EntryPoint) -> None:
    """Fails where the project is not installed: `python3 start.py test` sees to that."""
    by_name = {listing.name: listing for listing in Registry.discover()}
    assert entry.name in by_name, "not installed"
    assert by_name[entry.name].spec, by_name[entry.name].reason


# -- the contract tells ----------------------------------------------------------------------------


class Moody(FakeEngine):
    """Another picture each time."""

    def render(self, job: Job) -> Pixels:
        return super().render(replace(job, seed=len(self.calls)))


class Deaf(FakeEngine):
    """Hears nothing of its tint."""

    def render(self, job: Job) -> Pixels:
        return super().render(replace(job, parameters={**job.parameters, "tint": "none"}))


class Greedy(FakeEngine):
    """Draws over the picture that it gave away."""

    drawn = np.zeros((8, 8, 3), np.uint8)

    def render(self, job: Job) -> Pixels:
        picture = super().render(job)
        if job.thumbnail:
            return picture
        self.drawn[:] = picture
        return self.drawn


class Scribbler(FakeEngine):
    """Writes into its job."""

    def render(self, job: Job) -> Pixels:
        picture = super().render(job)
        job.latent[0] += 1
        return picture


class Wordy(FakeEngine):
    """Says what is wrong by a traceback."""

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        try:
            return super().load(model, resources)
        except WeightsError as error:
            raise WeightsError("Traceback (most recent call last):\n  File") from error


class Counting(FakeEngine):
    """Draws its samples one after the other from one stream, in columns."""

    def sample(self, seed: int, count: int, latent_size: int, parameters: Any = None) -> Any:
        drawn = np.random.default_rng(seed).standard_normal((latent_size, count))
        return drawn.T.astype(np.float32)


class Clinging(FakeEngine):
    """Is never forgotten."""

    everyone: ClassVar[list[FakeEngine]] = []

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        self.everyone.append(self)
        return super().load(model, resources)


class Planar(FakeEngine):
    """Gives a view of something larger."""

    def render(self, job: Job) -> Pixels:
        return np.repeat(super().render(job), 2, axis=1)[:, ::2]


class Stubborn(FakeEngine):
    """Raises something else than it should where a device is missing."""

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        if resources.device == "cuda":
            raise RuntimeError("no CUDA")
        return super().load(model, resources)


class Blind(FakeEngine):
    """Finds the same point in every picture."""

    def encode(self, pixels: Pixels, parameters: Any) -> Any:
        return np.full(4, 9, np.float32)


contract = EngineContract()
SAME = contract.test_the_same_job_is_the_same_picture_to_the_byte
ACTS = contract.test_every_control_does_something
KEPT = contract.test_a_picture_is_not_touched_again
LEFT = contract.test_a_job_is_left_as_it_was
WEIGHTS = contract.test_weights_of_another_size_are_refused_by_one_sentence
SAMPLE = contract.test_a_sample_depends_on_the_seed_and_its_number_alone
CLOSED = contract.test_a_closed_engine_leaves_nothing_behind
PIECE = contract.test_a_picture_is_uint8_rgb_in_one_piece
NEARER = contract.test_an_encoded_picture_is_nearer_to_itself_than_to_others


def missing_device(case: Case, engine: Engine) -> None:
    contract.test_a_device_that_is_missing_is_a_device_error_and_the_cpu_still_works(case, "cuda")


@pytest.mark.parametrize(
    ("offender", "test"),
    [
        (Moody, SAME),
        (Deaf, ACTS),
        (Greedy, KEPT),
        (Scribbler, LEFT),
        (Wordy, lambda case, engine: WEIGHTS(case)),
        (Counting, SAMPLE),
        (Clinging, lambda case, engine: CLOSED(case)),
        (Planar, PIECE),
        (Stubborn, missing_device),
        (Blind, NEARER),
    ],
    ids=lambda value: value.__name__,
)
def test_the_contract_catches_who_breaks_it(
    offender: type[FakeEngine], test: Callable[[Case, Engine], None], tmp_path: Path
) -> None:
    weights = write_levels(tmp_path / "levels.safetensors", 4)
    for kind, keeps in ((FakeEngine, True), (offender, False)):
        spec = replace(Guest().spec, factory=f"{__name__}:{kind.__name__}")
        case = Case(spec, replace(spec.models[0], weights=weights), "tests.fakes")
        engine = kind()
        engine.load(case.model, CPU)
        if keeps:
            test(case, engine)
            continue
        with pytest.raises((AssertionError, RuntimeError)):
            test(case, engine)

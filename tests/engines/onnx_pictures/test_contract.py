"""The engine keeps the contract with a model that the artist brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engines.onnx_pictures.spec import SPEC, model_of
from engines.onnx_pictures.taking_in import take_in
from studio.engine import Engine
from tests.engine_contract import CPU, Case, EngineContract

pytest.importorskip("onnx", reason="exports a decoder, for which torch wants onnx")
pytest.importorskip("onnxruntime", reason="draws with ONNX Runtime")


@pytest.fixture(scope="class")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """One that has every kind of input."""
    from tests.engines.onnx_pictures.decoders import conditional

    folder = tmp_path_factory.mktemp("brought")
    take_in(conditional(folder / "brought.onnx"), folder / "brought.safetensors")
    model = model_of("brought", folder / "brought.safetensors")
    return Case(replace(SPEC, models=(model,)), model, "engines.onnx_pictures.spec")


@pytest.fixture(scope="class")
def engine(case: Case) -> Iterator[Engine]:
    engine = case.make()
    engine.load(case.model, CPU)
    yield engine
    engine.close()


class TestOnnxEngine(EngineContract):
    pass

"""An ONNX file from a stranger: what is found out of it, and what is refused in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="makes ONNX files")
pytest.importorskip("onnxruntime", reason="draws with ONNX Runtime")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from engines.onnx_pictures import trial, weights_file  # noqa: E402
from engines.onnx_pictures.description import Description  # noqa: E402
from engines.onnx_pictures.engine import OnnxEngine  # noqa: E402
from engines.onnx_pictures.spec import model_of  # noqa: E402
from engines.onnx_pictures.taking_in import take_in  # noqa: E402
from studio.engine import Job, WeightsError  # noqa: E402
from tests.engine_contract import CPU  # noqa: E402
from tests.engines.onnx_pictures import decoders  # noqa: E402
from tests.fakes import is_one_sentence  # noqa: E402

POINT = [1, 4]


def graph(*nodes: Any, size: int = 48, point: list[Any] = POINT, **more: Any) -> Any:
    """A model whose last node makes "picture": `nodes` find a matrix "weight" of (4, size)."""
    weight = np.random.default_rng(0).uniform(0, 0.1, (4, size)).astype(np.float32)
    made = helper.make_graph(
        nodes,
        "decoder",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, point)],
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(weight, "weight")],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("strange", 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=8, **more)


def node(kind: str, *inputs: str, out: str = "picture", **given: Any) -> Any:
    return helper.make_node(kind, inputs, [out], **given)


def saved(model: Any, folder: Path, **declared: Any) -> Path:
    file = folder / "brought.onnx"
    file.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
    if declared:
        file.with_suffix(".json").write_text(json.dumps(declared))
    return file


def taken(file: Path) -> Description:
    take_in(file, file.with_suffix(".safetensors"))
    return weights_file.describe(file.with_suffix(".safetensors"))


def refused(file: Path) -> str:
    file.with_suffix(".safetensors").unlink(missing_ok=True)
    with pytest.raises(WeightsError) as refusal:
        take_in(file, file.with_suffix(".safetensors"))
    assert is_one_sentence(str(refusal.value)), str(refusal.value)
    assert not file.with_suffix(".safetensors").exists()
    return str(refusal.value)


CHILD = trial.answer_of_child


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second less for each file: what the process of its own would answer."""
    monkeypatch.setattr(trial, "answer_of_child", trial.answer)


def test_a_dcgan_a_vae_and_a_conditional_gan_are_found_out(tmp_path: Path) -> None:
    dcgan = taken(decoders.dcgan(tmp_path / "dcgan.onnx"))
    assert (dcgan.title, dcgan.latent.shape) == ("dcgan", (1, 8, 1, 1))
    assert (dcgan.order, dcgan.channels, dcgan.range) == ("NCHW", 3, (-1, 1))
    digits = taken(decoders.digits(tmp_path / "digits.onnx"))
    assert (digits.height, digits.width, digits.channels, digits.range) == (12, 12, 1, (0, 1))
    many = taken(decoders.conditional(tmp_path / "many.onnx"))
    assert [i.role for i in many.inputs] == ["latent", "label", "truncation", "noise"]
    assert (many.order, many.labels, many.range) == ("NHWC", 5, (0, 255))


def test_what_is_drawn_is_what_torch_draws(tmp_path: Path) -> None:
    import torch

    file = decoders.dcgan(tmp_path / "dcgan.onnx")
    taken(file)
    engine, point = OnnxEngine(), np.random.default_rng(3).standard_normal(8).astype(np.float32)
    engine.load(model_of("dcgan", file.with_suffix(".safetensors")), CPU)
    drawn = engine.render(Job(latent=point))
    engine.close()
    with torch.inference_mode():
        ours = decoders.Generator()(torch.from_numpy(point)[None, :, None, None])[0]
    wanted = ((ours + 1) * 127.5).permute(1, 2, 0).numpy()
    assert np.abs(drawn - wanted).max() <= 0.51


def test_what_is_declared_goes_before_what_is_found_out(tmp_path: Path) -> None:
    logits = graph(node("MatMul", "z", "weight"))
    assert '"range"' in refused(saved(scaled(logits, 400), tmp_path))
    said = {"title": "Mine", "licence": "CC0", "range": [-80, 80], "order": "NHWC"}
    told = taken(saved(logits, tmp_path, **said))
    assert (told.title, told.licence, told.range) == ("Mine", "CC0", (-80, 80))
    assert (told.order, told.channels, told.height) == ("NHWC", 3, 4)
    many = decoders.conditional(tmp_path / "brought.onnx").read_bytes()
    words = ["fern", "moss", "ivy", "fir", "oak"]
    assert taken(saved(many, tmp_path, labels=words)).words == tuple(words)
    twice = [*words[:4], "fern"]
    assert "4 names are given to 5" in refused(saved(many, tmp_path, labels=twice))
    assert "declares" in refused(saved(logits, tmp_path, range=[1]))
    assert "declares" in refused(saved(logits, tmp_path, run="this"))


def scaled(model: Any, factor: float) -> Any:
    (weight,) = model.graph.initializer
    weight.CopyFrom(numpy_helper.from_array(factor * numpy_helper.to_array(weight), "weight"))
    return model


def outside() -> Any:
    """Its weights are said to lie in a file of this machine."""
    model = graph(node("MatMul", "z", "weight"))
    (weight,) = model.graph.initializer
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="../../etc/passwd")
    return model


def hidden_outside() -> Any:
    """The same in a branch that nobody takes."""
    branch = outside().graph
    del branch.input[:]
    yes = numpy_helper.from_array(np.array(False), "yes")
    chosen = node("If", "yes", then_branch=branch, else_branch=graph(node("Relu", "z")).graph)
    return graph(node("Constant", out="yes", value=yes), chosen)


def endless() -> Any:
    """Turns round until somebody ends it."""
    body = helper.make_graph(
        [node("Identity", "go", out="on"), node("Add", "x", "x", out="y")],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", TensorProto.FLOAT, None),
        ],
    )
    yes = numpy_helper.from_array(np.array(True))
    return graph(node("Constant", out="yes", value=yes), node("Loop", "", "yes", "z", body=body))


def huge(numbers: int) -> Any:
    """A picture that nothing holds."""
    shape = numpy_helper.from_array(np.array([numbers, 4]))
    return graph(node("Constant", out="shape", value=shape), node("Expand", "z", "shape"))


def reshaped(*shape: int, size: int = 48) -> Any:
    new = numpy_helper.from_array(np.array(shape))
    return graph(
        node("MatMul", "z", "weight", out="row"),
        node("Constant", out="shape", value=new),
        node("Reshape", "row", "shape"),
        size=size,
    )


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "empty": (lambda: b"", "no ONNX file"),
    "a web page": (lambda: b"<!doctype html>" * 100, "no ONNX file"),
    "cut short": (lambda: graph(node("MatMul", "z", "weight")).SerializeToString()[:-40], "ONNX"),
    "an operator of somebody's": (
        lambda: graph(helper.make_node("Run", ["z"], ["picture"], domain="strange")),
        "operator Run of strange",
    ),
    "weights elsewhere": (outside, "another file"),
    "weights elsewhere in a branch": (hidden_outside, "another file"),
    "no picture": (lambda: reshaped(6, 8, 1, 1), "no picture"),
    "a picture too wide": (lambda: reshaped(1, 1, 2, 4096, size=8192), "4096 x 2 pixels"),
    "always the same": (
        lambda: graph(
            node("MatMul", "z", "weight", out="row"), node("Sub", "row", "row", out="picture")
        ),
        "the same picture",
    ),
    "another one each time": (
        lambda: graph(
            node("RandomNormal", shape=[1, 48], out="noise"),
            node("MatMul", "z", "weight", out="row"),
            node("Add", "row", "noise"),
        ),
        "constant noise",
    ),
    "a point without a length": (
        lambda: graph(node("MatMul", "z", "weight"), point=["batch", "length"]),
        "shape of z open",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_drawn_with_says_why_in_a_sentence(name: str, tmp_path: Path) -> None:
    make, why = REFUSED[name]
    assert why in refused(saved(make(), tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_one_that_takes_all_memory_or_comes_to_no_end_costs_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def child(code: str) -> None:
        command = lambda _, *words: (sys.executable, "-c", code, *words)  # noqa: E731
        monkeypatch.setattr(trial, "module_command", command)

    file = saved(endless(), tmp_path)
    monkeypatch.setattr(trial, "answer_of_child", CHILD)
    child(
        "import pathlib, sys; from engines.onnx_pictures import trial; trial.LIMIT_CPU_S = 2;"
        "trial.stay_within_bounds(); trial.answer(pathlib.Path(sys.argv[1]))"
    )
    assert "too slow" in refused(file)
    child("import os; os.abort()")
    assert "broke off" in refused(file)
    child("import time; time.sleep(600)")
    monkeypatch.setattr(trial, "LIMIT_S", 0.2)
    assert "too slow" in refused(file)
    monkeypatch.undo()
    assert "more memory" in refused(saved(huge(10**9), tmp_path))


def test_what_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "brought.onnx"
    file.touch()
    os.truncate(file, 2_000_000_000)
    assert "too large" in refused(file)


def test_weights_that_came_in_a_bundle_are_tried_before_they_are_drawn_with(tmp_path: Path) -> None:
    """Their description is a stranger's, too."""
    file = saved(reshaped(1, 3, 4, 4), tmp_path)
    told, weights = taken(file), file.with_suffix(".safetensors")
    lies = {
        "a damaged graph": (b"nothing", told),
        "an operator of somebody's": (
            REFUSED["an operator of somebody's"][0]().SerializeToString(),
            told,
        ),
        "another size": (file.read_bytes(), told.but(width=64)),
        "another input": (file.read_bytes(), told.but(inputs=(told.latent.but(name="w"),))),
    }
    for model, description in lies.values():
        weights_file.write(weights, model, description)
        engine = OnnxEngine()
        with pytest.raises(WeightsError) as refusal:
            engine.load(model_of("brought", weights), CPU)
        assert is_one_sentence(str(refusal.value))


def test_the_runtime_tells_nobody_of_its_use(tmp_path: Path) -> None:
    """It would leave an identifier of the computer, and what it is to send, in the home folder."""
    code = "from engines.common.onnx_runtime import runtime; runtime()"
    homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME"), str(tmp_path))
    plain = {k: v for k, v in os.environ.items() if k not in ("CI", "ORT_DISABLE_TELEMETRY")}
    subprocess.run([sys.executable, "-c", code], env={**plain, **homes}, check=True)
    assert list(tmp_path.rglob("*")) == []

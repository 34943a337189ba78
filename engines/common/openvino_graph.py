"""A network at work by OpenVINO (Apache-2.0), for those who have installed it and choose it.

It fuses activations into convolutions, which torch on a CPU does not; `latentloom bench pictures`
says what it brings (`tuned_over_openvino`). Its sums are in another order: a byte of a portrait
differs by 3 at most at the decoder's own size (0.2 on average), by up to 25 where the sharpener
draws (0.3). It has the number of threads that torch had when a model was loaded.
"""

from __future__ import annotations

import copy
import importlib
import sys
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from studio.engine import DeviceError


def runtime() -> Any:
    """The package. Raises `DeviceError` where it is missing."""
    # It tells Intel of its use, from threads of its own, unless the package for that is not there.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        return importlib.import_module("openvino")
    except ImportError:
        raise DeviceError(
            "OpenVINO is not installed here: pip install 'latent-loom[openvino]'."
        ) from None


def compiled(module: nn.Module, *examples: Tensor, precision: str) -> Callable[..., Tensor]:
    """`module` as a function of one tensor like the `examples`, as `frozen` makes one, but with
    the shapes fixed. `precision` is "bf16" or "f32"."""
    openvino = runtime()
    plain = copy.deepcopy(module).float().eval().requires_grad_(False)
    model = _converted(plain, examples)
    for port, example in zip(model.inputs, examples, strict=True):
        port.get_node().set_partial_shape(openvino.PartialShape(list(example.shape)))
    model.validate_nodes_and_infer_types()
    how = {
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",
    }
    request = openvino.Core().compile_model(model, "CPU", how).create_infer_request()

    def run(*given: Tensor) -> Tensor:
        results = request.infer([t.numpy() for t in given], share_inputs=True)
        return torch.from_numpy(results[0])

    return run


def _converted(module: nn.Module, examples: tuple[Tensor, ...]) -> Any:
    """As `openvino.convert_model` does it, without its tools."""
    pytorch = importlib.import_module("openvino.frontend.pytorch")
    frontend = importlib.import_module("openvino.frontend").FrontEndManager()
    reader = frontend.load_by_framework("pytorch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it traces, as it always has
        decoder = pytorch.ts_decoder.TorchScriptPythonDecoder(module, example_input=examples)
    return reader.convert(reader.load(decoder))

"""Where ONNX Runtime runs, and how a graph is opened; it need not be installed."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from engines.common.onnx_runtime import runtime
from studio.engine import DeviceChoice, DeviceError, EngineError
from studio.processes.packaged import remedy

_CPU = "CPUExecutionProvider"
_PROVIDERS = {"cpu": _CPU, "cuda": "CUDAExecutionProvider", "openvino": "OpenVINOExecutionProvider"}
_TITLES = {"cpu": "the CPU", "cuda": "CUDA", "mps": "Apple's GPU", "openvino": "OpenVINO"}


def packages() -> tuple[ModuleType, ModuleType]:
    """`onnxruntime` and `onnx`. Raises `EngineError` where one of them is missing."""
    try:
        return runtime(), importlib.import_module("onnx")
    except ImportError as error:
        how = remedy("pip install 'latent-loom[onnx]'")
        raise EngineError(f"ONNX Runtime, which draws this model, is not here: {how}.") from error


def provider(device: DeviceChoice) -> str:
    """Which of the runtime's providers runs on `device`. Raises `DeviceError`."""
    there = packages()[0].get_available_providers()
    if device == "auto":
        return _PROVIDERS["cuda"] if _PROVIDERS["cuda"] in there else _CPU
    found = _PROVIDERS.get(device)
    if found is None or found not in there:
        raise DeviceError(f"ONNX Runtime cannot use {_TITLES[device]} here.")
    return found


def words_for(provider_name: str) -> str:
    """For the status bar."""
    return provider_name.removesuffix("ExecutionProvider") + " ONNX"


def opened(graph: bytes, threads: int, where: str = _CPU) -> Any:
    """An `InferenceSession`. Raises whatever the runtime raises, and `DeviceError`.

    Nothing but the graph: the bytes are read as ONNX (not as the runtime's own format) and no
    library of operators is ever registered.
    """
    ort, _ = packages()
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = max(1, threads), 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.load_model_format", "ONNX")
    # Threads that wait in a loop for the next picture would take a core from the window.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = ort.InferenceSession(graph, options, providers=list(dict.fromkeys((where, _CPU))))
    if where not in session.get_providers():
        raise DeviceError(f"ONNX Runtime cannot use {words_for(where)} here.")
    return session

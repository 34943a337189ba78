"""A decoder as the house keeps models: one safetensors file, with the ONNX graph as its only
tensor (bytes) and its description as JSON beside it. No torch here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from engines.onnx_pictures.description import LIMIT_FILE_BYTES, Description
from studio.engine import WeightsError

KIND = "onnx_pictures"
_KEY, _GRAPH = "latentloom", "onnx"


def write(path: Path, graph: bytes, description: Description) -> None:
    """Raises OSError."""
    about = {"kind": KIND, "description": description.model_dump(mode="json")}
    save_file({_GRAPH: np.frombuffer(graph, np.uint8)}, path, {_KEY: json.dumps(about)})


def describe(path: Path) -> Description:
    """What the file says of its graph. Raises `WeightsError`."""
    return _read(path)[0]


def read(path: Path) -> tuple[Description, bytes]:
    """The description and the graph, untried. Raises `WeightsError`."""
    description, graph = _read(path, whole=True)
    return description, graph


def _read(path: Path, *, whole: bool = False) -> tuple[Description, bytes]:
    if not path.is_file():
        raise WeightsError(f"The weights file {path.name} is missing.")
    try:
        if path.stat().st_size > LIMIT_FILE_BYTES + 10_000_000:
            raise WeightsError(f"The weights file {path.name} is too large.")
        with safe_open(path, framework="numpy") as file:
            about = json.loads((file.metadata() or {}).get(_KEY, "null"))
            names = list(file.keys())
            graph = file.get_tensor(_GRAPH) if whole and names == [_GRAPH] else None
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(f"The weights file {path.name} is damaged or cut short.") from error
    if not isinstance(about, dict) or about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is not for this engine.")
    try:
        description = Description.model_validate(about.get("description"))
    except ValidationError as error:
        raise WeightsError(f"The weights file {path.name} describes no model.") from error
    fault = description.fault()
    if fault:
        raise WeightsError(f"The weights file {path.name} cannot be used: {fault}.")
    if names != [_GRAPH] or (graph is not None and (graph.dtype, graph.ndim) != (np.uint8, 1)):
        raise WeightsError(f"The weights file {path.name} lacks a usable graph.")
    return description, b"" if graph is None else graph.tobytes()

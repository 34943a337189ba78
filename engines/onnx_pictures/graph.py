"""What a graph may hold: ONNX's own operators and its own weights, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engines.onnx_pictures.runtime import packages

_ONNX = ("", "ai.onnx", "ai.onnx.ml")
_SHAPED = ("Identity", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Cast", "Flatten")
_RANGES = {"Tanh": (-1.0, 1.0), "Sigmoid": (0.0, 1.0)}


class RefusedError(Exception):
    """Why a file is not drawn with: the end of a sentence that begins with its name."""


def checked(graph: bytes) -> Any:
    """The model's protobuf message. Raises `RefusedError` for what must not be run."""
    _, onnx = packages()
    try:
        model = onnx.load_model_from_string(graph)
    except Exception as error:  # protobuf's own errors have other classes in each version
        raise RefusedError("is damaged or no ONNX file") from error
    if not model.graph.node or not model.graph.output:
        raise RefusedError("is damaged or no ONNX file")
    functions = {(f.domain, f.name) for f in model.functions}
    for part in (model.graph, *model.functions):
        for node in _nodes(part):
            if node.domain not in _ONNX and (node.domain, node.op_type) not in functions:
                raise RefusedError(
                    f"wants the operator {node.op_type[:40]} of {node.domain[:40]}, which is not "
                    "one of ONNX's own"
                )
    if any(t.data_location or t.external_data for t in _tensors(model)):
        raise RefusedError("keeps its weights in another file; export it as one file")
    return model


def last_range(model: Any, output: str) -> tuple[float, float] | None:
    """What the graph's last step says of the values of `output`: (-1, 1) after a tanh."""
    makers = {name: node for node in model.graph.node for name in node.output}
    for _ in makers:
        node = makers.get(output)
        if node is None or node.op_type not in _SHAPED:
            return None if node is None else _RANGES.get(node.op_type)
        output = node.input[0]
    return None


def _nodes(part: Any) -> Iterator[Any]:
    """Those of a graph or function, and of the graphs within them."""
    for node in part.node:
        yield node
        for inner in _graphs(node):
            yield from _nodes(inner)


def _graphs(node: Any) -> Iterator[Any]:
    for attribute in node.attribute:
        yield from attribute.graphs
        if attribute.HasField("g"):
            yield attribute.g


def _tensors(model: Any) -> Iterator[Any]:
    graphs = [model.graph, *(g for n in _nodes(model.graph) for g in _graphs(n))]
    for graph in graphs:
        yield from graph.initializer
        for sparse in graph.sparse_initializer:
            yield from (sparse.values, sparse.indices)
    for part in (model.graph, *model.functions):
        for node in _nodes(part):
            for attribute in node.attribute:
                yield from attribute.tensors
                if attribute.HasField("t"):
                    yield attribute.t

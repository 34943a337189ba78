"""What the built-in engines share: devices, the training loop, weights files.

A plug-in may use it as well; it knows no engine.
"""

__all__ = [
    "device",
    "engine",
    "frozen",
    "inks",
    "onnx_runtime",
    "openvino_graph",
    "optimisers",
    "own_files",
    "ranks",
    "seeding",
    "sheets",
    "threads",
    "training",
    "transfer",
    "weights",
]

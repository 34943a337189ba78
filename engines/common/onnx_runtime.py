"""ONNX Runtime (MIT), imported so that it tells nobody of its use. It need not be installed.

Since 1.29 its wheels send what they are used for (a model's name and hashes, the session's options,
an identifier of this computer) to Microsoft unless this is set before they are first imported.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType

os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def runtime() -> ModuleType:
    """The package. Raises ImportError where it is missing."""
    return importlib.import_module("onnxruntime")

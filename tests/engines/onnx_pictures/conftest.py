"""ONNX Runtime is quiet here, too: tests import it by themselves."""

from engines.common import onnx_runtime

__all__ = ["onnx_runtime"]

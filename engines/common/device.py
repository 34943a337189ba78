"""Where a network runs, and in which precision and memory layout.

Everything here answers to `DeviceChoice` from the contract: "auto" takes CUDA, then Apple's MPS,
then the CPU; "openvino" is the CPU by another runtime. A device that is asked for by name and
missing raises `DeviceError`.
"""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from engines.common import openvino_graph
from engines.common.frozen import frozen
from studio.engine import DeviceChoice, DeviceError

_Module = TypeVar("_Module", bound=nn.Module)

os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "128")
"""Kernels that oneDNN keeps compiled. Textures want others for each zoom: with its own 1024, a
thousand scenes left 50 MB of them; a deck uses ten to twenty."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h


@dataclass(frozen=True)
class Placement:
    """A device with the precision and the layout that suit convolutions on it.

    Measured on the portraits' decoder (AMD EPYC with avx512_bf16), pictures a second on one and
    on two threads: fp32 as it comes 88 and 140; norms folded, channels-last, bf16: 177 and 313.
    """

    device: torch.device
    dtype: torch.dtype
    memory_format: torch.memory_format
    openvino: bool = False
    """Whether OpenVINO draws, where a network is asked for by `graph`."""

    def __str__(self) -> str:
        if self.openvino:
            return f"OpenVINO {'bf16' if self.dtype is torch.bfloat16 else 'fp32'}"
        kind = {"cuda": "CUDA", "mps": "MPS", "cpu": "CPU"}[self.device.type]
        return f"{kind} {'bf16' if self.dtype is torch.bfloat16 else 'fp32'}"

    def put(self, module: _Module, *, converted: bool = False) -> _Module:
        """The module on the device in our layout; its weights in our precision if `converted`."""
        dtype = self.dtype if converted else None
        moved: _Module = module.to(self.device, dtype).to(memory_format=self.memory_format)  # type: ignore[call-overload]
        return moved

    def fit(self, tensor: Tensor) -> Tensor:
        """An input for a module that was put and converted."""
        return tensor.to(self.device, self.dtype, memory_format=self.memory_format)

    def graph(self, module: nn.Module, *examples: Tensor) -> Callable[..., Any]:
        """A module of fixed shapes as one call; see `frozen`."""
        if not self.openvino:
            return frozen(module, *examples)
        precision = "bf16" if self.dtype is torch.bfloat16 else "f32"
        return openvino_graph.compiled(module, *examples, precision=precision)

    @contextmanager
    def autocast(self) -> Iterator[None]:
        """Mixed precision where this placement is not plain fp32."""
        if self.dtype is torch.float32:
            yield
            return
        with torch.autocast(self.device.type, dtype=self.dtype):
            yield


def place(choice: DeviceChoice) -> Placement:
    """The device for `choice`. Raises `DeviceError` for one that this machine lacks."""
    kind = _best() if choice == "auto" else choice
    if kind == "cuda":
        if not torch.cuda.is_available():
            raise DeviceError("This machine has no CUDA device that torch can use.")
        half = torch.cuda.is_bf16_supported(including_emulation=False)
        dtype = torch.bfloat16 if half else torch.float32
        return Placement(torch.device("cuda"), dtype, torch.channels_last)
    if kind == "mps":
        if not torch.backends.mps.is_available():
            raise DeviceError("This machine has no Apple GPU that torch can use.")
        return Placement(torch.device("mps"), torch.float32, torch.contiguous_format)
    if kind == "openvino":
        openvino_graph.runtime()
    dtype = torch.bfloat16 if cpu_has_bf16() else torch.float32
    return Placement(torch.device("cpu"), dtype, torch.channels_last, kind == "openvino")


def cpu_has_bf16() -> bool:
    """Whether the CPU multiplies bf16 in hardware; without that, bf16 is slower than fp32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def keep_memory() -> bool:
    """Tell glibc to keep freed memory for the next picture instead of returning it to the system.

    A decode allocates and frees the same megabytes every time, and fresh pages fault. Measured on
    the portraits' decoder, bf16, two cores: 235 -> 310 pictures a second on two threads, 173 ->
    177 on one. Call it before torch allocates. False elsewhere than on glibc, where nothing is
    done.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    return bool(libc.mallopt(M_MMAP_THRESHOLD, 1 << 30)) and bool(
        libc.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
    )


def _best() -> DeviceChoice:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"

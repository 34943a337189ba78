"""Which build of PyTorch to install: CUDA's takes gigabytes and is of use with an NVIDIA card only.

For `start.py`, before anything is installed: standard library only.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

VARIABLE = "LATENTLOOM_DEVICE"
CPU, CUDA = "cpu", "cuda"
_INDEXES = {
    CPU: "https://download.pytorch.org/whl/cpu",
    CUDA: "https://download.pytorch.org/whl/cu130",
}
_LABELS = {CPU: "cpu", CUDA: "cu130"}


def wanted(words: Sequence[str], environ: Mapping[str, str] = os.environ) -> str:
    """The build that `--device`, the environment or else the machine asks for."""
    asked = _option(words) or environ.get(VARIABLE, "")
    if asked in (CPU, CUDA):
        return asked
    return CUDA if has_nvidia() else CPU


def _option(words: Sequence[str]) -> str:
    """The value of `--device`, in both spellings."""
    for word, following in pairwise([*words, ""]):
        if word == "--device":
            return following
        if word.startswith("--device="):
            return word.partition("=")[2]
    return ""


def has_nvidia() -> bool:
    """Whether an NVIDIA driver is here."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def ordinary() -> str:
    """What pip's ordinary index has for this machine."""
    return CUDA if sys.platform == "linux" and platform.machine() == "x86_64" else CPU


def source(build: str, pin: str) -> list[str]:
    """pip's words for `build` of the pinned version, where the ordinary index has another one."""
    if build == ordinary() or sys.platform == "darwin":
        return []
    return ["--no-deps", "--index-url", _INDEXES[build], f"torch=={pin}+{_LABELS[build]}"]

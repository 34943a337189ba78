"""What is in the packaged program, and what is left out: the one list for all three systems."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("studio", "ui", "engines", "presets")
"""Collected whole: the window, the engines and the children are found by strings."""
LOADED_BY_NAME = (
    "cffi",
    "fluidsynth",
    "mido.backends",
    "resvg_py",
    "sounddevice",
    "supriya_midi",
    "tinysoundfont",
    "uvicorn",
    "verovio",
)
"""Other people's packages that nothing imports by a statement that PyInstaller sees, or not all."""
LEFT_OUT = (
    # torch's compiler and what only that needs; optimisers load it, so there is no training
    "torch._dynamo", "torch._inductor", "sympy", "mpmath", "networkx",
    # other parts of torch that rendering never loads
    "torch.onnx", "torch.testing._internal.opinfo", "torch.testing._internal.distributed",
    "torch.testing._internal.generated", "torch.testing._internal.common_methods_invocations",
    "torch.utils.tensorboard", "torch.utils.benchmark",
    "torch.utils.bottleneck", "torch.distributed.elastic", "torch.distributed.fsdp",
    "torch.distributed.pipelining", "torch.distributed.launcher", "torch.test", "caffe2",
    # what nobody here wants, though somebody imports it where it is there
    "tkinter", "matplotlib", "scipy", "pytest", "IPython", "setuptools", "pip", "tests",
    "numpy.f2py", "numpy.testing", "pyqtgraph.examples", "pyqtgraph.opengl",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtDesigner", "PySide6.QtSql", "PySide6.QtTest",
    "PySide6.QtNetwork", "PySide6.QtPrintSupport", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets",
)  # fmt: skip
_UNWANTED = re.compile(
    r"""
    ^torch/(bin/(?!torch_shm_manager)|include/|share/|test/|testing/_internal/(opinfo|distributed|generated)/|_inductor/|_dynamo/)
    | ^torch/lib/lib(torchbind_test|jitbackend_test|backend_with_compiler|aoti_custom_ops)\.
    | ^torch/(?!(__init__|functional|cuda/__init__|_library/custom_ops|_native/registry|nn/.*
                |utils/_debug_mode/_mode|(.*/)?_?config)\.py$).*\.py$  # read when imported
    | \.dist-info/RECORD$
    | ^PySide6/(Qt/)?(translations|qml|resources|libexec|metatypes|include|typesystems|glue)/
    | ^PySide6/(Qt/)?plugins/(egldeviceintegrations|networkinformation|tls|generic|qmltooling
                             |sqldrivers|printsupport|designer|assetimporters|sceneparsers)/
    | ^PySide6/(Qt/)?plugins/platforms/libq(eglfs|linuxfb|vkkhrdisplay|vnc|minimalegl)\.
    | ^PySide6/(Qt/)?plugins/platformthemes/libqgtk3\.
    | ^lib(gtk-3|gdk-3|gdk_pixbuf|atk|atspi|pango|cairo|epoxy|thai|datrie|fribidi|harfbuzz\.so
          |Xcomposite|Xcursor|Xdamage|Xinerama|Xrandr)
    | ^(PySide6/.*)?(lib)?Qt6?(Qml|Quick|Pdf|VirtualKeyboard|EglFS|EglFs|Network|Sql|Test|Designer)
    | ^pyqtgraph/(examples|opengl)/
    | ^numpy/.*/tests/
    | \.pyi$
    | ^lib(jack|asound|portaudio)\.so   # the system's, or those in FALLBACK
    """,
    re.VERBOSE,
)
_STRIPPED = re.compile(r"^(torch/lib|av|PIL|python3\.\d+/lib-dynload)/.*\.so$|^libpython.*\.so")
"""Libraries with much that only debuggers read. Not those in `numpy.libs` and its like: after what
auditwheel did to them, strip leaves files that do not load."""
HOOKS_LEFT_OUT = ("pyi_rth_pyside6", "pyi_rth_pyqtgraph_multiprocess")
"""What PyInstaller would run first. Its Qt hook imports Qt into every child, an eighth of the time
of `--version`, and its settings reach programs that we start; PySide6 wants none of it."""
FALLBACK = "fallback"
"""The folder of libraries that are used only where the system has none of that name."""
SOUND_LIBRARIES = ("libasound.so.2", "libjack.so.0", "libportaudio.so.2")
"""In the order in which they need each other."""


def project() -> dict[str, Any]:
    """pyproject.toml, read."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def version() -> str:
    """The version that the project declares."""
    return str(project()["project"]["version"])


def package_data() -> Iterator[Path]:
    """Every file that is no code and belongs into the wheel, as pyproject.toml declares it."""
    for package, patterns in project()["tool"]["setuptools"]["package-data"].items():
        for pattern in patterns:
            yield from (f for f in (ROOT / package).glob(_files(pattern)) if f.is_file())


def _files(pattern: str) -> str:
    """setuptools means files by a last `**`; pathlib means folders."""
    return f"{pattern}/*" if pattern.endswith("**") else pattern


def program_data() -> Iterator[Path]:
    """The same for the packaged program: without the material of trainings, which it has not."""
    for file in package_data():
        learnt_from = "data" in file.relative_to(ROOT).parts and file.suffix != ".md"
        if not learnt_from and "recipes" not in file.parts:
            yield file


def is_wanted(name: str) -> bool:
    """Whether a file that PyInstaller found, by its place in the program, stays in it."""
    return _UNWANTED.search(name.replace("\\", "/")) is None


def place(name: str, others: Collection[str]) -> str:
    """Where a file that PyInstaller found goes: what is compiled lies as Python wants it, beside
    its source in `__pycache__`, if that is among the `others`; else each start would compile."""
    source = name.removesuffix("c")
    return cache_from_source(source) if name.endswith(".pyc") and source in others else name


def may_be_stripped(name: str) -> bool:
    """Whether a library, by its place in the program, works without its symbols."""
    return _STRIPPED.search(name) is not None

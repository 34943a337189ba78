"""NDI, Spout and Syphon: the output for programs on the network, or on the same computer.

Each is reached through a library of its own, which only its optional extra brings. The runtime of
NDI comes in the wheels of cyndilib, has a licence of its own and is not a part of this program.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.outputs import opencv as cv2
from studio.outputs.sink import Frame, Pixels

NAME = "Latent Loom"
"""As other programs list it."""
_GL_RGBA = 0x1908

Rgba = npt.NDArray[np.uint8]
"""(height, width, 4)."""


class _Shared:
    """What the three have in common: a library that may be missing, and a size."""

    name: str
    extra: str
    module: str
    platform = ""
    """The beginning of `sys.platform`, where there is only one."""
    elsewhere = ""

    def __init__(self, load: Callable[[str], Any] = importlib.import_module) -> None:
        self._load = load
        self._size, self._rate = (0, 0), 30.0

    def missing(self) -> str:
        """Where the library is not installed, or the system is another."""
        if not sys.platform.startswith(self.platform):
            return self.elsewhere
        try:
            self._load(self.module)
        except (ImportError, OSError):
            return f"{self.name} is not installed here: pip install 'latent-loom[{self.extra}]'."
        return ""

    def open(self, width: int, height: int, rate: float) -> None:
        self.close()
        self._size, self._rate = (width, height), rate
        try:
            self._begin()
        except Exception as error:  # a library of another program runs here
            self.close()
            raise OSError(f"{self.name} cannot be started: {error}.") from error

    def send(self, frame: Frame) -> None:
        try:
            self._pass_on(_rgba(frame.pixels))
        except Exception as error:  # a library of another program runs here
            raise OSError(f"{self.name} has ended: {error}.") from error

    def close(self) -> None:
        """Give everything back."""

    def _begin(self) -> None:
        raise NotImplementedError

    def _pass_on(self, pixels: Rgba) -> None:
        raise NotImplementedError


class Ndi(_Shared):
    """By cyndilib."""

    name, extra, module = "NDI", "ndi", "cyndilib"

    _sender: Any = None
    _video: Any = None

    def _begin(self) -> None:
        four = self._load("cyndilib.wrapper.ndi_structs").FourCC
        self._video = self._load("cyndilib.video_frame").VideoSendFrame()
        self._video.set_resolution(*self._size)
        self._video.set_frame_rate(Fraction(round(self._rate)))
        self._video.set_fourcc(four.RGBX)
        self._sender = self._load("cyndilib.sender").Sender(NAME)
        self._sender.set_video_frame(self._video)
        self._sender.open()

    def _pass_on(self, pixels: Rgba) -> None:
        self._sender.write_video_async(pixels.reshape(-1))

    def close(self) -> None:
        sender, self._sender = self._sender, None
        if sender is not None:
            with suppress(Exception):  # a library of another program runs here
                sender.close()


class Spout(_Shared):
    """By SpoutGL; Windows only."""

    name, extra, module, platform = "Spout", "spout", "SpoutGL", "win32"
    elsewhere = "Spout is for Windows; on macOS there is Syphon, and NDI everywhere."

    _sender: Any = None

    def _begin(self) -> None:
        self._sender = self._load("SpoutGL").SpoutSender()
        self._sender.setSenderName(NAME)

    def _pass_on(self, pixels: Rgba) -> None:
        width, height = self._size
        if not self._sender.sendImage(pixels.tobytes(), width, height, _GL_RGBA, False, 0):
            raise OSError("the picture was not taken")
        self._sender.setFrameSync(NAME)

    def close(self) -> None:
        sender, self._sender = self._sender, None
        if sender is not None:
            with suppress(Exception):  # a library of another program runs here
                sender.releaseSender()


class Syphon(_Shared):
    """By syphon-python; macOS only."""

    name, extra, module, platform = "Syphon", "syphon", "syphon", "darwin"
    elsewhere = "Syphon is for macOS; on Windows there is Spout, and NDI everywhere."

    _server: Any = None
    _texture: Any = None

    def _begin(self) -> None:
        self._server = self._load("syphon").SyphonMetalServer(NAME)
        make = self._load("syphon.utils.raw").create_mtl_texture
        self._texture = make(self._server.device, *self._size)

    def _pass_on(self, pixels: Rgba) -> None:
        self._load("syphon.utils.numpy").copy_image_to_mtl_texture(pixels, self._texture)
        self._server.publish_frame_texture(self._texture)

    def close(self) -> None:
        server, self._server, self._texture = self._server, None, None
        if server is not None:
            with suppress(Exception):  # a library of another program runs here
                server.stop()


def _rgba(pixels: Pixels) -> Rgba:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA), np.uint8)

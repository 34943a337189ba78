"""A virtual camera on Linux: other programs see the output as a webcam.

It writes to a device of the kernel's module v4l2loopback, by PyAV.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from studio.outputs.sink import Frame

_DEVICES = Path("/sys/devices/virtual/video4linux")
ABSENT = (
    "There is no virtual camera on this computer: it comes with the kernel module v4l2loopback "
    "(`sudo modprobe v4l2loopback exclusive_caps=1`)."
)


def _opened(device: str) -> Any:
    import av

    return av.open(device, "w", format="v4l2")


class VirtualCamera:
    """A `Sink`."""

    name = "Virtual camera"

    def __init__(self, devices: Path = _DEVICES, opened: Callable[[str], Any] = _opened) -> None:
        self._devices, self._opened = devices, opened
        self._out: Any = None
        self._video: Any = None
        self._number = 0

    def missing(self) -> str:
        """Where there is no device, or where the system knows none."""
        if not sys.platform.startswith("linux"):
            return "A virtual camera of this kind is for Linux; OBS has one for other systems."
        return "" if self._device() else ABSENT

    def _device(self) -> str:
        with suppress(OSError):
            return next((f"/dev/{each.name}" for each in sorted(self._devices.iterdir())), "")
        return ""

    def open(self, width: int, height: int, rate: float) -> None:
        self.close()
        device = self._device()
        if not device:
            raise OSError(ABSENT)
        try:
            self._out = self._opened(device)
        except OSError as error:
            why = (error.strerror or str(error)).rstrip(".")
            raise OSError(f"The virtual camera {device} cannot be opened: {why}.") from error
        self._video = self._out.add_stream("rawvideo", rate=Fraction(round(rate)))
        self._video.width, self._video.height = width // 2 * 2, height // 2 * 2
        self._video.pix_fmt = "yuv420p"
        self._number = 0

    def send(self, frame: Frame) -> None:
        import av

        if self._out is None:
            return
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame.pixels), format="rgb24")
        size = (self._video.width, self._video.height)
        picture = picture.reformat(*size, format="yuv420p")
        picture.pts, self._number = self._number, self._number + 1
        try:
            self._out.mux(self._video.encode(picture))
        except OSError as error:
            raise OSError(f"The virtual camera is gone: {error.strerror}.") from error

    def close(self) -> None:
        out, self._out = self._out, None
        if out is not None:
            with suppress(OSError):
                out.close()

"""A network stream: MPEG-TS with H.264, which OBS, VLC and ffmpeg receive without a driver."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Any

import numpy as np

from studio.outputs.sink import Frame

RATE = 30.0
"""Pictures a second; one that stands is sent again, so that a receiver can join at any time."""
_TICKS = 90_000
_PACKET = 1316
"""Bytes of a datagram: seven packets of MPEG-TS, which every network lets through whole."""
_FAST = {"preset": "ultrafast", "tune": "zerolatency", "crf": "20", "threads": "2"}


class NetworkStream:
    """A `Sink` that sends to `address`, such as "udp://127.0.0.1:5004"."""

    name = "Network stream"

    def __init__(self, address: str) -> None:
        self.address = address
        self._frame: Frame | None = None
        self._problem: OSError | None = None
        self._some = Lock()
        self._closing = Event()
        self._thread: Thread | None = None
        self._every_s = 1 / RATE
        self.sent = 0
        """Pictures that went out."""

    def missing(self) -> str:
        """Where PyAV has no H.264."""
        import av  # when it is first wanted: no window needs it

        if "libx264" not in av.codec.codecs_available:
            return "A network stream needs an encoder for H.264, which this PyAV does not have."
        return ""

    def open(self, width: int, height: int, rate: float) -> None:
        self.close()
        self._every_s = 1 / min(rate, RATE)
        stream = _Stream(self.address, (width // 2 * 2, height // 2 * 2))
        self._closing.clear()
        self._problem = None
        self._thread = Thread(target=self._run, args=(stream,), name="network stream", daemon=True)
        self._thread.start()

    def send(self, frame: Frame) -> None:
        with self._some:
            self._frame, problem = frame, self._problem
        if problem is not None:
            raise problem

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self, stream: _Stream) -> None:
        """At an even pace, the newest frame."""
        from av.error import FFmpegError  # not all of them are an OSError

        next_s = perf_counter()
        try:
            while not self._closing.wait(max(0.0, next_s - perf_counter())):
                next_s = max(next_s + self._every_s, perf_counter() - 1.0)
                with self._some:
                    frame = self._frame
                if frame is not None:
                    stream.send(frame.pixels, perf_counter())
                    self.sent += 1
        except (OSError, FFmpegError) as error:
            with self._some:
                self._problem = OSError(f"The network stream has ended: {_why(error)}.")
        finally:
            with suppress(OSError, FFmpegError):
                stream.close()


class _Stream:
    """The encoder and the socket."""

    def __init__(self, address: str, size: tuple[int, int]) -> None:
        import av

        self._size, self._begun_s, self._last = size, perf_counter(), -1
        there = f"{address}{'&' if '?' in address else '?'}pkt_size={_PACKET}"
        try:
            self._out: Any = av.open(there, "w", format="mpegts", options={"flush_packets": "1"})
            self._video: Any = self._out.add_stream("libx264", rate=Fraction(round(RATE)))
            codec = self._video.codec_context
            codec.width, codec.height, codec.pix_fmt = *size, "yuv420p"
            codec.time_base, codec.gop_size = Fraction(1, _TICKS), round(RATE)
            codec.options = _FAST
            self._out.start_encoding()
        except (OSError, LookupError, ValueError, av.error.FFmpegError) as error:
            raise OSError(
                f"The network stream cannot be sent to {address}: {_why(error)}."
            ) from error

    def send(self, pixels: Any, at_s: float) -> None:
        import av

        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        picture = picture.reformat(*self._size, format="yuv420p")
        self._last = max(self._last + 1, round((at_s - self._begun_s) * _TICKS))
        picture.pts, picture.time_base = self._last, Fraction(1, _TICKS)
        self._out.mux(self._video.encode(picture))

    def close(self) -> None:
        try:
            if self._last >= 0:
                self._out.mux(self._video.encode(None))
        finally:
            self._out.close()


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")

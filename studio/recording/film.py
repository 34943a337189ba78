"""A film with sound, written while it happens: a file that plays however its writing ends.

MP4 in fragments of half a second, made a plain MP4 when it is closed. A picture is shown at its own
time, so a film of pictures that come irregularly is in time with its sound.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from studio.audio.offline import RATE_HZ
from studio.document.arrays import Pixels
from studio.recording.errors import RecordingError

Sound = npt.NDArray[np.float32]

TICKS = 60_000
"""Of a picture's time, in a second; MPEG-4 takes no more than 65535."""
_HARDWARE = ("h264_nvenc", "h264_videotoolbox", "h264_qsv", "h264_amf", "h264_mf")
_PRESETS = ("veryfast", "superfast", "ultrafast")
_SHARE = 0.25
"""Of the time from one picture to the next, what encoding one may take of one core: on two cores
of which engines have the other one."""
_BITS = 0.2
"""Of a pixel, where an encoder is told a rate: 12 Mbit/s for 1920x1080 at 30 pictures a second."""
_SAMPLE = 8
Encoder = tuple[str, dict[str, str]]
"""The name of a codec, and its options."""

LIVE: Encoder = ("libx264", {"preset": "superfast", "crf": "18", "bf": "0", "rc-lookahead": "0"})
BEST: Encoder = ("libx264", {"preset": "medium", "crf": "16"})
_FRAGMENTS = {"movflags": "hybrid_fragmented", "frag_duration": "500000", "flush_packets": "1"}


def encoder_for(size: tuple[int, int], rate: float) -> Encoder:
    """The best of the encoders here that does not disturb playing: hardware, or the preset that a
    trial on this computer shows to be quick enough; MPEG-4 where there is no H.264. Raises
    `RecordingError` where there is none at all."""
    for name in _HARDWARE:
        if name in av.codec.codecs_available and _seconds_each((name, {}), size, rate) is not None:
            return name, {}
    if (found := best_encoder()) != BEST:
        return found
    for preset in _PRESETS:
        found = ("libx264", {**LIVE[1], "preset": preset})
        took = _seconds_each(found, size, rate)
        if took is not None and took < _SHARE / rate:
            break
    return found


def best_encoder() -> Encoder:
    """The best one here for what is rendered offline. Raises `RecordingError` where there is none
    at all."""
    if "libx264" in av.codec.codecs_available:
        return BEST
    if "mpeg4" in av.codec.codecs_available:
        return "mpeg4", {}
    raise RecordingError("This PyAV has no encoder for films: neither H.264 nor MPEG-4.")


def _seconds_each(encoder: Encoder, size: tuple[int, int], rate: float) -> float | None:
    """What a picture costs, in seconds of a core; None where the encoder does not open."""
    codec: Any = None
    with suppress(av.error.FFmpegError, ValueError):
        codec = av.CodecContext.create(encoder[0], "w")
        _set_up(codec, encoder, size, rate)
        noise = np.random.default_rng(0).integers(0, 255, (36, 64, 3), np.uint8)
        began_s = time.process_time()
        for number in range(_SAMPLE):
            moved = np.roll(noise, number, 1)  # which is made smooth by being made large
            codec.encode(_picture(moved, size, round(number * TICKS / rate)))
        codec.encode(None)
        return (time.process_time() - began_s) / _SAMPLE
    return None


def _set_up(codec: Any, encoder: Encoder, size: tuple[int, int], rate: float) -> None:
    codec.width, codec.height, codec.pix_fmt = *size, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, TICKS), Fraction(round(rate * 1000), 1000)
    codec.gop_size = max(1, round(rate))
    if encoder != BEST:  # in fragments they move the pictures, 80 ms at 25 a second
        codec.max_b_frames = 0
    if encoder[0] != "libx264":  # which has its crf; others would take the 200 kbit/s of FFmpeg
        codec.bit_rate = round(_BITS * size[0] * size[1] * rate)
    codec.options = {"threads": "2", **encoder[1]}


def _picture(pixels: Pixels, size: tuple[int, int], pts: int) -> Any:
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    frame = frame.reformat(*size, format="yuv420p")
    frame.pts, frame.time_base = pts, Fraction(1, TICKS)
    return frame


@contextmanager
def _written() -> Iterator[None]:
    """What encoders and FFmpeg raise becomes an OSError: not all of theirs is one."""
    try:
        yield
    except OSError:
        raise
    except (av.error.FFmpegError, ValueError, LookupError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OSError(errno.EIO, f"the encoder says: {why}") from error


class Film:
    """One file. `size` is made even; pictures of other sizes are stretched to it. One that is not
    `live` plays only when it is closed.

    Raises OSError where it cannot be made or written; it can be closed after that, and what is
    in it plays.
    """

    def __init__(
        self,
        file: Path,
        size: tuple[int, int],
        rate: float,
        encoder: Encoder,
        *,
        sound: bool,
        live: bool = True,
    ) -> None:
        self._size = (max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2))
        self._last = -1
        self._samples = 0
        self.pictures = 0
        """How many were written."""
        with _written():
            self._open(file, rate, encoder, sound, live)

    def _open(self, file: Path, rate: float, encoder: Encoder, sound: bool, live: bool) -> None:
        self._film: Any = av.open(
            str(file), "w", format="mp4", options=_FRAGMENTS if live else {"movflags": "faststart"}
        )
        self._video: Any = self._film.add_stream(
            encoder[0], rate=Fraction(round(rate * 1000), 1000)
        )
        _set_up(self._video.codec_context, encoder, self._size, rate)
        self._sound: Any = None
        if sound:
            self._sound = self._film.add_stream("aac", rate=RATE_HZ, layout="stereo")
            self._sound.bit_rate = 192_000

    def show(self, pixels: Pixels, seconds: float) -> None:
        """A picture, (height, width, 3) RGB, that is shown from `seconds` on."""
        pts = max(self._last + 1, round(seconds * TICKS))
        with _written():
            self._film.mux(self._video.encode(_picture(pixels, self._size, pts)))
        self._last, self.pictures = pts, self.pictures + 1

    def play(self, sound: Sound) -> None:
        """The sound that follows, float32 (frames, 2)."""
        if self._sound is None or not len(sound):
            return
        flat = np.ascontiguousarray(sound, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(flat, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = RATE_HZ, self._samples
        frame.time_base = Fraction(1, RATE_HZ)
        self._samples += len(sound)
        with _written():
            self._film.mux(self._sound.encode(frame))

    def close(self) -> None:
        """Write what is left. Raises OSError; what is there plays in any case."""
        with _written():
            try:
                for stream in self._streams():
                    self._film.mux(stream.encode(None))
            finally:
                self._film.close()

    def _streams(self) -> Sequence[Any]:
        """Those that have something."""
        video = [self._video] if self.pictures else []
        return [*video, *([self._sound] if self._samples else [])]

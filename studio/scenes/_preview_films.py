"""Two seconds of film beside a preset: put together from an export, and read believing nothing.

A film says in its metadata which scene it was made of, so that an old one is known.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.engine import Pixels
from studio.presets.errors import PresetError
from studio.presets.sharing.bundles import LIMIT_PREVIEW_BYTES

if TYPE_CHECKING:  # with the first film: it takes a fifteenth of the time to the first window
    import av

SECONDS = 2.0
_SIDE_PX = 128
"""The longer side of a picture that is kept to be played; 60 of them take 3 MB."""
_LIMIT_PICTURES = 90
_LIMIT_PX = 1024 * 1024
"""Of a picture in a film: the decoder refuses larger ones before it takes memory for them."""
_TAG = "comment"


def tagged(film: bytes, look: str) -> bytes:
    """`film` with the look of the scene that it was made of. Raises `PresetError`."""
    import av

    out = io.BytesIO()
    try:
        with (
            av.open(io.BytesIO(film), "r", format="mp4") as source,
            av.open(out, "w", format="mp4") as made,
        ):
            made.metadata[_TAG] = look
            stream = made.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(source.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    made.mux(packet)
    except _trouble() as error:
        raise PresetError("The preview is damaged.") from error
    return out.getvalue()


def is_of(file: Path, look: str) -> bool:
    """Whether `file` is a film of the scene `look`. Never raises."""
    import av

    try:
        with av.open(io.BytesIO(_bytes(file)), "r", format="mp4") as film:
            return film.metadata.get(_TAG) == look
    except _trouble():
        return False


def pictures(file: Path, look: str) -> list[Pixels]:
    """The film as small pictures (H, W, 3) uint8, 30 for a second; none where there is no film of
    the scene `look`. Never raises."""
    import av

    try:
        with av.open(io.BytesIO(_bytes(file)), "r", format="mp4") as film:
            return _decoded(film) if film.metadata.get(_TAG) == look else []
    except _trouble():
        return []


@cache
def _trouble() -> tuple[type[Exception], ...]:
    """All that comes of a file that is no sound mp4."""
    import av

    return (av.FFmpegError, OSError, ValueError, KeyError, IndexError, PresetError)


def _bytes(file: Path) -> bytes:
    with file.open("rb") as source:
        data = source.read(LIMIT_PREVIEW_BYTES + 1)
    if len(data) > LIMIT_PREVIEW_BYTES:
        raise PresetError("The preview is too large.")
    return data


def _decoded(film: av.container.InputContainer) -> list[Pixels]:
    """From memory, so that nothing in the file can lead anywhere else."""
    stream = film.streams.video[0]
    codec: av.VideoCodecContext | None = stream.codec_context  # none for what nobody can decode
    if codec is None or codec.name != "h264":
        raise PresetError("The preview is of a kind that is not played here.")
    codec.options = {"max_pixels": str(_LIMIT_PX)}
    found = []
    for frame in film.decode(stream):
        found.append(_small(frame))
        if len(found) >= _LIMIT_PICTURES:
            break
    return found


def _small(frame: av.VideoFrame) -> Pixels:
    picture = Image.fromarray(frame.to_ndarray(format="rgb24"), "RGB")
    picture.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX)
    return np.ascontiguousarray(picture, np.uint8)

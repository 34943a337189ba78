"""What is dragged between views, dropped from elsewhere, or on the clipboard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from studio.audio.fonts import SUFFIXES as FONTS
from studio.engine import Latent, Pixels
from studio.presets.sharing.bundles import ENDING, MODEL_ENDING

SLOT_MIME = "application/x-latentloom-slot"
"""What a dragged slot carries: its index as ASCII digits."""
POINT_MIME = "application/x-latentloom-point"
"""What a dragged variation carries: its point as float32 bytes."""

_SMOOTHLY = (Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
_LARGEST_PX = 2048
"""As for a picture from a file."""
_TAKEN_IN = {".json", ENDING, MODEL_ENDING}
"""Endings of what is taken in wherever it is dropped."""


def take_anywhere(endings: Iterable[str]) -> None:
    """Files that end so are taken in as presets are, from now on."""
    _TAKEN_IN.update(endings)


def carry_point(point: Latent) -> QMimeData:
    """A point, ready to be dragged."""
    carried = QMimeData()
    carried.setData(POINT_MIME, np.asarray(point, np.float32).tobytes())
    return carried


def carried_point(carried: QMimeData) -> Latent | None:
    """The point that is carried; None where there is none."""
    held = carried.data(POINT_MIME).data()
    if not held or len(held) % 4:
        return None
    point = np.frombuffer(held, np.float32).copy()
    return point if np.isfinite(point).all() else None


def carried_file(carried: QMimeData) -> Path | None:
    """The first file of this computer among what is carried that a view may take:
    neither a preset nor a SoundFont, which are the window's."""
    mine = (file for file in _files(carried) if not (_is_preset(file) or _is_font(file)))
    return next(mine, None)


def carried_folder(carried: QMimeData) -> Path | None:
    """The folder of this computer that is carried, alone; None where there is none."""
    found = _files(carried)
    return found[0] if len(found) == 1 and found[0].is_dir() else None


def carried_presets(carried: QMimeData) -> list[Path]:
    """The presets, bundles and models of this computer among what is carried."""
    return [file for file in _files(carried) if _is_preset(file)]


def carried_font(carried: QMimeData) -> Path | None:
    """The first SoundFont of this computer among what is carried."""
    return next((file for file in _files(carried) if _is_font(file)), None)


def _files(carried: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in carried.urls() if url.isLocalFile()]


def _is_preset(file: Path) -> bool:
    return file.suffix.lower() in _TAKEN_IN


def _is_font(file: Path) -> bool:
    return file.suffix.lower() in FONTS


def pasted_picture() -> Path | Pixels | None:
    """The picture on the clipboard: a file of this computer, or pixels (H, W, 3)."""
    carried = QApplication.clipboard().mimeData()
    file = carried_file(carried)
    if file is not None:
        return file
    held = carried.imageData() if carried.hasImage() else None
    image = held.toImage() if isinstance(held, QPixmap) else held
    return pixels_of(image) if isinstance(image, QImage) and not image.isNull() else None


def pixels_of(image: QImage) -> Pixels:
    """The picture as (H, W, 3) uint8, transparency on white, at most 2048 px on a side."""
    if max(image.width(), image.height()) > _LARGEST_PX:
        image = image.scaled(_LARGEST_PX, _LARGEST_PX, *_SMOOTHLY)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    height, width = image.height(), image.width()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    rgba = rows[:, : 4 * width].reshape(height, width, 4).astype(np.float32)
    opacity = rgba[..., 3:] / 255
    return np.ascontiguousarray(np.round(rgba[..., :3] * opacity + 255 * (1 - opacity)), np.uint8)

"""From an engine's pixels to what Qt paints."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPixmap

from studio.engine import Pixels


def pixmap_of(pixels: Pixels) -> QPixmap:
    """A pixmap of (H, W, 3) uint8 pixels. Copies, so the array may go."""
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888)
    # A pixmap paints twice as fast as an image of 24 bits, and three times as fast when enlarged.
    return QPixmap.fromImage(image)

"""The program's icon, drawn once as SVG, in the form that each system wants."""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image

SIZE_PX = 1024
_ICO_PX = (16, 24, 32, 48, 64, 128, 256)


def make(svg: Path, into: Path) -> dict[str, Path]:
    """Draw `svg` as PNG (512 px), ICO (Windows) and ICNS (macOS) into a folder; path by suffix."""
    into.mkdir(parents=True, exist_ok=True)
    files = {suffix: into / f"latentloom{suffix}" for suffix in (".png", ".ico", ".icns")}
    drawn = _drawn(svg)
    drawn.resize((512, 512), Image.Resampling.LANCZOS).save(files[".png"])
    drawn.save(files[".ico"], sizes=[(px, px) for px in _ICO_PX])
    drawn.save(files[".icns"])
    return files


def _drawn(svg: Path) -> Image.Image:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(SIZE_PX, SIZE_PX, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(svg)).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (SIZE_PX, SIZE_PX), bytes(image.constBits()))

"""Pages of SVG as a PDF."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from studio.document.errors import StudioError
from ui import theme


def write(file: Path, pages: Sequence[str]) -> None:
    """Write A4 pages to `file`, which is there. Raises OSError, and `StudioError` where Qt fails.

    Without a window, as from the command line, it draws off screen.
    """
    app = QGuiApplication.instance()
    if app is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        app = QGuiApplication([])
        theme.add_fonts()
    with file.open("r+b"):
        pass  # says what is wrong with it, as Qt does not
    writer = QPdfWriter(str(file))
    writer.setCreator("Latent Loom")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(writer):
        raise StudioError(f"{file.name} cannot be written as PDF.")
    for number, svg in enumerate(pages):
        if number:
            writer.newPage()
        QSvgRenderer(svg.encode()).render(painter, QRectF(0, 0, writer.width(), writer.height()))
    painter.end()

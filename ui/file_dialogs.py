"""Where the artist was last: the folders of pictures opened and files written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QToolButton, QWidget

from studio.music.files.midi import SUFFIXES
from studio.storage import files
from ui import theme
from ui.icons import icon

_log = logging.getLogger(__name__)

_PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff);;All files (*)"
_MELODIES = f"Melodies ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"


class LastFolders:
    """Remembered in one small file, from one session to the next."""

    def __init__(self) -> None:
        self._file = platformdirs.user_config_path("Latent Loom", appauthor=False) / "folders.json"
        self._known: dict[str, str] = self._read()

    def last(self, purpose: str) -> Path:
        """The folder that served `purpose` last; at first that of the artist's pictures."""
        known = Path(self._known.get(purpose, ""))
        if self._known.get(purpose) and known.is_dir():
            return known
        pictures = platformdirs.user_pictures_path()
        return pictures if pictures.is_dir() else Path.home()

    def remember(self, purpose: str, folder: Path) -> None:
        """Begin there the next time."""
        self._known = self._read() | {purpose: str(folder)}  # another copy may have written
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            files.replace(self._file, json.dumps(self._known, indent=1).encode())
        except OSError as error:
            _log.warning("folders are not remembered: %s", error)

    def _read(self) -> dict[str, str]:
        try:
            held = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        known = held.items() if isinstance(held, dict) else ()
        return {str(purpose): str(folder) for purpose, folder in known}


_BUTTONS = {
    "backButton": "chevron-left",
    "forwardButton": "chevron-right",
    "toParentButton": "arrow-back-up",
    "newFolderButton": "plus",
    "listModeButton": "grid-3x3",
    "detailModeButton": "playlist",
}
"""What Qt's own dialog calls its buttons, with icons that are seen on a dark ground."""
_PREVIEW_PX = 200
_SIZE = (900, 520)


def dress_dialog(dialog: QFileDialog, *, of_pictures: bool = False) -> None:
    """Where the system has no file dialog, give Qt's own icons, and a preview `of_pictures`."""
    dialog.resize(*map(theme.px, _SIZE))
    for name, mark in _BUTTONS.items():
        button = dialog.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(icon(mark, 16))
            button.setStyleSheet("padding: 3px; min-height: 0;")
    grid = dialog.layout()
    if not isinstance(grid, QGridLayout) or not of_pictures:
        return
    preview = QLabel("No picture chosen")
    preview.setObjectName("quiet")
    preview.setAccessibleName("Preview")
    preview.setToolTip("The picture that is chosen")
    preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
    preview.setFixedWidth(_PREVIEW_PX)
    grid.addWidget(preview, 1, grid.columnCount())

    def show(name: str) -> None:
        reader = QImageReader(name)
        size = reader.size()
        if size.isValid():  # large ones are read small
            largest = QSize(_PREVIEW_PX, _PREVIEW_PX)
            reader.setScaledSize(size.scaled(largest, Qt.AspectRatioMode.KeepAspectRatio))
        picture = QPixmap.fromImage(reader.read())
        preview.setPixmap(picture)
        if picture.isNull():
            preview.setText("No preview")

    dialog.currentChanged.connect(show)


class PictureDialogs:
    """Lets the artist choose a picture, or a melody, without stopping anything."""

    def __init__(self, folders: LastFolders, parent: QWidget) -> None:
        self._folders = folders
        self._parent = parent

    def open(self, take: Callable[[Path], object], *, melody: bool = False) -> QFileDialog:
        """Ask for a picture's file, or a melody's, and give it to `take`."""
        purpose = "open melody" if melody else "open"

        def chosen(name: str) -> None:
            self._folders.remember(purpose, Path(name).parent)
            take(Path(name))

        folder = str(self._folders.last(purpose))
        words, kinds = ("a melody", _MELODIES) if melody else ("a picture", _PICTURES)
        dialog = QFileDialog(self._parent, f"Open {words}", folder, kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dress_dialog(dialog, of_pictures=not melody)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

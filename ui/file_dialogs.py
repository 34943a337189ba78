"""Where the artist was last: the folders of pictures opened and files written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import platformdirs
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.music.files.midi import SUFFIXES
from studio.storage import files

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
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

"""Files of a deck: what it has played, or the tune that was wished for, as MIDI or on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from studio.engraving.score_files import SUFFIXES
from studio.export.plans import free_file
from studio.live.ensemble.ensemble import Ensemble
from studio.session import Session
from ui.band._wish_tunes import WishedTunes
from ui.file_dialogs import LastFolders, dress_dialog
from ui.score.printer import ScorePrinter

PLAYED, WISHED = "What was played", "The tune as wished"
_KINDS = {
    ".mid": "MIDI (*.mid)",
    ".musicxml": "MusicXML, for other programs (*.musicxml)",
    ".pdf": "Score on pages of PDF (*.pdf)",
    ".svg": "Score on pages of SVG (*.svg)",
    ".abc": "ABC (*.abc)",
}


class BandFiles(QObject):
    """What can be written of the front deck, and where to."""

    def __init__(
        self,
        session: Session,
        ensemble: Ensemble,
        tunes: WishedTunes,
        folders: LastFolders,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._ensemble, self._tunes = session, ensemble, tunes
        self._folders, self._widget = folders, parent
        self._printer = ScorePrinter(self)
        self._printer.told.connect(session.noticed.emit)

    def close(self) -> None:
        """Write nothing any more."""
        self._printer.close()

    @property
    def there(self) -> tuple[str, ...]:
        """Which files can be written now."""
        deck = self._session.scene.front
        played = any(bar.settled for bar in self._ensemble.roll(deck).bars)
        wished = self._tunes.tune(deck) is not None
        return (PLAYED,) * played + (WISHED,) * wished

    def offer(self, beside: QWidget) -> None:
        """Ask what to write, if there is a choice, and then where to."""
        there = self.there
        if len(there) == 1:
            self.choose(there[0])
        elif there:
            self.menu().popup(beside.mapToGlobal(beside.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """What to write."""
        menu = QMenu(self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for what in self.there:
            action = menu.addAction(f"{what}…")
            action.triggered.connect(lambda _=False, what=what: self.choose(what))
        return menu

    def choose(self, what: str) -> QFileDialog:
        """Ask where it is to go."""
        session, folder = self._session, self._folders.last("export")
        deck, write = session.scene.front, self._writer(what)
        dialog = QFileDialog(self._widget, what, str(folder))
        dialog.setNameFilters([*_KINDS.values()])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("mid")
        dress_dialog(dialog)
        dialog.selectFile(free_file(folder, session.model(deck).title, ".mid").name)

        def another_kind(words: str) -> None:
            suffix = next(suffix for suffix, kind in _KINDS.items() if kind == words)
            dialog.setDefaultSuffix(suffix[1:])
            dialog.selectFile(Path(dialog.selectedFiles()[0]).with_suffix(suffix).name)

        dialog.filterSelected.connect(another_kind)

        def chosen(file: str) -> None:
            self._folders.remember("export", Path(file).parent)
            if Path(file).suffix.lower() in SUFFIXES:
                self._print(what, deck, Path(file))
            else:
                write(deck, Path(file))

        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _writer(self, what: str) -> Callable[[str, Path], None]:
        return self._ensemble.export if what == PLAYED else self._write_tune

    def _print(self, what: str, deck: str, file: Path) -> None:
        score = self._ensemble.score(deck) if what == PLAYED else self._tunes.score(deck)
        if score is not None:
            self._printer.write(file, score)

    def _write_tune(self, deck: str, file: Path) -> None:
        try:
            self._tunes.write(deck, file)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._session.noticed.emit(f"The file {file.name} cannot be written: {why}.")
        else:
            self._session.noticed.emit(f"Saved {file.name} in {file.parent}.")

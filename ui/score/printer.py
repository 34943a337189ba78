"""Scores from the window to files: what has to be engraved is, in another process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from studio.document.errors import StudioError
from studio.engraving import score_files
from studio.engraving.engraver import Answer, Engraver
from studio.engraving.messages import SHEETS
from studio.music.files.musicxml import Score


class ScorePrinter(QObject):
    """`told(sentence)` says of every file that it was written, or why not."""

    told = Signal(str)
    _answered = Signal(int, object)

    def __init__(
        self,
        parent: QObject,
        make_engraver: Callable[[Callable[[int, Answer], None]], Engraver] = Engraver,
    ) -> None:
        super().__init__(parent)
        self._make_engraver = make_engraver
        self._engraver: Engraver | None = None
        self._files: dict[int, Path] = {}
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """End the process, if there is one."""
        if self._engraver is not None:
            self._engraver.close()
            self._engraver = None

    def write(self, file: Path, score: Score) -> None:
        """Write `score` as the suffix of `file` says, by and by."""
        if file.suffix.lower() not in score_files.ENGRAVED:
            self._try(file, lambda: score_files.write(file, score))
            return
        try:
            score_files.check(file.suffix.lower())
        except StudioError as error:
            self.told.emit(str(error))
            return
        if self._engraver is None:
            self._engraver = self._make_engraver(self._answered.emit)
        self._files[self._engraver.engrave(score, SHEETS)] = file

    def _take(self, number: int, answer: Answer) -> None:
        file = self._files.pop(number, None)
        if file is None:
            return
        if isinstance(answer, str):
            self.told.emit(answer)
        else:
            self._try(file, lambda: score_files.write_pages(file, answer))

    def _try(self, file: Path, write: Callable[[], list[Path]]) -> None:
        try:
            written = write()
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.told.emit(f"The file {file.name} cannot be written: {why}.")
        except StudioError as error:
            self.told.emit(str(error))
        else:
            more = f" and {len(written) - 1} more pages" if len(written) > 1 else ""
            self.told.emit(f"Saved {file.name}{more} in {file.parent}.")

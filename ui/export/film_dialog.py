"""A film of a take from the window: size, rate, from and to; written by another process.

That process is `latentloom replay`, so that a film from here and one from a terminal are the same.
Closing the dialog while it writes, or the window, ends it and takes away what it wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QWidget,
)

from studio.document.parameters import Float
from studio.processes.child import module_command
from studio.recording.take import Take
from ui.export._choices import NumberField
from ui.file_dialogs import dress_dialog
from ui.theme import STEP
from ui.widgets.parameter_rows import ComboBox
from ui.widgets.progress_line import ProgressLine

_SIZES = ((1280, 720), (1920, 1080), (2560, 1440), (3840, 2160), (1080, 1920), (1080, 1080))
_RATES = (24, 25, 30, 50, 60)
_WHEN_CLOSING_MS = 3000


class FilmDialog(QDialog):
    """Asks, then shows how far the film is. Closing it while it is written stops the film."""

    def __init__(
        self, file: Path, take: Take, say: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._take, self._say = file, say
        self._out: Path | None = None
        self._errors = b""
        self.setWindowTitle(f"Film of {file.parent.name or file.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        recorded = take.header.size
        self._sizes = [recorded, *(size for size in _SIZES if size != recorded)]
        self.size_picker = ComboBox("Size", self)
        self.size_picker.addItems([f"{width} x {height}" for width, height in self._sizes])
        self.size_picker.setItemText(0, f"{self.size_picker.itemText(0)}, as recorded")
        self.size_picker.setToolTip("How large the film is; pictures are drawn anew for it")
        self.rate = ComboBox("Pictures a second", self)
        self.rate.addItems([str(rate) for rate in _RATES])
        self.rate.setCurrentText(str(round(take.header.rate)))
        self.rate.setToolTip("Pictures a second")
        end_s = max(0.1, take.seconds)
        self.begin = NumberField(_seconds("From", "Where the film begins.", end_s, 0.0), self)
        self.end = NumberField(_seconds("To", "Where the film ends.", end_s, end_s), self)
        self.line, self.words = ProgressLine(self), QLabel(self)
        self.words.setObjectName("quiet")
        self.buttons = QDialogButtonBox(self)
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.go = self.buttons.addButton("Export…", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setToolTip("Choose the file, and write the film")
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self._fields: list[tuple[QWidget, QWidget]] = [
            (QLabel("Size"), self.size_picker),
            (QLabel("Pictures a second"), self.rate),
            (self.begin.label, self.begin),
            (self.end.label, self.end),
        ]
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(2 * STEP)
        for row, (label, field) in enumerate(self._fields):
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        for row, widget in enumerate((self.line, self.words, self.buttons), start=4):
            grid.addWidget(widget, row, 0, 1, 2)
        grid.setColumnMinimumWidth(1, 320)
        self.process = QProcess(self)
        self.process.readyReadStandardOutput.connect(self._hear)
        self.process.readyReadStandardError.connect(self._hear_errors)
        self.process.finished.connect(self._finish)
        self.process.errorOccurred.connect(self._fail)
        app = QApplication.instance()
        assert app is not None
        app.aboutToQuit.connect(self._stop)

    @property
    def is_writing(self) -> bool:
        """Whether a film is being written."""
        return self.process.state() != QProcess.ProcessState.NotRunning

    def _choose(self) -> None:
        chooser = QFileDialog(self, "Export a film", str(self._take.parent), "Films (*.mp4)")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("mp4")
        width, height = self._sizes[self.size_picker.currentIndex()]
        chooser.selectFile(f"{self._take.stem} {width}x{height}.mp4")
        dress_dialog(chooser)
        chooser.fileSelected.connect(lambda name: self.write(Path(name)))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def write(self, out: Path) -> None:
        """Write the film to `out`."""
        begin_s, end_s = self.begin.value, self.end.value
        if end_s <= begin_s:
            self.words.setText("The film must end after its beginning.")
            return
        width, height = self._sizes[self.size_picker.currentIndex()]
        program, *words = module_command("studio", "replay", str(self._take), "--out", str(out))
        words += ["--size", f"{width}x{height}", "--fps", self.rate.currentText(), "--watched"]
        words += ["--from", f"{begin_s:.3f}", "--to", f"{end_s:.3f}"]
        self._out, self._errors = out, b""
        self.go.setEnabled(False)
        for _, field in self._fields:
            field.setEnabled(False)
        self.words.setText("It begins…")
        self.process.setWorkingDirectory(str(Path(__file__).resolve().parents[2]))
        self.process.start(program, words)

    def _hear(self) -> None:
        lines = bytes(self.process.readAllStandardOutput().data()).split()
        if lines and lines[-1].replace(b".", b"", 1).isdigit():
            share = float(lines[-1])
            self.line.show_share(share)
            self.words.setText(f"{share:.0%}")

    def _hear_errors(self) -> None:
        self._errors += bytes(self.process.readAllStandardError().data())

    def _finish(self, code: int) -> None:
        out = self._out
        if code == 0 and out is not None and out.exists():
            self._say(f"Saved {out.name} in {out.parent}.")
            self.accept()
            return
        lines = self._errors.decode("utf-8", "replace").strip().splitlines()
        self._again(lines[-1] if lines else "The film could not be made.")

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._again(f"The film could not be made: {self.process.errorString()}.")

    def _again(self, sentence: str) -> None:
        self.line.show_share(None)
        self.words.setText(sentence)
        self.go.setEnabled(True)
        for _, field in self._fields:
            field.setEnabled(True)

    def _stop(self) -> None:
        """The process is told by the end of its input, and takes what it wrote away."""
        if self.is_writing:
            self.process.finished.disconnect(self._finish)
            self.process.closeWriteChannel()
            if not self.process.waitForFinished(_WHEN_CLOSING_MS):
                self.process.kill()
                self.process.waitForFinished(_WHEN_CLOSING_MS)

    def done(self, result: int) -> None:
        """No film after all, where it is not whole."""
        if self.is_writing:
            self._stop()
            if self._out is not None:
                self._say(f"{self._out.name} was not made.")
        super().done(result)


def _seconds(label: str, about: str, most: float, at: float) -> Float:
    return Float(
        name=label.lower(), label=label, low=0, high=most, default=at, decimals=1, unit="s",
        help=about,
    )  # fmt: skip

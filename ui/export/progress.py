"""Files in the making: how far they are, how long it still takes, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from studio.export.exports import Export, Exports
from ui.icons import icon
from ui.theme import STEP
from ui.widgets.progress_line import ProgressLine

_BAR_PX = 96
_NAME_PX = 150
_MIDDLE = Qt.TextElideMode.ElideMiddle


class ExportLine(QWidget):
    """Shows the first of the running exports; hidden while there is none."""

    def __init__(
        self,
        exports: Exports,
        say: Callable[[str], object],
        parent: QWidget | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(parent)
        self._exports, self._say, self._clock = exports, say, clock
        self._begun: dict[str, float] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(STEP)
        self._name = QLabel(self)
        self._name.setMaximumWidth(_NAME_PX)
        self._bar = ProgressLine(self)
        self._bar.setFixedWidth(_BAR_PX)
        self._left = QLabel(self)
        self.cancel = QPushButton(icon("x", 14), "", self)
        self.cancel.setObjectName("flat")
        self.cancel.setIconSize(QSize(14, 14))
        self.cancel.setToolTip("Stop this export; no file is made")
        self.cancel.setAccessibleName("Cancel the export")
        self.cancel.clicked.connect(self._cancel)
        for part in (self._name, self._bar, self._left, self.cancel):
            line.addWidget(part)
        self.hide()
        exports.changed.connect(self._on_changed)

    @property
    def words(self) -> str:
        """What it says beside the bar."""
        return self._left.text()

    def refresh(self) -> None:
        """Show the exports as they are now."""
        running = [e for e in self._exports.running if not (e.cancelled or e.quiet)]
        self.setVisible(bool(running))
        if not running:
            return
        first = running[0]
        begun = self._begun.setdefault(first.name, self._clock())
        more = f" and {len(running) - 1} more" if len(running) > 1 else ""
        name = f"{first.file.name}{more}"
        self._name.setText(self._name.fontMetrics().elidedText(name, _MIDDLE, _NAME_PX))
        self.setToolTip(f"Writing {first.file}")
        self.setAccessibleName(f"Writing {name}, {round(100 * first.share)} %")
        self._bar.show_share(first.share)
        self._left.setText(time_left(first.share, self._clock() - begun))

    def _on_changed(self, export: Export) -> None:
        if export.quiet:
            return
        self._begun.setdefault(export.name, self._clock())
        if export.is_over:
            del self._begun[export.name]
            if export.cancelled:
                self._say(f"{export.file.name} was not made.")
            elif not export.problem:
                self._say(f"Saved {export.file.name} in {export.file.parent}.")
        self.refresh()

    def _cancel(self) -> None:
        for export in [e for e in self._exports.running if not e.quiet][:1]:
            export.cancel()
        self._exports.step()
        self.refresh()


def time_left(share: float, taken_s: float) -> str:
    """How long it still takes at the pace so far, for `share` of the work done in `taken_s`."""
    if share <= 0 or taken_s < 1:
        return f"{round(100 * share)} %"
    left_s = taken_s * (1 - share) / share
    if left_s >= 90:
        return f"{round(left_s / 60)} min left"
    return f"{max(1, round(left_s))} s left"

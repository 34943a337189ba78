"""How the output lies on one screen: its corners, crop, turn, gamma and brightness."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.document.parameters import Parameter, Value
from studio.live.rig import Rig
from studio.settings.model import Settings
from studio.settings.screens import SCREEN_PARAMETERS, ScreenSettings
from ui import theme
from ui.outputs._corner_view import CornerView
from ui.outputs.windows import OutputWindows
from ui.theme import STEP
from ui.widgets.form import CheckBox, quiet
from ui.widgets.parameter_rows import ComboBox, ParameterRow, row_for
from ui.widgets.scroll_column import ScrollColumn

_ABOUT = (
    "Belongs to this screen and is kept for the next time. Drag the corners until the test card "
    "fits what you project on."
)


class ScreenDialog(QDialog):
    """Applies at once, stops nothing, and closes by Escape."""

    def __init__(self, rig: Rig, windows: OutputWindows, parent: QWidget) -> None:
        super().__init__(parent)
        self._rig, self._windows = rig, windows
        self.setWindowTitle("Screen setup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.screens = ComboBox("Screen", self)
        self.screens.activated.connect(lambda _: self.refresh())
        self.card = CheckBox("Test card", "Show the test card on the output's screens")
        self.card.wanted.connect(windows.show_card)
        self.corners = CornerView(self)
        self.corners.wanted.connect(lambda corners: self._use(corners=corners))
        self.rows = {p.name: self._row(p) for p in SCREEN_PARAMETERS}
        reset, close = QPushButton("Reset"), QPushButton("Close")
        reset.setToolTip("All of this screen as it was at first")
        reset.clicked.connect(lambda: windows.set_screen(self.name, ScreenSettings()))
        close.setToolTip("Close this window (Esc); everything has been applied")
        close.clicked.connect(self.close)
        for button in (reset, close):
            button.setAutoDefault(False)
        self._lay_out(reset, close)
        windows.changed.connect(self._list)
        rig.store.changed.connect(self._follow)
        self.finished.connect(lambda: rig.store.changed.disconnect(self._follow, missing_ok=True))
        self._list()

    def _lay_out(self, reset: QPushButton, close: QPushButton) -> None:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setSpacing(2)
        for row in self.rows.values():
            rows.addWidget(row)
        rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, STEP)
        first, foot = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.screens, 1)
        first.addWidget(self.card)
        foot.addWidget(reset)
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(first)
        column.addWidget(quiet(_ABOUT))
        column.addWidget(self.corners)
        column.addWidget(ScrollColumn(inside, self), 1)
        column.addLayout(foot)
        size = QSize(theme.px(520), theme.px(760))
        self.resize(size.boundedTo(self.screen().availableSize() - QSize(0, 40)))

    def _row(self, parameter: Parameter) -> ParameterRow:
        row = row_for(parameter)
        row.wanted.connect(lambda value: self._use(**{parameter.name: value}))
        return row

    @property
    def name(self) -> str:
        """Of the screen that is shown."""
        return self.screens.currentText()

    def _list(self) -> None:
        """The screens that there are, those with a window first."""
        names = list(dict.fromkeys((*self._windows.open, *self._windows.names())))
        if names != [self.screens.itemText(n) for n in range(self.screens.count())]:
            before = self.name
            self.screens.clear()
            self.screens.addItems(names)
            self.screens.setCurrentText(before if before in names else names[0])
        self.card.show_value(self._windows.shows_card)
        self.refresh()

    def refresh(self) -> None:
        """Show how it stands with the screen."""
        settings = self._windows.settings_of(self.name)
        output = self._rig.settings.output.size
        self.corners.show_screen(settings, output, self._windows.size_of(self.name))
        for name, row in self.rows.items():
            row.show_value(getattr(settings, name))

    def _use(self, **changes: Value | object) -> None:
        settings = self._windows.settings_of(self.name).but(**changes)
        self._windows.set_screen(self.name, settings)

    def _follow(self, now: Settings, before: Settings) -> None:
        if now.output != before.output:
            self.refresh()

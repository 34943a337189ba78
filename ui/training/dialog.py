"""The training room as a dialog that stops nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from studio.processes.packaged import is_packaged, remedy
from ui import theme
from ui.tabs.page import line, segments
from ui.theme import STEP
from ui.training._models_page import ModelsPage
from ui.training._new_page import NewPage
from ui.training._training_page import TrainingPage
from ui.training.driver import TrainingDriver
from ui.widgets.drag_data import carried_folder
from ui.widgets.form import SHEET, quiet

_SIZE = (920, 590)


class TrainingDialog(QDialog):
    """Three pages: what is to be learnt, the training, and the models that are there."""

    def __init__(self, driver: TrainingDriver, parent: QWidget) -> None:
        super().__init__(parent)
        self._driver = driver
        self.setWindowTitle("Models of your own")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        theme.dress(self, SHEET)
        self.resize(*map(theme.px, _SIZE))
        self.new, self.training, self.models = (
            NewPage(driver),
            TrainingPage(driver),
            ModelsPage(driver),
        )
        self.pages = QStackedWidget()
        for page in (self.new, self.training, self.models):
            self.pages.addWidget(page)
        self.tabs = segments(
            self,
            ("Learn from a folder", "What is to be learnt"),
            ("Training", "How far it is"),
            ("Models", "What came of trainings, and of files of others"),
            changed=self._turn,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        tabs = line(*self.tabs, stretch_at=3)
        tabs.setSpacing(0)
        tabs.addStretch(1)
        column.addLayout(tabs)
        if is_packaged():
            words = f"The packaged program only plays what was learnt: {remedy('')} to train."
            column.addWidget(quiet(words))
            self.new.setEnabled(False)
        column.addWidget(self.pages, 1)
        self.new.begun.connect(lambda: self.show_page(1))
        driver.changed.connect(self.refresh)
        self.finished.connect(self._close_down)
        self.show_page(1 if driver.trainings.is_unfinished else 0)

    def show_page(self, place: int) -> None:
        """The first, the second or the third."""
        self.tabs[place].setChecked(True)
        self._turn()

    def look_through(self, folder: Path) -> None:
        """Show what is in a folder."""
        self.show_page(0)
        self.new.look_through(folder)

    def refresh(self) -> None:
        """Show everything as it is now."""
        page = self.pages.currentWidget()
        assert isinstance(page, (NewPage, TrainingPage, ModelsPage))
        page.refresh()

    def _turn(self) -> None:
        place = next(n for n, tab in enumerate(self.tabs) if tab.isChecked())
        self.pages.setCurrentIndex(place)
        self.refresh()

    def _close_down(self) -> None:
        self._driver.changed.disconnect(self.refresh)
        self.new.close_down()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carried_folder(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folder = carried_folder(event.mimeData())
        if folder is not None:
            event.acceptProposedAction()
            self.look_through(folder)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.new.close_down()
        super().closeEvent(event)

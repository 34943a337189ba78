"""Votes in the dialog of songs on request: what is offered, how it stands, and the winner."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.document.parameters import Toggle
from studio.requests.votes import LONGEST_TITLE, SNAPSHOTS, Option
from studio.settings.declared import REQUESTS_BOARD, REQUESTS_MOOD, REQUESTS_VOTE
from ui.requests.driver import RequestDriver
from ui.tabs.page import line, small_button
from ui.widgets.form import CheckBox, LineEdit, card, quiet
from ui.widgets.parameter_rows import ComboBox


class VoteCard(QWidget):
    """Two snapshots with what the crowd reads of them, and the mood pad."""

    def __init__(self, driver: RequestDriver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._driver, self._votes = driver, driver.service.votes
        self.boxes = {
            "votes": self._box("votes", REQUESTS_VOTE),
            "moods": self._box("moods", REQUESTS_MOOD),
            "votes_on_stage": self._box("votes_on_stage", REQUESTS_BOARD),
        }
        self.snapshots = [self._snapshot(place) for place in (0, 1)]
        self.titles = [self._title(place) for place in (0, 1)]
        self.counts = [QLabel(), QLabel()]
        self.mood = quiet()
        self.play = small_button("player-play", "Play the winner", "Play the winner",
                                 "Bring the snapshot with more votes back")  # fmt: skip
        self.play.clicked.connect(driver.play_winner)
        self._lay_out()
        self.refresh()

    def _box(self, name: str, about: Toggle) -> CheckBox:
        box = CheckBox(about.label, about.help)
        box.wanted.connect(lambda on: self._driver.use(**{name: on}))
        return box

    def _snapshot(self, place: int) -> ComboBox:
        picker = ComboBox(f"Snapshot of scene {'AB'[place]}")
        picker.addItems([f"Snapshot {number}" for number in range(1, SNAPSHOTS + 1)])
        picker.setMinimumContentsLength(12)
        picker.activated.connect(partial(self._put, place))
        return picker

    def _title(self, place: int) -> LineEdit:
        title = LineEdit(f"Title of scene {'AB'[place]}", "What the crowd reads of it")
        title.setMaxLength(LONGEST_TITLE)
        title.setPlaceholderText("what the crowd reads")
        title.wanted.connect(lambda _: self._put(place))
        return title

    def _lay_out(self) -> None:
        frame, column = card()
        column.addLayout(line(*self.boxes.values(), stretch_at=3))
        for letter, picker, title, count in zip(
            "AB", self.snapshots, self.titles, self.counts, strict=True
        ):
            row = line(QLabel(letter), picker, title, count)
            row.setStretch(2, 1)
            column.addLayout(row)
        column.addLayout(line(self.mood, self.play))
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)

    def refresh(self) -> None:
        """Show everything as it is now."""
        settings, standing = self._driver.settings, self._votes.standing()
        for name, box in self.boxes.items():
            box.show_value(getattr(settings, name))
        for place, option in enumerate(self._votes.options):
            self.snapshots[place].setCurrentIndex(option.snapshot - 1)
            self.titles[place].show_value(option.title)
            self.counts[place].setText(
                "" if standing.counts is None else f"{standing.counts[place]}"
            )
        for widget in (*self.snapshots, *self.titles):
            widget.setEnabled(settings.votes)
        self.play.setEnabled(self._votes.winner is not None)
        self.mood.setText(_told(standing.points, standing.mean))

    def _put(self, place: int, _: int = 0) -> None:
        chosen, title = self.snapshots[place].currentIndex() + 1, self.titles[place].text()
        self._votes.put(place, Option(chosen, title))
        self.refresh()


def _told(points: tuple[tuple[float, float], ...] | None, mean: tuple[float, float] | None) -> str:
    if points is None:
        return ""
    if mean is None:
        return "Nobody is on the mood pad."
    wild, bright = (f"{share:.0%}" for share in mean)
    return f"Mood: {wild} wild, {bright} bright ({len(points)} phones)."

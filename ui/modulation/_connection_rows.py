"""A connection on the page of its modulator: what it moves, how far, which way, on, remove."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.document.modulation import CURVE, DEPTH, POLARITY, Connection
from studio.document.parameters import Parameter
from studio.session import Session
from ui.tabs.page import small_button
from ui.theme import STEP
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.parameter_rows import ParameterRow, row_for


class ConnectionRows(QWidget):
    """Shows what it is told and reports the hand."""

    def __init__(self, session: Session, connection: Connection, name: str, depth: str) -> None:
        """`name` is what it moves, `depth` what its depth is called."""
        super().__init__()
        self._session, self._id = session, connection.id
        self._of = session.modulation
        words = ElidedLabel(name)
        words.setObjectName("sceneName")
        words.setToolTip(name)
        self.mute = QPushButton("Mute")
        self.mute.setCheckable(True)
        self.mute.setAccessibleName(f"Mute {name}")
        self.mute.setToolTip("It moves nothing while this is down")
        self.mute.clicked.connect(lambda muted: self._change(on=not muted))
        remove = small_button("trash", "", f"Disconnect {name}", "Take this connection away")
        remove.clicked.connect(lambda: self._of.disconnect(self._id))
        self.amount = self._row(replace(DEPTH, help=f"{depth}. {DEPTH.help}"), "depth")
        self.amount.address = f"/connection/{connection.id}/depth"
        self.polarity, self.curve = self._row(POLARITY, "polarity"), self._row(CURVE, "curve")
        head = QHBoxLayout()
        head.addWidget(words, 1)
        head.addWidget(self.mute)
        head.addWidget(remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP // 2, 0, STEP)
        column.setSpacing(0)
        column.addLayout(head)
        for row in (self.amount, self.polarity, self.curve):
            column.addWidget(row)
        self.show_connection(connection)

    def _row(self, parameter: Parameter, field: str) -> ParameterRow:
        row, history = row_for(parameter), self._session.history
        row.wanted.connect(lambda value: self._change(**{field: value}))
        row.refused.connect(self._session.noticed.emit)
        row.pressed.connect(history.hold)
        row.released.connect(history.release)
        return row

    def _change(self, **changes: Any) -> None:
        self._of.change_connection(self._id, **changes)

    def show_connection(self, connection: Connection) -> None:
        """Show it as it is now."""
        self.mute.setChecked(not connection.on)
        self.amount.show_value(connection.depth)
        self.polarity.show_value(connection.polarity)
        self.curve.show_value(connection.curve)

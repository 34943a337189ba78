"""Where the parts of a new deck go: a line for each part, on the page about routes."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from studio.document.routes import SOUND
from studio.document.score import PARTS
from studio.live.connector import OURS
from studio.live.rig import Rig
from studio.settings.model import PartRoute
from ui import theme
from ui.settings.general_midi import NAMES
from ui.theme import STEP
from ui.widgets.form import card, quiet
from ui.widgets.parameter_rows import ComboBox

_WORDS = {"port": "Port", "channel": "Channel", "program": "Instrument"}
_UNSET = {"port": "Sound here", "channel": "First that is free", "program": "As the band has it"}
_NAME_WIDTH, _WIDTH = 104, 190


class PartRoutes(QFrame):
    """Applies at once; decks that are here already keep their routes."""

    def __init__(self, rig: Rig) -> None:
        super().__init__()
        self._rig = rig
        self.pickers: dict[tuple[str, str], ComboBox] = {}
        frame, column = card()
        column.addWidget(quiet("Where the parts of a new deck go, in every scene from now on."))
        grid = QGridLayout()
        grid.setSpacing(STEP)
        for row, part in enumerate(PARTS):
            name = QLabel(part.capitalize())
            theme.set_size(name, width=_NAME_WIDTH)
            grid.addWidget(name, row, 0)
            for place, field in enumerate(_WORDS, start=1):
                grid.addWidget(self._picker(part, field), row, place)
        grid.setColumnStretch(len(_WORDS) + 1, 1)
        column.addLayout(grid)
        frame.setParent(self)
        around = QGridLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)

    def _picker(self, part: str, field: str) -> ComboBox:
        picker = ComboBox(f"{part.capitalize()} of a new deck: {_WORDS[field].lower()}")
        picker.setToolTip(f"{_WORDS[field]} of the {part}, for decks that are added")
        theme.set_size(picker, width=_WIDTH)
        picker.activated.connect(lambda _: self._use(part, field, picker.currentData()))
        self.pickers[part, field] = picker
        return picker

    def refresh(self) -> None:
        """Show what is set, and all that could be chosen instead."""
        routes = self._rig.settings.routes
        for (part, field), picker in self.pickers.items():
            chosen = getattr(getattr(routes, part), field)
            choices = self._choices(field, chosen)
            had = [(picker.itemText(i), picker.itemData(i)) for i in range(picker.count())]
            if had != choices:
                picker.clear()
                for words, data in choices:
                    picker.addItem(words, data)
            picker.setCurrentIndex([data for _, data in choices].index(chosen))

    def _choices(self, field: str, chosen: object) -> list[tuple[str, object]]:
        unset: list[tuple[str, object]] = [(_UNSET[field], None)]
        if field == "channel":
            return unset + [(f"Channel {n}", n) for n in range(1, 17)]
        if field == "program":
            return unset + [(f"{n + 1}  {name}", n) for n, name in enumerate(NAMES)]
        settings = self._rig.settings
        own = (OURS,) if settings.virtual_ports else ()
        used = (*settings.outputs, *own)
        keys = dict.fromkeys((*used, *((chosen,) if chosen not in (None, SOUND) else ())))
        return unset + [(key if key in used else f"{key} (not used here)", key) for key in keys]

    def _use(self, part: str, field: str, value: object) -> None:
        settings = self._rig.settings
        before: PartRoute = getattr(settings.routes, part)
        routes = settings.routes.but(**{part: before.but(**{field: value})})
        self._rig.use(settings.but(routes=routes))

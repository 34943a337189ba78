"""The bands of a sound that modulators hear, drawn on what is heard: to move, add and remove."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from studio.document.modulation import Modulator
from studio.live.listening import Ear, Listening
from studio.modulation.factory import BAND_LIMIT, BANDS, band
from studio.modulation.kinds import title_of
from studio.session import Session
from ui.icons import icon
from ui.modulation._selection import Selection
from ui.modulation._spectrum_view import Region, Spectrum, worded
from ui.tabs.page import small_button

_NO_INPUT = "No sound input is chosen: see the settings, under Sound."
_SILENT = "Nothing is heard yet."


class BandsView(QWidget):
    """The spectrum is asked for while it is seen, and painted as it comes."""

    def __init__(
        self, session: Session, selection: Selection, listening: Listening, modulator: Modulator
    ) -> None:
        super().__init__()
        self._session, self._selection, self._listening = session, selection, listening
        self._modulator = modulator
        self._watched: Ear | None = None
        self.spectrum = Spectrum()
        self.spectrum.wanted.connect(self._move)
        self.spectrum.pressed.connect(session.history.hold)
        self.spectrum.released.connect(session.history.release)
        self.spectrum.chosen.connect(selection.choose)
        self.spectrum.removed.connect(session.modulation.remove)
        self.add = QPushButton(icon("plus"), "Add a band")
        menu = QMenu(self.add)
        for name, (low, high) in BANDS.items():
            words = f"{name}\t{worded(low)} to {worded(high)}"
            menu.addAction(words).triggered.connect(partial(self._add, name))
        self.add.setMenu(menu)
        words = "Remove the band, its modulator and its connections"
        self.remove = small_button("trash", "", "Remove the band", words)
        self.remove.clicked.connect(lambda: session.modulation.remove(self._modulator.id))
        line = QHBoxLayout()
        line.addWidget(self.add, 1)
        line.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.addWidget(self.spectrum)
        column.addLayout(line)
        self.show_modulator(modulator)

    @property
    def _ear(self) -> Ear:
        return "input" if self._modulator.settings["source"] == "input" else "instrument"

    def _here(self) -> list[Modulator]:
        """The modulators that hear the same sound."""
        source = self._ear
        found = self._session.scene.modulators
        return [m for m in found if m.kind == "sound" and m.settings["source"] == source]

    # -- what it shows -------------------------------------------------------------------------

    def show_modulator(self, modulator: Modulator) -> None:
        """Show the bands as they are now."""
        self._modulator = modulator
        if self.isVisible():
            self._watch(self._ear)
        full = len(self._here()) >= BAND_LIMIT
        self.add.setEnabled(not full)
        words = f"A sound has {BAND_LIMIT} bands and no more" if full else "Hear another band"
        self.add.setToolTip(words)
        self._show()

    def _show(self) -> None:
        source = self._ear
        heard = self._listening.spectra.get(source, ()) if self._watched == source else ()
        sentence = "" if heard else self._silence(source)
        levels = self._session.modulation.present().inputs.sound.levels
        regions = tuple(_region(m, levels.get(m.id, 0.0)) for m in self._here()[:BAND_LIMIT])
        self.spectrum.show_bands(regions, self._modulator.id)
        self.spectrum.show_spectrum(heard, sentence)

    def _silence(self, source: Ear) -> str:
        unchosen = source == "input" and self._listening.device is None
        return _NO_INPUT if unchosen else _SILENT

    # -- listening -----------------------------------------------------------------------------

    def _watch(self, ear: Ear | None) -> None:
        if ear == self._watched:
            return
        if self._watched is not None:
            self._listening.watch(self._watched, on=False)
        if (ear is None) != (self._watched is None):
            if ear is None:
                self._listening.heard.disconnect(self._on_heard)
            else:
                self._listening.heard.connect(self._on_heard)
        self._watched = ear
        if ear is not None:
            self._listening.watch(ear, on=True)

    def _on_heard(self, ear: str) -> None:
        if ear == self._watched:
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        self._watch(self._ear)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        self._watch(None)

    # -- what a hand does ----------------------------------------------------------------------

    def _move(self, id: int, low: float, high: float) -> None:
        modulation = self._session.modulation
        settings = {**modulation.modulator(id).settings, "low": low, "high": high}
        modulation.change(id, settings=settings)

    def _add(self, name: str, _: bool = False) -> None:
        self._selection.add(band(name, self._ear))


def _region(modulator: Modulator, level: float) -> Region:
    low, high = sorted((float(modulator.settings["low"]), float(modulator.settings["high"])))
    return Region(modulator.id, title_of(modulator), low, high, level)

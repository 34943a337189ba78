"""The page of a deck that composes: a line to wish in, what the band does, who plays how loud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studio.document.parameters import Parameter, ParameterError, Value
from studio.document.routes import Route
from studio.document.scene import Scene
from studio.document.score import (
    BAND_DENSITY,
    DUET,
    FOLLOW_CHORDS,
    GIVE_WAY,
    HUMANISE,
    LEVELS,
    PARTS,
    PLACE,
    SWING,
    TRADE,
)
from studio.document.seeds import fresh_seed
from studio.engine import EngineSpec
from studio.live.ensemble.routes import track_of
from studio.live.ensemble.wish_scene import granted, passage_of
from studio.live.rig import Rig
from studio.music.wishes.wish import Wish
from studio.session import Session
from ui.actions.actions import Action
from ui.band._files import BandFiles
from ui.band._part import PartRow
from ui.band._wish_line import WishLine
from ui.band._wish_tunes import WishedTunes
from ui.file_dialogs import LastFolders
from ui.requests.driver import RequestDriver
from ui.tabs.page import TabPage, line, small_button
from ui.theme import STEP
from ui.widgets.form import quiet
from ui.widgets.parameter_rows import ParameterRow, row_for, section

_FEEL: tuple[Parameter, ...] = (SWING, HUMANISE, BAND_DENSITY)
_ROWS = (*_FEEL, *DUET, *PLACE)


class BandPage(TabPage):
    """Shows the front deck's band. What a hand does goes to the scene or to the ensemble."""

    tab = ("Band", "A wish, the band, and what it plays")

    wanted = Signal()
    """It is to be brought to the front."""

    def __init__(
        self, session: Session, rig: Rig, folders: LastFolders, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, parent)
        self._rig = rig
        self._vary: Parameter | None = None
        self.tunes = WishedTunes(session, self)
        self.tunes.changed.connect(self._on_changed)
        self.requests = RequestDriver(session, rig, self)
        self.files = BandFiles(session, rig.ensemble, self.tunes, folders, self)
        self.wish = WishLine(self)
        self.wish.wanted.connect(self.grant)
        self.hold, self.answer, self.keep = self._buttons()
        self.state = quiet()
        self.rows: dict[str, ParameterRow] = {p.name: self._row(p) for p in _ROWS}
        self.vary: ParameterRow | None = None
        self.parts = {part: self._part(part) for part in PARTS}
        self.export = small_button(
            "download",
            "",
            "Export what was played or wished",
            "What was played or wished, as a file: MIDI, score, ABC",
        )
        self.export.clicked.connect(lambda: self.files.offer(self.export))
        self.ask = small_button("playlist", "", "Songs on request", "Songs that people ask for")
        self.ask.clicked.connect(self.requests.open_dialog)
        self._lay_out()
        rig.ensemble.changed.connect(self._on_changed)
        session.changed.connect(self._on_scene)

    @staticmethod
    def fits(spec: EngineSpec) -> bool:
        return spec.composes

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self.tunes.close()
        self.files.close()
        self.requests.close_down()
        self._session.changed.disconnect(self._on_scene, missing_ok=True)
        self._rig.ensemble.changed.disconnect(self._on_changed, missing_ok=True)

    # -- what is in it -------------------------------------------------------------------------

    def _buttons(self) -> tuple[QPushButton, QPushButton, QPushButton]:
        hold = small_button("lock", "Hold", "Hold the bar", "Play this bar over and over")
        hold.setCheckable(True)
        hold.clicked.connect(lambda on: self._hold(on))
        answer = small_button(
            "arrow-back-up", "Answer", "Answer me", "Go on from what you just played by MIDI"
        )
        answer.clicked.connect(self.answer_me)
        keep = small_button(
            "camera-plus", "Keep", "Keep this bar", "Put this bar into the first empty slot"
        )
        keep.clicked.connect(self.keep_bar)
        return hold, answer, keep

    def keep_bar(self) -> None:
        """Put the bar that sounds into the first empty slot."""
        if self.fits(self._session.spec(self.front)):
            self._rig.ensemble.capture(self.front)

    def begin_wish(self) -> None:
        """Let the artist type a wish, for the deck in front or else the first that composes."""
        scene = self._session.scene
        decks = (scene.front_deck, *scene.decks)
        deck = next((d for d in decks if self.fits(self._session.spec(d.key))), None)
        if deck is None:
            self._session.noticed.emit("No deck composes: + at the top adds one, such as Melodies.")
        else:
            self._session.decks.bring_to_front(deck.key)
            self.wanted.emit()
            self.wish.edit.setFocus()
            self.wish.edit.selectAll()

    def answer_me(self) -> None:
        """Go on from what was just played in."""
        self._rig.ensemble.answer(self.front)

    def take_in(self) -> None:
        """Put what was just played in by MIDI into the first empty slot."""
        self._rig.ensemble.take_in(self.front)

    def toggle_hold(self) -> None:
        """Hold the bar that sounds, or let it go."""
        self._hold(not self._rig.ensemble.held(self.front))

    def _hold(self, on: bool) -> None:
        self._rig.ensemble.hold(self.front, on)
        self._refresh_playing()

    def _row(self, parameter: Parameter) -> ParameterRow:
        row = row_for(parameter)
        row.wanted.connect(lambda value: self._set(parameter, value))
        self._play(row)
        return row

    def _play(self, row: ParameterRow) -> None:
        """A drag is one step of the history."""
        row.refused.connect(self._session.noticed.emit)
        row.pressed.connect(self._session.history.hold)
        row.released.connect(self._session.history.release)

    def _part(self, part: str) -> PartRow:
        row, history = PartRow(part, self), self._session.history
        row.level.wanted.connect(lambda value: self._set(LEVELS[part], value))
        row.level.pressed.connect(history.hold)
        row.level.released.connect(history.release)
        row.muted.connect(lambda on: self._change_routes(part, mute=on))
        row.program_wanted.connect(lambda number: self._change_routes(part, program=number))
        return row

    def _lay_out(self) -> None:
        inside = QWidget()
        self._inside = QVBoxLayout(inside)
        self._inside.setContentsMargins(0, 0, STEP // 2, 0)
        self._inside.setSpacing(STEP // 2)
        self._inside.addWidget(self.wish)
        self._inside.addLayout(
            line(self.hold, self.answer, self.keep, self.export, self.ask, stretch_at=3)
        )
        self._inside.addWidget(self.state)
        parts = QVBoxLayout()
        parts.setSpacing(1)
        for part in self.parts.values():
            parts.addWidget(part)
        self._inside.addLayout(parts)  # before what is set less often: a small screen shows them
        self._inside.addWidget(section("Feel"))
        self._vary_at = self._inside.count()
        for title, parameters in (("", _FEEL), ("Duet", DUET), ("Place", PLACE)):
            if title:
                self._inside.addWidget(section(title))
            for parameter in parameters:
                self._inside.addWidget(self.rows[parameter.name])
        self._inside.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # keeps the width
        scroll.setWidget(inside)
        self._column.setContentsMargins(0, STEP, 0, 0)
        self._column.addWidget(scroll, 1)

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with the band of the deck in front. A deck that does not compose
        has none, and nothing happens."""
        hold, keep = (
            "Hold the bar that is playing, or go on",
            "Keep the bar that is playing in a slot",
        )
        for name, text, key, do, buttons in (
            ("hold", hold, "H", self.toggle_hold, (self.hold,)),
            ("answer", "Answer what you played", "A", self.answer_me, (self.answer,)),
            ("keep_bar", keep, "K", self.keep_bar, (self.keep,)),
            ("keep_played", "Keep what you just played in a slot", "I", self.take_in, ()),
            ("wish", "Wish for a tune", "Ctrl+T", self.begin_wish, ()),
            ("requests", "Songs on request", "", self.requests.open_dialog, (self.ask,)),
        ):
            yield Action(f"band.{name}", "Band", text, do, (key,) * bool(key), buttons=buttons)
        for text, parameter, on in (
            ("Follow my chords on a MIDI keyboard", FOLLOW_CHORDS, True),
            ("Trade bars with the lead", TRADE, "4"),
            ("Let the lead give way when you play", GIVE_WAY, "4"),
        ):
            do, is_on = partial(self._switch, parameter, on), partial(self._is_on, parameter)
            yield Action(f"band.{parameter.name}", "Band", text, do, is_on=is_on)

    def addresses(self) -> Iterator[tuple[QWidget, str]]:
        """Its controls with the ends of their addresses in the front deck, for `Learn.offer`."""
        yield from ((self.hold, "hold"), (self.answer, "answer"), (self.keep, "keep_bar"))

    def score_addresses(self) -> Iterator[tuple[QWidget, str]]:
        """The controls of the scene's score with their addresses."""
        for name, row in self.rows.items():
            yield row, f"/band/{name}"
        for part, each in self.parts.items():
            yield each.level, f"/band/{LEVELS[part].name}"

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        session = self._session
        spec = session.spec(self.front)
        if not self.fits(spec):
            return
        self.wish.use(session.controls(self.front), spec.roles)
        self._make_vary(spec.having("vary"))
        score = session.scene.score
        for parameter in _ROWS:
            self.rows[parameter.name].show_value(_of(score, parameter))
            self.rows[parameter.name].setEnabled(parameter.name in score)
        for part, row in self.parts.items():
            row.show_routes(self._routes(part), _of(score, LEVELS[part]), self._rig.devices.font)
        self._refresh_playing()

    def _make_vary(self, found: Parameter | None) -> None:
        """A row for straying from the point, where the engine has it."""
        if found != self._vary:
            self._vary = found
            if self.vary is not None:
                self.vary.hide()
                self.vary.deleteLater()
                self.vary = None
            if found is not None:
                self.vary = row_for(found)
                self.vary.wanted.connect(self._set_vary)
                self._play(self.vary)
                self._inside.insertWidget(self._vary_at, self.vary)
        if self.vary is not None and found is not None:
            self.vary.show_value(self.deck.parameters[found.name])

    def _refresh_playing(self) -> None:
        ensemble = self._rig.ensemble
        held, left = ensemble.held(self.front), ensemble.answering(self.front)
        self.hold.setChecked(held)
        duet = ensemble.roll(self.front).duet
        words = "Holds this bar until you let it go." if held else ""
        if left:
            words = f"Answers: {left} {'bar' if left == 1 else 'bars'} to come."
        elif duet.your_bars:
            words = (
                f"Your turn: {duet.your_bars} {'bar' if duet.your_bars == 1 else 'bars'} to come."
            )
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.export.setEnabled(bool(self.files.there))

    def _on_changed(self, deck: str) -> None:
        if deck == self.front and self.isVisible():
            self._refresh_playing()

    def _on_scene(self, new: Scene, old: Scene) -> None:
        """A page is told of changes of its deck; the band is in the scene's score and routes."""
        if self.isVisible() and (new.score != old.score or new.routes != old.routes):
            self.refresh()

    def _routes(self, part: str) -> list[Route]:
        track = track_of(self.front, part)
        return [route for route in self._session.scene.routes if route.track == track]

    # -- what a hand does ----------------------------------------------------------------------

    def grant(self, wish: Wish) -> None:
        """Play what was wished for; one step back undoes it."""
        session, front = self._session, self.front
        controls = session.controls(front)
        try:
            scene = granted(session.scene, front, wish, controls, fresh_seed())
        except ParameterError as error:
            session.noticed.emit(str(error))
            return
        session.replace(scene, None)
        for remark in wish.remarks:
            session.noticed.emit(remark)
        self.tunes.wish(front, passage_of(scene, front, wish, session.point(front)))

    def _set(self, parameter: Parameter, value: Value) -> None:
        try:
            self._session.set_score(parameter.name, value)
        except ParameterError as error:
            self._session.noticed.emit(str(error))

    def _switch(self, parameter: Parameter, on: Value) -> None:
        """On as said, or off, where it begins."""
        self._set(parameter, parameter.initial if self._is_on(parameter) else on)

    def _is_on(self, parameter: Parameter) -> bool:
        return _of(self._session.scene.score, parameter) != parameter.initial

    def _set_vary(self, value: Value) -> None:
        if self._vary is not None:
            self._session.set(self.front, self._vary.name, value)

    def _change_routes(self, part: str, **changes: object) -> None:
        track = track_of(self.front, part)
        self._session.set_routes(
            [
                Route.model_validate({**dict(route), **changes}) if route.track == track else route
                for route in self._session.scene.routes
            ]
        )


def _of(score: Mapping[str, Value], parameter: Parameter) -> Value:
    return score.get(parameter.name, parameter.initial)

"""A jig in four? What the genre's own metre and tempo are, and a click that takes them."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from studio.document.scene import Scene
from studio.document.score import METRE_BEATS, METRE_UNIT, TEMPO
from studio.music.genres import Genre, at_home, genre_named
from studio.music.metres import Metre
from studio.session import Session


class GenreMetreButton(QPushButton):
    """Seen only while the front deck's genre and the scene's metre do not go together."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ways: Genre | None = None
        self._seen: tuple[str, Metre] | None = None
        self.setObjectName("tool")
        self.setAccessibleName("The genre's own metre")
        self.setToolTip("Use the genre's usual metre and tempo")
        self.clicked.connect(self.take)
        session.changed.connect(self._on_changed)
        self.refresh()

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._session.changed.disconnect(self._on_changed, missing_ok=True)

    def refresh(self) -> None:
        """Show whether there is something to say."""
        scene = self._session.scene
        told = self._session.spec(scene.front).told("genre", scene.front_deck.parameters)
        genre = "" if told is None else str(told)
        metre = Metre(int(scene.score[METRE_BEATS.name]), int(scene.score[METRE_UNIT.name]))
        if self._seen == (genre, metre):
            return
        self._seen = (genre, metre)
        self._ways = None if at_home(genre, metre) else genre_named(genre)
        self.setVisible(self._ways is not None)
        if self._ways is not None:
            article = "An" if genre[:1] in "aeiou" else "A"
            self.setText(f"{article} {genre} is usually in {self._ways.metre}")
            self.setToolTip(f"Use {self._ways.metre} and {self._ways.tempo:g} bpm; Undo goes back")
            self.setAccessibleName(self.text())

    def take(self) -> None:
        """Let the scene go as the genre does; one step back undoes it."""
        if self._ways is None:
            return
        scene, ways = self._session.scene, self._ways
        score = {
            **scene.score,
            TEMPO.name: TEMPO.validate(ways.tempo),
            METRE_BEATS.name: ways.metre.beats,
            METRE_UNIT.name: str(ways.metre.unit),
        }
        self._session.replace(scene.but(score=score), None)

    def _on_changed(self, *_: Scene) -> None:
        self.refresh()

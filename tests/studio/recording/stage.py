"""A session in fake time with its recorder, and a film that only remembers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from studio.processes.messages import Due
from studio.recording._wire import Begin
from studio.recording.film_client import Event
from studio.recording.recorder import PerformanceRecorder
from tests.fakes import Guest, Pump, fake
from tests.live_fakes import FakeDesk


class FakeFilm:
    """Stands in for `FilmClient`: remembers what it was given."""

    name = "Recording"

    def __init__(self, begin: Begin, hear: Callable[[Event], None]) -> None:
        self.begin, self.hear = begin, hear
        self.dropped = 0
        self.told: list[object] = []
        self.finished: float | None = None

    def play(self, messages: list[Due]) -> None:
        self.told += [message.data for message in messages]

    def tell(self, command: object) -> None:
        self.told.append(command)

    def finish(self, seconds: float) -> bool:
        self.finished = seconds
        return True

    def missing(self) -> str:
        return ""

    def open(self, width: int, height: int, rate: float) -> None: ...
    def send(self, frame: object) -> None: ...
    def close(self) -> None: ...


class FakeNotes:
    """Stands in for the process that writes the notes."""

    returncode = 0

    def communicate(self) -> tuple[bytes, bytes]:
        return b"", b""


class Stage:
    """A session with a rig in fake time, and what records it."""

    def __init__(self, folder: Path, guest: Guest | None = None) -> None:
        self.pump = Pump(guest or fake())
        self.session = self.pump.session
        self.desk = FakeDesk(self.session, folder / "settings.json")
        store = self.desk.store
        files = store.settings.files.but(recordings_folder=str(folder / "Videos"))
        store.use(store.settings.but(files=files))
        self.films: list[FakeFilm] = []
        self.said: list[str] = []
        self.recorder = PerformanceRecorder(
            self.session,
            self.desk.rig,
            film=self._film,  # type: ignore[arg-type]
            notes=lambda _: FakeNotes(),  # type: ignore[arg-type,return-value]
            now=lambda: datetime(2026, 11, 29, 21, 30, 5),
        )
        self.recorder.noticed.connect(self.said.append)

    def _film(self, begin: Begin, hear: Callable[[Event], None]) -> FakeFilm:
        self.films.append(FakeFilm(begin, hear))
        return self.films[-1]

    @property
    def heard(self) -> Callable[[object], None]:
        """What the sound's client would call."""
        ((hear,),) = self.desk.sound.calls("follow")
        return hear  # type: ignore[no-any-return]

    def after(self, seconds: float) -> Stage:
        self.desk.clock.advance(seconds)
        return self

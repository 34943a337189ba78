"""Stand-ins for the live parts: a player and a sound that only remember what they were asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studio.live.rig import Rig
from studio.processes.messages import Due, Received
from studio.session import Session
from studio.settings.store import Store
from tests.fakes import FakeClock


class Recorder:
    """Stands in for the player and for the sound: remembers what was asked, and may speak."""

    def __init__(self, hear: Any) -> None:
        self.hear = hear
        self.asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def ask(*given: Any, **named: Any) -> None:
            self.asked.append((name, given, named))

        return ask

    def calls(self, name: str) -> list[tuple[Any, ...]]:
        """With what it was asked to do `name`, each time."""
        return [given for asked, given, _ in self.asked if asked == name]

    def sent(self) -> list[Due]:
        """All messages that it was to play."""
        return [message for (messages,) in self.calls("send") for message in messages]


class FakeDesk:
    """A rig between recorders, in fake time. What the parts say is heard by `collect` alone."""

    def __init__(self, session: Session, file: Path, wake: Any = lambda: None) -> None:
        self.clock = FakeClock()
        self.notices: list[str] = []
        self.store = Store(file, self.clock)
        self.rig = Rig(
            session,
            wake=wake,
            store=self.store,
            player=Recorder,  # type: ignore[arg-type]
            sound=Recorder,
            sound_input=Recorder,
            clock=self.clock,
        )
        self.rig.noticed.connect(self.notices.append)
        self.player: Recorder = self.rig.player  # type: ignore[assignment]
        self.sound: Recorder = self.rig.sound  # type: ignore[assignment]
        self.sound_input: Recorder = self.rig.sound_input  # type: ignore[assignment]

    def hears(self, *data: int, port: str = "Keys") -> None:
        """A MIDI message arrives now."""
        self.player.hear(Received(self.clock(), port, bytes(data)))
        self.rig.collect()

    def says(self, *events: Any) -> None:
        """The player says something."""
        for event in events:
            self.player.hear(event)
        self.rig.collect()

    def turn(self, seconds: float = 0.0) -> None:
        """Let time pass, and then one tick."""
        self.clock.advance(seconds)
        self.rig.tick(self.clock())

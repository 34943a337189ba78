"""A session with everything about scenes in play, in fake time."""

from __future__ import annotations

from pathlib import Path

from studio.control.transport_controls import RecallPart
from studio.document.scene import Scene
from studio.presets.fitting import Fitted
from studio.scenes._controls import morph_part, recalling_part, snapshot_part
from studio.scenes._set_list import SetListItem
from studio.scenes.history import SceneHistory
from studio.scenes.morphing import Morph
from studio.scenes.recalling import Recalling
from studio.scenes.snapshots import Snapshots
from tests.fakes import Pump
from tests.live_fakes import FakeDesk


class Play:
    """A rig and scenes in play on a session that is at rest.

    `scenes` is what can be read: a scene by its key, or the error that reading it brings.
    """

    def __init__(self, pump: Pump, folder: Path) -> None:
        self.pump = pump
        self.session = pump.session
        self.desk = FakeDesk(pump.session, folder / "settings.json")
        self.rig = self.desk.rig
        self.rig.transport.lead_s = 0.0
        self.scenes: dict[str, Scene | Exception] = {}
        self.remarks: tuple[str, ...] = ()
        self.morph = Morph(self.session, self.rig)
        self.recalling = Recalling(self.session, self.rig, self.morph, self._read)
        self.snapshots = Snapshots(self.session, self.recalling)
        self.past = SceneHistory(self.session)
        self.recalling.shown.connect(self.past.called)
        for part in (
            RecallPart(self.recalling),
            recalling_part(self.recalling),
            morph_part(self.morph),
            snapshot_part(self.snapshots),
        ):
            self.rig.controls.add(part)
        self.rig.start()

    def _read(self, key: str) -> Fitted:
        found = self.scenes[key]
        if isinstance(found, Exception):
            raise found
        return Fitted(found, self.remarks)

    @property
    def scene(self) -> Scene:
        return self.session.scene

    @property
    def notices(self) -> list[str]:
        return self.pump.notices

    def has(self, **scenes: Scene | Exception) -> None:
        """These scenes, in this order, are the set list."""
        self.scenes = dict(scenes)
        self.recalling.put([SetListItem(key, key.title()) for key in scenes])

    def turn(self, seconds: float = 0.0, steps: int = 1) -> None:
        """Let time pass in so many pictures."""
        for _ in range(steps):
            self.desk.turn(seconds / steps)
            self.pump.clock.advance(seconds / steps)
            self.morph.step(self.desk.clock())
            self.past.step(self.desk.clock())

    def begin_playing(self) -> None:
        """Play from beat 0, a bit into the first bar: at 120 bpm a bar lasts two seconds."""
        self.rig.transport.play()
        self.turn(0.25)

    def quantum(self, word: str) -> None:
        self.session.set_score("quantum", word)

    def close(self) -> None:
        for part in (self.recalling, self.morph, self.past):
            part.close()
        self.rig.close()

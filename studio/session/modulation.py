"""What a hand does to modulators and connections of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio.document.parameters import Value
from studio.modulation import editing
from studio.modulation.kinds import ModulationError, setting_of
from studio.music.taps import Taps
from studio.session.shown import ShownScene

if TYPE_CHECKING:
    from studio.document.modulation import Connection, Modulator
    from studio.session._session import Session


class Modulation(ShownScene):
    """What moves a session's controls, and what comes of it. Modulators and connections go by their
    numbers.

    What a hand does here is one step to undo each; what cannot be is said in one sentence by the
    session's `noticed`, and then nothing has changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._taps: dict[int, Taps] = {}

    # -- modulators ----------------------------------------------------------

    def modulator(self, id: int) -> Modulator:
        """The modulator of this number. Raises KeyError."""
        return editing.modulator(self._session.scene, id)

    def connection(self, id: int) -> Connection:
        """The connection of this number. Raises KeyError."""
        return editing.connection(self._session.scene, id)

    def add(self, modulator: Modulator | str) -> int | None:
        """Another modulator: a kind by its name, a factory one, or a copy of one; its number.
        None where there is no room."""
        return self._edited(lambda scene: editing.added(scene, modulator), None)

    def remove(self, id: int) -> None:
        """Take a modulator away, with all that comes from it and leads to it."""
        self._edit(lambda scene: editing.removed(scene, id), None)

    def change(self, id: int, **changes: Any) -> None:
        """Change a modulator's name, steps, points, or whether it is on or solo."""
        gesture = f"modulator.{id}.{'.'.join(sorted(changes))}"
        self._edit(lambda scene: editing.changed(scene, id, **changes), gesture)

    def set(self, id: int, setting: str, value: Value) -> None:
        """Set a modulator. Where its rate changes while it runs freely, it goes on from where it
        is. Raises `ParameterError`."""
        found = setting_of(self.modulator(id).kind, setting)
        if found is None:
            raise ModulationError(f"Modulator {id} has no setting {setting!r}.")
        fitting, seconds = found.validate(value), self._now.seconds
        self._edit(
            lambda scene: editing.set_to(scene, id, setting, fitting, seconds),
            f"modulator.{id}.{setting}",
        )

    def tap(self, id: int, at_s: float | None = None) -> None:
        """A tap of the foot, now or at a time in the source's seconds: from the second on it goes
        round with the taps; what runs freely begins its round with the last one."""
        at_s = self._source.clock() if at_s is None else at_s
        bpm = self._taps.setdefault(id, Taps()).tap(at_s)
        if bpm is not None:
            now = self._source.now(at_s)
            self._edit(
                lambda scene: editing.tapped(scene, id, 60 / bpm, now.seconds, now.inputs),
                f"modulator.{id}.tap",
            )

    # -- connections ---------------------------------------------------------

    def connect(self, id: int, target: str, **changes: Any) -> int | None:
        """Let a modulator move a control; the connection's number. One that is there already is
        changed. `changes` are depth, polarity, curve, axis. None where it cannot be."""
        return self._edited(lambda scene: editing.connected(scene, id, target, **changes), None)

    def disconnect(self, id: int) -> None:
        """Take a connection away."""
        self._edit(lambda scene: editing.disconnected(scene, id), None)

    def change_connection(self, id: int, **changes: Any) -> None:
        """Change a connection's depth, polarity, curve, or whether it is on."""
        gesture = f"connection.{id}.{'.'.join(sorted(changes))}"
        self._edit(lambda scene: editing.changed_connection(scene, id, **changes), gesture)

    def set_master(self, depth: float) -> None:
        """How much of all modulation is shown and played, 0 to 1."""
        scene = self._session.scene
        self._session.replace(scene.but(master_depth=float(depth)), "modulation.depth")

    def randomise_depths(
        self, id: int | None = None, seed: int | None = None, *, connection: int | None = None
    ) -> None:
        """New depths for all connections, for those of one modulator, or for one connection."""
        self._edit(lambda s: editing.randomised(s, id, seed, connection=connection), None)

    def _edit(self, edit: Any, gesture: str | None) -> None:
        self._edited(lambda scene: (edit(scene), None), gesture)

    def _edited(self, edit: Any, gesture: str | None) -> int | None:
        try:
            scene, id = edit(self._session.scene)
        except (ModulationError, KeyError) as error:
            self._session.noticed.emit(_sentence(error))
            return None
        self._session.replace(scene, gesture)
        made: int | None = id
        return made


def _sentence(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"There is no modulator or connection {error.args[0]} any more."
    return str(error)

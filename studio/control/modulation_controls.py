"""The addresses of modulation, for whatever plays by name (see `studio.control.controls`).

/modulator/3/rate …  its settings, by name     /modulator/3/on  solo     /modulator/3/tap
/connection/12/depth  on                       /macro/1 …  the knobs of the macros, in order
/modulation/depth    all of it                 /modulation/record  the front pad, as a gesture
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from studio.control.controls import Entry, timed_trigger, trigger, value
from studio.document.modulation import DEPTH, MASTER_DEPTH, Connection, Modulator
from studio.document.parameters import Parameter, Toggle, Value
from studio.modulation.graph import MASTER
from studio.modulation.kinds import kind_of, title_of
from studio.session import Session

ON = Toggle(name="on", label="On", default=True, help="Off: it moves nothing.")
SOLO = Toggle(name="solo", label="Solo", default=False, help="Only what is solo moves anything.")


class ModulationPart:
    """The controls of a session's modulators and connections."""

    def __init__(self, session: Session) -> None:
        self._session, self._modulation = session, session.modulation
        self._seen: tuple[object, object] = ((), ())
        self._layout: Hashable = ((), ())

    def layout(self) -> Hashable:
        scene = self._session.scene
        known = (scene.modulators, scene.connections)
        if known[0] is not self._seen[0] or known[1] is not self._seen[1]:  # as SessionPart has it
            self._seen = known
            modulators = tuple((m.id, m.kind, m.name) for m in scene.modulators)
            ways = tuple((c.id, c.modulator, c.target) for c in scene.connections)
            self._layout = (modulators, ways)
        return self._layout

    def entries(self) -> Iterable[Entry]:
        scene = self._session.scene
        yield value(
            MASTER,
            MASTER_DEPTH.label,
            MASTER_DEPTH,
            lambda: self._session.scene.master_depth,
            self._modulation.set_master,
        )
        macros = [m for m in scene.modulators if m.kind == "macro"]
        for number, macro in enumerate(macros, start=1):
            setting = next(p for p in kind_of("macro").settings if p.name == "value")
            yield self._setting(f"/macro/{number}", title_of(macro), macro.id, setting)
        for modulator in scene.modulators:
            yield from self._of_modulator(modulator)
        for connection in scene.connections:
            yield from self._of_connection(connection)

    def _of_modulator(self, modulator: Modulator) -> Iterator[Entry]:
        at, where, id = f"/modulator/{modulator.id}", title_of(modulator), modulator.id
        for setting in kind_of(modulator.kind).settings:
            yield self._setting(f"{at}/{setting.name}", f"{where}: {setting.label}", id, setting)
        for field in (ON, SOLO):
            yield value(
                f"{at}/{field.name}",
                f"{where}: {field.label}",
                field,
                self._reads(id, field.name),
                self._changes(id, field.name),
            )
        if kind_of(modulator.kind).turns is not None:
            tap = lambda at_s, id=id: self._modulation.tap(id, at_s)  # noqa: E731
            yield timed_trigger(f"{at}/tap", f"{where}: Tap", tap)

    def _setting(self, address: str, label: str, id: int, setting: Parameter) -> Entry:
        return value(
            address,
            label,
            setting,
            lambda: self._modulation.modulator(id).settings[setting.name],
            lambda to: self._modulation.set(id, setting.name, to),
        )

    def _reads(self, id: int, field: str) -> Callable[[], Value]:
        def read() -> Value:
            found: Value = getattr(self._modulation.modulator(id), field)
            return found

        return read

    def _changes(self, id: int, field: str) -> Callable[[Value], None]:
        return lambda to: self._modulation.change(id, **{field: to})

    def _of_connection(self, connection: Connection) -> Iterator[Entry]:
        id, modulation = connection.id, self._modulation
        source = title_of(modulation.modulator(connection.modulator))
        at, where = f"/connection/{id}", f"{source} to {connection.target}"
        yield value(
            f"{at}/depth",
            f"{where}: {DEPTH.label}",
            DEPTH,
            lambda: modulation.connection(id).depth,
            lambda to: modulation.change_connection(id, depth=to),
        )
        yield value(
            f"{at}/on",
            f"{where}: {ON.label}",
            ON,
            lambda: modulation.connection(id).on,
            lambda to: modulation.change_connection(id, on=to),
        )


def recording_part(session: Session) -> Iterable[Entry]:
    """What records a gesture, whatever modulators there are."""
    gestures = session.gestures

    def press() -> None:
        if gestures.recording:
            gestures.stop()
        else:
            gestures.record(("/front/pad/x", "/front/pad/y"))

    yield trigger("/modulation/record", "Record a gesture", press, lambda: gestures.recording)

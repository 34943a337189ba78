"""The output picture of a session: it follows the scene that is shown, and the settings.

The window's thread tells the room what is seen; the room mixes on a thread of its own. While an
output is open or the transport runs, the computer stays awake.
"""

from __future__ import annotations

from collections.abc import Callable

from psygnal import Signal

from studio.control.controls import FixedPart, value
from studio.document.mix import Mix
from studio.document.parameters import Toggle
from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.live.layers.drawn import DrawnLayers
from studio.outputs.keep_awake import KeepAwake
from studio.outputs.mixing import visible
from studio.outputs.room import OutputRoom
from studio.session import Session
from studio.settings.declared import OUTPUT_FADE
from studio.settings.model import Settings
from studio.settings.store import Store

BLACKOUT = Toggle(
    name="blackout", label="Blackout", default=False, help="Fades the output to black, and back."
)
FREEZE = Toggle(
    name="freeze",
    label="Freeze",
    default=False,
    help="Holds the output's picture; off, it crosses over to what is played.",
)


class PictureOutput:
    """Has the `room`, to which sinks are added, and the drawn `layers`.

    Signal: `noticed(sentence)`.
    """

    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        transport: Transport,
        store: Store,
        wake: Callable[[], None],
        *,
        ensemble: Ensemble,
    ) -> None:
        self._session, self._transport, self._store = session, transport, store
        self.room = OutputRoom(
            wake, lambda at_s: transport.movement.beat_at(at_s), clock=transport.clock
        )
        self.room.noticed.connect(self.noticed.emit)
        self._awake = KeepAwake(self.room.tell)
        self.room.changed.connect(self._keep_awake)
        self.room.use_size(store.settings.output.size)
        self.layers = DrawnLayers(self.room, session, ensemble, transport)
        self._mixed: tuple[Mix, str, tuple[str, ...]] | None = None
        store.changed.connect(self._follow_settings)
        session.pictured.connect(self._take_picture)
        session.changed.connect(self._follow)
        session.modulation.moved.connect(self._follow)
        self._follow()

    def start(self) -> None:
        """Begin to mix as soon as a sink is added."""
        self.room.start()

    def close(self) -> None:
        """Close every sink, and end."""
        for signal, slot in (
            (self._store.changed, self._follow_settings),
            (self._session.pictured, self._take_picture),
            (self._session.changed, self._follow),
            (self._session.modulation.moved, self._follow),
        ):
            signal.disconnect(slot, missing_ok=True)
        self.layers.close()
        self.room.close()
        self._awake.close()

    def collect(self) -> None:
        """Tell what has happened. On the window's thread, when woken."""
        self.room.collect()
        self._keep_awake()

    def _keep_awake(self) -> None:
        self._awake.want(self.room.is_open or self._transport.movement.playing)

    # -- what a hand does ----------------------------------------------------------------------

    def black_out(self, on: bool) -> None:
        """Fade to black, or back, in the time that the settings say."""
        self.room.black_out(on, self._store.settings.output.fade_s)

    def freeze(self, on: bool) -> None:
        """Hold the picture, or cross over to what is played."""
        self.room.freeze(on, self._store.settings.output.fade_s)

    def controls(self) -> FixedPart:
        """`/output/blackout`, `freeze` and `fade`; the mixer's are in `studio.control`."""
        room, at = self.room, "/output"
        return FixedPart(
            (
                value(f"{at}/blackout", BLACKOUT.label, BLACKOUT, lambda: room.is_dark,
                      self.black_out),
                value(f"{at}/freeze", FREEZE.label, FREEZE, lambda: room.is_frozen, self.freeze),
                value(f"{at}/fade", f"Output: {OUTPUT_FADE.label}", OUTPUT_FADE,
                      lambda: self._store.settings.output.fade_s, self._set_fade),
            )
        )  # fmt: skip

    def _set_fade(self, seconds: float) -> None:
        settings = self._store.settings
        self._store.use(settings.but(output=settings.output.but(fade_s=seconds)))

    # -- what is shown -------------------------------------------------------------------------

    def _follow(self, *_: object) -> None:
        scene, before = self._session.shown, self._mixed
        self._mixed = (scene.mix, scene.front, scene.layer_keys)
        if before is not None and before[0] is scene.mix and before[1:] == self._mixed[1:]:
            return  # a drag comes here four hundred times a second
        self.room.forget(scene.layer_keys)
        self.room.follow(visible(scene), scene.mix)

    def _take_picture(self, deck: str) -> None:
        shown = self._session.state(deck).shown
        if shown is not None:
            self.room.show(deck, shown.pixels, shown.request.asked_at)

    def _follow_settings(self, now: Settings, before: Settings) -> None:
        if now.output != before.output:
            self.room.use_size(now.output.size)

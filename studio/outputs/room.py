"""Where the output is mixed: one thread that takes the newest picture of each layer that is seen,
mixes when something has changed, and hands the frame to every sink.

Nothing is mixed while nobody takes frames. What is told here is told on the window's thread, and
nothing of it waits; what has happened waits for `collect`.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from time import perf_counter

import numpy as np
from psygnal import Signal

from studio.document.mix import Layer, Mix
from studio.outputs._placing import Size
from studio.outputs._sink_thread import SinkThread
from studio.outputs.fading import Curtain
from studio.outputs.mixing import Mixer, Picture, behind_curtain, with_badge
from studio.outputs.sink import Frame, Pixels, Sink

_log = logging.getLogger(__name__)

RATE = 60.0
"""The most frames a second."""
_DRAWN_RATE = 30.0
"""Where nothing differs but a drawn layer that moves."""
_PATIENCE_S = 2.0
"""How long closing waits for a sink that hangs."""
_FAILED = "The output has failed and shows its last picture; see the log."
_NOT_DRAWN = "A layer of the output cannot be drawn and is left out; the log says more."
_NO_OPENCV = "There is no output: OpenCV cannot be used here; `latentloom doctor` says more."


Drawer = Callable[[float, Size], Pixels | None]
"""Draws a layer as it is at a moment of the room's clock, for an output of a size; on the mixing
thread. The same array where nothing differs; None where there is nothing."""


class OutputRoom:
    """Signals, on the window's thread: `changed()` when a sink has come or gone, or the output is
    dark or frozen, or not any more; `faded(what, on, seconds, at_s, seen_s)` when `"blackout"` or
    `"freeze"` begins or ends at a moment of the clock while the picture of `seen_s` is seen;
    `noticed(sentence)` for the artist.

    `wake` is called on any thread and asks the window's to `collect`; `beat` says on any thread
    which beat is at a moment of `clock`.
    """

    changed = Signal()
    faded = Signal(str, bool, float, float, float)
    noticed = Signal(str)

    def __init__(
        self,
        wake: Callable[[], None],
        beat: Callable[[float], float] = lambda _: 0.0,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._wake, self._beat, self._clock = wake, beat, clock
        self._ready = Condition()
        self._layers: tuple[tuple[str, Layer], ...] = ()
        self._mix = Mix()
        self._size: Size = (1280, 720)
        self._pictures: dict[str, tuple[Pixels, float]] = {}
        self._since: dict[str, float] = {}
        self._drawers: dict[str, Drawer] = {}
        self._moving: set[str] = set()
        self._is_stale = True
        self._curtain = Curtain()
        self._badge: Pixels | None = None
        self._sinks: dict[int, SinkThread] = {}
        self._ended: deque[tuple[Sink | None, str]] = deque()
        self._closed = False
        self._thread = Thread(target=self._run, name="outputs", daemon=True)
        # The mixing thread's own:
        self._mixer = Mixer()
        self._mixed: Pixels | None = None
        self._frozen: Pixels | None = None
        self._shown_s = 0.0
        self.newest = Frame(np.zeros((1, 1, 3), np.uint8), 0.0, 0.0)
        """The frame that was handed over last."""

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to mix as soon as somebody takes frames."""
        self._thread.start()

    def close(self) -> None:
        """Close every sink and end; may be called more than once."""
        with self._ready:
            self._closed = True
            sinks, self._sinks = list(self._sinks.values()), {}
            self._ready.notify()
        for sink in sinks:
            sink.close()
        for sink in sinks:
            sink.join(_PATIENCE_S)
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    # -- sinks ---------------------------------------------------------------------------------

    @property
    def sinks(self) -> tuple[Sink, ...]:
        """Who takes frames."""
        return tuple(thread.sink for thread in self._sinks.values())

    @property
    def is_open(self) -> bool:
        """Whether somebody takes frames beside a preview."""
        return any(not thread.is_preview for thread in self._sinks.values())

    def add(self, sink: Sink, *, preview: bool = False) -> None:
        """Give `sink` every frame from now on, and the present one at once. A `preview` leaves
        nothing of it to be seen by others."""
        thread = SinkThread(sink, RATE, self._end, is_preview=preview)
        with self._ready:
            self._sinks[id(sink)] = thread
            self._is_stale = True
            self._ready.notify()
        thread.start()
        self.changed.emit()

    def remove(self, sink: Sink) -> None:
        """Close `sink`, if it is open."""
        with self._ready:
            thread = self._sinks.pop(id(sink), None)
        if thread is not None:
            thread.close()
            self.changed.emit()

    def again(self, sink: Sink) -> None:
        """Give `sink` its last frame once more, if it is open: it makes another thing of it now."""
        thread = self._sinks.get(id(sink))
        if thread is not None:
            thread.again()

    def left_out(self, sink: Sink) -> int:
        """Frames that `sink` was too slow for."""
        thread = self._sinks.get(id(sink))
        return 0 if thread is None else thread.left_out

    def _end(self, sink: Sink | None, sentence: str) -> None:
        """On any thread: a sink has failed, or something that is no sink."""
        self._ended.append((sink, sentence))
        self._wake()

    def tell(self, sentence: str) -> None:
        """Let the artist read this. On any thread."""
        self._end(None, sentence)

    def collect(self) -> None:
        """Tell what has happened. On the window's thread, when woken."""
        while self._ended:
            sink, sentence = self._ended.popleft()
            if sink is not None:
                self.remove(sink)
            self.noticed.emit(sentence)

    # -- what is mixed -------------------------------------------------------------------------

    @property
    def size(self) -> Size:
        """The output's width and height."""
        return self._size

    def use_size(self, size: Size) -> None:
        """Mix at another size from now on."""
        if size != self._size:
            with self._ready:
                self._size = size
                self._stir()

    def follow(self, layers: Sequence[tuple[str, Layer]], mix: Mix) -> None:
        """These layers are seen, from the lowest up."""
        seen = tuple(layers)
        if (seen, mix) == (self._layers, self._mix):
            return  # a hand moves something else, four hundred times a second perhaps
        with self._ready:
            self._layers, self._mix = seen, mix
            self._stir(unless_frozen=True)

    def show(self, key: str, pixels: Pixels, asked_at: float = 0.0) -> None:
        """The newest picture of a layer, which nobody writes to any more; a hand asked for it at
        `asked_at`. A layer that is not seen costs nothing."""
        with self._ready:
            self._pictures[key] = (pixels, asked_at)
            self._since[key] = self._clock()
            if any(key == seen for seen, _ in self._layers):
                self._stir(unless_frozen=True)

    def draw(self, key: str, drawer: Drawer) -> None:
        """`key` is a layer that is drawn when it is mixed, while it is seen."""
        self._drawers[key] = drawer

    def stir(self, key: str, *, moves: bool | None = None) -> None:
        """A drawn layer looks otherwise now; `moves`: from now on with every frame, or not any
        more. On any thread."""
        with self._ready:
            if moves is not None:
                self._moving = self._moving | {key} if moves else self._moving - {key}
            if any(key == seen for seen, _ in self._layers):
                self._stir(unless_frozen=True)

    def use_badge(self, pixels: Pixels | None) -> None:
        """Show a small picture in the corner of every frame (`with_badge`); on any thread."""
        with self._ready:
            if pixels is not self._badge:
                self._badge = pixels
                self._stir()

    def picture(self, key: str) -> Pixels | None:
        """The newest picture of a layer, if there is one."""
        known = self._pictures.get(key)
        return None if known is None else known[0]

    def since(self, key: str) -> float | None:
        """From which moment on frames have the newest picture of a layer, by the room's clock."""
        return self._since.get(key)

    def forget(self, keys: Sequence[str]) -> None:
        """Let go of the pictures of all layers but these."""
        with self._ready:
            for key in self._pictures.keys() - set(keys):
                del self._pictures[key]
                self._since.pop(key, None)
                self._stir(unless_frozen=True)

    @property
    def is_dark(self) -> bool:
        """Whether it is blacked out, or on the way there."""
        return self._curtain.is_dark

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still, whatever is played."""
        return self._curtain.is_frozen

    def black_out(self, on: bool, seconds: float = 0.0) -> None:
        """Fade to black, or back."""
        self._go("blackout", on, seconds)

    def freeze(self, on: bool, seconds: float = 0.0) -> None:
        """Hold the picture that is seen now; off: cross over to what is played."""
        self._go("freeze", on, seconds)

    def _go(self, what: str, on: bool, seconds: float) -> None:
        with self._ready:
            now_s = self._clock()
            seen_s = self._shown_s
            self._curtain.go(what, on, seconds, now_s, seen_s)
            self._stir()
        self.faded.emit(what, on, seconds, now_s, seen_s)
        self.changed.emit()

    def _stir(self, *, unless_frozen: bool = False) -> None:
        if not (unless_frozen and self.is_frozen):
            self._is_stale = True
            self._ready.notify()

    # -- the mixing thread ---------------------------------------------------------------------

    def _run(self) -> None:
        fails = False
        while self._await():
            try:
                self.turn()
                fails = False
            except ImportError as error:
                _log.warning("OpenCV: %s", error)
                self.tell(_NO_OPENCV)
                return
            except Exception:  # noqa: BLE001  a show goes on, whatever has happened
                if not fails:  # else sixty times a second
                    _log.exception("the output")
                    self.tell(_FAILED)
                fails = True

    def _await(self) -> bool:
        """Wait until a frame is wanted and the last one is old enough; False at the end."""
        with self._ready:
            self._ready.wait_for(lambda: self._closed or self._is_wanted(), self._rests_s())
            rest_s = self._shown_s + 1 / RATE - self._clock()
            if rest_s > 0:
                self._ready.wait_for(lambda: self._closed, rest_s)
            return not self._closed

    def _is_wanted(self) -> bool:
        now_s = self._clock()
        fades = self._curtain.moves(now_s)
        return bool(self._sinks) and (self._is_stale or fades or self._rests_s() == 0)

    def _rests_s(self) -> float | None:
        """Until a drawn layer has moved on; None where none does."""
        if not self._sinks or self.is_frozen or not any(k in self._moving for k, _ in self._layers):
            return None
        return max(0.0, self._shown_s + 1 / _DRAWN_RATE - self._clock())

    def turn(self) -> None:
        """Mix once, if a frame is wanted, and hand it over. On the mixing thread."""
        with self._ready:
            if not self._is_wanted():
                return
            now_s = self._shown_s = self._clock()
            # One more at the end of a fade: so it stands exactly where it was to go.
            self._is_stale = self._curtain.moves(now_s)
            level, live = self._curtain.level(now_s), self._curtain.live(now_s)
            layers, mix, size, badge = self._layers, self._mix, self._size, self._badge
            pictures = {key: self._pictures[key] for key, _ in layers if key in self._pictures}
        if live > 0:
            pictures.update(self._drawn(layers, now_s, size))
        seen = [Picture(key, layer, pictures[key][0]) for key, layer in layers if key in pictures]
        pixels = self._composed(seen, mix, size, live, level)
        pixels = with_badge(pixels, badge if level >= 1 else None)
        asked_at = max((at for _, at in pictures.values()), default=0.0)
        frame = Frame(pixels, now_s, self._beat(now_s), asked_at)
        with self._ready:
            self.newest, sinks = frame, list(self._sinks.values())
        for sink in sinks:
            sink.hand(frame)

    def _drawn(
        self, layers: Sequence[tuple[str, Layer]], now_s: float, size: Size
    ) -> dict[str, tuple[Pixels, float]]:
        drawers = {key: self._drawers[key] for key, _ in layers if key in self._drawers}
        found: dict[str, tuple[Pixels, float]] = {}
        for key, draw in drawers.items():
            try:
                pixels = draw(now_s, size)
                if pixels is not None:
                    found[key] = pixels, 0.0
            except Exception:  # noqa: BLE001 - a roll holds what a guest has composed
                _log.exception("the layer %s", key)
                del self._drawers[key]
                self.tell(_NOT_DRAWN)
        with self._ready:
            self._pictures.update(found)
        return found

    def _composed(
        self, seen: Sequence[Picture], mix: Mix, size: Size, live: float, level: float
    ) -> Pixels:
        """What is played, `live` in [0, 1] of it in place of what is frozen, at this brightness."""
        if self._mixed is not None and self._mixed.shape[:2] != size[::-1]:
            self._mixed = self._frozen = None
        if live == 0:
            self._frozen = self._mixed if self._frozen is None else self._frozen
        elif live >= 1:
            self._frozen = None
        if live > 0 or self._frozen is None:
            self._mixed = self._mixer.mix(seen, mix, size)
        assert self._mixed is not None
        return behind_curtain(self._mixed, self._frozen, live, level)

"""The thread of one sink: it opens the sink, gives it the newest frame, and closes it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition, Thread

from studio.outputs.sink import Frame, Sink

_log = logging.getLogger(__name__)


class SinkThread:
    """`ended` is called on this thread when the sink has failed, with a sentence for the artist."""

    def __init__(
        self,
        sink: Sink,
        rate: float,
        ended: Callable[[Sink, str], None],
        *,
        is_preview: bool = False,
    ) -> None:
        self.sink, self.is_preview = sink, is_preview
        self.left_out = 0
        """Frames that a newer one replaced before the sink could take them."""
        self._rate, self._ended = rate, ended
        self._ready = Condition()
        self._frame: Frame | None = None
        self._last: Frame | None = None
        self._closed = False
        self._thread = Thread(target=self._run, name=f"sink: {sink.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def hand(self, frame: Frame) -> None:
        """Give it a frame, in the place of one that it has not taken yet."""
        with self._ready:
            self.left_out += self._frame is not None
            self._frame = self._last = frame
            self._ready.notify()

    def again(self) -> None:
        """Give it its last frame once more, where it waits for none."""
        with self._ready:
            self._frame = self._frame or self._last
            self._ready.notify()

    def close(self) -> None:
        """Close the sink as soon as it has done what it does."""
        with self._ready:
            self._closed = True
            self._ready.notify()

    def join(self, timeout_s: float) -> bool:
        """Wait until it is closed; False where it still hangs."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _take(self) -> Frame | None:
        with self._ready:
            self._ready.wait_for(lambda: self._closed or self._frame is not None)
            frame, self._frame = self._frame, None
            return None if self._closed else frame

    def _run(self) -> None:
        try:
            self._serve()
        except OSError as error:
            self._ended(self.sink, str(error))
        except Exception:  # noqa: BLE001  a library of another program runs here
            _log.exception("the sink %s", self.sink.name)
            self._ended(self.sink, f"{self.sink.name} has failed and was closed; see the log.")
        finally:
            self.sink.close()

    def _serve(self) -> None:
        size: tuple[int, ...] = ()
        while (frame := self._take()) is not None:
            if frame.pixels.shape != size:
                if size:
                    self.sink.close()
                height, width, _ = size = frame.pixels.shape
                self.sink.open(width, height, self._rate)
            self.sink.send(frame)

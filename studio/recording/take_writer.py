"""Writes a take while it happens, on a thread of its own: a line for each change.

The file is gzip; what was said a second ago is on its way to the disk, so that after a kill all but
the last second can be read.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, BinaryIO

from studio.document.scene import Scene
from studio.presets.packing import Packer
from studio.recording._deltas import difference
from studio.recording.take import Header

FLUSH_S = 0.5
"""How often all that was said is handed to the system."""

Line = dict[str, Any]


class TakeWriter:
    """Every method but `close` returns at once and may be called on any thread.

    `failed` is called with what went wrong, once, on the writer's thread; nothing is written after
    it.
    """

    def __init__(
        self,
        file: Path,
        header: Callable[[], Header],
        scene: Scene,
        failed: Callable[[Exception], object],
    ) -> None:
        """`header` is called on the writer's thread, since it may read weights. Raises OSError
        where the file cannot be made."""
        self._failed = failed
        self._packer = Packer()
        self._scene = self._shown = self._packer.packed(scene)
        self._queue: SimpleQueue[Callable[[], Line] | None] = SimpleQueue()
        self._file: BinaryIO = file.open("wb")
        self._zip = gzip.GzipFile("", "wb", 6, self._file, mtime=0)
        self._header = header
        self._thread = Thread(target=self._run, name="take writer", daemon=True)
        self._thread.start()

    def scene(self, seconds: float, beat: float, scene: Scene, shown: Scene) -> None:
        """From `seconds` on the hand has set `scene`, and `shown` is shown and played. One line
        each time: what shows a picture counts them."""
        self._queue.put(lambda: self._changed(seconds, beat, scene, shown))

    def say(self, seconds: float, **said: Any) -> None:
        """Something else that happened: one of `take.KINDS`, as plain data."""
        line = {"t": round(seconds, 6), **said}
        self._queue.put(lambda: line)

    def end(self) -> None:
        """Write what was said, and end the file, soon."""
        self._queue.put(None)

    def close(self) -> None:
        """Write what was said, and end the file. Never raises."""
        self.end()
        self._thread.join()

    # -- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._write({**self._header().model_dump(mode="json"), "scene": self._scene})
            self._flush()
            while self._turn():
                pass
            self._zip.close()
            self._file.close()
        except Exception as error:  # noqa: BLE001 - guests' models and values, and none is silent
            self._failed(error)
            self._abandon()

    def _turn(self) -> bool:
        """Write what is said until it is time to hand it over. False at the end."""
        until_s = monotonic() + FLUSH_S
        goes_on = True
        with suppress(Empty):
            while goes_on and (left_s := until_s - monotonic()) > 0:
                make = self._queue.get(timeout=left_s)
                goes_on = make is not None
                if make is not None:
                    self._write(make())
        self._flush()
        return goes_on

    def _changed(self, seconds: float, beat: float, scene: Scene, shown: Scene) -> Line:
        now = self._packer.packed(scene)
        then = now if shown is scene else self._packer.packed(shown)
        line: Line = {"t": round(seconds, 6), "beat": round(beat, 6)}
        if changes := difference(self._scene, now):
            line["scene"] = changes
        if then is not now:
            line["shown"] = difference(self._shown, then)
        self._scene, self._shown = now, then
        return line

    def _write(self, line: Line) -> None:
        self._zip.write(json.dumps(line, separators=(",", ":"), allow_nan=False).encode() + b"\n")

    def _flush(self) -> None:
        self._zip.flush(zlib.Z_SYNC_FLUSH)
        self._file.flush()

    def _abandon(self) -> None:
        """What is there can be read; wait for the end."""
        for each in (self._zip, self._file):  # left open, it would write when it is collected
            with suppress(OSError):
                each.close()
        while self._queue.get() is not None:
            pass

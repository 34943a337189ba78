"""Makes the keepsakes of songs, one after the other: the files are written by `latentloom compose`,
in a process of its own that gets what all others leave of the processor."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import numpy as np

from studio.document.arrays import Pixels
from studio.outputs.sink import Frame
from studio.processes.child import IDLE, let_others_go_first, module_command
from studio.requests.archive import MADE, Archive, Song
from studio.requests.queue import SongRequest

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 600.0
"""A song takes 4 s of one core, and much longer where an instrument leaves little of it."""
_PICTURE_S = 2.0
_MOST = 20
"""So many songs wait for their keepsake."""

Make = Callable[[Song, Path], None]


class StagePicture:
    """A sink of the output that keeps one frame."""

    name = "Keepsake"

    def __init__(self) -> None:
        self.pixels: Pixels | None = None
        self.taken = Event()

    def missing(self) -> str:
        """Nothing."""
        return ""

    def open(self, width: int, height: int, rate: float) -> None:
        """It is ready for any."""

    def send(self, frame: Frame) -> None:
        """The first one is kept."""
        if self.pixels is None:
            self.pixels = np.array(frame.pixels)
            self.taken.set()

    def close(self) -> None:
        """It has what it wanted, or gets none."""
        self.taken.set()


@dataclass(frozen=True)
class _Wanted:
    request: SongRequest
    seed: int
    engine: str
    picture: StagePicture


class Keepsakes:
    """`cannot(sentence)` is told on the thread of this what could not be written; `make` writes the
    files of a song into a folder, and raises OSError."""

    def __init__(
        self, archive: Archive, cannot: Callable[[str], None], make: Make | None = None
    ) -> None:
        self._archive, self._cannot = archive, cannot
        self._make = make or self._compose
        self._wanted: Queue[_Wanted | None] = Queue(_MOST)
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._thread = Thread(target=self._run, name="keepsakes", daemon=True)
        self._thread.start()

    def want(self, request: SongRequest, seed: int, engine: str, picture: StagePicture) -> None:
        """Have the keepsake of a song made that is being played."""
        if self._wanted.full():
            self._cannot("Too many songs wait for their keepsake; this one gets none.")
        else:
            self._wanted.put(_Wanted(request, seed, engine, picture))

    def close(self) -> None:
        """Make no more; what is half made has its page, and says so."""
        self._closed = True
        with suppress(Empty):
            while True:
                self._wanted.get_nowait()
        self._wanted.put(None)
        child = self._child
        if child is not None:
            child.kill()
        self._thread.join(_PICTURE_S + 1)

    # -- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            try:
                self._keep(wanted)
            except OSError as error:
                _log.warning("keepsake: %s", error)
                self._cannot(f"A song's keepsake cannot be written: {error.strerror or error}.")

    def _keep(self, wanted: _Wanted) -> None:
        wanted.picture.taken.wait(_PICTURE_S)
        song = self._archive.begin(
            wanted.request, wanted.seed, wanted.engine, wanted.picture.pixels
        )
        if not self._closed:
            self._make(song, self._archive.folder / song.folder)
            self._archive.write_pages(song)

    def _compose(self, song: Song, folder: Path) -> None:
        """Raises OSError, also where the process fails or hangs."""
        outs = [word for name in MADE for word in ("--out", str(folder / name))]
        about = ("--engine", song.engine, "--seed", str(song.seed))
        # Whatever a wish begins with, behind `--` it is no option.
        command = module_command("studio", "compose", *about, *outs, "--", song.wish)
        self._child = subprocess.Popen(
            command,
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            creationflags=IDLE,
        )
        let_others_go_first(self._child.pid)
        try:
            status = self._child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            status = self._child.wait()
        self._child = None
        if status and not self._closed:
            raise OSError(f"latentloom compose ended with {status}")

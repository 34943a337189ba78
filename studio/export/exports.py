"""Pictures, sheets and films to files, while the playing goes on.

The window's thread asks the engine for one picture after the other, each only when nothing else
waits; a thread of the exports' own writes them. A file appears under its name when it is whole.
"""

from __future__ import annotations

import itertools
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from psygnal import Signal

from studio.engine import EngineError, Job, Pixels
from studio.engine.room import EngineRoom
from studio.export.plotting import SIDE_MM
from studio.export.writers import FilmWriter, GifWriter, PngWriter, SvgWriter, TileWriter
from studio.latent.variations import SHEET_SIDE
from studio.painting.tile_maps import RELIEF, TileMap
from studio.storage import files

_log = logging.getLogger(__name__)

_AHEAD = 4
"""Pictures that may wait to be written: enough to keep both threads busy."""

FILM_RATE = 30
"""Pictures a second of an mp4."""
GIF_RATE = 25
"""Pictures a second of a gif, whose pauses are whole hundredths of a second."""


class PictureWriter(Protocol):
    """What puts pictures into a file (see `studio.export.writers`)."""

    def add(self, picture: Any, /) -> None: ...

    def close(self) -> None: ...


class Export:
    """One file in the making; the window watches it and may `cancel` it."""

    def __init__(
        self, name: str, deck: str, file: Path, jobs: Sequence[Job], *, quiet: bool = False
    ) -> None:
        self.name = name
        self.quiet = quiet
        """The instrument made it for itself: the artist is not told of it."""
        self.deck = deck
        self.file = file
        self.jobs = jobs
        self.written = 0
        """How many pictures are in the file."""
        self.cancelled = False
        self.is_over = False
        """Whether the file is there, or never will be."""
        self.problem = ""
        """Why there is no file, in one sentence."""

    @property
    def share(self) -> float:
        """How far it has come, from 0 to 1."""
        return self.written / len(self.jobs)

    def cancel(self) -> None:
        """Make no file after all."""
        self.cancelled = True


class _Work:
    """What is asked for, and what is being written, for one export."""

    def __init__(self, export: Export, open_writer: Callable[[Path], PictureWriter]) -> None:
        self.export = export
        self.jobs: Iterator[Job] = iter(export.jobs)
        self.asked = False
        self.waiting: deque[Future[None]] = deque()
        self.closing: Future[None] | None = None
        self._open_writer = open_writer
        self._draft: files.Draft | None = None
        self._writer: PictureWriter | None = None

    def add(self, picture: Any) -> None:
        """On the writing thread."""
        if self._writer is None:
            self._draft = files.Draft(self.export.file)
            self._writer = self._open_writer(self._draft.path)
        self._writer.add(picture)

    def close(self) -> None:
        """On the writing thread: the file takes its name, or goes."""
        if self._draft is None:
            return
        try:
            if self._writer is not None:
                self._writer.close()
                if not (self.export.cancelled or self.export.problem):
                    self._draft.put()
        finally:
            self._draft.drop()


class Exports:
    """Signals: `changed(export)` for every step of one; `noticed(sentence)`."""

    changed = Signal(Export)
    noticed = Signal(str)

    def __init__(self, engines: EngineRoom, wake: Callable[[], None]) -> None:
        self._engines = engines
        self._wake = wake
        self._numbers = itertools.count(1)
        self._works: dict[str, _Work] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="export")

    @property
    def running(self) -> list[Export]:
        return [work.export for work in self._works.values()]

    def picture(self, deck: str, file: Path, job: Job, side_mm: float = SIDE_MM.default) -> Export:
        """One picture as a PNG or, where the file's name ends in .svg, as its outline."""
        if _is_outline(file):
            return self._begin(deck, file, [job], lambda partial: SvgWriter(partial, side_mm))
        return self._begin(deck, file, [job], PngWriter)

    def sheet(self, deck: str, file: Path, jobs: Sequence[Job]) -> Export:
        """Pictures side by side in a PNG, in rows of three."""
        return self._begin(deck, file, jobs, lambda partial: PngWriter(partial, SHEET_SIDE))

    def tile(
        self, deck: str, file: Path, job: Job, what: TileMap, relief: float = RELIEF.default
    ) -> Export:
        """One picture that tiles, or a map derived from it, as a PNG."""
        return self._begin(deck, file, [job], lambda partial: TileWriter(partial, what, relief))

    def film(self, deck: str, file: Path, jobs: Sequence[Job], *, quiet: bool = False) -> Export:
        """An mp4 or, where the file's name ends in .gif, a gif that plays round and round."""
        if file.suffix.lower() == ".gif":
            return self._begin(deck, file, jobs, lambda partial: GifWriter(partial, GIF_RATE))
        return self._begin(
            deck, file, jobs, lambda partial: FilmWriter(partial, FILM_RATE), quiet=quiet
        )

    def step(self) -> None:
        """Go on where something has been written or asked to stop. On the window's thread."""
        for work in list(self._works.values()):
            self._step(work)

    def close(self) -> None:
        """Make none of the files that are not whole yet."""
        for work in self._works.values():
            work.export.cancel()
            if work.closing is None:
                self._pool.submit(work.close)
        self._pool.shutdown()
        self._works.clear()

    # -- inside --------------------------------------------------------------------------------

    def _begin(
        self,
        deck: str,
        file: Path,
        jobs: Sequence[Job],
        open_writer: Callable[[Path], PictureWriter],
        *,
        quiet: bool = False,
    ) -> Export:
        if not jobs:
            raise EngineError("There is nothing to export.")
        export = Export(f"export {next(self._numbers)}", deck, file, jobs, quiet=quiet)
        self._works[export.name] = _Work(export, open_writer)
        self.changed.emit(export)
        self.step()
        return export

    def _step(self, work: _Work) -> None:
        self._count_written(work)
        if work.closing is not None:
            if work.closing.done():
                self._end(work, work.closing.exception())
        elif work.export.cancelled or work.export.problem or work.export.share == 1:
            work.closing = self._submit(work.close)
        elif not work.asked and len(work.waiting) < _AHEAD:
            self._ask(work)

    def _count_written(self, work: _Work) -> None:
        while work.waiting and work.waiting[0].done():
            error = work.waiting.popleft().exception()
            if error is None:
                work.export.written += 1
                self.changed.emit(work.export)
            elif not work.export.problem:
                self._fail(work.export, error)

    def _ask(self, work: _Work) -> None:
        job = next(work.jobs, None)
        if job is None:
            return
        work.asked = True
        export, take = work.export, partial(self._take, work)
        if _is_outline(export.file):
            self._engines.outline(export.deck, job, take)
        else:
            self._engines.picture(export.deck, export.name, job, take)

    def _take(self, work: _Work, picture: Pixels | str | EngineError) -> None:
        """What the engine has made."""
        work.asked = False
        if self._works.get(work.export.name) is not work:
            return
        if isinstance(picture, EngineError):
            work.export.problem = str(picture)  # which the artist has been told
        elif not work.export.cancelled:  # else the file may be closed by now
            self._write(work, picture)
        self._step(work)

    def _write(self, work: _Work, picture: Any) -> None:
        work.waiting.append(self._submit(lambda: work.add(picture)))

    def _submit(self, do: Callable[[], None]) -> Future[None]:
        future = self._pool.submit(do)
        future.add_done_callback(lambda _: self._wake())
        return future

    def _end(self, work: _Work, error: BaseException | None) -> None:
        del self._works[work.export.name]
        work.export.is_over = True
        if error is not None and not work.export.problem:
            self._fail(work.export, error)
        self.changed.emit(work.export)

    def _fail(self, export: Export, error: BaseException) -> None:
        _log.error("export of %s", export.file.name, exc_info=error)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        export.problem = f"The file {export.file.name} cannot be written: {reason}."
        if not export.quiet:
            self.noticed.emit(export.problem)


def _is_outline(file: Path) -> bool:
    return file.suffix.lower() == ".svg"

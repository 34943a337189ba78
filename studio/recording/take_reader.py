"""Reads a take on a thread of its own: an hour of one takes half a minute."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Thread

from studio.document.errors import StudioError
from studio.recording.errors import RecordingError
from studio.recording.take import Take, read


class TakeReader:
    """Begins at once; look at it until it `is_done`."""

    def __init__(self, file: Path) -> None:
        self.share = 0.0
        """How much of it was read, 0 to 1."""
        self.take: Take | None = None
        self.problem = f"The take {file.name} cannot be read."
        """Why there is none, a sentence for the artist; where there is one, nothing."""
        self._is_wanted = True
        self._thread = Thread(target=self._run, args=(file,), name="take reader", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether it has the take, or a problem."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Nobody wants it any more."""
        self._is_wanted = False

    def _run(self, file: Path) -> None:
        try:
            take = read(file, self._tell)
            with suppress(RecordingError):  # which whoever goes there is told
                take.at(take.seconds)  # from now on no moment is far from one that was made
            self.take, self.problem = take, ""
        except StudioError as error:
            self.problem = str(error)

    def _tell(self, share: float) -> None:
        self.share = share
        if not self._is_wanted:
            raise RecordingError("The take was not read.")

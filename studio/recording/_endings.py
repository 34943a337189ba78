"""What is done when a recording has ended, while the next one may run: its files are made whole,
and its notes written."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

from studio.processes.child import module_command
from studio.recording.film_client import FilmClient
from studio.recording.take import SUFFIX
from studio.recording.take_writer import TakeWriter

_ROOT = Path(__file__).resolve().parents[2]
_NO_NOTES = "There is no notes.mid in {}: {}."


def notes_process(folder: Path) -> subprocess.Popen[bytes]:
    """Begin to write the notes of the take in `folder`. Not in the app: reading an hour takes half
    a minute with Python's lock held. It goes on when the app is gone. Raises OSError."""
    files = (str(folder / f"take{SUFFIX}"), str(folder / "notes.mid"))
    return subprocess.Popen(
        module_command("studio.recording.notes", *files),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


class Endings:
    """`tell` gets sentences for the artist, on any thread."""

    def __init__(
        self, tell: Callable[[str], object], notes: Callable[[Path], Any] = notes_process
    ) -> None:
        self._tell, self._notes = tell, notes
        self._whole: list[Event] = []

    def end(
        self, take: TakeWriter, film: FilmClient, folder: Path, seconds: float, said: str
    ) -> None:
        """Close the take and the film, say so, and have the notes written."""
        whole = Event()
        self._whole = [*(known for known in self._whole if not known.is_set()), whole]

        def run() -> None:
            try:
                take.close()
                in_time = film.finish(seconds)
                late = f"The film did not end in time and may lack its last second: {folder}."
                self._tell(said if in_time else late)
                notes = self._begin_notes(folder)
            finally:
                whole.set()
            self._follow_notes(folder, notes)

        Thread(target=run, name="end of the recording", daemon=True).start()

    def wait(self) -> None:
        """Until all takes and films are whole; notes are written whoever waits."""
        for whole in self._whole:
            whole.wait()

    def _begin_notes(self, folder: Path) -> Any:
        try:
            return self._notes(folder)
        except OSError as error:
            self._tell(_NO_NOTES.format(folder, str(error.strerror or error).rstrip(".")))
            return None

    def _follow_notes(self, folder: Path, notes: Any) -> None:
        if notes is None:
            return
        _, errors = notes.communicate()
        if notes.returncode:
            lines = errors.decode("utf-8", "replace").strip().splitlines()
            why = lines[-1].rstrip(".") if lines else "it was stopped"
            self._tell(_NO_NOTES.format(folder, why))

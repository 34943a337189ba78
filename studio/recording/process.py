"""The process that writes a film: `python -m studio.recording.process`, started by `FilmClient`.

It encodes, makes the instrument's sound from its notes, and minds the disk. That is no work for the
app's own process: a SoundFont takes a second to load with Python's lock held, and the encoder is to
have less of the processor than engines and notes. When the app is gone, however that came, it
closes the file and leaves.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import perf_counter
from typing import Any, BinaryIO

import numpy as np

from studio.audio.font.riff import FontError
from studio.audio.offline import OfflineSound
from studio.audio.protocol import SetRoom, SetVolume, UseFont
from studio.document.arrays import Pixels
from studio.processes.framing import unpack_play
from studio.processes.messages import Panic, Stop
from studio.recording import _wire
from studio.recording._wire import Begin, End, Ended, Part, Progress, Ready
from studio.recording.errors import RecordingError, sentence_of
from studio.recording.film import Film, encoder_for

NICE = 10
"""Less of the processor than what plays."""
LATE_S = 0.3
"""The sound is made so long after it was played, when all of its notes are known."""
STILL_S = 0.5
"""A picture that stands is written again after so long: a film that is cut off is nearly whole."""
ENOUGH_BYTES = 200_000_000
"""With less left of the disk the film is ended while it can be."""
_TELL_S = 0.5
_WAITING = 6

Tell = Callable[[object], object]


class FilmProcess:
    """Does what the app says; `run` returns when the film is closed."""

    def __init__(
        self,
        begin: Begin,
        tell: Tell,
        *,
        clock: Callable[[], float] = perf_counter,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        """Raises `RecordingError` or OSError where there is no film to be made."""
        self._begin, self._tell, self._clock, self._free = begin, tell, clock, free_bytes
        self._file = Path(begin.file)
        self._file.touch()  # what is wrong with its folder is known before anything is played
        self._sound = _sound(begin.font)
        size = (begin.width, begin.height)
        encoder = encoder_for(size, begin.rate)
        self._film = Film(self._file, size, begin.rate, encoder, sound=self._sound is not None)
        self._shown: Pixels | None = None
        self._shown_s = self._told_s = 0.0
        self._end_s: float | None = None
        words = " ".join((encoder[0], encoder[1].get("preset", ""))).strip()
        tell(Ready(words))

    @property
    def seconds(self) -> float:
        """Since the film's beginning."""
        return self._clock() - self._begin.begun_s

    def hear(self, part: Part, seconds: float, width: int, height: int, payload: Any) -> None:
        """Something from the app."""
        if part is Part.PIXELS:
            pixels = np.frombuffer(payload, np.uint8).reshape(height, width, 3)
            self._show(pixels, seconds - self._begin.begun_s)
        elif part is Part.NOTES and self._sound is not None:
            begun_s = self._begin.begun_s
            messages = unpack_play(_wire.unframed(payload))[1]
            self._sound.send((due.due_s - begun_s, due.data) for due in messages)
        elif part is Part.COMMAND:
            self._obey(_wire.COMMANDS.unpack(_wire.unframed(payload)))

    def _obey(self, command: object) -> None:
        if isinstance(command, End):
            self._end_s = command.seconds
            return
        self._catch_up(self.seconds)  # what was played until now is as it was
        match command, self._sound:
            case Stop(), OfflineSound() as sound:
                sound.stop()
            case Panic(), OfflineSound() as sound:
                sound.panic()
            case SetVolume(volume), OfflineSound() as sound:
                sound.set_volume(volume)
            case SetRoom(amount), OfflineSound() as sound:
                sound.set_room(amount)
            case UseFont(path), OfflineSound() as sound:
                with suppress(FontError):  # which has played: only its file can be gone
                    sound.use_font(Path(path) if path else None)

    def turn(self) -> bool:
        """What time brings; False when the film is to be closed. Raises OSError."""
        now_s = self.seconds
        self._catch_up(now_s - LATE_S)
        if self._shown is not None and now_s - self._shown_s > STILL_S:
            self._show(self._shown, now_s)
        if now_s - self._told_s > _TELL_S:
            self._told_s = now_s
            left = self._free(self._file.parent)
            self._tell(Progress(now_s, self._film.pictures, left))
            if left < ENOUGH_BYTES:
                raise OSError(errno.ENOSPC, "the disk is nearly full")
        return self._end_s is None

    def close(self) -> None:
        """End the film. Raises OSError."""
        end_s = self.seconds if self._end_s is None else self._end_s
        try:
            self._catch_up(end_s)
            if self._shown is not None and end_s > self._shown_s:
                self._show(self._shown, end_s)
        finally:
            self._film.close()

    def _catch_up(self, until_s: float) -> None:
        if self._sound is not None and until_s > self._sound.seconds:
            self._film.play(self._sound.render(until_s))

    def _show(self, pixels: Pixels, seconds: float) -> None:
        if self._shown is None:
            seconds = 0.0  # what is seen first, from the beginning on
        self._film.show(pixels, max(0.0, seconds))
        self._shown, self._shown_s = pixels, seconds


def _sound(font: str) -> OfflineSound | None:
    """On `font`, which has played, or on our own where its file is gone. None where there is no
    synthesiser: then the film is silent."""
    for path in (Path(font), None) if font else (None,):
        with suppress(Exception):  # a library reads the font, and what it lacks is anybody's guess
            return OfflineSound(path)
    return None


def run(source: BinaryIO, tell: Tell) -> None:
    """One film, from what comes in `source`."""
    arriving: Queue[tuple[Any, ...] | None] = Queue(_WAITING)
    reader = Thread(target=_read, args=(source, arriving), name="reader", daemon=True)
    reader.start()
    first = arriving.get()
    if first is None:
        return
    sentence = ""
    try:
        film = FilmProcess(_wire.COMMANDS.unpack(_wire.unframed(first[4])), tell)
        try:
            _serve(film, arriving)
        finally:
            film.close()
    except (OSError, ValueError, RecordingError) as error:
        sentence = sentence_of(error)
    tell(Ended(sentence))


def _serve(film: FilmProcess, arriving: Queue[tuple[Any, ...] | None]) -> None:
    while film.turn():
        with suppress(Empty):
            part = arriving.get(timeout=0.02)
            if part is None:
                return
            film.hear(*part)


def _read(source: BinaryIO, arriving: Queue[tuple[Any, ...] | None]) -> None:
    for part in _wire.parts(source):
        arriving.put(part)
    arriving.put(None)


def main() -> None:
    """Read parts from standard input, tell events on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the app's affair, and it tells us
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no event
    with suppress(OSError, AttributeError):
        os.nice(NICE)

    def tell(event: object) -> None:
        with suppress(OSError):  # the app is gone: the film is closed all the same
            os.write(out, _wire.EVENTS.pack(event))

    run(os.fdopen(0, "rb", buffering=0, closefd=False), tell)


if __name__ == "__main__":
    main()
    os._exit(0)  # the reader may still wait for the app

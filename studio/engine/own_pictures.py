"""Artists' own pictures as files: what `Engine.own_picture` has made, kept by its hash.

A slot names its file (`Slot.own_picture`), so presets, undo, morphs and takes need no more than the
name. A file is never written over. What nothing names any more is put aside by and by (see
`studio.presets.unused_pictures`), and is back when it is wanted.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TypeVar

from safetensors import SafetensorError, deserialize

from studio.document.arrays import Pixels
from studio.engine.contract import DeviceError, Engine, EngineError, Job
from studio.storage import files, folders

ASIDE = ".deleted"
"""The folder in the folder for what nothing seemed to want."""
LIMIT_BYTES = 4_000_000
"""The largest file; those of the engines here have 0.3 MB."""
_READ = 64
"""So many are kept in memory: those of eight decks."""
_DAY_S = 86_400.0
_INSTEAD = "its slot shows what the model makes of it"

_Made = TypeVar("_Made", Pixels, str)


class OwnPictureFiles:
    """The files in `folder`, by default the artist's. May be asked on any thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Have `data`, which is that of a safetensors file, in a file, and name it. Raises
        `EngineError`."""
        name = hashlib.sha256(data).hexdigest()
        if len(data) > LIMIT_BYTES:
            raise EngineError("An own picture is too large to be kept.")
        try:
            deserialize(data)  # type: ignore[no-untyped-call]
        except SafetensorError as error:
            raise EngineError("An own picture is damaged and was not kept.") from error
        with suppress(EngineError):
            self.read(name)
            return name
        try:
            file = self._file(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            files.replace(file, data, follow=False)
        except OSError as error:
            why = (error.strerror or type(error).__name__).rstrip(".")
            raise EngineError(f"An own picture cannot be kept: {why}.") from error
        return name

    def read(self, name: str) -> bytes:
        """What the file of that name holds. Raises `EngineError`."""
        try:
            with _opened(self._file(name)) as source:
                data = source.read(LIMIT_BYTES + 1)
        except FileNotFoundError as error:
            raise EngineError(f"An own picture is not on this computer: {_INSTEAD}.") from error
        except OSError as error:
            raise EngineError(f"An own picture cannot be read: {_INSTEAD}.") from error
        if hashlib.sha256(data).hexdigest() != name:
            raise EngineError(f"The file of an own picture is damaged: {_INSTEAD}.")
        return data

    def trouble_with(self, names: Iterable[str]) -> list[str]:
        """A sentence for all of those that cannot be read."""
        said: dict[str, None] = {}
        for name in names:
            try:
                self.read(name)
            except EngineError as error:
                said[str(error)] = None
        return list(said)

    def _file(self, name: str) -> Path:
        """Raises OSError for a user without a home."""
        return (self._folder or folders.own_pictures()) / f"{name}.safetensors"


def _opened(file: Path) -> BinaryIO:
    """Open it, from where it was put aside if need be, and mark it as used."""
    if not file.exists():
        with suppress(OSError):
            (file.parent / ASIDE / file.name).rename(file)
    opened = files.open_plain(file)
    with suppress(OSError):
        if file.stat().st_mtime < time.time() - _DAY_S:
            os.utime(file)
    return opened


class OwnPictureReader:
    """Gives an engine's jobs the own pictures that they name, without those that are missing,
    damaged or made for another model. Lives where the engine does."""

    def __init__(self, engine: Engine, kept: OwnPictureFiles) -> None:
        self._engine, self._kept = engine, kept
        self._read: dict[str, bytes] = {}
        self._refused: set[str] = set()
        self._said: dict[str, bool] = {}

    def picture(self, job: Job) -> Pixels:
        """See `Engine.render`."""
        return self._done(self._engine.render, job)

    def outline(self, job: Job) -> str:
        """See `Engine.outline`."""
        return self._done(self._engine.outline, job)

    def remarks(self) -> list[str]:
        """A sentence for all that was left out since this was asked last; none comes twice."""
        new = [sentence for sentence, is_new in self._said.items() if is_new]
        self._said = dict.fromkeys(self._said, False)
        return new

    def _done(self, work: Callable[[Job], _Made], job: Job) -> _Made:
        if not job.own_files:
            return work(job)
        bare = replace(job, own_files=())
        wanted = (name for name in job.own_files if name not in self._refused)
        found = {name: data for name in wanted if (data := self._data(name)) is not None}
        try:
            return work(replace(bare, own_pictures=tuple(found.values())))
        except DeviceError:
            raise
        except EngineError:
            made = work(bare)  # raises again where it is not the own pictures' fault
            for name, data in found.items():
                self._try(work, name, replace(bare, own_pictures=(data,)))
            good = tuple(data for name, data in found.items() if name not in self._refused)
            return work(replace(bare, own_pictures=good)) if good else made

    def _try(self, work: Callable[[Job], _Made], name: str, job: Job) -> None:
        try:
            work(job)
        except DeviceError:
            raise
        except EngineError as error:
            self._refused.add(name)
            self._say(f"{str(error).rstrip('.')}: {_INSTEAD}.")

    def _data(self, name: str) -> bytes | None:
        if name not in self._read:
            try:
                data = self._kept.read(name)
            except EngineError as error:
                self._say(str(error))
                return None
            while len(self._read) >= _READ:
                del self._read[next(iter(self._read))]
            self._read[name] = data
        return self._read[name]

    def _say(self, sentence: str) -> None:
        self._said.setdefault(sentence, True)

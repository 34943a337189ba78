"""The settings of this computer in one file, which several copies of the app may write at once.

Only what was changed here is written, into whatever the file holds at that moment: what another
copy, or a newer version, has put there stays. A file that cannot be read is set aside.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from filelock import FileLock, Timeout
from psygnal import Signal
from pydantic import ValidationError

from studio.document.parameters import Value
from studio.settings._merge import amended, differences
from studio.settings.declared import SETTINGS, Setting
from studio.settings.model import Settings
from studio.storage import files, strict_json

KEEP_S = 1.0
"""How long settings rest before they are written: a knob may be turning."""
_LOCK_S = 0.5
"""The window waits for it; another copy needs some hundredths."""
_LIMIT_BYTES = 1_000_000
_LABELS = {setting.path: setting.parameter.label for setting in SETTINGS}


class Store:
    """Signals, on the window's thread: `changed(now, before)`, and `noticed(sentence)`."""

    changed = Signal(Settings, Settings)
    noticed = Signal(str)

    def __init__(self, file: Path, clock: Callable[[], float] = perf_counter) -> None:
        """Read `file`. Never raises: without one, or without a folder for it, there are the
        defaults."""
        self._file = file
        self._clock = clock
        self._keep_at_s: float | None = None
        self._failing = False
        self.trouble = ""
        """What was wrong with the file, in one sentence for the artist, or ""."""
        self._seen = self._begin()
        self.settings, self.trouble = _validated(self._seen, self.trouble)
        self._kept = self.settings

    def use(self, settings: Settings) -> None:
        """Have other settings, at once; they are written in a moment, by `tick`."""
        before, self.settings = self.settings, settings
        self._keep_at_s = self._clock() + KEEP_S
        self.changed.emit(settings, before)

    def set(self, setting: Setting, value: Value) -> None:
        """Have another value of one of them. Raises `DocumentError` where it does not fit."""
        self.use(self.settings.with_value(setting, value))

    def tick(self, now_s: float) -> None:
        """Write what has rested."""
        if self._keep_at_s is not None and now_s >= self._keep_at_s:
            self.keep()

    def keep(self) -> None:
        """Write what was changed here, if anything; where that fails, a sentence says so once."""
        self._keep_at_s = None
        changes = differences(_data(self._kept), _data(self.settings))
        if not changes:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._file.parent / f".{self._file.name}.lock", timeout=_LOCK_S):
                self._write(changes)
        except (OSError, Timeout, NotImplementedError) as error:
            if not self._failing:
                self.noticed.emit(_not_kept(error))
            self._failing = True
        else:
            self._kept, self._failing = self.settings, False

    def _write(self, changes: dict[tuple[str, ...], Any]) -> None:
        found, trouble = self._read()
        present = self._seen if found is None else found
        by_others = differences(self._seen, present)
        self._seen = amended(present, changes)
        files.replace(self._file, strict_json.dumps(self._seen))
        for sentence in (trouble, _told(set(by_others), set(changes))):
            if sentence:
                self.noticed.emit(sentence)

    def _begin(self) -> dict[str, Any]:
        """What the file holds, and `trouble`."""
        folder = self._file.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found, self.trouble = self._read()
            if not os.access(folder, os.W_OK):
                self.trouble = "Settings are not kept: their folder cannot be written to."
        except OSError as error:
            found, self.trouble = None, _not_kept(error)
        return found or {}

    def _read(self) -> tuple[dict[str, Any] | None, str]:
        """What the file holds, and a sentence about it: None for no file, or for one that is no
        settings file and is set aside. Raises OSError."""
        try:
            if self._file.stat().st_size > _LIMIT_BYTES:
                raise ValueError("too large")
            found = strict_json.loads(self._file.read_bytes())
            if not isinstance(found, dict):
                raise ValueError("no object")
        except FileNotFoundError:
            return None, ""
        except ValueError:
            aside = files.set_aside(self._file)
            return None, f"The settings file cannot be read; it was set aside as {aside.name}."
        return found, ""


def _validated(data: dict[str, Any], trouble: str) -> tuple[Settings, str]:
    """The settings in `data`, at their defaults where it has none or none of this version; and
    `trouble`, or a sentence that names what does not fit."""
    misfits: list[str] = []
    while True:
        try:
            settings = Settings.model_validate_json(strict_json.dumps(data))
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                at = tuple(part for part in each["loc"] if isinstance(part, str))
                data = _without(data, at)
                if each["type"] != "extra_forbidden":  # that is a newer version's, and no trouble
                    misfits.append(_label(at))
        else:
            if misfits and not trouble:
                named = ", ".join(dict.fromkeys(misfits[:3]))
                trouble = f"Some settings do not fit and are at their defaults: {named}."
            return settings, trouble


def _without(data: dict[str, Any], at: tuple[str, ...]) -> dict[str, Any]:
    """`data` without the value at a path, or without the first on the way that is no group."""
    left = dict(data)
    if len(at) > 1 and isinstance(left.get(at[0]), dict):
        left[at[0]] = _without(left[at[0]], at[1:])
    else:
        left.pop(at[0], None)
    return left


def _data(settings: Settings) -> dict[str, Any]:
    data: dict[str, Any] = settings.model_dump(mode="json")
    return data


def _label(path: tuple[str, ...]) -> str:
    return _LABELS.get(".".join(path), " ".join(path).replace("_", " "))


def _told(theirs: set[tuple[str, ...]], ours: set[tuple[str, ...]]) -> str:
    """What to say about a file that somebody else has changed meanwhile."""
    both = ", ".join(sorted(_label(path) for path in theirs & ours))
    if both:
        return f"Another Latent Loom has changed settings too: {both} is kept as it is here."
    return "Another Latent Loom has changed settings too; all changes are kept." if theirs else ""


def _not_kept(error: BaseException) -> str:
    if isinstance(error, Timeout):
        return "Settings are not kept: another Latent Loom is writing."
    why = str(getattr(error, "strerror", None) or error).rstrip(".")
    return f"Settings are not kept: {why}."

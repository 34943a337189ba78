"""The shelf at a glance: what was read from each document, kept so that two thousand open at once.

It is a cache and never believed blindly: an entry counts only for a file with the very same
times, size and inode, and not for one that was written at the moment when the index was. A missing,
damaged or foreign index costs a second of reading and nothing else.
"""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from studio.presets.folder._vault import Signature
from studio.presets.folder.entries import PresetEntry
from studio.storage import files

_log = logging.getLogger(__name__)

_FORMAT = 2
_LIMIT_BYTES = 64_000_000
_BLURRED_NS = 2_000_000_000
"""The coarsest clock of a file system: two writes within it can look like one."""

_ID = re.compile("[0-9a-f]{32}")

Known = dict[str, tuple[Signature, PresetEntry]]
"""By file name."""


def load(file: Path, folder: Path) -> Known:
    """What is known of the documents in `folder`; nothing where `file` holds no index of ours."""
    try:
        if file.stat().st_size > _LIMIT_BYTES:
            return {}
        data = json.loads(file.read_bytes())
        if data["format"] != _FORMAT:
            return {}
        return {row[0]: (Signature(*row[1]), _entry(row, folder)) for row in data["entries"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        _log.warning("the index %s is made anew: %s", file, error)
        return {}


def save(file: Path, known: Known, now_ns: int) -> None:
    """Keep `known`, without what is too young to be told from its next version and what could not
    be read, which may be better next time. Never raises."""
    rows = [
        [name, [s.mtime_ns, s.ctime_ns, s.size, s.inode], _plain(entry)]
        for name, (s, entry) in known.items()
        if not entry.problem and max(s.mtime_ns, s.ctime_ns) + _BLURRED_NS < now_ns
    ]
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        files.replace(file, json.dumps({"format": _FORMAT, "entries": rows}).encode())


def _plain(entry: PresetEntry) -> list[Any]:
    """In the order of `_entry`'s parameters."""
    made, changed = entry.made_at, entry.changed_at
    return [
        *(entry.id, entry.name, entry.stamp, entry.look, entry.author, entry.tags, entry.notes),
        *(made and made.isoformat(), changed.isoformat(), entry.models, entry.problem),
        entry.haystack,
    ]


def _entry(row: Any, folder: Path) -> PresetEntry:
    id, name, stamp, look, author, tags, notes, made, changed, models, problem, haystack = row[2]
    words = (id, name, stamp, look, author, notes, problem, haystack, *tags, *models)
    if not all(isinstance(word, str) for word in words) or not _ID.fullmatch(id):
        raise ValueError("not an entry of ours")
    return PresetEntry(
        id=id,
        name=name,
        file=folder / row[0],
        stamp=stamp,
        look=look,
        author=author,
        tags=tuple(tags),
        notes=notes,
        made_at=made and datetime.fromisoformat(made),
        changed_at=datetime.fromisoformat(changed),
        models=tuple(models),
        problem=problem,
        haystack=haystack,
    )

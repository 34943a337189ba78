"""Older documents, brought up to today's schema in memory; the file stays as it is.

1. The first: a name, the app's version and the scene, points as lists of decimals.
2. Identity, author, tags, notes and the models' weights beside it; points in base64.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from studio import __version__
from studio.presets.errors import NewerError

SCHEMA = 2

_OURS = uuid.UUID("6f1b1d5e-6b0f-4a34-9d6c-2f0c3c5a1f77")
"""The namespace of ids that follow from something else."""


def migrated(data: Any, text: bytes, name: str) -> Any:
    """`data` in today's schema; `text` is what it was read from, `name` the file's.

    Raises `NewerError`. What is no document at all comes back as it is, to be refused by its parts.
    """
    if not isinstance(data, dict):
        return data
    version = data.get("schema_version", 1)
    if not isinstance(version, int) or isinstance(version, bool):
        return data
    if version > SCHEMA:
        made_by = _short(data.get("app_version"))
        raise NewerError(
            f"The file {name} was made by a newer Latent Loom{made_by}; "
            f"this one, {__version__}, leaves it untouched."
        )
    while version in _STEPS:
        data = _STEPS[version](data, text)
        version = data["schema_version"]
    return data


def derived_id(text: bytes) -> str:
    """An id that follows from `text` alone: the same every time it is read."""
    return uuid.uuid5(_OURS, hashlib.sha256(text).hexdigest()).hex


def _to_2(data: dict[str, Any], text: bytes) -> dict[str, Any]:
    return {**data, "schema_version": 2, "id": derived_id(text), "made_at": None}


_STEPS: dict[int, Callable[[dict[str, Any], bytes], dict[str, Any]]] = {1: _to_2}


def _short(version: object) -> str:
    return f" ({version[:20]})" if isinstance(version, str) and version.isprintable() else ""

"""Which presets the artist marked: by id, in one small file of the shelf's own."""

from __future__ import annotations

from collections.abc import Iterable

from studio.presets.errors import PresetError
from studio.presets.folder._vault import Vault
from studio.presets.plain_files import read_bounded
from studio.storage import files, strict_json

_NAME = "favourites.json"
_LIMIT_BYTES = 4_000_000


def read(vault: Vault) -> frozenset[str]:
    """The ids of the favourites; none where nothing can be read."""
    try:
        found = strict_json.loads(read_bounded(vault.hidden / _NAME, _LIMIT_BYTES, "list"))
    except (PresetError, ValueError):
        return frozenset()
    return frozenset(i for i in found if isinstance(i, str)) if isinstance(found, list) else _NONE


def mark(vault: Vault, ids: Iterable[str], favourite: bool) -> frozenset[str]:
    """Mark `ids`, or unmark them, beside what another copy has marked. Raises `PresetError`."""
    with vault.changing():
        before = read(vault)
        marked = before.union(ids) if favourite else before.difference(ids)
        files.replace(vault.hidden / _NAME, strict_json.dumps(sorted(marked)))
    return marked


_NONE: frozenset[str] = frozenset()

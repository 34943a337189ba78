"""Scenes on disk: documents, the artist's folder, bundles to share, and what outlives a crash.

Files here are data, never code: each is checked before it is believed, and written beside and
renamed into place.
"""

from __future__ import annotations

from importlib import resources

from studio.presets.document import ModelIdentity, Preset, parse, read, text_of, write
from studio.presets.errors import BusyError, NewerError, PresetError
from studio.presets.fitting import Fitted, fitted
from studio.presets.folder.entries import PresetEntry, look_of
from studio.presets.folder.library import Deleted, Library, Opened, Saved, Version
from studio.presets.folder.set_lists import SetList, SetLists
from studio.presets.identities import Weights, identities, preset_of

__all__ = [
    "BusyError",
    "Deleted",
    "Fitted",
    "Library",
    "ModelIdentity",
    "NewerError",
    "Opened",
    "Preset",
    "PresetEntry",
    "PresetError",
    "Saved",
    "SetList",
    "SetLists",
    "Version",
    "Weights",
    "autosave",
    "document",
    "errors",
    "factory",
    "factory_preset",
    "fitted",
    "fitting",
    "folder",
    "identities",
    "look_of",
    "migrate",
    "packing",
    "parse",
    "plain_files",
    "preset_of",
    "read",
    "sharing",
    "text_of",
    "thumbnail_cache",
    "unused_pictures",
    "working_state",
    "write",
]


def factory() -> dict[str, Preset]:
    """The presets that come with the instrument, by file stem, in order of their names."""
    found = {}
    for entry in sorted(resources.files("presets").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".json"):
            found[entry.name.removesuffix(".json")] = parse(entry.read_bytes(), entry.name)
    return found


def factory_preset(name: str) -> Preset:
    """One of them, by its file stem. Raises `PresetError` and OSError."""
    file = resources.files("presets") / f"{name}.json"
    return parse(file.read_bytes(), file.name)

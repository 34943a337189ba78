"""Scenes on disk: documents, the folder they live in, bundles to share, and what saves us after a
crash. Data, never code; no Qt, no torch.

- `document` one preset as JSON; `migrate` older ones; `fitting` a preset on this installation
- `library` the artist's folder: save, rename, delete, versions; `finding`, `set_lists`
- `autosave` the working state, and what crashed sessions left
- `bundles` and `importing` sharing; `places` where all of it lies
"""

from __future__ import annotations

from importlib import resources

from studio.presets.document import ModelIdentity, Preset, parse, read, text_of, write
from studio.presets.entries import Entry, look_of
from studio.presets.errors import BusyError, NewerError, PresetError
from studio.presets.fitting import Fitted, fitted
from studio.presets.identities import Weights, identities, preset_of
from studio.presets.library import Deleted, Library, Opened, Saved, Version
from studio.presets.set_lists import SetList, SetLists

__all__ = [
    "BusyError",
    "Deleted",
    "Entry",
    "Fitted",
    "Library",
    "ModelIdentity",
    "NewerError",
    "Opened",
    "Preset",
    "PresetError",
    "Saved",
    "SetList",
    "SetLists",
    "Version",
    "Weights",
    "factory",
    "fitted",
    "identities",
    "look_of",
    "parse",
    "preset_of",
    "read",
    "text_of",
    "write",
]


def factory() -> dict[str, Preset]:
    """The presets that come with the instrument, by file stem, in order of their names."""
    found = {}
    for entry in sorted(resources.files("presets").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".json"):
            found[entry.name.removesuffix(".json")] = parse(entry.read_bytes(), entry.name)
    return found

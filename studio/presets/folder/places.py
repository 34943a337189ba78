"""Where the artist's presets, models and the kept working state live on this system."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

import platformdirs

_NAME = "Latent Loom"


def library(chosen: str = "") -> Path:
    """The artist's presets, in the folder that was `chosen`; it is made with the first one."""
    if chosen.strip():
        return expanded(chosen)
    return platformdirs.user_documents_path() / _NAME / "Presets"


def recordings(chosen: str = "") -> Path:
    """What was recorded, in the folder that was `chosen`; it is made with the first one."""
    if chosen.strip():
        return expanded(chosen)
    return platformdirs.user_videos_path() / _NAME


def expanded(typed: str) -> Path:
    """What was typed, with a "~" that is somebody's home replaced by that."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111 - Path's own raises for nobody's


def models() -> Path:
    """Weights that came in bundles; the folder is made with the first."""
    return platformdirs.user_documents_path() / _NAME / "Models"


def working() -> Path:
    """The kept working states (see `studio.presets.autosave`)."""
    return platformdirs.user_data_path(_NAME, appauthor=False) / "working"


def factory() -> Path:
    """The presets that come with the instrument."""
    return Path(str(resources.files("presets")))

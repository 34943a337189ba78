"""Where the artist's files live on this system."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "Latent Loom"


def plugins() -> Path:
    """Strangers' engines, each a package with a `spec.py`. Made when missing."""
    return _made(platformdirs.user_documents_path() / _NAME / "engines")


def settings_file() -> Path:
    """What is set for this computer (see `studio.settings`). Its folder may be missing."""
    return platformdirs.user_config_path(_NAME, appauthor=False) / "settings.json"


def log_file() -> Path:
    """The log of this and earlier sessions; its folder is made when missing."""
    return _made(platformdirs.user_log_path(_NAME, appauthor=False)) / "latentloom.log"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder

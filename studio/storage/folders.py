"""Where the artist's files live on this system. OSError also for a user without a home."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import platformdirs

_NAME = "Latent Loom"


def plugins() -> Path:
    """Strangers' engines, each a package with a `spec.py`. Made when missing."""
    return _made(platformdirs.user_documents_path, _NAME, "engines")


def settings_file() -> Path:
    """What is connected to this computer (see `studio.live.settings`)."""
    return _made(lambda: platformdirs.user_config_path(_NAME, appauthor=False)) / "settings.json"


def log_file() -> Path:
    """The log of this and earlier sessions; its folder is made when missing."""
    return _made(lambda: platformdirs.user_log_path(_NAME, appauthor=False)) / "latentloom.log"


def _made(find: Callable[[], Path], *inside: str) -> Path:
    try:
        folder = find().joinpath(*inside)
    except RuntimeError as error:  # a container's user that no file knows has no home
        raise OSError(errno.ENOENT, "this user has no home folder") from error
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""Where the artist's files live on this system. OSError also for a user without a home."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

_NAME = "Latent Loom"


def lend_home() -> str:
    """Give a user without a home (a container's, that no file knows) one among the temporary files,
    for this process and its children. A sentence for the artist, or "" where there is a home."""
    try:
        Path.home()
    except RuntimeError:
        home = tempfile.mkdtemp(prefix="latent-loom-")
        os.environ["USERPROFILE" if sys.platform == "win32" else "HOME"] = home
        return f"This user has no home folder: what is saved goes to {home} and may not stay there."
    return ""


def plugins() -> Path:
    """Strangers' engines, each a package with a `spec.py`. Made when missing."""
    return _made(platformdirs.user_documents_path, _NAME, "engines")


def songs() -> Path:
    """What was composed on request (see `studio.requests`). It may be missing."""
    return _found(platformdirs.user_documents_path) / _NAME / "Songs"


def trainings() -> Path:
    """What is learnt from an artist's own files (see `studio.training`). It may be missing."""
    return _found(lambda: platformdirs.user_data_path(_NAME, appauthor=False)) / "trainings"


def own_pictures() -> Path:
    """What makes artists' own pictures come back (see `studio.engine.own_pictures`). It may be
    missing."""
    return _found(platformdirs.user_documents_path) / _NAME / "Own pictures"


def settings_file() -> Path:
    """What is set for this computer (see `studio.settings`). Its folder may be missing."""
    return _found(lambda: platformdirs.user_config_path(_NAME, appauthor=False)) / "settings.json"


def log_file() -> Path:
    """The log of this and earlier sessions; its folder is made when missing."""
    return _made(lambda: platformdirs.user_log_path(_NAME, appauthor=False)) / "latentloom.log"


def _found(find: Callable[[], Path]) -> Path:
    try:
        return find()
    except RuntimeError as error:  # a container's user that no file knows has no home
        raise OSError(errno.ENOENT, "this user has no home folder") from error


def _made(find: Callable[[], Path], *inside: str) -> Path:
    folder = _found(find).joinpath(*inside)
    folder.mkdir(parents=True, exist_ok=True)
    return folder

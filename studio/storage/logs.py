"""The log: tracebacks for whoever mends things; the artist only ever sees a sentence."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from studio.storage import folders


def start() -> None:
    """Log warnings and worse to a file, and to nothing where the disk takes none."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    if file() is not None:
        return
    try:
        handler: logging.Handler = RotatingFileHandler(
            folders.log_file(), maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)


def file() -> Path | None:
    """The file that is logged to; None where there is none."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RotatingFileHandler):
            return Path(handler.baseFilename)
    return None

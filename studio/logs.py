"""The log: tracebacks for whoever mends things; the artist only ever sees a sentence."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from studio import folders


def start() -> Path | None:
    """Log warnings and worse to a file; None where the disk takes none (and then there is none)."""
    try:
        file = folders.log_file()
        handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    return file
